//! Text as people send it, as types: whoever holds one holds it clean. Bodies, questions, uploads
//! and the command line all go through them. The length is that of the cleaned text.

mod clean;
mod wire;

use std::fmt;
use std::ops::Deref;

use super::fault::Fault;

pub use clean::{line, lines, tidy};
pub(super) use wire::kind;

/// Longest e-mail address that mail can be sent to.
pub const LONGEST_EMAIL: usize = 254;
/// Longest question to a list.
pub const LONGEST_WORDS: usize = 500;

/// A first or family name of a person.
pub type PersonName = Line<100>;
/// A name of an organisation, service or requirement.
pub type Name = Line<200>;
/// The slug of a term, an area, a kind.
pub type Slug = Line<100>;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident $(<const $max:ident>)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name $(<const $max: usize>)? (String);

        impl $(<const $max: usize>)? $name $(<$max>)? {
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl $(<const $max: usize>)? Deref for $name $(<$max>)? {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl $(<const $max: usize>)? AsRef<str> for $name $(<$max>)? {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl $(<const $max: usize>)? fmt::Display for $name $(<$max>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $(<const $max: usize>)? From<$name $(<$max>)?> for String {
            fn from(text: $name $(<$max>)?) -> Self {
                text.0
            }
        }

        impl $(<const $max: usize>)? std::str::FromStr for $name $(<$max>)? {
            type Err = Fault;

            fn from_str(text: &str) -> Result<Self, Fault> {
                Self::new(text)
            }
        }
    };
}

text_type! {
    /// One line of at most `MAX` characters; may be empty.
    Line<const MAX>
}

text_type! {
    /// Several lines of at most `MAX` characters; may be empty.
    Lines<const MAX>
}

text_type! {
    /// An e-mail address as its owner writes it.
    Email
}

text_type! {
    /// Words to look for: whatever they hold is looked for, or is a space.
    Words
}

impl Words {
    pub fn new(text: &str) -> Result<Self, Fault> {
        within(text, LONGEST_WORDS)?;
        let text = tidy(text);
        short(&text, LONGEST_WORDS)?;
        Ok(Self(text))
    }
}

impl<const MAX: usize> Line<MAX> {
    pub fn new(text: &str) -> Result<Self, Fault> {
        within(text, MAX)?;
        let text = line(text)?;
        short(&text, MAX)?;
        Ok(Self(text))
    }
}

impl<const MAX: usize> Lines<MAX> {
    pub fn new(text: &str) -> Result<Self, Fault> {
        within(text, MAX)?;
        let text = lines(text)?;
        short(&text, MAX)?;
        Ok(Self(text))
    }
}

impl Email {
    pub fn new(text: &str) -> Result<Self, Fault> {
        within(text, LONGEST_EMAIL)?;
        let text = line(text)?;
        short(&text, LONGEST_EMAIL)?;
        let right = text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
                && !text.contains(' ')
        });
        if right { Ok(Self(text)) } else { Err(not_an_email()) }
    }
}

fn not_an_email() -> Fault {
    Fault::new("not_an_email", "Enter an e-mail address, such as name@example.org.")
}

/// A secret, as it was typed: neither cleaned nor shown, not even in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// What was typed, for hashing only.
    pub fn expose(self) -> String {
        self.0
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// A text whose faults are not told to whoever sends it, such as the address of somebody who
/// signs in: it is cleaned where it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unchecked(pub String);

/// Far over the limit: refused before any work is done on it.
pub fn within(text: &str, longest: usize) -> Result<(), Fault> {
    if text.len() > longest.saturating_mul(16).saturating_add(4096) {
        return Err(Fault::too_long(longest, text.chars().count()));
    }
    Ok(())
}

pub(super) fn short(text: &str, longest: usize) -> Result<(), Fault> {
    // no character is shorter than a byte
    if text.len() <= longest {
        return Ok(());
    }
    let length = text.chars().count();
    if length > longest { Err(Fault::too_long(longest, length)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_counts_what_is_kept() {
        assert_eq!(Line::<5>::new(" ab\u{200b}c \n de").unwrap_err().code, "too_long");
        assert_eq!(&*Line::<6>::new(" ab\u{200b}c \n de").unwrap(), "abc de");
        assert_eq!(&*Line::<3>::new("e\u{301}e\u{301}e\u{301}").unwrap(), "ééé");
        let long = "x".repeat(1_000_000);
        assert_eq!(Line::<200>::new(&long).unwrap_err().message, "Use at most 200 characters here; this has 1000000.");
    }

    #[test]
    fn an_address_is_cleaned_and_has_its_shape() {
        assert_eq!(&*Email::new(" zw\u{200b}@example.org\u{feff}").unwrap(), "zw@example.org");
        for wrong in ["", "a", "a@b", "@b.org", "a@b@c.org", "a b@c.org", "a@.org", "a@b.", "a@ex ample.org"] {
            assert_eq!(Email::new(wrong).unwrap_err().code, "not_an_email", "{wrong}");
        }
        assert_eq!(Email::new(&format!("{}@example.org", "x".repeat(250))).unwrap_err().code, "too_long");
        assert_eq!(Email::new("a\0@example.org").unwrap_err().code, "control_character");
        assert_eq!(format!("{:?}", Password::from("hush".to_owned())), "Password");
    }
}
