//! The headers, held to captured frames: whole, cut anywhere, with bytes changed, with bytes to spare.

use super::*;
use crate::capture;

/// All frames that were captured.
fn captured() -> Vec<Vec<u8>> {
    let texts = [
        capture::HELLO,
        capture::THIRD_MACHINE,
        capture::LATE_CLOSE,
        capture::ROUTER,
    ];
    texts
        .iter()
        .flat_map(|text| capture::frames(text).unwrap())
        .collect()
}

#[test]
fn the_fields_and_the_payload_are_all_the_bytes() {
    for bytes in captured() {
        let frame = Frame::parse(&bytes).unwrap();
        let headers: usize = frame
            .layers()
            .iter()
            .flat_map(|layer| &layer.fields)
            .map(|field| field.len)
            .sum();
        assert_eq!(
            headers + frame.payload().len() + frame.padding.len(),
            bytes.len()
        );
    }
}

#[test]
fn a_frame_cut_anywhere_is_an_error_and_never_a_panic() {
    for bytes in captured() {
        for end in 0..bytes.len() {
            let fault = Frame::parse(&bytes[..end]).unwrap_err();
            assert!(matches!(fault, FrameFault::Short { .. }), "{end}: {fault}");
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
                    let _ = frame.layers();
                }
            }
        }
    }
}

/// Whether the checksums of IPv4 and TCP are right.
fn checksums(bytes: &[u8]) -> (bool, bool) {
    match Frame::parse(bytes).unwrap().packet {
        Packet::Ip(Ip::V4(ip), Transport::Tcp(tcp, _)) => (ip.checksum_right, tcp.checksum_right),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_flipped_bit_makes_the_checksum_wrong_that_covers_it() {
    for bytes in captured().iter().filter(|bytes| bytes[12..14] == [8, 0]) {
        assert_eq!(checksums(bytes), (true, true));
        for (at, right) in [
            (0, (true, true)),    // the destination card: no business of IP
            (22, (false, true)),  // hops left: a router changes it, so TCP must not cover it
            (29, (false, false)), // the sender's IP address: both, TCP by its pseudo header
            (38, (true, false)),  // the sequence number
        ] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert_eq!(checksums(&flipped), right, "byte {at}");
        }
    }
}

#[test]
fn padding_behind_a_packet_is_nobodys_payload() {
    for mut bytes in captured() {
        let payload = Frame::parse(&bytes).unwrap().payload().len();
        bytes.extend([0; 18]);
        let frame = Frame::parse(&bytes).unwrap();
        assert_eq!(
            (frame.payload().len(), frame.padding),
            (payload, &[0; 18][..])
        );
    }
}

#[test]
fn ipv6_and_udp_are_read_too() {
    // `hi` from [::1]:9000 to [::1]:9001.
    let mut bytes = vec![0; 12];
    bytes.extend([0x86, 0xdd, 0x60, 0, 0, 0, 0, 10, 17, 64]);
    for _ in 0..2 {
        bytes.extend(std::net::Ipv6Addr::LOCALHOST.octets());
    }
    bytes.extend([0x23, 0x28, 0x23, 0x29, 0, 10, 0x51, 0x20, b'h', b'i']);
    let frame = Frame::parse(&bytes).unwrap();
    let Packet::Ip(ip, Transport::Udp(udp, payload)) = &frame.packet else {
        panic!("{frame:?}")
    };
    assert_eq!(
        (ip.from().to_string(), ip.to().to_string()),
        ("::1".into(), "::1".into())
    );
    assert_eq!(
        (udp.from_port, udp.to_port, *payload),
        (9000, 9001, &b"hi"[..])
    );
    let names: Vec<_> = frame.layers().iter().map(|layer| layer.name).collect();
    assert_eq!(names, ["Ethernet", "IPv6", "UDP"]);
    for end in 0..bytes.len() {
        assert!(Frame::parse(&bytes[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_later_piece_of_a_packet_has_no_transport_header() {
    let mut bytes = captured()[5].clone();
    bytes[20..22].copy_from_slice(&[0x00, 0x01]);
    let frame = Frame::parse(&bytes).unwrap();
    assert!(matches!(frame.packet, Packet::Ip(_, Transport::Other(_))));
    assert!(
        frame.layers()[1]
            .fields
            .iter()
            .any(|field| field.meaning == "a piece from byte 8 on, the last")
    );
}

#[test]
fn a_header_that_lies_about_its_length_is_refused() {
    let hello = captured()[5].clone();
    for (at, value, why) in [
        (14, 0x44, "IPv4 header says 16 bytes; it has at least 20"),
        (14, 0x4f, "IPv4 packet says 58 bytes; it has at least 60"),
        (
            14,
            0x65,
            "version 6 in a packet that was announced as another",
        ),
        (17, 19, "IPv4 packet says 19 bytes; it has at least 20"),
        (16, 0xff, "IPv4 packet ends after 58 of 65338 bytes"),
        (46, 0x40, "TCP header says 16 bytes; it has at least 20"),
        (46, 0xf0, "TCP header ends after 38 of 60 bytes"),
    ] {
        let mut bytes = hello.clone();
        bytes[at] = value;
        let fault = Frame::parse(&bytes).unwrap_err().to_string();
        assert!(fault.starts_with(why), "{fault}");
    }
}
