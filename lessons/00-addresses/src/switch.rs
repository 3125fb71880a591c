//! A switch (交换机), whole: it learns where cards are from the frames that pass, and reads nothing but MAC addresses.
//!
//! ```text
//! to, 6 bytes | from, 6 bytes | ............ not its business
//! ```
//!
//! It knows no IP address and no ARP. An ARP question is addressed to all cards, so it goes out everywhere, as any
//! other broadcast does; the answer comes from the machine that was asked, and passes as any other frame.
//!
//! Left out: forgetting after some minutes (IEEE 802.1Q says 300 s), loops (spanning tree), VLANs, and groups
//! that a better switch learns by listening to IGMP.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::frame::Ethernet;
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

    /// A frame has come in at `port`: the ports at which it goes out.
    pub fn forward(&mut self, port: usize, frame: &Ethernet) -> Vec<usize> {
        if !frame.from.is_group() {
            self.table.insert(frame.from, port); // only one card speaks, never a group
        }
        match self.table.get(&frame.to) {
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

/// How many ports the switch has on which the captures were made.
pub const PORTS: usize = 3;

/// Lets captured frames pass through a new switch, the cards plugged in from port 1 on in the order in which they
/// first speak, and writes what it does. Gives, for each frame, the ports at which it went out.
///
/// # Errors
/// A frame that is no Ethernet frame; those of `out`.
pub fn watch_switch(out: &mut impl Write, frames: &[Vec<u8>]) -> io::Result<Vec<Vec<usize>>> {
    let mut switch = Switch::new(PORTS);
    let mut plugged = Vec::new();
    let mut went_out = Vec::new();
    writeln!(out, "frame  in at  for                out at  why")?;
    for (number, bytes) in (1..).zip(frames) {
        let (ethernet, _) =
            Ethernet::split(bytes).map_err(|fault| io::Error::other(fault.to_string()))?;
        let card = plugged
            .iter()
            .position(|&card| card == ethernet.from)
            .unwrap_or_else(|| {
                plugged.push(ethernet.from);
                plugged.len() - 1
            });
        let port = card % PORTS + 1; // more cards than ports: two share a cable
        let news = if switch.port_of(ethernet.from) == Some(port) {
            String::new()
        } else {
            format!("; learned: {} is at port {port}", ethernet.from)
        };
        let ports = switch.forward(port, &ethernet);
        let list = ports
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let why = why(&ports, &switch, ethernet.to);
        writeln!(
            out,
            "{number:5}  {port:5}  {}  {list:6}  {why}{news}",
            ethernet.to
        )?;
        went_out.push(ports);
    }
    for port in 1..=PORTS {
        let count = went_out
            .iter()
            .filter(|ports| ports.contains(&port))
            .count();
        writeln!(
            out,
            "{}port {port} got {count} of {} frames",
            if port == 1 { "\n" } else { "" },
            frames.len()
        )?;
    }
    Ok(went_out)
}

fn why(ports: &[usize], switch: &Switch, to: Mac) -> &'static str {
    match (ports, switch.port_of(to)) {
        ([], _) => "the card is on the cable it came from",
        (_, Some(_)) => "that card is known",
        (_, None) if to.is_group() => "it is for a group",
        (_, None) => "nobody knows yet where that card is",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture;

    fn frame(from: u8, to: u8) -> Ethernet {
        let card = |last| Mac([2, 0, 0, 0, 0, last]);
        Ethernet {
            to: card(to),
            from: card(from),
            inside: 0x9000,
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
                from: Mac::BROADCAST,
                ..frame(0, 10)
            },
        );
        assert_eq!(
            switch.forward(
                1,
                &Ethernet {
                    to: Mac::BROADCAST,
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
            to: Mac::BROADCAST,
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

    #[test]
    fn the_third_machine_saw_what_this_switch_says_it_saw() {
        let hello = capture::frames(capture::HELLO).unwrap();
        let ports = watch_switch(&mut io::sink(), &hello).unwrap();
        let at_port_3: Vec<_> = hello
            .iter()
            .zip(&ports)
            .filter(|(_, ports)| ports.contains(&3))
            .map(|(frame, _)| frame)
            .collect();
        let captured = capture::frames(capture::THIRD_MACHINE).unwrap();
        assert_eq!(at_port_3, captured.iter().collect::<Vec<_>>());
    }
}
