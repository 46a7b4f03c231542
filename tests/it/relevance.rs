//! Do people find what they look for? Written queries with the items that answer them, held by a
//! floor for each engine. Raise a floor when results get better; never lower one quietly.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::collections::BTreeMap;
use std::fmt::Write;

use cairn::search::{Query, SearchEngine, rebuild_with};
use uuid::Uuid;

use crate::search_engines::{Server, embedded_with, shipped_catalogue};

/// Shares in percent of queries with an expected item first, and among the first five.
struct Floor {
    first: usize,
    five: usize,
}

const EMBEDDED: Floor = Floor { first: 92, five: 97 };
const MEILISEARCH: Floor = Floor { first: 92, five: 95 };

struct Case {
    query: String,
    kind: String,
    expected: Vec<String>,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/relevance/queries.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            Case {
                query: row[0].to_owned(),
                kind: row[1].to_owned(),
                expected: row[2].split(' ').map(str::to_owned).collect(),
            }
        })
        .collect()
}

async fn measure(engine: &dyn SearchEngine, floor: &Floor, name: &str) {
    let references: BTreeMap<Uuid, String> =
        shipped_catalogue().into_iter().map(|document| (document.id, document.reference)).collect();
    let cases = cases();
    let (mut first, mut five) = (0, 0);
    let mut report = String::new();
    for case in &cases {
        let found = engine.search(&Query::text(&case.query).page(0, 5)).await.unwrap();
        let refs: Vec<&str> = found.hits.iter().map(|hit| references[&hit.id].as_str()).collect();
        let place = refs.iter().position(|found| case.expected.iter().any(|e| e == found));
        first += usize::from(place == Some(0));
        five += usize::from(place.is_some());
        if place != Some(0) {
            let (wanted, found) = (case.expected.join(" or "), refs.join(" "));
            writeln!(report, "  {} ({}): wanted {wanted}, found {found}", case.query, case.kind).unwrap();
        }
    }
    let percent = |count: usize| count * 100 / cases.len();
    println!(
        "relevance on {name}: {} queries, {}% first, {}% in the first five; not first:\n{report}",
        cases.len(),
        percent(first),
        percent(five)
    );
    assert!(
        percent(first) >= floor.first && percent(five) >= floor.five,
        "relevance on {name} fell to {}% first (floor {}) and {}% in the first five (floor {}):\n\
         {report}",
        percent(first),
        floor.first,
        percent(five),
        floor.five
    );
}

#[test]
fn there_are_enough_queries_of_every_kind() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases() {
        *kinds.entry(case.kind).or_default() += 1;
    }
    assert!(kinds.values().sum::<usize>() >= 45, "{kinds:?}");
    for kind in ["title", "topic", "typo", "prefix", "abbreviation", "question"] {
        assert!(kinds.get(kind).is_some_and(|count| *count >= 5), "{kind}: {kinds:?}");
    }
    let references: Vec<String> = shipped_catalogue().into_iter().map(|document| document.reference).collect();
    for expected in cases().iter().flat_map(|case| &case.expected) {
        assert!(references.contains(expected), "{expected} is not in the catalogue");
    }
}

#[tokio::test]
async fn embedded() {
    let embedded = embedded_with(shipped_catalogue()).await;
    measure(&*embedded.engine, &EMBEDDED, "the embedded engine").await;
}

#[tokio::test]
async fn meilisearch() {
    let Some(server) = Server::find("relevance").await else {
        return;
    };
    let engine = server.engine().await;
    rebuild_with(&*engine, shipped_catalogue(), None).await.unwrap();
    measure(&*engine, &MEILISEARCH, "Meilisearch").await;
}
