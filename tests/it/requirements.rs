//! Keeping requirements and exemptions: versions, clashes, refusals, who may.

use entity::change;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::skill::{SURE, id, team, worker};

fn fields(problem: &Value) -> Vec<&str> {
    problem["fields"].as_array().expect("fields").iter().map(|one| one["field"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_change_is_the_next_version_and_a_stale_one_is_refused(test: TestApp) {
        let team = team(&test).await;
        let made = team.employer.post(&team.at("requirements"), &team.naloxone_rule()).await;
        let rule = made.expect(201);
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(rule["items"][0]["title"], "Naloxone in an hour");
        let path = format!("/api/requirements/{}", rule["id"].as_str().unwrap());
        let body = json!({"grace_days": 30, "roles": ["addictions_nurse"], "item_ids": [team.overdose]});
        let changed = team.employer.patch_if(&path, "\"1\"", &body).await.expect(200);
        assert_eq!((&changed["version"], &changed["grace_days"]), (&json!(2), &json!(30)));
        assert_eq!(changed["whom"], "Addictions nurses");
        assert_eq!(changed["items"].as_array().unwrap().len(), 1);
        team.employer.patch_if(&path, "\"1\"", &body).await.expect_problem(412, "changed_meanwhile");
        let everybody = team.employer.patch(&path, &json!({"roles": [], "ends_on": "2026-06-30", "confirmed": SURE})).await.expect(200);
        assert_eq!((&everybody["whom"], &everybody["roles"]), (&json!("Everybody"), &json!([])));
        let read = team.manager.get(&path).await;
        assert_eq!((read.expect(200), read.header("etag")), (everybody, "\"3\""));
        let history = change::Entity::find().filter(change::Column::SubjectId.eq(id(&rule["id"])));
        let actions: Vec<_> = history.all(&test.app.db).await.unwrap().into_iter().map(|row| row.action).collect();
        assert_eq!(actions, ["created", "changed", "changed"]);
    }

    async fn what_makes_no_sense_is_refused_at_its_field_and_nothing_is_written(test: TestApp) {
        let team = team(&test).await;
        let path = team.at("requirements");
        let post = async |change: Value| {
            let mut body = team.naloxone_rule();
            for (key, value) in change.as_object().unwrap() {
                body[key] = value.clone();
            }
            team.employer.post(&path, &body).await.expect_problem(422, "invalid")
        };
        assert_eq!(fields(&post(json!({"name": " "})).await), ["name"]);
        assert_eq!(fields(&post(json!({"roles": ["wizard"]})).await), ["roles"]);
        assert_eq!(fields(&post(json!({"item_ids": []})).await), ["item_ids"]);
        assert_eq!(fields(&post(json!({"item_ids": [uuid::Uuid::nil()]})).await), ["item_ids"]);
        assert_eq!(fields(&post(json!({"theme": "harm-reduction"})).await), ["level", "item_ids"]);
        assert_eq!(fields(&post(json!({"grace_days": -1, "window_days": 99999})).await), ["grace_days", "window_days"]);
        assert_eq!(fields(&post(json!({"ends_on": "2024-12-31"})).await), ["ends_on"]);
        team.employer.post(&path, &json!({"name": "x", "surprise": 1})).await.expect(422);
        assert_eq!(team.employer.get(&path).await.expect(200)["items"], json!([]));
    }

    async fn managers_read_and_only_the_employer_writes(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let person = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let path = format!("/api/requirements/{rule}");
        team.manager.post(&team.at("requirements"), &team.naloxone_rule()).await.expect_problem(403, "not_allowed");
        team.manager.patch(&path, &json!({"name": "Mine"})).await.expect_problem(403, "not_allowed");
        let body = json!({"person_id": person, "reason": "Office work only."});
        team.manager.post(&format!("{path}/exemptions"), &body).await.expect_problem(403, "not_allowed");
        let granted = team.employer.post(&format!("{path}/exemptions"), &body).await.expect(201);
        assert_eq!((&granted["given_name"], &granted["starts_on"]), (&json!("Ann"), &json!("2026-06-30")));
        assert_eq!((&granted["granted_by"], &granted["granted_at"]), (&json!("lead@example.org"), &json!("2026-06-30T12:00:00+00:00")));
        assert_eq!(team.manager.get(&format!("{path}/exemptions?person={person}")).await.expect(200)["items"], json!([granted]));
        let nobody = team.manager.get(&format!("{path}/exemptions?person={}", uuid::Uuid::nil())).await.expect(200);
        assert_eq!(nobody["items"], json!([]));
        team.employer.post(&format!("{path}/exemptions"), &body).await.expect_problem(409, "already_exempt");
        let one = format!("/api/exemptions/{}", granted["id"].as_str().unwrap());
        team.manager.delete(&one).await.expect_problem(403, "not_allowed");
        let before = team.employer.get(&team.at("status")).await.expect(200);
        assert_eq!(before["summary"]["exempt"], 1);
        team.employer.delete(&one).await.expect(204);
        // ended on the day on which it began, it never was
        team.employer.delete(&one).await.expect_problem(404, "not_found");
        let after = team.employer.get(&team.at("status")).await.expect(200);
        assert_eq!((&after["summary"]["exempt"], &after["summary"]["missing"]), (&json!(0), &json!(1)));
    }

    async fn exemptions_need_a_reason_and_somebody_of_the_organisation(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let path = format!("/api/requirements/{rule}/exemptions");
        let outsider = crate::support::build::person(&test, "Zoe").await;
        let problem = team.employer.post(&path, &json!({"person_id": outsider, "reason": "Why not."})).await;
        assert_eq!(fields(&problem.expect_problem(422, "invalid")), ["person_id"]);
        let problem = team.employer.post(&path, &json!({"person_id": outsider, "reason": "", "ends_on": "2026-01-01"})).await;
        assert_eq!(fields(&problem.expect_problem(422, "invalid")), ["reason", "ends_on"]);
        let slip = json!({"person_id": outsider, "reason": "x", "starts_on": "0001-01-01", "ends_on": "2026-01-01"});
        assert_eq!(fields(&team.employer.post(&path, &slip).await.expect_problem(422, "invalid")), ["starts_on"]);
    }
}
