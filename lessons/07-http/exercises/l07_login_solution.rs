//! Exercise 07.5, one solution: all of the body, then split, then decoded. In a form `+` is a blank, and `%21` is a byte in hex
//! (WHATWG URL, section 5.1). Split first: a `&` in a password travels as `%26`.
//!
//! Run it: `cargo run -p lesson07 --example l07_login_solution -- 8080`
//! Judge it: `cargo run -p check 07.5 cargo run -q -p lesson07 --example l07_login_solution -- {port}`
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
                let mut form = String::new();
                body.take(8192).read_to_string(&mut form)?;
                let ann = value(&form, "user").as_deref() == Some("ann");
                match ann && value(&form, "password").as_deref() == Some("open sesame!") {
                    true => Ok(Response::text(200, "welcome ann\n")),
                    false => Ok(Response::status(403)),
                }
            }
            _ => Ok(Response::status(404)),
        }
    }
}

/// The value under a name, as it was typed.
fn value(form: &str, name: &str) -> Option<String> {
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    let (mut bytes, mut rest) = (Vec::new(), value.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
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
