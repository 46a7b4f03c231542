//! What both engines promise. Each promise is a function over the port; the embedded engine runs
//! every one as a test of its own, Meilisearch runs them all against one server.

use std::collections::{BTreeMap, BTreeSet};

use cairn::search::words::sort_key;
use cairn::search::{
    Changes, Document, Facet, Found, Query, SearchEngine, SearchError, Segment, Sort, State, SuggestionKind,
    rebuild_with,
};
use uuid::Uuid;

use crate::search_engines::{Server, catalogue, document, embedded, id};

macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod on_embedded {
            $(#[tokio::test]
            async fn $name() {
                let embedded = super::embedded().await;
                super::$name(&*embedded.engine).await;
            })+
        }

        #[tokio::test]
        async fn on_meilisearch() {
            let Some(server) = Server::find("the search contract").await else { return };
            $(
                eprintln!("contract on Meilisearch: {}", stringify!($name));
                $name(&*server.engine().await).await;
            )+
        }
    };
}

contract!(
    nothing_is_answered_before_the_first_build,
    empty_text_is_everything_newest_first,
    title_words_come_first,
    typos_are_forgiven_by_length,
    the_last_word_may_be_unfinished,
    abbreviations_and_synonyms,
    all_words_are_preferred_and_none_is_a_dead_end,
    accents_and_case_do_not_matter,
    facets_and_filters_agree_with_counting_by_hand,
    text_and_filters_together,
    sorting,
    paging_covers_everything_once,
    questions_out_of_bounds_are_refused,
    highlights_are_text,
    hostile_text_is_only_text,
    changes_are_seen,
    position_follows_changes,
    rebuild_swaps_at_the_end,
    suggestions,
);

async fn fill(engine: &dyn SearchEngine, documents: &[Document]) {
    rebuild_with(engine, documents.to_vec(), None).await.unwrap();
}

async fn find(engine: &dyn SearchEngine, query: Query) -> Found {
    engine.search(&query).await.unwrap()
}

fn ids(found: &Found) -> Vec<Uuid> {
    found.hits.iter().map(|hit| hit.id).collect()
}

/// References of what is found, best first.
async fn refs(engine: &dyn SearchEngine, all: &[Document], text: &str) -> Vec<String> {
    let found = find(engine, Query::text(text)).await;
    let reference = |id: Uuid| all.iter().find(|document| document.id == id).unwrap().reference.clone();
    found.hits.iter().map(|hit| reference(hit.id)).collect()
}

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}

async fn nothing_is_answered_before_the_first_build(engine: &dyn SearchEngine) {
    assert_eq!(engine.status().await.unwrap().state, State::Missing);
    let refused = engine.search(&Query::text("naloxone")).await;
    assert!(matches!(refused, Err(SearchError::Unavailable(_))), "{refused:?}");
    let refused = engine.upsert(catalogue()).await;
    assert!(matches!(refused, Err(SearchError::Unavailable(_))), "{refused:?}");

    fill(engine, &[]).await;
    assert_eq!(engine.status().await.unwrap().state, State::Ready);
    let found = find(engine, Query::text("naloxone")).await;
    assert_eq!((found.total, found.hits.len()), (0, 0));
    assert_eq!(found.facets.len(), Facet::ALL.len());
}

async fn empty_text_is_everything_newest_first(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for text in ["", "   ", "?!"] {
        let found = find(engine, Query::text(text).page(0, 100)).await;
        assert_eq!(found.total, all.len() as u64);
        assert_eq!(ids(&found), by_hand(&all, &Query::text("").sort(Sort::Newest)));
    }
}

async fn title_words_come_first(engine: &dyn SearchEngine) {
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

async fn typos_are_forgiven_by_length(engine: &dyn SearchEngine) {
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

async fn the_last_word_may_be_unfinished(engine: &dyn SearchEngine) {
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

async fn abbreviations_and_synonyms(engine: &dyn SearchEngine) {
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

async fn all_words_are_preferred_and_none_is_a_dead_end(engine: &dyn SearchEngine) {
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

async fn accents_and_case_do_not_matter(engine: &dyn SearchEngine) {
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

/// The plainest possible implementation of filters and sorting, to compare with.
fn by_hand(all: &[Document], query: &Query) -> Vec<Uuid> {
    let mut matching: Vec<&Document> = all.iter().filter(|document| passes(document, &query.filters, None)).collect();
    matching.sort_by_key(|document| (sort_key(&document.title), document.id));
    match query.sort {
        Sort::Newest => matching.sort_by_key(|d| std::cmp::Reverse(d.published_on)),
        Sort::Shortest => matching.sort_by_key(|d| d.minutes.unwrap_or(u32::MAX)),
        Sort::Relevance | Sort::Title => {}
    }
    matching.iter().map(|document| document.id).collect()
}

fn passes(document: &Document, filters: &BTreeMap<Facet, Vec<String>>, without: Option<Facet>) -> bool {
    filters.iter().filter(|(facet, _)| Some(**facet) != without).all(|(facet, wanted)| {
        let values = document.values(*facet);
        wanted.is_empty() || wanted.iter().any(|value| values.contains(&value.as_str()))
    })
}

fn counted(all: &[Document], filters: &BTreeMap<Facet, Vec<String>>, facet: Facet) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for document in all.iter().filter(|document| passes(document, filters, Some(facet))) {
        for value in document.values(facet) {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

async fn facets_and_filters_agree_with_counting_by_hand(engine: &dyn SearchEngine) {
    let mut all = catalogue();
    all.push(document(900, "odd", "Odd values", |document| {
        document.audience = vec!["said \"so\"".into(), "back\\slash".into(), "it's".into()];
        document.areas = vec!["glasgow".into(), "fife".into(), "glasgow".into()];
    }));
    fill(engine, &all).await;
    let questions = [
        Query::text(""),
        Query::text("").filter(Facet::Topic, "trauma"),
        Query::text("").filter(Facet::Topic, "trauma").filter(Facet::Topic, "abi"),
        Query::text("").filter(Facet::Topic, "trauma").filter(Facet::Cost, "free"),
        Query::text("")
            .filter(Facet::Level, "skilled")
            .filter(Facet::Cost, "fee")
            .filter(Facet::Delivery, "classroom")
            .filter(Facet::Delivery, "virtual_classroom"),
        Query::text("").filter(Facet::Kind, "resource").filter(Facet::Level, "informed"),
        Query::text("").filter(Facet::MatStandard, "10").filter(Facet::MatStandard, "4"),
        Query::text("").filter(Facet::Audience, "said \"so\""),
        Query::text("").filter(Facet::Audience, "back\\slash"),
        Query::text("").filter(Facet::Audience, "it's").filter(Facet::Area, "fife"),
        Query::text("").filter(Facet::Topic, "no such topic"),
        Query::text("").filter(Facet::Topic, "no such topic").filter(Facet::Cost, "free"),
        Query::text("").filter(Facet::Theme, "x\"] OR kind IN [\"module"),
    ];
    for question in questions {
        let found = find(engine, question.clone().page(0, 100)).await;
        let expected: BTreeSet<Uuid> = by_hand(&all, &question).into_iter().collect();
        assert_eq!(found.total, expected.len() as u64, "{:?}", question.filters);
        assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected);
        for facet in Facet::ALL {
            assert_eq!(
                found.facets[&facet],
                counted(&all, &question.filters, facet),
                "{facet:?} under {:?}",
                question.filters
            );
        }
    }
}

async fn text_and_filters_together(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    let free = find(engine, Query::text("naloxone").page(0, 100)).await;
    let chosen = find(engine, Query::text("naloxone").filter(Facet::Delivery, "classroom").page(0, 100)).await;
    assert!(chosen.total > 0 && chosen.total < free.total);
    assert_eq!(chosen.facets[&Facet::Delivery], free.facets[&Facet::Delivery]);
    // a filter narrows what was found; it never loosens what was asked
    let none = find(engine, Query::text("motivational interviewing").filter(Facet::Delivery, "elearning")).await;
    assert_eq!(none.total, 0);
    assert!(!none.facets[&Facet::Delivery].is_empty(), "it still says where there are some");
}

async fn sorting(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for sort in [Sort::Newest, Sort::Shortest, Sort::Title] {
        let question = Query::text("").sort(sort).page(0, 100);
        let found = find(engine, question.clone()).await;
        assert_eq!(ids(&found), by_hand(&all, &question), "{sort:?}");
    }
    // a chosen order holds with text as well
    let found = find(engine, Query::text("trauma").sort(Sort::Shortest).page(0, 100)).await;
    let minutes: Vec<u32> = ids(&found)
        .into_iter()
        .map(|id| all.iter().find(|d| d.id == id).unwrap().minutes.unwrap_or(u32::MAX))
        .collect();
    assert!(minutes.len() > 3 && minutes.is_sorted(), "{minutes:?}");
    // and equals come in the same order every time
    let twins: Vec<Document> = (0..20).map(|n| document(7 * n + 6, "t", "Twin", |_| ())).collect();
    fill(engine, &twins).await;
    for text in ["", "twin"] {
        let found = find(engine, Query::text(text).page(0, 100)).await;
        assert_eq!(ids(&found), twins.iter().map(|twin| twin.id).collect::<Vec<_>>());
    }
}

async fn paging_covers_everything_once(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for text in ["", "drug"] {
        let whole = find(engine, Query::text(text).page(0, 100)).await;
        assert_eq!(whole.next, None);
        let (mut seen, mut next) = (Vec::new(), Some(0));
        while let Some(offset) = next {
            let page = find(engine, Query::text(text).page(offset, 7)).await;
            assert_eq!(page.total, whole.total);
            assert!(page.hits.len() <= 7);
            seen.extend(ids(&page));
            next = page.next;
        }
        assert_eq!(seen, ids(&whole), "{text}");
    }
    let counts_only = find(engine, Query::text("drug").page(0, 0)).await;
    assert!(counts_only.total > 0 && counts_only.hits.is_empty());
    let past = find(engine, Query::text("drug").page(5000, 10)).await;
    assert!(past.hits.is_empty() && past.next.is_none());
}

async fn questions_out_of_bounds_are_refused(engine: &dyn SearchEngine) {
    fill(engine, &[]).await;
    for question in [
        Query::text("a").page(0, 101),
        Query::text("a").page(9_990, 20),
        Query::text("a").page(usize::MAX, 20),
        Query::text("a".repeat(501)),
    ] {
        let refused = engine.search(&question).await;
        assert!(matches!(refused, Err(SearchError::Invalid(_))), "{refused:?}");
    }
}

async fn highlights_are_text(engine: &dyn SearchEngine) {
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

async fn hostile_text_is_only_text(engine: &dyn SearchEngine) {
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

async fn changes_are_seen(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    let mut changed = all[0].clone();
    changed.title = "Zeppelin safety".into();
    let added = document(500, "new", "Zeppelin maintenance", |_| ());
    let changes =
        Changes { upsert: vec![changed, added.clone()], delete: vec![all[1].id, id(999_999)], position: None };
    for _ in 0..2 {
        engine.apply(changes.clone()).await.unwrap();
        engine.settle().await.unwrap();
        let found = find(engine, Query::text("zeppelin")).await;
        let expected: BTreeSet<Uuid> = [all[0].id, added.id].into();
        assert_eq!(ids(&found).into_iter().collect::<BTreeSet<_>>(), expected);
        let everything = find(engine, Query::text("").page(0, 100)).await;
        assert_eq!(everything.total, all.len() as u64);
        assert!(!ids(&everything).contains(&all[1].id));
        assert_eq!(engine.status().await.unwrap().documents, all.len() as u64);
    }
    engine.delete(vec![all[0].id, added.id]).await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(find(engine, Query::text("zeppelin")).await.total, 0);
}

async fn position_follows_changes(engine: &dyn SearchEngine) {
    let all = catalogue();
    rebuild_with(engine, all.clone(), Some(41)).await.unwrap();
    assert_eq!(engine.status().await.unwrap().position, Some(41));
    let changes = Changes { delete: vec![all[3].id], position: Some(42), ..Changes::default() };
    engine.apply(changes).await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(engine.status().await.unwrap().position, Some(42));
    engine.delete(vec![all[4].id]).await.unwrap();
    engine.settle().await.unwrap();
    assert_eq!(engine.status().await.unwrap().position, Some(42), "changes without one keep it");
    engine.apply(Changes { position: Some(43), ..Changes::default() }).await.unwrap();
    assert_eq!(engine.status().await.unwrap().position, Some(43));
}

async fn rebuild_swaps_at_the_end(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    let mut rebuild = engine.rebuild().await.unwrap();
    rebuild.add(vec![document(1, "only", "Zeppelin", |_| ())]).await.unwrap();
    assert_eq!(find(engine, Query::text("")).await.total, all.len() as u64);
    assert_eq!(find(engine, Query::text("zeppelin")).await.total, 0);
    rebuild.add(vec![document(2, "too", "Zeppelin two", |_| ())]).await.unwrap();
    rebuild.finish(Some(7)).await.unwrap();
    assert_eq!(find(engine, Query::text("")).await.total, 2);
    assert_eq!(engine.status().await.unwrap().position, Some(7));

    let mut abandoned = engine.rebuild().await.unwrap();
    abandoned.add(all.clone()).await.unwrap();
    drop(abandoned);
    assert_eq!(find(engine, Query::text("")).await.total, 2);
    fill(engine, &all).await;
    assert_eq!(find(engine, Query::text("")).await.total, all.len() as u64);
}

async fn suggestions(engine: &dyn SearchEngine) {
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
