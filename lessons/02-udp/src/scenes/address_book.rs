//! Names for addresses: whom to talk to.

use std::fmt;
use std::str::FromStr;

use cli::Address;

/// The people of the Python tutorial. There they all live at one address, so they do here.
const EVERYBODY: [&str; 4] = ["金老板", "哪吒", "egg", "yuan"];

/// Who is where.
#[derive(Debug, Clone)]
pub struct AddressBook {
    contacts: Vec<Contact>,
}

impl AddressBook {
    /// The four of the tutorial at `home`; `own` adds others, or moves one of the four.
    pub fn new(home: &Address, own: &[Contact]) -> Self {
        let mut contacts: Vec<Contact> = Vec::new();
        let usual = EVERYBODY.map(|name| Contact {
            name: name.to_owned(),
            address: home.clone(),
        });
        for contact in usual.iter().chain(own) {
            match contacts.iter_mut().find(|known| known.name == contact.name) {
                Some(known) => known.address = contact.address.clone(),
                None => contacts.push(contact.clone()),
            }
        }
        Self { contacts }
    }

    /// Where somebody is. The name is what was typed, to the byte.
    pub fn find(&self, name: &[u8]) -> Option<&Contact> {
        self.contacts
            .iter()
            .find(|contact| contact.name.as_bytes() == name)
    }
}

/// All names, as a person reads them.
impl fmt::Display for AddressBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self
            .contacts
            .iter()
            .map(|contact| contact.name.as_str())
            .collect();
        f.write_str(&names.join(", "))
    }
}

/// One person, as typed on the command line: `NAME=HOST:PORT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name, as it will be typed.
    pub name: String,
    /// Where the person's program listens.
    pub address: Address,
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hint = "want NAME=HOST:PORT, for example egg=127.0.0.1:8082";
        // An address has no `=`, a name may have one.
        let (name, address) = text.rsplit_once('=').ok_or(format!("no `=`; {hint}"))?;
        if name.is_empty() {
            return Err(format!("no name; {hint}"));
        }
        let address: Address = address.parse()?;
        // It is shown as it was parsed, so `:00` ends like this too.
        if address.to_string().ends_with(":0") {
            return Err(format!("nobody can be reached at port 0; {hint}"));
        }
        Ok(Self {
            name: name.to_owned(),
            address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_are_at_home_and_a_contact_is_added_or_moved() {
        let home: Address = "127.0.0.1:8081".parse().unwrap();
        let own = ["egg=[::1]:1", "a=b=host.test:2"].map(|text| text.parse::<Contact>().unwrap());
        let book = AddressBook::new(&home, &own);
        let at = |name: &str| {
            book.find(name.as_bytes())
                .map(|contact| contact.address.to_string())
        };
        assert_eq!(at("金老板").unwrap(), "127.0.0.1:8081");
        assert_eq!(at("egg").unwrap(), "[::1]:1");
        assert_eq!(at("a=b").unwrap(), "host.test:2");
        assert_eq!(at("Egg"), None);
        assert_eq!(book.to_string(), "金老板, 哪吒, egg, yuan, a=b");
    }

    #[test]
    fn a_contact_without_a_name_or_an_address_is_refused() {
        for wrong in [
            "egg",
            "=127.0.0.1:1",
            "egg=127.0.0.1",
            "egg=127.0.0.1:0",
            "egg=[::1]:00",
        ] {
            assert!(wrong.parse::<Contact>().is_err(), "{wrong}");
        }
    }
}
