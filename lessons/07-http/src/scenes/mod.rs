//! What each scene does: the command line's side of the lesson.

mod client;
mod demo;
mod layout;
mod parse;
mod server;
mod url;

pub use client::{DownloadArgs, PostArgs, UrlArgs, download, get, head, post};
pub use demo::{demo_recording, demo_svg};
pub use parse::{ParseArgs, parse};
pub use server::{ServerArgs, server};

/// The demo: the same output every time.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn demo(flags: &cli::Flags) -> cli::Result {
    cli::demo(flags, "lesson 07", demo_recording)
}
