//! Items: who sees what, the life from draft to retired, and two editors at once.

use entity::change;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::on_both_databases;
use crate::support::catalogue::{all, curator, item, path, provider, published};

on_both_databases! {
    async fn an_item_goes_from_draft_to_retired_and_every_step_is_attributed(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let anyone = test.anonymous();
        let mut body = item("Naloxone at the door");
        body.as_object_mut().unwrap().remove("provider");
        let answer = provider.post("/api/catalogue/items", &body).await;
        let made = answer.expect(201);
        assert_eq!((made["status"].as_str(), made["provider"].as_str()), (Some("draft"), Some("Clyde Recovery (synthetic)")));
        let id = made["id"].as_str().unwrap();
        assert_eq!(answer.header("location"), path(id));
        anyone.get(&path(id)).await.expect_problem(404, "not_found");
        curator.get(&path(id)).await.expect(200);

        provider.patch(&path(id), &json!({"status": "published"})).await.expect_problem(403, "not_allowed");
        let submitted = provider.patch(&path(id), &json!({"status": "in_review"})).await.expect(200);
        assert_eq!(submitted["moves"], json!(["draft"]));
        anyone.get(&path(id)).await.expect_problem(404, "not_found");
        curator.patch(&path(id), &json!({"status": "draft", "note": "Say who it is for"})).await.expect(200);
        provider.patch(&path(id), &json!({"status": "in_review", "audience": "volunteers"})).await.expect(200);
        curator.patch(&path(id), &json!({"status": "published"})).await.expect(200);
        let public = anyone.get(&path(id)).await.expect(200);
        assert_eq!((public["audience"].as_str(), public["may_edit"].as_bool()), (Some("volunteers"), Some(false)));
        provider.patch(&path(id), &json!({"status": "retired"})).await.expect_problem(403, "not_allowed");
        curator.patch(&path(id), &json!({"status": "in_review"})).await.expect_problem(422, "invalid");
        curator.patch(&path(id), &json!({"status": "retired"})).await.expect(200);
        anyone.get(&path(id)).await.expect_problem(404, "not_found");

        let history = change::Entity::find()
            .filter(change::Column::SubjectId.eq(uuid::Uuid::parse_str(id).unwrap()))
            .order_by_asc(change::Column::Id)
            .all(&test.app.db).await.unwrap();
        let actions: Vec<_> = history.iter().map(|row| row.action.as_str()).collect();
        assert_eq!(actions, ["created", "moved", "moved", "edited", "moved", "moved", "moved"]);
        assert!(history.iter().all(|row| row.account_id.is_some()));
        assert_eq!(history[2].detail["note"], "Say who it is for");
        assert_ne!(history[0].account_id, history[2].account_id, "each step has its own author");

        let told = provider.get(&format!("{}/changes?limit=5", path(id))).await.expect(200);
        let back = &told["items"][4];
        assert_eq!((back["to"].as_str(), back["note"].as_str(), back["by"].as_str()), (Some("draft"), Some("Say who it is for"), Some("Another editor")));
        assert_eq!(told["items"][3]["fields"][0], json!({"field": "audience", "from": "", "to": "volunteers"}));
        let rest = provider.get(&format!("{}/changes?limit=5&cursor={}", path(id), told["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!(rest["items"].as_array().unwrap().len(), 2);
        anyone.get(&format!("{}/changes", path(id))).await.expect_problem(401, "not_signed_in");
    }

    async fn the_second_of_two_editors_is_told_and_nothing_of_the_first_is_lost(test: TestApp) {
        let curator = curator(&test).await;
        let id = published(&curator, &item("Naloxone")).await;
        let tag = curator.get(&path(&id)).await.header("etag").to_owned();
        let first = curator.patch_if(&path(&id), &tag, &json!({"summary": "By the first"})).await;
        first.expect(200);
        assert_ne!(first.header("etag"), tag);
        curator.patch_if(&path(&id), &tag, &json!({"summary": "By the second"})).await.expect_problem(412, "changed_meanwhile");
        assert_eq!(curator.get(&path(&id)).await.json()["summary"], "By the first");
        let saved = curator.patch_if(&path(&id), first.header("etag"), &json!({"summary": "Both"})).await;
        saved.expect(200);
        let same = curator.patch_if(&path(&id), saved.header("etag"), &json!({"summary": "Both"})).await;
        assert_eq!(same.header("etag"), saved.header("etag"), "an edit that changes nothing is no change");
    }

    async fn what_is_left_out_of_an_edit_stays_and_null_empties(test: TestApp) {
        let curator = curator(&test).await;
        let mut body = item("Naloxone");
        body["url"] = json!("https://example.org/course");
        body["minutes"] = json!(45);
        body["themes"] = json!([{"slug": "harm-reduction", "level": "skilled"}]);
        let id = published(&curator, &body).await;
        let edited = curator.patch(&path(&id), &json!({"minutes": null, "topics": ["Stigma and language"]})).await.expect(200);
        assert_eq!((edited.get("minutes"), edited["url"].as_str()), (None, Some("https://example.org/course")));
        assert_eq!(edited["topics"], json!([{"slug": "stigma-language", "label": "Stigma and language"}]));
        assert_eq!(edited["themes"][0]["level"], "skilled");
        curator.patch(&path(&id), &json!({"title": null})).await.expect_problem(422, "invalid");
    }

    async fn lists_go_page_by_page_and_cost_the_same_however_long(test: TestApp) {
        let curator = curator(&test).await;
        for number in 0..4 {
            published(&curator, &item(&format!("Cùrsa {number}"))).await;
        }
        let list = "/api/catalogue/items?limit=100";
        let (few, before) = test.statements(curator.get(list)).await;
        assert_eq!(few.expect(200)["total"], 4);
        for number in 4..14 {
            published(&curator, &item(&format!("Cùrsa {number}"))).await;
        }
        let (many, after) = test.statements(curator.get(list)).await;
        assert_eq!((many.expect(200)["total"].clone(), before), (json!(14), after));
        for order in ["title", "oldest", "newest"] {
            let walked = all(&curator, &format!("/api/catalogue/items?limit=3&order={order}")).await;
            let mut ids: Vec<_> = walked.iter().map(|row| row["id"].to_string()).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 14, "{order}: each once");
        }
        assert_eq!(all(&curator, "/api/catalogue/items?q=CURSA%203").await.len(), 1, "accents and capitals do not matter");
        assert!(all(&curator, "/api/catalogue/items?q=100%25").await.is_empty(), "no wildcard from outside");
    }

    async fn a_provider_reaches_its_own_items_and_the_published_ones_of_others(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let theirs = published(&curator, &item("Of another")).await;
        let draft = curator.post("/api/catalogue/items", &item("Hidden")).await.expect(201)["id"].as_str().unwrap().to_owned();
        provider.get(&path(&draft)).await.expect_problem(404, "not_found");
        provider.patch(&path(&draft), &json!({"title": "x"})).await.expect_problem(404, "not_found");
        provider.patch(&path(&theirs), &json!({"title": "x"})).await.expect_problem(403, "not_allowed");
        provider.post("/api/catalogue/items", &item("For another")).await.expect_problem(422, "invalid");
        assert_eq!(provider.get("/api/catalogue/items?own=true").await.expect(200)["total"], 0);
        assert_eq!(provider.get("/api/catalogue/items").await.expect(200)["total"], 1);
        let own = provider.get("/api/catalogue/providers").await.expect(200);
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
    }

    async fn bad_input_is_named_field_by_field_and_nothing_is_kept(test: TestApp) {
        let curator = curator(&test).await;
        let mut body = item(" ");
        body["minutes"] = json!(0);
        body["url"] = json!("javascript:alert(1)");
        body["topics"] = json!(["naloxone-overdos"]);
        let problem = curator.post("/api/catalogue/items", &body).await.expect_problem(422, "invalid");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["topics", "title", "url", "minutes"]);
        assert!(problem["fields"][0]["message"].as_str().unwrap().contains("naloxone-overdose"), "did you mean");
        let mut free = item("A");
        (free["cost"], free["cost_pence"]) = (json!("free"), json!(1250));
        let problem = curator.post("/api/catalogue/items", &free).await.expect_problem(422, "invalid");
        assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("cost_pence"), &json!("not_free")));
        let mut unknown = item("A");
        unknown["colour"] = json!("red");
        curator.post("/api/catalogue/items", &unknown).await.expect(422);
        assert_eq!(curator.get("/api/catalogue/items").await.expect(200)["total"], 0);
        let made = curator.post("/api/catalogue/items", &json!({"ref": "a-1", "kind": "module", "title": "A", "provider": "B", "delivery": "video", "cost": "free"})).await.expect(201);
        let twice = curator.post("/api/catalogue/items", &json!({"ref": "a-1", "kind": "module", "title": "A", "provider": "B", "delivery": "video", "cost": "free"})).await;
        let clash = twice.expect_problem(409, "reference_taken");
        assert_eq!(clash["existing"], path(made["id"].as_str().unwrap()));
        curator.get("/api/catalogue/items/a-1").await.expect(200);
        curator.get("/api/catalogue/items/%00").await.expect_problem(404, "not_found");
        curator.get("/api/catalogue/items?cursor=zz").await.expect_problem(400, "bad_cursor");
    }

    async fn any_text_comes_back_as_it_was_and_none_of_it_runs(test: TestApp) {
        let curator = curator(&test).await;
        let title = "'; DROP TABLE item; -- <script>alert(1)</script> 🪨 \u{202e}עברית e\u{301} =HYPERLINK(\"x\")";
        let mut body = item(title);
        body["description"] = json!("<img src=x onerror=alert(1)> **bold** [x](javascript:alert(1))\n\n| a | b |\n|---|---|\n| 1 | 2 |");
        let id = published(&curator, &body).await;
        let read = test.anonymous().get(&path(&id)).await.expect(200);
        // but for a sign that turns the line around, and in the one way in which a letter is written
        let kept = "'; DROP TABLE item; -- <script>alert(1)</script> 🪨 עברית \u{e9} =HYPERLINK(\"x\")";
        assert_eq!(read["title"], kept);
        let html = read["description_html"].as_str().unwrap();
        assert!(html.contains("<strong>bold</strong>") && html.contains("<table>"), "{html}");
        assert!(!html.contains("<img") && !html.contains("javascript:"), "{html}");
        assert_eq!(curator.get("/api/catalogue/items").await.expect(200)["total"], 1);
    }

    async fn similar_items_share_topics_and_are_published(test: TestApp) {
        let curator = curator(&test).await;
        let mut body = item("One");
        body["topics"] = json!(["naloxone-overdose", "stigma-language"]);
        let one = published(&curator, &body).await;
        body["title"] = json!("Both topics");
        published(&curator, &body).await;
        published(&curator, &item("One topic")).await;
        curator.post("/api/catalogue/items", &item("A draft")).await.expect(201);
        let read = test.anonymous().get(&path(&one)).await.expect(200);
        let titles: Vec<_> = read["similar"].as_array().unwrap().iter().map(|row| row["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Both topics", "One topic"]);
        assert_eq!(read["similar"][0]["provider"], "Scottish Drugs Forum");
    }
}
