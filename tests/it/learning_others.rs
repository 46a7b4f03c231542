//! Other people's completions: who sees which, who may vouch, and what the person can read of it.

use chrono::TimeDelta;
use entity::access_event;
use entity::value::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::learn::{self, Team};
use crate::support::{Client, TestApp, build};

fn at(made: &Value, act: &str) -> String {
    format!("/api/learning/completions/{}{act}", made["id"].as_str().expect("an id"))
}

async fn listed(client: &Client, team: &Team, query: &str) -> Vec<String> {
    let path = format!("/api/organisations/{}/completions{query}", team.place.organisation);
    let page = client.get(&path).await.expect(200);
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn ledger(test: &TestApp, team: &Team) -> Vec<String> {
    let rows = access_event::Entity::find()
        .filter(access_event::Column::PersonId.eq(team.ailsa))
        .all(&test.app.db)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.what).collect()
}

on_both_databases! {
    async fn each_confirmer_raises_to_their_own_rung_and_never_down(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let confirm = async |client: &Client| client.post(&at(&made, "/confirm"), &json!({})).await.expect(200);
        let by_manager = confirm(&team.manager).await;
        assert_eq!(by_manager["assurance"], "manager_confirmed");
        assert_eq!(by_manager["history"][1]["by"], "Morag Testperson");
        assert_eq!(by_manager["history"][1]["organisation"], "Clyde Recovery (synthetic)");
        assert_eq!(confirm(&team.employer).await["assurance"], "employer_verified");
        assert_eq!(confirm(&team.desk).await["assurance"], "provider_issued");
        let last = confirm(&team.manager).await;
        assert_eq!(last["assurance"], "provider_issued");
        assert_eq!(last["history"].as_array().unwrap().len(), 4, "nothing was added");
        let refusal = json!({"reason": "I was not there."});
        team.manager.post(&at(&made, "/reject"), &refusal).await.expect_problem(409, "more_trusted_already");
    }

    async fn nobody_vouches_for_themselves(test: TestApp) {
        let team = Team::new(&test).await;
        for client in [&team.staff, &team.manager, &team.employer, &team.desk] {
            let made = learn::record(client, team.naloxone, "2026-06-01").await;
            client.post(&at(&made, "/confirm"), &json!({})).await.expect_problem(403, "own_completion");
            client.post(&at(&made, "/reject"), &json!({"reason": "x"})).await.expect_problem(403, "own_completion");
        }
        let mine = listed(&team.manager, &team, "").await;
        let others = listed(&team.manager, &team, "?others_only=true").await;
        assert_eq!((mine.len(), others.len()), (2, 1), "Ailsa's; with Morag's own when asked for");
    }

    async fn only_those_with_the_person_in_reach_see_it_and_only_what_a_requirement_needs(test: TestApp) {
        let team = Team::new(&test).await;
        let needed = team.record(team.naloxone, "2026-06-01").await;
        let private = team.record(team.hobby, "2026-06-01").await;
        let elsewhere = build::place(&test).await;
        let hr = build::person(&test, "Hamish").await;
        let other = learn::signed_in(&test, "hamish", Some(hr), Some((Role::Employer, elsewhere.organisation)), None).await;
        for client in [&other, &team.stranger(&test).await] {
            client.get(&at(&needed, "")).await.expect_problem(404, "not_found");
            client.post(&at(&needed, "/confirm"), &json!({})).await.expect_problem(404, "not_found");
            client.post(&at(&needed, "/reject"), &json!({"reason": "x"})).await.expect_problem(404, "not_found");
        }
        for client in [&team.manager, &team.employer] {
            assert_eq!(listed(client, &team, "").await, [needed["id"].as_str().unwrap()]);
            client.get(&at(&needed, "")).await.expect(200);
            client.get(&at(&private, "")).await.expect_problem(404, "not_found");
            client.post(&at(&needed, "/withdraw"), &json!({})).await.expect_problem(404, "not_found");
        }
        let path = format!("/api/organisations/{}/completions", team.place.organisation);
        other.get(&path).await.expect_problem(404, "not_found");
        team.staff.get(&path).await.expect_problem(403, "not_allowed");
        team.desk.get(&at(&private, "")).await.expect(200);
    }

    async fn a_requirement_of_a_role_reaches_only_that_role(test: TestApp) {
        let team = Team::new(&test).await;
        learn::require(&test, Some(team.place.organisation), Some("addictions_nurse"), team.hobby).await;
        let made = team.record(team.hobby, "2026-06-01").await;
        team.employer.get(&at(&made, "")).await.expect_problem(404, "not_found");
        learn::require(&test, None, Some("recovery_worker"), team.hobby).await;
        team.employer.get(&at(&made, "")).await.expect(200);
    }

    async fn what_an_employer_saw_ends_with_the_appointment(test: TestApp) {
        let team = Team::new(&test).await;
        let leaver = build::person(&test, "Lewis").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(leaver, post).until(Some(build::day("2026-06-30"))).save(&test).await;
        let client = learn::signed_in(&test, "lewis", Some(leaver), None, None).await;
        let made = learn::record(&client, team.naloxone, "2026-06-01").await;
        team.employer.get(&at(&made, "")).await.expect(200);
        test.app.clock.advance(TimeDelta::hours(12));
        let employer = test.sign_in("eilidh@example.org").await;
        employer.get(&at(&made, "")).await.expect_problem(404, "not_found");
        let later = test.sign_in("lewis@example.org").await;
        later.get(&at(&made, "")).await.expect(200);
    }

    async fn a_manager_reaches_only_their_own_services(test: TestApp) {
        let team = Team::new(&test).await;
        let far = build::service(team.place.organisation).name("Oban").save(&test).await;
        let person = build::member(&test, far, "Una").await;
        let client = learn::signed_in(&test, "una", Some(person), None, None).await;
        let made = learn::record(&client, team.naloxone, "2026-06-01").await;
        team.manager.get(&at(&made, "")).await.expect_problem(404, "not_found");
        team.employer.get(&at(&made, "")).await.expect(200);
    }

    async fn a_rejection_needs_a_reason_and_keeps_the_record(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let problem = team.manager.post(&at(&made, "/reject"), &json!({"reason": "  "})).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["field"], "reason");
        let reason = "<b>The certificate</b> is for another course.";
        team.manager.post(&at(&made, "/reject"), &json!({"reason": reason})).await.expect(200);
        let seen = team.staff.get(&at(&made, "")).await.expect(200);
        assert_eq!((&seen["state"], &seen["history"][1]["kind"]), (&json!("live"), &json!("rejected")));
        assert_eq!((&seen["history"][1]["reason"], &seen["history"][1]["by"]), (&json!(reason), &json!("Morag Testperson")));
        let problem = team.staff.post("/api/learning/completions", &json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"})).await;
        problem.expect_problem(409, "already_recorded");
        team.record(team.naloxone, "2026-06-02").await;
        assert_eq!(listed(&team.manager, &team, "?state=live&assurance=self_declared").await.len(), 2);
        assert_eq!(listed(&team.manager, &team, "?assurance=manager_confirmed&assurance=employer_verified").await.len(), 0);
    }

    async fn every_look_by_another_is_in_the_persons_ledger(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        team.staff.get(&at(&made, "")).await.expect(200);
        assert!(ledger(&test, &team).await.is_empty(), "one's own looks are one's own business");
        listed(&team.employer, &team, "").await;
        team.manager.get(&at(&made, "")).await.expect(200);
        assert_eq!(ledger(&test, &team).await, ["learning", "learning"]);
    }

    async fn the_list_is_walked_page_by_page_in_a_fixed_number_of_statements(test: TestApp) {
        let team = Team::new(&test).await;
        for day in 1..=5 {
            team.record(team.naloxone, &format!("2026-06-{day:02}")).await;
        }
        let path = format!("/api/organisations/{}/completions?limit=", team.place.organisation);
        let first = team.employer.get(&format!("{path}3")).await.expect(200);
        let next = first["next_cursor"].as_str().unwrap();
        let second = team.employer.get(&format!("{path}3&cursor={next}")).await.expect(200);
        assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (3, 2));
        assert!(second["next_cursor"].is_null());
        let (_, few) = test.statements(team.employer.get(&format!("{path}1"))).await;
        let (_, many) = test.statements(team.employer.get(&format!("{path}5"))).await;
        assert_eq!(few, many);
    }
}
