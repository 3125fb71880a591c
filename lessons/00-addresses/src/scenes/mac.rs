//! What two bits of a MAC address say, as text.

use crate::mac::Mac;

/// What the two bits say.
pub fn about_mac(mac: Mac) -> String {
    let (Mac([first, ..]), meaning) = (mac, mac.meaning());
    let group = match first & 0b01 {
        0 => "0: one card",
        _ => "1: a group of cards",
    };
    let local = match first & 0b10 {
        0 => "0: given by the maker",
        _ => "1: chosen by software",
    };
    format!(
        "\
MAC         {mac}
first byte  {first:08b}
  I/G bit   {group}
  U/L bit   {local}
means       {meaning}
"
    )
}
