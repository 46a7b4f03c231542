//! Who has left: the employer keeps what it relied on as it stood on the last day, and nothing
//! that anybody changes afterwards changes that.

use entity::completion;
use entity::value::Assurance::ManagerConfirmed;
use entity::value::{CompletionState, Role};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::skill::{client, completed, team};

on_both_databases! {
    async fn what_was_relied_on_stands_as_it_stood_on_the_last_day(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let stay = build::member(&test, team.place.service, "Stay").await;
        let ann = build::person(&test, "Ann").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(ann, post).until(Some(day("2026-06-20"))).save(&test).await;
        let done = completed(&test, ann, team.naloxone, "2026-05-01", ManagerConfirmed).await;
        assert_eq!(cairn::skill::keep_leavers(&test.app).await.unwrap(), 1);
        assert_eq!(cairn::skill::keep_leavers(&test.app).await.unwrap(), 0, "once");
        let path = team.at(&format!("people/{ann}/left"));
        let copies = team.employer.get(&path).await.expect(200);
        let copy = &copies["items"][0];
        assert_eq!(copy["last_day"], "2026-06-20");
        assert_eq!(copy["statuses"], json!([{
            "requirement_id": rule, "requirement_name": "Naloxone", "status": "met", "since": "2026-05-01",
            "valid_through": "2027-04-30", "title": "Naloxone in an hour", "completed_on": "2026-05-01",
            "assurance": "manager_confirmed",
        }]));
        // she takes it back, the rule is another one, the title too
        let row = completion::ActiveModel { id: Set(done), state: Set(CompletionState::Withdrawn), ..Default::default() };
        row.update(&test.app.db).await.unwrap();
        team.employer.patch(&team.at("").replace(&format!("organisations/{}/", team.place.organisation), &format!("requirements/{rule}")), &json!({"name": "Another"})).await.expect(200);
        assert_eq!(team.employer.get(&path).await.expect(200), copies);
        assert_eq!(team.manager.get(&path).await.expect(200), copies, "who managed her sees it as well");
        // nobody who is here has one, and nobody else sees it
        assert_eq!(team.employer.get(&team.at(&format!("people/{stay}/left"))).await.expect(200)["items"], json!([]));
        let elsewhere = build::organisation().name("Elsewhere (synthetic)".to_owned()).save(&test).await;
        let place = build::Place { organisation: elsewhere, service: build::service(elsewhere).save(&test).await, adp: String::new() };
        let other = client(&test, "other", Some(Role::Employer), &place, None).await;
        other.get(&path).await.expect_problem(404, "not_found");
        other.get(&format!("/api/organisations/{elsewhere}/people/{ann}/left")).await.expect_problem(404, "not_found");
        // back, and gone again on another day: both times are kept
        let again = json!({"post_id": post, "starts_on": "2026-06-25", "ends_on": "2026-06-28", "weekly_minutes": 2160});
        team.employer.post(&team.at(&format!("people/{ann}/appointments")), &again).await.expect(201);
        assert_eq!(cairn::skill::keep_leavers(&test.app).await.unwrap(), 1);
        let copies = team.employer.get(&path).await.expect(200);
        let days: Vec<_> = copies["items"].as_array().unwrap().iter().map(|one| (one["last_day"].clone(), one["statuses"][0]["status"].clone())).collect();
        assert_eq!(days, [(json!("2026-06-28"), json!("overdue")), (json!("2026-06-20"), json!("met"))]);
    }

    async fn who_ends_today_has_not_left_yet(test: TestApp) {
        let team = team(&test).await;
        let ann = build::person(&test, "Ann").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(ann, post).until(Some(test.app.clock.today())).save(&test).await;
        assert_eq!(cairn::skill::keep_leavers(&test.app).await.unwrap(), 0);
        test.app.clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(cairn::skill::keep_leavers(&test.app).await.unwrap(), 1, "of whom nothing was asked, too");
    }
}
