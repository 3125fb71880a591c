//! Never a byte from outside the folder, never a wait.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::{Site, write};

/// ```text
/// victim/secret.txt
/// root/hello.txt  inside/a.txt  out.txt ▶ victim/secret.txt  out/ ▶ victim  in.txt ▶ inside/a.txt  pipe  %2e%2e/b.txt
/// ```
fn tree(args: &[&str]) -> Site {
    let site = Site::new(args);
    let (root, victim) = (&site.root, site.around.path().join("victim"));
    fs::create_dir(&victim).unwrap();
    write(&victim, "secret.txt", "secret");
    fs::create_dir(root.join("inside")).unwrap();
    write(&root.join("inside"), "a.txt", "inside");
    symlink(victim.join("secret.txt"), root.join("out.txt")).unwrap();
    symlink("../victim/secret.txt", root.join("out2.txt")).unwrap();
    symlink(&victim, root.join("out")).unwrap();
    symlink("inside/a.txt", root.join("in.txt")).unwrap();
    symlink("../in.txt", root.join("inside/up.txt")).unwrap();
    symlink("round", root.join("round")).unwrap();
    symlink("nowhere", root.join("dangling")).unwrap();
    fs::create_dir(root.join("%2e%2e")).unwrap();
    write(&root.join("%2e%2e"), "b.txt", "not up");
    let made = Command::new("mkfifo").arg(root.join("pipe")).status();
    assert!(made.unwrap().success());
    site
}

/// Each names, in its way, what lies outside.
fn climbing(site: &Site) -> Vec<String> {
    let victim = site.around.path().join("victim/secret.txt");
    let absolute = victim.to_str().unwrap();
    let mut targets: Vec<_> = [
        "/../victim/secret.txt",
        "/%2e%2e/victim/secret.txt",
        "/%2E%2E/victim/secret.txt",
        "/.%2e/victim/secret.txt",
        "/..%2fvictim%2fsecret.txt",
        "/..%2Fvictim/secret.txt",
        "/%2e%2e%2fvictim/secret.txt",
        "/%252e%252e/victim/secret.txt",
        "/%252e%252e%252fvictim%252fsecret.txt",
        "/..%5cvictim%5csecret.txt",
        "/..\\victim\\secret.txt",
        "/inside/../../victim/secret.txt",
        "/inside/%2e%2e/%2e%2e/victim/secret.txt",
        "/./../victim/secret.txt",
        "/....//victim/secret.txt",
        "/..;/victim/secret.txt",
        "/%c0%ae%c0%ae/victim/secret.txt",
        "/%u002e%u002e/victim/secret.txt",
        "/out.txt",
        "/out2.txt",
        "/out/secret.txt",
        "/out/",
        "/out",
        "/hello.txt%00.jpg",
        "/%00",
        "/hello.txt/",
        "/hello.txt/.",
        "/pipe",
        "/pipe/",
        "/round",
        "/dangling",
        "/inside//a.txt",
        "http://localhost/../victim/secret.txt",
    ]
    .map(str::to_owned)
    .into();
    targets.push(absolute.to_owned());
    targets.push(format!("/{absolute}"));
    targets.push(absolute.replace('/', "%2f"));
    targets.push(format!("/{}", absolute.replace('/', "%2F")));
    targets
}

#[test]
fn nothing_outside_the_folder_is_ever_read_and_nothing_waits() {
    let site = tree(&[]);
    for target in climbing(&site) {
        for method in ["GET", "HEAD"] {
            let answer = site.ask(method, &target, &[], b"");
            // A target that does not begin with a slash is refused before it is a path.
            let wanted = if target.starts_with('%') {
                &[400][..]
            } else {
                &[403, 404]
            };
            assert!(
                wanted.contains(&answer.status),
                "{method} {target}: {answer:?}"
            );
            assert!(!answer.text().contains("secret"), "{method} {target}");
        }
    }
    assert_eq!(site.get("/in.txt", &[]).text(), "inside");
    assert_eq!(
        site.get("/inside/up.txt", &[]).text(),
        "inside",
        "a link that stays inside"
    );
    assert_eq!(
        site.get("/%252e%252e/b.txt", &[]).text(),
        "not up",
        "decoded once"
    );
    let listing = site.get("/", &[]).text();
    for name in ["out", "pipe", "round", "in.txt"] {
        assert!(!listing.contains(&format!("\"{name}")), "{listing}");
    }
}

#[test]
fn nothing_outside_the_folder_is_ever_written() {
    let site = tree(&["--upload"]);
    for target in climbing(&site) {
        let is_a_link =
            ["/out.txt", "/out2.txt", "/out", "/round", "/dangling"].contains(&&*target);
        if is_a_link || target.starts_with("/%252e%252e%252f") {
            continue; // a link is replaced, below; the other is a name with many percent signs in it
        }
        let answer = site.ask("PUT", &target, &[], b"mine");
        assert!((400..500).contains(&answer.status), "{target}: {answer:?}");
    }
    for (name, status) in [
        ("out.txt", 204),
        ("out", 204),
        ("round", 204),
        ("inside", 409),
        ("pipe", 403),
    ] {
        let answer = site.ask("PUT", &format!("/{name}"), &[], b"mine");
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
    let victim = site.around.path().join("victim");
    assert_eq!(fs::read(victim.join("secret.txt")).unwrap(), b"secret");
    assert_eq!(fs::read_dir(&victim).unwrap().count(), 1);
    assert_eq!(fs::read_dir(site.around.path()).unwrap().count(), 2);
    assert_eq!(site.read("out.txt"), b"mine");
    assert_eq!(site.get("/out", &[]).text(), "mine");
}

#[test]
fn what_the_system_forbids_is_403() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(&[]);
    let closed = site.root.join("closed.txt");
    write(&site.root, "closed.txt", "closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&closed).is_err() {
        assert_eq!(site.get("/closed.txt", &[]).status, 403); // root may read everything
    }
}
