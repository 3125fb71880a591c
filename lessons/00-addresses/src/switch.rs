//! A switch (交换机), whole: it learns where cards are from the frames that pass, and reads nothing but MAC addresses.
//!
//! ```text
//! destination, 6 bytes | source, 6 bytes | ............ not its business
//! ```
//!
//! It knows no IP address and no ARP. An ARP question is addressed to all cards, so it goes out everywhere, as any
//! other broadcast does; the answer comes from the machine that was asked, and passes as any other frame.
//!
//! Left out: forgetting after some minutes (IEEE 802.1Q says 300 s), loops (spanning tree), VLANs, and groups
//! that a better switch learns by listening to IGMP.

use std::collections::BTreeMap;

use crate::mac::Mac;

// ANCHOR: switch
/// A switch with some ports, numbered from 1.
#[derive(Debug)]
pub struct Switch {
    ports: usize,
    /// Which card was last heard at which port.
    table: BTreeMap<Mac, usize>,
}

impl Switch {
    /// A switch that has just been plugged in.
    pub fn new(ports: usize) -> Self {
        Self {
            ports,
            table: BTreeMap::new(),
        }
    }

    /// A frame from `source` to `destination` came in at `port`: the ports at which it goes out.
    pub fn forward(&mut self, port: usize, source: Mac, destination: Mac) -> Vec<usize> {
        if !source.is_group() {
            self.table.insert(source, port); // only one card speaks, never a group
        }
        match self.table.get(&destination) {
            Some(&out) if out == port => Vec::new(), // the card is on the side it came from
            Some(&out) => vec![out],
            // A group, or a card that was not heard yet: everywhere. Who it is for will take it.
            None => (1..=self.ports).filter(|&out| out != port).collect(),
        }
    }

    /// At which port a card was last heard.
    pub fn port_of(&self, card: Mac) -> Option<usize> {
        self.table.get(&card).copied()
    }
}
// ANCHOR_END: switch

#[cfg(test)]
mod tests {
    use super::*;

    fn card(last: u8) -> Mac {
        Mac([2, 0, 0, 0, 0, last])
    }

    #[test]
    fn it_learns_from_who_speaks_and_not_from_who_is_spoken_to() {
        let mut switch = Switch::new(3);
        let first = switch.forward(1, card(10), card(20));
        assert_eq!(first, [2, 3], "nobody has heard 20 yet");
        assert_eq!(switch.forward(2, card(20), card(10)), [1]);
        assert_eq!(switch.forward(1, card(10), card(20)), [2]);
        assert_eq!(switch.forward(3, card(30), card(20)), [2]);
    }

    #[test]
    fn nobody_can_claim_to_be_everybody() {
        let mut switch = Switch::new(3);
        switch.forward(3, Mac::BROADCAST, card(10));
        assert_eq!(switch.forward(1, card(10), Mac::BROADCAST), [2, 3]);
    }

    #[test]
    fn a_broadcast_goes_out_everywhere_each_time() {
        let mut switch = Switch::new(3);
        for _ in 0..2 {
            assert_eq!(switch.forward(1, card(10), Mac::BROADCAST), [2, 3]);
        }
    }

    #[test]
    fn a_card_that_moves_is_found_again_and_a_frame_never_goes_back() {
        let mut switch = Switch::new(3);
        switch.forward(1, card(10), card(20));
        switch.forward(3, card(10), card(20));
        assert_eq!(switch.forward(2, card(20), card(10)), [3]);
        assert_eq!(switch.forward(3, card(30), card(10)), [0; 0]);
    }
}
