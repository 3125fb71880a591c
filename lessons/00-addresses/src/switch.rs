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

use crate::frame::Frame;
use crate::mac::Mac;

/// The header of a frame, from card to card: all that a switch looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ethernet {
    /// The card that is to take the frame.
    pub destination: Mac,
    /// The card that sent it.
    pub source: Mac,
}

impl Ethernet {
    /// That of a frame.
    pub fn of(frame: &Frame<'_>) -> Self {
        let card = |field| Mac::of(frame.field("Ethernet", field));
        Self {
            destination: card("destination"),
            source: card("source"),
        }
    }
}

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

    /// A frame has come in at `port`: the ports at which it goes out.
    pub fn forward(&mut self, port: usize, frame: &Ethernet) -> Vec<usize> {
        if !frame.source.is_group() {
            self.table.insert(frame.source, port); // only one card speaks, never a group
        }
        match self.table.get(&frame.destination) {
            Some(&out) if out == port => Vec::new(), // the card is on the side it came from
            Some(&out) => vec![out],
            // A group, or a card that has not been heard yet: everywhere, and whoever it is for will take it.
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

    fn frame(from: u8, to: u8) -> Ethernet {
        let card = |last| Mac([2, 0, 0, 0, 0, last]);
        Ethernet {
            destination: card(to),
            source: card(from),
        }
    }

    #[test]
    fn it_learns_from_who_speaks_and_not_from_who_is_spoken_to() {
        let mut switch = Switch::new(3);
        assert_eq!(
            switch.forward(1, &frame(10, 20)),
            [2, 3],
            "nobody has heard 20 yet"
        );
        assert_eq!(switch.forward(2, &frame(20, 10)), [1]);
        assert_eq!(switch.forward(1, &frame(10, 20)), [2]);
        assert_eq!(switch.forward(3, &frame(30, 20)), [2]);
    }

    #[test]
    fn nobody_can_claim_to_be_everybody() {
        let mut switch = Switch::new(3);
        switch.forward(
            3,
            &Ethernet {
                source: Mac::BROADCAST,
                ..frame(0, 10)
            },
        );
        assert_eq!(
            switch.forward(
                1,
                &Ethernet {
                    destination: Mac::BROADCAST,
                    ..frame(10, 0)
                }
            ),
            [2, 3]
        );
    }

    #[test]
    fn a_broadcast_goes_out_everywhere_each_time() {
        let mut switch = Switch::new(3);
        let everybody = Ethernet {
            destination: Mac::BROADCAST,
            ..frame(10, 0)
        };
        for _ in 0..2 {
            assert_eq!(switch.forward(1, &everybody), [2, 3]);
        }
    }

    #[test]
    fn a_card_that_moves_is_found_again_and_a_frame_never_goes_back() {
        let mut switch = Switch::new(3);
        switch.forward(1, &frame(10, 20));
        switch.forward(3, &frame(10, 20));
        assert_eq!(switch.forward(2, &frame(20, 10)), [3]);
        assert_eq!(switch.forward(3, &frame(30, 10)), [0; 0]);
    }
}
