//! Wrong use, and addresses that cannot be had: the exact lines.

use super::*;

#[test]
fn wrong_use_is_status_2_and_says_what_and_why() {
    for (args, line) in [
        (&["nosuch"][..], "error: unrecognized subcommand 'nosuch'\n"),
        (
            &["client", "--nosuch"],
            "error: unexpected argument '--nosuch' found\n",
        ),
        (
            &["server", "--timeout", "3"],
            "error: unexpected argument '--timeout' found\n",
        ),
        (
            &["client", "--timeout", "0"],
            "error: invalid value '0' for '--timeout <SECS>': seconds go from 0.001",
        ),
        (
            &["server", "--addr", "127.0.0.1"],
            "error: invalid value '127.0.0.1' for '--addr <HOST:PORT>': no port",
        ),
        (
            &["server", "--addr", "a.test:99999"],
            "error: invalid value 'a.test:99999' for '--addr <HOST:PORT>': port 99999",
        ),
        (
            &["client", "--addr", "127.0.0.1:0"],
            "error: 127.0.0.1:0: port 0 is only for binding",
        ),
        (
            &["chat", "--contact", "egg"],
            "error: invalid value 'egg' for '--contact <NAME=HOST:PORT>': no `=`",
        ),
        (
            &["broadcast", "--addr", "[2001:db8::1]:80"],
            "error: [2001:db8::1]:80: IPv6 has no broadcast",
        ),
        (
            &["broadcast", "--addr", "0.0.0.0:0"],
            "error: 0.0.0.0:0: nobody listens at port 0",
        ),
        (
            &["broadcast-listen", "--addr", "[::1]:0"],
            "error: [::1]:0: IPv6 has no broadcast",
        ),
    ] {
        // A line of input, so that each client has something to send.
        let finished = run(lesson02(args), b"egg\nx\n");
        assert_eq!(finished.status.code(), Some(2), "{args:?}: {finished}");
        assert!(finished.err().starts_with(line), "{args:?}: {finished}");
        assert_eq!(finished.out(), "", "{args:?}");
    }
}

#[test]
fn an_address_that_cannot_be_had_is_told_with_the_next_step() {
    let (_taken, addr) = socket();
    for scene in [
        "server",
        "hello-server",
        "chat-server",
        "time-server",
        "broadcast-listen",
    ] {
        let said = run(lesson02(&[scene, "--addr", &addr.to_string()]), b"");
        let line = format!(
            "error: {addr}: already in use: stop the other server or choose a free port, try --addr "
        );
        ended(&said, 1, "", &(line + "127.0.0.1:0\n"));
        // 192.0.2.0/24 is for documentation (RFC 5737); .0 is nobody's.
        let said = run(lesson02(&[scene, "--addr", "192.0.2.0:0"]), b"");
        ended(
            &said,
            1,
            "",
            "error: 192.0.2.0:0: not an address of this machine: try --addr 127.0.0.1:0\n",
        );
    }
}

#[test]
fn a_name_that_does_not_resolve_is_told_before_anything_is_typed() {
    // RFC 6761: nothing is called .invalid.
    for args in [
        &["client"][..],
        &["time"],
        &["hello"],
        &["server"],
        &["broadcast"],
    ] {
        let mut args = args.to_vec();
        args.extend(["--addr", "nosuch.invalid:80"]);
        let finished = run(lesson02(&args), b"");
        assert_eq!(
            (finished.status.code(), finished.out()),
            (Some(1), String::new()),
            "{finished}"
        );
        assert!(
            finished
                .err()
                .starts_with("error: nosuch.invalid:80: no address for this name: "),
            "{finished}"
        );
    }
    let chat = run(
        lesson02(&["chat", "--addr", "nosuch.invalid:80"]),
        b"egg\na\nb\n",
    );
    assert_eq!(
        (
            chat.status.code(),
            chat.err()
                .matches("error: nosuch.invalid:80: no address")
                .count()
        ),
        (Some(1), 2)
    );
}
