//! Over loopback: a sender on one thread, a receiver on another, a TCP connection between them.
//!
//! | row | what is measured |
//! |---|---|
//! | `raw` | the payloads alone, in writes of 256 KiB and reads of up to 256 KiB: the floor |
//! | `marker`, `text`, `size`, `header` | messages queued one by one, as lesson 04's loop sends and reads them |
//! | `header, each written` | a write for each message |
//! | `naive` | the twenty plain lines: two writes, two reads and a fresh vector for each message |
//! | `codec` | `FramedWrite` and `FramedRead` as tokio-util makes them, a runtime of one thread at each end |
//! | `codec, 256 KiB` | the same with buffers of 256 KiB |
//!
//! A row that makes a system call for each message gets fewer of them, so that a round stays short.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use benches::{
    BLOCK, Counted, Measured, Row, Table, length_codec, look, message, naive, seen_in_all,
};
use cli::Wire;
use common::Framing;
use futures_util::{SinkExt, StreamExt};
use lesson04::{FixedHeader, FramingChoice, MessageStream, Times};
use tokio::runtime::{Builder, Runtime};
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::Effort;

/// One way over the connection.
trait Way: Sync {
    /// Makes a system call for each message.
    fn calls_often(&self) -> bool {
        false
    }

    /// Sends the payload so many times; the system calls it took.
    fn send(&self, stream: TcpStream, payload: &[u8], messages: usize) -> io::Result<u64>;

    /// Receives so many; what was seen in them, and the system calls it took.
    fn receive(&self, stream: TcpStream, size: usize, messages: usize) -> io::Result<(u64, u64)>;
}

pub(crate) fn table(size: usize, effort: Effort) -> io::Result<Table> {
    let payload = message(size);
    let payload = payload.as_slice();
    let mut ways: Vec<(&'static str, Box<dyn Way>)> = vec![("raw", Box::new(Raw))];
    for (name, choice) in [
        ("marker", FramingChoice::Delimiter),
        ("text", FramingChoice::Text),
        ("size", FramingChoice::Size),
    ] {
        let framing = choice.framing(Wire::Course);
        if framing.encode(payload, &mut Vec::new()).is_ok() {
            ways.push((
                name,
                Box::new(Ours {
                    framing: move || choice.framing(Wire::Course),
                    each: false,
                }),
            ));
        }
    }
    ways.push((
        "header",
        Box::new(Ours {
            framing: FixedHeader::course,
            each: false,
        }),
    ));
    ways.push((
        "header, each written",
        Box::new(Ours {
            framing: FixedHeader::course,
            each: true,
        }),
    ));
    ways.push(("naive", Box::new(Naive)));
    ways.push(("codec", Box::new(Codec { buffer: None })));
    ways.push((
        "codec, 256 KiB",
        Box::new(Codec {
            buffer: Some(BLOCK),
        }),
    ));

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let listener = &listener;
    let row = |(name, way): (&'static str, Box<dyn Way>)| {
        let bytes = effort.bytes.min(size << 20); // a million small messages are enough
        let messages = if way.calls_often() {
            (bytes / size).min(20_000)
        } else {
            bytes / size
        };
        let batch = move || batch(listener, &*way, payload, messages);
        Row {
            name,
            batch: Box::new(batch),
        }
    };
    Table::measure(ways.into_iter().map(row).collect(), effort.rounds)
}

/// One connection, from the moment both ends are ready to the last message seen.
fn batch(
    listener: &TcpListener,
    way: &dyn Way,
    payload: &[u8],
    messages: usize,
) -> io::Result<Measured> {
    let sender = TcpStream::connect(listener.local_addr()?)?;
    let (receiver, _) = listener.accept()?;
    sender.set_nodelay(true)?;
    thread::scope(|scope| {
        let (go, wait) = mpsc::channel();
        let sent = scope.spawn(move || {
            wait.recv().map_err(io::Error::other)?;
            way.send(sender, payload, messages)
        });
        let start = Instant::now();
        go.send(()).map_err(io::Error::other)?;
        let (seen, calls_in) = way.receive(receiver, payload.len(), messages)?;
        let time = start.elapsed();
        let calls_out = sent
            .join()
            .map_err(|_| io::Error::other("the sender panicked"))??;
        assert_eq!(seen, seen_in_all(payload, messages));
        Ok(Measured {
            messages: messages as u64,
            time,
            calls: Some([calls_out, calls_in]),
        })
    })
}

struct Raw;

impl Way for Raw {
    fn send(&self, stream: TcpStream, payload: &[u8], messages: usize) -> io::Result<u64> {
        let mut stream = Counted::new(stream);
        let block = payload.repeat((BLOCK / payload.len()).min(messages));
        let mut left = payload.len() * messages;
        while left > 0 {
            let now = left.min(block.len());
            stream.write_all(block.get(..now).unwrap_or_default())?;
            left -= now;
        }
        Ok(stream.calls())
    }

    fn receive(&self, stream: TcpStream, size: usize, messages: usize) -> io::Result<(u64, u64)> {
        let mut stream = Counted::new(stream);
        let (mut block, mut waiting, mut left, mut seen) = (vec![0; BLOCK], 0, messages, 0_u64);
        while left > 0 {
            let count = stream.read(block.get_mut(waiting..).unwrap_or_default())?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            waiting += count;
            let whole = waiting - waiting % size;
            let payloads = block.get(..whole).unwrap_or_default().chunks_exact(size);
            left -= payloads.len();
            seen = payloads.map(look).fold(seen, u64::wrapping_add);
            block.copy_within(whole..waiting, 0);
            waiting -= whole;
        }
        Ok((seen, stream.calls()))
    }
}

/// Lesson 04's loop, with the framing that `framing` makes.
struct Ours<M> {
    framing: M,
    /// A write for each message.
    each: bool,
}

impl<F: Framing, M: Fn() -> F + Sync> Way for Ours<M> {
    fn calls_often(&self) -> bool {
        self.each
    }

    fn send(&self, stream: TcpStream, payload: &[u8], messages: usize) -> io::Result<u64> {
        let mut stream =
            MessageStream::new(Counted::new(stream), (self.framing)(), Times::default());
        for _ in 0..messages {
            if self.each {
                stream.write_message(payload)?
            } else {
                stream.queue_message(payload)?
            }
        }
        stream.flush()?;
        Ok(stream.get_ref().calls())
    }

    fn receive(&self, stream: TcpStream, _size: usize, messages: usize) -> io::Result<(u64, u64)> {
        let mut stream =
            MessageStream::new(Counted::new(stream), (self.framing)(), Times::default());
        let mut seen = 0_u64;
        for _ in 0..messages {
            seen = seen.wrapping_add(look(stream.read_answer()?));
        }
        Ok((seen, stream.get_ref().calls()))
    }
}

struct Naive;

impl Way for Naive {
    fn calls_often(&self) -> bool {
        true
    }

    fn send(&self, stream: TcpStream, payload: &[u8], messages: usize) -> io::Result<u64> {
        let mut stream = Counted::new(stream);
        (0..messages).try_for_each(|_| naive::write_message(&mut stream, payload))?;
        Ok(stream.calls())
    }

    fn receive(&self, stream: TcpStream, _size: usize, messages: usize) -> io::Result<(u64, u64)> {
        let (mut stream, mut seen) = (Counted::new(stream), 0_u64);
        for _ in 0..messages {
            seen = seen.wrapping_add(look(&naive::read_message(&mut stream)?));
        }
        Ok((seen, stream.calls()))
    }
}

/// tokio-util's codec, with its own buffers (8 KiB) or larger ones.
struct Codec {
    buffer: Option<usize>,
}

impl Codec {
    fn runtime(stream: TcpStream) -> io::Result<(Runtime, Counted<tokio::net::TcpStream>)> {
        stream.set_nonblocking(true)?;
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let stream = runtime.block_on(async { tokio::net::TcpStream::from_std(stream) })?;
        Ok((runtime, Counted::new(stream)))
    }
}

impl Way for Codec {
    fn send(&self, stream: TcpStream, payload: &[u8], messages: usize) -> io::Result<u64> {
        let (runtime, stream) = Self::runtime(stream)?;
        let mut framed = FramedWrite::new(stream, length_codec());
        if let Some(buffer) = self.buffer {
            framed.set_backpressure_boundary(buffer);
        }
        let payload = Bytes::copy_from_slice(payload);
        runtime.block_on(async {
            for _ in 0..messages {
                framed.feed(payload.clone()).await?;
            }
            SinkExt::<Bytes>::flush(&mut framed).await
        })?;
        Ok(framed.get_ref().calls())
    }

    fn receive(&self, stream: TcpStream, _size: usize, messages: usize) -> io::Result<(u64, u64)> {
        let (runtime, stream) = Self::runtime(stream)?;
        let mut framed = match self.buffer {
            Some(buffer) => FramedRead::with_capacity(stream, length_codec(), buffer),
            None => FramedRead::new(stream, length_codec()),
        };
        runtime.block_on(async {
            let mut seen = 0_u64;
            for _ in 0..messages {
                let payload = framed.next().await.ok_or(io::ErrorKind::UnexpectedEof)??;
                seen = seen.wrapping_add(look(&payload));
            }
            Ok((seen, framed.get_ref().calls()))
        })
    }
}
