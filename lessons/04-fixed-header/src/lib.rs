//! lesson04
#![forbid(unsafe_code)]
