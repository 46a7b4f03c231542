//! Tolerant matching of names: what a person types against what a vocabulary holds.

use std::collections::HashMap;

/// Case, accents, spaces and punctuation do not tell names apart: `E-mail Address` is `email_address`.
pub fn fold(text: &str) -> String {
    crate::base::fold::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Longer than what people call anything, in letters.
const LONGEST: usize = 120;
/// Below this likeness (0 to 1) a suggestion would puzzle more than help.
const NEAR: f64 = 0.65;

/// The candidate that was probably meant, if one is near enough.
pub fn closest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if text.len() > 8 * LONGEST {
        return None;
    }
    let text = fold(text);
    let letters = text.chars().count();
    if text.is_empty() || letters > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| {
            let folded = fold(candidate);
            let near = if lengths_are_near(letters, folded.chars().count()) {
                strsim::normalized_damerau_levenshtein(&text, &folded)
            } else {
                0.0
            };
            // "Glasgow" for "Glasgow City" is nearer than its edit distance says
            let begins =
                text.len() >= 3 && (folded.starts_with(&text) || text.starts_with(&folded)) && folded.len() >= 3;
            (if begins { near.max(0.8) } else { near }, candidate)
        })
        .filter(|(near, _)| *near >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// At least so many letters differ as one has more than the other.
fn lengths_are_near(one: usize, other: usize) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "lengths of names")]
    let alike = one.min(other) as f64 / one.max(other).max(1) as f64;
    alike >= NEAR
}

/// The values that a column may hold, each with the code and the names by which people call it.
#[derive(Clone, Debug)]
pub struct Choices<T> {
    values: Vec<(String, T)>,
    names: HashMap<String, usize>,
}

impl<T> Default for Choices<T> {
    fn default() -> Self {
        Self { values: Vec::new(), names: HashMap::new() }
    }
}

impl<T> Choices<T> {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value under the name to show and further names; a name already taken keeps its first value.
    #[must_use]
    pub fn with<'n>(mut self, shown: &'n str, further: impl IntoIterator<Item = &'n str>, value: T) -> Self {
        self.add(shown, further, value);
        self
    }

    pub fn add<'n>(&mut self, shown: &'n str, further: impl IntoIterator<Item = &'n str>, value: T) {
        let at = self.values.len();
        self.values.push((shown.to_owned(), value));
        for name in std::iter::once(shown).chain(further) {
            self.names.entry(fold(name)).or_insert(at);
        }
    }

    pub fn find(&self, text: &str) -> Option<&T> {
        self.names.get(&fold(text)).map(|at| &self.values[*at].1)
    }

    /// What would be right instead of `text`: the nearest choice, or the list when it is short.
    pub fn right(&self, text: &str) -> Option<String> {
        let shown = || self.values.iter().map(|(name, _)| name.as_str());
        if let Some(near) = closest(text, shown()) {
            return Some(near.to_owned());
        }
        (self.values.len() <= 12).then(|| format!("one of {}", shown().collect::<Vec<_>>().join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_whatever_their_dress() {
        assert_eq!(fold("\u{feff}E-mail  Address"), fold("email_address"));
        assert_eq!(fold("Ceàrn"), "cearn");
        assert_ne!(fold("a1"), fold("a2"));
    }

    #[test]
    fn a_near_miss_is_recognised_and_nonsense_is_not() {
        let areas = ["Glasgow City", "Argyll and Bute", "City of Edinburgh"];
        assert_eq!(closest("Glasgow", areas), Some("Glasgow City"));
        assert_eq!(closest("Argyl & Bute", areas), Some("Argyll and Bute"));
        assert_eq!(closest("Timbuktu", areas), None);
        assert_eq!(closest("", areas), None);
        assert_eq!(closest(&"Glasgow".repeat(100_000), areas), None);
    }

    #[test]
    fn choices_know_codes_and_names() {
        let kinds = Choices::new().with("module", ["Course"], 1).with("pathway", [], 2);
        assert_eq!(kinds.find(" MODULE"), Some(&1));
        assert_eq!(kinds.find("course"), Some(&1));
        assert_eq!(kinds.find("modul"), None);
        assert_eq!(kinds.right("modul").as_deref(), Some("module"));
        assert_eq!(kinds.right("xyz").as_deref(), Some("one of module, pathway"));
    }
}
