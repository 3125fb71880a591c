//! timeline
#![forbid(unsafe_code)]
