//! The table of what each call gave, with the names that the same ending has elsewhere.

use std::fmt::Debug;
use std::io;

pub(super) const HEAD: &str = "what happened                  call        Rust               errno  Python                  Windows\n";

/// What happened, the call that noticed it; then, after what it gave, what Python makes of it, and Windows' number (from
/// Microsoft's list of Winsock error codes; everything else in the table is seen in the run).
const ENDINGS: &str = "\
the peer closed                read        | b''                     0
the peer closed its half       read        | b''                     0
... and still listens          write       | 7                       7
we closed our half             write       | BrokenPipeError         10058
the peer closed, bytes unread  read        | ConnectionResetError    10054
the peer closed with linger 0  read        | ConnectionResetError    10054
the peer is gone, first write  write       | 5                       5
... once its RST has come      write       | BrokenPipeError         10054
somebody listens there         bind        | OSError                 10048
not an address of ours         bind        | OSError                 10049
silence, with a timeout        read        | TimeoutError            10060
nothing yet, non-blocking      read        | BlockingIOError         10035
the end after 2 of 5 bytes     read_exact  | b'he', then b''         2, 0
nobody listens there           connect     | ConnectionRefusedError  10061
nobody answers                 connect     | TimeoutError            10060";

/// What calls gave, in the order in which they were made.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) rows: String,
}

impl Seen {
    /// One more row: what happened, by its name in the list above, and what the call gave.
    pub(super) fn saw<T: Debug>(&mut self, what: &str, result: &io::Result<T>) {
        let (rust, errno) = match result {
            Ok(value) => (format!("Ok({value:?})"), None),
            Err(error) => (format!("{:?}", error.kind()), error.raw_os_error()),
        };
        let errno = errno.map_or("-".to_owned(), |number| number.to_string());
        let name = format!("{what}  ");
        let mut list = ENDINGS.lines().filter_map(|line| line.split_once("| "));
        let row = list.find(|(call, _)| call.starts_with(&name));
        let (call, elsewhere) = row.unwrap_or_default();
        self.rows += &format!("{call:<43}{rust:<19}{errno:<7}{elsewhere}\n");
    }
}
