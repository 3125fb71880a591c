//! What the real program promises beyond the plain one, a file each:
//!
//! | file | promise | price |
//! |---|---|---|
//! | `file_name.rs` | a name is one component of a path, or refused | every name is parsed |
//! | `folder.rs` | nothing outside the folder is read or written | a capability library instead of `std::fs` |
//! | `incoming.rs` | nobody sees half a file under its name | a temporary file, an fsync, a rename |
//! | `long_list.rs` | a list of any length needs the memory of one page | a long list reads its folder many times |
//! | `second_thread.rs` | md5 does not slow the copying down | a thread and four buffers a transfer |

mod file_name;
mod folder;
mod incoming;
mod long_list;
mod second_thread;

pub use file_name::FileName;
pub(crate) use folder::size_to_send;
pub use folder::{Folder, beneath, open_beneath};
pub use incoming::Incoming;
pub(crate) use long_list::send_list;
pub use second_thread::copy_hashed_beside;
