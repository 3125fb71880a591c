//! lesson03
#![forbid(unsafe_code)]
