//! The index settings, so that Meilisearch reads words and ranks as the embedded engine does, as
//! far as it can (it does not stem; typos and prefixes make up for most of that).

use std::collections::HashMap;

use meilisearch_sdk::settings::{MinWordSizeForTypos, PaginationSetting, Settings, TypoToleranceSettings};

use super::row;
use crate::search::document::Facet;
use crate::search::{MAX_DEPTH, synonyms, words};

/// More values than any of our vocabularies has.
const MOST_VALUES: usize = 1000;
const CUTOFF_MS: u64 = 1500;

/// Signs that Meilisearch takes for parts of words unless told otherwise (1.50); the embedded engine
/// splits words at everything that is neither letter nor digit.
const SIGNS: [&str; 17] =
    ["$", "<", "=", ">", "^", "|", "~", "£", "€", "°", "©", "®", "™", "¬", "¦", "\u{ff5c}", "\u{a0}"];

/// As it stands in what we send, which has no stop words.
fn asked(words: &str) -> String {
    let kept: Vec<&str> = words.split(' ').filter(|word| words::STOP_WORDS.binary_search(word).is_err()).collect();
    if kept.is_empty() { words.to_owned() } else { kept.join(" ") }
}

pub fn settings() -> Settings {
    let synonyms: HashMap<String, Vec<String>> = synonyms::table()
        .iter()
        .map(|(word, others)| (asked(word), others.iter().map(|other| (*other).to_owned()).collect()))
        .collect();
    let filterable = Facet::ALL.into_iter().map(Facet::name).chain([row::TOPIC_PAIR, row::PROVIDER_PAIR]);
    let mut settings = Settings::new()
        .with_searchable_attributes(row::SEARCHED)
        .with_filterable_attributes(filterable)
        .with_sortable_attributes([row::TITLE_KEY, row::MINUTES, row::PUBLISHED, "id"])
        .with_displayed_attributes(["id", "title", "summary"])
        // a chosen sort outranks the match, as in the embedded engine; the id settles ties
        .with_ranking_rules(["sort", "words", "typo", "proximity", "attribute", "exactness", "id:asc"])
        .with_stop_words(words::STOP_WORDS)
        .with_pagination(PaginationSetting { max_total_hits: MAX_DEPTH })
        .with_max_values_per_facet(MOST_VALUES)
        .with_search_cutoff(CUTOFF_MS)
        .with_typo_tolerance(TypoToleranceSettings {
            enabled: Some(true),
            disable_on_attributes: None,
            disable_on_words: None,
            min_word_size_for_typos: Some(MinWordSizeForTypos { one_typo: Some(5), two_typos: Some(9) }),
            disable_on_numbers: Some(true),
        });
    settings.separator_tokens = Some(SIGNS.map(str::to_owned).to_vec());
    settings.synonyms = Some(synonyms);
    settings
}
