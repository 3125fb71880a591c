//! The tutorials' bytes: little-endian lengths, unframed requests, the digest before the body.

mod commands;
mod files;

pub use commands::{PythonCommandClient, serve_python_commands};
pub use files::{PythonFileClient, serve_python};
