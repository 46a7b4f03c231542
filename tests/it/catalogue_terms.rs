//! What drives compliance is dated: a completion keeps what was in force on its day.

use cairn::catalogue::terms;
use entity::id::ItemId;
use entity::item_terms;
use entity::value::{Assurance, Level};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, day};
use crate::support::catalogue::{curator, import, item, path, published};
use crate::support::skill::completed;

async fn of(test: &TestApp, id: &str) -> terms::Terms {
    let id = ItemId(id.parse().expect("an id"));
    terms::of(&test.app.db, &[id]).await.expect("terms").remove(&id).expect("its terms")
}

/// A published module of 36 months that builds trauma-informed care at the level of the item.
async fn course(curator: &crate::support::Client) -> (String, ItemId) {
    let mut body = item("Trauma and substance use");
    body["validity_months"] = json!(36);
    body["level"] = json!("skilled");
    body["themes"] = json!([{"slug": "trauma-informed"}]);
    body["mat_standards"] = json!([10]);
    let id = published(curator, &body).await;
    let typed = ItemId(id.parse().expect("an id"));
    (id, typed)
}

on_both_databases! {
    async fn a_new_item_has_terms_and_its_themes_have_its_level(test: TestApp) {
        let curator = curator(&test).await;
        let (id, _) = course(&curator).await;
        let shown = curator.get(&path(&id)).await.expect(200);
        assert_eq!(shown["themes"][0]["level"], "skilled");
        let terms = of(&test, &id).await;
        let on = terms.on(day("2020-01-01"));
        assert_eq!((on.validity_months, on.builds("trauma-informed")), (Some(36), Some(Level::Skilled)));
        assert_eq!(on.mat_standards, [10]);
        let theme = terms::naming(&test.app.db, &["trauma-informed"]).await.expect("terms");
        assert_eq!(theme.len(), 1);
        assert!(terms::naming(&test.app.db, &["stigma"]).await.expect("terms").is_empty());
    }

    async fn what_nobody_holds_changes_since_ever_and_what_is_held_from_today(test: TestApp) {
        let curator = curator(&test).await;
        let (id, typed) = course(&curator).await;
        curator.patch(&path(&id), &json!({"validity_months": 24})).await.expect(200);
        assert_eq!(of(&test, &id).await.on(day("2020-01-01")).validity_months, Some(24));
        let person = build::person(&test, "Ann").await;
        completed(&test, person, typed, "2026-01-10", Assurance::SelfDeclared).await;
        curator.patch(&path(&id), &json!({"validity_months": 12})).await.expect(200);
        let terms = of(&test, &id).await;
        let today = test.app.clock.today();
        assert_eq!(terms.on(day("2026-01-10")).validity_months, Some(24));
        assert_eq!(terms.on(today).validity_months, Some(12));
        // nothing that was said is gone
        assert_eq!(item_terms::Entity::find().all(&test.app.db).await.expect("rows").len(), 3);
    }

    async fn an_import_changes_held_items_from_today_and_its_undo_puts_the_terms_back(test: TestApp) {
        let curator = curator(&test).await;
        let file = |months: &str| format!("ref,title,provider,delivery,cost,validity_months\nv-1,Course,SDF,elearning,free,{months}\n").into_bytes();
        import(&curator, "apply", "all", &file("36")).await.expect(200);
        let id = curator.get(&path("v-1")).await.expect(200)["id"].as_str().expect("an id").to_owned();
        let person = build::person(&test, "Ann").await;
        completed(&test, person, ItemId(id.parse().expect("an id")), "2026-01-10", Assurance::SelfDeclared).await;
        let second = import(&curator, "apply", "all", &file("")).await.expect(200);
        let (past, today) = (day("2026-01-10"), test.app.clock.today());
        let terms = of(&test, &id).await;
        assert_eq!((terms.on(past).validity_months, terms.on(today).validity_months), (Some(36), None));
        let undo = format!("/api/catalogue/imports/{}/undo", second["import_id"].as_str().expect("an id"));
        curator.post(&undo, &json!({})).await.expect(200);
        let terms = of(&test, &id).await;
        assert_eq!((terms.on(past).validity_months, terms.on(today).validity_months), (Some(36), Some(36)));
    }
}
