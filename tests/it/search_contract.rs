//! What both engines promise. Each promise is a function over the port; the embedded engine runs
//! every one as a test of its own, Meilisearch runs them all against one server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod changing;
mod filtering;
mod matching;

use std::panic::AssertUnwindSafe;

use cairn::search::{Document, Found, Query, SearchEngine, rebuild_with};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::search_engines::{Server, embedded};

macro_rules! contract {
    ($($room:ident::$name:ident),+ $(,)?) => {
        mod on_embedded {
            $(#[tokio::test]
            async fn $name() {
                let embedded = super::embedded().await;
                super::$room::$name(&*embedded.engine).await;
            })+
        }

        #[tokio::test]
        async fn on_meilisearch() {
            let Some(server) = Server::find("the search contract").await else { return };
            let mut broken = Vec::new();
            $(
                let engine = server.engine().await;
                if AssertUnwindSafe($room::$name(&*engine)).catch_unwind().await.is_err() {
                    broken.push(stringify!($name));
                }
            )+
            assert!(broken.is_empty(), "promises that Meilisearch does not keep: {broken:?}");
        }
    };
}

contract!(
    changing::nothing_is_answered_before_the_first_build,
    filtering::empty_text_is_everything_newest_first,
    matching::title_words_come_first,
    matching::typos_are_forgiven_by_length,
    matching::the_last_word_may_be_unfinished,
    matching::abbreviations_and_synonyms,
    matching::all_words_are_preferred_and_none_is_a_dead_end,
    matching::accents_and_case_do_not_matter,
    filtering::facets_and_filters_agree_with_counting_by_hand,
    filtering::text_and_filters_together,
    filtering::sorting,
    filtering::paging_covers_everything_once,
    filtering::questions_out_of_bounds_are_refused,
    matching::highlights_are_text,
    matching::hostile_text_is_only_text,
    changing::changes_are_seen,
    changing::position_follows_changes,
    changing::rebuild_swaps_at_the_end,
    matching::suggestions,
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
