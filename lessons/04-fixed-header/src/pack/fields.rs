//! One item and its bytes. `byteorder` turns numbers round; this file says which values fit.

use byteorder::{BigEndian, ByteOrder, LittleEndian};

use super::Value;
use super::format::{Field, Kind, Order};

impl Field {
    /// Writes `value` into `room`, which has the field's size and is zero.
    pub(super) fn put(&self, room: &mut [u8], value: &Value, order: Order) -> Result<(), String> {
        match self.kind {
            Kind::Pad => Ok(()),
            Kind::Char => match value {
                Value::Bytes(bytes) if bytes.len() == 1 => {
                    room.copy_from_slice(bytes);
                    Ok(())
                }
                _ => Err("char format requires a bytes object of length 1".to_owned()),
            },
            Kind::Bytes => match value {
                Value::Bytes(bytes) => {
                    // As Python does: what is too long is cut, what is too short is filled up with zero bytes.
                    room.iter_mut()
                        .zip(bytes)
                        .for_each(|(to, from)| *to = *from);
                    Ok(())
                }
                _ => Err("argument for 's' must be a bytes object".to_owned()),
            },
            Kind::Bool => {
                room.fill(u8::from(truth(value)));
                Ok(())
            }
            Kind::Signed | Kind::Unsigned => {
                let number = self.fitting(value, order)?;
                if order.most_first {
                    put_int::<BigEndian>(room, number)
                } else {
                    put_int::<LittleEndian>(room, number)
                }
                Ok(())
            }
            Kind::Float => {
                let number = match value {
                    Value::Float(number) => *number,
                    Value::Int(number) => *number as f64,
                    _ => return Err("required argument is not a float".to_owned()),
                };
                if self.len == 4
                    && !order.native
                    && (number as f32).is_infinite()
                    && number.is_finite()
                {
                    // Without an order (native), Python writes infinity instead and says nothing.
                    return Err("float too large to pack with f format".to_owned());
                }
                if order.most_first {
                    put_float::<BigEndian>(room, number)
                } else {
                    put_float::<LittleEndian>(room, number)
                }
                Ok(())
            }
        }
    }

    /// The value in these bytes, which have the field's size.
    pub(super) fn take(&self, bytes: &[u8], order: Order) -> Value {
        match self.kind {
            Kind::Pad | Kind::Char | Kind::Bytes => Value::Bytes(bytes.to_vec()),
            Kind::Bool => Value::Bool(bytes.iter().any(|&byte| byte != 0)),
            Kind::Signed if order.most_first => {
                Value::Int(BigEndian::read_int(bytes, self.len).into())
            }
            Kind::Signed => Value::Int(LittleEndian::read_int(bytes, self.len).into()),
            Kind::Unsigned if order.most_first => {
                Value::Int(BigEndian::read_uint(bytes, self.len).into())
            }
            Kind::Unsigned => Value::Int(LittleEndian::read_uint(bytes, self.len).into()),
            Kind::Float if order.most_first => Value::Float(take_float::<BigEndian>(bytes)),
            Kind::Float => Value::Float(take_float::<LittleEndian>(bytes)),
        }
    }

    /// An integer that fits into the field.
    fn fitting(&self, value: &Value, order: Order) -> Result<i128, String> {
        let Value::Int(number) = *value else {
            return Err("required argument is not an integer".to_owned());
        };
        let bits = 8 * self.len as u32;
        let (least, most) = match self.kind {
            Kind::Signed => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
            _ => (0, (1_i128 << bits) - 1),
        };
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        // Four of them have a name in Python, two of them not with the most significant byte first.
        let name = match self.letter {
            'b' => "byte".to_owned(),
            'B' => "ubyte".to_owned(),
            'h' if !order.most_first => "short".to_owned(),
            'H' if !order.most_first => "ushort".to_owned(),
            letter => format!("'{letter}'"),
        };
        Err(format!(
            "{name} format requires {least} <= number <= {most}"
        ))
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

/// The low bytes of a number that was judged: two's complement, which for a number from 0 on is the number itself.
fn put_int<E: ByteOrder>(room: &mut [u8], number: i128) {
    let size = room.len();
    let mask = if size >= 8 {
        u64::MAX
    } else {
        (1 << (8 * size)) - 1
    };
    E::write_uint(room, number as u64 & mask, size);
}

fn put_float<E: ByteOrder>(room: &mut [u8], number: f64) {
    match room.len() {
        4 => E::write_f32(room, number as f32),
        _ => E::write_f64(room, number),
    }
}

fn take_float<E: ByteOrder>(bytes: &[u8]) -> f64 {
    match bytes.len() {
        4 => E::read_f32(bytes).into(),
        _ => E::read_f64(bytes),
    }
}
