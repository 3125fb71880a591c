//! What the switch of `switch.rs` does with captured frames.

use crate::frame::Frame;
use crate::mac::Mac;
use crate::switch::Switch;

/// How many ports the switch had on which the captures were made.
const PORTS: usize = 3;

/// Lets captured frames pass through a new switch, the cards plugged in from port 1 on in the order in which they
/// first speak.
///
/// # Errors
/// A frame that cannot be read.
pub fn switch(frames: &[Vec<u8>]) -> Result<String, String> {
    let mut switch = Switch::new(PORTS);
    let mut plugged: Vec<Mac> = Vec::new();
    let mut got = [0; PORTS];
    let mut text = "frame  in at  for                out at  why\n".to_owned();
    for (number, bytes) in (1..).zip(frames) {
        let frame = Frame::parse(bytes)?;
        let card = |field| Mac::of(frame.field("Ethernet", field));
        let (source, destination) = (card("source"), card("destination"));
        if !plugged.contains(&source) {
            plugged.push(source);
        }
        let card = plugged.iter().position(|card| *card == source).unwrap_or(0);
        let port = card % PORTS + 1; // more cards than ports: two share a cable
        let mut news = String::new();
        if switch.port_of(source) != Some(port) {
            news = format!("; learned: {source} is at port {port}");
        }
        let ports = switch.forward(port, source, destination);
        let why = match (ports.as_slice(), switch.port_of(destination)) {
            (_, Some(_)) => "that card is known",
            (_, None) if destination.is_group() => "it is for a group",
            (_, None) => "nobody knows yet where that card is",
        };
        for (count, port) in got.iter_mut().zip(1..) {
            *count += usize::from(ports.contains(&port));
        }
        let list: Vec<_> = ports.iter().map(usize::to_string).collect();
        let list = list.join(", ");
        text += &format!("{number:5}  {port:5}  {destination}  {list:6}  {why}{news}\n");
    }
    text += "\n";
    for (port, count) in (1..).zip(got) {
        text += &format!("port {port} got {count} of {} frames\n", frames.len());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;

    #[test]
    fn the_third_machine_saw_what_this_switch_says_it_saw() {
        let hello = capture::frames(capture::HELLO).unwrap();
        let told = switch(&hello).unwrap();
        // `    1      1  ff:ff:ff:ff:ff:ff  2, 3    it is for a group`
        let at_port_3 = |line: &&str| line.get(34..40).is_some_and(|ports| ports.contains('3'));
        let numbers = told.lines().skip(1).take(hello.len()).filter(at_port_3);
        let seen: Vec<_> = numbers
            .map(|line| hello[line[..5].trim().parse::<usize>().unwrap() - 1].clone())
            .collect();
        let captured = include_str!("../../captures/third-machine.txt");
        assert_eq!(seen, capture::frames(captured).unwrap());
        assert!(told.contains("port 3 got 1 of 12 frames\n"), "{told}");
    }
}
