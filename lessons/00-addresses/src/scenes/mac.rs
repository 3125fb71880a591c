//! What two bits of a MAC address say, as text.

use crate::mac::Mac;

/// What the two bits say.
pub fn about_mac(mac: Mac) -> String {
    let (Mac([first, ..]), meaning) = (mac, mac.meaning());
    let bit = |bit, zero, one| if first & bit == 0 { zero } else { one };
    let group = bit(0b01, "0: one card", "1: a group of cards");
    let local = bit(0b10, "0: given by the maker", "1: chosen by software");
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
