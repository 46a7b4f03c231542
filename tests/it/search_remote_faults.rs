//! What a search says when Meilisearch does not do its part: always `Unavailable`, soon, and
//! without giving the key away.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::time::Duration;

use cairn::search::remote::{Remote, Settings};
use cairn::search::{self, Options, Query, SearchEngine, SearchError};
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "a-secret-key";

fn engine(url: &str) -> Remote {
    let mut settings = Settings::new(url.to_owned(), Some(KEY.into()), "items".to_owned());
    settings.search_timeout = Duration::from_millis(200);
    settings.write_timeout = Duration::from_millis(200);
    Remote::new(&settings).unwrap()
}

async fn answering(response: ResponseTemplate) -> (MockServer, Remote) {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any()).respond_with(response).mount(&server).await;
    let engine = engine(&server.uri());
    (server, engine)
}

/// Everything the port can be asked, and that each answer is `Unavailable`.
async fn all_unavailable(engine: &Remote) -> Vec<String> {
    let outcomes = [
        engine.search(&Query::text("naloxone")).await.map(|_| ()),
        engine.suggest("nal", 8).await.map(|_| ()),
        engine.delete(vec![uuid::Uuid::nil()]).await,
        engine.rebuild().await.map(|_| ()),
        engine.settle().await,
        engine.status().await.map(|_| ()),
    ];
    outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Err(SearchError::Unavailable(message)) => {
                assert!(!message.contains(KEY), "{message}");
                message
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

fn refusal(status: u16, code: &str, kind: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({
        "message": "no", "code": code, "type": kind, "link": "https://docs.example/errors"
    }))
}

#[tokio::test]
async fn a_server_error() {
    let (_server, engine) = answering(ResponseTemplate::new(500)).await;
    assert!(all_unavailable(&engine).await[0].contains("500"));
    let (_server, engine) = answering(refusal(500, "internal", "internal")).await;
    all_unavailable(&engine).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer() {
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_mins(1));
    let (_server, engine) = answering(slow).await;
    assert!(all_unavailable(&engine).await[0].contains("200 ms"));
}

#[tokio::test]
async fn an_answer_that_is_not_what_it_should_be() {
    for body in ["", "<html>a proxy's page</html>", "{\"results\": 7}", "{\"results\": [] }", "[1,"] {
        let (_server, engine) = answering(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
        let outcome = engine.search(&Query::text("naloxone")).await;
        assert!(matches!(outcome, Err(SearchError::Unavailable(_))), "{body}: {outcome:?}");
        let outcome = engine.suggest("naloxone", 8).await;
        assert!(matches!(outcome, Err(SearchError::Unavailable(_))), "{body}: {outcome:?}");
    }
}

#[tokio::test]
async fn nobody_listening() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let engine = engine(&format!("http://{free}"));
    assert!(all_unavailable(&engine).await[0].contains("cannot be reached"));
}

#[tokio::test]
async fn a_key_that_is_refused() {
    for response in [refusal(403, "invalid_api_key", "auth"), ResponseTemplate::new(401)] {
        let (_server, engine) = answering(response).await;
        assert!(all_unavailable(&engine).await[0].contains("refuses the key"));
    }
}

#[tokio::test]
async fn an_index_that_is_gone() {
    let (_server, engine) = answering(refusal(404, "index_not_found", "invalid_request")).await;
    let outcome = engine.search(&Query::text("naloxone")).await;
    let expected = SearchError::Unavailable("the index is being built".to_owned());
    assert_eq!(outcome.unwrap_err(), expected);
    assert_eq!(engine.status().await.unwrap().state, search::State::Missing);
    let outcome = engine.upsert(Vec::new()).await;
    assert!(matches!(outcome, Err(SearchError::Unavailable(_))), "nothing is created by accident");
}

#[tokio::test]
async fn one_search_is_one_request_with_the_key() {
    let server = MockServer::start().await;
    let page = json!({"hits": [], "query": "", "processingTimeMs": 1, "offset": 0, "limit": 25,
        "estimatedTotalHits": 0});
    let total = json!({"hits": [], "query": "", "processingTimeMs": 1, "page": 1, "hitsPerPage": 0,
        "totalPages": 0, "totalHits": 0});
    Mock::given(method("POST"))
        .and(path("/multi-search"))
        .and(header("authorization", format!("Bearer {KEY}").as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"results": [page, total, total]})))
        .expect(1)
        .mount(&server)
        .await;
    let found = engine(&server.uri()).search(&Query::text("naloxone")).await.unwrap();
    assert_eq!(found.total, 0);
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_the_start() {
    for (url, key, index) in [
        ("127.0.0.1:7700", None, "items"),
        ("ftp://127.0.0.1", None, "items"),
        ("http://127.0.0.1:7700", Some("two\nlines"), "items"),
        ("http://127.0.0.1:7700", None, "a/b"),
        ("http://127.0.0.1:7700", None, ""),
    ] {
        let options = Options::Remote { url: url.to_owned(), key: key.map(Into::into), index: index.to_owned() };
        let outcome = search::from_config(options).await.map(|_| ());
        assert!(matches!(outcome, Err(SearchError::Invalid(_))), "{url} {key:?} {index}");
    }
}
