//! A public item changes when a curator has looked, whoever wrote it and however the change came.

use cairn::catalogue::terms;
use entity::id::ItemId;
use entity::value::Assurance;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::Client;
use crate::support::build::{self, day};
use crate::support::catalogue::{curator, import, item, path, provider};
use crate::support::skill::completed;

/// A module of the provider's that a curator published; held for 36 months.
async fn public(provider: &Client, curator: &Client, reference: &str) -> String {
    let mut body = item("Child protection: awareness");
    body.as_object_mut().expect("an object").remove("provider");
    body["ref"] = json!(reference);
    body["validity_months"] = json!(36);
    let made = provider.post("/api/catalogue/items", &body).await.expect(201);
    let id = made["id"].as_str().expect("an id").to_owned();
    provider.patch(&path(&id), &json!({"status": "in_review"})).await.expect(200);
    decide(curator, &json!({"decision": "publish", "items": [{"item_id": id}]})).await;
    id
}

async fn decide(curator: &Client, body: &Value) -> Value {
    curator.post("/api/catalogue/queue/decisions", body).await.expect(200)
}

async fn review(client: &Client, id: &str) -> Value {
    client.get(&format!("{}/review", path(id))).await.expect(200)
}

async fn queue(client: &Client) -> Vec<Value> {
    client.get("/api/catalogue/queue").await.expect(200)["items"].as_array().expect("items").clone()
}

fn fields(of: &Value) -> Vec<&str> {
    of.as_array().expect("fields").iter().map(|one| one["field"].as_str().expect("a field")).collect()
}

on_both_databases! {
    async fn what_a_provider_changes_of_a_public_item_waits_for_a_curator(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let anyone = test.anonymous();
        let id = public(&provider, &curator, "cp-1").await;
        let before = anyone.get(&path(&id)).await.expect(200);
        let mine = provider.get(&path(&id)).await;
        assert_eq!(mine.expect(200)["held_back"], true);

        let change = json!({"validity_months": 1, "url": "https://example.org/new", "themes": [{"slug": "trauma-informed", "level": "specialist"}], "mat_standards": [10], "scqf_level": 8});
        let answer = provider.patch_if(&path(&id), mine.header("etag"), &change).await;
        let answer = answer.expect(200);
        assert_eq!((&answer["validity_months"], &answer["proposal"]["state"]), (&json!(36), &json!("waiting")));
        assert_eq!(anyone.get(&path(&id)).await.expect(200), before, "everybody sees what stood");
        // a second edit goes on from the first; one who has not seen it is told
        provider.patch_if(&path(&id), mine.header("etag"), &json!({"title": "Too late"})).await.expect_problem(412, "changed_meanwhile");
        provider.patch(&path(&id), &json!({"title": "Child protection"})).await.expect(200);

        let waiting = queue(&curator).await;
        assert_eq!((waiting.len(), &waiting[0]["kind"]), (1, &json!("change")));
        let seen = review(&curator, &id).await;
        assert_eq!(fields(&seen["differences"]), ["title", "url", "themes", "mat_standards", "scqf_level", "validity_months"]);
        assert_eq!((&seen["item"]["validity_months"], &seen["item"]["title"]), (&json!(1), &json!("Child protection")));
        assert_eq!((&seen["may_decide"], &seen["may_withdraw"]), (&json!(true), &json!(true)));
        assert_eq!(review(&provider, &id).await["may_decide"], false);

        // sent back: the provider sees why; the item stands
        let note = "Why one month?";
        let refused = curator.post("/api/catalogue/queue/decisions", &json!({"decision": "send_back", "items": [{"item_id": id}]})).await;
        refused.expect_problem(422, "invalid");
        decide(&curator, &json!({"decision": "send_back", "note": note, "items": [{"item_id": id, "tag": seen["tag"]}]})).await;
        let told = provider.get(&path(&id)).await.expect(200);
        assert_eq!((&told["proposal"]["state"], &told["proposal"]["reason"]), (&json!("sent_back"), &json!(note)));
        assert!(queue(&curator).await.is_empty());

        // once more, and published
        provider.patch(&path(&id), &json!({"validity_months": 24})).await.expect(200);
        let stale = decide(&curator, &json!({"decision": "publish", "items": [{"item_id": id, "tag": seen["tag"]}]})).await;
        assert_eq!((&stale["decided"], &stale["not_decided"][0]["code"]), (&json!(0), &json!("changed_meanwhile")));
        let done = decide(&curator, &json!({"decision": "publish", "items": [{"item_id": id}]})).await;
        assert_eq!((&done["decided"], done["not_decided"].as_array().map(Vec::len)), (&json!(1), Some(0)));
        let now = anyone.get(&path(&id)).await.expect(200);
        assert_eq!((&now["validity_months"], &now["title"]), (&json!(24), &before["title"]));
        assert!(provider.get(&path(&id)).await.expect(200)["proposal"].is_null());
    }

    async fn a_provider_takes_its_change_back_and_a_curators_edit_stays_under_an_accepted_one(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let id = public(&provider, &curator, "cp-1").await;
        provider.patch(&path(&id), &json!({"title": "Another title"})).await.expect(200);
        let back = provider.delete(&format!("{}/proposal", path(&id))).await.expect(200);
        assert!(back["proposal"].is_null());
        assert!(queue(&curator).await.is_empty());
        provider.delete(&format!("{}/proposal", path(&id))).await.expect_problem(409, "nothing_waits");

        provider.patch(&path(&id), &json!({"minutes": 90})).await.expect(200);
        curator.patch(&path(&id), &json!({"summary": "By the curator"})).await.expect(200);
        decide(&curator, &json!({"decision": "publish", "items": [{"item_id": id}]})).await;
        let now = test.anonymous().get(&path(&id)).await.expect(200);
        assert_eq!((&now["minutes"], &now["summary"]), (&json!(90), &json!("By the curator")));
        // setting it back to what stands leaves nothing to decide
        provider.patch(&path(&id), &json!({"minutes": 91})).await.expect(200);
        provider.patch(&path(&id), &json!({"minutes": 90})).await.expect(200);
        assert!(queue(&curator).await.is_empty());
    }

    async fn a_file_of_a_provider_says_where_its_items_go_and_is_decided_as_one(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let anyone = test.anonymous();
        let old = public(&provider, &curator, "cp-1").await;
        let mut rows = String::from("ref,title,provider,delivery,cost,taking_part,validity_months\ncp-1,From the file,Clyde Recovery (synthetic),elearning,free,Ask us,12\n");
        for number in 0..40 {
            rows.push_str(&format!("new-{number},New {number},Clyde Recovery (synthetic),elearning,free,Ask us,\n"));
        }
        let preview = import(&provider, "preview", "all", rows.as_bytes()).await.expect(200);
        assert_eq!((&preview["goes_live"], &preview["goes_to_review"], &preview["proposed"]), (&json!(0), &json!(40), &json!(1)));
        let applied = import(&provider, "apply", "all", rows.as_bytes()).await.expect(200);
        let import_id = applied["import_id"].as_str().expect("an id");
        assert_eq!(anyone.get(&path(&old)).await.expect(200)["title"], "Child protection: awareness");
        let again = import(&provider, "preview", "all", rows.as_bytes()).await.expect(200);
        assert_eq!((&again["created"], &again["changed"], &again["unchanged"]), (&json!(0), &json!(0), &json!(41)));

        let filters = curator.get("/api/catalogue/queue/filters").await.expect(200);
        assert_eq!((&filters["imports"][0]["id"], &filters["imports"][0]["count"]), (&json!(import_id), &json!(41)));
        assert_eq!(filters["imports"][0]["file_name"], "items.csv");
        let of_import = curator.get(&format!("/api/catalogue/queue?import={import_id}&limit=100")).await.expect(200);
        assert_eq!((of_import["total"].as_u64(), of_import["items"].as_array().map(Vec::len)), (Some(41), Some(41)));
        let some = crate::support::catalogue::all(&curator, &format!("/api/catalogue/queue?import={import_id}&limit=7")).await;
        assert_eq!(some.len(), 41, "page by page, each once");

        // one of them cannot be published any more as it was seen; the others are
        let one = of_import["items"][3]["item_id"].as_str().expect("an id");
        curator.patch(&path(one), &json!({"url": null, "taking_part": null})).await.expect(200);
        let done = decide(&curator, &json!({"decision": "publish", "all_of": {"import_id": import_id}})).await;
        assert_eq!((&done["decided"], &done["not_decided"][0]["code"]), (&json!(40), &json!("missing")));
        assert_eq!(anyone.get(&path(&old)).await.expect(200)["title"], "From the file");
        assert_eq!(queue(&curator).await.len(), 1);
        provider.post("/api/catalogue/queue/decisions", &json!({"decision": "publish", "all_of": {"import_id": import_id}})).await.expect_problem(403, "not_allowed");
    }

    async fn undoing_a_providers_file_takes_back_what_waits_and_never_changes_what_is_public(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let id = public(&provider, &curator, "cp-1").await;
        let file = b"ref,title,provider\ncp-1,From the file,Clyde Recovery (synthetic)\n";
        let applied = import(&provider, "apply", "all", file).await.expect(200);
        let undo = format!("/api/catalogue/imports/{}/undo", applied["import_id"].as_str().expect("an id"));
        let undone = provider.post(&undo, &json!({})).await.expect(200);
        assert_eq!(undone, json!({"restored": 0, "removed": 0, "withdrawn": 1, "proposed": 0}));
        assert!(queue(&curator).await.is_empty());
        let applied = import(&provider, "apply", "all", file).await.expect(200);
        decide(&curator, &json!({"decision": "publish", "items": [{"item_id": id}]})).await;
        let undo = format!("/api/catalogue/imports/{}/undo", applied["import_id"].as_str().expect("an id"));
        provider.post(&undo, &json!({})).await.expect_problem(409, "built_upon");
    }

    async fn an_item_that_comes_again_shows_what_is_different_from_last_time(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let mut body = item("Alcohol brief interventions");
        body.as_object_mut().expect("an object").remove("provider");
        let id = provider.post("/api/catalogue/items", &body).await.expect(201)["id"].as_str().expect("an id").to_owned();
        provider.patch(&path(&id), &json!({"status": "in_review"})).await.expect(200);
        assert_eq!(review(&curator, &id).await["differences"], json!([]));
        decide(&curator, &json!({"decision": "send_back", "note": "How long?", "items": [{"item_id": id}]})).await;
        provider.patch(&path(&id), &json!({"minutes": 60, "status": "in_review"})).await.expect(200);
        let again = review(&curator, &id).await;
        assert_eq!((fields(&again["differences"]), &again["sent_back"]["reason"]), (vec!["minutes"], &json!("How long?")));
    }

    async fn a_curator_sees_whom_a_change_touches_and_decides_from_when(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        let id = public(&provider, &curator, "cp-1").await;
        let typed = ItemId(id.parse().expect("an id"));
        for name in ["Ann", "Ben"] {
            let person = build::person(&test, name).await;
            completed(&test, person, typed, "2026-01-10", Assurance::SelfDeclared).await;
        }
        let effects = curator.post(&format!("{}/effects", path(&id)), &json!({"validity_months": 12})).await.expect(200);
        assert_eq!((&effects["changes_terms"], &effects["people"], &effects["completions"]), (&json!(true), &json!(2), &json!(2)));
        provider.post(&format!("{}/effects", path(&id)), &json!({"validity_months": 12})).await.expect_problem(403, "not_allowed");
        let past = async || {
            let found = terms::of(&test.app.db, &[typed]).await.expect("terms").remove(&typed).expect("its terms");
            (found.on(day("2026-01-10")).validity_months, found.on(day("2026-07-15")).validity_months)
        };
        let for_all = |reason: Value| json!({"validity_months": 12, "terms": {"for_all": true, "reason": reason}});
        curator.patch(&path(&id), &for_all(Value::Null)).await.expect_problem(422, "invalid");
        curator.patch(&path(&id), &json!({"validity_months": 24, "terms": {"from": "2026-07-10"}})).await.expect(200);
        assert_eq!(past().await, (Some(36), Some(24)));
        curator.patch(&path(&id), &for_all(json!("It was never longer"))).await.expect(200);
        assert_eq!(past().await, (Some(12), Some(12)));
        // and by a proposal
        provider.patch(&path(&id), &json!({"validity_months": 6})).await.expect(200);
        assert_eq!(review(&curator, &id).await["touched"]["people"], 2);
        decide(&curator, &json!({"decision": "publish", "items": [{"item_id": id}], "terms": {"from": "2026-07-15"}})).await;
        assert_eq!(past().await, (Some(12), Some(6)));
    }
}
