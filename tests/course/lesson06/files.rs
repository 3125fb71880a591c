//! Lesson 05's files on threads: its own client is the client.

use std::process::Command;

use tests::programs::{Server, program, run};

use super::connect;

#[test]
fn files_go_out_and_in_while_others_are_silent() {
    let (shared, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(shared.path().join("粘包.txt"), "sticky").unwrap();
    std::fs::write(here.path().join("up.txt"), "up").unwrap();
    for wire in ["course", "python"] {
        let args = ["file-server", "--dir", ".", "--wire", wire];
        let server = Server::start("lesson06", &args, shared.path());
        let silent = [connect(&server), connect(&server)];
        let lesson05 = |args: &[&str]| {
            let mut command = Command::new(program("lesson05"));
            command
                .args(args)
                .args(["--addr", &server.addr().to_string()]);
            run(
                {
                    command.current_dir(here.path());
                    command
                },
                b"",
            )
        };
        let finished = lesson05(&["get", "粘包.txt", "--to", "-", "--wire", wire]);
        assert_eq!(
            (finished.out().as_str(), finished.code()),
            ("sticky", 0),
            "{finished}"
        );
        if wire == "course" {
            let finished = lesson05(&["put", "up.txt"]);
            assert_eq!(finished.code(), 0, "{finished}");
            let finished = lesson05(&["list"]);
            assert_eq!(finished.out(), "2\tup.txt\n6\t粘包.txt\n");
        }
        drop(silent);
    }
}
