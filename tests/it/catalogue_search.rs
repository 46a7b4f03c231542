//! Search through the whole program: what is published is found, what is not never leaks, and
//! the index follows the database by itself.

use std::sync::Arc;

use async_trait::async_trait;
use cairn::access::SystemScope;
use cairn::catalogue::{Actor, Choice, import_bytes, index};
use cairn::search::{Changes, Document, Found, Query, Rebuild, SearchEngine, SearchError, Status, Suggestion};
use entity::value::ItemStatus;
use entity::{item, organisation};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::catalogue::{REAL, curator, item, path, published};

async fn filled(test: &TestApp) {
    let program = Actor::Program(SystemScope::program());
    import_bytes(&test.app, &program, REAL.to_vec(), Choice::AllRows).await.unwrap();
    test.settle_search().await;
}

async fn search(test: &TestApp, query: &str) -> Value {
    test.anonymous().get(&format!("/api/catalogue/search?{query}")).await.expect(200)
}

async fn rename(test: &TestApp, organisation: &str, name: &str) {
    let tx = cairn::base::db::write(&test.app.db).await.unwrap();
    organisation::Entity::update_many()
        .col_expr(organisation::Column::Name, Expr::value(name))
        .filter(organisation::Column::Id.eq(organisation.parse::<uuid::Uuid>().unwrap()))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn titles(found: &Value) -> Vec<&str> {
    found["hits"].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap()).collect()
}

fn counts(found: &Value, facet: &str) -> Vec<(String, u64)> {
    let values = found["facets"][facet].as_array().unwrap();
    values.iter().map(|one| (one["value"].as_str().unwrap().to_owned(), one["count"].as_u64().unwrap())).collect()
}

on_both_databases! {
    async fn anyone_finds_the_right_item_with_a_typo_a_prefix_or_a_filter(test: TestApp) {
        filled(&test).await;
        let all = search(&test, "").await;
        assert_eq!(all["total"], 60);
        for typed in ["naloxone", "naloxon", "nalxone", "nalox"] {
            let found = search(&test, &format!("q={typed}")).await;
            assert!(titles(&found)[0].to_lowercase().contains("naloxone"), "{typed}: {:?}", titles(&found));
        }
        let hit = &search(&test, "q=naloxone").await["hits"][0];
        let marked: Vec<_> = hit["highlights"]["title"].as_array().unwrap().iter().filter(|part| part["match"] == true).collect();
        assert!(!marked.is_empty(), "{hit}");
        for name in ["id", "ref", "kind", "title", "summary", "provider", "level", "minutes", "delivery", "cost"] {
            assert!(hit.get(name).is_some(), "{name} in {hit}");
        }
        let free = search(&test, "cost=free&delivery=elearning&delivery=classroom").await;
        assert!(free["hits"].as_array().unwrap().iter().all(|hit| hit["cost"] == "free"));
        let by_name = search(&test, "provider=Scottish%20Drugs%20Forum").await;
        assert!(by_name["total"].as_u64().unwrap() > 5);
        assert_eq!(by_name["total"], search(&test, &format!("provider={}", by_name["hits"][0]["provider_id"].as_str().unwrap())).await["total"]);
        assert!(search(&test, "topic=harm-reduction").await["total"].as_u64() > search(&test, "topic=naloxone-overdose").await["total"].as_u64(), "a broad topic holds the narrow ones");
    }

    async fn a_remembered_answer_is_never_older_than_the_data_or_the_index(test: TestApp) {
        filled(&test).await;
        let curator = curator(&test).await;
        let asked = "q=moorland";
        assert_eq!(search(&test, asked).await["total"], 0);
        let id = published(&curator, &item("Moorland mornings")).await;
        assert_eq!(search(&test, asked).await["total"], 0, "the index has not followed yet");
        test.settle_search().await;
        assert_eq!(titles(&search(&test, asked).await), ["Moorland mornings"]);
        let provider = curator.get(&path(&id)).await.expect(200)["provider_id"].as_str().unwrap().to_owned();
        rename(&test, &provider, "Renamed forum").await;
        assert_eq!(search(&test, asked).await["hits"][0]["provider"], "Renamed forum");
        curator.patch(&path(&id), &json!({"title": "Moorland evenings"})).await.expect(200);
        assert_eq!(titles(&search(&test, asked).await), ["Moorland evenings"], "the row decides what is shown");
        curator.patch(&path(&id), &json!({"status": "retired"})).await.expect(200);
        assert!(titles(&search(&test, asked).await).is_empty());
    }

    async fn a_choice_does_not_shrink_its_own_facet_and_every_value_has_its_name(test: TestApp) {
        filled(&test).await;
        let (all, free) = (search(&test, "").await, search(&test, "cost=free").await);
        assert_eq!(counts(&all, "cost"), counts(&free, "cost"));
        assert_ne!(counts(&all, "delivery"), counts(&free, "delivery"));
        for facet in ["kind", "topic", "theme", "level", "provider", "delivery", "cost", "audience", "mat_standard"] {
            for value in all["facets"][facet].as_array().unwrap() {
                assert!(value["label"].as_str().is_some_and(|label| !label.is_empty()), "{facet}: {value}");
            }
        }
        assert_eq!(all["facets"]["provider"][0]["label"], "Scottish Drugs Forum");
    }

    async fn pages_and_sorts_hold_every_item_once(test: TestApp) {
        filled(&test).await;
        for sort in ["relevance", "newest", "shortest", "title"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = search(&test, &format!("sort={sort}&limit=17&cursor={cursor}")).await;
                seen.extend(page["hits"].as_array().unwrap().iter().map(|hit| hit["id"].to_string()));
                match page["next_cursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            let count = seen.len();
            seen.sort();
            seen.dedup();
            assert_eq!((count, seen.len()), (60, 60), "{sort}");
        }
        let shortest = search(&test, "sort=shortest&limit=5").await;
        let minutes: Vec<_> = shortest["hits"].as_array().unwrap().iter().map(|hit| hit["minutes"].as_u64().unwrap()).collect();
        assert!(minutes.is_sorted());
        test.anonymous().get("/api/catalogue/search?cursor=zz").await.expect_problem(400, "bad_cursor");
        test.anonymous().get("/api/catalogue/search?sort=colour").await.expect(422);
    }

    async fn a_search_costs_the_same_statements_however_many_it_finds(test: TestApp) {
        filled(&test).await;
        search(&test, "limit=1").await; // providers' names are read once
        let (_, few) = test.statements(search(&test, "limit=2")).await;
        let (_, many) = test.statements(search(&test, "limit=60")).await;
        assert_eq!(few, many);
        let (_, again) = test.statements(search(&test, "limit=60")).await;
        assert!(again < many, "what was answered is not read again, only whether it still holds");
    }

    async fn the_index_follows_every_change_and_a_stale_one_never_leaks(test: TestApp) {
        let curator = curator(&test).await;
        let id = published(&curator, &item("Ketamine in practice")).await;
        test.settle_search().await;
        assert_eq!(search(&test, "q=ketamine").await["total"], 1);
        curator.patch(&path(&id), &json!({"title": "Solvents in practice"})).await.expect(200);
        let stale = search(&test, "q=ketamine").await;
        assert_eq!(titles(&stale), ["Solvents in practice"], "the row says what is true now");
        assert!(!stale.to_string().contains("Ketamine"), "{stale}");
        test.settle_search().await;
        assert_eq!(search(&test, "q=ketamine").await["total"], 0);
        assert_eq!(search(&test, "q=solvents").await["total"], 1);
        curator.patch(&path(&id), &json!({"status": "retired"})).await.expect(200);
        assert!(titles(&search(&test, "q=solvents").await).is_empty(), "retired, though the index has not heard of it");
        let suggested = test.anonymous().get("/api/catalogue/suggest?q=solv").await.expect(200);
        assert!(!suggested.to_string().contains("Solvents"), "{suggested}");
        test.settle_search().await;
        assert_eq!(search(&test, "q=solvents").await["total"], 0);
        curator.patch(&path(&id), &json!({"status": "published"})).await.expect(200);
        test.settle_search().await;
        assert_eq!(search(&test, "q=solvents").await["total"], 1);
    }

    async fn suggestions_are_titles_topics_and_providers(test: TestApp) {
        filled(&test).await;
        let found = test.anonymous().get("/api/catalogue/suggest?q=nalo").await.expect(200);
        let items = found["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.len() <= 8);
        assert!(items.iter().any(|one| one["kind"] == "title" && one["id"].is_string()), "{found}");
        assert!(items.iter().any(|one| one["kind"] == "topic" && one["value"] == "naloxone-overdose"), "{found}");
        let provider = test.anonymous().get("/api/catalogue/suggest?q=scottish%20drugs").await.expect(200);
        assert!(provider["items"].as_array().unwrap().iter().any(|one| one["kind"] == "provider"), "{provider}");
        assert_eq!(test.anonymous().get("/api/catalogue/suggest?q=").await.expect(200)["items"], json!([]));
    }

    async fn an_index_that_is_ahead_of_its_database_is_built_anew(test: TestApp) {
        filled(&test).await;
        test.app.search.apply(Changes { position: Some(1_000_000), ..Changes::default() }).await.unwrap();
        item::Entity::update_many()
            .col_expr(item::Column::Status, Expr::value(ItemStatus::Retired))
            .filter(item::Column::Reference.eq("demo-001"))
            .exec(&test.app.db).await.unwrap();
        test.settle_search().await;
        assert_eq!(search(&test, "").await["total"], 59);
        let done = index::rebuild(&test.app, |done, all| assert!(done <= all)).await.unwrap();
        assert_eq!(done, 60, "the place in the outbox from which to follow on");
        assert_eq!(search(&test, "").await["total"], 59);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_questions_get_an_answer() {
    let test = TestApp::sqlite().await;
    filled(&test).await;
    let long = "overdose ".repeat(500);
    for q in ["🪨", "\0", "'\";--", "<script>", "((", "AND OR NOT *", "title:x", "\"", "שלום", "e\u{301}", &long]
    {
        let encoded: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
        search(&test, &format!("q={encoded}")).await;
    }
    assert_eq!(search(&test, "topic=no-such-topic").await["total"], 0);
    search(&test, "limit=100000").await;
}

/// An engine that is out of reach.
#[derive(Debug)]
struct Down;

fn down<T>() -> Result<T, SearchError> {
    Err(SearchError::Unavailable("out of reach".to_owned()))
}

#[async_trait]
impl SearchEngine for Down {
    async fn apply(&self, _: Changes) -> Result<(), SearchError> {
        down()
    }
    async fn search(&self, _: &Query) -> Result<Found, SearchError> {
        down()
    }
    async fn suggest(&self, _: &str, _: usize) -> Result<Vec<Suggestion>, SearchError> {
        down()
    }
    async fn status(&self) -> Result<Status, SearchError> {
        down()
    }
    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError> {
        down()
    }
    async fn settle(&self) -> Result<(), SearchError> {
        down()
    }
    async fn upsert(&self, _: Vec<Document>) -> Result<(), SearchError> {
        down()
    }
}

on_both_databases! {
    async fn without_its_engine_search_says_so_the_rest_works_and_it_catches_up(test: TestApp) {
        let engine = Arc::clone(&test.app.search);
        let broken = test.with_search(Arc::new(Down));
        let curator = curator(&broken).await;
        broken.anonymous().get("/api/catalogue/search?q=naloxone").await.expect_problem(503, "search_unavailable");
        broken.anonymous().get("/api/catalogue/suggest?q=nal").await.expect_problem(503, "search_unavailable");
        let id = published(&curator, &item("Naloxone")).await;
        broken.anonymous().get(&path(&id)).await.expect(200);
        assert!(index::catch_up(&broken.app).await.is_err());
        let back = broken.with_search(engine);
        back.settle_search().await;
        assert_eq!(search(&back, "q=naloxone").await["total"], 1);
    }
}
