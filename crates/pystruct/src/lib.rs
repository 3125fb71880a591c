//! Python's `struct` dictionary: a line of letters says how numbers and bytes lie beside each other.
//!
//! `struct.pack('i', n)` is where the tutorials' fixed header comes from, so here is what the letters mean, in Rust, on
//! top of `byteorder`. The goal: the same bytes as Python on a PC, letter for letter, and an error where Python has one.
//!
//! ```
//! use pystruct::{Format, Value, to_hex, tuple};
//!
//! let length = Format::parse(">I")?.pack(&[Value::Int(5)])?;
//! assert_eq!(to_hex(&length), "00 00 00 05");
//! assert_eq!(tuple(&Format::parse(">I")?.unpack(&length)?), "(5,)");
//! assert_eq!(
//!     Format::parse("i")?.pack(&[Value::Int(2_147_483_648)]),
//!     Err("'i' format requires -2147483648 <= number <= 2147483647".to_owned())
//! );
//! # Ok::<(), String>(())
//! ```
//!
//! | code | value | bytes |
//! |---|---|---|
//! | `x` | none: a byte of padding | 1 |
//! | `c` | one byte as it is | 1 |
//! | `?` | true or false | 1 |
//! | `b` `B` | an integer with a sign, without one | 1 |
//! | `h` `H` | the same | 2 |
//! | `i` `I` | the same | 4 |
//! | `l` `L` | the same | 4; native: 8 |
//! | `q` `Q` | the same | 8 |
//! | `f` `d` | a floating-point number | 4, 8 |
//! | `5s` | bytes as they are | 5, cut or filled up with zero bytes |
//!
//! A count before any other code repeats it: `3i` is `iii`. The first character may say in which order the bytes of a
//! number lie:
//!
//! | first | byte order | sizes | padding |
//! |---|---|---|---|
//! | `@`, or none of these | little-endian, as on a PC | native | native |
//! | `=` | little-endian, as on a PC | standard | none |
//! | `<` | little-endian | standard | none |
//! | `>`, or `!` for "network" | big-endian | standard | none |
//!
//! **Native padding** is what a C compiler does: each number begins at a multiple of its own size, and zero bytes fill
//! the gap before it. There is none after the last item (`0l` at the end asks for it).
//!
//! ```text
//!  'I3sf'  7  abc  1.5                      '<I3sf'  7  abc  1.5
//!
//!  07 00 00 00  61 62 63  00  00 00 c0 3f   07 00 00 00  61 62 63  00 00 c0 3f
//!  `--- I ---´  `- 3s -´ pad  `--- f ---´   `--- I ---´  `- 3s -´  `--- f ---´
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `format.rs` | the letters: sizes, orders, where each item lies, padding |
//! | `fields.rs` | one item and its bytes, both ways; which values fit |
//! | `words.rs` | values as somebody types them; bytes in hex |
//! | `repr.rs` | values as Python prints them |
//!
//! Left out: `n N P` (sizes of a machine), `e` (half a float), `p` (Pascal's strings).
#![forbid(unsafe_code)]

mod fields;
mod format;
mod repr;
#[cfg(test)]
mod tests;
mod words;

pub use format::{Format, SIZE_LIMIT};
pub use repr::tuple;
pub use words::{hex, to_hex};

/// One value between Python and bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// For `b B h H i I l L q Q`. Python's integers have no end; those beyond 128 bits fit no letter anyway.
    Int(i128),
    /// For `f` and `d`.
    Float(f64),
    /// For `c` and `s`.
    Bytes(Vec<u8>),
    /// For `?`.
    Bool(bool),
}

impl Format {
    /// `struct.pack`: the values' bytes.
    ///
    /// # Errors
    /// A sentence, where there is one in Python's own words: the wrong number of values, a value of the wrong kind, one
    /// that does not fit (with both bounds).
    pub fn pack(&self, values: &[Value]) -> Result<Vec<u8>, String> {
        self.packed("pack", values)
    }

    /// `struct.pack_into`: the values' bytes at an offset of `buffer`; a negative offset counts from its end.
    ///
    /// # Errors
    /// As [`Format::pack`]; the struct does not fit at that offset. The buffer is then unchanged.
    pub fn pack_into(
        &self,
        buffer: &mut [u8],
        offset: i64,
        values: &[Value],
    ) -> Result<(), String> {
        let bytes = self.packed("pack_into", values)?;
        let (size, all) = (self.size(), buffer.len());
        let at = if let Ok(at) = usize::try_from(offset) {
            at
        } else {
            let from_end = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            if from_end < size {
                return Err(format!("no space to pack {size} bytes at offset {offset}"));
            }
            all.checked_sub(from_end)
                .ok_or_else(|| format!("offset {offset} out of range for {all}-byte buffer"))?
        };
        let end = at.saturating_add(size);
        let place = buffer.get_mut(at..end).ok_or_else(|| {
            format!(
                "pack_into requires a buffer of at least {end} bytes for packing {size} bytes at offset {at} \
                 (actual buffer size is {all})"
            )
        })?;
        place.copy_from_slice(&bytes);
        Ok(())
    }

    /// `struct.unpack`: the values in these bytes.
    ///
    /// # Errors
    /// The bytes are more or fewer than the format has.
    pub fn unpack(&self, bytes: &[u8]) -> Result<Vec<Value>, String> {
        let (size, got) = (self.size(), bytes.len());
        if got != size {
            return Err(format!(
                "unpack requires a buffer of {size} bytes (got {got})"
            ));
        }
        let values = self.fields().iter().map(|field| {
            let bytes = bytes.get(field.at..field.at + field.len);
            field.read(bytes.unwrap_or_default(), self.order())
        });
        Ok(values.collect())
    }

    /// The values' bytes; `function` is the name that stands in the error.
    fn packed(&self, function: &str, values: &[Value]) -> Result<Vec<u8>, String> {
        let (wanted, got) = (self.value_count(), values.len());
        if got != wanted {
            return Err(format!(
                "{function} expected {wanted} items for packing (got {got})"
            ));
        }
        let mut bytes = vec![0; self.size()];
        for (field, value) in self.fields().iter().zip(values) {
            let place = bytes.get_mut(field.at..field.at + field.len);
            field.write(place.unwrap_or_default(), value, self.order())?;
        }
        Ok(bytes)
    }
}
