//! A line of any length is answered, because one thread writes while the other reads. The price: the thread, and what to
//! do when the system has none to give (an error of this client, never a panic).
//!
//! Up to 16 KiB write-then-read needs no second thread: the send buffer takes that much although nobody reads.

use std::io::{self, Read, Write};
use std::thread;

use crate::exchange::as_many_bytes;

/// A process, a user and a machine each have a limit: `ulimit -u`, `/proc/sys/kernel/threads-max`.
pub(crate) const NO_THREAD: &str = "the system has no thread to give";

/// [`crate::exchange::ask`] for a message that no buffer holds.
///
/// With write-then-read both ends would come to stand: the server cannot write because we do not read, so it does not
/// read, so we cannot write. A connection is two streams, and both may flow at once.
// ANCHOR: both_ways
pub(crate) fn ask_both_ways<S>(stream: S, message: &[u8]) -> io::Result<Vec<u8>>
where
    S: Read + Write + Copy + Send,
{
    let mut half = stream;
    let (written, answer) = at_once(
        move || half.write_all(message),
        || as_many_bytes(stream, message.len()),
    )?;
    match (written, answer?) {
        // A short answer says more than the write that failed because of it.
        (Err(error), answer) if answer.is_empty() => Err(error),
        (_, answer) => Ok(answer),
    }
}

/// Does `there` in a second thread and `here` in this one; what each of them gave.
pub(crate) fn at_once<A: Send, B>(
    there: impl FnOnce() -> io::Result<A> + Send,
    here: impl FnOnce() -> io::Result<B>,
) -> io::Result<(io::Result<A>, io::Result<B>)> {
    thread::scope(|scope| {
        // `scope.spawn` would panic where the system has no thread to give; the builder gives an
        // error. Its kind says WouldBlock, as if it were a timeout of the connection.
        let there = thread::Builder::new().spawn_scoped(scope, there);
        let there = there.map_err(|_| io::Error::other(NO_THREAD))?;
        let here = here();
        let panicked = |_| Err(io::Error::other("the second thread panicked"));
        Ok((there.join().unwrap_or_else(panicked), here))
    })
}
// ANCHOR_END: both_ways
