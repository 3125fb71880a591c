//! HTTP from outside.

mod client;
mod server;
