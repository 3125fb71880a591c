//! The book's ports and the real ones.
//!
//! A chapter shows the port that a reader will see, 8080 for the most part; a test must not use it, because another
//! program may have it. So a server is started on port 0, and from then on its real port is written where the book's
//! stands in arguments, and the other way round in all output. A client of a port at which no server of this chapter
//! runs gets one that is bound and not listening: it is refused, whatever else runs on this machine.

use std::io;

use socket2::{Domain, SockAddr, Socket, Type};

/// Scenes that connect, or send, to the address of their lesson (CONTRACT.md, section 1). Scenes that are named
/// `...server` bind it.
const CLIENTS: [&str; 15] = [
    "client",
    "hello",
    "talk",
    "chat",
    "time",
    "broadcast",
    "run",
    "udp-run",
    "flood",
    "get",
    "put",
    "list",
    "reconnect",
    "udp-client",
    "write",
];

/// Whether this scene binds its address and says `listening on`.
pub(super) fn is_server(scene: &str) -> bool {
    scene.ends_with("server") || scene == "broadcast-listen"
}

/// Where a scene listens, or connects, if nothing else is said.
fn default(lesson: &str, scene: &str) -> (&'static str, u16) {
    match (lesson, scene) {
        ("lesson02", "chat" | "chat-server") => ("127.0.0.1", 8081),
        ("lesson02", "time" | "time-server") => ("127.0.0.1", 9000),
        (_, "broadcast-listen") => ("0.0.0.0", 8080),
        _ => ("127.0.0.1", 8080),
    }
}

/// Which real port stands for which of the book's.
#[derive(Debug, Default)]
pub(super) struct Ports {
    /// (book's, real) of servers that run.
    servers: Vec<(u16, u16)>,
    /// (book's, real) where nobody listens; the socket keeps the port ours.
    nobody: Vec<(u16, u16, Socket)>,
}

impl Ports {
    /// A server has said where it listens. Listeners for broadcasts share a port: it stands here once for each of them.
    pub(super) fn opened(&mut self, book: u16, real: u16) {
        self.servers.push((book, real));
    }

    /// A server has ended.
    pub(super) fn closed(&mut self, book: u16) {
        if let Some(at) = self.servers.iter().position(|&(port, _)| port == book) {
            self.servers.remove(at);
        }
        self.nobody.retain(|&(port, ..)| port != book);
    }

    /// The real port for a client of the book's port.
    fn port_to_connect(&mut self, book: u16) -> io::Result<u16> {
        if let Some((_, real)) = self.all().find(|&(port, _)| port == book) {
            return Ok(real);
        }
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SockAddr::from(std::net::SocketAddr::from((
            [127, 0, 0, 1],
            0,
        ))))?;
        let real = socket
            .local_addr()?
            .as_socket_ipv4()
            .map_or(0, |addr| addr.port());
        self.nobody.push((book, real, socket));
        Ok(real)
    }

    /// The real port for a server that wants the book's port: 0 (any), unless it is to find it taken.
    fn port_to_bind(&self, book: u16) -> u16 {
        self.servers
            .iter()
            .find(|&&(port, _)| port == book)
            .map_or(0, |&(_, real)| real)
    }

    /// Arguments of a lesson's program with real ports; for a server, also the book's port it will be known by.
    ///
    /// # Errors
    /// No port could be had.
    pub(super) fn arguments(
        &mut self,
        lesson: &str,
        args: &[String],
    ) -> io::Result<(Vec<String>, Option<u16>)> {
        let scene = args.first().map(String::as_str).unwrap_or_default();
        let (ours, theirs) = args.split_at(
            args.iter()
                .position(|arg| arg == "--")
                .unwrap_or(args.len()),
        );
        let option = |name: &str| ours.iter().skip_while(move |arg| *arg != name).nth(1);
        let mut ours = ours.to_vec();
        let names_address = option("--addr").is_some() || option("--port").is_some();
        if !names_address
            && (is_server(scene) || CLIENTS.contains(&scene))
            && !ours.iter().any(|arg| arg.contains("://"))
        {
            let (host, port) = default(lesson, scene);
            ours.splice(1..1, ["--addr".to_owned(), format!("{host}:{port}")]);
        }
        let mut book = None;
        let mut before = String::new();
        for arg in &mut ours {
            let at = port_of(arg).filter(|_| before == "--addr" || arg.contains("://"));
            let number = arg.parse().ok().filter(|_| before == "--port");
            before.clone_from(arg);
            let Some(port) = at.or(number).filter(|&port| port != 0) else {
                continue;
            };
            let real = if is_server(scene) {
                book = Some(port);
                self.port_to_bind(port)
            } else {
                self.port_to_connect(port)?
            };
            *arg = if number.is_some() {
                real.to_string()
            } else {
                replaced(arg, port, real)
            };
        }
        ours.extend_from_slice(theirs);
        Ok((ours, book))
    }

    /// The address of a plain program: a server's if it says that it listens, else the one of whoever has 8080.
    pub(super) fn plain_address(&mut self, listening: Option<u16>) -> io::Result<String> {
        let port = match listening {
            Some(book) => self.port_to_bind(book),
            None => self.port_to_connect(8080)?,
        };
        Ok(format!("127.0.0.1:{port}"))
    }

    /// Arguments of a Python program: an argument that is the port `listening` is the port of the server it will be;
    /// one that is a running server's port is that server's.
    pub(super) fn python_arguments(&self, args: &[String], listening: Option<u16>) -> Vec<String> {
        let real = |arg: &String| {
            let port: u16 = arg.parse().ok()?;
            // 0 where no server runs: any port for a server to be, none for a client.
            let real = self.port_to_bind(port);
            (real != 0 || listening == Some(port)).then(|| real.to_string())
        };
        args.iter()
            .map(|arg| real(arg).unwrap_or_else(|| arg.clone()))
            .collect()
    }

    /// Output as the book shows it.
    pub(super) fn shown(&self, text: &str) -> String {
        self.all().fold(text.to_owned(), |text, (book, real)| {
            replaced(&text, real, book)
        })
    }

    /// Whether this is a port of the book.
    pub(super) fn is_book_port(&self, port: u16) -> bool {
        self.all().any(|(book, _)| book == port)
    }

    /// All (book's, real): where servers run first.
    fn all(&self) -> impl Iterator<Item = (u16, u16)> {
        let nobody = self.nobody.iter().map(|&(book, real, _)| (book, real));
        self.servers.iter().copied().chain(nobody)
    }
}

/// The port in `HOST:PORT`, also inside a URL.
pub(super) fn port_of(text: &str) -> Option<u16> {
    let from = text.find("://").map_or(0, |scheme| scheme + 3);
    let host = text.get(from..)?.split('/').next()?;
    host.rsplit_once(':')?.1.parse().ok()
}

/// `:OLD` becomes `:NEW` wherever the number ends there.
fn replaced(text: &str, old: u16, new: u16) -> String {
    let old = format!(":{old}");
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(&old) {
        out.push_str(before);
        let ends = !behind.starts_with(|c: char| c.is_ascii_digit());
        out.push_str(&if ends { format!(":{new}") } else { old.clone() });
        rest = behind;
    }
    out + rest
}

/// A printed line in which the port of a client (no port of the book) is `[..]`.
pub(super) fn without_client_ports(line: &str, is_book_port: impl Fn(u16) -> bool) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("127.0.0.1:") {
        let digits = behind.len()
            - behind
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let (number, after) = behind.split_at(digits);
        let client = number
            .parse()
            .is_ok_and(|port: u16| port > 1023 && !is_book_port(port));
        out.extend([before, "127.0.0.1:", if client { "[..]" } else { number }]);
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[track_caller]
    fn assert_arguments(ports: &mut Ports, lesson: &str, book: &str, real: &str) {
        let (args, _) = ports.arguments(lesson, &words(book)).unwrap();
        assert_eq!(args.join(" "), real, "{book}");
    }

    #[test]
    fn a_server_gets_any_port_and_is_known_by_the_book_s() {
        let mut ports = Ports::default();
        for (line, real, book) in [
            (
                "server --dir x",
                "server --addr 127.0.0.1:0 --dir x",
                Some(8080),
            ),
            (
                "server --addr [::1]:8888",
                "server --addr [::1]:0",
                Some(8888),
            ),
            ("server --port 8001", "server --port 0", Some(8001)),
            (
                "server --addr 127.0.0.1:0",
                "server --addr 127.0.0.1:0",
                None,
            ),
            ("pack I 7", "pack I 7", None),
            ("", "", None),
        ] {
            assert_eq!(
                ports.arguments("lesson05", &words(line)).unwrap(),
                (words(real), book),
                "{line}"
            );
        }
        let (args, book) = ports.arguments("lesson02", &words("chat-server")).unwrap();
        assert_eq!(
            (args.join(" ").as_str(), book),
            ("chat-server --addr 127.0.0.1:0", Some(8081))
        );
    }

    #[test]
    fn a_client_finds_the_server_of_its_port() {
        let mut ports = Ports::default();
        ports.opened(8080, 41000);
        ports.opened(9000, 42000);
        assert_arguments(
            &mut ports,
            "lesson05",
            "get a",
            "get --addr 127.0.0.1:41000 a",
        );
        assert_arguments(
            &mut ports,
            "lesson05",
            "get a --addr localhost:9000",
            "get a --addr localhost:42000",
        );
        assert_arguments(
            &mut ports,
            "lesson02",
            "time",
            "time --addr 127.0.0.1:42000",
        );
        assert_arguments(
            &mut ports,
            "lesson07",
            "get http://127.0.0.1:8080/a:8080",
            "get http://127.0.0.1:41000/a:41000",
        );
        assert_arguments(
            &mut ports,
            "lesson05",
            "run -- echo --addr x:8080",
            "run --addr 127.0.0.1:41000 -- echo --addr x:8080",
        );
    }

    #[test]
    fn a_client_without_a_server_is_refused_at_a_port_that_is_ours() {
        let mut ports = Ports::default();
        let (args, _) = ports.arguments("lesson05", &words("list")).unwrap();
        let real = port_of(&args[2]).unwrap();
        assert!(real != 8080 && real != 0);
        let refused = std::net::TcpStream::connect(("127.0.0.1", real)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(
            ports.shown(&format!("127.0.0.1:{real}: refused")),
            "127.0.0.1:8080: refused"
        );
        ports.opened(8080, 41000);
        assert_arguments(
            &mut ports,
            "lesson05",
            "list",
            "list --addr 127.0.0.1:41000",
        );
    }

    #[test]
    fn a_second_server_finds_the_port_taken_until_the_first_has_ended() {
        let mut ports = Ports::default();
        ports.opened(8080, 41000);
        assert_arguments(
            &mut ports,
            "lesson05",
            "server",
            "server --addr 127.0.0.1:41000",
        );
        ports.closed(8080);
        assert_arguments(
            &mut ports,
            "lesson05",
            "server",
            "server --addr 127.0.0.1:0",
        );
    }

    #[test]
    fn of_two_that_share_a_port_the_second_keeps_it_when_the_first_has_ended() {
        let mut ports = Ports::default();
        ports.opened(8080, 41000);
        assert_arguments(
            &mut ports,
            "lesson02",
            "broadcast-listen",
            "broadcast-listen --addr 0.0.0.0:41000",
        );
        ports.opened(8080, 41000);
        ports.closed(8080);
        assert_eq!(ports.shown("0.0.0.0:41000"), "0.0.0.0:8080");
        ports.closed(8080);
        assert_eq!(ports.shown("0.0.0.0:41000"), "0.0.0.0:41000");
    }

    #[test]
    fn output_shows_the_book_s_ports_and_only_whole_numbers_are_ports() {
        let mut ports = Ports::default();
        ports.opened(8080, 4100);
        assert_eq!(
            ports.shown("127.0.0.1:4100 [::1]:4100: 127.0.0.1:41000 4100"),
            "127.0.0.1:8080 [::1]:8080: 127.0.0.1:41000 4100"
        );
    }

    #[test]
    fn a_python_server_is_given_any_port_and_its_client_the_real_one() {
        let mut ports = Ports::default();
        assert_eq!(
            ports.python_arguments(&words("8080 x"), Some(8080)),
            words("0 x")
        );
        ports.opened(8080, 41000);
        assert_eq!(
            ports.python_arguments(&words("8080 x"), None),
            words("41000 x")
        );
    }

    #[test]
    fn the_port_of_a_client_is_a_gap() {
        assert_eq!(
            without_client_ports("127.0.0.1:40123: 127.0.0.1:8080, 127.0.0.1:", |port| port
                == 8080),
            "127.0.0.1:[..]: 127.0.0.1:8080, 127.0.0.1:"
        );
    }
}
