//! HTTP from outside.

mod client;
