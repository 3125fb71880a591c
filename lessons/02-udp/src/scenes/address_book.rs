//! Names for addresses: whom to talk to.

use std::str::FromStr;

use cli::Address;

/// The people of the Python tutorial. There they all live at one address, so they do here.
const EVERYBODY: [&str; 4] = ["金老板", "哪吒", "egg", "yuan"];

/// Who is where: the four of the tutorial at `home`; `own` adds others, or moves one of the four.
pub fn address_book(home: &Address, own: &[Contact]) -> Vec<Contact> {
    let mut book = EVERYBODY.map(|name| Contact::new(name, home)).to_vec();
    for contact in own {
        match book.iter_mut().find(|known| known.name == contact.name) {
            Some(known) => known.clone_from(contact),
            None => book.push(contact.clone()),
        }
    }
    book
}

/// All names, as a person reads them.
pub fn names(book: &[Contact]) -> String {
    let names = book.iter().map(|contact| contact.name.as_str());
    Vec::from_iter(names).join(", ")
}

/// One person, as typed on the command line: `NAME=HOST:PORT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name, as it will be typed.
    pub name: String,
    /// Where the person's program listens.
    pub address: Address,
}

impl Contact {
    fn new(name: &str, address: &Address) -> Self {
        Self {
            name: name.to_owned(),
            address: address.clone(),
        }
    }
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
        Ok(Self::new(name, &address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_are_at_home_and_a_contact_is_added_or_moved() {
        let home: Address = "127.0.0.1:8081".parse().unwrap();
        let own = ["egg=[::1]:1", "a=b=host.test:2"].map(|text| text.parse::<Contact>().unwrap());
        let book = address_book(&home, &own);
        let at = |name: &str| {
            let found = book.iter().find(|contact| contact.name == name);
            found.map(|contact| contact.address.to_string())
        };
        assert_eq!(at("金老板").unwrap(), "127.0.0.1:8081");
        assert_eq!(at("egg").unwrap(), "[::1]:1");
        assert_eq!(at("a=b").unwrap(), "host.test:2");
        assert_eq!(at("Egg"), None);
        assert_eq!(names(&book), "金老板, 哪吒, egg, yuan, a=b");
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
