//! The table of what each call gave, with the names that the same ending has elsewhere.

use std::fmt::Debug;
use std::io::{self, Write};

use crate::table::Table;

/// What calls gave, in the order in which they were made.
#[derive(Debug, Default)]
pub(super) struct Seen {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    what: &'static str,
    call: &'static str,
    rust: String,
    /// The system's number for the error: errno.
    number: Option<i32>,
    python: &'static str,
    windows: &'static str,
}

impl Seen {
    /// What happened, the call that noticed it, what it gave, what Python makes of it, and Windows' number (from
    /// Microsoft's list of Winsock error codes; everything else in the row was seen in this run).
    pub(super) fn saw<T: Debug>(
        &mut self,
        what: &'static str,
        call: &'static str,
        result: &io::Result<T>,
        python: &'static str,
        windows: &'static str,
    ) {
        let (rust, number) = match result {
            Ok(value) => (format!("Ok({value:?})"), None),
            Err(error) => (format!("{:?}", error.kind()), error.raw_os_error()),
        };
        self.rows.push(Row {
            what,
            call,
            rust,
            number,
            python,
            windows,
        });
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = Table::new([
            "what happened",
            "call",
            "Rust",
            "errno",
            "Python",
            "Windows",
        ]);
        for row in &self.rows {
            let number = row
                .number
                .map_or("-".to_owned(), |number| number.to_string());
            let texts = [
                row.what,
                row.call,
                &row.rust,
                &number,
                row.python,
                row.windows,
            ];
            table.row(texts.map(str::to_owned));
        }
        table.write(out)
    }
}
