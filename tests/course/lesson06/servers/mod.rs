//! The three TCP servers as a library, each with the same handlers: what ends a connection ends nothing else.

mod full;
mod stop;

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use lesson06::{Counts, Handler, Notice, PoolServer, Stopper, TcpServer, ThreadingTcpServer};
use tests::deadline::PATIENCE;

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
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
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
            assert_eq!(heard.recv_timeout(PATIENCE).unwrap(), "broken");
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
