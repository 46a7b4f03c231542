//! Signing in and out, sessions that end, guesses that are slowed down.

use cairn::account::NewAccount;
use chrono::TimeDelta;
use poem::http::Method;
use serde_json::json;

use crate::on_both_databases;
use crate::support::app::PASSWORD;

fn staff() -> NewAccount {
    NewAccount { email: "Ailsa@Example.org".to_owned(), ..NewAccount::default() }
}

on_both_databases! {
    async fn one_signs_in_with_any_spelling_of_the_address_and_out_again(test: TestApp) {
        test.account(staff()).await;
        let client = test.sign_in(" ailsa@example.ORG ").await;
        let me = client.get("/api/me").await.expect(200);
        assert_eq!(me["account"]["email"], "Ailsa@Example.org");
        assert_eq!(me["roles"], json!([]));
        let out = client.delete("/api/session").await;
        assert_eq!(out.status.as_u16(), 204);
        assert!(out.header("set-cookie").contains("Max-Age=0"));
        client.get("/api/me").await.expect_problem(401, "not_signed_in");
    }

    async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites(test: TestApp) {
        test.account(staff()).await;
        let body = json!({"email": "ailsa@example.org", "password": PASSWORD});
        let answer = test.anonymous().post("/api/session", &body).await;
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        let token = cookie.trim_start_matches("session=").split(';').next().unwrap().to_owned();
        assert_eq!(token.len(), 64);
        let stored = test.stored_session_hashes().await;
        assert!(!stored.contains(&token), "the token itself must not be stored");
    }

    async fn a_session_ends_after_quiet_and_after_its_days(test: TestApp) {
        test.account(staff()).await;
        let client = test.sign_in("ailsa@example.org").await;
        test.app.clock.advance(TimeDelta::minutes(479));
        client.get("/api/me").await.expect(200);
        test.app.clock.advance(TimeDelta::minutes(479));
        client.get("/api/me").await.expect(200);
        test.app.clock.advance(TimeDelta::minutes(480));
        client.get("/api/me").await.expect_problem(401, "not_signed_in");

        let client = test.sign_in("ailsa@example.org").await;
        for _ in 1..(14 * 24 / 7) {
            test.app.clock.advance(TimeDelta::hours(7));
            client.get("/api/me").await.expect(200);
        }
        test.app.clock.advance(TimeDelta::hours(7));
        client.get("/api/me").await.expect_problem(401, "not_signed_in");
    }

    async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(test: TestApp) {
        test.account(staff()).await;
        let client = test.anonymous();
        let wrong = client.post("/api/session", &json!({"email": "ailsa@example.org", "password": "not this one"})).await;
        let unknown = client.post("/api/session", &json!({"email": "nobody@example.org", "password": "not this one"})).await;
        assert_eq!(wrong.expect_problem(401, "wrong_credentials"), unknown.expect_problem(401, "wrong_credentials"));
    }

    async fn guessing_is_slowed_down_and_forgotten_after_the_window(test: TestApp) {
        test.account(staff()).await;
        let client = test.anonymous();
        let guess = json!({"email": "ailsa@example.org", "password": "a wrong guess"});
        for _ in 0..10 {
            client.post("/api/session", &guess).await.expect_problem(401, "wrong_credentials");
        }
        let right = json!({"email": "ailsa@example.org", "password": PASSWORD});
        client.post("/api/session", &right).await.expect_problem(429, "too_many_tries");
        test.app.clock.advance(TimeDelta::minutes(16));
        client.post("/api/session", &right).await.expect(200);
    }

    async fn a_write_from_another_site_is_refused(test: TestApp) {
        test.account(staff()).await;
        let client = test.sign_in("ailsa@example.org").await;
        let foreign = [("origin", "https://evil.example"), ("host", "cairn.example.org")];
        client.send(Method::DELETE, "/api/session", &foreign, None).await.expect_problem(403, "foreign_origin");
        let own = [("origin", "https://cairn.example.org"), ("host", "cairn.example.org")];
        let out = client.send(Method::DELETE, "/api/session", &own, None).await;
        assert_eq!(out.status.as_u16(), 204);
    }
}
