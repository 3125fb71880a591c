//! The tutorials' programs at the other end.

use std::thread;

use tests::programs::{Server, run};
use tests::python::python;

use super::{scene, serve};

#[test]
fn three_python_clients_at_once_are_answered_by_our_server() {
    let server = serve(&["server", "--wire", "python"]);
    let port = server.addr().port().to_string();
    thread::scope(|scope| {
        for text in ["北鼻", "宝贝", "baby"] {
            let Some(mut client) = python("socketserver_peers.py") else {
                return;
            };
            client.args(["client", &port, text, "20"]);
            scope.spawn(move || {
                let finished = run(client, b"");
                let line = format!("我已收到您的请求[{text}],感谢您的关注!\n");
                assert_eq!(finished.out(), line.repeat(20), "{finished}");
            });
        }
    });
}

/// Its handler never leaves its loop: after an ordinary close it answers nobody, until a write fails with another error than the
/// one it waits for.
#[test]
fn the_tutorials_own_endless_server_answers_our_clients_one_after_the_other_and_at_once() {
    let Some(mut command) = python("socketserver_peers.py") else {
        return;
    };
    command.args(["endless", "0"]);
    let server = Server::launch(command);
    let client = || {
        let finished = scene(
            &server,
            &["client", "--wire", "python"],
            "北鼻\n".as_bytes(),
        );
        let wanted = "我已收到您的请求[北鼻],感谢您的关注!\n";
        assert_eq!(
            (finished.out().as_str(), finished.code()),
            (wanted, 0),
            "{finished}"
        );
    };
    client();
    thread::scope(|scope| {
        (0..3).for_each(|_| drop(scope.spawn(client)));
    });
}

#[test]
fn our_clients_are_answered_by_pythons_threading_server() {
    let Some(mut command) = python("socketserver_peers.py") else {
        return;
    };
    command.args(["server", "0"]);
    let server = Server::launch(command);
    let finished = scene(
        &server,
        &["client", "--wire", "python"],
        "北鼻\nhi\n".as_bytes(),
    );
    let wanted = "我已收到您的请求[北鼻],感谢您的关注!\n我已收到您的请求[hi],感谢您的关注!\n";
    assert_eq!(
        (finished.out().as_str(), finished.code()),
        (wanted, 0),
        "{finished}"
    );
    let args = [
        "reconnect",
        "--wire",
        "python",
        "--count",
        "2",
        "--every",
        "1",
    ];
    let finished = scene(&server, &args, b"");
    assert_eq!(
        finished.out(),
        "我已收到您的请求[北鼻],感谢您的关注!\n".repeat(2)
    );
}
