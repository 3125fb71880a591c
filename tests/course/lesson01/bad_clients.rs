//! A server that outlives its clients, whichever way they end.

use std::io::Write;
use std::net::Shutdown;
use std::time::Duration;

use super::*;

/// Enough to see a descriptor lost for each client; the chapter tells of a run with 10,000.
const CLIENTS: usize = 300;

#[test]
fn a_server_outlives_clients_that_end_badly() {
    let mut server = server(&["server", "--idle", "1"]);
    let addr = server.addr();
    let mut good = connect(addr);
    good.write_all(b"before").unwrap();
    assert_eq!(read(&mut good, 6), b"BEFORE");
    let peer = good.local_addr().unwrap();
    drop(good);
    server.logs(&format!("{peer}: closed after 6 bytes")); // the line comes behind the close
    let pid = server.running().id();
    let before = open_descriptors(pid);
    for n in 0..CLIENTS {
        bad_client(connect(addr), n);
    }
    let mut good = connect(addr);
    good.write_all(b"after").unwrap();
    assert_eq!(read(&mut good, 5), b"AFTER");
    drop(good);
    let back = deadline::until(PATIENCE, || (open_descriptors(pid) == before).then_some(()));
    assert!(
        back.is_some(),
        "{before:?} descriptors became {:?}",
        open_descriptors(pid)
    );
    let log = server.stop().err();
    assert!(!log.contains("panic"), "{log}");
}

/// One of the bad ways to end a conversation.
fn bad_client(mut stream: TcpStream, n: usize) {
    match n % 6 {
        0 => {}                                                        // closes at once
        1 => drop(stream.write_all(&[b'x'; 5000])), // closes with the answer unread: a reset
        2 => drop(stream.shutdown(Shutdown::Write)), // half-closes, and leaves
        3 => drop(stream.write_all(&[0xff, 0x00, 0x1b].repeat(1000))), // garbage
        4 => {
            // resets with nothing said
            let socket = socket2::SockRef::from(&stream);
            socket.set_linger(Some(Duration::ZERO)).unwrap();
        }
        _ if n % 150 == 5 => drop(read_all(&mut stream)), // says nothing until it is thrown out
        _ => drop(stream.write_all(b"never reads")),
    }
}

/// How many files and sockets a process holds; `None` where that cannot be seen.
fn open_descriptors(pid: u32) -> Option<usize> {
    Some(std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count())
}
