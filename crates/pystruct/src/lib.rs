//! Python's struct dictionary.
#![forbid(unsafe_code)]
