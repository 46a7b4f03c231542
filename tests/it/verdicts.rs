//! What organisations say of a completion: each for itself, taken back by who said it.

use std::collections::BTreeSet;

use cairn::learning::store::verdicts;
use entity::id::OrganisationId;
use entity::value::Role;
use entity::{completion, completion_verdict};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::learn::{self, Team};
use crate::support::{Client, TestApp, build};

fn at(made: &Value, act: &str) -> String {
    format!("/api/learning/completions/{}{act}", made["id"].as_str().expect("an id"))
}

async fn reject(client: &Client, made: &Value, reason: &str) -> Value {
    client.post(&at(made, "/reject"), &json!({"reason": reason})).await.expect(200)
}

async fn confirm(client: &Client, made: &Value) -> Value {
    client.post(&at(made, "/confirm"), &json!({})).await.expect(200)
}

async fn take_back(client: &Client, verdict: &Value) -> Value {
    let path = format!("/api/learning/verdicts/{}/take-back", verdict["id"].as_str().expect("an id"));
    client.post(&path, &json!({})).await.expect(200)
}

/// Another employer of the same person, which asks for the same; its HR lead signed in.
async fn second_employer(test: &TestApp, team: &Team) -> (Client, OrganisationId) {
    let place = build::place(test).await;
    let post = build::post(place.service).save(test).await;
    build::appointment(team.ailsa, post).save(test).await;
    learn::require(test, Some(place.organisation), None, team.naloxone).await;
    let hamish = build::person(test, "Hamish").await;
    let client = learn::signed_in(test, "hamish", Some(hamish), Some((Role::Employer, place.organisation)), None).await;
    (client, place.organisation)
}

/// The word in the only cell of the person in an employer's matrix.
async fn cell(client: &Client, organisation: OrganisationId, team: &Team) -> String {
    let matrix = client.get(&format!("/api/organisations/{organisation}/status")).await.expect(200);
    let row = matrix["items"].as_array().unwrap().iter().find(|row| row["person_id"] == json!(team.ailsa.0)).cloned();
    row.expect("her row")["cells"][0]["status"].as_str().expect("a status").to_owned()
}

on_both_databases! {
    async fn a_rejection_is_the_rejecting_organisations_alone(test: TestApp) {
        let team = Team::new(&test).await;
        let (other, elsewhere) = second_employer(&test, &team).await;
        let here = team.place.organisation;
        let made = team.record(team.naloxone, "2026-06-01").await;
        confirm(&team.employer, &made).await;
        let rejected = reject(&other, &made, "The certificate is of another course.").await;
        assert_eq!((&rejected["state"], &rejected["assurance"]), (&json!("live"), &json!("employer_verified")), "what others confirmed stands");
        assert_eq!((cell(&team.employer, here, &team).await.as_str(), cell(&other, elsewhere, &team).await.as_str()), ("met", "overdue"));
        let refused = verdicts::refused_by(&test.app.db, Some(&[here, elsewhere]), Some(&[team.ailsa])).await.unwrap();
        let organisations: BTreeSet<_> = refused.into_iter().map(|(of, _)| of).collect();
        assert_eq!(organisations, BTreeSet::from([elsewhere]));
        let due = team.staff.get("/api/me").await.expect(200);
        assert!(due["due"].as_array().unwrap().iter().all(|one| one["organisation_id"] != json!(here.0)), "{due}");
    }

    async fn what_an_organisation_confirmed_ends_with_its_own_rejection(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        confirm(&team.manager, &made).await;
        let rejected = reject(&team.employer, &made, "She was not there.").await;
        assert_eq!(rejected["assurance"], "self_declared");
        team.employer.post(&at(&made, "/reject"), &json!({"reason": "Again."})).await.expect_problem(409, "already_rejected");
        let own = rejected["verdicts"].as_array().unwrap().iter().find(|one| one["verdict"] == "rejected").cloned().unwrap();
        let problem = team.manager.post(&format!("/api/learning/verdicts/{}/take-back", own["id"].as_str().unwrap()), &json!({})).await;
        problem.expect_problem(403, "not_allowed");
        let back = take_back(&team.employer, &own).await;
        assert_eq!(back["assurance"], "manager_confirmed", "what was confirmed before stands again");
        let kinds: Vec<_> = back["history"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["recorded", "confirmed", "rejected", "taken_back"]);
        let twice = take_back(&team.employer, &own).await;
        assert_eq!(twice["history"].as_array().unwrap().len(), 4, "a second press adds nothing");
    }

    async fn a_confirmation_can_be_taken_back_and_ends_a_rejection(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        reject(&team.manager, &made, "Another course.").await;
        let confirmed = confirm(&team.manager, &made).await;
        assert_eq!(confirmed["assurance"], "manager_confirmed");
        assert_eq!(confirmed["verdicts"].as_array().unwrap().len(), 1, "the rejection is over");
        assert_eq!(cell(&team.manager, team.place.organisation, &team).await, "met");
        let verdict = confirmed["verdicts"][0].clone();
        assert_eq!(verdict["may_take_back"], true);
        for stranger in [&team.staff, &team.desk] {
            let path = format!("/api/learning/verdicts/{}/take-back", verdict["id"].as_str().unwrap());
            stranger.post(&path, &json!({})).await.expect_problem(404, "not_found");
        }
        let back = take_back(&team.employer, &verdict).await;
        assert_eq!(back["assurance"], "self_declared");
        assert_eq!(completion_verdict::Entity::find().count(&test.app.db).await.unwrap(), 2, "nothing is deleted");
    }

    async fn each_reads_what_concerns_them(test: TestApp) {
        let team = Team::new(&test).await;
        let (other, _) = second_employer(&test, &team).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        confirm(&team.employer, &made).await;
        reject(&other, &made, "Between us.").await;
        let mine = team.staff.get(&at(&made, "")).await.expect(200);
        assert_eq!(mine["verdicts"].as_array().unwrap().len(), 2);
        assert_eq!((&mine["verdicts"][1]["reason"], &mine["verdicts"][1]["by"]), (&json!("Between us."), &json!("Hamish Testperson")));
        let theirs = team.employer.get(&at(&made, "")).await.expect(200);
        assert!(!theirs.to_string().contains("Between us."), "nobody else's reasons");
        assert_eq!(theirs["verdicts"].as_array().unwrap().len(), 1);
        let others = other.get(&at(&made, "")).await.expect(200);
        let confirmed = &others["verdicts"][0];
        assert_eq!((&confirmed["verdict"], &confirmed["by"], &confirmed["may_take_back"]), (&json!("confirmed"), &Value::Null, &json!(false)));
    }

    async fn the_person_is_told_until_it_is_dealt_with_or_laid_aside(test: TestApp) {
        let team = Team::new(&test).await;
        let told = async || team.staff.get("/api/learning/rejections").await.expect(200)["items"].as_array().unwrap().clone();
        let made = team.record(team.naloxone, "2026-06-01").await;
        assert!(told().await.is_empty());
        reject(&team.manager, &made, "Please attach the right certificate.").await;
        let [one]: [Value; 1] = told().await.try_into().expect("one notice");
        assert_eq!((&one["title"], &one["by"]), (&json!("Naloxone: carry it, use it"), &json!("Morag Testperson")));
        assert_eq!((&one["reason"], &one["organisation"]), (&json!("Please attach the right certificate."), &json!("Clyde Recovery (synthetic)")));
        let dismiss = format!("/api/learning/verdicts/{}/dismiss", one["verdict_id"].as_str().unwrap());
        team.manager.post(&dismiss, &json!({})).await.expect_problem(404, "not_found");
        assert_eq!(team.staff.post(&dismiss, &json!({})).await.status.as_u16(), 204);
        assert!(told().await.is_empty());
        let seen = team.staff.get(&at(&made, "")).await.expect(200);
        assert_eq!(seen["verdicts"][0]["verdict"], "rejected", "it stands all the same");

        let second = team.record(team.naloxone, "2026-06-02").await;
        reject(&team.manager, &second, "This too.").await;
        assert_eq!(told().await.len(), 1);
        test.app.clock.advance(chrono::TimeDelta::minutes(1));
        team.record(team.naloxone, "2026-06-03").await;
        assert!(told().await.is_empty(), "recorded again");
    }

    async fn evidence_added_after_a_rejection_puts_it_on_the_list_again(test: TestApp) {
        let team = Team::new(&test).await;
        let path = format!("/api/organisations/{}/completions?to_confirm=true", team.place.organisation);
        let listed = async |client: &Client| {
            let list = client.get(&path).await.expect(200);
            list["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
        };
        let made = team.record(team.naloxone, "2026-06-01").await;
        assert_eq!(listed(&team.manager).await, [made["id"].clone()]);
        reject(&team.employer, &made, "Where is the certificate?").await;
        assert!(listed(&team.manager).await.is_empty() && listed(&team.employer).await.is_empty(), "it has been decided");
        test.app.clock.advance(chrono::TimeDelta::minutes(1));
        let file = team.staff.upload("/api/learning/evidence", &[], ("file", "a.pdf", b"%PDF-1.7\n%%EOF\n")).await.expect(201);
        let seen = team.staff.post(&at(&made, "/evidence"), &json!({"evidence_ids": [file["id"]]})).await.expect(200);
        assert_eq!(seen["verdicts"][0]["answered"], true);
        assert_eq!(listed(&team.employer).await, [made["id"].clone()]);
        assert!(listed(&team.manager).await.is_empty(), "it is the employer's to decide again");
        team.manager.post(&at(&made, "/confirm"), &json!({})).await.expect_problem(409, "more_trusted_already");
        let twice = reject(&team.employer, &made, "This is the certificate of another course.").await;
        assert_eq!(twice["verdicts"].as_array().unwrap().len(), 1, "the second takes the place of the first");
        assert!(listed(&team.employer).await.is_empty());
        let told = team.staff.get("/api/learning/rejections").await.expect(200);
        assert_eq!(told["items"][0]["reason"], "This is the certificate of another course.");
        assert_eq!(confirm(&team.employer, &made).await["assurance"], "employer_verified");
        assert_eq!(cell(&team.employer, team.place.organisation, &team).await, "met");
    }

    async fn confirming_takes_sixteen_statements_and_one_commit(test: TestApp) {
        let team = Team::new(&test).await;
        let commits = async || {
            let sql = "SELECT number FROM data_version WHERE domain = 'learning'";
            let sql = Statement::from_string(test.app.db.get_database_backend(), sql);
            let row = test.app.db.query_one_raw(sql).await.unwrap().unwrap();
            row.try_get_by_index::<i64>(0).unwrap()
        };
        let first = team.record(team.naloxone, "2026-06-01").await;
        let (_, cold) = test.statements(confirm(&team.employer, &first)).await;
        assert!(cold <= 24, "{cold} when nothing is in memory yet");
        let made = team.record(team.naloxone, "2026-06-02").await;
        let before = commits().await;
        // the manager looks for the first time: the person's ledger is written too
        let (answer, warm) = test.statements(confirm(&team.manager, &made)).await;
        assert_eq!((&answer["assurance"], commits().await), (&json!("manager_confirmed"), before + 1));
        assert!(warm <= 16, "{warm}");
    }

    async fn two_confirmations_at_once_leave_one_and_nothing_half_done(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let (path, body) = (at(&made, "/confirm"), json!({}));
        let (a, b, c) = tokio::join!(
            team.manager.post(&path, &body),
            team.manager.post(&path, &body),
            team.employer.post(&path, &body)
        );
        for answer in [a, b, c] {
            assert!(matches!(answer.status.as_u16(), 200 | 409), "{}", answer.status);
        }
        let row = completion::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        let said = completion_verdict::Entity::find().count(&test.app.db).await.unwrap();
        assert_eq!(i64::from(row.version) - 1, i64::try_from(said).unwrap(), "a verdict for each step and a step for each verdict");
    }
    async fn a_confirmation_and_a_rejection_at_once_leave_one_order(test: TestApp) {
        let team = Team::new(&test).await;
        let (other, _) = second_employer(&test, &team).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let (yes, no, reason) = (at(&made, "/confirm"), at(&made, "/reject"), json!({"reason": "Another course."}));
        let empty = json!({});
        let (a, b, c) = tokio::join!(
            team.manager.post(&yes, &empty),
            team.manager.post(&no, &reason),
            other.post(&no, &reason)
        );
        let done = [a, b, c].iter().filter(|answer| answer.status.as_u16() == 200).count();
        let row = completion::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        assert_eq!(i64::from(row.version) - 1, i64::try_from(done).unwrap(), "a step for each answer, and none half done");
        let said = verdicts::said(&verdicts::of_one(&test.app.db, row.id).await.unwrap());
        assert_eq!(row.assurance, cairn::learning::rules::trust(false, &said), "trusted as what was said");
        assert_eq!(row.state, entity::value::CompletionState::Live);
    }
    async fn what_stood_rejected_before_stands_again_as_its_persons(test: TestApp) {
        let team = Team::new(&test).await;
        let (other, _) = second_employer(&test, &team).await;
        let trusted = team.record(team.naloxone, "2026-06-01").await;
        confirm(&team.employer, &trusted).await;
        reject(&other, &trusted, "Another course.").await;
        let alone = team.record(team.naloxone, "2026-06-02").await;
        confirm(&team.manager, &alone).await;
        reject(&team.employer, &alone, "Another course.").await;
        // as the rows were before that migration
        for sql in [
            "UPDATE completion SET state = 'rejected', live_key = NULL, assurance = 'employer_verified'",
            "DELETE FROM seaql_migrations WHERE version = 'm20261127_000016_rejections_of_one'",
        ] {
            test.app.db.execute_unprepared(sql).await.unwrap();
        }
        Migrator::up(&test.app.db, None).await.unwrap();
        for (made, assurance) in [(&trusted, "employer_verified"), (&alone, "self_declared")] {
            let seen = team.staff.get(&at(made, "")).await.expect(200);
            assert_eq!((&seen["state"], &seen["assurance"]), (&json!("live"), &json!(assurance)));
            let body = json!({"item_id": team.naloxone.0, "completed_on": made["completed_on"]});
            let problem = team.staff.post("/api/learning/completions", &body).await.expect_problem(409, "already_recorded");
            assert_eq!(problem["existing"], at(made, ""));
        }
    }
}
