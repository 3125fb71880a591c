//! What has to be tidied up when somebody presses Ctrl-C.
//!
//! A program that started other programs, or holds a half-written file, must not leave them behind. Whoever creates
//! such a thing registers how to undo it, in the same breath: [`protect`] holds the lock while the thing is made, so
//! there is no moment in which it exists and is not registered. Ctrl-C (also SIGTERM and SIGHUP) runs what is
//! registered and ends the program with status 130, which is what a shell reports for it.
//!
//! `kill -9` cannot be caught by anybody. What it leaves behind is a temporary file that is never served.

use std::collections::BTreeMap;
use std::io;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

type Undo = Box<dyn FnOnce() + Send>;

struct Registry {
    /// Somebody hears Ctrl-C.
    listening: bool,
    next: u64,
    undo: BTreeMap<u64, Undo>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    listening: false,
    next: 0,
    undo: BTreeMap::new(),
});

/// 128 + 2 (SIGINT): what a shell shows for a program that Ctrl-C ended.
const STATUS: i32 = 130;

/// Makes something and registers how to undo it, in one step that Ctrl-C cannot cut in two.
///
/// `make` returns the thing and its undoing. The undoing runs only on an interrupt; dropping the [`Protected`] guard
/// forgets it. `make` must not call `protect` itself: the lock is held.
///
/// # Errors
/// Those of `make`, or no thread can be had to hear Ctrl-C; then nothing is made and nothing is registered.
pub fn protect<T, U>(make: impl FnOnce() -> io::Result<(T, U)>) -> io::Result<(T, Protected)>
where
    U: FnOnce() + Send + 'static,
{
    let mut registry = lock();
    if !registry.listening {
        // EAGAIN, which of a socket means a timeout.
        listen().map_err(|_| io::Error::other("no thread can be had to hear Ctrl-C"))?;
        registry.listening = true;
    }
    let (thing, undo) = make()?;
    let key = registry.next;
    registry.next += 1;
    registry.undo.insert(key, Box::new(undo));
    Ok((thing, Protected { key }))
}

/// Catches the signals from now on.
fn listen() -> io::Result<()> {
    // ctrlc takes the signals first and starts its thread then. Where no thread can be had they would be heard by
    // nobody, and the program could not be ended any more. So try first whether one can be had.
    let _ = thread::Builder::new().spawn(|| ())?.join();
    let heard = ctrlc::set_handler(|| {
        let mut registry = lock(); // kept until the process is gone: nothing new is made meanwhile
        undo_everything(&mut registry);
        process::exit(STATUS);
    });
    match heard {
        Err(ctrlc::Error::System(error)) => Err(error),
        // Another handler is there already (a test harness, lesson 06's clean stop): then that one decides.
        _ => Ok(()),
    }
}

/// While this lives, an interrupt undoes the thing it belongs to.
#[derive(Debug)]
#[must_use = "dropping it at once protects nothing"]
pub struct Protected {
    key: u64,
}

impl Drop for Protected {
    fn drop(&mut self) {
        lock().undo.remove(&self.key);
    }
}

fn undo_everything(registry: &mut Registry) {
    while let Some((_, undo)) = registry.undo.pop_first() {
        undo();
    }
}

fn lock() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}
