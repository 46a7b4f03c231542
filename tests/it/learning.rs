//! One's own completions: recording, what counts until when, taking back, taking along.

use entity::value::{ItemKind, ItemStatus};
use entity::{completion, item, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::day;
use crate::support::learn::{self, Team};

fn at(id: &Value) -> String {
    format!("/api/learning/completions/{}", id.as_str().expect("an id"))
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|one| one["id"].as_str().unwrap()).collect()
}

on_both_databases! {
    async fn a_completion_says_at_once_what_it_counts_for_and_until_when(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-30", "note": "  At the Govan day.  "});
        let answer = team.staff.post("/api/learning/completions", &body).await;
        let made = answer.expect(201);
        assert_eq!(answer.header("location"), at(&made["id"]));
        assert_eq!((made["valid_through"].as_str(), made["days_left"].as_i64()), (Some("2027-06-29"), Some(364)));
        assert_eq!((&made["assurance"], &made["state"], &made["standing"]), (&json!("self_declared"), &json!("live"), &json!("current")));
        assert_eq!(made["note"], "At the Govan day.");
        assert_eq!(made["explanation"], "Completed on 30 June 2026 and valid for 12 months: the last valid day is 29 June 2027.");
        assert_eq!((&made["history"][0]["kind"], &made["history"][0]["by"]), (&json!("recorded"), &json!("Ailsa Testperson")));
        let again = team.staff.get(&at(&made["id"])).await.expect(200);
        assert_eq!(again, made);
    }

    async fn recording_the_same_twice_points_to_the_first(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let problem = team.staff.post("/api/learning/completions", &body).await.expect_problem(409, "already_recorded");
        assert_eq!(problem["existing"], at(&made["id"]));
        team.record(team.naloxone, "2026-06-02").await;
        team.record(team.hobby, "2026-06-01").await;
    }

    async fn two_identical_posts_at_once_make_one(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let post = || team.staff.post("/api/learning/completions", &body);
        let (a, b, c) = tokio::join!(post(), post(), post());
        let mut statuses = [a, b, c].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409]);
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 1);
    }

    async fn dates_that_cannot_be_are_refused_at_their_field(test: TestApp) {
        let team = Team::new(&test).await;
        let born = person::ActiveModel { id: Set(team.ailsa), date_of_birth: Set(Some(day("2000-05-05"))), ..Default::default() };
        person::Entity::update(born).exec(&test.app.db).await.unwrap();
        for (date, code) in [("2026-07-01", "in_the_future"), ("2014-05-04", "too_young"), ("1949-12-31", "too_early")] {
            let body = json!({"item_id": team.naloxone.0, "completed_on": date});
            let problem = team.staff.post("/api/learning/completions", &body).await.expect_problem(422, "invalid");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("completed_on"), &json!(code)));
        }
        for body in [
            json!({"item_id": team.naloxone.0, "completed_on": "2026-02-31"}),
            json!({"item_id": team.naloxone.0}),
            json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01", "assurance": "provider_issued"}),
        ] {
            team.staff.post("/api/learning/completions", &body).await.expect_problem(422, "invalid");
        }
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 0);
    }

    async fn only_learning_that_is_in_the_catalogue_can_be_completed(test: TestApp) {
        let team = Team::new(&test).await;
        let item = async |kind, status| learn::item_of(&test, team.provider, "Something", kind, status, None).await;
        let refused = [
            (item(ItemKind::Module, ItemStatus::Draft).await.0, "unknown_item"),
            (item(ItemKind::Module, ItemStatus::InReview).await.0, "unknown_item"),
            (item(ItemKind::Resource, ItemStatus::Published).await.0, "not_learning"),
            (team.ailsa.0, "unknown_item"),
        ];
        for (id, code) in refused {
            let body = json!({"item_id": id, "completed_on": "2026-06-01"});
            let problem = team.staff.post("/api/learning/completions", &body).await.expect_problem(422, "invalid");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("item_id"), &json!(code)));
        }
        team.record(item(ItemKind::Pathway, ItemStatus::Published).await, "2026-06-01").await;
        let old = team.record(item(ItemKind::Module, ItemStatus::Retired).await, "2026-06-01").await;
        assert!(old["warnings"][0].as_str().is_some_and(|text| text.contains("retired")));
    }

    async fn withdrawing_frees_the_date_and_keeps_the_history(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let path = format!("{}/withdraw", at(&made["id"]));
        let gone = team.staff.post(&path, &json!({})).await.expect(200);
        assert_eq!((&gone["state"], &gone["may"]), (&json!("withdrawn"), &json!([])));
        let twice = team.staff.post(&path, &json!({})).await.expect(200);
        assert_eq!(twice["history"].as_array().unwrap().len(), 2, "a second press adds nothing");
        let anew = team.record(team.naloxone, "2026-06-01").await;
        assert_ne!(anew["id"], made["id"]);
        let live = team.staff.get("/api/learning/completions?state=live").await.expect(200);
        assert_eq!(ids(&live["items"]), [anew["id"].as_str().unwrap()]);
        let all = team.staff.get("/api/learning/completions").await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
    }

    async fn the_summary_counts_the_best_completion_of_each_item(test: TestApp) {
        let team = Team::new(&test).await;
        let soon = learn::module(&test, team.provider, "Soon over", Some(12)).await;
        let over = learn::module(&test, team.provider, "Over", Some(6)).await;
        team.record(team.naloxone, "2024-06-01").await;
        team.record(team.naloxone, "2026-06-01").await;
        team.record(soon, "2025-07-01").await;
        team.record(over, "2025-12-30").await;
        team.record(team.hobby, "1999-01-01").await;
        let summary = team.staff.get("/api/learning/summary").await.expect(200);
        let told = |part: &str| -> Vec<(String, Option<i64>)> {
            let list = summary[part].as_array().unwrap();
            list.iter().map(|one| (one["item"]["title"].as_str().unwrap().to_owned(), one["days_left"].as_i64())).collect()
        };
        assert_eq!(told("expiring"), [("Soon over".to_owned(), Some(0))], "the last day still counts");
        assert_eq!(told("expired"), [("Over".to_owned(), Some(-1))]);
        assert_eq!(told("held"), [("Naloxone: carry it, use it".to_owned(), Some(335)), ("Watercolours for beginners".to_owned(), None)]);
    }

    async fn a_completion_counts_as_long_as_was_said_on_its_own_day(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-01-15").await;
        assert_eq!(made["valid_through"], "2027-01-14");
        let row = entity::item_terms::ActiveModel {
            id: Set(test.app.clock.id()),
            item_id: Set(team.naloxone),
            from_day: Set(Some(day("2026-06-01"))),
            validity_months: Set(Some(6)),
            level: Set(None),
            themes: Set("[]".to_owned()),
            mat_standards: Set("[]".to_owned()),
            reason: Set(None),
            import_id: Set(None),
            recorded_at: Set(test.app.clock.now()),
            recorded_by: Set(None),
            superseded_at: Set(None),
            superseded_by: Set(None),
        };
        test.put(entity::item_terms::Entity::insert(row)).await;
        let shorter = entity::item::ActiveModel { id: Set(team.naloxone), validity_months: Set(Some(6)), ..Default::default() };
        let tx = cairn::base::db::write(&test.app.db).await.unwrap();
        shorter.update_without_returning(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let seen = team.staff.get(&format!("/api/learning/completions/{}", made["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(seen["valid_through"], "2027-01-14", "{}", seen["explanation"]);
        let later = team.record(team.naloxone, "2026-06-02").await;
        assert_eq!(later["valid_through"], "2026-12-01");
    }

    async fn a_long_record_is_walked_page_by_page_in_a_fixed_number_of_statements(test: TestApp) {
        let team = Team::new(&test).await;
        for day in 1..=7 {
            team.record(team.naloxone, &format!("2026-06-{day:02}")).await;
        }
        team.record(team.hobby, "2026-06-04").await;
        let mut seen = Vec::new();
        let mut path = "/api/learning/completions?limit=3".to_owned();
        loop {
            let page = team.staff.get(&path).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["completed_on"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            path = format!("/api/learning/completions?limit=3&cursor={next}");
        }
        let dates = ["07", "06", "05", "04", "04", "03", "02", "01"].map(|day| format!("2026-06-{day}"));
        assert_eq!(seen, dates);
        let (_, few) = test.statements(team.staff.get("/api/learning/completions?limit=1")).await;
        let (_, many) = test.statements(team.staff.get("/api/learning/completions?limit=8")).await;
        assert_eq!(few, many);
        team.staff.get("/api/learning/completions?cursor=xyz").await.expect_problem(400, "bad_cursor");
    }

    async fn the_record_can_be_taken_along_and_executes_nothing(test: TestApp) {
        let team = Team::new(&test).await;
        let note = "=HYPERLINK(\"http://evil\") <script>alert(1)</script>";
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01", "note": note});
        team.staff.post("/api/learning/completions", &body).await.expect(201);
        let csv = team.staff.get("/api/learning/record.csv").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.header("content-disposition"), "attachment; filename=\"learning-record-2026-06-30.csv\"");
        let text = csv.text();
        assert!(text.contains("person,as_at,reference,"), "{text}");
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with("Ailsa Testperson,2026-06-30,"), "{line}");
        assert!(line.contains("2026-06-01,2027-05-31,self_declared,live,\"'=HYPERLINK("), "{line}");
        let record = team.staff.get("/api/learning/record.json").await.expect(200);
        assert_eq!(record["person"]["name"], "Ailsa Testperson");
        assert_eq!(record["completions"][0]["note"], note, "text stays text");
        assert_eq!(record["completions"][0]["history"][0]["kind"], "recorded");
    }

    async fn the_record_on_paper_says_whose_it_is_whatever_stands_in_it(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        team.manager.post(&format!("{}/confirm", at(&made["id"])), &json!({})).await.expect(200);
        let csv = team.staff.get("/api/learning/record.csv").await.text();
        let line = csv.lines().nth(1).unwrap();
        assert!(line.contains("manager_confirmed") && line.ends_with(",Clyde Recovery (synthetic),,"), "{line}");
        for title in ["Là ionnsachaidh", "\u{202e}esrever", "🦄", &"n".repeat(200), "محمد"] {
            let odd = item::ActiveModel { id: Set(team.naloxone), title: Set(title.to_owned()), ..Default::default() };
            item::Entity::update(odd).exec(&test.app.db).await.unwrap();
            let odd = person::ActiveModel { id: Set(team.ailsa), given_name: Set(title.to_owned()), ..Default::default() };
            person::Entity::update(odd).exec(&test.app.db).await.unwrap();
            let file = team.staff.get("/api/learning/record.pdf").await;
            assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "application/pdf"), "{title}");
            assert_eq!(file.header("content-disposition"), "attachment; filename=\"learning-record-2026-06-30.pdf\"");
            assert!(file.bytes.starts_with(b"%PDF-1.7") && file.bytes.len() > 5_000);
        }
    }

    async fn an_account_without_a_person_has_no_record(test: TestApp) {
        let nobody = learn::signed_in(&test, "office", None, None, None).await;
        for path in ["completions", "summary", "record.csv", "record.json", "record.pdf", "evidence", "rejections"] {
            nobody.get(&format!("/api/learning/{path}")).await.expect_problem(403, "not_allowed");
        }
    }
}
