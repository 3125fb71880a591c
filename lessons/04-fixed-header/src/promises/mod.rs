//! What the plain path promises besides: one file, one promise, its price in its first lines.

pub(crate) mod answers;
pub(crate) mod deadline;
pub(crate) mod idle_memory;
pub(crate) mod raw_bytes;
