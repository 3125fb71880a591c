//! HTTP from outside.

mod client;
mod parse;
mod parse_differential;
mod server;
