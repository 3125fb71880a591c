//! The letters of a format: what each one is, how large, and where its bytes lie.
//!
//! ```text
//! format = [ order ] *( [ count ] letter / white space )
//!
//! order          bytes of a number   sizes      padding
//! @ (or none)    as this machine     native     each item at a multiple of its size
//! =              as this machine     standard   none
//! <              least first         standard   none
//! > or !         most first          standard   none      ("!" is network order)
//! ```
//!
//! A count repeats a letter (`3i` is `iii`), except before `s`, where it is the size of one item. "This machine" is
//! always a PC here (x86-64, Linux), so that a lesson shows the same bytes everywhere.
//!
//! Left out: `n N P` (sizes of a machine), `e` (half a float), `p` (Pascal's strings).

/// The most bytes of one struct. Python would try to take as much memory as the count says.
pub const SIZE_LIMIT: usize = 1_048_576;

/// What a letter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Pad,
    Char,
    Bytes,
    Bool,
    Signed,
    Unsigned,
    Float,
}

/// Letter, what it is, its standard size, its native size on a PC. Only `l` and `L` have two.
const LETTERS: [(char, Kind, usize, usize); 16] = [
    ('x', Kind::Pad, 1, 1),
    ('c', Kind::Char, 1, 1),
    ('b', Kind::Signed, 1, 1),
    ('B', Kind::Unsigned, 1, 1),
    ('?', Kind::Bool, 1, 1),
    ('h', Kind::Signed, 2, 2),
    ('H', Kind::Unsigned, 2, 2),
    ('i', Kind::Signed, 4, 4),
    ('I', Kind::Unsigned, 4, 4),
    ('l', Kind::Signed, 4, 8),
    ('L', Kind::Unsigned, 4, 8),
    ('q', Kind::Signed, 8, 8),
    ('Q', Kind::Unsigned, 8, 8),
    ('f', Kind::Float, 4, 4),
    ('d', Kind::Float, 8, 8),
    ('s', Kind::Bytes, 1, 1),
];

/// How the bytes of a number lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) most_first: bool,
    pub(super) native: bool,
}

/// One item: a letter, and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) letter: char,
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) len: usize,
}

/// A format that was read: where each value lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    order: Order,
    fields: Vec<Field>,
    size: usize,
}

impl Format {
    /// Reads a format.
    ///
    /// # Errors
    /// A sentence: an unknown letter, a count without one, a struct over [`SIZE_LIMIT`].
    pub fn parse(text: &str) -> Result<Self, String> {
        let (order, rest) = order(text);
        let mut format = Self {
            order,
            fields: Vec::new(),
            size: 0,
        };
        let mut letters = rest.chars();
        while let Some(first) = letters.next() {
            if first.is_ascii_whitespace() || first == '\u{b}' {
                continue; // as C's isspace: the vertical tab too
            }
            let mut letter = first;
            let mut count = None;
            while let Some(digit) = letter.to_digit(10) {
                let so_far = count
                    .unwrap_or(0_usize)
                    .saturating_mul(10)
                    .saturating_add(digit as usize);
                count = Some(so_far);
                letter = letters
                    .next()
                    .ok_or("repeat count given without format specifier")?;
            }
            format.append(letter, count.unwrap_or(1))?;
        }
        Ok(format)
    }

    /// The bytes of the whole struct.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many values go in, and come out.
    pub fn values(&self) -> usize {
        self.fields.len()
    }

    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(super) fn order(&self) -> Order {
        self.order
    }

    fn append(&mut self, letter: char, count: usize) -> Result<(), String> {
        let known = LETTERS.iter().find(|(known, ..)| *known == letter);
        let Some(&(_, kind, standard, native)) = known else {
            return Err(format!(
                "bad char in struct format: `{letter}` is none of x c b B ? h H i I l L q Q f d s"
            ));
        };
        let one = if self.order.native { native } else { standard };
        // The padding comes even if the count is 0: `i0l` ends where a `l` could begin.
        let at = if self.order.native {
            self.size.next_multiple_of(one)
        } else {
            self.size
        };
        let end = at.saturating_add(one.saturating_mul(count));
        if end > SIZE_LIMIT {
            return Err(format!(
                "struct of {end} bytes is over the limit of {SIZE_LIMIT}"
            ));
        }
        match kind {
            Kind::Pad => {}
            Kind::Bytes => self.fields.push(Field {
                letter,
                kind,
                at,
                len: count,
            }),
            _ => self.fields.extend((0..count).map(|n| Field {
                letter,
                kind,
                at: at + n * one,
                len: one,
            })),
        }
        self.size = end;
        Ok(())
    }
}

/// The order that a format begins with, and what stands behind it.
fn order(text: &str) -> (Order, &str) {
    for (sign, most_first, native) in [
        ('@', false, true),
        ('=', false, false),
        ('<', false, false),
        ('>', true, false),
        ('!', true, false),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (Order { most_first, native }, rest);
        }
    }
    (
        Order {
            most_first: false,
            native: true,
        },
        text,
    )
}
