//! The promise: the server knows who is connected, however they leave. The stop and the limit are built on it.
//!
//! Everything stands under one lock, the order to stop too. So no connection can come in after the last look at the table.
//!
//! The price: a lock for each connection that comes and goes. The table shares each stream (`Arc`), one descriptor each; `try_clone`
//! would make a second one of every client.

use std::collections::BTreeMap;
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::sys::{Condvar, Mutex, MutexGuard, TcpStream};

/// The open connections of a server, and whether it is to stop.
#[derive(Default)]
pub(crate) struct Connections {
    table: Mutex<Table>,
    /// A connection has left, or the server is to stop.
    changed: Condvar,
}

#[derive(Default)]
struct Table {
    /// By their numbers: how many had come before.
    open: BTreeMap<u64, Arc<TcpStream>>,
    counts: Counts,
    stopping: bool,
}

/// What a server has seen so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Connections.
    pub accepted: u64,
    /// Those of them that ended with an error, panics included, or could not be served.
    pub failed: u64,
    /// Those of them whose handler panicked.
    pub panicked: u64,
}

impl Connections {
    /// Enters a new connection; `None`, and it is closed, when the server is to stop.
    pub(crate) fn enter(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> Option<Connection> {
        let mut table = self.lock();
        if table.stopping {
            return None;
        }
        let (number, stream) = (table.counts.accepted, Arc::new(stream));
        table.counts.accepted += 1;
        table.open.insert(number, Arc::clone(&stream));
        Some(Connection {
            stream,
            peer,
            number,
            table: Arc::clone(self),
        })
    }

    /// From now on nobody enters.
    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Waits while so many are open.
    pub(crate) fn wait_while(&self, so_many: impl Fn(usize) -> bool) {
        let waits = |table: &mut Table| so_many(table.open.len());
        let waited = self.changed.wait_while(self.lock(), waits);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits so long, or until the server is to stop.
    pub(crate) fn pause(&self, pause: Duration) {
        let (table, waits) = (self.lock(), |table: &mut Table| !table.stopping);
        drop(self.changed.wait_timeout_while(table, pause, waits));
    }

    /// Waits so long, or until all have ended.
    pub(crate) fn wait_for_the_end(&self, limit: Duration) {
        let (table, some) = (self.lock(), |table: &mut Table| !table.open.is_empty());
        drop(self.changed.wait_timeout_while(table, limit, some));
    }

    /// Ends the reads and writes of those that are open. What was written before still arrives.
    pub(crate) fn shut_down(&self) {
        for stream in self.lock().open.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// How many are open now.
    pub(crate) fn open(&self) -> usize {
        self.lock().open.len()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().counts
    }

    pub(crate) fn count_failure(&self) {
        self.lock().counts.failed += 1;
    }

    pub(crate) fn count_panic(&self) {
        self.lock().counts.panicked += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is in the table as long as it lives.
pub(crate) struct Connection {
    stream: Arc<TcpStream>,
    pub(crate) peer: SocketAddr,
    number: u64,
    table: Arc<Connections>,
}

impl Connection {
    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.table.lock().open.remove(&self.number);
        self.table.changed.notify_all();
    }
}
