//! The worked example: one address, a neighbour, a stranger, and an IPv6 address.

use super::report::report;
use super::same_network::same_network;
use crate::address::Address;

/// The worked example; the same text every time.
///
/// # Errors
/// None in practice: its addresses are addresses.
pub fn demo() -> Result<String, String> {
    let ours = Address::parse("192.168.1.20/24")?;
    let says = report(&ours);
    let neighbour = same_network(&ours, &Address::parse("192.168.1.200/24")?);
    let stranger = same_network(&ours, &Address::parse("192.168.2.20/24")?);
    let ipv6 = report(&Address::parse("2001:db8::20/64")?);
    Ok(format!(
        "\
== What does {ours} say?

{says}
== Is 192.168.1.200 a neighbour?

{neighbour}
== Is 192.168.2.20 a neighbour?

{stranger}
== IPv6 follows the same rule with 128 bits

{ipv6}
== Now yours

cargo run -p lesson00 -- 192.168.1.20/24                   one address
cargo run -p lesson00 -- 192.168.1.20/24 192.168.2.20/24   two: neighbours?
cargo run -p lesson00 -- frame                             where six bytes sit in a frame
cargo run -p lesson00 -- --help                            all of it
"
    ))
}
