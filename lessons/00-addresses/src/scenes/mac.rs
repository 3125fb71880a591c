//! What two bits of a MAC address say, as text.

use crate::mac::Mac;

/// What the two bits say.
pub fn about_mac(mac: Mac) -> String {
    let (Mac([first, ..]), meaning) = (mac, mac.meaning());
    let bit = |is_set, one, zero| if is_set { one } else { zero };
    let group = bit(mac.is_group(), "1: a group of cards", "0: one card");
    let local = bit(
        mac.is_local(),
        "1: chosen by software",
        "0: given by the maker",
    );
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
