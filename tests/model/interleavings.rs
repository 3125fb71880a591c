//! Each scene in hundreds of orders. shuttle fails a scene that hangs in any of them, and prints the schedule.
//!
//! That this finds what it is for was tried by planting mistakes in the lesson's files. Each was found:
//!
//! | mistake | found by |
//! |---|---|
//! | `stop` forgets `notify_all` | the pause |
//! | a connection that leaves forgets `notify_all` | the limit |
//! | a connection that leaves stays in the table | the limit |
//! | the pause is left out, or not reset after a success | the short pause |
//! | `enter` does not look at the order to stop, or looks before it locks | nobody comes in after a stop |
//! | `wait_for_a_place` counts `>` in place of `>=` | the limit |
//! | a pool thread that stops does not wake the next | the pool |
//! | `shutdown` of the listener is forgotten where no call gets through | the pool |
//! | a connection that is still in is not shut down | the grace time |
//! | a permit is not given back, or wakes nobody; one is taken without looking whether one is free | the semaphore |
//! | who takes a permit does not wake the next, for whom there is one, too | the semaphore's order |
#![forbid(unsafe_code)]

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use model::sys::thread::scope;
use model::sys::{TcpStream, World, begin, connect, longest_wait};
use model::{Handler, Notice, PoolServer, Semaphore, Stopper, TcpServer, ThreadingTcpServer};
use shuttle::sync::Barrier;
use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// So many orders of each kind. Every mistake of the table is found in a tenth of them.
const TIMES: usize = 200;

/// Runs a scene in many orders: chosen by chance, and such that a thread is held back for long (few changes of turn).
fn in_every_order(world: World, scene: impl Fn() + Send + Sync + 'static) {
    let scene = Arc::new(move || {
        begin(world);
        scene();
    });
    let again = Arc::clone(&scene);
    shuttle::check_random(move || scene(), TIMES);
    shuttle::check_pct(move || again(), TIMES, 3);
}

fn anywhere() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

/// A handler that holds its client until the client has left or is shut down, and counts.
#[derive(Default)]
struct Holding {
    now: AtomicUsize,
    most: AtomicUsize,
    served: AtomicUsize,
    /// The threads of a pool that got fewer than it wanted.
    threads: AtomicUsize,
    /// `stop` has returned: nobody may begin any more.
    stopped: AtomicBool,
    /// Somebody has. (An assertion in a handler would be caught by the server, as any panic.)
    late: AtomicBool,
}

impl Handler for Holding {
    fn handle(&self, stream: &TcpStream, _: SocketAddr) -> io::Result<()> {
        if self.stopped.load(Ordering::SeqCst) {
            self.late.store(true, Ordering::SeqCst);
        }
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        stream.until_the_end();
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.served.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn on_notice(&self, notice: &Notice) {
        if let Notice::FewThreads(threads) = notice {
            self.threads.store(*threads, Ordering::SeqCst);
        }
    }
}

impl Holding {
    fn stop(&self, stopper: &Stopper) {
        stopper.stop();
        self.stopped.store(true, Ordering::SeqCst);
    }
}

/// Serves, lets so many clients come (each leaves at once), and stops it meanwhile.
fn stops_among_clients(
    addr: SocketAddr,
    stopper: &Stopper,
    serve: impl FnOnce(&Holding) + Send,
    clients: usize,
) {
    let handler = Holding::default();
    scope(|scope| {
        scope.spawn(|| serve(&handler));
        for _ in 0..clients {
            scope.spawn(move || drop(connect(addr)));
        }
        handler.stop(stopper);
    });
    assert_eq!(handler.now.load(Ordering::SeqCst), 0);
    assert!(!handler.late.load(Ordering::SeqCst), "in after the stop");
}

#[test]
fn a_stop_ends_the_sequential_server_and_nobody_comes_in_after_it() {
    in_every_order(World::default(), || {
        let server = TcpServer::bind(anywhere()).unwrap();
        let serve = |handler: &Holding| server.serve_forever(handler);
        stops_among_clients(server.local_addr(), &server.stopper(), serve, 2);
    });
}

#[test]
fn a_stop_ends_the_threading_server_full_or_not_and_nobody_comes_in_after_it() {
    for max_clients in [1, 2] {
        in_every_order(World::default(), move || {
            let server = ThreadingTcpServer::bind(anywhere(), max_clients).unwrap();
            let serve = |handler: &Holding| server.serve_forever(handler);
            stops_among_clients(server.local_addr(), &server.stopper(), serve, 2);
        });
    }
}

#[test]
fn a_stop_ends_every_thread_of_the_pool_also_when_no_call_gets_through() {
    for no_calls in [false, true] {
        let world = World {
            no_calls,
            ..World::default()
        };
        in_every_order(world, || {
            let server = PoolServer::bind(anywhere(), 3).unwrap();
            let serve = |handler: &Holding| server.serve_forever(handler);
            stops_among_clients(server.local_addr(), &server.stopper(), serve, 2);
        });
    }
}

#[test]
fn when_the_grace_time_is_over_whoever_is_in_is_shut_down() {
    let world = World {
        time_is_over: true,
        ..World::default()
    };
    in_every_order(world, || {
        let server = ThreadingTcpServer::bind(anywhere(), 1).unwrap();
        let handler = Holding::default();
        let _silent = [
            connect(server.local_addr()).unwrap(),
            connect(server.local_addr()).unwrap(),
        ];
        scope(|scope| {
            scope.spawn(|| server.serve_forever(&handler));
            server.stopper().stop();
        });
        assert_eq!(
            server.counts().accepted as usize,
            handler.served.load(Ordering::SeqCst)
        );
    });
}

#[test]
fn no_more_than_the_limit_are_in_and_all_get_their_turn() {
    in_every_order(World::default(), || {
        let server = ThreadingTcpServer::bind(anywhere(), 2).unwrap();
        let (addr, handler) = (server.local_addr(), Holding::default());
        scope(|scope| {
            scope.spawn(|| server.serve_forever(&handler));
            let clients = [(); 3].map(|()| scope.spawn(move || drop(connect(addr))));
            for client in clients {
                client.join().unwrap();
            }
            while handler.served.load(Ordering::SeqCst) < 3 {
                shuttle::thread::yield_now();
            }
            server.stopper().stop();
        });
        assert!(handler.most.load(Ordering::SeqCst) <= 2);
        assert_eq!(server.counts().accepted, 3);
    });
}

#[test]
fn a_stop_ends_the_pause_of_a_server_whose_accept_fails() {
    let world = World {
        failing: usize::MAX,
        ..World::default()
    };
    in_every_order(world, || {
        let server = TcpServer::bind(anywhere()).unwrap();
        let serve = |handler: &Holding| server.serve_forever(handler);
        stops_among_clients(server.local_addr(), &server.stopper(), serve, 0);
    });
}

#[test]
fn after_a_success_the_pause_of_a_failing_accept_is_short_again() {
    let world = World {
        time_is_over: true,
        failing: 2,
        ..World::default()
    };
    in_every_order(world, || {
        let server = TcpServer::bind(anywhere()).unwrap();
        let (addr, handler) = (server.local_addr(), Holding::default());
        scope(|scope| {
            scope.spawn(|| server.serve_forever(&handler));
            for served in 1..=3 {
                drop(connect(addr));
                while handler.served.load(Ordering::SeqCst) < served {
                    shuttle::thread::yield_now();
                }
            }
            // 10 and 20 ms before each. (Before the stop: that waits for longer.)
            assert_eq!(longest_wait(), Duration::from_millis(20));
            server.stopper().stop();
        });
    });
}

#[test]
fn a_client_for_whom_there_is_no_thread_leaves_the_table() {
    let world = World {
        no_threads: true,
        ..World::default()
    };
    in_every_order(world, || {
        let server = ThreadingTcpServer::bind(anywhere(), 1).unwrap();
        let (addr, handler) = (server.local_addr(), Holding::default());
        scope(|scope| {
            scope.spawn(|| server.serve_forever(&handler));
            for _ in 0..2 {
                connect(addr).unwrap().until_the_end(); // the server lets it go
            }
            server.stopper().stop();
        });
        assert_eq!(server.counts().failed, 2);
    });
}

#[test]
fn a_pool_that_gets_no_threads_serves_with_the_one_it_has_and_stops() {
    let world = World {
        no_threads: true,
        ..World::default()
    };
    in_every_order(world, || {
        let server = PoolServer::bind(anywhere(), 3).unwrap();
        let (addr, handler) = (server.local_addr(), Holding::default());
        scope(|scope| {
            scope.spawn(|| server.serve_forever(&handler));
            drop(connect(addr));
            while handler.served.load(Ordering::SeqCst) < 1 {
                shuttle::thread::yield_now();
            }
            server.stopper().stop();
        });
        assert_eq!(handler.threads.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn no_more_than_the_permits_are_out_and_every_one_comes_back() {
    in_every_order(World::default(), || {
        let semaphore = Semaphore::new(2);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let _permit = semaphore.acquire();
                    let running = now.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(running, Ordering::SeqCst);
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 2);
        drop((semaphore.acquire(), semaphore.acquire())); // both are back
    });
}

#[test]
fn two_permits_that_come_back_at_once_let_the_first_two_in_at_once() {
    in_every_order(World::default(), || {
        let (semaphore, both) = (Semaphore::new(2), Barrier::new(2));
        scope(|scope| {
            let held = (semaphore.acquire(), semaphore.acquire());
            for _ in 0..2 {
                scope.spawn(|| {
                    let _permit = semaphore.acquire();
                    both.wait(); // each goes on only when the other is in, too
                });
            }
            drop(held);
        });
    });
}
