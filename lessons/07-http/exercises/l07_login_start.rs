//! Exercise 07.5, the start: a login. `GET /login` is a page with a form. `POST /login` gets what the form sends,
//! `user=ann&password=open+sesame%21`: that is the user `ann` with the password `open sesame!`, and is to be answered
//! `welcome ann` and a line feed. Anybody else gets 403.
//!
//! This one has the page, and believes that a form's values arrive as they were typed.
//!
//! Run it: `cargo run -p lesson07 --example l07_login_start -- 8080`
//! Judge it: `cargo run -p check 07.5 cargo run -q -p lesson07 --example l07_login_start -- {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};

use lesson06::ThreadingTcpServer;
use lesson07::{Request, Response, Server, Service, lingering_close};

const PAGE: &str = "<!doctype html><title>login</title>
<form method=post action=/login>
<input name=user> <input name=password type=password> <button>log in</button>
</form>";

struct Site;

impl Service for Site {
    fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
        match (request.method.as_str(), request.path()) {
            ("GET", "/login") => Ok(Response::html(200, PAGE)),
            ("POST", "/login") => {
                let mut form = [0; 1024];
                let count = body.read(&mut form)?;
                let form = String::from_utf8_lossy(form.get(..count).unwrap_or_default());
                match form == "user=ann&password=open sesame!" {
                    true => Ok(Response::text(200, "welcome ann\n")),
                    false => Ok(Response::status(403)),
                }
            }
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
