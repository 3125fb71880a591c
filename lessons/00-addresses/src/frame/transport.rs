//! TCP (RFC 9293, section 3.1) and UDP (RFC 768): from program to program.

use super::checksum::adds_up;
use super::{Field, FrameFault, Ip, Layer, field, split, split_at};

/// What an IP packet carries.
#[derive(Debug)]
pub enum Transport<'a> {
    /// A piece of a stream, or a piece of news about it.
    Tcp(Tcp<'a>, &'a [u8]),
    /// One datagram.
    Udp(Udp, &'a [u8]),
    /// Something else, or a later piece of a packet that was cut up.
    Other(&'a [u8]),
}

impl<'a> Transport<'a> {
    pub(super) fn parse(ip: &Ip, bytes: &'a [u8]) -> Result<Self, FrameFault> {
        if ip.is_later_fragment() {
            return Ok(Self::Other(bytes));
        }
        let checksum_right = adds_up(&[&ip.pseudo_header(bytes.len()), bytes]);
        match ip.inside() {
            Ip::TCP => Tcp::split(bytes, checksum_right)
                .map(|(header, payload)| Self::Tcp(header, payload)),
            Ip::UDP => Udp::split(bytes, checksum_right)
                .map(|(header, payload)| Self::Udp(header, payload)),
            _ => Ok(Self::Other(bytes)),
        }
    }

    pub(super) fn payload(&self) -> &'a [u8] {
        match self {
            Self::Tcp(_, payload) | Self::Udp(_, payload) | Self::Other(payload) => payload,
        }
    }

    pub(super) fn layer(&self) -> Option<Layer> {
        match self {
            Self::Tcp(header, _) => Some(Layer {
                name: "TCP",
                job: "from program to program: all bytes, once, in order",
                fields: header.fields(),
            }),
            Self::Udp(header, _) => Some(Layer {
                name: "UDP",
                job: "from program to program: this one datagram, or nothing",
                fields: header.fields(),
            }),
            Self::Other(_) => None,
        }
    }
}

/// ```text
///  0               1               2               3
/// +-------------------------------+-------------------------------+
/// |           from port           |            to port            |
/// +-------------------------------+-------------------------------+
/// |          sequence: the number of the first byte in here       |
/// +---------------------------------------------------------------+
/// |       acknowledgement: the number of the byte expected next   |
/// +-------+-------+---------------+-------------------------------+
/// | length|   0   |     flags     |            window             |
/// +-------+-------+---------------+-------------------------------+
/// |            checksum           |            urgent             |
/// +-------------------------------+-------------------------------+
/// |                   options, 0 to 40 bytes                      |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tcp<'a> {
    /// The port of the program that sent it.
    pub from_port: u16,
    /// The port of the program that is to get it.
    pub to_port: u16,
    /// The number of the first payload byte. SYN and FIN count as a byte each.
    pub sequence: u32,
    /// The number of the byte that is expected next; counts only with the ACK flag.
    pub acknowledgement: u32,
    /// CWR ECE URG ACK PSH RST SYN FIN, the last is bit 0.
    pub flags: u8,
    window: u16,
    /// Whether the checksum over header, payload and both addresses is right.
    pub checksum_right: bool,
    urgent: u16,
    options: &'a [u8],
}

impl<'a> Tcp<'a> {
    /// I send no more bytes.
    pub const FIN: u8 = 0b0000_0001;
    /// My bytes are counted from this number on.
    pub const SYN: u8 = 0b0000_0010;
    /// This connection does not exist, or no longer.
    pub const RST: u8 = 0b0000_0100;
    /// Hand it to the program at once.
    pub const PSH: u8 = 0b0000_1000;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 0b0001_0000;

    fn split(bytes: &'a [u8], checksum_right: bool) -> Result<(Self, &'a [u8]), FrameFault> {
        let (header, _) = split::<20>(bytes, "TCP header")?;
        let &[
            p1,
            p2,
            p3,
            p4,
            s1,
            s2,
            s3,
            s4,
            a1,
            a2,
            a3,
            a4,
            len,
            flags,
            w1,
            w2,
            _,
            _,
            u1,
            u2,
        ] = header;
        let header_len = usize::from(len >> 4) * 4;
        if header_len < 20 {
            return Err(FrameFault::Length {
                part: "TCP header",
                says: header_len,
                least: 20,
            });
        }
        let (header, payload) = split_at(bytes, header_len, "TCP header")?;
        let parsed = Self {
            from_port: u16::from_be_bytes([p1, p2]),
            to_port: u16::from_be_bytes([p3, p4]),
            sequence: u32::from_be_bytes([s1, s2, s3, s4]),
            acknowledgement: u32::from_be_bytes([a1, a2, a3, a4]),
            flags,
            window: u16::from_be_bytes([w1, w2]),
            checksum_right,
            urgent: u16::from_be_bytes([u1, u2]),
            options: header.get(20..).unwrap_or_default(),
        };
        Ok((parsed, payload))
    }

    /// Whether this flag is set.
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The flags by name, the one that matters most first: `SYN ACK`, `FIN ACK`, `PSH ACK`.
    pub fn flag_names(&self) -> String {
        let names = [
            (Self::SYN, "SYN"),
            (Self::FIN, "FIN"),
            (Self::RST, "RST"),
            (Self::PSH, "PSH"),
            (0b0010_0000, "URG"),
            (Self::ACK, "ACK"),
            (0b0100_0000, "ECE"),
            (0b1000_0000, "CWR"),
        ];
        let set: Vec<&str> = names
            .iter()
            .filter(|(flag, _)| self.has(*flag))
            .map(|(_, name)| *name)
            .collect();
        set.join(" ")
    }

    fn fields(&self) -> Vec<Field> {
        let ack = if self.has(Self::ACK) {
            "every byte before it has arrived"
        } else {
            "does not count: no ACK flag"
        };
        let mut fields = vec![
            field(2, "from port", self.from_port),
            field(2, "to port", self.to_port),
            field(
                4,
                "sequence",
                format_args!("{}, the number of our first byte in here", self.sequence),
            ),
            field(
                4,
                "acknowledgement",
                format_args!("{}: {ack}", self.acknowledgement),
            ),
            field(
                1,
                "length",
                format_args!("a header of {} bytes", 20 + self.options.len()),
            ),
            field(1, "flags", self.flag_names()),
            field(
                2,
                "window",
                format_args!("{} x scale: so much more may be sent", self.window),
            ),
            field(2, "checksum", checksum(self.checksum_right)),
            field(2, "urgent", self.urgent),
        ];
        if !self.options.is_empty() {
            fields.push(field(self.options.len(), "options", options(self.options)));
        }
        fields
    }
}

/// ```text
/// +-------------------------------+-------------------------------+
/// |           from port           |            to port            |
/// +-------------------------------+-------------------------------+
/// |            length             |            checksum           |
/// +-------------------------------+-------------------------------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Udp {
    /// The port of the program that sent it.
    pub from_port: u16,
    /// The port of the program that is to get it.
    pub to_port: u16,
    /// Header and payload.
    len: u16,
    /// `None`: the sender computed none, as IPv4 allows.
    checksum_right: Option<bool>,
}

impl Udp {
    fn split(bytes: &[u8], checksum_right: bool) -> Result<(Self, &[u8]), FrameFault> {
        let (header, _) = split::<8>(bytes, "UDP header")?;
        let &[p1, p2, p3, p4, l1, l2, c1, c2] = header;
        let len = u16::from_be_bytes([l1, l2]);
        if len < 8 {
            return Err(FrameFault::Length {
                part: "UDP datagram",
                says: len.into(),
                least: 8,
            });
        }
        if usize::from(len) > bytes.len() {
            return Err(FrameFault::Short {
                part: "UDP datagram",
                has: bytes.len(),
                needs: len.into(),
            });
        }
        let parsed = Self {
            from_port: u16::from_be_bytes([p1, p2]),
            to_port: u16::from_be_bytes([p3, p4]),
            len,
            checksum_right: ([c1, c2] != [0, 0]).then_some(checksum_right),
        };
        Ok((parsed, bytes.get(8..len.into()).unwrap_or_default()))
    }

    fn fields(&self) -> Vec<Field> {
        let checksum = self
            .checksum_right
            .map_or("none: the sender computed none", checksum);
        vec![
            field(2, "from port", self.from_port),
            field(2, "to port", self.to_port),
            field(
                2,
                "length",
                format_args!("{} bytes, this header included", self.len),
            ),
            field(2, "checksum", checksum),
        ]
    }
}

fn checksum(right: bool) -> &'static str {
    if right {
        "right"
    } else {
        "wrong; on the machine that sent it: left to the card, which had not seen it yet"
    }
}

/// The TCP options by name (RFC 9293, section 3.1, and RFC 7323).
fn options(mut bytes: &[u8]) -> String {
    let mut names = Vec::new();
    while let [kind, rest @ ..] = bytes {
        // Kinds 0 and 1 are one byte; every other says its length, which counts kind and length too.
        let len = match (kind, rest) {
            (0 | 1, _) => 1,
            (_, [len, ..]) => usize::from(*len).max(2),
            (_, []) => 2,
        };
        let value = bytes.get(2..len).unwrap_or_default();
        if *kind == 0 {
            break; // the end of the list; zeros fill it up
        }
        names.push(match (kind, value) {
            (1, _) => "filler".to_owned(),
            (2, &[a, b]) => format!("segments up to {} bytes (MSS)", u16::from_be_bytes([a, b])),
            (3, &[shift]) => format!("window scale 2^{shift}"),
            (4, []) => "selective ACK allowed".to_owned(),
            (5, _) => "selective ACK".to_owned(),
            (8, _) => "clock readings".to_owned(),
            (other, _) => format!("option {other}"),
        });
        bytes = bytes.get(len..).unwrap_or_default();
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_named_and_broken_ones_end_the_list() {
        let syn = [
            2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 10,
        ];
        assert_eq!(
            options(&syn),
            "segments up to 1460 bytes (MSS), selective ACK allowed, clock readings, filler, window scale 2^10"
        );
        assert_eq!(options(&[2, 4, 5]), "option 2");
        assert_eq!(options(&[99, 0, 1]), "option 99, filler");
        assert_eq!(options(&[1, 0, 0, 0]), "filler");
        assert_eq!(options(&[8]), "clock readings");
    }

    #[test]
    fn a_datagram_without_a_checksum_says_so() {
        let bytes = [0x1f, 0x90, 0, 9, 0, 10, 0, 0, b'h', b'i'];
        let (udp, payload) = Udp::split(&bytes, false).unwrap();
        assert_eq!((udp.from_port, udp.to_port, payload), (8080, 9, &b"hi"[..]));
        assert!(udp.fields()[3].meaning.starts_with("none"));
        let with_more = [&bytes[..], b"!!"].concat();
        assert_eq!(
            Udp::split(&with_more, false).unwrap().1,
            b"hi",
            "the length in the header decides"
        );
        for (len, why) in [
            (7, "UDP datagram says 7 bytes; it has at least 8"),
            (11, "UDP datagram ends after 10 of 11 bytes"),
        ] {
            let mut bytes = bytes;
            bytes[5] = len;
            assert_eq!(Udp::split(&bytes, false).unwrap_err().to_string(), why);
        }
    }
}
