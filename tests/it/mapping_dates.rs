//! Figures of a past day stand still: they tell what held then, and say when that is not known.

use cairn::account::NewAccount;
use entity::figures_confirmation;
use entity::id::OrganisationId;
use entity::value::Role;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::{Client, TestApp};

async fn employer(test: &TestApp, organisation: OrganisationId) -> Client {
    let (email, organisation) = ("employer@example.org".to_owned(), Some(organisation));
    let role = Some(Role::Employer);
    test.account(NewAccount { email: email.clone(), role, organisation, ..NewAccount::default() }).await;
    test.sign_in(&email).await
}

async fn confirmed(test: &TestApp, organisation: OrganisationId, on: &str, earlier_unknown: bool) {
    let row = figures_confirmation::ActiveModel {
        id: Set(test.app.clock.id()),
        organisation_id: Set(organisation),
        on_day: Set(day(on)),
        earlier_unknown: Set(earlier_unknown),
        account_id: Set(None),
        recorded_at: Set(test.app.clock.now()),
    };
    test.put(figures_confirmation::Entity::insert(row)).await;
}

/// An employer's own table of a day.
async fn own(client: &Client, organisation: OrganisationId, as_at: &str, mut more: Value) -> Value {
    more["organisation"] = json!(organisation);
    more["as_at"] = json!(as_at);
    client.post("/api/mapping/tables", &more).await.expect(200)
}

on_both_databases! {
    async fn an_answer_counts_from_its_day_and_for_a_year(test: TestApp) {
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let client = employer(&test, place.organisation).await;
        let response = async |as_at: &str| own(&client, place.organisation, as_at, json!({"measures": ["headcount"]})).await["response"].clone();
        assert_eq!(response("2026-06-30").await, json!({"employers": 1, "answered": 0, "unknown": 0, "rate": 0.0}));
        confirmed(&test, place.organisation, "2025-03-01", false).await;
        confirmed(&test, place.organisation, "2026-06-20", false).await;
        let whole = |on: &str| json!({"employers": 1, "answered": 1, "unknown": 0, "rate": 100.0, "oldest": on, "newest": on});
        assert_eq!(response("2026-06-30").await, whole("2026-06-20"));
        let nobody = json!({"employers": 1, "answered": 0, "unknown": 0, "rate": 0.0});
        assert_eq!(response("2026-06-19").await, nobody, "the answer of the day after is not counted");
        assert_eq!(response("2026-03-01").await, nobody, "a year later it no longer counts");
        assert_eq!(response("2026-02-28").await, whole("2025-03-01"));
        assert_eq!(response("2024-12-31").await, nobody, "nobody had answered");
    }

    async fn what_was_overwritten_before_is_said_to_be_unknown(test: TestApp) {
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let client = employer(&test, place.organisation).await;
        confirmed(&test, place.organisation, "2026-02-01", true).await;
        let response = async |as_at: &str| own(&client, place.organisation, as_at, json!({"measures": ["headcount"]})).await["response"].clone();
        assert_eq!(response("2026-01-31").await, json!({"employers": 1, "answered": 0, "unknown": 1, "rate": null}));
        assert_eq!(response("2026-02-01").await["rate"], 100.0);
        let table = own(&client, place.organisation, "2026-01-31", json!({"measures": ["headcount"]})).await;
        let csv = client.get(&format!("/api/mapping/releases/{}.csv", table["manifest"].as_str().unwrap())).await;
        assert!(csv.text().contains(",[x],"), "{}", csv.text());
    }

    async fn saying_so_twice_a_day_is_once_and_no_later_answer_changes_an_earlier_table(test: TestApp) {
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let client = employer(&test, place.organisation).await;
        let before = own(&client, place.organisation, "2026-03-31", json!({"measures": ["headcount"]})).await;
        for _ in 0..2 {
            let path = format!("/api/organisations/{}/reviewed", place.organisation);
            let overview = client.send(poem::http::Method::POST, &path, &[], None).await.expect(200);
            assert_eq!(overview["organisation"]["reviewed_on"], "2026-06-30");
        }
        assert_eq!(figures_confirmation::Entity::find().all(&test.app.db).await.unwrap().len(), 1);
        assert_eq!(own(&client, place.organisation, "2026-03-31", json!({"measures": ["headcount"]})).await["manifest"], before["manifest"]);
    }

    async fn filters_that_exclude_each_other_are_refused_in_words(test: TestApp) {
        let place = build::place(&test).await;
        for (name, role, area) in [("planner", Role::Planner, None), ("adp", Role::Adp, Some("adp-fife".to_owned()))] {
            let email = format!("{name}@example.org");
            test.account(NewAccount { email, role: Some(role), area, ..NewAccount::default() }).await;
        }
        let refused = async |client: &Client, filters: Value| {
            let question = json!({"measures": ["headcount"], "rows": ["sector"], "filters": filters});
            let problem = client.post("/api/mapping/tables", &question).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["code"], "nothing_in_common");
            problem["detail"].as_str().unwrap().to_owned()
        };
        let planner = test.sign_in("planner@example.org").await;
        let said = refused(&planner, json!({"health_board": ["nhs-lothian"], "council": ["council-fife"]})).await;
        assert!(said.starts_with("No place is in both NHS Lothian and Fife."), "{said}");
        refused(&planner, json!({"role_family": ["medical"], "role": ["social_worker"]})).await;
        refused(&planner, json!({"health_board": ["nhs-lothian"], "adp": ["adp-fife"]})).await;
        let adp = test.sign_in("adp@example.org").await;
        refused(&adp, json!({"health_board": ["nhs-lothian"]})).await;
        refused(&adp, json!({"council": ["council-angus"]})).await;
        let offered = adp.get("/api/mapping/dimensions").await.expect(200);
        let values = |by: &str| {
            let items = offered["items"].as_array().unwrap();
            items.iter().find(|item| item["id"] == by).unwrap()["values"].as_array().unwrap().len()
        };
        assert_eq!((values("health_board"), values("council"), values("adp")), (1, 1, 1), "only what lies in reach");
        assert!(values("role") > 20);
        build::member(&test, place.service, "Ailsa").await;
    }

    async fn a_day_without_data_is_unavailable_and_volunteers_have_no_vacancy_rate(test: TestApp) {
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let client = employer(&test, place.organisation).await;
        let question = json!({"measures": ["headcount", "vacancy_rate"], "rows": ["role_family"]});
        let none = own(&client, place.organisation, "1999-04-01", question.clone()).await;
        assert!(none["cells"].as_array().unwrap().iter().all(|cell| cell["marker"] == "x" && cell["value"].is_null()));
        let some = own(&client, place.organisation, "2026-03-31", question).await;
        let cells = some["cells"].as_array().unwrap();
        let volunteers = cells.iter().find(|cell| cell["measure"] == "vacancy_rate" && cell["keys"]["role_family"] == "volunteer");
        assert_eq!(volunteers.unwrap()["marker"], "z");
        assert!(cells.iter().all(|cell| cell["marker"] != "x"));
    }

    async fn a_role_changed_from_a_day_leaves_what_was_and_a_correction_does_not(test: TestApp) {
        let place = build::place(&test).await;
        let post = build::post(place.service).save(&test).await;
        build::appointment(build::person(&test, "Ailsa").await, post).save(&test).await;
        let client = employer(&test, place.organisation).await;
        let path = format!("/api/organisations/{}/posts/{post}", place.organisation);
        let roles = async |as_at: &str, known_at: Option<&str>| {
            let mut question = json!({"measures": ["headcount"], "rows": ["role"]});
            if let Some(at) = known_at { question["known_at"] = json!(at); }
            let table = own(&client, place.organisation, as_at, question).await;
            let cells = table["cells"].as_array().unwrap().clone();
            let mut with: Vec<_> = cells.iter().filter(|cell| cell["value"] == 1.0).filter_map(|cell| cell["keys"]["role"].as_str()).map(str::to_owned).collect();
            with.sort();
            with.join(" ")
        };
        assert_eq!(roles("2026-03-31", None).await, "recovery_worker");

        let silent = client.patch(&path, &json!({"role": "social_worker"})).await.expect_problem(422, "invalid");
        assert_eq!(silent["fields"][0]["code"], "change_or_correction");
        let both = json!({"role": "social_worker", "changed_on": "2026-05-01", "correction": true});
        assert_eq!(client.patch(&path, &both).await.expect_problem(422, "invalid")["fields"][0]["code"], "one_of_two");
        let later = json!({"role": "social_worker", "changed_on": "2026-07-01"});
        assert_eq!(client.patch(&path, &later).await.expect_problem(422, "invalid")["fields"][0]["code"], "in_the_future");
        let same = client.patch(&path, &json!({"role": "recovery_worker", "reference": "RW 1"})).await.expect(200);
        assert_eq!(same["history"], Value::Null, "nothing dated has changed");

        let changed = client.patch(&path, &json!({"role": "social_worker", "changed_on": "2026-05-01"})).await.expect(200);
        assert_eq!(changed["post"]["role"], "social_worker");
        let history = changed["history"].as_array().unwrap();
        assert_eq!((&history[0]["from"], &history[0]["role"]), (&Value::Null, &json!("recovery_worker")));
        assert_eq!((&history[1]["from"], &history[1]["role"]), (&json!("2026-05-01"), &json!("social_worker")));
        assert_eq!(roles("2026-03-31", None).await, "recovery_worker");
        assert_eq!(roles("2026-04-30", None).await, "recovery_worker");
        assert_eq!(roles("2026-05-01", None).await, "social_worker");
        let list = client.get(&format!("/api/organisations/{}/posts?as_at=2026-04-30", place.organisation)).await.expect(200);
        assert_eq!(list["items"][0]["role"], "recovery_worker", "the own list of a day tells the same");

        test.app.clock.advance(chrono::TimeDelta::hours(1));
        client.patch(&path, &json!({"role": "peer_support_worker", "correction": true})).await.expect(200);
        assert_eq!(roles("2026-05-01", None).await, "peer_support_worker");
        assert_eq!(roles("2026-03-31", None).await, "recovery_worker", "what was right before stays");
        assert_eq!(roles("2026-05-01", Some("2026-06-30T12:30:00Z")).await, "social_worker", "as it was known then");

        let never = build::post(place.service).save(&test).await;
        build::appointment(build::person(&test, "Calum").await, never).save(&test).await;
        client.patch(&format!("/api/organisations/{}/posts/{never}", place.organisation), &json!({"role": "social_worker", "correction": true})).await.expect(200);
        assert_eq!(roles("2026-03-31", None).await, "recovery_worker social_worker", "it never was a recovery worker's");
    }

    async fn a_service_that_moves_is_counted_where_it_was(test: TestApp) {
        let place = build::place(&test).await;
        build::member(&test, place.service, "Ailsa").await;
        let client = employer(&test, place.organisation).await;
        let path = format!("/api/organisations/{}/services/{}", place.organisation, place.service);
        let councils = async |as_at: &str| {
            let table = own(&client, place.organisation, as_at, json!({"measures": ["headcount"], "rows": ["council"]})).await;
            let cells = table["cells"].as_array().unwrap().clone();
            cells.iter().filter(|cell| cell["value"] == 1.0).find_map(|cell| cell["keys"]["council"].as_str().map(str::to_owned)).unwrap()
        };
        let moved = client.patch(&path, &json!({"area": "council-fife", "sector": "lero", "changed_on": "2026-04-01"})).await.expect(200);
        assert_eq!((&moved["area"], &moved["history"][0]["area"]), (&json!("council-fife"), &json!("council-glasgow-city")));
        assert_eq!((councils("2026-03-31").await, councils("2026-04-01").await), ("council-glasgow-city".to_owned(), "council-fife".to_owned()));
        client.patch(&path, &json!({"name": "Another name"})).await.expect(200);
        let early = json!({"tier": "2", "changed_on": "2019-04-01"});
        assert_eq!(client.patch(&path, &early).await.expect_problem(422, "invalid")["fields"][0]["code"], "before_it_opened");
        client.patch(&path, &json!({"area": "council-angus", "correction": true})).await.expect(200);
        assert_eq!((councils("2026-03-31").await, councils("2026-04-01").await), ("council-glasgow-city".to_owned(), "council-angus".to_owned()));
    }

    async fn the_own_screen_and_the_own_table_tell_the_same_of_an_over_filled_post(test: TestApp) {
        let place = build::place(&test).await;
        let post = build::post(place.service).save(&test).await;
        for name in ["Ailsa", "Calum", "Iona"] {
            build::appointment(build::person(&test, name).await, post).save(&test).await;
        }
        build::post(place.service).save(&test).await;
        let client = employer(&test, place.organisation).await;
        let overview = client.get(&format!("/api/organisations/{}", place.organisation)).await.expect(200);
        let totals = &overview["totals"];
        let of = |name: &str| totals[format!("{name}_thousandths")].as_i64().unwrap();
        assert_eq!((of("funded"), of("in_post"), of("vacant"), of("over"), of("establishment")), (2000, 3000, 1000, 2000, 4000));
        let measures = ["establishment_wte", "in_post_wte", "vacant_wte"];
        let table = own(&client, place.organisation, "2026-06-30", json!({"measures": measures})).await;
        let values: Vec<_> = table["cells"].as_array().unwrap().iter().map(|cell| cell["value"].as_f64().unwrap()).collect();
        assert_eq!(values, [4.0, 3.0, 1.0]);
    }
}
