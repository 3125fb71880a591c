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
    server.logs(&format!("{peer}: closed after 6 bytes")); // the line comes after the close
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

/// Four descriptors are stdin, stdout, stderr and the listener: there is none for a client.
#[test]
#[cfg(target_os = "linux")]
fn a_server_without_a_descriptor_for_a_client_rests_between_its_attempts() {
    let mut command = Command::new("sh");
    let script = r#"ulimit -n 4; exec "$0" server --addr 127.0.0.1:0"#;
    command.args(["-c", script]).arg(program("lesson01"));
    let mut server = Server::launch(command);
    let _waiting = connect(server.addr());
    let log = server.running().stderr.wait(PATIENCE, |bytes, _| {
        let log = String::from_utf8_lossy(bytes).into_owned();
        (log.lines().count() == 3).then_some(log) // at most one a second: two seconds have passed
    });
    let log = log.unwrap();
    let line = |line: &str| line.starts_with("accept: ") && line.ends_with("; trying again");
    assert!(log.lines().all(line), "{log}");
    let process = format!("/proc/{}", server.running().id());
    // Each rest is one switch: 10, 20, 40 ... 640 ms, then a second each.
    let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
    let switches = status
        .lines()
        .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    let switches: u32 = switches.unwrap().trim().parse().unwrap();
    assert!(switches < 50, "{switches} rests in two seconds");
    // Fields 14 and 15 are hundredths of a second in user and in kernel code.
    let stat = std::fs::read_to_string(format!("{process}/stat")).unwrap();
    let worked: Vec<u32> = stat
        .split(' ')
        .skip(13)
        .take(2)
        .flat_map(str::parse)
        .collect();
    assert!(worked.iter().sum::<u32>() < 50, "{worked:?} in two seconds");
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
