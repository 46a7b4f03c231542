//! Confirming many completions at once: one request, one transaction, an answer for each line.

use chrono::TimeDelta;
use entity::value::Role;
use entity::{completion, completion_event, completion_verdict};
use futures_util::future::join_all;
use poem::http::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::learn::{self, Team};
use crate::support::{Client, build};

fn path(team: &Team) -> String {
    format!("/api/organisations/{}/completions/confirm", team.place.organisation)
}

async fn confirm(client: &Client, team: &Team, made: &[&Value]) -> Value {
    let ids: Vec<_> = made.iter().map(|one| one["id"].clone()).collect();
    client.post(&path(team), &json!({"completion_ids": ids})).await.expect(200)
}

fn outcome(answer: &Value, made: &Value) -> String {
    let line = answer["items"].as_array().unwrap().iter().find(|line| line["completion_id"] == made["id"]);
    line.expect("a line for each")["outcome"].as_str().unwrap().to_owned()
}

async fn days(team: &Team, count: u32) -> Vec<Value> {
    let mut made = Vec::new();
    for day in 1..=count {
        made.push(team.record(team.naloxone, &format!("2026-06-{day:02}")).await);
    }
    made
}

on_both_databases! {
    async fn each_line_says_what_became_of_it(test: TestApp) {
        let team = Team::new(&test).await;
        let made = days(&team, 4).await;
        let [good, withdrawn, decided, before] = made.as_slice() else { panic!("four") };
        team.staff.post(&format!("/api/learning/completions/{}/withdraw", withdrawn["id"].as_str().unwrap()), &json!({})).await.expect(200);
        let reason = json!({"reason": "Another course."});
        team.employer.post(&format!("/api/learning/completions/{}/reject", decided["id"].as_str().unwrap()), &reason).await.expect(200);
        confirm(&team.manager, &team, &[before]).await;
        let hobby = team.record(team.hobby, "2026-06-01").await;
        let own = learn::record(&team.manager, team.naloxone, "2026-06-01").await;
        let stranger = team.stranger(&test).await;
        let strangers = learn::record(&stranger, team.naloxone, "2026-06-01").await;
        let nobody = json!({"id": "0192f0c0-0000-7000-8000-000000000000"});
        let answer = confirm(&team.manager, &team, &[good, withdrawn, decided, before, &hobby, &own, &strangers, &nobody, good]).await;
        assert_eq!((&answer["confirmed"], answer["items"].as_array().unwrap().len()), (&json!(1), 8), "each once");
        for (one, expected) in [
            (good, "confirmed"), (withdrawn, "withdrawn"), (decided, "more_trusted"), (before, "already"), (&hobby, "not_found"),
            (&own, "own"), (&strangers, "not_found"), (&nobody, "not_found"),
        ] {
            assert_eq!(outcome(&answer, one), expected, "{answer}");
        }
        let line = |made: &Value| answer["items"].as_array().unwrap().iter().find(|line| line["completion_id"] == made["id"]).cloned().unwrap();
        assert_eq!((&line(withdrawn)["title"], &line(withdrawn)["person"]), (&json!("Naloxone: carry it, use it"), &json!("Ailsa Testperson")));
        assert!(!line(&strangers).to_string().contains("Naloxone"), "nothing of a stranger is told");
        let seen = team.staff.get(&format!("/api/learning/completions/{}", good["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&seen["assurance"], &seen["history"][1]["by"]), (&json!("manager_confirmed"), &json!("Morag Testperson")));
        let ledger = team.staff.get("/api/me/access").await.expect(200);
        assert!(!ledger["items"].as_array().unwrap().is_empty(), "she can read that it was looked at");
    }

    async fn a_rejection_of_ones_own_ends_and_what_others_trust_more_stays(test: TestApp) {
        let team = Team::new(&test).await;
        let made = days(&team, 2).await;
        let reason = json!({"reason": "Another course."});
        team.manager.post(&format!("/api/learning/completions/{}/reject", made[0]["id"].as_str().unwrap()), &reason).await.expect(200);
        team.desk.post(&format!("/api/learning/completions/{}/confirm", made[1]["id"].as_str().unwrap()), &json!({})).await.expect(200);
        let answer = confirm(&team.manager, &team, &[&made[0], &made[1]]).await;
        assert_eq!((outcome(&answer, &made[0]), outcome(&answer, &made[1])), ("confirmed".to_owned(), "already".to_owned()));
        let seen = team.staff.get(&format!("/api/learning/completions/{}", made[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&seen["assurance"], seen["verdicts"].as_array().unwrap().len()), (&json!("manager_confirmed"), 1));
        let seen = team.staff.get(&format!("/api/learning/completions/{}", made[1]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(seen["assurance"], "provider_issued");
    }

    async fn it_is_bounded_and_takes_as_many_statements_for_many_as_for_two(test: TestApp) {
        let team = Team::new(&test).await;
        let made = days(&team, 20).await;
        let two: Vec<_> = made[..2].iter().collect();
        let rest: Vec<_> = made[2..].iter().collect();
        let (_, few) = test.statements(confirm(&team.employer, &team, &two)).await;
        let (answer, many) = test.statements(confirm(&team.employer, &team, &rest)).await;
        assert_eq!(answer["confirmed"], 18);
        assert!(many <= few, "{many} for eighteen, {few} for two");
        let too_many: Vec<_> = (0..101).map(|n| format!("0192f0c0-0000-7000-8000-000000000{n:03}")).collect();
        team.employer.post(&path(&team), &json!({"completion_ids": too_many})).await.expect_problem(422, "invalid");
        team.employer.post(&path(&team), &json!({"completion_ids": []})).await.expect_problem(422, "invalid");
        let problem = team.employer.post(&path(&team), &json!({"completion_ids": ["x"]})).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["field"], "completion_ids.0");
    }

    async fn only_who_may_confirm_there_and_a_retry_is_once(test: TestApp) {
        let team = Team::new(&test).await;
        let made = days(&team, 3).await;
        let body = json!({"completion_ids": made.iter().map(|one| one["id"].clone()).collect::<Vec<_>>()});
        for client in [&team.staff, &team.desk] {
            client.post(&path(&team), &body).await.expect_problem(403, "not_allowed");
        }
        let place = build::place(&test).await;
        let hamish = build::person(&test, "Hamish").await;
        let other = learn::signed_in(&test, "hamish", Some(hamish), Some((Role::Employer, place.organisation)), None).await;
        other.post(&path(&team), &body).await.expect_problem(404, "not_found");
        let elsewhere = format!("/api/organisations/{}/completions/confirm", place.organisation);
        assert_eq!(other.post(&elsewhere, &body).await.expect(200)["confirmed"], 0, "nobody of theirs");
        let raw = serde_json::to_vec(&body).unwrap();
        let path = path(&team);
        let send = || team.manager.send(Method::POST, &path, &[("idempotency-key", "many")], Some(raw.clone()));
        let first = send().await.expect(200);
        assert_eq!((&first["confirmed"], send().await.expect(200)), (&json!(3), first.clone()));
        assert_eq!(completion_verdict::Entity::find().count(&test.app.db).await.unwrap(), 3);
        test.app.clock.advance(TimeDelta::hours(1));
        let again = team.manager.post(&path, &body).await.expect(200);
        assert_eq!(again["confirmed"], 0, "a new request finds them confirmed");
    }

    async fn many_at_once_over_the_same_lines_leave_each_confirmed_once(test: TestApp) {
        let team = Team::new(&test).await;
        let made = days(&team, 12).await;
        let ids: Vec<_> = made.iter().map(|one| one["id"].clone()).collect();
        let mut turned = ids.clone();
        turned.reverse();
        let (ids, turned) = (json!({"completion_ids": ids}), json!({"completion_ids": turned}));
        let (path, single) = (path(&team), json!({}));
        let singles: Vec<_> = made[..4].iter().map(|one| format!("/api/learning/completions/{}/confirm", one["id"].as_str().unwrap())).collect();
        let many = (0..16).map(|n| team.manager.post(&path, if n % 2 == 0 { &ids } else { &turned }));
        let (many, single) = tokio::join!(join_all(many), join_all(singles.iter().map(|path| team.manager.post(path, &single))));
        for answer in &many {
            assert!(matches!(answer.status.as_u16(), 200 | 503), "{}", answer.status);
        }
        for answer in &single {
            assert!(matches!(answer.status.as_u16(), 200 | 409 | 503), "{}", answer.status);
        }
        let rows = completion::Entity::find().all(&test.app.db).await.unwrap();
        assert!(rows.iter().all(|row| row.version == 2), "a step for each, and no more");
        assert_eq!(completion_verdict::Entity::find().count(&test.app.db).await.unwrap(), 12);
        let steps = completion_event::Entity::find().filter(completion_event::Column::Kind.eq(entity::value::CompletionEventKind::Confirmed));
        assert_eq!(steps.count(&test.app.db).await.unwrap(), 12);
    }
}
