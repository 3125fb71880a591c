//! What two bits of a MAC address say, as text.

use crate::mac::Mac;

/// What the two bits say.
pub fn about_mac(mac: Mac) -> String {
    let Mac([first, ..]) = mac;
    let card = if mac.is_group() {
        "1: a group of cards"
    } else {
        "0: one card"
    };
    let chosen = if mac.is_local() {
        "1: chosen by software"
    } else {
        "0: given by the maker"
    };
    let meaning = mac.meaning();
    format!(
        "\
MAC         {mac}
first byte  {first:08b}
  I/G bit   {card}
  U/L bit   {chosen}
means       {meaning}
"
    )
}
