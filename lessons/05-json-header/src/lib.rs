//! lesson05
#![forbid(unsafe_code)]

mod copy;
mod file_name;
mod folder;
mod hash_beside;
mod incoming;

pub use copy::{CopyError, copy_hashed};
pub use file_name::FileName;
pub use folder::Folder;
pub use hash_beside::copy_hashed_beside;
pub use incoming::Incoming;
