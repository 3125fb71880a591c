//! The command line of lesson 07.
#![forbid(unsafe_code)]

fn main() {}
