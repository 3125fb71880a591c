//! A stream that counts the system calls made on it.
//!
//! For tokio a call is one that was answered: those that said "not now", and the waiting in between (`epoll_wait`), are
//! not counted, so the codec's numbers are a little too kind.

use std::cell::Cell;
use std::io::{self, IoSlice, Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use common::Timeouts;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream, and how many calls were made on it.
pub struct Counted<S> {
    stream: S,
    calls: Cell<u64>,
}

impl<S> Counted<S> {
    /// `stream`, without a call so far.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            calls: Cell::new(0),
        }
    }

    /// Calls so far.
    pub fn calls(&self) -> u64 {
        self.calls.get()
    }

    fn count(&self) -> &S {
        self.calls.set(self.calls.get() + 1);
        &self.stream
    }

    fn count_mut(&mut self) -> &mut S {
        self.calls.set(self.calls.get() + 1);
        &mut self.stream
    }
}

impl<S: Read> Read for Counted<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.count_mut().read(out)
    }
}

impl<S: Write> Write for Counted<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.count_mut().write(bytes)
    }

    fn write_vectored(&mut self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        self.count_mut().write_vectored(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush() // nothing to do on a socket
    }
}

impl Timeouts for Counted<TcpStream> {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.count().set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.count().set_write_timeout(left)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = Pin::new(&mut this.stream).poll_read(context, out);
        this.calls
            .set(this.calls.get() + u64::from(read.is_ready()));
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.calls
            .set(this.calls.get() + u64::from(written.is_ready()));
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
