//! The catalogue under pressure: long words, many slips, and several editors at the same moment.

use std::time::{Duration, Instant};

use entity::organisation;
use entity::value::Role;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::on_both_databases;
use crate::support::build;
use crate::support::catalogue::{curator, import, item, path, provider};
use crate::support::skill::client;

/// Far more than the work needs and far less than comparing such a word with every name.
const AT_ONCE: Duration = Duration::from_secs(10);

on_both_databases! {
    async fn words_of_any_length_and_number_are_refused_at_once_and_hold_nobody_up(test: TestApp) {
        let curator = curator(&test).await;
        let begun = Instant::now();
        let mut long = item("Long word");
        long["topics"] = json!(["x".repeat(1_900_000)]);
        let mut many = item("Many words");
        many["topics"] = json!((0..60_000).map(|number| format!("no such topic {number}")).collect::<Vec<_>>());
        let id = curator.post("/api/catalogue/items", &item("Short")).await.expect(201)["id"].as_str().expect("an id").to_owned();
        let edit = json!({"topics": ["y".repeat(1_900_000)], "area": "z".repeat(10_000)});
        let row = format!("a-1,Title,SDF,elearning,free,{},{}\n", "x".repeat(95_000), "y".repeat(95_000));
        let file = format!("ref,title,provider,delivery,cost,area,topics\n{row}").into_bytes();
        let anyone = test.anonymous();
        let edited = path(&id);
        let ((), (), (), (), ()) = tokio::join!(
            async { curator.post("/api/catalogue/items", &long).await.expect_problem(422, "invalid"); },
            async { curator.post("/api/catalogue/items", &many).await.expect_problem(422, "invalid"); },
            async { curator.patch(&edited, &edit).await.expect_problem(422, "invalid"); },
            async { import(&curator, "preview", "all", &file).await.expect(200); },
            async {
                let asked = Instant::now();
                anyone.get("/healthz").await;
                anyone.get("/api/catalogue/items").await.expect(200);
                assert!(asked.elapsed() < AT_ONCE, "{:?}", asked.elapsed());
            },
        );
        assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    }

    async fn two_who_name_one_new_provider_get_one_and_two_who_take_one_reference_are_told_apart(test: TestApp) {
        let curator = curator(&test).await;
        let body = |number: usize| {
            let mut body = item(&format!("By number {number}"));
            body["provider"] = json!("Brand new provider");
            body["ref"] = json!("same-ref");
            body
        };
        let bodies: Vec<_> = (0..8).map(body).collect();
        let answers = futures_util::future::join_all(bodies.iter().map(|body| curator.post("/api/catalogue/items", body))).await;
        let made = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        assert_eq!(made, 1);
        for refused in answers.iter().filter(|answer| answer.status.as_u16() != 201) {
            let problem = refused.expect_problem(409, "reference_taken");
            assert!(problem["existing"].is_string(), "{problem}");
        }
        let bodies: Vec<_> = (0..8).map(|number| { let mut body = body(number); body["ref"] = json!(format!("own-{number}")); body["provider"] = json!("Another new one"); body }).collect();
        for answer in futures_util::future::join_all(bodies.iter().map(|body| curator.post("/api/catalogue/items", body))).await {
            answer.expect(201);
        }
        for name in ["brand new provider", "another new one"] {
            let query = organisation::Entity::find().filter(organisation::Column::NameFolded.eq(name));
            assert_eq!(query.count(&test.app.db).await.expect("a count"), 1, "{name}");
        }
    }

    async fn an_import_is_undone_or_its_items_are_recorded_and_never_half_of_it(test: TestApp) {
        let curator = curator(&test).await;
        let place = build::place(&test).await;
        let person = build::person(&test, "Ann").await;
        let ann = client(&test, "ann", None, &place, Some(person)).await;
        let employer = client(&test, "employer", Some(Role::Employer), &place, None).await;
        for round in 0..6 {
            let file = format!("ref,title,provider,delivery,cost,url\nr-{round},Round {round},SDF,elearning,free,https://example.org/\n");
            let applied = import(&curator, "apply", "all", file.as_bytes()).await.expect(200);
            let undo = format!("/api/catalogue/imports/{}/undo", applied["import_id"].as_str().expect("an id"));
            let id = curator.get(&path(&format!("r-{round}"))).await.expect(200)["id"].as_str().expect("an id").to_owned();
            let record = json!({"item_id": id, "completed_on": "2026-06-01"});
            let require = json!({"name": format!("Round {round}"), "item_ids": [id]});
            let requirements = format!("/api/organisations/{}/requirements", place.organisation);
            let nothing = json!({});
            let (undone, recorded, required) = tokio::join!(
                curator.post(&undo, &nothing),
                ann.post("/api/learning/completions", &record),
                employer.post(&requirements, &require),
            );
            for answer in [&undone, &recorded, &required] {
                assert!(answer.status.as_u16() < 500, "round {round}: {}", answer.text());
            }
            let stands = curator.get(&path(&id)).await.status.as_u16() == 200;
            assert_eq!(stands, undone.status.as_u16() != 200, "round {round}");
            if !stands {
                assert!(recorded.status.as_u16() >= 400 && required.status.as_u16() >= 400, "round {round}");
            }
        }
    }

    async fn imports_are_undone_one_after_the_other_the_newest_first(test: TestApp) {
        let curator = curator(&test).await;
        let mut undo = Vec::new();
        for title in ["First", "Second", "Third"] {
            let file = format!("ref,title,provider,delivery,cost\nu-1,{title},SDF,elearning,free\n");
            let applied = import(&curator, "apply", "all", file.as_bytes()).await.expect(200);
            undo.push(format!("/api/catalogue/imports/{}/undo", applied["import_id"].as_str().expect("an id")));
        }
        curator.post(&undo[0], &json!({})).await.expect_problem(409, "built_upon");
        for (title, undo) in [("Second", &undo[2]), ("First", &undo[1])] {
            curator.post(undo, &json!({})).await.expect(200);
            assert_eq!(curator.get(&path("u-1")).await.expect(200)["title"], title);
        }
        curator.post(&undo[0], &json!({})).await.expect(200);
        curator.get(&path("u-1")).await.expect_problem(404, "not_found");
    }

    async fn what_another_provider_is_writing_is_nobodys_business(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, place) = provider(&test).await;
        let mut draft = item("Not yet public");
        draft["ref"] = json!("secret-1");
        let id = curator.post("/api/catalogue/items", &draft).await.expect(201)["id"].as_str().expect("an id").to_owned();
        let employer = client(&test, "employer", Some(Role::Employer), &place, None).await;
        let requirements = format!("/api/organisations/{}/requirements", place.organisation);
        let asked = json!({"name": "Harvest", "item_ids": [id]});
        let refused = employer.post(&requirements, &asked).await.expect_problem(422, "invalid");
        assert!(!refused.to_string().contains("secret-1") && !refused.to_string().contains("Not yet public"), "{refused}");
        let mut own = item("Ours");
        own.as_object_mut().expect("an object").remove("provider");
        own["ref"] = json!("secret-1");
        let taken = provider.post("/api/catalogue/items", &own).await.expect_problem(409, "reference_taken");
        assert!(taken["existing"].is_null(), "{taken}");
        let file = b"ref,title,provider,delivery,cost\nsecret-1,Ours,Clyde Recovery (synthetic),elearning,free\n";
        let preview = import(&provider, "preview", "all", file).await.expect(200);
        assert!(!preview.to_string().contains("Scottish Drugs Forum"), "{preview}");
        curator.patch(&path(&id), &json!({"status": "published"})).await.expect(200);
        employer.post(&requirements, &asked).await.expect(201);
    }

    async fn what_is_public_says_how_to_take_part(test: TestApp) {
        let curator = curator(&test).await;
        let mut body = item("A dead end");
        body.as_object_mut().expect("an object").remove("taking_part");
        let id = curator.post("/api/catalogue/items", &body).await.expect(201)["id"].as_str().expect("an id").to_owned();
        for status in ["in_review", "published"] {
            let refused = curator.patch(&path(&id), &json!({"status": status})).await.expect_problem(422, "invalid");
            assert_eq!(refused["fields"][0]["field"], "taking_part");
        }
        curator.patch(&path(&id), &json!({"status": "published", "taking_part": "  Write to training@example.org "})).await.expect(200);
        assert_eq!(test.anonymous().get(&path(&id)).await.expect(200)["taking_part"], "Write to training@example.org");
    }
}
