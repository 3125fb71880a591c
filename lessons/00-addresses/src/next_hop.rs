//! The question that a machine asks before every packet: which card gets the frame?
//!
//! ```text
//! our own address, or loopback     no card: the packet never leaves the machine
//! the broadcast address            every card: ff:ff:ff:ff:ff:ff, nobody is asked
//! a group (multicast)              the group's MAC address, computed from the IP address
//! in our network                   a neighbour: ask for its MAC address (ARP), send it the frame
//! anything else                    the gateway: ask for *its* MAC address, send it the frame
//! ```
//!
//! The last two lines are the ordinary case, and the mask decides between them: see `network.rs`.
//!
//! Left out: an IPv6 router may tell its hosts that not even neighbours are to be asked directly (RFC 5942).

use std::net::{IpAddr, Ipv4Addr};

use crate::mac::Mac;
use crate::network::Network;

/// Who gets the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextHop {
    /// Nobody: the packet stays inside the machine that sends it.
    ThisMachine,
    /// Every card on the cable, or those that listen to a group. Nobody is asked, no router is needed.
    Group(Mac),
    /// The card of a machine on the same cable.
    Neighbour,
    /// The card of the router.
    Gateway,
}

/// Who gets the frame when `own`, a machine in `network`, sends to `destination`. All of one family.
pub fn next_hop(own: IpAddr, network: &Network, destination: IpAddr) -> NextHop {
    // `0.0.0.0` and `::` are no destination; Linux takes them for loopback.
    if destination == own || destination.is_loopback() || destination.is_unspecified() {
        NextHop::ThisMachine
    } else if destination == Ipv4Addr::BROADCAST || network.broadcast() == Some(destination) {
        NextHop::Group(Mac::BROADCAST)
    } else if destination.is_multicast() {
        NextHop::Group(Mac::of_group(destination))
    } else if network.contains(destination) || is_link_local(destination) {
        NextHop::Neighbour
    } else {
        NextHop::Gateway
    }
}

/// Whether no router forwards to this address, whatever the mask says (RFC 3927, section 2.6.2; RFC 4291, 2.5.6).
fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_link_local())
        || matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;

    fn hop(own: &str, destination: &str) -> NextHop {
        let own = Address::parse(own).unwrap();
        next_hop(
            own.ip(),
            &own.network().unwrap(),
            destination.parse().unwrap(),
        )
    }

    #[test]
    fn the_mask_decides_between_neighbour_and_gateway() {
        for (own, destination, expected) in [
            ("192.168.1.20/24", "192.168.1.200", NextHop::Neighbour),
            ("192.168.1.20/25", "192.168.1.200", NextHop::Gateway),
            ("192.168.1.20/24", "192.168.2.20", NextHop::Gateway),
            ("2001:db8::1/64", "2001:db8::2", NextHop::Neighbour),
            ("2001:db8::1/64", "2001:db8:0:1::2", NextHop::Gateway),
        ] {
            assert_eq!(hop(own, destination), expected, "{own} to {destination}");
        }
    }

    #[test]
    fn a_broadcast_goes_to_every_card_and_nobody_is_asked() {
        for (own, destination) in [
            ("192.168.1.20/24", "192.168.1.255"),
            ("192.168.1.20/24", "255.255.255.255"),
            ("10.1.2.200/26", "10.1.2.255"),
            ("10.0.0.1/30", "10.0.0.3"),
            ("10.0.0.1/8", "10.255.255.255"),
        ] {
            assert_eq!(
                hop(own, destination),
                NextHop::Group(Mac::BROADCAST),
                "{destination}"
            );
        }
        assert_eq!(hop("192.168.1.20/16", "192.168.1.255"), NextHop::Neighbour);
        assert_eq!(hop("192.168.1.20/24", "192.168.2.255"), NextHop::Gateway);
        assert_eq!(hop("10.0.0.0/31", "10.0.0.1"), NextHop::Neighbour);
        let last = "2001:db8::ffff:ffff:ffff:ffff";
        assert_eq!(hop("2001:db8::1/64", last), NextHop::Neighbour);
    }

    #[test]
    fn ones_own_address_and_loopback_never_leave_the_machine() {
        for (own, destination) in [
            ("192.168.1.20/24", "192.168.1.20"),
            ("192.168.1.20/32", "192.168.1.20"),
            ("192.168.1.20/24", "127.0.0.1"),
            ("192.168.1.20/24", "127.1.2.3"),
            ("127.0.0.1/8", "127.255.255.255"),
            ("2001:db8::1/64", "2001:db8::1"),
            ("2001:db8::1/64", "::1"),
            ("192.168.1.20/24", "0.0.0.0"),
            ("2001:db8::1/64", "::"),
        ] {
            assert_eq!(hop(own, destination), NextHop::ThisMachine, "{destination}");
        }
    }

    #[test]
    fn a_group_gets_its_own_mac_address_whatever_the_mask() {
        for (own, destination, mac) in [
            ("192.168.1.20/24", "224.0.0.251", "01:00:5e:00:00:fb"),
            ("192.168.1.20/0", "239.255.255.250", "01:00:5e:7f:ff:fa"),
            ("192.168.1.20/24", "224.128.1.1", "01:00:5e:00:01:01"),
            ("2001:db8::1/64", "ff02::fb", "33:33:00:00:00:fb"),
            ("fe80::1/64", "ff05::1:3", "33:33:00:01:00:03"),
        ] {
            let group = NextHop::Group(Mac::parse(mac).unwrap());
            assert_eq!(hop(own, destination), group, "{destination}");
        }
    }

    #[test]
    fn what_no_router_forwards_is_not_given_to_one() {
        assert_eq!(hop("2001:db8::1/64", "fe80::2"), NextHop::Neighbour);
        assert_eq!(hop("192.168.1.20/24", "169.254.7.7"), NextHop::Neighbour);
    }
}
