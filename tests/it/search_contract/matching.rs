//! Which words find what, and how it is shown.

use cairn::search::{Query, SearchEngine, Segment, SuggestionKind};

use super::{fill, find, refs};
use crate::search_engines::{catalogue, document};

pub async fn title_words_come_first(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for (text, expected) in [
        ("naloxone training for trainers", "demo-002"),
        ("bereavement", "demo-046"),
        ("family inclusive practice", "demo-044"),
        ("hepatitis", "demo-037"),
        ("knowledge and skills framework", "demo-052"),
    ] {
        assert_eq!(refs(engine, &all, text).await.first().unwrap(), expected, "{text}");
    }
}

pub async fn typos_are_forgiven_by_length(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for (text, expected) in [
        ("ketmine ", "demo-034"),
        ("berevement ", "demo-046"),
        ("motivatonal interveiwing ", "demo-011"),
        ("psychostimlants ", "demo-006"),
        ("nitazines ", "demo-031"),
        ("stabilization ", "demo-020"),
    ] {
        assert_eq!(refs(engine, &all, text).await.first().unwrap(), expected, "{text}");
    }
    // four letters: nothing is forgiven; six letters: not two
    for text in ["fsad ", "zraft ", "ketxxine "] {
        let found = refs(engine, &all, text).await;
        assert!(!found.contains(&"demo-043".to_owned()) && !found.contains(&"demo-034".to_owned()));
    }
    // a typo ranks behind the word itself
    let pair = [document(1, "exact", "Dental care", |_| ()), document(2, "close", "Mental care", |_| ())];
    fill(engine, &pair).await;
    assert_eq!(refs(engine, &pair, "dental ").await.first().unwrap(), "exact");
    assert_eq!(refs(engine, &pair, "mental ").await.first().unwrap(), "close");
}

pub async fn the_last_word_may_be_unfinished(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for (text, expected) in
        [("ber", "demo-046"), ("chem", "demo-036"), ("motivational int", "demo-011"), ("street benz", "demo-033")]
    {
        assert_eq!(refs(engine, &all, text).await.first().unwrap(), expected, "{text}");
    }
    assert!(refs(engine, &all, "nalox").await.len() >= 3);
    assert!(refs(engine, &all, "nal ").await.is_empty(), "a space completes the word");
}

pub async fn abbreviations_and_synonyms(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for (text, expected) in [
        ("needle exchange", "demo-013"),
        ("hep c", "demo-037"),
        ("benzos", "demo-033"),
        ("ksf", "demo-052"),
        ("cbt", "demo-025"),
        ("steroids", "demo-035"),
        ("blood borne viruses", "demo-012"),
    ] {
        let found = refs(engine, &all, text).await;
        assert!(found.iter().take(3).any(|found| found == expected), "{text}: {found:?}");
    }
    assert!(refs(engine, &all, "nox").await.contains(&"demo-002".to_owned()));
    assert!(refs(engine, &all, "SDF").await.len() >= 10, "the provider's short name");
}

pub async fn all_words_are_preferred_and_none_is_a_dead_end(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    let both = refs(engine, &all, "trauma children").await;
    assert_eq!(both.first().unwrap(), "demo-015");
    assert!(both.len() < refs(engine, &all, "trauma").await.len(), "more words, fewer answers");
    let question = refs(engine, &all, "what do I do if someone overdoses").await;
    let naloxone = ["demo-001", "demo-004"].map(str::to_owned);
    assert!(question.iter().take(5).any(|found| naloxone.contains(found)), "{question:?}");
    let beyond = refs(engine, &all, "zeppelin ketamine").await;
    assert_eq!(beyond.first().map(String::as_str), Some("demo-034"));
    assert!(refs(engine, &all, "zeppelin ").await.is_empty());
}

pub async fn accents_and_case_do_not_matter(engine: &dyn SearchEngine) {
    let all = [
        document(1, "gaelic", "Slàinte: Gràmhor agus nàdarra", |_| ()),
        document(2, "decomposed", "Cafe\u{301} conversations", |_| ()),
        document(3, "possessive", "Young people\u{2019}s services", |_| ()),
    ];
    fill(engine, &all).await;
    for (text, expected) in [
        ("slainte", "gaelic"),
        ("GRÀMHOR", "gaelic"),
        ("café", "decomposed"),
        ("cafe", "decomposed"),
        ("young people's", "possessive"),
        ("young peoples", "possessive"),
    ] {
        assert_eq!(refs(engine, &all, text).await, [expected], "{text}");
    }
}

pub async fn highlights_are_text(engine: &dyn SearchEngine) {
    let title = "<b>Naloxone</b> & overdose \u{e000}prevention\u{e001}";
    let long = format!("{} naloxone at home. {}", "Before that. ".repeat(40), "After. ".repeat(40));
    let all = [document(1, "a", title, |document| document.summary.clone_from(&long))];
    fill(engine, &all).await;
    let found = find(engine, Query::text("naloxone")).await;
    let highlights = &found.hits[0].highlights;
    assert_eq!(joined(&highlights.title), "<b>Naloxone</b> & overdose prevention");
    let matched: Vec<&str> = highlights.title.iter().filter(|s| s.is_match).map(|s| s.text.as_str()).collect();
    assert_eq!(matched, ["Naloxone"]);
    assert!(highlights.summary.iter().any(|s| s.is_match && s.text == "naloxone"));
    let shown = joined(&highlights.summary);
    assert!(shown.len() < long.len() / 2, "cut to the part that matched");
    assert!(shown.starts_with('\u{2026}') && shown.ends_with('\u{2026}'));
    // without text nothing is marked
    let found = find(engine, Query::text("")).await;
    assert!(found.hits[0].highlights.title.iter().all(|segment| !segment.is_match));
}

pub async fn hostile_text_is_only_text(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for text in [
        "\"",
        "'",
        "\\",
        "-naloxone",
        "naloxone -overdose",
        "\"naloxone",
        "title:naloxone",
        "naloxone AND (",
        "*",
        "/.*/",
        "[a TO z]",
        "+naloxone^9~2",
        "\u{0}",
        "\u{1f600}",
        "\u{202e}naloxone",
        "\u{e000}",
        "'; DROP TABLE item; --",
        "{{7*7}}",
        "%_",
        "\u{300}\u{301}",
    ] {
        let answered = engine.search(&Query::text(text)).await;
        assert!(answered.is_ok(), "{text:?}: {answered:?}");
        let answered = engine.suggest(text, 8).await;
        assert!(answered.is_ok(), "{text:?}: {answered:?}");
    }
    assert!(refs(engine, &all, "-naloxone").await.contains(&"demo-002".to_owned()));
    assert!(
        !refs(
            engine,
            &all,
            "naloxone naloxone naloxone naloxone naloxone naloxone naloxone \
        naloxone naloxone naloxone naloxone naloxone"
        )
        .await
        .is_empty()
    );
}

pub async fn suggestions(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    let found = engine.suggest("nalox", 8).await.unwrap();
    assert!(found.len() <= 8);
    assert!(found.iter().any(|suggestion| suggestion.kind == SuggestionKind::Title
        && suggestion.id == Some(all[1].id)
        && suggestion.text == "Naloxone Training for Trainers"));
    assert!(found.iter().any(|suggestion| suggestion.kind == SuggestionKind::Topic
        && suggestion.value.as_deref() == Some("naloxone-overdose")));
    let found = engine.suggest("scottish dr", 8).await.unwrap();
    assert!(
        found
            .iter()
            .any(|suggestion| suggestion.kind == SuggestionKind::Provider && suggestion.text == "Scottish Drugs Forum")
    );
    assert!(engine.suggest("", 8).await.unwrap().is_empty());
    assert!(engine.suggest("nalox", 0).await.unwrap().is_empty());
    assert_eq!(engine.suggest("t", 3).await.unwrap().len(), 3);
}

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}
