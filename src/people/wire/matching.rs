//! Who, of those who are here already, may be the one that is being added.

use poem_openapi::{Enum, Object};

use super::PersonRowOut;
use crate::people::rules::matching::Likeness;

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MatchesIn {
    pub given_name: String,
    #[oai(default)]
    pub family_name: String,
    pub email: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Why {
    SameEmail,
    SameName,
    NearName,
}

impl From<Likeness> for Why {
    fn from(likeness: Likeness) -> Self {
        match likeness {
            Likeness::SameEmail => Self::SameEmail,
            Likeness::SameName => Self::SameName,
            Likeness::NearName => Self::NearName,
        }
    }
}

#[derive(Debug, Object)]
pub struct MatchOut {
    pub person: PersonRowOut,
    pub why: Why,
}

#[derive(Debug, Object)]
pub struct MatchesOut {
    /// The likeliest first; at most five
    pub items: Vec<MatchOut>,
}
