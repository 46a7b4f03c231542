//! An administrator looks after accounts: makes them, grants and revokes, disables; a first
//! password is shown once and kept nowhere; one administrator always remains.

use cairn::account::NewAccount;
use entity::id::{AccountId, OrganisationId, ServiceId};
use entity::value::Role;
use entity::{account, change, idempotency, person, role_grant};
use poem::http::Method;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::app::PASSWORD;
use crate::support::client::Answer;
use crate::support::{Client, TestApp, build};

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

struct Office {
    admin: Client,
    own: AccountId,
    organisation: OrganisationId,
    service: ServiceId,
}

async fn office(test: &TestApp) -> Office {
    let place = build::place(test).await;
    let own = admin(test, "admin@example.org").await;
    let admin = test.sign_in("admin@example.org").await;
    Office { admin, own, organisation: place.organisation, service: place.service }
}

async fn admin(test: &TestApp, email: &str) -> AccountId {
    let new = NewAccount { email: email.to_owned(), role: Some(Role::Admin), ..NewAccount::default() };
    test.account(new).await
}

impl Office {
    async fn add(&self, body: &Value) -> Value {
        self.admin.post("/api/accounts", body).await.expect(201)
    }

    async fn emails(&self, query: &str) -> Vec<String> {
        let list = self.admin.get(&format!("/api/accounts{query}")).await.expect(200);
        assert_eq!(list["total"].as_u64(), u64::try_from(list["items"].as_array().unwrap().len()).ok(), "{query}");
        list["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap().to_owned()).collect()
    }
}

async fn sign_in(test: &TestApp, email: &str, password: &str) -> Client {
    let mut client = test.anonymous();
    client.sign_in(email, password).await;
    client
}

async fn person_with(test: &TestApp, given: &str, email: &str) -> entity::id::PersonId {
    let id = build::person_named(test, given, "Kerr").await;
    let row = person::ActiveModel { id: Set(id), email: Set(Some(email.to_owned())), ..Default::default() };
    let tx = cairn::base::db::write(&test.app.db).await.unwrap();
    person::Entity::update(row).exec(&tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

fn fields(problem: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    problem["fields"].as_array().unwrap().iter().map(|one| (text(&one["field"]), text(&one["code"]))).collect()
}

async fn send(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    client.send(Method::POST, path, &[("idempotency-key", key)], Some(body.to_string().into_bytes())).await
}

/// Everything that the change log and the memory of answers hold, as text.
async fn kept(test: &TestApp) -> String {
    let changes = change::Entity::find().all(&test.app.db).await.unwrap();
    let answers = idempotency::Entity::find().all(&test.app.db).await.unwrap();
    format!("{changes:?} {answers:?}")
}

on_both_databases! {
    async fn a_new_employer_signs_in_with_the_first_password_and_changes_it(test: TestApp) {
        let office = office(&test).await;
        let made = office.add(&json!({
            "email": " Morag@Example.org ", "given_name": "Mòrag", "family_name": "Bell",
            "role": "employer", "organisation_id": office.organisation,
        })).await;
        let (account, first) = (&made["account"], made["password"].as_str().unwrap());
        assert_eq!((&account["email"], &account["person"]["given_name"]), (&json!("Morag@Example.org"), &json!("Mòrag")));
        assert_eq!((&account["roles"][0]["role"], &account["roles"][0]["granted_by"]), (&json!("employer"), &json!("admin@example.org")));
        assert_eq!(account["roles"][0]["organisation_name"], "Clyde Recovery (synthetic)");
        let morag = sign_in(&test, "morag@example.org", first).await;
        let elsewhere = sign_in(&test, "morag@example.org", first).await;
        let organisation = format!("/api/organisations/{}", office.organisation);
        morag.get(&organisation).await.expect_problem(403, "password_must_change");
        let change = json!({ "current_password": first, "new_password": "quiet loch evening" });
        assert_eq!(morag.post("/api/me/password", &change).await.status.as_u16(), 204);
        morag.get(&organisation).await.expect(200);
        morag.get("/api/me").await.expect(200);
        elsewhere.get("/api/me").await.expect_problem(401, "not_signed_in");
        let old = json!({ "email": "morag@example.org", "password": first });
        test.anonymous().post("/api/session", &old).await.expect_problem(401, "wrong_credentials");
        sign_in(&test, "morag@example.org", "quiet loch evening").await;
        let log = kept(&test).await;
        assert!(!log.contains(first) && !log.contains("quiet loch"), "{log}");
        for action in ["added", "role_granted", "password_changed"] { assert!(log.contains(action), "{action}: {log}"); }
    }

    async fn a_first_password_is_shown_once_and_a_double_click_makes_one_account(test: TestApp) {
        let office = office(&test).await;
        let body = json!({ "email": "morag@example.org" });
        let clicks = (0..3).map(|_| send(&office.admin, "/api/accounts", "click", &body));
        let answers = futures_util::future::join_all(clicks).await;
        let (made, others): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status.as_u16() == 201);
        assert_eq!((made.len(), others.len()), (1, 2));
        for other in others { other.expect_problem(409, "shown_once"); }
        assert_eq!(made[0].header("cache-control"), "no-store");
        let password = made[0].json()["password"].as_str().unwrap().to_owned();
        assert_eq!(account::Entity::find().count(&test.app.db).await.unwrap(), 2);
        let id = made[0].json()["account"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/accounts/{id}/password");
        let renewed = send(&office.admin, &path, "again", &json!({})).await.expect(200)["password"].as_str().unwrap().to_owned();
        send(&office.admin, &path, "again", &json!({})).await.expect_problem(409, "shown_once");
        let stored = account::Entity::find().all(&test.app.db).await.unwrap();
        let everything = format!("{} {stored:?} {}", kept(&test).await, office.admin.get(&format!("/api/accounts/{id}")).await.text());
        assert!(!everything.contains(&password) && !everything.contains(&renewed));
        sign_in(&test, "morag@example.org", &renewed).await;
        // at the same time without a key
        let body = json!({ "email": "ailsa@example.org" });
        let answers = futures_util::future::join_all((0..3).map(|_| office.admin.post("/api/accounts", &body))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
        answers.iter().find(|answer| answer.status.as_u16() != 201).unwrap().expect_problem(409, "account_exists");
    }

    async fn the_memory_of_requests_says_nothing_of_a_password(test: TestApp) {
        let office = office(&test).await;
        let body = json!({ "current_password": PASSWORD, "new_password": "quiet loch evening" });
        assert_eq!(send(&office.admin, "/api/me/password", "a key of 122 random bits", &body).await.status.as_u16(), 204);
        let row = idempotency::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        assert_ne!(row.request_hash, cairn::base::hash::sha256(body.to_string()), "a hash without salt could be guessed");
        assert_eq!(send(&office.admin, "/api/me/password", "a key of 122 random bits", &body).await.header("idempotency-replayed"), "true");
    }

    async fn an_account_is_linked_to_the_one_person_with_its_address_and_name(test: TestApp) {
        let office = office(&test).await;
        let ailsa = person_with(&test, "Ailsa", "Ailsa@example.org").await;
        let made = office.add(&json!({ "email": "ailsa@EXAMPLE.org" })).await;
        assert_eq!(made["account"]["person"]["id"], json!(ailsa));
        let calum = person_with(&test, "Calum", "calum@example.org").await;
        let other = json!({ "email": "calum@example.org", "given_name": "Rory", "family_name": "Kerr" });
        office.admin.post("/api/accounts", &other).await.expect_problem(409, "person_named_otherwise");
        let same = json!({ "email": "calum@example.org", "given_name": " CALUM ", "family_name": "Kerr" });
        assert_eq!(office.add(&same).await["account"]["person"]["id"], json!(calum));
        // two who share an address are told apart by name, or not at all
        person_with(&test, "Isla", "team@example.org").await;
        let eilidh = person_with(&test, "Eilidh", "team@example.org").await;
        let made = office.add(&json!({ "email": "team@example.org", "given_name": "Eilidh", "family_name": "Kerr" })).await;
        assert_eq!(made["account"]["person"]["id"], json!(eilidh));
        assert_eq!(office.add(&json!({ "email": "nobody@example.org" })).await["account"]["person"], Value::Null);
        let twice = person_with(&test, "Shona", "shona@example.org").await;
        test.account(NewAccount { email: "private@example.org".to_owned(), person: Some(twice), ..NewAccount::default() }).await;
        let problem = office.admin.post("/api/accounts", &json!({ "email": "shona@example.org" })).await.expect_problem(409, "person_has_account");
        assert!(problem["existing"].as_str().unwrap().starts_with("/api/accounts/"), "{problem}");
    }

    async fn roles_are_granted_and_revoked_and_the_grant_stays_on_record(test: TestApp) {
        let office = office(&test).await;
        let made = office.add(&json!({ "email": "morag@example.org" })).await;
        let path = format!("/api/accounts/{}", made["account"]["id"].as_str().unwrap());
        let morag = sign_in(&test, "morag@example.org", made["password"].as_str().unwrap()).await;
        let change = json!({ "current_password": made["password"], "new_password": "quiet loch evening" });
        assert_eq!(morag.post("/api/me/password", &change).await.status.as_u16(), 204);
        let grant = json!({ "role": "manager", "organisation_id": office.organisation, "service_id": office.service });
        let granted = office.admin.post(&format!("{path}/grants"), &grant).await.expect(200);
        assert_eq!(granted["roles"][0]["service_name"], "Govan recovery team");
        office.admin.post(&format!("{path}/grants"), &grant).await.expect_problem(409, "already_granted");
        morag.get("/api/organisations").await.expect(200);
        let id = granted["roles"][0]["id"].as_str().unwrap();
        let revoked = office.admin.delete(&format!("{path}/grants/{id}")).await.expect(200);
        assert_eq!((&revoked["roles"], &revoked["former_roles"][0]["id"]), (&json!([]), &json!(id)));
        assert!(revoked["former_roles"][0]["revoked_at"].is_string());
        morag.get("/api/organisations").await.expect_problem(403, "not_allowed");
        office.admin.delete(&format!("{path}/grants/{id}")).await.expect_problem(404, "not_found");
        office.admin.post(&format!("{path}/grants"), &grant).await.expect(200);
        let adp = office.admin.post(&format!("{path}/grants"), &json!({ "role": "adp", "area": "adp-glasgow" })).await.expect(200);
        assert_eq!(adp["roles"][1]["area_name"].as_str().map(str::is_empty), Some(false));
        assert_eq!(role_grant::Entity::find().count(&test.app.db).await.unwrap(), 4);
        let log = kept(&test).await;
        assert!(log.contains("role_granted") && log.contains("role_revoked"), "{log}");
    }

    async fn a_role_needs_what_it_is_for_and_nothing_else(test: TestApp) {
        let office = office(&test).await;
        let foreign = build::service(build::organisation().name("Other").save(&test).await).save(&test).await;
        let (bare, no_provider) = (office.organisation, build::organisation().name("No courses").save(&test).await);
        let cases = [
            (json!({ "role": "employer" }), "organisation_id", "missing"),
            (json!({ "role": "provider", "organisation_id": no_provider }), "organisation_id", "wrong_kind"),
            (json!({ "role": "manager", "organisation_id": bare }), "service_id", "missing"),
            (json!({ "role": "manager", "organisation_id": bare, "service_id": foreign }), "service_id", "unknown_service"),
            (json!({ "role": "employer", "organisation_id": NOBODY }), "organisation_id", "unknown_organisation"),
            (json!({ "role": "adp", "area": "council-glasgow-city" }), "area", "unknown_area"),
            (json!({ "role": "admin", "organisation_id": bare }), "organisation_id", "not_for_this_role"),
            (json!({ "organisation_id": bare }), "organisation_id", "not_for_this_role"),
        ];
        for (mut body, field, code) in cases {
            if body["role"].is_string() {
                let path = format!("/api/accounts/{}/grants", office.own);
                let problem = office.admin.post(&path, &body).await.expect_problem(422, "invalid");
                assert_eq!(fields(&problem), [(field.to_owned(), code.to_owned())], "{body}");
            }
            body["email"] = json!("new@example.org");
            let problem = office.admin.post("/api/accounts", &body).await.expect_problem(422, "invalid");
            assert_eq!(fields(&problem), [(field.to_owned(), code.to_owned())], "{body}");
        }
        assert_eq!(account::Entity::find().count(&test.app.db).await.unwrap(), 1, "nothing was half-written");
        assert_eq!(person::Entity::find().count(&test.app.db).await.unwrap(), 0);
    }

    async fn what_is_wrong_is_said_at_its_field_and_hostile_text_stays_text(test: TestApp) {
        let office = office(&test).await;
        for email in ["", "x", "a@b", "a b@example.org", "a@b@example.org"] {
            let problem = office.admin.post("/api/accounts", &json!({ "email": email })).await.expect_problem(422, "invalid");
            assert_eq!(fields(&problem), [("email".to_owned(), "not_an_email".to_owned())], "{email}");
        }
        let problem = office.admin.post("/api/accounts", &json!({ "email": "a\u{0}@example.org" })).await.expect_problem(422, "invalid");
        assert_eq!(fields(&problem), [("email".to_owned(), "control_character".to_owned())]);
        let long = json!({ "email": "a@example.org", "given_name": "x".repeat(101), "family_name": "y" });
        office.admin.post("/api/accounts", &long).await.expect_problem(422, "invalid");
        office.admin.post("/api/accounts", &json!({ "email": "a@example.org", "password": "mine" })).await.expect(422);
        office.admin.post("/api/accounts", &json!({ "email": "a@example.org", "role": "emperor" })).await.expect(422);
        for path in ["", "/password", "/grants", "/disable", "/enable"] {
            let answer = match path {
                "" => office.admin.get(&format!("/api/accounts/{NOBODY}")).await,
                _ => office.admin.post(&format!("/api/accounts/{NOBODY}{path}"), &json!({ "role": "planner" })).await,
            };
            answer.expect_problem(404, "not_found");
        }
        let foreign = role_grant::Entity::find().one(&test.app.db).await.unwrap().unwrap().id;
        let made = office.add(&json!({ "email": "plain@example.org" })).await;
        let path = format!("/api/accounts/{}/grants/{foreign}", made["account"]["id"].as_str().unwrap());
        office.admin.delete(&path).await.expect_problem(404, "not_found");
        for (number, name) in ["=HYPERLINK(\"x\")", "<img src=x onerror=alert(1)>", "🧑🏽‍⚕️", "Robert'); DROP TABLE account;--"].iter().enumerate() {
            let made = office.add(&json!({ "email": format!("p{number}@example.org"), "given_name": name, "family_name": "@SUM(A1)" })).await;
            assert_eq!(made["account"]["person"]["given_name"], *name);
        }
    }

    async fn accounts_are_found_by_address_name_and_role_and_walked_in_order(test: TestApp) {
        let office = office(&test).await;
        office.add(&json!({ "email": "b@example.org", "given_name": "Sìne", "family_name": "NicDhòmhnaill" })).await;
        office.add(&json!({ "email": "100%_c@example.org", "role": "planner" })).await;
        assert_eq!(office.emails("").await, ["100%_c@example.org", "admin@example.org", "b@example.org"]);
        assert_eq!(office.emails("?q=nicdhomh%20SINE").await, ["b@example.org"]);
        assert_eq!(office.emails("?q=%25_").await, ["100%_c@example.org"], "no wildcards");
        assert_eq!(office.emails("?q=%00").await.len(), 3);
        assert_eq!(office.emails("?role=planner").await, ["100%_c@example.org"]);
        assert_eq!(office.emails("?role=planner&q=sine").await, Vec::<String>::new());
        office.admin.get("/api/accounts?role=emperor").await.expect(422);
        office.admin.get("/api/accounts?cursor=zz").await.expect_problem(400, "bad_cursor");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.admin.get(&format!("/api/accounts?limit=1&cursor={cursor}")).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() { Some(next) => cursor = next.to_owned(), None => break }
        }
        assert_eq!(seen, office.emails("").await);
    }

    async fn a_longer_list_takes_no_more_statements(test: TestApp) {
        let office = office(&test).await;
        let (one, before) = test.statements(office.admin.get("/api/accounts")).await;
        one.expect(200);
        for number in 0..4 {
            office.add(&json!({ "email": format!("p{number}@example.org"), "role": "employer", "organisation_id": office.organisation })).await;
        }
        let (many, after) = test.statements(office.admin.get("/api/accounts")).await;
        assert_eq!(many.expect(200)["items"].as_array().unwrap().len(), 5);
        assert_eq!(before, after);
    }

    async fn a_disabled_account_is_out_at_once_and_in_again_when_enabled(test: TestApp) {
        let office = office(&test).await;
        let made = office.add(&json!({ "email": "morag@example.org" })).await;
        let (id, first) = (made["account"]["id"].as_str().unwrap(), made["password"].as_str().unwrap());
        let morag = sign_in(&test, "morag@example.org", first).await;
        let path = |act: &str| format!("/api/accounts/{id}/{act}");
        for _ in 0..2 {
            let out = office.admin.post(&path("disable"), &json!({})).await.expect(200);
            assert!(out["disabled_at"].is_string());
        }
        morag.get("/api/me").await.expect_problem(401, "not_signed_in");
        let attempt = json!({ "email": "morag@example.org", "password": first });
        test.anonymous().post("/api/session", &attempt).await.expect_problem(401, "wrong_credentials");
        assert_eq!(office.admin.post(&path("enable"), &json!({})).await.expect(200)["disabled_at"], Value::Null);
        morag.get("/api/me").await.expect_problem(401, "not_signed_in");
        let morag = sign_in(&test, "morag@example.org", first).await;
        let renewed = office.admin.post(&path("password"), &json!({})).await.expect(200);
        morag.get("/api/me").await.expect_problem(401, "not_signed_in");
        sign_in(&test, "morag@example.org", renewed["password"].as_str().unwrap()).await;
        let log = kept(&test).await;
        assert_eq!(log.matches("\"disabled\"").count(), 1, "what was so already is no change: {log}");
    }

    async fn a_new_password_counts_at_once_even_after_too_many_tries(test: TestApp) {
        let office = office(&test).await;
        let made = office.add(&json!({ "email": "morag_b@example.org" })).await;
        office.add(&json!({ "email": "moragxb@example.org" })).await;
        for email in ["morag_b@example.org", "moragxb@example.org"] {
            let guess = json!({ "email": email, "password": "forgotten it again" });
            for _ in 0..10 { test.anonymous().post("/api/session", &guess).await.expect_problem(401, "wrong_credentials"); }
            test.anonymous().post("/api/session", &guess).await.expect_problem(429, "too_many_tries");
        }
        let path = format!("/api/accounts/{}/password", made["account"]["id"].as_str().unwrap());
        let renewed = office.admin.post(&path, &json!({})).await.expect(200);
        sign_in(&test, "morag_b@example.org", renewed["password"].as_str().unwrap()).await;
        let other = json!({ "email": "moragxb@example.org", "password": "forgotten it again" });
        test.anonymous().post("/api/session", &other).await.expect_problem(429, "too_many_tries");
    }

    async fn nobody_shuts_themselves_out_and_an_administrator_remains(test: TestApp) {
        let office = office(&test).await;
        let own = format!("/api/accounts/{}", office.own);
        let grant = |account: &Value| account["roles"][0]["id"].as_str().unwrap().to_owned();
        let mine = grant(&office.admin.get(&own).await.expect(200));
        office.admin.post(&format!("{own}/disable"), &json!({})).await.expect_problem(409, "own_account");
        office.admin.post(&format!("{own}/password"), &json!({})).await.expect_problem(409, "own_account");
        office.admin.delete(&format!("{own}/grants/{mine}")).await.expect_problem(409, "own_account");
        // two who remove each other at the same moment: one of them stays
        for round in 0..3 {
            let (left, right) = (format!("left{round}@example.org"), format!("right{round}@example.org"));
            let (left_id, right_id) = (admin(&test, &left).await, admin(&test, &right).await);
            let (left, right) = (test.sign_in(&left).await, test.sign_in(&right).await);
            if round == 0 {
                left.post(&format!("{own}/disable"), &json!({})).await.expect(200);
            }
            let (left_path, right_path) = (format!("/api/accounts/{left_id}/disable"), format!("/api/accounts/{right_id}/disable"));
            let body = json!({});
            let (a, b) = futures_util::future::join(left.post(&right_path, &body), right.post(&left_path, &body)).await;
            let done = [&a, &b].iter().filter(|answer| answer.status.as_u16() == 200).count();
            assert!(done >= 1, "{} {}", a.text(), b.text());
            let rows = account::Entity::find().all(&test.app.db).await.unwrap();
            assert!(rows.iter().any(|row| row.disabled_at.is_none()), "{} {}", a.text(), b.text());
        }
    }

    async fn the_own_password_is_changed_only_by_who_knows_it(test: TestApp) {
        test.account(NewAccount { email: "ailsa@example.org".to_owned(), ..NewAccount::default() }).await;
        let ailsa = test.sign_in("ailsa@example.org").await;
        let body = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
        let cases = [("short", "too_short"), (PASSWORD, "same_password"), (&"x".repeat(129), "too_long")];
        for (new, code) in cases {
            let problem = ailsa.post("/api/me/password", &body(PASSWORD, new)).await.expect_problem(422, "invalid");
            assert_eq!(fields(&problem), [("new_password".to_owned(), code.to_owned())]);
        }
        for _ in 0..10 {
            let problem = ailsa.post("/api/me/password", &body("a wrong guess", "quiet loch evening")).await.expect_problem(422, "invalid");
            assert_eq!(fields(&problem), [("current_password".to_owned(), "wrong_password".to_owned())]);
        }
        ailsa.post("/api/me/password", &body(PASSWORD, "quiet loch evening")).await.expect_problem(429, "too_many_tries");
        let unknown = json!({ "current_password": PASSWORD, "new_password": "quiet loch evening", "email": "x" });
        ailsa.post("/api/me/password", &unknown).await.expect(422);
    }
}
