//! Learning that is not in the catalogue: on the record at once, and counting for nothing until an
//! employer equates it with an item.

use chrono::TimeDelta;
use entity::value::Role;
use entity::{completion, outside_learning};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::learn::{self, Team};
use crate::support::{Client, build};

const NOTHING: &str = "Counts for nothing that is asked until somebody equates it with an item.";

pub fn day_of(asks: bool) -> Value {
    json!({
        "title": "An in-house day", "provider": "Our own nurse", "minutes": 390, "completed_on": "2025-09-01",
        "note": "Two groups.", "ask_employers": asks,
    })
}

pub async fn note(client: &Client, asks: bool) -> Value {
    client.post("/api/learning/outside", &day_of(asks)).await.expect(201)
}

pub fn own(made: &Value, act: &str) -> String {
    format!("/api/learning/outside/{}{act}", made["id"].as_str().expect("an id"))
}

pub fn equate_path(team: &Team, made: &Value) -> String {
    format!("/api/organisations/{}/outside-learning/{}/equate", team.place.organisation, made["id"].as_str().unwrap())
}

pub async fn equate(client: &Client, team: &Team, made: &Value) -> Value {
    client.post(&equate_path(team, made), &json!({"item_id": team.naloxone.0})).await.expect(200)
}

async fn listed(client: &Client, team: &Team, query: &str) -> Vec<Value> {
    let path = format!("/api/organisations/{}/outside-learning{query}", team.place.organisation);
    client.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
}

async fn status(client: &Client, team: &Team) -> String {
    let matrix = client.get(&format!("/api/organisations/{}/status", team.place.organisation)).await.expect(200);
    let row = matrix["items"].as_array().unwrap().iter().find(|row| row["person_id"] == json!(team.ailsa.0)).cloned();
    row.expect("her row")["cells"][0]["status"].as_str().expect("a status").to_owned()
}

async fn notices(client: &Client) -> Vec<Value> {
    client.get("/api/learning/rejections").await.expect(200)["equated"].as_array().unwrap().clone()
}

async fn take_back(client: &Client, word: &Value) -> Value {
    let path = format!("/api/learning/verdicts/{}/take-back", word["verdict_id"].as_str().expect("a verdict"));
    client.post(&path, &json!({})).await.expect(200)
}

on_both_databases! {
    async fn it_stands_on_the_record_and_counts_for_nothing(test: TestApp) {
        let team = Team::new(&test).await;
        let file = team.staff.upload("/api/learning/evidence", &[], ("file", "day.pdf", b"%PDF-1.7\n%%EOF\n")).await.expect(201);
        let mut body = day_of(false);
        body["evidence_ids"] = json!([file["id"]]);
        body["title"] = json!("  An in-house\n day ");
        let made = team.staff.post("/api/learning/outside", &body).await.expect(201);
        assert_eq!((&made["title"], &made["evidence"][0]["file_name"]), (&json!("An in-house day"), &json!("day.pdf")));
        assert_eq!(made["standing"], format!("{NOTHING} Nobody but you sees it."));
        let summary = team.staff.get("/api/learning/summary").await.expect(200);
        assert_eq!((&summary["held"], &summary["expired"]), (&json!([]), &json!([])));
        assert_eq!(status(&team.employer, &team).await, "overdue");
        let waiting = team.staff.get("/api/learning/evidence").await.expect(200);
        assert_eq!(waiting["items"], json!([]), "its file is in use");
        test.app.clock.advance(TimeDelta::hours(30));
        assert_eq!(cairn::learning::evidence::sweep(&test.app).await.unwrap(), 0);
        let team_staff = test.sign_in("ailsa@example.org").await;
        let path = format!("/api/learning/evidence/{}", file["id"].as_str().unwrap());
        assert_eq!(team_staff.get(&path).await.status.as_u16(), 200);
        let again = team_staff.post("/api/learning/outside", &body).await;
        let problem = again.expect_problem(409, "already_recorded");
        assert_eq!(problem["existing"], own(&made, ""));
        let mine = team_staff.get("/api/learning/outside").await.expect(200);
        assert_eq!(mine["items"].as_array().unwrap().len(), 1);
        assert_eq!(team_staff.get(&own(&made, "")).await.expect(200), mine["items"][0]);
    }

    async fn the_record_taken_along_says_that_it_counts_for_nothing(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, false).await;
        let json = team.staff.get("/api/learning/record.json").await.expect(200);
        assert_eq!((&json["completions"], &json["outside_the_catalogue"][0]["id"]), (&json!([]), &made["id"]));
        let csv = team.staff.get("/api/learning/record.csv").await.text();
        assert!(csv.contains("An in-house day,outside_the_catalogue,Our own nurse,2025-09-01"), "{csv}");
        assert!(csv.contains(NOTHING) && csv.contains(",390,"), "{csv}");
        assert_eq!(team.staff.get("/api/learning/record.pdf").await.status.as_u16(), 200);

        team.staff.post(&own(&made, "/ask"), &json!({"ask_employers": true})).await.expect(200);
        equate(&team.employer, &team, &made).await;
        let csv = team.staff.get("/api/learning/record.csv").await.text();
        assert!(csv.contains("Stands for “An in-house day”, Our own nurse"), "{csv}");
        assert!(csv.contains("Equated with “Naloxone: carry it, use it” by Eilidh Testperson, Clyde Recovery (synthetic)"), "{csv}");
        let json = team.staff.get("/api/learning/record.json").await.expect(200);
        assert_eq!(json["completions"][0]["stands_for"]["id"], made["id"]);
        assert_eq!(json["completions"][0]["history"][0]["kind"], "equated");
        team.staff.post(&own(&made, "/withdraw"), &json!({})).await.expect(200);
        let json = team.staff.get("/api/learning/record.json").await.expect(200);
        assert!(json["outside_the_catalogue"][0]["withdrawn_at"].is_string(), "history is kept");
    }

    async fn employers_see_what_they_are_let_see_and_the_person_reads_that_they_looked(test: TestApp) {
        let team = Team::new(&test).await;
        let file = team.staff.upload("/api/learning/evidence", &[], ("file", "day.pdf", b"%PDF-1.7\n%%EOF\n")).await.expect(201);
        let made = note(&team.staff, false).await;
        let attached = team.staff.post(&own(&made, "/evidence"), &json!({"evidence_ids": [file["id"]]})).await.expect(200);
        assert_eq!(attached["evidence"][0]["id"], file["id"]);
        let evidence = format!("/api/learning/evidence/{}", file["id"].as_str().unwrap());
        assert!(listed(&team.employer, &team, "").await.is_empty() && listed(&team.manager, &team, "").await.is_empty());
        team.manager.get(&evidence).await.expect_problem(404, "not_found");
        let asked = team.staff.post(&own(&made, "/ask"), &json!({"ask_employers": true})).await.expect(200);
        assert_eq!(asked["standing"], format!("{NOTHING} Your employers can see it since 30 June 2026."));
        let [one]: [Value; 1] = listed(&team.manager, &team, "?waiting=true&others_only=true").await.try_into().expect("one");
        assert_eq!((&one["person"]["name"], &one["standing"], &one["may"]), (&json!("Ailsa Testperson"), &json!(NOTHING), &json!(["equate"])));
        assert_eq!(one["suggestions"][0]["item_id"], json!(team.naloxone.0), "what is asked of her");
        assert_eq!(team.manager.get(&evidence).await.status.as_u16(), 200);
        let ledger = team.staff.get("/api/me/access").await.expect(200);
        let seen: Vec<_> = ledger["items"].as_array().unwrap().iter().map(|one| one["what"].clone()).collect();
        assert!(seen.contains(&json!("learning")) && seen.contains(&json!("evidence")), "{ledger}");
        team.staff.post(&own(&made, "/ask"), &json!({"ask_employers": false})).await.expect(200);
        assert!(listed(&team.manager, &team, "").await.is_empty());
        team.manager.post(&equate_path(&team, &made), &json!({"item_id": team.naloxone.0})).await.expect_problem(404, "not_found");
    }

    async fn equated_a_completion_stands_for_it_and_the_person_is_told(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let done = equate(&team.manager, &team, &made).await;
        let word = done["equated"][0].clone();
        assert_eq!((&word["by"], &word["assurance"], &word["may_take_back"]), (&json!("Morag Testperson"), &json!("manager_confirmed"), &json!(true)));
        assert_eq!(done["may"], json!([]));
        assert!(listed(&team.manager, &team, "?waiting=true").await.is_empty());
        assert_eq!(listed(&team.manager, &team, &format!("?person={}", team.ailsa)).await.len(), 1);
        assert_eq!(status(&team.employer, &team).await, "expiring", "valid for a year from its own day");
        let mine = team.staff.get("/api/learning/outside").await.expect(200)["items"][0].clone();
        assert_eq!(mine["standing"], "Equated with “Naloxone: carry it, use it” by Morag Testperson, Clyde Recovery (synthetic), on 30 June 2026.");
        let stands = team.staff.get(&format!("/api/learning/completions/{}", word["completion_id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&stands["completed_on"], &stands["valid_through"]), (&json!("2025-09-01"), &json!("2026-08-31")));
        assert_eq!((&stands["stands_for"]["title"], &stands["history"][0]["kind"]), (&json!("An in-house day"), &json!("equated")));
        let [told]: [Value; 1] = notices(&team.staff).await.try_into().expect("one notice");
        assert_eq!((&told["learning"], &told["title"], &told["by"]), (&json!("An in-house day"), &json!("Naloxone: carry it, use it"), &json!("Morag Testperson")));
        team.staff.post(&format!("/api/learning/verdicts/{}/dismiss", told["verdict_id"].as_str().unwrap()), &json!({})).await;
        assert!(notices(&team.staff).await.is_empty());

        equate(&team.manager, &team, &made).await;
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 1, "the same again changes nothing");
        let other = json!({"item_id": team.hobby.0});
        team.employer.post(&equate_path(&team, &made), &other).await.expect_problem(409, "already_equated");
        let higher = equate(&team.employer, &team, &made).await;
        assert_eq!(higher["equated"].as_array().unwrap().len(), 2, "the employer's word is added");
    }

    async fn taken_back_it_counts_for_nothing_again(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let word = equate(&team.employer, &team, &made).await["equated"][0].clone();
        let path = format!("/api/learning/verdicts/{}/take-back", word["verdict_id"].as_str().unwrap());
        team.manager.post(&path, &json!({})).await.expect_problem(403, "not_allowed");
        team.staff.post(&path, &json!({})).await.expect_problem(404, "not_found");
        let completion = format!("/api/learning/completions/{}", word["completion_id"].as_str().unwrap());
        let reason = json!({"reason": "Not the same after all."});
        team.employer.post(&format!("{completion}/reject"), &reason).await.expect_problem(409, "take_back_instead");
        test.app.clock.advance(TimeDelta::minutes(1));
        let back = take_back(&team.employer, &word).await;
        assert_eq!((&back["state"], &back["history"][1]["kind"]), (&json!("withdrawn"), &json!("taken_back")));
        assert_eq!(status(&team.employer, &team).await, "overdue");
        assert_eq!(listed(&team.manager, &team, "?waiting=true").await.len(), 1, "it waits again");
        let [told]: [Value; 1] = notices(&team.staff).await.try_into().expect("one notice");
        assert!(told["taken_back_at"].is_string(), "{told}");
        take_back(&team.employer, &word).await;
        let again = equate(&team.manager, &team, &made).await;
        assert_ne!(again["equated"][0]["completion_id"], word["completion_id"], "what was stays as history");
        assert_eq!(status(&team.employer, &team).await, "expiring");
    }

    async fn it_stands_as_long_as_one_organisation_says_so(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let word = equate(&team.employer, &team, &made).await["equated"][0].clone();
        let place = build::place(&test).await;
        let post = build::post(place.service).save(&test).await;
        build::appointment(team.ailsa, post).save(&test).await;
        let hamish = build::person(&test, "Hamish").await;
        let other = learn::signed_in(&test, "hamish", Some(hamish), Some((Role::Employer, place.organisation)), None).await;
        let path = format!("/api/organisations/{}/outside-learning", place.organisation);
        let seen = other.get(&path).await.expect(200)["items"][0].clone();
        assert_eq!((&seen["equated"][0]["organisation"], &seen["equated"][0]["by"]), (&json!("Clyde Recovery (synthetic)"), &Value::Null));
        let said = other.post(&format!("{path}/{}/equate", made["id"].as_str().unwrap()), &json!({"item_id": team.naloxone.0})).await.expect(200);
        assert_eq!(said["equated"].as_array().unwrap().len(), 2);
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 1, "one completion stands for both");
        take_back(&team.employer, &word).await;
        assert_eq!(status(&team.employer, &team).await, "expiring", "the other's word holds it up");
        let own = said["equated"].as_array().unwrap().iter().find(|one| one["organisation_id"] == json!(place.organisation.0)).cloned().unwrap();
        assert_eq!(take_back(&other, &own).await["state"], "withdrawn");
        assert_eq!(status(&team.employer, &team).await, "overdue");
    }

    async fn what_its_owner_withdraws_takes_what_stands_for_it_along(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let word = equate(&team.manager, &team, &made).await["equated"][0].clone();
        let gone = team.staff.post(&own(&made, "/withdraw"), &json!({})).await.expect(200);
        assert_eq!((&gone["equated"], &gone["standing"]), (&json!([]), &json!("Withdrawn; it counts for nothing.")));
        team.staff.post(&own(&made, "/withdraw"), &json!({})).await.expect(200);
        let stands = team.staff.get(&format!("/api/learning/completions/{}", word["completion_id"].as_str().unwrap())).await.expect(200);
        assert_eq!(stands["state"], "withdrawn");
        assert!(notices(&team.staff).await.is_empty(), "one's own act is no news");
        assert!(listed(&team.manager, &team, "").await.is_empty());
        team.staff.post(&own(&made, "/ask"), &json!({"ask_employers": true})).await.expect_problem(409, "not_live");
        note(&team.staff, true).await;
        assert_eq!(outside_learning::Entity::find().count(&test.app.db).await.unwrap(), 2, "it can be recorded again");
    }

    async fn an_item_that_nothing_asks_for_can_be_equated_and_taken_back(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let body = json!({"item_id": team.hobby.0});
        let word = team.manager.post(&equate_path(&team, &made), &body).await.expect(200)["equated"][0].clone();
        let summary = team.staff.get("/api/learning/summary").await.expect(200);
        assert_eq!(summary["held"][0]["stands_for"]["id"], made["id"]);
        team.manager.get(&format!("/api/learning/completions/{}", word["completion_id"].as_str().unwrap())).await.expect(200);
        assert_eq!(take_back(&team.manager, &word).await["state"], "withdrawn");
    }

    async fn evidence_is_added_on_either_side_and_stays_with_both(test: TestApp) {
        let team = Team::new(&test).await;
        let send = async |name: &str| team.staff.upload("/api/learning/evidence", &[], ("file", name, b"%PDF-1.7\n%%EOF\n")).await.expect(201)["id"].clone();
        let made = note(&team.staff, true).await;
        let first = send("first.pdf").await;
        team.staff.post(&own(&made, "/evidence"), &json!({"evidence_ids": [first]})).await.expect(200);
        let word = equate(&team.manager, &team, &made).await["equated"][0].clone();
        let completion = format!("/api/learning/completions/{}", word["completion_id"].as_str().unwrap());
        let second = send("second.pdf").await;
        team.staff.post(&format!("{completion}/evidence"), &json!({"evidence_ids": [second]})).await.expect(200);
        let names = |of: &Value| of["evidence"].as_array().unwrap().iter().map(|file| file["file_name"].clone()).collect::<Vec<_>>();
        assert_eq!(names(&team.manager.get(&completion).await.expect(200)), ["first.pdf", "second.pdf"]);
        assert_eq!(names(&team.staff.get(&own(&made, "")).await.expect(200)), ["first.pdf", "second.pdf"]);
        for file in [&first, &second] {
            let path = format!("/api/learning/evidence/{}", file.as_str().unwrap());
            team.staff.delete(&path).await.expect_problem(409, "already_confirmed");
        }
        take_back(&team.manager, &word).await;
        let path = format!("/api/learning/evidence/{}", first.as_str().unwrap());
        assert_eq!(team.staff.delete(&path).await.status.as_u16(), 204, "nobody relies on it any more");
    }
}
