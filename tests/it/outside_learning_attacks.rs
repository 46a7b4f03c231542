//! Learning outside of the catalogue, attacked: strangers, drafts, rights that have gone, races and
//! what no field should take.

use chrono::TimeDelta;
use entity::value::{ItemKind, ItemStatus, Role};
use entity::{completion, completion_verdict, outside_learning, role_grant};
use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::on_both_databases;
use crate::outside_learning::{day_of, equate, equate_path, note, own};
use crate::support::build;
use crate::support::learn::{self, Team};

on_both_databases! {
    async fn nobody_reaches_anothers(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let stranger = team.stranger(&test).await;
        for client in [&stranger, &team.manager, &team.employer] {
            client.get(&own(&made, "")).await.expect_problem(404, "not_found");
            client.post(&own(&made, "/withdraw"), &json!({})).await.expect_problem(404, "not_found");
            client.post(&own(&made, "/ask"), &json!({"ask_employers": true})).await.expect_problem(404, "not_found");
            let file = client.upload("/api/learning/evidence", &[], ("file", "a.pdf", b"%PDF-1.7\n%%EOF\n")).await.expect(201);
            let body = json!({"evidence_ids": [file["id"]]});
            client.post(&own(&made, "/evidence"), &body).await.expect_problem(404, "not_found");
            team.staff.post(&own(&made, "/evidence"), &body).await.expect_problem(404, "not_found");
        }
        let body = json!({"item_id": team.naloxone.0});
        for client in [&team.staff, &stranger, &team.desk] {
            client.post(&equate_path(&team, &made), &body).await.expect_problem(403, "not_allowed");
        }
        let place = build::place(&test).await;
        let hamish = build::person(&test, "Hamish").await;
        let other = learn::signed_in(&test, "hamish", Some(hamish), Some((Role::Employer, place.organisation)), None).await;
        other.post(&equate_path(&team, &made), &body).await.expect_problem(404, "not_found");
        let theirs = format!("/api/organisations/{}/outside-learning", place.organisation);
        assert_eq!(other.get(&theirs).await.expect(200)["items"], json!([]));
        other.post(&format!("{theirs}/{}/equate", made["id"].as_str().unwrap()), &body).await.expect_problem(404, "not_found");
        let far = build::service(team.place.organisation).name("Oban").save(&test).await;
        let una = build::member(&test, far, "Una").await;
        let client = learn::signed_in(&test, "una", Some(una), None, None).await;
        let made = note(&client, true).await;
        team.manager.post(&equate_path(&team, &made), &body).await.expect_problem(404, "not_found");
        team.employer.post(&equate_path(&team, &made), &body).await.expect(200);
    }

    async fn nobody_equates_their_own_or_with_what_is_not_published(test: TestApp) {
        let team = Team::new(&test).await;
        let own_day = note(&team.manager, true).await;
        team.manager.post(&equate_path(&team, &own_day), &json!({"item_id": team.naloxone.0})).await.expect_problem(403, "own_learning");
        let made = note(&team.staff, true).await;
        for (kind, status) in [
            (ItemKind::Module, ItemStatus::Draft), (ItemKind::Module, ItemStatus::InReview),
            (ItemKind::Module, ItemStatus::Retired), (ItemKind::Resource, ItemStatus::Published),
        ] {
            let item = learn::item_of(&test, team.provider, "Not for this", kind, status, None).await;
            let problem = team.manager.post(&equate_path(&team, &made), &json!({"item_id": item.0})).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["field"], "item_id", "{kind:?} {status:?}");
        }
        let nobody = json!({"item_id": "0192f0c0-0000-7000-8000-000000000000"});
        team.manager.post(&equate_path(&team, &made), &nobody).await.expect_problem(422, "invalid");
        team.manager.post(&equate_path(&team, &made), &json!({})).await.expect_problem(422, "invalid");
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 0);
        team.record(team.naloxone, "2025-09-01").await;
        team.manager.post(&equate_path(&team, &made), &json!({"item_id": team.naloxone.0})).await.expect_problem(409, "already_recorded");
    }

    async fn a_right_that_has_gone_equates_nothing(test: TestApp) {
        let team = Team::new(&test).await;
        let leaver = build::person(&test, "Lewis").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(leaver, post).until(Some(build::day("2026-06-30"))).save(&test).await;
        let client = learn::signed_in(&test, "lewis", Some(leaver), None, None).await;
        let made = note(&client, true).await;
        let word = equate(&team.employer, &team, &made).await["equated"][0].clone();
        let second = client.post("/api/learning/outside", &{ let mut body = day_of(true); body["title"] = json!("Another day"); body }).await.expect(201);
        test.app.clock.advance(TimeDelta::hours(12));
        let employer = test.sign_in("eilidh@example.org").await;
        employer.post(&equate_path(&team, &second), &json!({"item_id": team.naloxone.0})).await.expect_problem(404, "not_found");
        let back = format!("/api/learning/verdicts/{}/take-back", word["verdict_id"].as_str().unwrap());
        employer.post(&back, &json!({})).await.expect_problem(404, "not_found");
        let ailsas = { test.sign_in("ailsa@example.org").await };
        let made = note(&ailsas, true).await;
        let revoked = role_grant::Entity::update_many()
            .col_expr(role_grant::Column::RevokedAt, Expr::value(test.app.clock.now()))
            .filter(role_grant::Column::Role.eq(Role::Employer));
        revoked.exec(&test.app.db).await.unwrap();
        employer.post(&equate_path(&team, &made), &json!({"item_id": team.naloxone.0})).await.expect_problem(403, "not_allowed");
    }

    async fn no_field_takes_what_it_should_not(test: TestApp) {
        let team = Team::new(&test).await;
        let long = "x".repeat(1 << 20);
        for (field, value) in [
            ("title", json!("")), ("title", json!(" \u{200b} ")), ("title", json!("a\0b")), ("title", json!("t".repeat(201))), ("title", json!(7)),
            ("title", json!(long)), ("provider", json!("")), ("provider", json!("a\0b")), ("provider", json!(long)),
            ("note", json!("a\0b")), ("note", json!(long)), ("note", json!("n".repeat(2001))),
            ("minutes", json!(0)), ("minutes", json!(-60)), ("minutes", json!(120_001)), ("minutes", json!(1e300)), ("minutes", json!(1.5)), ("minutes", json!("6")),
            ("completed_on", json!("-5000-03-15")), ("completed_on", json!("+12026-12-31")), ("completed_on", json!("0026-01-01")),
            ("completed_on", json!("2026-07-01")), ("completed_on", json!("1949-12-31")), ("completed_on", json!("31/02/2026")), ("completed_on", json!(20_260_101)),
            ("ask_employers", json!("yes")), ("evidence_ids", json!("all")),
        ] {
            let mut body = day_of(false);
            body[field] = value.clone();
            let answer = team.staff.post("/api/learning/outside", &body).await;
            let shown: String = value.to_string().chars().take(30).collect();
            assert_eq!(answer.status.as_u16(), 422, "{field}: {shown}");
            let problem = answer.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["field"], field, "{shown}");
        }
        for field in ["title", "provider", "completed_on"] {
            let mut body = day_of(false);
            body.as_object_mut().unwrap().remove(field);
            let problem = team.staff.post("/api/learning/outside", &body).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["field"], field);
        }
        let eleven: Vec<_> = (0..11).map(|n| format!("0192f0c0-0000-7000-8000-0000000000{n:02}")).collect();
        let mut body = day_of(false);
        body["evidence_ids"] = json!(eleven);
        team.staff.post("/api/learning/outside", &body).await.expect_problem(422, "invalid");
        body["evidence_ids"] = json!(["0192f0c0-0000-7000-8000-000000000000"]);
        team.staff.post("/api/learning/outside", &body).await.expect_problem(404, "not_found");
        body["unknown"] = json!(1);
        assert!(team.staff.post("/api/learning/outside", &body).await.status.is_client_error());
        assert_eq!(outside_learning::Entity::find().count(&test.app.db).await.unwrap(), 0, "nothing half-written");
        for wrong in ["cursor=zz", "cursor=5b5d", "person=me"] {
            let path = format!("/api/organisations/{}/outside-learning?{wrong}", team.place.organisation);
            let status = team.employer.get(&path).await.status.as_u16();
            assert!(matches!(status, 400 | 422), "{wrong}: {status}");
        }
        let reason = json!({"reason": "a\0b"});
        let made = team.record(team.naloxone, "2026-06-01").await;
        let path = format!("/api/learning/completions/{}/reject", made["id"].as_str().unwrap());
        team.manager.post(&path, &reason).await.expect_problem(422, "invalid");
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-02", "note": long});
        let problem = team.staff.post("/api/learning/completions", &body).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["code"], "too_long");
    }

    async fn twenty_at_once_make_one(test: TestApp) {
        let team = Team::new(&test).await;
        let made = note(&team.staff, true).await;
        let (path, body) = (equate_path(&team, &made), json!({"item_id": team.naloxone.0}));
        let hobby = json!({"item_id": team.hobby.0});
        let tries = (0..20).map(|n| {
            let client = if n % 2 == 0 { &team.manager } else { &team.employer };
            client.post(&path, if n % 5 == 4 { &hobby } else { &body })
        });
        let answers = join_all(tries).await;
        let codes: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert!(codes.iter().all(|code| matches!(code, 200 | 409 | 503)) && codes.contains(&200), "{codes:?}");
        let live = completion::Entity::find().all(&test.app.db).await.unwrap();
        assert_eq!(live.len(), 1, "{codes:?}");
        let said = completion_verdict::Entity::find().count(&test.app.db).await.unwrap();
        assert!((1..=2).contains(&said), "one word of each rung at most: {said}");
        let twice = day_of(true);
        let answers = join_all((0..8).map(|_| team.employer.post("/api/learning/outside", &twice))).await;
        let made = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        assert_eq!(made, 1, "a double click, eight times");
    }
}
