//! Filters, counts, order and pages.

use std::collections::{BTreeMap, BTreeSet};

use cairn::search::words::sort_key;
use cairn::search::{Document, Facet, Query, SearchEngine, SearchError, Sort};
use uuid::Uuid;

use super::{fill, find, ids};
use crate::search_engines::{catalogue, document};

pub async fn empty_text_is_everything_newest_first(engine: &dyn SearchEngine) {
    let all = catalogue();
    fill(engine, &all).await;
    for text in ["", "   ", "?!"] {
        let found = find(engine, Query::text(text).page(0, 100)).await;
        assert_eq!(found.total, all.len() as u64);
        assert_eq!(ids(&found), by_hand(&all, &Query::text("").sort(Sort::Newest)));
    }
}

pub async fn facets_and_filters_agree_with_counting_by_hand(engine: &dyn SearchEngine) {
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

pub async fn text_and_filters_together(engine: &dyn SearchEngine) {
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

pub async fn sorting(engine: &dyn SearchEngine) {
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

pub async fn paging_covers_everything_once(engine: &dyn SearchEngine) {
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

pub async fn questions_out_of_bounds_are_refused(engine: &dyn SearchEngine) {
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
