//! `nagle`: what Nagle's algorithm and the delayed ACK really do. Sticking does not need them; what they cost is time.
//!
//! ```text
//! client  write "head" ─────▶            Nagle: while a small segment is not acknowledged, hold the next one back
//!         write "body"  (held)
//!                              server    has "head", wants more, and delays its ACK (up to 40 ms on Linux) to send it
//!                                        along with an answer that it cannot give yet
//!         ◀──────────── ACK    after the delay
//!         "body" leaves ─────▶           now the answer can come
//! ```
//!
//! RFC 896 is Nagle, RFC 1122 section 4.2.3.2 the delayed ACK. Each is sensible alone.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use timeline::Recorder;

use super::{recorded_pair, together};

const EXCHANGES: u32 = 20;

/// Twenty requests of two small writes and an answer each, with and without Nagle's algorithm.
///
/// # Errors
/// A socket failed.
pub fn nagle(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let mut table = format!("{EXCHANGES} requests and answers     all together\n");
    for (name, nodelay, writes) in [
        ("two writes, Nagle on", false, &["head", "body"][..]),
        ("two writes, TCP_NODELAY", true, &["head", "body"]),
        ("one write, Nagle on", false, &["headbody"]),
    ] {
        recorder.turn();
        recorder.note("client", name);
        let [mut client, mut server] = recorded_pair(listener, recorder, ["client", "server"])?;
        client.set_nodelay(nodelay)?;
        let answering = move || -> io::Result<()> {
            for _ in 0..EXCHANGES {
                server.read_exact(&mut [0; 8])?;
                server.write_all(b"ok")?;
            }
            Ok(())
        };
        let asking = move || -> io::Result<Duration> {
            let started = Instant::now();
            for _ in 0..EXCHANGES {
                for write in writes {
                    client.write_all(write.as_bytes())?;
                }
                client.read_exact(&mut [0; 2])?;
            }
            Ok(started.elapsed())
        };
        let (answered, took) = together(answering, asking)?;
        let took = answered.and(took)?;
        table += &format!("{name:<27} {:>9.1} ms\n", took.as_secs_f64() * 1000.0);
    }
    Ok(table)
}
