//! What holds across lessons. One binary, because linking costs more than running; each file is a module of it.
//!
//! | file | holds |
//! |---|---|
//! | `book.rs` | the sources of the book hold together |
//! | `curl.rs` | an HTTP client at the command servers: nothing is run, nothing is answered |
//! | `demos.rs` | what a chapter shows is what its demo prints and draws |
//! | `check.rs` | the judge of exercises from outside: what it says about right, wrong and wild programs |
//! | `exercises.rs` | each exercise's start fails its check, each solution passes |
//! | `laws.rs` | every framing keeps the laws, whatever the messages and the cuts |
//! | `lesson00/` | the address program of lesson 00 from outside, and the pictures of its chapter |
//! | `lesson02/` | the datagram programs of lesson 02: every scene, what each says when something is wrong, Python peers |
//! | `lesson03/` | the unframed command servers of lesson 03 from outside: the flaw itself, and nothing else wrong |
//! | `lesson04/` | the framings, commands, flood, `pack` and `unpack` of lesson 04 from outside; Python at the other end |
//! | `lesson01/` | raw TCP from outside: every scene, clients that end badly, Python at the other end |
//! | `lesson05/` | the file and command servers of lesson 05 from outside: bytes, command lines, broken peers |
//! | `lesson06/` | many clients at once: slow, silent and broken ones, a full server, a clean stop |
//! | `lesson07/` | HTTP: the client at servers that are right, wrong, or gone; the server under limits, paths, uploads, curl, Python |
//! | `plain.rs` | each lesson's plain program talks to its real counterpart, both ways, and stays plain |
//! | `programs.rs` | the helpers for programs do what their users rely on |
//! | `pystruct.rs` | the struct dictionary gives what Python's struct gives |
//! | `python_beside_rust.rs` | the table for those who come from Python: both halves are run |
//! | `sessions.rs` | the shell sessions of the chapters run as written |
//! | `sources.rs` | the sources keep the rules that no compiler checks |
//!
//! A lesson's command lines stand in a file of their own beside these.
#![cfg(test)]
#![forbid(unsafe_code)]

mod book;
mod check;
mod curl;
mod demos;
mod exercises;
mod laws;
mod lesson00;
mod lesson01;
mod lesson02;
mod lesson03;
mod lesson04;
mod lesson05;
mod lesson06;
mod lesson07;
mod plain;
mod programs;
mod pystruct;
mod python_beside_rust;
mod sessions;
mod sources;
