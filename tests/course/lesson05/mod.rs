//! Lesson 05's programs, from outside: raw bytes, command lines, and peers that break rules.

mod commands;
mod ends;
mod files;
mod python;
mod refusals;
mod wire;

use std::path::Path;

use tests::programs::Server;

/// A file server that shares `folder`.
fn share(folder: &Path, more: &[&str]) -> Server {
    let mut args = vec!["server", "--dir", "."];
    args.extend(more);
    Server::start("lesson05", &args, folder)
}
