//! IPv4 (RFC 791, section 3.1) and IPv6 (RFC 8200, section 3): from machine to machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::checksum::adds_up;
use super::{Field, FrameFault, field, split, split_at};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ip {
    /// 32 bits of address.
    V4(Ipv4),
    /// 128 bits of address.
    V6(Ipv6),
}

impl Ip {
    /// TCP follows.
    pub const TCP: u8 = 6;
    /// UDP follows.
    pub const UDP: u8 = 17;

    /// The machine that sent it.
    pub fn from(&self) -> IpAddr {
        match self {
            Self::V4(header) => header.from.into(),
            Self::V6(header) => header.from.into(),
        }
    }

    /// The machine that is to get it.
    pub fn to(&self) -> IpAddr {
        match self {
            Self::V4(header) => header.to.into(),
            Self::V6(header) => header.to.into(),
        }
    }

    /// What follows the header.
    pub fn inside(&self) -> u8 {
        match self {
            Self::V4(header) => header.inside,
            Self::V6(header) => header.inside,
        }
    }

    /// Whether this is a later piece of a packet that was cut up: then no transport header follows.
    pub(super) fn is_later_fragment(&self) -> bool {
        matches!(self, Self::V4(header) if header.fragment & 0x1fff != 0)
    }

    /// What TCP and UDP add to their checksum: both addresses, the protocol and the length of what follows.
    pub(super) fn pseudo_header(&self, len: usize) -> Vec<u8> {
        let len = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
        let mut bytes = match self {
            Self::V4(header) => [header.from.octets(), header.to.octets()].concat(),
            Self::V6(header) => [header.from.octets(), header.to.octets()].concat(),
        };
        bytes.extend([0, self.inside()]);
        bytes.extend(len);
        bytes
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::V4(_) => "IPv4",
            Self::V6(_) => "IPv6",
        }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
            Self::V4(header) => header.fields(),
            Self::V6(header) => header.fields(),
        }
    }
}

/// ```text
///  0               1               2               3
/// +-------+-------+---------------+-------------------------------+
/// |version| length|    service    |          total length         |
/// +-------+-------+---------------+-----+-------------------------+
/// |         identification        |flags|     fragment offset     |
/// +---------------+---------------+-----+-------------------------+
/// |   hops left   |    inside     |        header checksum        |
/// +---------------+---------------+-------------------------------+
/// |                         from, 4 bytes                         |
/// |                          to, 4 bytes                          |
/// |                   options, 0 to 40 bytes                      |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4 {
    /// 20 to 60 bytes.
    pub header_len: usize,
    /// The header and what is in it.
    pub total_len: u16,
    service: u8,
    identification: u16,
    /// 3 flags and the offset.
    fragment: u16,
    /// Each router takes one away; at 0 the packet is thrown away (TTL).
    pub hops_left: u8,
    /// What follows (the protocol number).
    pub inside: u8,
    /// Whether the header's checksum is right.
    pub checksum_right: bool,
    /// The machine that sent it.
    pub from: Ipv4Addr,
    /// The machine that is to get it.
    pub to: Ipv4Addr,
}

impl Ipv4 {
    /// The header, what is in it, and what follows the packet.
    pub(super) fn split(bytes: &[u8]) -> Result<(Self, &[u8], &[u8]), FrameFault> {
        let (header, _) = split::<20>(bytes, "IPv4 header")?;
        let &[
            first,
            service,
            l1,
            l2,
            i1,
            i2,
            f1,
            f2,
            hops_left,
            inside,
            _,
            _,
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
        ] = header;
        if first >> 4 != 4 {
            return Err(FrameFault::Version(first >> 4));
        }
        let header_len = usize::from(first & 0xf) * 4;
        if header_len < 20 {
            return Err(FrameFault::Length {
                part: "IPv4 header",
                says: header_len,
                least: 20,
            });
        }
        let total_len = u16::from_be_bytes([l1, l2]);
        if usize::from(total_len) < header_len {
            let says = total_len.into();
            return Err(FrameFault::Length {
                part: "IPv4 packet",
                says,
                least: header_len,
            });
        }
        let (packet, padding) = split_at(bytes, total_len.into(), "IPv4 packet")?;
        let (header, rest) = split_at(packet, header_len, "IPv4 header")?;
        let parsed = Self {
            header_len,
            total_len,
            service,
            identification: u16::from_be_bytes([i1, i2]),
            fragment: u16::from_be_bytes([f1, f2]),
            hops_left,
            inside,
            checksum_right: adds_up(&[header]),
            from: Ipv4Addr::new(a, b, c, d),
            to: Ipv4Addr::new(e, f, g, h),
        };
        Ok((parsed, rest, padding))
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            field(
                1,
                "version, length",
                format_args!("version 4, a header of {} bytes", self.header_len),
            ),
            field(1, "service", self.service),
            field(
                2,
                "total length",
                format_args!("{} bytes from here on", self.total_len),
            ),
            field(2, "identification", self.identification),
            field(2, "fragments", self.fragments()),
            field(
                1,
                "hops left",
                format_args!("{}; each router takes one away (TTL)", self.hops_left),
            ),
            field(1, "inside", protocol(self.inside)),
            field(
                2,
                "checksum",
                if self.checksum_right {
                    "right"
                } else {
                    "wrong"
                },
            ),
            field(4, "from", self.from),
            field(4, "to", self.to),
        ];
        if self.header_len > 20 {
            fields.push(field(self.header_len - 20, "options", ""));
        }
        fields
    }

    fn fragments(&self) -> String {
        let offset = (self.fragment & 0x1fff) * 8;
        match (
            self.fragment & 0x4000 != 0,
            self.fragment & 0x2000 != 0,
            offset,
        ) {
            (true, ..) => "must not be cut into pieces".to_owned(),
            (false, false, 0) => "may be cut into pieces, is whole".to_owned(),
            (false, more, offset) => {
                format!(
                    "a piece from byte {offset} on, {}",
                    if more { "more follow" } else { "the last" }
                )
            }
        }
    }
}

/// ```text
/// +-------+---------------+---------------------------------------+
/// |version| traffic class |              flow label               |
/// +-------+---------------+-------+---------------+---------------+
/// |         payload length        |    inside     |   hops left   |
/// +-------------------------------+---------------+---------------+
/// |                        from, 16 bytes                         |
/// |                         to, 16 bytes                          |
/// +---------------------------------------------------------------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv6 {
    /// What follows the header, in bytes.
    pub payload_len: u16,
    /// Each router takes one away; at 0 the packet is thrown away (hop limit).
    pub hops_left: u8,
    /// What follows (the next header).
    pub inside: u8,
    /// The machine that sent it.
    pub from: Ipv6Addr,
    /// The machine that is to get it.
    pub to: Ipv6Addr,
}

impl Ipv6 {
    pub(super) fn split(bytes: &[u8]) -> Result<(Self, &[u8], &[u8]), FrameFault> {
        let (header, rest) = split::<8>(bytes, "IPv6 header")?;
        let &[first, _, _, _, l1, l2, inside, hops_left] = header;
        if first >> 4 != 6 {
            return Err(FrameFault::Version(first >> 4));
        }
        let (from, rest) = split::<16>(rest, "IPv6 address")?;
        let (to, rest) = split::<16>(rest, "IPv6 address")?;
        let payload_len = u16::from_be_bytes([l1, l2]);
        let (packet, padding) = split_at(rest, payload_len.into(), "IPv6 packet")?;
        let (from, to) = (Ipv6Addr::from(*from), Ipv6Addr::from(*to));
        Ok((
            Self {
                payload_len,
                hops_left,
                inside,
                from,
                to,
            },
            packet,
            padding,
        ))
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            field(4, "version, flow", "version 6"),
            field(
                2,
                "payload length",
                format_args!("{} bytes behind this header", self.payload_len),
            ),
            field(1, "inside", protocol(self.inside)),
            field(
                1,
                "hops left",
                format_args!("{}; each router takes one away", self.hops_left),
            ),
            field(16, "from", self.from),
            field(16, "to", self.to),
        ]
    }
}

fn protocol(number: u8) -> String {
    match number {
        1 => "ICMP follows".to_owned(),
        Ip::TCP => "TCP follows".to_owned(),
        Ip::UDP => "UDP follows".to_owned(),
        58 => "ICMPv6 follows".to_owned(),
        other => format!("protocol {other} follows"),
    }
}
