//! Words of the vocabularies as people write them. What would be right is looked for a bounded
//! number of times: comparing with every name costs more than all else that is done with an item.

use std::collections::HashMap;

use entity::value::AreaKind;

use crate::reference::area::{self, Area};
use crate::reference::lookup::Lookup;
use crate::reference::vocabulary::{self, Term};

/// A word that no vocabulary has, with what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub right: String,
}

impl Unknown {
    pub fn say(&self, seen: &str) -> String {
        let seen: String = seen.chars().take(60).collect();
        format!("“{seen}” is not known here. {}", self.right)
    }
}

/// How often one request may still ask what was meant; the same word again costs nothing.
#[derive(Debug)]
pub struct Hints {
    left: usize,
    said: HashMap<(&'static str, String), Unknown>,
}

/// More than anybody puts right in one go.
const HINTS: usize = 500;
/// What is longer was not meant as a word, and is not kept.
const LONGEST: usize = 200;

impl Default for Hints {
    fn default() -> Self {
        Self { left: HINTS, said: HashMap::new() }
    }
}

impl Hints {
    fn of(&mut self, list: &'static str, text: &str, make: impl FnOnce(bool) -> Unknown) -> Unknown {
        let key = (list, text.chars().take(LONGEST).collect());
        if let Some(said) = self.said.get(&key) {
            return said.clone();
        }
        let may_look = self.left > 0 && text.len() <= LONGEST;
        let unknown = make(may_look);
        if may_look {
            self.left -= 1;
            self.said.insert(key, unknown.clone());
        }
        unknown
    }
}

/// A vocabulary's term by slug, label or another name.
pub fn named(vocabulary: &str, text: &str) -> Option<&'static Term> {
    vocabulary::get(vocabulary)?.named(text)
}

/// The same, with what would be right.
pub fn term(vocabulary: &'static str, text: &str, hints: &mut Hints) -> Result<&'static Term, Unknown> {
    let nothing = || Unknown { right: String::new() };
    let list = vocabulary::get(vocabulary).ok_or_else(nothing)?;
    if let Some(term) = list.named(text) {
        return Ok(term);
    }
    let meant = |may_look: bool| if may_look { list.find(text) } else { Lookup::Unknown };
    Err(hints.of(vocabulary, text, |may_look| match meant(may_look) {
        Lookup::DidYouMean(term) => Unknown { right: format!("Did you mean {} ({})?", term.slug, term.label) },
        _ if list.terms.len() <= 16 => {
            let slugs: Vec<_> = list.terms.iter().map(|term| term.slug.as_str()).collect();
            Unknown { right: format!("Choose one of {}.", slugs.join(", ")) }
        }
        _ => Unknown { right: format!("See the list of {} for what fits.", list.label) },
    }))
}

const KINDS: [AreaKind; 4] = [AreaKind::Council, AreaKind::Adp, AreaKind::HealthBoard, AreaKind::Scotland];

pub fn an_area(text: &str, hints: &mut Hints) -> Result<&'static Area, Unknown> {
    let all = area::all();
    let found = all.get(text.trim()).or_else(|| KINDS.iter().find_map(|kind| all.named(*kind, text)));
    if let Some(area) = found {
        return Ok(area);
    }
    Err(hints.of("area", text, |may_look| {
        let near = KINDS.iter().filter(|_| may_look).find_map(|kind| match all.find(*kind, text) {
            Lookup::DidYouMean(area) => Some(area),
            Lookup::Found(_) | Lookup::Unknown => None,
        });
        let right = near.map_or_else(
            || "Enter a health board, council or ADP, such as council-fife.".to_owned(),
            |area| format!("Did you mean {} ({})?", area.slug, area.name),
        );
        Unknown { right }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_a_bounded_number_of_times_and_a_repeated_one_once() {
        let mut hints = Hints::default();
        let slip = term("topic", "naloxone and overdos", &mut hints).unwrap_err();
        assert!(slip.right.starts_with("Did you mean"), "{slip:?}");
        for number in 0..HINTS + 10 {
            term("topic", &format!("no such topic {number}"), &mut hints).unwrap_err();
        }
        assert_eq!(hints.left, 0);
        assert_eq!(term("topic", "naloxone and overdos", &mut hints).unwrap_err(), slip);
        assert!(term("topic", "alcohol", &mut hints).is_ok());
        assert!(an_area(&"x".repeat(2_000_000), &mut hints).is_err());
    }
}
