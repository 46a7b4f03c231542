//! What stands around every request: nothing is unpacked, cookies and origins over TLS, methods, and
//! that the description of the API says what can be answered.

use cairn::account::NewAccount;
use poem::http::{HeaderName, HeaderValue, Method};
use poem::test::TestClient;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::app::PASSWORD;

async fn staff(test: &TestApp) {
    test.account(NewAccount { email: "ailsa@example.org".to_owned(), ..NewAccount::default() }).await;
}

fn over_tls(test: TestApp) -> TestApp {
    test.with_config(|config| config.public_url = Some("https://cairn.example.scot".to_owned()))
}

on_both_databases! {
    async fn nothing_is_unpacked(test: TestApp) {
        let client = test.anonymous();
        let body = || Some(vec![b' '; 1000]);
        for coding in ["gzip", "br", "zstd", "deflate", "x-gzip", "compress", "*", "gzip, identity", "identity, gzip", "GZIP", ""] {
            let answer = client.send(Method::POST, "/api/session", &[("content-encoding", coding)], body()).await;
            answer.expect_problem(415, "content_encoding");
            let form = [("content-encoding", coding), ("content-type", "multipart/form-data; boundary=x")];
            client.send(Method::POST, "/api/catalogue/imports", &form, body()).await.expect_problem(415, "content_encoding");
        }
        let two = [("content-encoding", "identity"), ("content-encoding", "zstd")];
        let routes = TestClient::new(cairn::server::routes(&test.app));
        let mut request = routes.post("/api/session").content_type("application/json").body("{}");
        for (name, value) in two {
            request = request.header(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        request.send().await.assert_status(poem::http::StatusCode::UNSUPPORTED_MEDIA_TYPE);
        // and plain ones pass
        let plain = json!({"email": "a@example.org", "password": "not this one"}).to_string().into_bytes();
        client.send(Method::POST, "/api/session", &[("content-encoding", "identity")], Some(plain)).await
            .expect_problem(401, "wrong_credentials");
    }

    async fn two_hosts_are_refused(test: TestApp) {
        let routes = TestClient::new(cairn::server::routes(&test.app));
        for (hosts, status) in [(&["a.example"][..], 200), (&["a.example", "a.example"], 400), (&["a.example", "b.example"], 400)] {
            for path in ["/healthz", "/api/reference/roles"] {
                let mut request = routes.get(path);
                for host in hosts {
                    request = request.header("host", *host);
                }
                let answer = request.send().await.0;
                assert_eq!(answer.status().as_u16(), status, "{hosts:?} {path}");
            }
        }
    }

    async fn over_tls_only_the_host_cookie_is_a_session_and_browsers_stay_with_tls(test: TestApp) {
        staff(&test).await;
        let plain = test.sign_in("ailsa@example.org").await;
        assert_eq!(plain.get("/api/me").await.header("strict-transport-security"), "");
        let token = plain.cookie().unwrap().trim_start_matches("session=").to_owned();
        let test = over_tls(test);
        let with = |cookie: String| test.anonymous().with_cookie(&cookie);
        with(format!("session={token}")).get("/api/me").await.expect_problem(401, "not_signed_in");
        with(format!("session={token}; a=b")).get("/api/me").await.expect_problem(401, "not_signed_in");
        let answer = with(format!("session=planted; __Host-session={token}")).get("/api/me").await;
        answer.expect(200);
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
        assert!(answer.header("vary").contains("accept-encoding"));
        // as HTTP/2 and some proxies send them
        let client = test.anonymous().with_cookie("a=b");
        let line = format!("__Host-session={token}");
        client.send(Method::GET, "/api/me", &[("cookie", &line)], None).await.expect(200);
    }

    async fn a_page_of_the_same_host_without_tls_is_another_site(test: TestApp) {
        staff(&test).await;
        let test = over_tls(test);
        let client = test.anonymous();
        let body = json!({"email": "ailsa@example.org", "password": PASSWORD}).to_string().into_bytes();
        for (origin, status) in [
            ("https://cairn.example.scot", 200),
            ("http://cairn.example.scot", 403),
            ("https://cairn.example.scot.evil.example", 403),
            ("null", 403),
        ] {
            let headers = [("origin", origin), ("host", "cairn.example.scot")];
            let answer = client.send(Method::POST, "/api/session", &headers, Some(body.clone())).await;
            assert_eq!(answer.status.as_u16(), status, "{origin}: {}", answer.text());
        }
    }

    async fn a_method_that_is_not_there_says_which_are(test: TestApp) {
        let client = test.anonymous();
        let refused = async |method: &str, path: &str| {
            let answer = client.send(method.parse().unwrap(), path, &[], None).await;
            assert_eq!(answer.status.as_u16(), 405, "{method} {path}");
            let mut allow: Vec<_> = answer.header("allow").split(", ").map(str::to_owned).collect();
            allow.sort();
            allow.join(" ")
        };
        assert_eq!(refused("PUT", "/api/session").await, "DELETE POST");
        assert_eq!(refused("PUT", "/api/accounts").await, "GET HEAD POST");
        assert_eq!(refused("DELETE", "/api/catalogue/items/some-ref").await, "GET HEAD PATCH");
        assert_eq!(refused("BREW", "/api/me").await, "GET HEAD");
        for method in ["POST", "TRACE", "DELETE", "INVENTED"] {
            assert_eq!(refused(method, "/about").await, "GET HEAD");
        }
        assert_eq!(refused("POST", "/healthz").await, "GET HEAD");
        let head = client.send(Method::HEAD, "/api/catalogue/items", &[], None).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    }

    async fn the_documentation_page_takes_no_base_and_no_foreign_form(test: TestApp) {
        let docs = test.anonymous().get("/api/docs").await;
        let policy = docs.header("content-security-policy");
        assert!(policy.contains("base-uri 'none'") && policy.contains("form-action 'self'"), "{policy}");
    }
}

#[test]
fn every_operation_says_what_it_may_answer() {
    let document: Value = serde_json::from_str(&cairn::server::spec()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            let has = |status: &str| answers.contains_key(status);
            let id = &operation["operationId"];
            assert!(has("default") && has("500") && has("503") && has("400") && has("422"), "{id}");
            assert!(operation.get("security").is_none() || (has("401") && has("403")), "{id}: {method} {path}");
            assert!(operation.get("requestBody").is_none() || (has("413") && has("415") && has("408")), "{id}");
            for answer in answers.values().filter_map(|answer| answer["$ref"].as_str()) {
                assert!(document.pointer(&answer[1..]).is_some_and(|said| said["description"].is_string()), "{answer}");
            }
        }
    }
    assert!(document["paths"]["/session"]["post"]["responses"]["429"].is_object());
}

#[tokio::test]
async fn the_data_folder_and_the_database_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let config = cairn::base::config::Config::with(&[("data_dir", folder.display().to_string())]).unwrap();
    let open = async || cairn::base::db::open(&config).await.unwrap();
    let db = open().await;
    assert_eq!((mode(&folder), mode(&folder.join("cairn.sqlite"))), (0o700, 0o600));
    assert_eq!(mode(&folder.join("cairn.sqlite-wal")), 0o600, "and what SQLite puts beside it");
    db.close().await.unwrap();
    // one of an older version is closed
    for (path, wide) in [(folder.clone(), 0o755), (folder.join("cairn.sqlite"), 0o644)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(wide)).unwrap();
    }
    let db = open().await;
    assert_eq!((mode(&folder), mode(&folder.join("cairn.sqlite"))), (0o700, 0o600));
    assert_eq!(mode(&folder.join("cairn.sqlite-shm")), 0o600);
    db.close().await.unwrap();
}

#[test]
fn settings_do_not_print_their_secrets_and_doubtful_ones_are_named() {
    let set = |key: &'static str, value: &str| (key, value.to_owned());
    let config = cairn::base::config::Config::with(&[
        set("database_url", "postgres://cairn:hunter2@127.0.0.1/cairn"),
        set("meilisearch_url", "http://127.0.0.1:7700"),
        set("meilisearch_key", "hunter2"),
        set("demo_password", "hunter2"),
        set("public_url", "https://cairn.example.scot"),
    ])
    .unwrap();
    let printed = format!("{config:?}");
    assert!(!printed.contains("hunter2") && printed.contains("***"), "{printed}");
    assert!(config.doubts().iter().any(|doubt| doubt.contains("CAIRN_TRUSTED_PROXIES")));
    let mut config = config;
    config.trusted_proxies = vec!["172.30.80.0/24".parse().unwrap()];
    assert!(config.doubts().is_empty());
    config.trusted_proxies.push("0.0.0.0/0".parse().unwrap());
    assert!(config.doubts()[0].contains("whole internet"));
}
