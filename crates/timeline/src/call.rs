//! What a side can do, and in which direction that points.

/// What a side did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// Opens a connection.
    Connect,
    /// Takes a connection from the queue.
    Accept,
    /// Bytes from a stream (or its end).
    Read,
    /// Bytes into a stream.
    Write,
    /// One datagram on its way.
    Send,
    /// One datagram received.
    Receive,
    /// Half-close: no more bytes from this side (FIN), reading goes on.
    ShutdownWrite,
    /// Both directions at once (FIN).
    ShutdownBoth,
    /// Gives the socket back (FIN, unless one was sent before).
    Close,
    /// The connection is torn down (RST).
    Reset,
    /// Something else a side did, in the program's own words.
    Note,
    /// Nothing that a side did: a heading over the rows that follow.
    Title,
    /// Any other call, by its name: `bind`.
    Other(&'static str),
}

impl Call {
    /// The name in drawings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Read => "read",
            Self::Write => "write",
            Self::Send => "send",
            Self::Receive => "receive",
            Self::ShutdownWrite => "half-close",
            Self::ShutdownBoth => "shutdown",
            Self::Close => "close",
            Self::Reset => "reset",
            Self::Note => "note",
            Self::Title => "title",
            Self::Other(name) => name,
        }
    }

    /// Whether something leaves for the other side: such a call takes its place in the order before it is made.
    pub(crate) fn leaves(self) -> bool {
        self.ends() || matches!(self, Self::Connect | Self::Write | Self::Send)
    }

    /// Whether something of the other side arrives: such a call is recorded when it has come back.
    pub(crate) fn arrives(self) -> bool {
        matches!(self, Self::Accept | Self::Read | Self::Receive)
    }

    /// Whether no more bytes come from this side afterwards.
    pub(crate) fn ends(self) -> bool {
        matches!(
            self,
            Self::ShutdownWrite | Self::ShutdownBoth | Self::Close | Self::Reset
        )
    }

    /// Whether the call moves bytes.
    pub(crate) fn moves_bytes(self) -> bool {
        matches!(self, Self::Read | Self::Write | Self::Send | Self::Receive)
    }
}
