//! One item and its bytes. `byteorder` puts the bytes of a number in order; this file says which values fit.

use byteorder::{BigEndian, ByteOrder, LittleEndian};

use crate::Value;
use crate::format::{Field, Kind, Order};

impl Field {
    /// Writes `value` into `buffer`, which has the field's size and is zero.
    pub(crate) fn write(
        &self,
        buffer: &mut [u8],
        value: &Value,
        order: Order,
    ) -> Result<(), String> {
        if order.big_endian {
            self.write_as::<BigEndian>(buffer, value, order)
        } else {
            self.write_as::<LittleEndian>(buffer, value, order)
        }
    }

    /// The value in these bytes, which have the field's size.
    pub(crate) fn read(&self, bytes: &[u8], order: Order) -> Value {
        if order.big_endian {
            self.read_as::<BigEndian>(bytes)
        } else {
            self.read_as::<LittleEndian>(bytes)
        }
    }

    fn write_as<E: ByteOrder>(
        &self,
        buffer: &mut [u8],
        value: &Value,
        order: Order,
    ) -> Result<(), String> {
        match (self.kind, value) {
            (Kind::Pad, _) => {}
            (Kind::Char, Value::Bytes(bytes)) if bytes.len() == 1 => buffer.copy_from_slice(bytes),
            (Kind::Char, _) => {
                return Err("char format requires a bytes object of length 1".to_owned());
            }
            // As Python does: what is too long is cut, what is too short is filled up with zero bytes.
            (Kind::Bytes, Value::Bytes(bytes)) => buffer
                .iter_mut()
                .zip(bytes)
                .for_each(|(to, from)| *to = *from),
            (Kind::Bytes, _) => return Err("argument for 's' must be a bytes object".to_owned()),
            (Kind::Bool, value) => buffer.fill(u8::from(truth(value))),
            // `byteorder` panics at a number that does not fit: it is judged before.
            (Kind::Signed, value) => {
                E::write_int128(buffer, self.fitting(value, order)?, self.len);
            }
            (Kind::Unsigned, value) => {
                E::write_uint128(buffer, self.fitting(value, order)? as u128, self.len);
            }
            (Kind::Float, &Value::Float(number)) => {
                self.write_float::<E>(buffer, number, order)?;
            }
            (Kind::Float, &Value::Int(number)) => {
                self.write_float::<E>(buffer, number as f64, order)?;
            }
            (Kind::Float, _) => return Err("required argument is not a float".to_owned()),
        }
        Ok(())
    }

    fn write_float<E: ByteOrder>(
        &self,
        buffer: &mut [u8],
        number: f64,
        order: Order,
    ) -> Result<(), String> {
        if self.len == 8 {
            E::write_f64(buffer, number);
            return Ok(());
        }
        let short = number as f32;
        // Without an order (native), Python writes infinity instead and says nothing.
        if short.is_infinite() && number.is_finite() && !order.native {
            return Err("float too large to pack with f format".to_owned());
        }
        E::write_f32(buffer, short);
        Ok(())
    }

    fn read_as<E: ByteOrder>(&self, bytes: &[u8]) -> Value {
        match self.kind {
            Kind::Pad | Kind::Char | Kind::Bytes => Value::Bytes(bytes.to_vec()),
            Kind::Bool => Value::Bool(bytes != [0]),
            Kind::Signed => Value::Int(E::read_int(bytes, self.len).into()),
            Kind::Unsigned => Value::Int(E::read_uint(bytes, self.len).into()),
            Kind::Float if self.len == 4 => Value::Float(E::read_f32(bytes).into()),
            Kind::Float => Value::Float(E::read_f64(bytes)),
        }
    }

    /// An integer that fits into the field.
    fn fitting(&self, value: &Value, order: Order) -> Result<i128, String> {
        let Value::Int(number) = *value else {
            return Err("required argument is not an integer".to_owned());
        };
        let bits = 8 * self.len;
        let (min, max) = match self.kind {
            Kind::Signed => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
            _ => (0, (1_i128 << bits) - 1),
        };
        if (min..=max).contains(&number) {
            return Ok(number);
        }
        // Four of them have a name in Python, two of those not in big-endian.
        let name = match self.letter {
            'b' => "byte".to_owned(),
            'B' => "ubyte".to_owned(),
            'h' if !order.big_endian => "short".to_owned(),
            'H' if !order.big_endian => "ushort".to_owned(),
            letter => format!("'{letter}'"),
        };
        Err(format!("{name} format requires {min} <= number <= {max}"))
    }
}

/// What Python's `bool` says.
fn truth(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::Bool(truth) => *truth,
    }
}
