//! Python's `struct` dictionary: a line of letters says how numbers and bytes lie beside each other.
//!
//! `struct.pack('i', n)` is where the tutorials' fixed header comes from, so here is what the letters mean, in Rust, on
//! top of `byteorder`. The goal: the same bytes as Python on a PC, letter for letter, and an error where Python has one.
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
//! | `words.rs` | values as somebody types them |
//! | `shown.rs` | values as Python prints them |

mod fields;
mod format;
mod shown;
#[cfg(test)]
mod tests;
mod words;

pub use format::{Format, SIZE_LIMIT};
pub use shown::tuple;
pub use words::{hex, is_number, to_hex};

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

    /// The values' bytes, for the function of this name.
    fn packed(&self, function: &str, values: &[Value]) -> Result<Vec<u8>, String> {
        if values.len() != self.values() {
            let (wanted, got) = (self.values(), values.len());
            return Err(format!(
                "{function} expected {wanted} items for packing (got {got})"
            ));
        }
        let mut bytes = vec![0; self.size()];
        for (field, value) in self.fields().iter().zip(values) {
            let room = bytes
                .get_mut(field.at..field.at + field.len)
                .unwrap_or_default();
            field.put(room, value, self.order())?;
        }
        Ok(bytes)
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
        let at = match usize::try_from(offset) {
            Ok(at) => at,
            Err(_) => {
                let back = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
                if back < size {
                    return Err(format!("no space to pack {size} bytes at offset {offset}"));
                }
                all.checked_sub(back)
                    .ok_or_else(|| format!("offset {offset} out of range for {all}-byte buffer"))?
            }
        };
        let end = at.saturating_add(size);
        let room = buffer.get_mut(at..end).ok_or_else(|| {
            format!(
                "pack_into requires a buffer of at least {end} bytes for packing {size} bytes at offset {at} \
                 (actual buffer size is {all})"
            )
        })?;
        room.copy_from_slice(&bytes);
        Ok(())
    }

    /// `struct.unpack`: the values in these bytes.
    ///
    /// # Errors
    /// The bytes are more or fewer than the format has.
    pub fn unpack(&self, bytes: &[u8]) -> Result<Vec<Value>, String> {
        if bytes.len() != self.size() {
            return Err(format!(
                "unpack requires a buffer of {} bytes (got {})",
                self.size(),
                bytes.len()
            ));
        }
        let field_bytes = |at: usize, len: usize| bytes.get(at..at + len).unwrap_or_default();
        Ok(self
            .fields()
            .iter()
            .map(|field| field.take(field_bytes(field.at, field.len), self.order()))
            .collect())
    }
}
