//! A stop: at once where nothing runs, at the end of the grace time where something does, and the port is free again.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lesson06::GRACE;

use super::*;

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
        assert_eq!(heard.recv_timeout(PATIENCE).unwrap(), "Full(1)");
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
