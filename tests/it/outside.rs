//! What hits any address: bodies too large, too deep or not JSON, unknown paths, machines around us.

use poem::http::Method;
use serde_json::json;

use crate::on_both_databases;

on_both_databases! {
    async fn a_bad_body_is_a_problem_document(test: TestApp) {
        let client = test.anonymous();
        let send = async |body: Vec<u8>| client.send(Method::POST, "/api/session", &[], Some(body)).await;
        send(b"{\"email\": ".to_vec()).await.expect_problem(400, "bad_request");
        send(b"\xff\xfe".to_vec()).await.expect_problem(400, "bad_request");
        send("[".repeat(100_000).into_bytes()).await.expect_problem(400, "bad_request");
        send(b"[]".to_vec()).await.expect_problem(400, "bad_request");
        let shape = json!({"email": ["a@example.org"], "password": 7}).to_string().into_bytes();
        let problem = send(shape).await.expect_problem(422, "invalid");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|field| field["code"].clone()).collect();
        assert_eq!(fields, ["not_a_text", "not_a_text"], "{problem}");
        let unknown = json!({"email": "a@example.org", "password": "x", "surprise": true});
        let problem = send(unknown.to_string().into_bytes()).await.expect_problem(422, "invalid");
        assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("surprise"), &json!("unknown_field")));
        send(vec![b' '; 50 * 1024 * 1024]).await.expect_problem(413, "too_large");
    }

    async fn a_body_of_unknown_length_is_limited_too(test: TestApp) {
        let chunks = futures_util::stream::iter((0..50).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1024 * 1024])));
        let client = poem::test::TestClient::new(cairn::server::routes(&test.app));
        let response = client
            .post("/api/session")
            .header("content-type", "application/json")
            .body(poem::Body::from_bytes_stream(chunks))
            .send()
            .await;
        response.assert_status(poem::http::StatusCode::PAYLOAD_TOO_LARGE);
    }

    async fn unknown_api_paths_are_problems_and_not_the_page(test: TestApp) {
        let client = test.anonymous();
        client.get("/api/nothing/here").await.expect_problem(404, "not_found");
        client.send(Method::PUT, "/api/session", &[], None).await.expect_problem(405, "method_not_allowed");
    }

    async fn machines_can_ask_how_it_is(test: TestApp) {
        let client = test.anonymous();
        assert_eq!(client.get("/healthz").await.text(), "ok");
        assert_eq!(client.get("/readyz").await.status.as_u16(), 200);
        assert_eq!(client.get("/metrics").await.status.as_u16(), 404, "figures have an address of their own");
        let docs = client.get("/api/docs").await;
        assert_eq!(docs.status.as_u16(), 200);
        client.get("/api/openapi.json").await.expect(200);
    }
}
