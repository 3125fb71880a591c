//! lesson05
#![forbid(unsafe_code)]
