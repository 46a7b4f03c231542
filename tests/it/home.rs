//! The start page: what is new for one's role and area.

use chrono::Days;
use entity::id::ItemId;
use entity::value::Assurance;
use entity::{item, item_topic};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::skill::{client, completed, module, team, worker};
use crate::support::{TestApp, build};

async fn about(test: &TestApp, item: ItemId, topic: &str) {
    let row = item_topic::ActiveModel { item_id: Set(item), topic: Set(topic.to_owned()) };
    test.put(item_topic::Entity::insert(row)).await;
}

async fn change(test: &TestApp, item: ItemId, column: item::Column, value: Expr) {
    let query = item::Entity::update_many().col_expr(column, value).filter(item::Column::Id.eq(item));
    query.exec(&test.app.db).await.expect("an update");
}

fn titles(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().expect("items").iter().filter_map(|item| item["title"].as_str()).collect()
}

on_both_databases! {
    async fn new_for_my_role_and_area(test: TestApp) {
        let team = team(&test).await;
        let place = &team.place;
        about(&test, team.naloxone, "naloxone-overdose").await;
        team.ask(&team.naloxone_rule()).await;
        let ann = worker(&test, place, "Ann", "recovery_worker", "2024-01-08").await;
        let ann = (ann, client(&test, "ann", None, place, Some(ann)).await);

        let listed = |reference: &'static str, title: &'static str| module(&test, place, reference, title, None);
        let (everywhere, here) = (listed("new-1", "Everywhere").await, listed("new-2", "In our health board").await);
        change(&test, here, item::Column::Area, Expr::value("nhs-greater-glasgow-and-clyde")).await;
        let elsewhere = listed("new-3", "Far away").await;
        change(&test, elsewhere, item::Column::Area, Expr::value("council-highland")).await;
        let old = listed("new-4", "Long known").await;
        let long_ago = test.app.clock.now() - Days::new(200);
        change(&test, old, item::Column::PublishedAt, Expr::value(long_ago)).await;
        let held = listed("new-5", "On my record").await;
        completed(&test, ann.0, held, "2026-05-01", Assurance::SelfDeclared).await;
        let draft = listed("new-6", "Not published").await;
        change(&test, draft, item::Column::Status, Expr::value("draft")).await;
        for item in [everywhere, here, elsewhere, old, held, draft] {
            about(&test, item, "naloxone-overdose").await;
        }
        let other = listed("new-7", "About something else").await;
        about(&test, other, "alcohol").await;

        let found = ann.1.get("/api/me/new").await.expect(200);
        assert_eq!(titles(&found), ["In our health board", "Everywhere"]);
    }

    async fn without_a_role_what_is_new_for_everybody(test: TestApp) {
        let team = team(&test).await;
        let person = build::person(&test, "Bo").await;
        let bo = client(&test, "bo", None, &team.place, Some(person)).await;
        let found = bo.get("/api/me/new").await.expect(200);
        assert_eq!(titles(&found), ["Overdose awareness", "Naloxone in an hour"]);
        // an account without a person has no role, no area and no record
        let found = team.employer.get("/api/me/new").await.expect(200);
        assert!(titles(&found).is_empty());
    }
}
