//! Suggestions as one types: titles come from the engine, topics and providers are few enough to
//! be matched here, for both engines alike.

use uuid::Uuid;

use super::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    Title,
    Topic,
    Provider,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub kind: SuggestionKind,
    pub text: String,
    /// The item, for a title.
    pub id: Option<Uuid>,
    /// The facet value to filter by, for a topic or provider.
    pub value: Option<String>,
}

/// A slug or id and its name in one indexed value, so that names need no second look-up.
const SEPARATOR: char = '\u{1f}';

pub fn pair(value: &str, name: &str) -> String {
    format!("{value}{SEPARATOR}{name}")
}

fn split_pair(pair: &str) -> Option<(&str, &str)> {
    pair.split_once(SEPARATOR)
}

/// The labels in which every word typed begins a word; those that begin with it first, then the
/// more frequent.
pub fn matching(text: &str, kind: SuggestionKind, pairs: &[(String, u64)], limit: usize) -> Vec<Suggestion> {
    let typed: Vec<String> = words::words(text).into_iter().map(|word| word.text).collect();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(bool, u64, &str, &str)> = pairs
        .iter()
        .filter_map(|(pair, count)| {
            let (value, name) = split_pair(pair)?;
            let label: Vec<String> =
                words::words(&format!("{name} {value}")).into_iter().map(|word| word.text).collect();
            let all = typed.iter().all(|t| label.iter().any(|word| word.starts_with(t.as_str())));
            let begins = label.first().is_some_and(|word| word.starts_with(typed[0].as_str()));
            all.then_some((begins, *count, value, name))
        })
        .collect();
    found.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.3.cmp(b.3)));
    found
        .into_iter()
        .take(limit)
        .map(|(_, _, value, name)| Suggestion { kind, text: name.to_owned(), id: None, value: Some(value.to_owned()) })
        .collect()
}

/// At most `limit`: two topics and one provider keep their place, titles come first and take the
/// rest.
pub fn mix(
    titles: Vec<Suggestion>,
    topics: Vec<Suggestion>,
    providers: Vec<Suggestion>,
    limit: usize,
) -> Vec<Suggestion> {
    let providers_kept = providers.len().min(1.max(limit.saturating_sub(titles.len() + topics.len())));
    let topics_kept = topics.len().min(2.max(limit.saturating_sub(titles.len() + providers_kept)));
    let titles_kept = limit.saturating_sub(topics_kept + providers_kept);
    let mut mixed: Vec<Suggestion> = titles.into_iter().take(titles_kept).collect();
    mixed.extend(topics.into_iter().take(topics_kept));
    mixed.extend(providers.into_iter().take(providers_kept));
    mixed.truncate(limit);
    mixed
}

#[cfg(test)]
mod tests {
    use super::SuggestionKind::{Provider, Title, Topic};
    use super::*;

    #[test]
    fn every_word_begins_a_word_of_the_label() {
        let pairs = [
            (pair("bbv-hepc-hiv", "Hepatitis C, HIV and blood-borne viruses"), 3),
            (pair("naloxone-overdose", "Naloxone and overdose"), 9),
        ];
        let found = |text: &str| -> Vec<String> {
            matching(text, SuggestionKind::Topic, &pairs, 8)
                .into_iter()
                .filter_map(|suggestion| suggestion.value)
                .collect()
        };
        assert_eq!(found("over nal"), ["naloxone-overdose"]);
        assert_eq!(found("hiv"), ["bbv-hepc-hiv"]);
        assert!(found("verdose").is_empty());
        assert!(found("").is_empty());
    }

    #[test]
    fn titles_leave_room_for_topics_and_providers() {
        let some = |kind, n: usize| -> Vec<Suggestion> {
            (0..n).map(|i| Suggestion { kind, text: i.to_string(), id: None, value: None }).collect()
        };
        let mixed = mix(some(Title, 20), some(Topic, 5), some(Provider, 5), 8);
        let count = |kind| mixed.iter().filter(|suggestion| suggestion.kind == kind).count();
        assert_eq!(mixed.len(), 8);
        assert_eq!((count(Title), count(Topic), count(Provider)), (5, 2, 1));
    }
}
