//! The limit on clients, and the pool's threads: the next one waits in the kernel's queue.

use std::io::ErrorKind;

use super::*;

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
        assert_eq!(heard.recv_timeout(PATIENCE).unwrap(), "Full(2)");
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
