//! Exercise 07.1, one solution: the parameters stand in the query, in any order.
//!
//! Run it: `cargo run -p lesson07 --example l07_route_solution -- 8080`
//! Judge it: `cargo run -p check 07.1 cargo run -q -p lesson07 --example l07_route_solution -- {port}`
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
            ("GET", "/add") => match sum(request.query().unwrap_or_default()) {
                Some(sum) => Ok(Response::text(200, format!("{sum}\n"))),
                None => Ok(Response::status(400)),
            },
            _ => Ok(Response::status(404)),
        }
    }
}

/// `a=2&b=3`. None: one is missing, is no number, or the sum is too large.
fn sum(query: &str) -> Option<i64> {
    let value = |name: &str| -> Option<i64> {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(key, _)| *key == name);
        values.next()?.1.parse().ok()
    };
    value("a")?.checked_add(value("b")?)
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
