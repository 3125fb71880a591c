//! What the plain path promises besides: one file, one promise, its price in its first lines.

pub(crate) mod answers;
pub(crate) mod deadline;
pub(crate) mod raw_bytes;
