//! What goes into an index, and when it is seen.

use std::collections::BTreeSet;

use cairn::search::{Changes, Facet, Query, SearchEngine, SearchError, State, rebuild_with};
use uuid::Uuid;

use super::{fill, find, ids};
use crate::search_engines::{catalogue, document, id};

pub async fn nothing_is_answered_before_the_first_build(engine: &dyn SearchEngine) {
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

pub async fn changes_are_seen(engine: &dyn SearchEngine) {
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

pub async fn position_follows_changes(engine: &dyn SearchEngine) {
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

pub async fn rebuild_swaps_at_the_end(engine: &dyn SearchEngine) {
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
