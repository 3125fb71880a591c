//! One to many: broadcast and multicast.

use super::*;

#[test]
fn a_broadcast_is_refused_first_and_then_heard_by_every_listener() {
    let one = Server::launch(lesson02(&["broadcast-listen", "--addr", "0.0.0.0:0"]));
    let port = one.addr().port();
    let mut two = lesson02(&["broadcast-listen", "--addr", &format!("0.0.0.0:{port}")]);
    two.current_dir(workspace());
    let two = Server::launch(two);
    let mut listeners = [one, two];
    let to = format!("127.255.255.255:{port}");
    // 127.0.0.1 means loopback's broadcast address.
    let said = run(
        lesson02(&[
            "broadcast",
            "--addr",
            &format!("127.0.0.1:{port}"),
            "hi\x1b",
        ]),
        b"",
    );
    assert_eq!(
        (said.status.code(), said.out()),
        (Some(0), String::new()),
        "{said}"
    );
    let refused = format!(
        "{to}: without SO_BROADCAST: permission denied\n{to}: with SO_BROADCAST: 3 bytes to everybody\n239.255.2.2:{port}: multicast: "
    );
    assert!(said.err().starts_with(&refused), "{said}");
    let lines = run(lesson02(&["broadcast", "--addr", &to]), b"one\ntwo\n");
    assert_eq!(
        lines.err().matches("permission denied").count(),
        1,
        "{lines}"
    );
    let default = run(lesson02(&["broadcast", "--addr", &to]), b"");
    assert_eq!(default.status.code(), Some(0), "{default}");
    for listener in &mut listeners {
        let heard = &listener.running().stdout;
        assert!(heard.line(PATIENCE, "hello, everybody").is_some());
        assert_eq!(
            heard.text(),
            format!("listening on 0.0.0.0:{port}\nhi\\u{{1b}}\none\ntwo\nhello, everybody\n")
        );
    }
}

#[test]
fn only_who_joined_hears_multicast() {
    let outside = Server::launch(lesson02(&["broadcast-listen", "--addr", "0.0.0.0:0"]));
    let port = outside.addr().port();
    let join = lesson02(&[
        "broadcast-listen",
        "--join",
        "--addr",
        &format!("0.0.0.0:{port}"),
    ]);
    let joined = Server::launch(join);
    let mut both = [outside, joined];
    if both[1]
        .running()
        .stderr
        .line(PATIENCE, "239.255.2.2: joined on loopback")
        .is_none()
    {
        cli::log(format_args!(
            "skipped: no multicast on loopback: {}",
            both[1].running().stderr.text()
        ));
        return;
    }
    let said = run(
        lesson02(&["broadcast", "--addr", &format!("127.0.0.1:{port}")]),
        b"once\nend\n",
    );
    assert_eq!(
        said.err().matches("bytes to those who joined").count(),
        2,
        "{said}"
    );
    for (listener, wanted) in both
        .iter_mut()
        .zip(["once\nend\n", "once\nonce\nend\nend\n"])
    {
        let whole = format!("listening on 0.0.0.0:{port}\n{wanted}");
        let heard = listener.running().stdout.wait(PATIENCE, |bytes, _| {
            (bytes.len() >= whole.len()).then_some(())
        });
        assert!(heard.is_some());
        assert_eq!(listener.running().stdout.text(), whole);
    }
}
