//! Finding an entry by what people write: slug, code, label or a customary other name,
//! whatever the capitals, accents, hyphens and ampersands; with a suggestion when nothing fits.

use std::collections::HashMap;

use crate::base::fold;

#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'a, T> {
    Found(&'a T),
    /// Nothing by that name; this one is written much like it.
    DidYouMean(&'a T),
    Unknown,
}

impl<'a, T> Lookup<'a, T> {
    pub fn found(self) -> Option<&'a T> {
        match self {
            Self::Found(entry) => Some(entry),
            Self::DidYouMean(_) | Self::Unknown => None,
        }
    }
}

/// Below this likeness (0 to 1) a suggestion would puzzle more than help.
const ALIKE: f64 = 0.72;

/// Longer than any name is, in bytes: such a text names nothing, and is not looked at.
const LONGEST: usize = 500;

/// As `base::fold`, with "and" for "&" and one space for any run of other signs.
pub fn fold(text: &str) -> String {
    let plain = fold::fold(&text.replace('&', " and "));
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Folded names of the entries of one list, by position in it.
#[derive(Debug, Default)]
pub struct Names {
    by_name: HashMap<String, usize>,
    /// In the order added, so that of two equally good suggestions the first always wins.
    in_order: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    name: String,
    letters: usize,
    entry: usize,
}

impl Names {
    /// The entry that had the name before, when it is another one; the first keeps it.
    pub fn add(&mut self, name: &str, entry: usize) -> Option<usize> {
        let folded = fold(name);
        if folded.is_empty() {
            return None;
        }
        if let Some(&other) = self.by_name.get(&folded) {
            return (other != entry).then_some(other);
        }
        self.by_name.insert(folded.clone(), entry);
        self.in_order.push(Known { letters: folded.chars().count(), name: folded, entry });
        None
    }

    /// What has exactly this name, folded.
    pub fn named<'a, T>(&self, text: &str, entries: &'a [T]) -> Option<&'a T> {
        if text.len() > LONGEST {
            return None;
        }
        self.by_name.get(&fold(text)).map(|&at| &entries[at])
    }

    pub fn find<'a, T>(&self, text: &str, entries: &'a [T]) -> Lookup<'a, T> {
        if let Some(found) = self.named(text, entries) {
            return Lookup::Found(found);
        }
        if text.len() > LONGEST {
            return Lookup::Unknown;
        }
        let wanted = fold(text);
        let letters = wanted.chars().count();
        let mut best = (ALIKE, None);
        for known in &self.in_order {
            // at least so many letters differ as one has more than the other
            if as_alike_as_lengths(letters, known.letters) <= best.0 {
                continue;
            }
            let alike = strsim::normalized_damerau_levenshtein(&wanted, &known.name);
            if alike > best.0 {
                best = (alike, Some(known.entry));
            }
        }
        best.1.map_or(Lookup::Unknown, |at| Lookup::DidYouMean(&entries[at]))
    }
}

/// The greatest likeness that two texts of these lengths can have.
fn as_alike_as_lengths(one: usize, other: usize) -> f64 {
    let (short, long) = (one.min(other), one.max(other).max(1));
    #[expect(clippy::cast_precision_loss, reason = "lengths of names")]
    let alike = short as f64 / long as f64;
    alike
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_is_answered_at_once() {
        let mut names = Names::default();
        let entries: Vec<usize> = (0..300).collect();
        for entry in &entries {
            names.add(&format!("A name of some length, number {entry}"), *entry);
        }
        let begun = std::time::Instant::now();
        let found = names.find(&"x".repeat(2_000_000), &entries);
        assert_eq!(found, Lookup::Unknown);
        assert_eq!(names.find("A name of sone length, number 7", &entries), Lookup::DidYouMean(&7));
        assert!(begun.elapsed() < std::time::Duration::from_secs(1));
    }

    #[test]
    fn folding_forgives_capitals_accents_and_signs() {
        assert_eq!(fold("  Peer-Support_Worker "), "peer support worker");
        assert_eq!(fold("Dumfries & Galloway"), "dumfries and galloway");
        assert_eq!(fold("Comhairle nan Eilean Sìar"), "comhairle nan eilean siar");
        assert_eq!(fold("—"), "");
    }
}
