//! The sample folder: a text, a small picture, a name in Chinese.
//!
//! `server` shares it by default. The demo carries its own copy, so that it prints the same whatever somebody has put
//! into the folder since.

use std::path::{Path, PathBuf};

/// Name and content of each sample file.
pub(crate) const FILES: [(&str, &[u8]); 3] = [
    ("hello.txt", include_bytes!("../../share/hello.txt")),
    ("socket.png", include_bytes!("../../share/socket.png")),
    ("粘包.txt", include_bytes!("../../share/粘包.txt")),
];

/// The folder itself, beside the source this program was built from.
pub fn sample_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("share")
}
