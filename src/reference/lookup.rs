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
    in_order: Vec<(String, usize)>,
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
        self.in_order.push((folded, entry));
        None
    }

    pub fn find<'a, T>(&self, text: &str, entries: &'a [T]) -> Lookup<'a, T> {
        let wanted = fold(text);
        if let Some(&at) = self.by_name.get(&wanted) {
            return Lookup::Found(&entries[at]);
        }
        let mut best = (ALIKE, None);
        for (name, at) in &self.in_order {
            let alike = strsim::normalized_damerau_levenshtein(&wanted, name);
            if alike > best.0 {
                best = (alike, Some(*at));
            }
        }
        best.1.map_or(Lookup::Unknown, |at| Lookup::DidYouMean(&entries[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgives_capitals_accents_and_signs() {
        assert_eq!(fold("  Peer-Support_Worker "), "peer support worker");
        assert_eq!(fold("Dumfries & Galloway"), "dumfries and galloway");
        assert_eq!(fold("Comhairle nan Eilean Sìar"), "comhairle nan eilean siar");
        assert_eq!(fold("—"), "");
    }
}
