//! What only the embedded engine can get wrong: its folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::fs;
use std::path::Path;

use cairn::search::{self, Changes, Options, Query, SearchEngine, SearchError, State, rebuild_with};

use crate::search_engines::{catalogue, document, embedded_with};

async fn open(dir: &Path) -> std::sync::Arc<dyn SearchEngine> {
    search::from_config(Options::Embedded { dir: dir.join("index") }).await.unwrap()
}

fn builds(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir.join("index"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('v'))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn the_index_and_its_position_survive_a_restart() {
    let all = catalogue();
    let first = embedded_with(all.clone()).await;
    let changes = Changes { delete: vec![all[0].id], position: Some(12), ..Changes::default() };
    first.engine.apply(changes).await.unwrap();
    drop(first.engine);
    let again = open(first.dir.path()).await;
    let status = again.status().await.unwrap();
    assert_eq!((status.state, status.position), (State::Ready, Some(12)));
    assert_eq!(status.documents, all.len() as u64 - 1);
}

#[tokio::test]
async fn an_older_or_broken_index_asks_to_be_rebuilt() {
    let first = embedded_with(catalogue()).await;
    drop(first.engine);
    let index = first.dir.path().join("index");

    fs::write(index.join("CURRENT"), "v0-000001").unwrap();
    let older = open(first.dir.path()).await;
    assert_eq!(older.status().await.unwrap().state, State::OlderSchema);
    let refused = older.search(&Query::text("")).await;
    assert!(matches!(refused, Err(SearchError::Unavailable(_))));

    fs::write(index.join("CURRENT"), "v1-000001").unwrap();
    fs::write(index.join("v1-000001").join("meta.json"), "{ broken").unwrap();
    let broken = open(first.dir.path()).await;
    assert_eq!(broken.status().await.unwrap().state, State::Missing);
    rebuild_with(&*broken, catalogue(), Some(3)).await.unwrap();
    let status = broken.status().await.unwrap();
    assert_eq!((status.state, status.position), (State::Ready, Some(3)));
}

/// `cairn reindex` beside a running server.
#[tokio::test]
async fn a_rebuild_by_another_process_is_noticed() {
    let server = embedded_with(catalogue()).await;
    server.engine.upsert(vec![document(700, "late", "Zeppelin", |_| ())]).await.unwrap();
    let other = open(server.dir.path()).await;
    rebuild_with(&*other, vec![document(1, "one", "Only this", |_| ())], Some(9)).await.unwrap();
    drop(other);
    assert_eq!(server.engine.search(&Query::text("")).await.unwrap().total, 1);
    assert_eq!(server.engine.status().await.unwrap().position, Some(9));
    server.engine.upsert(vec![document(2, "two", "And this", |_| ())]).await.unwrap();
    assert_eq!(server.engine.search(&Query::text("")).await.unwrap().total, 2);
    assert_eq!(builds(server.dir.path()).len(), 1, "old builds are removed");
}

#[tokio::test]
async fn two_writers_do_not_mix() {
    let first = embedded_with(catalogue()).await;
    first.engine.upsert(vec![document(700, "a", "Zeppelin", |_| ())]).await.unwrap();
    let second = open(first.dir.path()).await;
    let refused = second.upsert(vec![document(701, "b", "Zeppelin", |_| ())]).await;
    assert!(matches!(refused, Err(SearchError::Unavailable(_))), "{refused:?}");
    assert_eq!(second.search(&Query::text("zeppelin")).await.unwrap().total, 1);
}

#[tokio::test]
async fn an_abandoned_rebuild_leaves_no_folder() {
    let engine = embedded_with(catalogue()).await;
    let mut rebuild = engine.engine.rebuild().await.unwrap();
    rebuild.add(catalogue()).await.unwrap();
    drop(rebuild);
    assert_eq!(builds(engine.dir.path()).len(), 1);
}
