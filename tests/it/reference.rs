//! Vocabularies: open to anyone, cacheable, and the same in the tables however often they load.

use entity::{area, area_link, term, vocabulary};
use poem::http::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::TestApp;

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("a list")
}

fn slugs(answer: &Value) -> Vec<&str> {
    items(answer).iter().filter_map(|item| item["slug"].as_str()).collect()
}

#[tokio::test]
async fn every_named_list_is_there_for_anyone_with_its_version() {
    let test = TestApp::sqlite().await;
    let anyone = test.anonymous();
    let expected = [
        ("areas", 77, "council-fife"),
        ("roles", 47, "recovery_worker"),
        ("topics", 85, "naloxone-overdose"),
        ("sectors", 11, "third_sector"),
        ("service-types", 26, "assertive_outreach"),
        ("pay-frameworks", 7, "agenda_for_change"),
    ];
    for (path, count, slug) in expected {
        let list = anyone.get(&format!("/api/reference/{path}")).await.expect(200);
        assert_eq!(items(&list).len(), count, "{path}");
        assert!(slugs(&list).contains(&slug), "{path} has {slug}");
        assert!(list["version"].as_str().is_some_and(|version| !version.is_empty()), "{path} has a version");
        assert!(list["source"].as_str().is_some_and(|source| !source.is_empty()), "{path} has a source");
    }
    let frameworks = anyone.get("/api/reference/frameworks").await.expect(200);
    let skills = &items(&frameworks)[0];
    assert_eq!(skills["id"], "knowledge_and_skills");
    assert_eq!((skills["themes"].as_array().unwrap().len(), skills["levels"].as_array().unwrap().len()), (5, 4));
    assert_eq!(items(&frameworks)[1]["themes"].as_array().unwrap().len(), 10, "MAT standards");
}

#[tokio::test]
async fn areas_can_be_asked_by_kind_and_say_where_they_lie() {
    let test = TestApp::sqlite().await;
    let adps = test.anonymous().get("/api/reference/areas?kind=adp").await.expect(200);
    assert_eq!(items(&adps).len(), 30);
    let councils = test.anonymous().get("/api/reference/areas?kind=council").await.expect(200);
    let fife = items(&councils).iter().find(|area| area["slug"] == "council-fife").unwrap();
    let within: Vec<_> = fife["within"].as_array().unwrap().iter().map(|link| link["area"].as_str().unwrap()).collect();
    assert_eq!(within, ["nhs-fife", "adp-fife"]);
    assert_eq!(fife["tile"]["column"], 5);
    test.anonymous().get("/api/reference/areas?kind=moon").await.expect_problem(422, "invalid");
}

#[tokio::test]
async fn a_vocabulary_is_found_by_its_id_and_an_unknown_one_is_not() {
    let test = TestApp::sqlite().await;
    let all = test.anonymous().get("/api/reference/vocabularies").await.expect(200);
    for head in items(&all) {
        let id = head["id"].as_str().unwrap();
        let whole = test.anonymous().get(&format!("/api/reference/vocabularies/{id}")).await.expect(200);
        assert_eq!(items(&whole).len() as u64, head["terms"].as_u64().unwrap(), "{id}");
    }
    test.anonymous().get("/api/reference/vocabularies/zodiac").await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn what_a_client_holds_is_not_sent_again() {
    let test = TestApp::sqlite().await;
    let client = test.anonymous();
    let first = client.get("/api/reference/roles").await;
    assert!(first.header("cache-control").contains("max-age"));
    let tag = first.header("etag").to_owned();
    let again = client.send(Method::GET, "/api/reference/roles", &[("if-none-match", &tag)], None).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    let other = client.send(Method::GET, "/api/reference/roles", &[("if-none-match", "\"old\"")], None).await;
    assert_eq!(other.status.as_u16(), 200);
}

on_both_databases! {
    async fn the_tables_hold_the_reference_data_and_loading_again_writes_nothing(test: TestApp) {
        let db = &test.app.db;
        assert_eq!(area::Entity::find().count(db).await.unwrap(), 77);
        assert_eq!(area_link::Entity::find().count(db).await.unwrap(), 108);
        assert_eq!(vocabulary::Entity::find().count(db).await.unwrap(), 17);
        assert!(term::Entity::find().count(db).await.unwrap() > 200);
        let ((), statements) = test.statements(async {
            cairn::reference::load(db, &test.app.clock).await.unwrap();
        }).await;
        assert_eq!(statements, 4, "four reads and no write");
    }

    async fn what_somebody_changed_in_the_tables_is_put_right(test: TestApp) {
        use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};
        let db = &test.app.db;
        let wrong = area::ActiveModel { slug: Set("council-fife".to_owned()), name: Set("Fief".to_owned()), ..Default::default() };
        area::Entity::update(wrong).exec(db).await.unwrap();
        area_link::Entity::delete_many().filter(area_link::Column::Area.eq("council-fife")).exec(db).await.unwrap();
        cairn::reference::load(db, &test.app.clock).await.unwrap();
        let fife = area::Entity::find_by_id("council-fife").one(db).await.unwrap().unwrap();
        assert_eq!(fife.name, "Fife");
        assert_eq!(area_link::Entity::find().count(db).await.unwrap(), 108);
    }
}
