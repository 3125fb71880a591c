//! The table of what each call gave, with the names that the same ending has elsewhere.

use std::fmt::Debug;
use std::io;

use crate::scenes::table::Table;

/// What happened, the call that noticed it, what Python makes of it, and Windows' number (from Microsoft's list of Winsock
/// error codes; everything else in the table is seen in the run).
const ENDINGS: &str = "\
the peer closed                | read       | b''                    | 0
the peer closed its half       | read       | b''                    | 0
... and still listens          | write      | 7                      | 7
we closed our half             | write      | BrokenPipeError        | 10058 WSAESHUTDOWN
the peer closed, bytes unread  | read       | ConnectionResetError   | 10054 WSAECONNRESET
the peer closed with linger 0  | read       | ConnectionResetError   | 10054 WSAECONNRESET
the peer is gone, first write  | write      | 5                      | 5
... second write               | write      | BrokenPipeError        | 10053 or 10054
somebody listens there already | bind       | OSError                | 10048 WSAEADDRINUSE
not an address of this machine | bind       | OSError                | 10049 WSAEADDRNOTAVAIL
silence, with a timeout        | read       | TimeoutError           | 10060 WSAETIMEDOUT
nothing yet, non-blocking      | read       | BlockingIOError        | 10035 WSAEWOULDBLOCK
the end after 2 of 5 bytes     | read_exact | b'he', then b''        | 2, then 0
nobody listens there           | connect    | ConnectionRefusedError | 10061 WSAECONNREFUSED
nobody answers                 | connect    | TimeoutError           | 10060 WSAETIMEDOUT";

/// What calls gave, in the order in which they were made.
pub(super) struct Seen {
    pub(super) table: Table,
}

impl Default for Seen {
    fn default() -> Self {
        let head = [
            "what happened",
            "call",
            "Rust",
            "errno",
            "Python",
            "Windows",
        ];
        let table = Table::new(head);
        Self { table }
    }
}

impl Seen {
    /// One row: what happened (its other columns stand in the list above), and what the call gave.
    pub(super) fn saw<T: Debug>(&mut self, what: &str, result: &io::Result<T>) {
        let (rust, errno) = match result {
            Ok(value) => (format!("Ok({value:?})"), None),
            Err(error) => (format!("{:?}", error.kind()), error.raw_os_error()),
        };
        let errno = errno.map_or("-".to_owned(), |number| number.to_string());
        let cells = |line: &'static str| line.split('|').map(str::trim);
        let known = ENDINGS
            .lines()
            .find(|line| cells(line).next() == Some(what));
        let mut known = cells(known.unwrap_or_default()).skip(1);
        let mut next = || known.next().unwrap_or_default().to_owned();
        self.table
            .row([what.to_owned(), next(), rust, errno, next(), next()]);
    }
}
