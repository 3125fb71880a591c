//! Every test has its own tree: the shared folder, and a victim beside it that must neither be read nor changed.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

const SECRET: &str = "nobody may read or change this";

struct Tree {
    root: TempDir,
    share: PathBuf,
    victim: PathBuf,
    folder: Folder,
}

impl Tree {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let (share, victim) = (root.path().join("share"), root.path().join("victim"));
        fs::create_dir(&share).unwrap();
        fs::create_dir(&victim).unwrap();
        fs::write(victim.join("secret.txt"), SECRET).unwrap();
        fs::write(share.join("inside.txt"), "inside").unwrap();
        let folder = Folder::open(&share).unwrap();
        Self {
            root,
            share,
            victim,
            folder,
        }
    }

    fn serve(&self, name: &str) -> io::Result<String> {
        let (file, size) = self.folder.serve(&FileName::parse(name)?)?;
        let mut text = String::new();
        file.take(size).read_to_string(&mut text)?;
        assert_eq!(text.len() as u64, size);
        Ok(text)
    }

    fn put(&self, name: &str, text: &str) -> io::Result<()> {
        let mut incoming = self.folder.receive(&FileName::parse(name)?)?;
        incoming.write_all(text.as_bytes())?;
        incoming.commit().map(drop)
    }

    /// All names in the shared folder, as the system sees them.
    fn names(&self) -> Vec<String> {
        names_in(&self.share)
    }

    fn listed(&self) -> Vec<String> {
        let files = self.folder.list(None, usize::MAX).unwrap();
        files.keys().map(|name| name.as_str().to_owned()).collect()
    }

    #[track_caller]
    fn is_no_such_file(&self, name: &str) {
        let error = self.serve(name).expect_err(name);
        assert_eq!(
            (error.kind(), error.to_string()),
            (ErrorKind::NotFound, "no such file".to_owned()),
            "{name}"
        );
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !thread::panicking() {
            assert_eq!(names_in(&self.victim), ["secret.txt"]);
            assert_eq!(
                fs::read_to_string(self.victim.join("secret.txt")).unwrap(),
                SECRET
            );
            assert_eq!(names_in(self.root.path()), ["share", "victim"]);
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn the_files_of_the_folder_are_served_and_nothing_else_is() {
    let tree = Tree::new();
    fs::write(tree.share.join("empty"), "").unwrap();
    fs::write(tree.share.join("粘包.txt"), "粘").unwrap();
    fs::create_dir(tree.share.join("folder")).unwrap();
    fs::write(tree.share.join("folder/deep.txt"), "deep").unwrap();

    assert_eq!(tree.serve("inside.txt").unwrap(), "inside");
    assert_eq!(tree.serve("empty").unwrap(), "");
    assert_eq!(tree.serve("粘包.txt").unwrap(), "粘");
    tree.is_no_such_file("missing");
    tree.is_no_such_file("folder");
    tree.is_no_such_file("%2e%2e");
    for path in [
        "..",
        ".",
        "folder/deep.txt",
        "../victim/secret.txt",
        "/etc/passwd",
        "..\\victim\\secret.txt",
    ] {
        assert_eq!(
            tree.serve(path).unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
        assert_eq!(
            tree.put(path, "x").unwrap_err().kind(),
            ErrorKind::InvalidInput
        );
    }
    assert_eq!(tree.listed(), ["empty", "inside.txt", "粘包.txt"]);
    let files = tree.folder.list(None, usize::MAX).unwrap();
    assert_eq!(files.values().copied().collect::<Vec<_>>(), [0, 6, 3]);
}

#[test]
fn a_folder_that_is_none_is_not_opened() {
    let tree = Tree::new();
    assert_eq!(
        Folder::open(&tree.share.join("missing"))
            .unwrap_err()
            .kind(),
        ErrorKind::NotFound
    );
    assert_eq!(
        Folder::open(&tree.share.join("inside.txt"))
            .unwrap_err()
            .kind(),
        ErrorKind::NotADirectory
    );
}

#[test]
fn the_list_is_sorted_by_bytes_and_has_only_names_that_can_be_asked_for() {
    let tree = Tree::new();
    for name in [
        "b",
        "a",
        "Z",
        "é",
        "~",
        " ",
        "%2e%2e",
        "zz",
        &"n".repeat(255),
    ] {
        fs::write(tree.share.join(name), "").unwrap();
    }
    #[cfg(unix)]
    for name in [
        "new\nline",
        "back\\slash",
        "esc\u{1b}[31m",
        ".receiving-0123456789abcdef.part",
    ] {
        fs::write(tree.share.join(name), "").unwrap();
    }
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt as _;
        fs::write(
            tree.share.join(std::ffi::OsStr::from_bytes(b"latin1-\xe9")),
            "",
        )
        .unwrap();
    }
    let long = "n".repeat(255);
    assert_eq!(
        tree.listed(),
        [
            " ",
            "%2e%2e",
            "Z",
            "a",
            "b",
            "inside.txt",
            &long,
            "zz",
            "~",
            "é"
        ]
    );
}

#[test]
fn a_page_of_the_list_is_what_comes_next() {
    let tree = Tree::new();
    for name in ["d", "b", "a", "c"] {
        fs::write(tree.share.join(name), name).unwrap();
    }
    let page = |after, count| {
        let after = FileName::parse(after).ok();
        let files = tree.folder.list(after.as_ref(), count).unwrap();
        files.keys().map(FileName::as_str).collect::<String>()
    };
    assert_eq!(page("", 2), "ab");
    assert_eq!(page("b", 2), "cd");
    assert_eq!(page("bb", 1), "c");
    assert_eq!(page("d", 2), "inside.txt");
    assert_eq!(page("inside.txt", 2), "");
}

#[test]
fn a_call_that_was_interrupted_is_made_again_and_another_error_is_not() {
    let mut errors = [
        ErrorKind::Interrupted,
        ErrorKind::Interrupted,
        ErrorKind::NotFound,
    ]
    .iter();
    let result: io::Result<()> = retried(|| Err((*errors.next().unwrap()).into()));
    assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_received_file_gets_its_name_when_it_is_whole() {
    let tree = Tree::new();
    let mut incoming = tree
        .folder
        .receive(&FileName::parse("new.txt").unwrap())
        .unwrap();
    incoming.write_all(b"half").unwrap();

    let temporary = tree
        .names()
        .into_iter()
        .find(|name| name.starts_with(".receiving-"))
        .unwrap();
    assert!(!temporary.contains("new"));
    assert!(
        FileName::parse(&temporary).is_err(),
        "it could be asked for"
    );
    assert_eq!(tree.listed(), ["inside.txt"]);
    tree.is_no_such_file("new.txt");

    incoming.write_all(b" whole").unwrap();
    incoming.commit().unwrap();
    assert_eq!(tree.serve("new.txt").unwrap(), "half whole");
    assert_eq!(tree.names(), ["inside.txt", "new.txt"]);
}

#[test]
fn a_dropped_receiver_leaves_the_old_file_and_nothing_else() {
    let tree = Tree::new();
    for name in ["inside.txt", "new.txt"] {
        let mut incoming = tree
            .folder
            .receive(&FileName::parse(name).unwrap())
            .unwrap();
        incoming.write_all(b"half").unwrap();
        drop(incoming);
    }
    assert_eq!(tree.names(), ["inside.txt"]);
    assert_eq!(tree.serve("inside.txt").unwrap(), "inside");
}

#[test]
fn a_name_of_255_bytes_can_be_received() {
    let tree = Tree::new();
    for name in ["n".repeat(255), "粘".repeat(85)] {
        tree.put(&name, "long").unwrap();
        assert_eq!(tree.serve(&name).unwrap(), "long");
    }
}

#[test]
fn a_file_is_replaced_by_a_new_one_and_not_written_into() {
    let tree = Tree::new();
    fs::hard_link(tree.share.join("inside.txt"), tree.share.join("other name")).unwrap();
    fs::hard_link(tree.victim.join("secret.txt"), tree.share.join("hard")).unwrap();
    let (mut old, _) = tree
        .folder
        .serve(&FileName::parse("inside.txt").unwrap())
        .unwrap();
    tree.put("inside.txt", "new").unwrap();
    tree.put("hard", "new").unwrap();
    let mut text = String::new();
    old.read_to_string(&mut text).unwrap();
    assert_eq!(
        text, "inside",
        "a download that has begun goes on with the old file"
    );
    assert_eq!(tree.serve("inside.txt").unwrap(), "new");
    assert_eq!(tree.serve("other name").unwrap(), "inside");
}

#[test]
fn over_a_folder_nothing_is_received() {
    let tree = Tree::new();
    for name in ["empty folder", "full folder"] {
        fs::create_dir(tree.share.join(name)).unwrap();
    }
    fs::write(tree.share.join("full folder/x"), "").unwrap();
    for name in ["empty folder", "full folder"] {
        let error = tree
            .folder
            .receive(&FileName::parse(name).unwrap())
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::IsADirectory, "a folder has this name")
        );
    }
    // Made while the file was arriving.
    let incoming = tree
        .folder
        .receive(&FileName::parse("late").unwrap())
        .unwrap();
    fs::create_dir(tree.share.join("late")).unwrap();
    assert!(incoming.commit().is_err());
    assert_eq!(
        tree.names(),
        ["empty folder", "full folder", "inside.txt", "late"]
    );
}

#[test]
fn of_eight_receivers_of_one_name_one_wins_whole() {
    const BYTES: usize = 300_000;
    let tree = Tree::new();
    let name = FileName::parse("one name").unwrap();
    thread::scope(|scope| {
        for letter in b'a'..=b'h' {
            let (folder, name) = (&tree.folder, &name);
            scope.spawn(move || {
                let mut incoming = folder.receive(name).unwrap();
                for _ in 0..BYTES / 1000 {
                    incoming.write_all(&[letter; 1000]).unwrap();
                }
                incoming.commit().unwrap();
            });
        }
        for _ in 0..50 {
            for (name, size) in tree.folder.list(None, usize::MAX).unwrap() {
                assert!(
                    name.as_str() == "inside.txt" || size as usize == BYTES,
                    "{name:?} of {size} bytes is listed"
                );
            }
        }
    });
    let text = tree.serve("one name").unwrap();
    assert_eq!(text.len(), BYTES);
    assert!(
        text.bytes().all(|byte| byte == text.as_bytes()[0]),
        "two files were mixed"
    );
    assert_eq!(tree.names(), ["inside.txt", "one name"]);
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    /// Links that leave, by every way out we know.
    fn lay_links_that_leave(tree: &Tree) -> Vec<&'static str> {
        let share = |name: &str| tree.share.join(name);
        symlink("../victim/secret.txt", share("to-file")).unwrap();
        symlink("../victim", share("to-folder")).unwrap();
        symlink(tree.victim.join("secret.txt"), share("absolute")).unwrap();
        symlink("to-file", share("chained")).unwrap();
        symlink("to-folder/secret.txt", share("through-folder")).unwrap();
        symlink("../victim/missing", share("dangling-outside")).unwrap();
        symlink("../share/inside.txt", share("out-and-in-again")).unwrap();
        symlink("sub/../../victim/secret.txt", share("climbing")).unwrap();
        // The kernel's own magic link to `/`, and from there to the victim.
        let magic = Path::new("/proc/self/root")
            .join(tree.victim.join("secret.txt").strip_prefix("/").unwrap());
        symlink(magic, share("magic")).unwrap();
        fs::create_dir(share("sub")).unwrap();
        vec![
            "to-file",
            "to-folder",
            "absolute",
            "chained",
            "through-folder",
            "dangling-outside",
            "out-and-in-again",
            "climbing",
            "magic",
        ]
    }

    #[test]
    fn a_link_that_leaves_is_no_such_file_whether_its_target_exists_or_not() {
        let tree = Tree::new();
        for name in lay_links_that_leave(&tree) {
            tree.is_no_such_file(name);
        }
        symlink("missing", tree.share.join("dangling")).unwrap();
        symlink("loop-b", tree.share.join("loop-a")).unwrap();
        symlink("loop-a", tree.share.join("loop-b")).unwrap();
        symlink("sub", tree.share.join("to-inner-folder")).unwrap();
        symlink("inside.txt/x", tree.share.join("through-a-file")).unwrap();
        symlink("n".repeat(300), tree.share.join("too-long")).unwrap();
        for name in [
            "dangling",
            "loop-a",
            "to-inner-folder",
            "through-a-file",
            "too-long",
        ] {
            tree.is_no_such_file(name);
        }
        assert_eq!(tree.listed(), ["inside.txt"]);
    }

    #[test]
    fn a_link_that_stays_inside_is_served_and_not_listed() {
        let tree = Tree::new();
        fs::create_dir(tree.share.join("sub")).unwrap();
        symlink("inside.txt", tree.share.join("link")).unwrap();
        symlink("sub/../link", tree.share.join("around")).unwrap();
        assert_eq!(tree.serve("link").unwrap(), "inside");
        assert_eq!(tree.serve("around").unwrap(), "inside");
        assert_eq!(tree.listed(), ["inside.txt"]);
    }

    #[test]
    fn a_received_file_replaces_the_link_and_not_what_it_points_to() {
        let tree = Tree::new();
        let mut links = lay_links_that_leave(&tree);
        symlink("inside.txt", tree.share.join("link")).unwrap();
        symlink("loop", tree.share.join("loop")).unwrap();
        links.extend(["link", "loop"]);
        for name in links {
            tree.put(name, "new").unwrap();
            assert!(
                fs::symlink_metadata(tree.share.join(name))
                    .unwrap()
                    .is_file(),
                "{name}"
            );
            assert_eq!(tree.serve(name).unwrap(), "new");
        }
        assert_eq!(tree.serve("inside.txt").unwrap(), "inside");
    }

    #[test]
    fn a_name_that_became_a_link_after_the_list_is_not_followed_out() {
        let tree = Tree::new();
        assert_eq!(tree.listed(), ["inside.txt"]);
        fs::remove_file(tree.share.join("inside.txt")).unwrap();
        symlink("../victim/secret.txt", tree.share.join("inside.txt")).unwrap();
        tree.is_no_such_file("inside.txt");
    }

    #[test]
    fn a_name_that_flickers_between_file_and_link_never_shows_the_victim() {
        let tree = Tree::new();
        let (stop, name) = (AtomicBool::new(false), tree.share.join("flicker"));
        fs::write(&name, "inside").unwrap();
        thread::scope(|scope| {
            let _stop_at_the_end = StopWhenDropped(&stop);
            scope.spawn(|| {
                let spare = tree.share.join("spare");
                while !stop.load(Ordering::Relaxed) {
                    symlink("../victim/secret.txt", &spare).unwrap();
                    fs::rename(&spare, &name).unwrap();
                    fs::write(&spare, "inside").unwrap();
                    fs::rename(&spare, &name).unwrap();
                }
            });
            let (mut served, mut refused) = (0, 0);
            while served < 200 || refused < 200 {
                match tree.serve("flicker") {
                    Ok(text) => {
                        assert_eq!(text, "inside");
                        served += 1;
                    }
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
                        refused += 1;
                    }
                }
            }
        });
    }

    #[test]
    fn a_name_that_vanishes_while_the_folder_is_listed_is_left_out_and_the_others_are_not() {
        let tree = Tree::new();
        symlink("nowhere", tree.share.join("broken")).unwrap();
        let (stop, rounds) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            let _stop_at_the_end = StopWhenDropped(&stop);
            scope.spawn(|| {
                let names = (0..100).map(|number| tree.share.join(format!("vanishing {number}")));
                let names = Vec::from_iter(names);
                while !stop.load(Ordering::Relaxed) {
                    names.iter().for_each(|name| fs::write(name, "").unwrap());
                    names.iter().for_each(|name| fs::remove_file(name).unwrap());
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
            });
            while rounds.load(Ordering::Relaxed) < 60 {
                assert_eq!(tree.listed().first().unwrap(), "inside.txt");
            }
        });
    }

    /// A failed assertion must end the other thread too, or the test would hang instead of failing.
    struct StopWhenDropped<'a>(&'a AtomicBool);

    impl Drop for StopWhenDropped<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// A pipe, a socket and, for root, a device.
    fn lay_specials(tree: &Tree) -> Vec<&'static str> {
        let path = |name: &str| tree.share.join(name);
        assert!(
            Command::new("mkfifo")
                .arg(path("pipe"))
                .status()
                .unwrap()
                .success()
        );
        drop(UnixListener::bind(path("socket")).unwrap());
        let mut names = vec!["pipe", "socket"];
        let device = Command::new("mknod")
            .arg(path("zero"))
            .args(["c", "1", "5"])
            .stderr(Stdio::null())
            .status();
        if device.is_ok_and(|status| status.success()) {
            names.push("zero");
        } else {
            cli::log("no device: mknod needs root");
        }
        names
    }

    #[test]
    fn a_pipe_socket_or_device_is_no_such_file_and_nobody_waits_for_it() {
        within_ten_seconds(|| {
            let tree = Tree::new();
            for name in lay_specials(&tree) {
                tree.is_no_such_file(name);
                symlink(name, tree.share.join(format!("to-{name}"))).unwrap();
                tree.is_no_such_file(&format!("to-{name}"));
            }
            assert_eq!(tree.listed(), ["inside.txt"]);
        });
    }

    #[test]
    fn over_a_pipe_socket_or_device_nothing_is_received() {
        within_ten_seconds(|| {
            let tree = Tree::new();
            let late = tree
                .folder
                .receive(&FileName::parse("pipe").unwrap())
                .unwrap();
            for name in lay_specials(&tree) {
                let error = tree
                    .folder
                    .receive(&FileName::parse(name).unwrap())
                    .unwrap_err();
                assert_eq!(error.to_string(), "a pipe, device or socket has this name");
            }
            assert!(
                late.commit().is_err(),
                "the pipe was made while the file was arriving"
            );
            assert!(!fs::metadata(tree.share.join("pipe")).unwrap().is_file());
            assert!(
                !tree
                    .names()
                    .iter()
                    .any(|name| name.starts_with(".receiving-"))
            );
        });
    }

    #[test]
    fn without_permission_a_file_is_neither_read_nor_received() {
        let tree = Tree::new();
        fs::set_permissions(
            tree.share.join("inside.txt"),
            fs::Permissions::from_mode(0o000),
        )
        .unwrap();
        if fs::read(tree.share.join("inside.txt")).is_ok() {
            cli::log("skipped: this user (root?) may read everything");
            return;
        }
        assert_eq!(
            tree.serve("inside.txt").unwrap_err().kind(),
            ErrorKind::PermissionDenied
        );
        fs::set_permissions(&tree.share, fs::Permissions::from_mode(0o555)).unwrap();
        let error = tree.put("new.txt", "x").unwrap_err();
        fs::set_permissions(&tree.share, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert_eq!(tree.names(), ["inside.txt"]);
    }

    fn mode(tree: &Tree, name: &str) -> u32 {
        let metadata = fs::metadata(tree.share.join(name)).unwrap();
        metadata.permissions().mode() & 0o7777
    }

    #[test]
    fn a_file_that_is_replaced_keeps_its_mode_but_no_rights_of_its_owner() {
        let tree = Tree::new();
        let path = tree.share.join("inside.txt");
        for (old, new) in [(0o600, 0o600), (0o440, 0o440), (0o6755, 0o755)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
            let name = FileName::parse("inside.txt").unwrap();
            let mut incoming = tree.folder.receive(&name).unwrap();
            let temporary = tree.names().remove(0);
            assert_eq!(mode(&tree, &temporary), new, "from the first byte on");
            incoming.write_all(b"new").unwrap();
            incoming.commit().unwrap();
            assert_eq!(mode(&tree, "inside.txt"), new, "{old:o}");
        }
        // What a link points to has no say, and a new file gets what any new file gets.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        symlink("inside.txt", tree.share.join("link")).unwrap();
        fs::write(tree.share.join("by std"), "").unwrap();
        for name in ["link", "new"] {
            tree.put(name, "new").unwrap();
            assert_eq!(mode(&tree, name), mode(&tree, "by std"), "{name}");
        }
    }

    #[test]
    fn a_folder_that_may_not_be_read_any_more_has_no_list() {
        let tree = Tree::new();
        let set = |mode| fs::set_permissions(&tree.share, fs::Permissions::from_mode(mode));
        set(0o400).unwrap(); // its names could be read, but it cannot be opened by way of itself
        let allowed = fs::metadata(tree.share.join("inside.txt")).is_ok();
        let listed = tree.folder.list(None, usize::MAX);
        set(0o755).unwrap();
        if allowed {
            cli::log("skipped: this user (root?) may read everything");
            return;
        }
        assert_eq!(listed.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_whose_size_is_said_to_be_0_and_is_not_is_refused_and_an_empty_one_is_served() {
        let tree = Tree::new();
        tree.put("empty", "").unwrap();
        assert_eq!(tree.serve("empty").unwrap(), "");
        let of_the_kernel = Folder::open(Path::new("/proc/self")).unwrap();
        for name in ["status", "cmdline", "maps"] {
            let error = of_the_kernel.serve(&FileName::parse(name).unwrap());
            let error = error.unwrap_err().to_string();
            assert!(
                error.starts_with("its size is not known"),
                "{name}: {error}"
            );
        }
    }

    #[test]
    fn a_file_whose_size_no_header_can_say_is_neither_listed_nor_served() {
        // Few file systems take such a file; the one in memory does.
        let Ok(shared) = tempfile::tempdir_in("/dev/shm") else {
            cli::log("skipped: no /dev/shm");
            return;
        };
        fs::write(shared.path().join("small"), "small").unwrap();
        let (folder, huge) = (
            Folder::open(shared.path()).unwrap(),
            FileName::parse("huge"),
        );
        let file = File::create(shared.path().join("huge")).unwrap();
        for (size, files) in [((1 << 53) - 1, 2), (1 << 53, 1), (i64::MAX as u64, 1)] {
            if file.set_len(size).is_err() {
                cli::log("skipped: no file of 8 PiB can be made");
                return;
            }
            assert_eq!(folder.list(None, usize::MAX).unwrap().len(), files);
            let served = folder.serve(huge.as_ref().unwrap());
            assert_eq!(served.is_ok(), files == 2);
            // A client's own file of this size.
            let sent = size_to_send(File::open(shared.path().join("huge")).unwrap());
            assert_eq!(sent.is_ok(), files == 2);
        }
    }

    #[test]
    fn a_full_disk_is_an_error_of_writing_and_leaves_the_old_file() {
        let root = tempfile::tempdir().unwrap();
        let Some(disk) = SmallDisk::mount(root.path()) else {
            cli::log("skipped: only root can mount a file system of 1 MiB");
            return;
        };
        fs::write(disk.0.join("file"), "old").unwrap();
        let folder = Folder::open(&disk.0).unwrap();
        let mut incoming = folder.receive(&FileName::parse("file").unwrap()).unwrap();
        let source = io::repeat(7);
        let result = {
            let mut source = source.take(4 << 20);
            crate::copy_hashed_beside(
                |room| source.read(room),
                |block| incoming.write_all(block),
                4 << 20,
                |_| (),
            )
        };
        let Err(crate::CopyError::Write { taken, error }) = result else {
            panic!("not an error of writing: {result:?}");
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert!((512 * 1024..=1_300_000).contains(&taken), "{taken}");
        drop(incoming);
        assert_eq!(names_in(&disk.0), ["file"]);
        assert_eq!(fs::read_to_string(disk.0.join("file")).unwrap(), "old");
        drop(folder);
    }

    struct SmallDisk(PathBuf);

    impl SmallDisk {
        fn mount(at: &Path) -> Option<Self> {
            let mount = Command::new("mount")
                .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
                .arg(at)
                .stderr(Stdio::null())
                .status();
            mount
                .is_ok_and(|status| status.success())
                .then(|| Self(at.to_owned()))
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            // Lazily, so that an open file of a failed test does not keep it.
            let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        }
    }

    const CHILD: &str = "LESSON05_RECEIVE_UNTIL_KILLED";

    /// Not a test of its own: what the next two start and end by a signal.
    #[test]
    fn a_child_that_receives_until_it_is_killed() {
        let Some(folder) = std::env::var_os(CHILD) else {
            return;
        };
        let mut incoming = Folder::open(Path::new(&folder))
            .unwrap()
            .receive(&FileName::parse("inside.txt").unwrap())
            .unwrap();
        incoming.write_all(b"half").unwrap();
        io::stderr().write_all(b"half written\n").unwrap();
        let _ = io::stdin().read(&mut [0]); // the parent keeps it open
    }

    /// Starts the child on `tree`, sends it `signal` in the middle of a file, and returns how it ended.
    fn receive_until(signal: &str, tree: &Tree) -> std::process::ExitStatus {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["a_child_that_receives_until_it_is_killed", "--nocapture"])
            .env(CHILD, &tree.share)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = [0; 12];
        child
            .stderr
            .as_mut()
            .unwrap()
            .read_exact(&mut line)
            .unwrap();
        assert_eq!(&line, b"half written");
        assert_eq!(tree.names().len(), 2);
        assert!(
            Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
        let stdin = child.stdin.take();
        let status = child.wait().unwrap();
        drop(stdin);
        status
    }

    #[test]
    fn ctrl_c_in_the_middle_of_a_file_leaves_the_old_one_and_nothing_else() {
        let tree = Tree::new();
        assert_eq!(receive_until("-INT", &tree).code(), Some(130));
        assert_eq!(tree.names(), ["inside.txt"]);
        assert_eq!(tree.serve("inside.txt").unwrap(), "inside");
    }

    #[test]
    fn a_kill_in_the_middle_of_a_file_leaves_the_old_one_and_a_name_that_nobody_can_ask_for() {
        let tree = Tree::new();
        assert_eq!(receive_until("-KILL", &tree).code(), None);
        assert_eq!(tree.serve("inside.txt").unwrap(), "inside");
        assert_eq!(tree.listed(), ["inside.txt"]);
        assert!(
            tree.names()
                .iter()
                .all(|name| name == "inside.txt" || FileName::parse(name).is_err())
        );
        tree.put("inside.txt", "new").unwrap();
        assert_eq!(tree.serve("inside.txt").unwrap(), "new");
    }
}

/// Runs `test` and fails when it is not done in time: what waits for a pipe would wait for ever.
#[cfg(unix)]
fn within_ten_seconds(test: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    let running = thread::spawn(move || {
        test();
        let _ = done.send(());
    });
    if wait.recv_timeout(Duration::from_secs(10)) == Err(mpsc::RecvTimeoutError::Timeout) {
        panic!("still waiting after 10 s");
    }
    running.join().unwrap();
}
