//! The promise: a handler that panics ends its own connection and nothing else.
//!
//! A panic unwinds the stack of its thread, up to here. Whoever holds a lock at that moment leaves it poisoned: that is how the other
//! connections hear of it.
//!
//! The price: none as long as nothing panics. A program built with `panic = "abort"` has no such promise.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `handler` returns, or what it panicked with.
pub(crate) fn caught<T>(handler: impl FnOnce() -> T) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(handler)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied());
        io::Error::other(format!("the handler panicked: {}", text.unwrap_or("?")))
    })
}
