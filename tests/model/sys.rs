//! What the lesson's `sys.rs` takes from std, without a system: shuttle's threads and locks, and sockets that are queues.
//!
//! | here | is |
//! |---|---|
//! | time | over at once or never, as a scene chooses ([`World`]) |
//! | a listener | a queue of streams |
//! | a stream | a flag that both ends share: it has ended |

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::sync::{Arc, LockResult, PoisonError, Weak};
use std::time::Duration;

pub(crate) use shuttle::sync::{Mutex, MutexGuard};

/// How the world behaves in one scene.
#[derive(Debug, Clone, Copy, Default)]
pub struct World {
    /// A wait with a limit is over at once. Otherwise it never is: who forgets to wake it is found.
    pub time_is_over: bool,
    /// So many times `accept` fails before each client.
    pub failing: usize,
    /// Nobody can connect to wake a server.
    pub no_calls: bool,
    /// The system has no thread.
    pub no_threads: bool,
}

thread_local! {
    // All threads of a scene are turns of one thread of the system, so this is the scene's own.
    static WORLD: Cell<World> = Cell::default();
    static LONGEST: Cell<Duration> = Cell::default();
    static LISTENERS: RefCell<BTreeMap<u16, Weak<Queue>>> = RefCell::default();
}

/// Begins a scene.
pub fn begin(world: World) {
    WORLD.set(world);
    LONGEST.take();
    LISTENERS.take();
}

/// The longest limit that a wait has had so far.
pub fn longest_wait() -> Duration {
    LONGEST.get()
}

/// shuttle's, with a time that can be over.
#[derive(Debug, Default)]
pub(crate) struct Condvar(shuttle::sync::Condvar);

impl Condvar {
    pub(crate) fn wait_while<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        waits: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        self.0.wait_while(guard, waits)
    }

    pub(crate) fn wait_timeout_while<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        limit: Duration,
        waits: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        LONGEST.set(LONGEST.get().max(limit));
        if WORLD.get().time_is_over {
            return Ok((guard, true));
        }
        let waited = self.0.wait_while(guard, waits);
        let guard = waited.unwrap_or_else(PoisonError::into_inner);
        Ok((guard, false))
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

pub mod thread {
    //! Threads of a scope, which is all that the lesson uses.

    use std::io;

    use shuttle::sync::mpsc::channel;
    use shuttle::thread::{Scope, ScopedJoinHandle};

    /// shuttle 0.9 wakes the owner of a scope whenever its last thread ends, also where the owner waits for something else. So one
    /// thread stays until the owner is through.
    pub fn scope<'env, T>(body: impl for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T) -> T {
        shuttle::thread::scope(|scope| {
            let (through, wait) = channel::<()>();
            scope.spawn(move || wait.recv().is_err());
            let result = body(scope);
            drop(through);
            result
        })
    }

    pub(crate) struct Builder;

    impl Builder {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn stack_size(self, _: usize) -> Self {
            self
        }

        pub(crate) fn spawn_scoped<'scope, 'env, F, T>(
            self,
            scope: &'scope Scope<'scope, 'env>,
            thread: F,
        ) -> io::Result<ScopedJoinHandle<'scope, T>>
        where
            F: FnOnce() -> T + Send + 'scope,
            T: Send + 'scope,
        {
            if super::WORLD.get().no_threads {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Ok(scope.spawn(thread))
        }
    }
}

/// A listening socket.
pub(crate) struct TcpListener(Arc<Queue>);

struct Queue {
    addr: SocketAddr,
    state: Mutex<State>,
    changed: shuttle::sync::Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<TcpStream>,
    failing: usize,
    shut: bool,
}

#[allow(clippy::unnecessary_wraps, reason = "the lesson's can fail")]
pub(crate) fn listen(_: SocketAddr) -> io::Result<TcpListener> {
    LISTENERS.with_borrow_mut(|listeners| {
        let port = u16::try_from(listeners.len() + 1).map_err(io::Error::other)?;
        let state = State {
            failing: WORLD.get().failing,
            ..State::default()
        };
        let queue = Arc::new(Queue {
            addr: (Ipv4Addr::LOCALHOST, port).into(),
            state: Mutex::new(state),
            changed: shuttle::sync::Condvar::new(),
        });
        listeners.insert(port, Arc::downgrade(&queue));
        Ok(TcpListener(queue))
    })
}

impl TcpListener {
    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.0.addr)
    }

    pub(crate) fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let mut state = locked(&self.0.state);
        if state.failing > 0 {
            state.failing -= 1;
            return Err(io::Error::other("no descriptor"));
        }
        let waits = |state: &mut State| state.waiting.is_empty() && !state.shut;
        let waited = self.0.changed.wait_while(state, waits);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let next = state.waiting.pop_front();
        state.failing = WORLD.get().failing;
        next.map(|stream| (stream, self.0.addr))
            .ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }
}

/// Only its `shutdown`, which wakes whoever waits in `accept`.
pub(crate) struct SockRef<'a>(&'a TcpListener);

impl<'a> SockRef<'a> {
    pub(crate) fn from(listener: &'a TcpListener) -> Self {
        Self(listener)
    }

    #[allow(clippy::unnecessary_wraps, reason = "socket2's can fail")]
    pub(crate) fn shutdown(&self, _: Shutdown) -> io::Result<()> {
        locked(&self.0.0.state).shut = true;
        self.0.0.changed.notify_all();
        Ok(())
    }
}

/// One end of a connection. It ends for both when one of them is shut down or dropped.
pub struct TcpStream(Arc<Pipe>);

#[derive(Default)]
struct Pipe {
    ended: Mutex<bool>,
    changed: shuttle::sync::Condvar,
}

/// A client connects.
///
/// # Errors
/// Nobody listens.
pub fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let queue = LISTENERS.with_borrow(|all| all.get(&addr.port()).and_then(Weak::upgrade));
    let queue = queue.ok_or(io::ErrorKind::ConnectionRefused)?;
    let pipe = Arc::new(Pipe::default());
    let theirs = TcpStream(Arc::clone(&pipe));
    locked(&queue.state).waiting.push_back(theirs);
    queue.changed.notify_one();
    Ok(TcpStream(pipe))
}

impl TcpStream {
    pub(crate) fn connect_timeout(addr: &SocketAddr, _: Duration) -> io::Result<Self> {
        if WORLD.get().no_calls {
            return Err(io::ErrorKind::TimedOut.into());
        }
        connect(*addr)
    }

    #[allow(clippy::unnecessary_wraps, reason = "std's can fail")]
    pub(crate) fn shutdown(&self, _: Shutdown) -> io::Result<()> {
        *locked(&self.0.ended) = true;
        self.0.changed.notify_all();
        Ok(())
    }

    /// Waits until one of the ends has ended it, as a `read` does.
    pub fn until_the_end(&self) {
        let waits = |ended: &mut bool| !*ended;
        drop(self.0.changed.wait_while(locked(&self.0.ended), waits));
    }
}

impl Drop for TcpStream {
    fn drop(&mut self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
