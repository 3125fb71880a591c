//! What each scene does: the command line's side of the lesson.

mod client;
mod layout;
mod parse;
mod server;
mod url;

pub use client::{DownloadArgs, PostArgs, UrlArgs, download, get, head, post};
pub use parse::{ParseArgs, parse};
pub use server::{ServerArgs, server};
