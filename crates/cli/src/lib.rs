//! What makes a lesson's main a well-behaved program.
#![forbid(unsafe_code)]
