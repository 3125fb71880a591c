//! Exercise 07.1, the start: a server with one page. `GET /add?a=2&b=3` is to answer `5` and a line feed; whatever cannot be
//! added, 400. Every other path stays 404, and `/` stays `hello`.
//!
//! Run it: `cargo run -p lesson07 --example l07_route_start -- 8080`
//! Judge it: `cargo run -p check 07.1 cargo run -q -p lesson07 --example l07_route_start -- {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use lesson06::ThreadingTcpServer;
use lesson07::{Request, Response, Server, Service, lingering_close};

struct Site;

impl Service for Site {
    fn answer(&self, request: &Request, _body: &mut dyn Read) -> io::Result<Response> {
        match (request.method.as_str(), request.path()) {
            ("GET", "/") => Ok(Response::text(200, "hello\n")),
            _ => Ok(Response::status(404)),
        }
    }
}

fn main() -> io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let (server, site) = (listen(port.unwrap_or(8080))?, Server::new(Site));
    server.serve_forever(&|stream: &TcpStream, _: SocketAddr| {
        let end = site.serve(stream, &mut |_| {});
        lingering_close(stream, &end);
        end.map(drop)
    });
    Ok(())
}

fn listen(port: u16) -> io::Result<ThreadingTcpServer> {
    ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)
}
