//! Many clients: slow ones, silent ones, more than there are places or descriptors.

use std::io::{ErrorKind, Read, Write};
use std::process::Command;
use std::thread;

use tests::deadline;
use tests::programs::{Server, program};

use super::{back_to, connect, descriptors_and_threads, framed, greet, serve};

#[test]
fn a_silent_client_holds_up_nobody() {
    for model in ["threads", "pool"] {
        let server = serve(&["server", "--model", model]);
        let silent: Vec<_> = (0..15).map(|_| connect(&server)).collect();
        greet(&mut connect(&server));
        drop(silent);
    }
}

#[test]
fn in_the_sequential_server_it_holds_up_the_next_until_it_has_been_silent_for_long() {
    let server = serve(&["server", "--model", "sequential", "--idle", "1"]);
    let mut silent = connect(&server);
    let mut next = connect(&server);
    next.write_all(&framed(b"hi")).unwrap();
    next.set_nonblocking(true).unwrap();
    assert_eq!(
        next.read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    next.set_nonblocking(false).unwrap();
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
    next.read_exact(&mut [0; 4]).unwrap();
    assert!(server.logs("127.0.0.1:").contains("silent for 1 s"));
}

#[test]
fn a_full_server_says_so_and_the_next_is_served_when_one_has_left() {
    let server = serve(&["server", "--max-clients", "2"]);
    let (mut first, mut second) = (connect(&server), connect(&server));
    greet(&mut first);
    greet(&mut second);
    assert_eq!(
        server.logs("full: "),
        "2 clients are served, the next one waits"
    );
    let mut third = connect(&server);
    third.write_all(&framed(b"hi")).unwrap();
    third.set_nonblocking(true).unwrap();
    assert_eq!(
        third.read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    third.set_nonblocking(false).unwrap();
    drop(first);
    third.read_exact(&mut [0; 4]).unwrap();
    drop(second);
}

#[test]
fn short_connections_leave_nothing() {
    let mut server = serve(&["server"]);
    greet(&mut connect(&server));
    let base = descriptors_and_threads(&mut server);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..250).for_each(|_| greet(&mut connect(&server))));
        }
    });
    back_to(base, &mut server);
}

/// 64 descriptors, 200 clients: those that find no place wait in the kernel, and come in when others leave.
#[test]
#[cfg(unix)]
fn without_descriptors_it_waits_and_goes_on() {
    let mut command = Command::new("sh");
    let server = program("lesson06");
    command
        .args(["-c", "ulimit -n 64; exec \"$0\" server --addr 127.0.0.1:0"])
        .arg(server);
    let server = Server::launch(command);
    let mut clients: Vec<_> = (0..200).map(|_| connect(&server)).collect();
    assert!(server.logs("accept: ").ends_with("; trying again"));
    let waiting = clients.split_off(100);
    drop(clients);
    for mut client in waiting.into_iter().take(40) {
        greet(&mut client);
    }
}

#[test]
#[cfg(unix)]
fn a_soft_limit_on_descriptors_is_raised() {
    let mut command = Command::new("sh");
    let server = program("lesson06");
    command
        .args(["-c", "ulimit -Sn 32; exec \"$0\" server --addr 127.0.0.1:0"])
        .arg(server);
    let server = Server::launch(command);
    let mut clients: Vec<_> = (0..100).map(|_| connect(&server)).collect();
    clients.iter_mut().for_each(greet);
}

#[test]
fn of_a_hundred_commands_sixteen_run_at_once_and_all_are_answered() {
    let server = serve(&["command-server", "--shell"]);
    let folder = tempfile::tempdir().unwrap();
    // Each says that it runs and how many do, and runs until the first sixteen may go.
    let file = |name: &str| folder.path().join(name).display().to_string();
    let line = format!(
        "mkdir {run}.$$; ls -d {run}.* 2>/dev/null | wc -l; while [ ! -e {go} ]; do sleep 0.05; done; rmdir {run}.$$",
        run = file("run"),
        go = file("go")
    );
    let running = || std::fs::read_dir(folder.path()).unwrap().count();
    let mut clients: Vec<_> = (0..100).map(|_| connect(&server)).collect();
    for client in &mut clients {
        client.write_all(&framed(line.as_bytes())).unwrap();
    }
    let sixteen = deadline::until(deadline::PATIENCE, || (running() == 16).then_some(()));
    std::fs::write(folder.path().join("go"), "").unwrap();
    assert!(sixteen.is_some(), "sixteen never ran at once");
    for client in &mut clients {
        let (mut status, mut size) = ([0xff; 8], [0; 4]);
        client.read_exact(&mut status).unwrap();
        assert_eq!(status, [0, 0, 0, 4, 0, 0, 0, 0]);
        client.read_exact(&mut size).unwrap();
        let mut output = vec![0; u32::from_be_bytes(size) as usize];
        client.read_exact(&mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        let at_once: usize = output.trim().parse().unwrap();
        assert!(at_once <= 16, "{at_once}");
    }
}

/// The table of connections shares each stream; a clone would be a second descriptor.
#[test]
fn a_client_costs_one_descriptor_and_one_thread() {
    let mut server = serve(&["server"]);
    let Some((descriptors, threads)) = descriptors_and_threads(&mut server) else {
        return;
    };
    let mut clients: Vec<_> = (0..20).map(|_| connect(&server)).collect();
    clients.iter_mut().for_each(greet);
    let now = descriptors_and_threads(&mut server);
    assert_eq!(now, Some((descriptors + 20, threads + 20)));
}

#[test]
fn idle_shows_a_thread_for_each() {
    if cfg!(target_os = "linux") {
        let mut command = Command::new(program("lesson06"));
        command.args(["idle", "--clients", "50"]);
        let finished = tests::programs::run(command, b"");
        assert_eq!(finished.code(), 0, "{finished}");
        assert!(
            finished.out().contains("\n   50 clients         52 "),
            "{finished}"
        );
    }
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_was_busy_once_and_is_silent_costs_little() {
    let mut server = serve(&["server"]);
    let status = format!("/proc/{}/status", server.running().id());
    let large = framed(&vec![b'x'; 200_000]);
    let mut clients: Vec<_> = (0..200).map(|_| connect(&server)).collect();
    for client in &mut clients {
        client.write_all(&large).unwrap();
        client.read_exact(&mut vec![0; large.len()]).unwrap();
    }
    let mut resident = 0;
    let little = deadline::until(deadline::PATIENCE, || {
        let text = std::fs::read_to_string(&status).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        resident = line.split_whitespace().next()?.parse::<u64>().ok()?; // KiB
        (resident < 32 * 1024).then_some(())
    });
    assert!(little.is_some(), "{resident} KiB");
}
