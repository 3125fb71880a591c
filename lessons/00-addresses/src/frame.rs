//! A frame taken apart, from the first byte to the last: which header follows which, and whose bytes remain.
//!
//! ```text
//! Ethernet 14 | IPv4 20 to 60 | TCP 20 to 60 | payload | padding
//!             |               | UDP 8        | payload |
//!             | ARP 28                                 |
//! ```
//!
//! A header is a list of fields, each so many bytes long; reading one is cutting. The lists are in
//! `tables/headers.txt`. Each header says what follows it: the Ethernet type says IPv4, IPv4's protocol says TCP, and TCP's
//! port says which program. That is all there is to layers (五层模型). Everything comes from the wire, so everything may
//! be missing or a lie: a header that ends too early is an error, and what is of another kind stays bytes. What the
//! fields mean is told by `scenes/frame.rs`.
//!
//! Left out: IPv6, VLAN tags, checksums, and the pieces of packets that were cut on the way (fragments).

/// Each header: what it is for, and its fields, each after its length in bytes.
const HEADERS: &str = include_str!("../tables/headers.txt");

/// The only kind of ARP that is left in use: Ethernet cards (6 bytes) that speak IPv4 (4 bytes).
const ARP_KIND: [u8; 6] = [0, 1, 8, 0, 6, 4];

/// One frame, its headers read.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The headers from the outside to the inside.
    pub headers: Vec<Header<'a>>,
    /// What the innermost of them carries.
    pub payload: &'a [u8],
    /// Zeros that filled a short frame up to the 60 bytes that Ethernet asks for; belongs to nobody.
    pub padding: &'a [u8],
}

/// One header.
#[derive(Debug)]
pub struct Header<'a> {
    /// `Ethernet`, `ARP`, `IPv4`, `TCP` or `UDP`.
    pub name: &'static str,
    /// All its bytes.
    pub bytes: &'a [u8],
    /// The same bytes, field by field.
    pub fields: Vec<(&'static str, &'a [u8])>,
}

impl<'a> Frame<'a> {
    // ANCHOR: parse
    /// Takes a frame apart, from the first byte that a program sees (the destination) to the last.
    ///
    /// # Errors
    /// A header that ends too early or contradicts itself.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let mut frame = Self {
            headers: Vec::new(),
            payload: bytes,
            padding: &[],
        };
        frame.read("Ethernet", 14)?;
        match frame.number("Ethernet", "type") {
            0x0800 => frame.read_ipv4()?,
            0x0806 if (frame.payload.iter()).zip(ARP_KIND).all(|(a, b)| *a == b) => {
                frame.read("ARP", 28)?;
                frame.payload = &[];
            }
            _ => {} // another kind: not taken apart here
        }
        // What no header counts as its own only fills the frame.
        let headers: usize = frame.headers.iter().map(|header| header.bytes.len()).sum();
        let taken = headers + frame.payload.len();
        frame.padding = bytes.get(taken..).unwrap_or_default();
        Ok(frame)
    }

    fn read_ipv4(&mut self) -> Result<(), String> {
        // The first byte is two numbers of 4 bits: the version, and the header's length in units of
        // 4 bytes.
        let first = self.payload.first().copied().unwrap_or(0x45);
        let (version, header_len) = (first >> 4, usize::from(first & 0xf) * 4);
        if version != 4 {
            return Err(format!("announced as IPv4, and says version {version}"));
        }
        self.read("IPv4", header_len)?;
        self.keep("IPv4", header_len, "total length")?;
        match self.number("IPv4", "protocol") {
            // One piece of a packet that was cut on the way: more follow, or it is not the first.
            _ if self.number("IPv4", "fragments") & 0x3fff != 0 => Ok(()),
            6 => {
                // The 13th byte has the header's length in its upper half.
                let len = self.payload.get(12).map_or(5, |byte| byte >> 4);
                self.read("TCP", usize::from(len) * 4)
            }
            17 => (self.read("UDP", 8)).and_then(|()| self.keep("UDP", 8, "length")),
            _ => Ok(()),
        }
    }
    // ANCHOR_END: parse

    /// Cuts a header of `len` bytes off the payload, field by field. What `headers.txt` does not name is options.
    fn read(&mut self, name: &'static str, len: usize) -> Result<(), String> {
        let (_, table) = described(name);
        let (min, has) = (table.iter().map(|(_, len)| len).sum(), self.payload.len());
        if len < min {
            let why = format!("{name} header says {len} bytes; it has at least {min}");
            return Err(why);
        }
        let why = || format!("{name} header ends after {has} of {len} bytes");
        let (bytes, payload) = self.payload.split_at_checked(len).ok_or_else(why)?;
        let (mut fields, mut rest) = (Vec::new(), bytes);
        for (field, len) in table {
            let (bytes, after) = rest.split_at_checked(len).unwrap_or_default();
            fields.push((field, bytes));
            rest = after;
        }
        if !rest.is_empty() {
            fields.push(("options", rest));
        }
        self.headers.push(Header {
            name,
            bytes,
            fields,
        });
        self.payload = payload;
        Ok(())
    }

    /// Keeps of the payload what the field `len` of this header counts, which counts the header too.
    fn keep(&mut self, name: &str, header_len: usize, len: &str) -> Result<(), String> {
        let (has, says) = (header_len + self.payload.len(), self.number(name, len));
        if says < header_len {
            let why = format!("{name} packet says {says} bytes; it has at least {header_len}");
            return Err(why);
        }
        let kept = self.payload.get(..says - header_len);
        let why = || format!("{name} packet ends after {has} of {says} bytes");
        self.payload = kept.ok_or_else(why)?;
        Ok(())
    }

    /// The bytes of a field; none if the frame has no such header.
    pub fn field(&self, header: &str, field: &str) -> &'a [u8] {
        let header = self.headers.iter().find(|known| known.name == header);
        let mut fields = header.iter().flat_map(|header| &header.fields);
        let found = fields.find(|(name, _)| *name == field);
        found.map_or(&[], |(_, bytes)| bytes)
    }

    /// A field as a number: the high byte comes first on the wire.
    pub fn number(&self, header: &str, field: &str) -> usize {
        let bytes = self.field(header, field).iter();
        bytes.fold(0, |number, &byte| number << 8 | usize::from(byte))
    }
}

/// What the header `name` is for, and its fields with their lengths: its paragraph of the table.
pub(crate) fn described(name: &str) -> (&'static str, Vec<(&'static str, usize)>) {
    let title = format!("{name}: ");
    let mut lines = HEADERS.lines().skip_while(|line| !line.starts_with(&title));
    let job = lines.next().and_then(|line| line.strip_prefix(&title));
    let fields = lines.map_while(|line| {
        let (len, field) = line.trim_start().split_once(' ')?;
        Some((field, len.parse().ok()?))
    });
    (job.unwrap_or_default(), fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenes::capture;

    /// All frames that were captured.
    fn captured() -> Vec<Vec<u8>> {
        let texts = [
            capture::HELLO,
            include_str!("../captures/third-machine.txt"),
            include_str!("../captures/late-close.txt"),
            capture::ROUTER,
        ];
        let frames = texts.iter().flat_map(|text| capture::frames(text).unwrap());
        frames.collect()
    }

    /// Frame 6 of the conversation: the one with `hello!`.
    fn hello() -> Vec<u8> {
        captured()[5].clone()
    }

    #[test]
    fn the_table_has_every_field_of_the_rfcs() {
        for (name, count, bytes) in [
            ("Ethernet", 3, 14),
            ("ARP", 6, 28),
            ("IPv4", 10, 20),
            ("TCP", 9, 20),
            ("UDP", 4, 8),
        ] {
            let (job, fields) = described(name);
            let sum: usize = fields.iter().map(|(_, len)| len).sum();
            assert_eq!((fields.len(), sum), (count, bytes), "{name}");
            assert!(!job.is_empty(), "{name}");
        }
    }

    #[test]
    fn arp_about_other_cards_is_not_taken_apart() {
        for at in 14..20 {
            let mut bytes = captured()[0].clone();
            bytes[at] ^= 1;
            let frame = Frame::parse(&bytes).unwrap();
            assert_eq!(names(&frame), ["Ethernet"], "byte {at}");
        }
    }

    fn names(frame: &Frame<'_>) -> Vec<&'static str> {
        frame.headers.iter().map(|header| header.name).collect()
    }

    #[test]
    fn the_fields_and_the_payload_are_all_the_bytes() {
        for bytes in captured() {
            let frame = Frame::parse(&bytes).unwrap();
            let fields = frame.headers.iter().flat_map(|header| &header.fields);
            let mut all: Vec<u8> = fields.flat_map(|(_, field)| field.to_vec()).collect();
            all.extend(frame.payload);
            all.extend(frame.padding);
            assert_eq!(all, bytes);
        }
    }

    #[test]
    fn a_frame_cut_anywhere_is_an_error_and_never_a_panic() {
        for bytes in captured() {
            for end in 0..bytes.len() {
                let why = Frame::parse(&bytes[..end]).unwrap_err();
                assert!(why.contains(" ends after "), "{end}: {why}");
            }
        }
    }

    #[test]
    fn a_frame_with_any_byte_changed_is_read_or_refused() {
        for bytes in captured() {
            for at in 0..bytes.len() {
                for value in [0, 0x0f, 0x7f, 0xff] {
                    let mut bytes = bytes.clone();
                    bytes[at] = value;
                    if let Ok(frame) = Frame::parse(&bytes) {
                        let _ = crate::scenes::frame::anatomy(&frame, &bytes);
                    }
                }
            }
        }
    }

    #[test]
    fn padding_after_a_packet_is_nobodys_payload() {
        for mut bytes in captured() {
            let payload = Frame::parse(&bytes).unwrap().payload.len();
            bytes.extend([0; 18]);
            let frame = Frame::parse(&bytes).unwrap();
            let now = (frame.payload.len(), frame.padding);
            assert_eq!(now, (payload, &[0; 18][..]));
        }
    }

    /// `hi` from 127.0.0.1:9000 to 127.0.0.1:9001.
    fn datagram() -> Vec<u8> {
        let mut bytes = vec![0; 12];
        bytes.extend([8, 0, 0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0x7c, 0xcd]);
        bytes.extend([127, 0, 0, 1, 127, 0, 0, 1]);
        bytes.extend([0x23, 0x28, 0x23, 0x29, 0, 10, 0x53, 0x1d, b'h', b'i']);
        bytes
    }

    #[test]
    fn udp_is_read_too() {
        let bytes = datagram();
        let frame = Frame::parse(&bytes).unwrap();
        assert_eq!(names(&frame), ["Ethernet", "IPv4", "UDP"]);
        let ports = ["source port", "destination port"].map(|port| frame.number("UDP", port));
        assert_eq!((ports, frame.payload), ([9000, 9001], &b"hi"[..]));
        for end in 0..bytes.len() {
            assert!(Frame::parse(&bytes[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn the_length_in_a_datagrams_header_decides() {
        let mut longer = datagram();
        longer[17] += 2; // the packet has two bytes more than its datagram
        longer.extend(b"!!");
        let frame = Frame::parse(&longer).unwrap();
        assert_eq!((frame.payload, frame.padding), (&b"hi"[..], &b"!!"[..]));
        for (len, why) in [
            (7, "UDP packet says 7 bytes; it has at least 8"),
            (11, "UDP packet ends after 10 of 11 bytes"),
        ] {
            let mut bytes = datagram();
            bytes[39] = len;
            assert_eq!(Frame::parse(&bytes).unwrap_err(), why);
        }
    }

    #[test]
    fn a_piece_of_a_packet_stays_bytes() {
        for fragments in [[0x00, 0x01], [0x20, 0x00]] {
            let mut bytes = hello();
            bytes[20..22].copy_from_slice(&fragments);
            let frame = Frame::parse(&bytes).unwrap();
            assert_eq!(names(&frame), ["Ethernet", "IPv4"]);
            assert_eq!(frame.payload, &bytes[34..]);
        }
    }

    #[test]
    fn a_header_that_lies_about_its_length_is_refused() {
        for (at, value, why) in [
            (14, 0x44, "IPv4 header says 16 bytes; it has at least 20"),
            (14, 0x4f, "IPv4 header ends after 58 of 60 bytes"),
            (14, 0x65, "announced as IPv4, and says version 6"),
            (17, 0, "IPv4 packet says 0 bytes; it has at least 20"),
            (17, 19, "IPv4 packet says 19 bytes; it has at least 20"),
            (17, 24, "TCP header ends after 4 of 20 bytes"),
            (16, 0xff, "IPv4 packet ends after 58 of 65338 bytes"),
            (46, 0x40, "TCP header says 16 bytes; it has at least 20"),
            (46, 0xf0, "TCP header ends after 38 of 60 bytes"),
        ] {
            let mut bytes = hello();
            bytes[at] = value;
            assert_eq!(Frame::parse(&bytes).unwrap_err(), why);
        }
    }
}
