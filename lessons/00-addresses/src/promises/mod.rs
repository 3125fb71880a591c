//! The promises, one a file. A first reading can skip them.

pub(crate) mod reasons;
