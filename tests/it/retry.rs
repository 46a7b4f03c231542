//! The double click and the lost connection: a write with an `Idempotency-Key` is carried out
//! once, however often it arrives.

use chrono::TimeDelta;
use entity::{completion, idempotency};
use poem::http::Method;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::client::Answer;
use crate::support::learn::Team;
use crate::support::{Client, TestApp};

const PATH: &str = "/api/learning/completions";

async fn send(client: &Client, key: &str, body: &Value) -> Answer {
    client.send(Method::POST, PATH, &[("idempotency-key", key)], Some(body.to_string().into_bytes())).await
}

async fn recorded(test: &TestApp) -> u64 {
    completion::Entity::find().count(&test.app.db).await.unwrap()
}

on_both_databases! {
    async fn sent_again_it_is_answered_as_before_and_not_done_twice(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let first = send(&team.staff, "k1", &body).await;
        let again = send(&team.staff, "k1", &body).await;
        assert_eq!((first.expect(201), first.header("idempotency-replayed")), (again.expect(201), ""));
        assert_eq!((again.header("idempotency-replayed"), again.header("content-type")), ("true", "application/json; charset=utf-8"));
        assert_eq!((again.header("etag"), again.header("cache-control")), (first.header("etag"), "no-store"));
        assert_eq!(recorded(&test).await, 1);
        // without the key the same would be a second attempt
        team.staff.post(PATH, &body).await.expect_problem(409, "already_recorded");
    }

    async fn a_double_click_is_one_write(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let clicks = (0..4).map(|_| send(&team.staff, "click", &body));
        let answers = futures_util::future::join_all(clicks).await;
        let first = answers[0].expect(201);
        assert!(answers.iter().all(|answer| answer.expect(201) == first));
        assert_eq!(recorded(&test).await, 1);
    }

    async fn a_refusal_is_not_kept_and_a_key_serves_one_request_of_one_account(test: TestApp) {
        let team = Team::new(&test).await;
        let late = json!({"item_id": team.naloxone.0, "completed_on": "2027-01-01"});
        let right = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        send(&team.staff, "k", &late).await.expect_problem(422, "invalid");
        send(&team.staff, "k", &right).await.expect(201);
        send(&team.staff, "k", &late).await.expect_problem(422, "idempotency_key_reused");
        send(&team.stranger(&test).await, "k", &right).await.expect(201);
        send(&team.staff, "", &right).await.expect_problem(400, "bad_request");
        send(&team.staff, &"k".repeat(201), &right).await.expect_problem(400, "bad_request");
        send(&test.anonymous(), "k", &right).await.expect_problem(401, "not_signed_in");
        assert_eq!(recorded(&test).await, 2);
    }

    async fn the_key_of_a_process_that_died_is_free_again_and_old_answers_are_forgotten(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        send(&team.staff, "k", &body).await.expect(201);
        let row = idempotency::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        let begun = idempotency::ActiveModel { key: Set(row.key), status: Set(None), ..Default::default() };
        idempotency::Entity::update(begun).exec(&test.app.db).await.unwrap();
        test.app.clock.advance(TimeDelta::minutes(3));
        send(&team.staff, "k", &body).await.expect_problem(409, "already_recorded");
        assert_eq!(recorded(&test).await, 1);
        send(&team.staff, "other", &json!({"item_id": team.hobby.0, "completed_on": "2026-06-01"})).await.expect(201);
        test.app.clock.advance(TimeDelta::hours(23));
        assert_eq!(cairn::access::once::sweep(&test.app).await.unwrap(), 0);
        test.app.clock.advance(TimeDelta::hours(2));
        assert_eq!(cairn::access::once::sweep(&test.app).await.unwrap(), 1);
    }
}
