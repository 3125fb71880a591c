//! The letters of a format: what each one is, how large, and where its bytes lie.
//!
//! ```text
//! format = [ order ] *( [ count ] letter / white space )
//! order  = "@" / "=" / "<" / ">" / "!"
//! ```
//!
//! A count repeats a letter (`3i` is `iii`), except before `s`, where it is the size of one item. The machine of the
//! native formats is always a PC here (x86-64, Linux), so that a lesson shows the same bytes everywhere.

/// The most bytes of one struct. Python would try to take as much memory as the count says.
pub const SIZE_LIMIT: usize = 1_048_576;

/// What a letter stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
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
pub(crate) struct Order {
    pub(crate) big_endian: bool,
    /// With the sizes and the padding of a C compiler.
    pub(crate) native: bool,
}

/// One item: a letter, and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) letter: char,
    pub(crate) kind: Kind,
    pub(crate) at: usize,
    pub(crate) len: usize,
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
        let rest = text.strip_prefix(['@', '=', '<', '>', '!']);
        let mut format = Self {
            order: Order {
                big_endian: text.starts_with(['>', '!']),
                native: rest.is_none() || text.starts_with('@'),
            },
            fields: Vec::new(),
            size: 0,
        };
        let mut letters = rest.unwrap_or(text).chars();
        while let Some(first) = letters.next() {
            if first.is_ascii_whitespace() || first == '\u{b}' {
                continue; // as C's isspace: the vertical tab too
            }
            let (mut letter, mut count) = (first, None);
            while let Some(digit) = letter.to_digit(10) {
                let tens = count.unwrap_or(0_usize).saturating_mul(10);
                count = Some(tens.saturating_add(digit as usize));
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
    pub fn value_count(&self) -> usize {
        self.fields.len()
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn order(&self) -> Order {
        self.order
    }

    fn append(&mut self, letter: char, count: usize) -> Result<(), String> {
        let known = LETTERS.iter().find(|(known, ..)| *known == letter);
        let &(_, kind, standard, native) = known.ok_or_else(|| {
            format!(
                "bad char in struct format: `{letter}` is none of x c b B ? h H i I l L q Q f d s"
            )
        })?;
        // The padding comes even if the count is 0: `i0l` ends where a `l` could begin.
        let (one, at) = if self.order.native {
            (native, self.size.next_multiple_of(native))
        } else {
            (standard, self.size)
        };
        let end = at.saturating_add(one.saturating_mul(count));
        if end > SIZE_LIMIT {
            let over = if end == usize::MAX { "over " } else { "" }; // the count did not fit
            return Err(format!(
                "struct of {over}{end} bytes is over the limit of {SIZE_LIMIT}"
            ));
        }
        let (items, len) = match kind {
            Kind::Pad => (0, one),
            Kind::Bytes => (1, count),
            _ => (count, one),
        };
        self.fields.extend((0..items).map(|n| Field {
            letter,
            kind,
            at: at + n * len,
            len,
        }));
        self.size = end;
        Ok(())
    }
}
