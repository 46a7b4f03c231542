//! Guessing, first passwords, what is common, the security log, and administrators' own roles.

use cairn::account::NewAccount;
use chrono::TimeDelta;
use entity::value::Role;
use entity::{access_event, account, security_event, sign_in_throttle};
use poem::http::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::{Client, TestApp, build};

async fn account(test: &TestApp, name: &str) {
    test.account(NewAccount { email: format!("{name}@example.org"), ..NewAccount::default() }).await;
}

async fn admin(test: &TestApp, name: &str) -> Client {
    let (email, role) = (format!("{name}@example.org"), Some(Role::Admin));
    test.account(NewAccount { email: email.clone(), role, ..NewAccount::default() }).await;
    test.sign_in(&email).await
}

async fn try_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/api/session", &json!({"email": email, "password": password})).await
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
}

async fn kinds(admin: &Client, query: &str) -> Vec<String> {
    let list = admin.get(&format!("/api/security-events?limit=100{query}")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn a_name_that_somebody_chose_hides_nobody(test: TestApp) {
        let admin = admin(&test, "admin").await;
        let person = Some(build::person(&test, "Ailsa").await);
        test.account(NewAccount { email: "ailsa@example.org".to_owned(), person, ..NewAccount::default() }).await;
        let ailsa = test.sign_in("ailsa@example.org").await;
        let other = json!({"given_name": "Morag", "family_name": "Bell"});
        ailsa.patch("/api/me/name", &other).await.expect(200);
        ailsa.get("/api/accounts").await.expect(403);
        let refused = admin.get("/api/security-events?kind=refused").await.expect(200);
        let who = &refused["items"][0];
        assert_eq!((&who["account"], &who["account_email"]), (&json!("Morag Bell"), &json!("ailsa@example.org")));
    }

    async fn guesses_at_the_same_time_do_not_all_pass(test: TestApp) {
        account(&test, "ailsa").await;
        let client = test.anonymous();
        let guesses = (0..60).map(|n| {
            let client = &client;
            async move { try_in(client, "ailsa@example.org", &format!("a wrong guess {n}")).await }
        });
        let answers = futures_util::future::join_all(guesses).await;
        let count = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
        assert_eq!((count(401), count(429)), (10, 50));
        let refused = answers.iter().find(|answer| answer.status.as_u16() == 429).unwrap();
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=15 * 60).contains(&wait), "{wait}");
        assert!(refused.json()["detail"].as_str().unwrap().contains("15 minutes"), "{}", refused.text());
    }

    async fn long_addresses_add_nothing(test: TestApp) {
        let client = test.anonymous();
        let long = "a".repeat(1_500_000);
        for n in 0..12 {
            for email in [format!("{n}{long}@example.org"), format!("{n}\u{0}@example.org")] {
                let answer = try_in(&client, &email, "not this one at all").await;
                assert!([401, 429].contains(&answer.status.as_u16()), "{}", answer.text());
            }
        }
        let rows = sign_in_throttle::Entity::find().all(&test.app.db).await.unwrap();
        assert!(rows.len() <= 3 && rows.iter().all(|row| row.key.len() < 200), "{rows:?}");
        let events = security_event::Entity::find().all(&test.app.db).await.unwrap();
        assert!(events.iter().all(|row| row.detail.is_none()), "what was typed is not kept");
    }

    async fn guessing_behind_one_address_does_not_lock_out_who_is_known_there(test: TestApp) {
        account(&test, "ailsa").await;
        account(&test, "morag").await;
        test.sign_in("ailsa@example.org").await;
        let client = test.anonymous();
        for n in 0..110 {
            try_in(&client, &format!("nobody{n}@example.org"), "a wrong guess").await;
        }
        try_in(&client, "nobody@example.org", "a wrong guess").await.expect_problem(429, "too_many_tries");
        let stranger = try_in(&client, "morag@example.org", PASSWORD).await.expect_problem(429, "too_many_tries");
        assert!(stranger["detail"].as_str().unwrap().contains("a device"), "says how to go on: {stranger}");
        try_in(&client, "ailsa@example.org", PASSWORD).await.expect(200);
        test.app.clock.advance(TimeDelta::minutes(16));
        try_in(&client, "morag@example.org", PASSWORD).await.expect(200);
    }

    async fn a_device_that_is_known_is_held_up_by_its_own_failures_alone(test: TestApp) {
        account(&test, "ailsa").await;
        let client = test.anonymous();
        let first = try_in(&client, "ailsa@example.org", PASSWORD).await;
        let device = cookies(&first).into_iter().find(|cookie| cookie.starts_with("device=")).unwrap();
        assert!(first.headers.get_all("set-cookie").iter().all(|value| value.to_str().unwrap().contains("HttpOnly")));
        for _ in 0..15 {
            try_in(&client, "ailsa@example.org", "a wrong guess").await;
        }
        try_in(&client, "ailsa@example.org", PASSWORD).await.expect_problem(429, "too_many_tries");
        let known = test.anonymous().with_cookie(&device);
        let again = try_in(&known, "ailsa@example.org", PASSWORD).await;
        again.expect(200);
        assert!(cookies(&again).contains(&device), "the device keeps its name");
        try_in(&test.anonymous().with_cookie("device=invented"), "ailsa@example.org", PASSWORD).await
            .expect_problem(429, "too_many_tries");
        for _ in 0..10 {
            try_in(&known, "ailsa@example.org", "a wrong guess").await.expect_problem(401, "wrong_credentials");
        }
        try_in(&known, "ailsa@example.org", PASSWORD).await.expect_problem(429, "too_many_tries");
    }

    async fn counts_are_swept_after_their_window_and_known_places_later(test: TestApp) {
        account(&test, "ailsa").await;
        test.sign_in("ailsa@example.org").await;
        try_in(&test.anonymous(), "nobody@example.org", "a wrong guess").await;
        let rows = async || sign_in_throttle::Entity::find().count(&test.app.db).await.unwrap();
        assert_eq!(rows().await, 6, "pair, address and strangers of one, address and device of the other, and the shared address");
        test.app.clock.advance(TimeDelta::minutes(16));
        cairn::access::throttle::sweep(&test.app).await.unwrap();
        assert_eq!(rows().await, 2);
        test.app.clock.advance(TimeDelta::days(31));
        cairn::access::throttle::sweep(&test.app).await.unwrap();
        assert_eq!(rows().await, 0);
    }

    async fn a_first_password_opens_nothing_but_choosing_another(test: TestApp) {
        let admin = admin(&test, "admin").await;
        let made = admin.post("/api/accounts", &json!({"email": "ailsa@example.org", "role": "admin"})).await.expect(201);
        let first = made["password"].as_str().unwrap();
        let mut ailsa = test.anonymous();
        ailsa.sign_in("ailsa@example.org", first).await;
        assert_eq!(ailsa.get("/api/me").await.expect(200)["password_must_change"], true);
        for path in ["/api/accounts", "/api/me/new", "/api/security-events"] {
            ailsa.get(path).await.expect_problem(403, "password_must_change");
        }
        let post = ailsa.post("/api/accounts", &json!({"email": "x@example.org"})).await;
        post.expect_problem(403, "password_must_change");
        ailsa.get("/api/catalogue/items").await.expect(200);
        let change = |new: &str| json!({"current_password": first, "new_password": new});
        for common in ["123456789012", "passwordpassword", "ailsa@example.org", "cairncairncairn"] {
            let problem = ailsa.post("/api/me/password", &change(common)).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["code"], "too_common", "{common}");
        }
        assert_eq!(ailsa.post("/api/me/password", &change("quiet loch evening")).await.status.as_u16(), 204);
        assert_eq!(ailsa.get("/api/me").await.expect(200)["password_must_change"], false);
        ailsa.get("/api/accounts").await.expect(200);
        // and the same when it is made anew
        let id = made["account"]["id"].as_str().unwrap();
        let again = admin.post(&format!("/api/accounts/{id}/password"), &json!({})).await.expect(200);
        ailsa.sign_in("ailsa@example.org", again["password"].as_str().unwrap()).await;
        ailsa.get("/api/accounts").await.expect_problem(403, "password_must_change");
        assert_eq!(ailsa.delete("/api/session").await.status.as_u16(), 204);
    }

    async fn signing_out_twice_is_no_fault(test: TestApp) {
        account(&test, "ailsa").await;
        let client = test.sign_in("ailsa@example.org").await;
        for _ in 0..2 {
            let out = client.delete("/api/session").await;
            assert_eq!(out.status.as_u16(), 204);
            assert!(out.header("set-cookie").contains("Max-Age=0"));
        }
        assert_eq!(test.anonymous().delete("/api/session").await.status.as_u16(), 204);
    }

    async fn what_concerns_security_is_on_record_without_secrets(test: TestApp) {
        let admin = admin(&test, "admin").await;
        let place = build::place(&test).await;
        account(&test, "ailsa").await;
        let made = admin.post("/api/accounts", &json!({"email": "lead@example.org"})).await.expect(201);
        let (id, first) = (made["account"]["id"].as_str().unwrap(), made["password"].as_str().unwrap());
        let role = json!({"role": "employer", "organisation_id": place.organisation});
        let account = admin.post(&format!("/api/accounts/{id}/grants"), &role).await.expect(200);
        let grant = account["roles"][0]["id"].as_str().unwrap();
        admin.delete(&format!("/api/accounts/{id}/grants/{grant}")).await.expect(200);
        admin.post(&format!("/api/accounts/{id}/disable"), &json!({})).await.expect(200);
        admin.post(&format!("/api/accounts/{id}/enable"), &json!({})).await.expect(200);
        let ailsa = test.sign_in("ailsa@example.org").await;
        ailsa.get("/api/accounts").await.expect(403);
        let foreign = [("origin", "https://evil.example"), ("host", "cairn.example.org")];
        ailsa.send(Method::POST, "/api/me/password", &foreign, None).await.expect_problem(403, "foreign_origin");
        for _ in 0..12 {
            try_in(&test.anonymous(), "a secret in the wrong box", "another secret, wrong").await;
        }
        let change = json!({"current_password": PASSWORD, "new_password": "quiet loch evening"});
        assert_eq!(ailsa.post("/api/me/password", &change).await.status.as_u16(), 204);
        ailsa.delete("/api/session").await;

        let mut all = kinds(&admin, "").await;
        all.reverse();
        let all: Vec<_> = all.into_iter().filter(|kind| kind != "sign_in_failed").collect();
        assert_eq!(all, [
            "account_added", "role_granted", "signed_in", "account_added", "account_added", "role_granted", "role_revoked",
            "account_disabled", "account_enabled", "signed_in", "refused", "foreign_origin", "sign_in_locked",
            "password_changed", "signed_out",
        ]);
        assert_eq!(kinds(&admin, "&kind=sign_in_failed").await.len(), 10);
        let theirs = kinds(&admin, &format!("&account={id}")).await;
        assert_eq!(theirs.len(), 5, "{theirs:?}");
        let refused = admin.get("/api/security-events?kind=refused").await.expect(200);
        assert_eq!(refused["items"][0]["detail"], "GET /api/accounts");
        let who = &refused["items"][0];
        assert_eq!((&who["account"], &who["account_email"]), (&json!("ailsa@example.org"), &json!("ailsa@example.org")));
        let granted = admin.get("/api/security-events?kind=role_granted&limit=1").await.expect(200);
        assert!(granted["items"][0]["detail"].as_str().unwrap().starts_with("employer for Clyde Recovery"), "{granted}");
        assert_eq!((&granted["items"][0]["by"], &granted["items"][0]["by_email"]), (&json!("admin@example.org"), &json!("admin@example.org")));
        let next = granted["next_cursor"].as_str().unwrap();
        let second = admin.get(&format!("/api/security-events?kind=role_granted&limit=1&cursor={next}")).await.expect(200);
        assert_ne!(second["items"][0]["id"], granted["items"][0]["id"]);

        let rows = format!("{:?}", security_event::Entity::find().all(&test.app.db).await.unwrap());
        for secret in [PASSWORD, "quiet loch evening", first, "secret"] {
            assert!(!rows.contains(secret), "{secret}");
        }
        ailsa.get("/api/security-events").await.expect(401);
        test.app.clock.advance(TimeDelta::days(366));
        assert!(cairn::access::events::sweep(&test.app).await.unwrap() > 20);
    }

    async fn a_file_that_is_taken_away_is_on_record(test: TestApp) {
        let admin = admin(&test, "admin").await;
        let person = build::person(&test, "Ailsa").await;
        let email = "ailsa@example.org".to_owned();
        test.account(NewAccount { email, person: Some(person), ..NewAccount::default() }).await;
        let ailsa = test.sign_in("ailsa@example.org").await;
        ailsa.get("/api/learning/record.csv").await;
        let exported = admin.get("/api/security-events?kind=exported").await.expect(200);
        assert_eq!(exported["items"][0]["detail"], "GET /api/learning/record.csv", "{exported}");
    }

    async fn an_administrators_own_role_over_records_takes_another_administrator(test: TestApp) {
        let first = admin(&test, "first").await;
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let me = first.get("/api/me").await.expect(200);
        let own = format!("/api/accounts/{}/grants", me["account"]["id"].as_str().unwrap());
        let second = admin(&test, "second").await;
        let services = json!({"role": "manager", "organisation_id": place.organisation, "service_id": place.service});
        for role in ["employer", "provider"] {
            let body = json!({"role": role, "organisation_id": place.organisation});
            first.post(&own, &body).await.expect_problem(409, "needs_another_administrator");
        }
        first.post(&own, &services).await.expect_problem(409, "needs_another_administrator");
        first.post(&own, &json!({"role": "curator"})).await.expect(200);
        second.post(&own, &services).await.expect(200);
        assert_eq!(access_event::Entity::find().count(&test.app.db).await.unwrap(), 0, "two have looked at it");
    }

    async fn a_sole_administrators_own_role_is_told_to_the_people_and_the_organisation(test: TestApp) {
        let sole = admin(&test, "sole").await;
        let place = build::place(&test).await;
        let person = build::member(&test, place.service, "Ailsa").await;
        let email = "ailsa@example.org".to_owned();
        test.account(NewAccount { email, person: Some(person), ..NewAccount::default() }).await;
        let lead = NewAccount {
            email: "lead@example.org".to_owned(),
            role: Some(Role::Employer),
            organisation: Some(place.organisation),
            ..NewAccount::default()
        };
        test.account(lead).await;
        let lead = test.sign_in("lead@example.org").await;
        let notices = format!("/api/organisations/{}/self-granted", place.organisation);
        assert_eq!(lead.get(&notices).await.expect(200)["items"], json!([]));
        let me = sole.get("/api/me").await.expect(200);
        let own = format!("/api/accounts/{}/grants", me["account"]["id"].as_str().unwrap());
        sole.post(&own, &json!({"role": "employer", "organisation_id": place.organisation})).await.expect(200);
        let told = lead.get(&notices).await.expect(200);
        assert_eq!((&told["items"][0]["by"], &told["items"][0]["role"]), (&json!("sole@example.org"), &json!("employer")));
        let seen: Value = test.sign_in("ailsa@example.org").await.get("/api/me/access").await.expect(200);
        assert_eq!((&seen["items"][0]["what"], &seen["items"][0]["by"]), (&json!("role"), &json!("sole@example.org")));
    }

    async fn accounts_made_before_may_keep_their_passwords(test: TestApp) {
        account(&test, "ailsa").await;
        let rows = account::Entity::find().all(&test.app.db).await.unwrap();
        assert!(rows.iter().all(|row| !row.password_must_change));
        test.sign_in("ailsa@example.org").await.get("/api/me/new").await.expect(200);
    }
}
