//! The synthetic sector: loads on both databases, whole or not at all, and its accounts work.

use cairn::demo::{self, Plan};
use entity::{appointment, completion, item, organisation, person};
use entity::value::ItemStatus;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::TestApp;

async fn loaded(test: &TestApp) -> usize {
    let plan = Plan { people: 60, seed: 3, as_at: test.app.clock.today() };
    demo::load(&test.app, plan, &|_, _| {}).await.expect("the sector loads")
}

on_both_databases! {
    async fn the_sector_is_written_whole_and_only_into_an_empty_database(test: TestApp) {
        let db = &test.app.db;
        let reported = std::sync::Mutex::new((0, 0));
        let plan = Plan { people: 60, seed: 3, as_at: test.app.clock.today() };
        let rows = demo::load(&test.app, plan, &|done, all| *reported.lock().unwrap() = (done, all)).await.unwrap();
        assert_eq!(*reported.lock().unwrap(), (rows, rows), "progress ends at the end");
        assert!(person::Entity::find().count(db).await.unwrap() >= 60);
        assert!(completion::Entity::find().count(db).await.unwrap() > 100);
        assert_eq!(item::Entity::find().count(db).await.unwrap(), 68);
        let waiting = item::Entity::find().filter(item::Column::Status.eq(ItemStatus::InReview)).count(db).await.unwrap();
        assert_eq!(waiting, 2, "the curator has something to decide");
        let real = organisation::Entity::find().filter(organisation::Column::Synthetic.eq(false));
        let real = real.filter(organisation::Column::IsEmployer.eq(true)).count(db).await.unwrap();
        assert_eq!(real, 0, "nothing is invented about a real employer");

        let before = appointment::Entity::find().count(db).await.unwrap();
        let again = demo::load(&test.app, plan, &|_, _| {}).await.unwrap_err();
        assert_eq!(again.problem().code, "not_empty");
        assert_eq!(appointment::Entity::find().count(db).await.unwrap(), before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_demo_account_signs_in_with_its_role_and_person() {
    let test = TestApp::sqlite().await;
    loaded(&test).await;
    let (accounts, password) = demo::accounts(&test.app).await.unwrap().expect("the demo's people are there");
    assert_eq!(accounts.len(), 8);
    let kept = std::fs::read_to_string(test.app.config.data_dir.join("demo-password.txt")).unwrap();
    assert_eq!(kept.trim(), password);
    let mut scopes = std::collections::BTreeMap::new();
    for account in accounts {
        let mut client = test.anonymous();
        client.sign_in(account.email, &password).await;
        let me = client.get("/api/me").await.expect(200);
        assert!(me["person"]["id"].is_string(), "{} is a person: {me}", account.email);
        scopes.insert(account.email, me["roles"].clone());
    }
    let role = |email: &str| -> Value { scopes[email][0].clone() };
    assert_eq!(scopes["staff@example.org"].as_array().unwrap().len(), 0, "staff is implicit");
    assert_eq!(role("manager@example.org")["organisation_id"], role("employer@example.org")["organisation_id"]);
    assert!(role("manager@example.org")["service_id"].is_string());
    assert_eq!(role("provider@example.org")["organisation_name"], "Sample provider");
    assert_eq!(role("adp@example.org")["area"], "adp-fife");
    for email in ["planner@example.org", "curator@example.org", "admin@example.org"] {
        assert_eq!(role(email)["role"], email.split('@').next().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_stays_from_start_to_start() {
    let test = TestApp::sqlite().await;
    assert!(demo::accounts(&test.app).await.unwrap().is_none(), "no demo accounts without the demo's people");
    loaded(&test).await;
    let (_, first) = demo::accounts(&test.app).await.unwrap().unwrap();
    let (_, second) = demo::accounts(&test.app).await.unwrap().unwrap();
    assert_eq!(first, second);
    // Whoever loses the file gets a new password that works.
    std::fs::remove_file(test.app.config.data_dir.join("demo-password.txt")).unwrap();
    let (_, third) = demo::accounts(&test.app).await.unwrap().unwrap();
    assert_ne!(first, third);
    test.anonymous().sign_in("admin@example.org", &third).await;
}
