//! The three TCP servers, each with the same handlers.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Counts, GRACE, Handler, Notice, PoolServer, Stopper, TcpServer, ThreadingTcpServer};

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(30);

/// What the tests need of each of them.
trait AnyServer: Sync {
    fn addr(&self) -> SocketAddr;
    fn stopper(&self) -> Stopper;
    fn counts(&self) -> Counts;
    fn serve(&self, handler: &impl Handler);
}

macro_rules! any_server {
    ($($server:ty),*) => {$(
        impl AnyServer for $server {
            fn addr(&self) -> SocketAddr {
                self.local_addr()
            }
            fn stopper(&self) -> Stopper {
                self.stopper()
            }
            fn counts(&self) -> Counts {
                self.counts()
            }
            fn serve(&self, handler: &impl Handler) {
                self.serve_forever(handler);
            }
        }
    )*};
}
any_server!(TcpServer, ThreadingTcpServer, PoolServer);

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn sequential() -> TcpServer {
    TcpServer::bind(loopback()).unwrap()
}

fn threading(max_clients: usize) -> ThreadingTcpServer {
    ThreadingTcpServer::bind(loopback(), max_clients).unwrap()
}

fn pool() -> PoolServer {
    PoolServer::bind(loopback(), 4).unwrap()
}

/// Stops the server when the test is over, also when it has failed: a scope would wait for ever for its thread.
struct StopAtTheEnd(Stopper);

impl Drop for StopAtTheEnd {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Serves while `test` runs.
fn serving(server: &impl AnyServer, handler: &impl Handler, test: impl FnOnce(SocketAddr)) {
    thread::scope(|scope| {
        scope.spawn(|| server.serve(handler));
        let _stop = StopAtTheEnd(server.stopper());
        test(server.addr());
    });
}

fn until_stopping(stopper: &Stopper) {
    while !stopper.is_stopping() {
        thread::yield_now();
    }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// Sends all of it, half-closes, and gives what comes.
fn ask(addr: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(addr);
    stream.write_all(request).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

fn upper_case(mut stream: &TcpStream, _: SocketAddr) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count].to_ascii_uppercase())?;
    }
}

/// Remembers all that it hears.
struct Listener<F> {
    handle: F,
    heard: Mutex<mpsc::Sender<String>>,
}

fn listener<F>(handle: F) -> (Listener<F>, mpsc::Receiver<String>) {
    let (sender, heard) = mpsc::channel();
    let heard_by = Mutex::new(sender);
    let listener = Listener {
        handle,
        heard: heard_by,
    };
    (listener, heard)
}

impl<F: Fn(&TcpStream, SocketAddr) -> io::Result<()> + Sync> Handler for Listener<F> {
    fn handle(&self, stream: &TcpStream, peer: SocketAddr) -> io::Result<()> {
        (self.handle)(stream, peer)
    }

    fn on_error(&self, _: SocketAddr, error: &io::Error) {
        let _ = self.heard.lock().unwrap().send(error.to_string());
    }

    fn on_notice(&self, notice: &Notice) {
        let _ = self.heard.lock().unwrap().send(format!("{notice:?}"));
    }
}

#[test]
fn a_function_is_a_handler_for_all_of_them() {
    fn talks(server: &impl AnyServer) {
        serving(server, &upper_case, |addr| {
            assert_eq!(ask(addr, b"hello"), b"HELLO");
            assert_eq!(ask(addr, b"again"), b"AGAIN");
        });
        assert_eq!(server.counts().accepted, 2);
    }
    talks(&sequential());
    talks(&threading(10));
    talks(&pool());
}

/// One request in ten panics while it holds the lock that all share.
fn survives_panics(server: &impl AnyServer, clients: usize, each: usize) {
    let shared = Mutex::new(0_usize);
    let (handler, heard) = listener(|mut stream: &TcpStream, _| {
        let mut request = [0];
        stream.read_exact(&mut request)?;
        let mut count = shared.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        assert!(request[0] != b'!', "on purpose");
        drop(count);
        stream.write_all(b"ok")
    });
    let right = AtomicUsize::new(0);
    serving(server, &handler, |addr| {
        thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    for number in 0..each {
                        let panics = number % 10 == 3;
                        let answer = ask(addr, if panics { b"!" } else { b"?" });
                        assert_eq!(answer, if panics { &b""[..] } else { b"ok" });
                        right.fetch_add(usize::from(!panics), Ordering::Relaxed);
                    }
                });
            }
        });
    });
    let all = clients * each;
    assert_eq!(right.into_inner(), all / 10 * 9);
    assert_eq!(*shared.lock().unwrap_or_else(PoisonError::into_inner), all);
    let (accepted, panicked) = (all as u64, all as u64 / 10);
    let failed = panicked;
    let counts = Counts {
        accepted,
        failed,
        panicked,
    };
    assert_eq!(server.counts(), counts);
    drop(handler);
    let heard = Vec::from_iter(heard);
    assert_eq!(heard.len(), all / 10);
    assert!(
        heard
            .iter()
            .all(|line| line == "the handler panicked: on purpose")
    );
}

#[test]
fn a_panic_ends_one_connection_and_nothing_else() {
    survives_panics(&sequential(), 2, 50);
    survives_panics(&threading(8), 4, 50);
    survives_panics(&pool(), 4, 50);
}

#[test]
#[ignore = "ten thousand requests: a few seconds"]
fn of_ten_thousand_requests_a_thousand_panic() {
    survives_panics(&threading(1024), 10, 1_000);
    survives_panics(&pool(), 10, 1_000);
}

#[test]
fn an_error_ends_one_connection_and_is_heard() {
    fn hears(server: &impl AnyServer) {
        let (handler, heard) = listener(|_: &TcpStream, _| Err(io::Error::other("broken")));
        serving(server, &handler, |addr| {
            assert_eq!(ask(addr, b""), b"");
            assert_eq!(heard.recv_timeout(LONG).unwrap(), "broken");
            assert_eq!(ask(addr, b""), b"");
        });
        let counts = server.counts();
        assert_eq!((counts.accepted, counts.failed, counts.panicked), (2, 2, 0));
    }
    hears(&sequential());
    hears(&threading(8));
    hears(&pool());
}

#[test]
fn a_handler_that_does_nothing_closes_its_connection() {
    fn closes(server: &impl AnyServer) {
        serving(server, &|_: &TcpStream, _: SocketAddr| Ok(()), |addr| {
            assert_eq!(connect(addr).read(&mut [0]).unwrap(), 0);
        });
    }
    closes(&sequential());
    closes(&threading(8));
    closes(&pool());
}

#[test]
fn a_handler_whose_on_error_panics_harms_nobody() {
    struct Worse;
    impl Handler for Worse {
        fn handle(&self, _: &TcpStream, _: SocketAddr) -> io::Result<()> {
            Err(io::Error::other("broken"))
        }
        fn on_error(&self, _: SocketAddr, _: &io::Error) {
            panic!("on purpose");
        }
    }
    let server = pool();
    serving(&server, &Worse, |addr| {
        for _ in 0..8 {
            assert_eq!(ask(addr, b""), b""); // more often than there are threads
        }
    });
}

#[test]
fn a_stop_in_the_moment_of_the_start_is_heard() {
    fn stops(server: &impl AnyServer) {
        thread::scope(|scope| {
            scope.spawn(|| server.serve(&upper_case));
            server.stopper().stop();
        });
    }
    for _ in 0..20 {
        stops(&sequential());
        stops(&threading(8));
        stops(&pool());
    }
}

#[test]
fn a_server_that_never_served_gives_its_port_back() {
    let (server, pool) = (threading(8), pool());
    let addrs = [server.local_addr(), pool.local_addr()];
    drop((server, pool));
    for addr in addrs {
        TcpServer::bind(addr).unwrap();
    }
}

#[test]
#[cfg(unix)]
fn a_bind_that_fails_costs_no_descriptor() {
    use std::os::fd::AsRawFd;
    // The system gives the lowest number that is free. (Other tests run beside this one, and have some of their own.)
    let next = || TcpListener::bind(loopback()).unwrap().as_raw_fd();
    let (taken, before) = (TcpListener::bind(loopback()).unwrap(), next());
    for _ in 0..1024 {
        assert!(ThreadingTcpServer::bind(taken.local_addr().unwrap(), 8).is_err());
    }
    assert!(next() < before + 512);
}

#[test]
fn when_it_is_full_the_next_is_connected_and_not_served() {
    let served = AtomicUsize::new(0);
    let (handler, heard) = listener(|mut stream: &TcpStream, _| {
        served.fetch_add(1, Ordering::SeqCst);
        stream.write_all(b"+")?;
        stream.read(&mut [0]).map(drop)
    });
    serving(&threading(2), &handler, |addr| {
        let mut clients: [_; 3] = std::array::from_fn(|_| connect(addr));
        for client in &mut clients[..2] {
            client.read_exact(&mut [0]).unwrap();
        }
        assert_eq!(heard.recv_timeout(LONG).unwrap(), "Full(2)");
        clients[2].set_nonblocking(true).unwrap();
        let not_yet = clients[2].read(&mut [0]).unwrap_err();
        assert_eq!(not_yet.kind(), ErrorKind::WouldBlock);
        assert_eq!(served.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn the_pool_serves_as_many_at_once_as_it_has_threads() {
    let served = AtomicUsize::new(0);
    let handler = |mut stream: &TcpStream, _: SocketAddr| {
        served.fetch_add(1, Ordering::SeqCst);
        stream.write_all(b"+")?;
        stream.read(&mut [0]).map(drop)
    };
    serving(&pool(), &handler, |addr| {
        let mut clients: [_; 5] = std::array::from_fn(|_| connect(addr));
        for client in &mut clients[..4] {
            client.read_exact(&mut [0]).unwrap();
        }
        clients[4].set_nonblocking(true).unwrap();
        let not_yet = clients[4].read(&mut [0]).unwrap_err();
        assert_eq!(not_yet.kind(), ErrorKind::WouldBlock);
        assert_eq!(served.load(Ordering::SeqCst), 4);
        clients[4].set_nonblocking(false).unwrap();
        clients[0].shutdown(Shutdown::Write).unwrap();
        clients[4].read_exact(&mut [0]).unwrap();
    });
}

#[test]
fn each_that_leaves_lets_the_first_of_the_queue_in() {
    let (handler, _heard) = listener(|mut stream: &TcpStream, _| {
        stream.write_all(b"+")?;
        stream.read(&mut [0]).map(drop)
    });
    serving(&threading(1), &handler, |addr| {
        let clients: Vec<_> = (0..8).map(|_| connect(addr)).collect();
        for (number, mut client) in clients.into_iter().enumerate() {
            // The one before has been dropped: only then can this read succeed.
            client
                .read_exact(&mut [0])
                .unwrap_or_else(|error| panic!("{number}: {error}"));
        }
    });
}

/// Stops a server on which nobody does anything.
#[test]
fn a_server_without_clients_stops_at_once() {
    fn stops(server: &impl AnyServer) {
        let began = Instant::now();
        thread::scope(|scope| {
            let thread = scope.spawn(|| server.serve(&upper_case));
            assert_eq!(ask(server.addr(), b"a"), b"A"); // it accepts
            server.stopper().stop();
            thread.join().unwrap();
        });
        assert!(
            began.elapsed() < Duration::from_secs(1),
            "{:?}",
            began.elapsed()
        );
    }
    stops(&sequential());
    stops(&threading(8));
    stops(&pool());
}

#[test]
fn a_stop_before_the_start_is_a_stop_too() {
    let server = threading(8);
    server.stopper().stop();
    server.serve_forever(&upper_case);
    sequential().stopper().stop();
}

#[test]
fn what_runs_may_finish_and_what_is_silent_is_ended() {
    let server = threading(8);
    let (let_go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let handler = |mut stream: &TcpStream, _: SocketAddr| {
        let mut request = [0];
        stream.read_exact(&mut request)?;
        stream.write_all(b"working...")?;
        let _ = wait.lock().unwrap().recv();
        stream.write_all(b"done")
    };
    thread::scope(|scope| {
        let serving = scope.spawn(|| server.serve_forever(&handler));
        let mut silent = connect(server.local_addr());
        let mut busy = connect(server.local_addr());
        busy.write_all(b"?").unwrap();
        busy.read_exact(&mut [0; 10]).unwrap();
        let (stopper, began) = (server.stopper(), Instant::now());
        let stopping = scope.spawn(move || stopper.stop());
        until_stopping(&server.stopper());
        let_go.send(()).unwrap();
        let mut answer = Vec::new();
        busy.read_to_end(&mut answer).unwrap();
        assert_eq!(answer, b"done");
        assert!(
            began.elapsed() < GRACE,
            "it need not wait for the silent one"
        );
        assert_eq!(silent.read(&mut [0]).unwrap(), 0);
        serving.join().unwrap();
        stopping.join().unwrap();
        assert!(began.elapsed() >= GRACE);
        assert!(began.elapsed() < GRACE + Duration::from_millis(500));
    });
    // The port is free, although somebody still holds a stopper.
    let (addr, stopper) = (server.local_addr(), server.stopper());
    drop(server);
    let next = ThreadingTcpServer::bind(addr, 1).unwrap();
    stopper.stop();
    drop(next);
}

#[test]
fn a_full_server_stops() {
    let server = threading(1);
    let (handler, heard) = listener(upper_case);
    let second = thread::scope(|scope| {
        let serving = scope.spawn(|| server.serve_forever(&handler));
        let first = connect(server.local_addr());
        assert_eq!(heard.recv_timeout(LONG).unwrap(), "Full(1)");
        let second = connect(server.local_addr());
        let stopper = server.stopper();
        let stopping = scope.spawn(move || stopper.stop());
        until_stopping(&server.stopper());
        drop(first);
        stopping.join().unwrap();
        serving.join().unwrap();
        second
    });
    drop(server);
    // It waited in the queue, and was never served.
    assert!(matches!((&second).read(&mut [0]), Ok(0) | Err(_)));
    assert_eq!(heard.try_iter().count(), 0);
}

/// Requests are under way while it stops: each has its whole answer, or none of it.
fn stops_under_way(server: impl AnyServer) {
    let handler = |mut stream: &TcpStream, _: SocketAddr| {
        stream.read_exact(&mut [0; 4])?;
        thread::yield_now();
        stream.write_all(&[b'x'; 10_000])
    };
    let (addr, asked) = (server.addr(), Arc::new(AtomicUsize::new(0)));
    let clients = Vec::from_iter((0..50).map(|_| {
        let asked = Arc::clone(&asked);
        thread::spawn(move || {
            let mut stream = connect(addr);
            let _ = stream.write_all(b"ask!");
            asked.fetch_add(1, Ordering::SeqCst);
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            answer.len()
        })
    }));
    thread::scope(|scope| {
        let serving = scope.spawn(|| server.serve(&handler));
        while asked.load(Ordering::SeqCst) < 25 {
            thread::yield_now();
        }
        let began = Instant::now();
        server.stopper().stop();
        serving.join().unwrap();
        assert!(began.elapsed() < GRACE + Duration::from_millis(500));
    });
    while asked.load(Ordering::SeqCst) < 50 {
        thread::yield_now(); // all have connected
    }
    drop(server); // those who wait in the kernel's queue are let go
    for client in clients {
        let size = client.join().unwrap();
        assert!(size == 0 || size == 10_000, "half an answer: {size} bytes");
    }
    TcpListener::bind(addr).unwrap();
}

#[test]
fn an_answer_is_whole_or_absent_when_it_stops() {
    stops_under_way(sequential());
    stops_under_way(threading(1024));
    stops_under_way(pool());
}

#[test]
#[ignore = "two hundred rounds: some seconds"]
fn an_answer_is_whole_or_absent_in_two_hundred_rounds() {
    for _ in 0..200 {
        stops_under_way(threading(1024));
        stops_under_way(pool());
    }
}
