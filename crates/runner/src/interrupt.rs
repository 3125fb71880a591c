//! What has to be tidied up when somebody presses Ctrl-C.
//!
//! A program that started other programs, or holds a half-written file, must not leave them behind. Whoever creates
//! such a thing registers how to undo it, in the same breath: [`protect`] holds the lock while the thing is made, so
//! there is no moment in which it exists and is not registered.
//!
//! ```text
//! SIGHUP 1   the terminal was closed   \
//! SIGINT 2   Ctrl-C                     | run what is registered, end with status 128 + N,
//! SIGQUIT 3  Ctrl-\                     | which is what a shell reports for signal N
//! SIGTERM 15 `kill`                    /
//! ```
//!
//! So do the others that end a program if it does nothing about them: ABRT, USR1, USR2, ALRM, VTALRM, PROF, XCPU.
//!
//! A server (lesson 06) stops cleanly instead: [`on_interrupt`]; its status is then 0.
//!
//! A signal that was ignored when the program began stays ignored: `nohup` promises that the closed terminal does not
//! end it, and a shell's `&` that Ctrl-C does not. `kill -9` cannot be caught by anybody; what it leaves behind is a
//! temporary file that is never served. Where there are no signals (Windows), Ctrl-C leaves the same behind.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

type Undo = Box<dyn FnOnce() + Send>;

struct Registry {
    /// Somebody hears Ctrl-C.
    listening: bool,
    next: u64,
    undo: BTreeMap<u64, Undo>,
    /// What a server does first, and that makes it a good end.
    stop: Option<Undo>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    listening: false,
    next: 0,
    undo: BTreeMap::new(),
    stop: None,
});

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
    let mut registry = listening()?;
    let (thing, undo) = make()?;
    let key = registry.next;
    registry.next += 1;
    registry.undo.insert(key, Box::new(undo));
    Ok((thing, Protected { key }))
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

/// Makes Ctrl-C a clean end: `stop` runs first, with nothing locked, so that what runs may finish meanwhile; then what is
/// registered is undone, and the program ends with status 0.
///
/// It should return soon: until it has, further signals wait.
///
/// # Errors
/// No thread can be had to hear Ctrl-C.
pub fn on_interrupt(stop: impl FnOnce() + Send + 'static) -> io::Result<()> {
    listening()?.stop = Some(Box::new(stop));
    Ok(())
}

/// The registry, with somebody who hears Ctrl-C.
fn listening() -> io::Result<MutexGuard<'static, Registry>> {
    let mut registry = lock();
    if !registry.listening {
        signals::listen()?;
        registry.listening = true;
    }
    Ok(registry)
}

fn lock() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
mod signals {
    use std::sync::mpsc;
    use std::{fs, io, process, thread};

    use signal_hook::consts::*;
    use signal_hook::iterator::Signals;

    /// Catches the signals from now on, in a thread of its own.
    pub(super) fn listen() -> io::Result<()> {
        let ignored = ignored();
        let heard = [
            SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
            SIGPROF, SIGXCPU,
        ];
        let not_ignored = move |signal: &i32| ignored >> (signal - 1) & 1 == 0;
        let (ready, answer) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || {
            // Taken here and not before: where no thread can be had they would be heard by nobody, and the program
            // could not be ended any more.
            match Signals::new(heard.into_iter().filter(not_ignored)) {
                Ok(mut signals) => {
                    let _ = ready.send(Ok(()));
                    signals.forever().for_each(end);
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
        let no_thread = || io::Error::other("no thread can be had to hear Ctrl-C");
        thread.map_err(|_| no_thread())?;
        answer.recv().map_err(|_| no_thread())?
    }

    /// What a signal does.
    fn end(signal: i32) {
        let stop = super::lock().stop.take(); // and not locked while it runs
        let status = if stop.is_some() { 0 } else { 128 + signal };
        if let Some(stop) = stop {
            stop();
        }
        let mut registry = super::lock(); // kept until the process is gone: nothing new is made meanwhile
        while let Some((_, undo)) = registry.undo.pop_first() {
            undo();
        }
        process::exit(status);
    }

    /// The signals that this program was started to ignore, bit N - 1 for signal N: `SigIgn` of proc(5). Other systems
    /// than Linux tell it only to `unsafe` code; there, all are heard.
    fn ignored() -> u64 {
        let status = fs::read("/proc/self/status").unwrap_or_default();
        let status = String::from_utf8_lossy(&status);
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod signals {
    pub(super) fn listen() -> std::io::Result<()> {
        Ok(())
    }
}
