//! Lists are in the order in which people look: numbers by their value, capitals beside small
//! letters, accents beside none; the same on both databases, page by page.

use cairn::account::NewAccount;
use entity::role_grant;
use entity::value::Role;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::{Client, build, catalogue};

const NAMES: [&str; 9] = ["alba", "Éire", "eire north", "O'Neill", "ONeil", "Unit 2", "unit 2 b", "Unit 10", "Żaneta"];

/// In another order than theirs.
fn mixed() -> impl Iterator<Item = &'static str> {
    (0..NAMES.len()).map(|place| NAMES[place * 4 % NAMES.len()])
}

async fn names(client: &Client, path: &str, name: &str) -> Vec<String> {
    let all = catalogue::all(client, path).await;
    all.iter().map(|row: &Value| row[name].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn organisations_and_people_are_in_the_order_of_people(test: TestApp) {
        let mut own = Vec::new();
        for name in mixed() {
            own.push(build::organisation().name(name.to_owned()).save(&test).await);
        }
        let admin = NewAccount { email: "admin@example.org".to_owned(), role: Some(Role::Admin), ..NewAccount::default() };
        test.account(admin).await;
        let admin = test.sign_in("admin@example.org").await;
        let all = names(&admin, "/api/directory/organisations?limit=2", "name").await;
        assert_eq!(all, NAMES, "every page goes on where the one before ended");

        let lead = NewAccount { email: "lead@example.org".to_owned(), role: Some(Role::Employer), organisation: Some(own[0]), ..NewAccount::default() };
        let account = test.account(lead).await;
        for organisation in &own[1..] {
            let row = role_grant::ActiveModel {
                id: Set(test.app.clock.id()),
                account_id: Set(account),
                role: Set(Role::Employer),
                organisation_id: Set(Some(*organisation)),
                service_id: Set(None),
                area: Set(None),
                granted_at: Set(test.app.clock.now()),
                granted_by: Set(None),
                revoked_at: Set(None),
            };
            test.put(role_grant::Entity::insert(row)).await;
        }
        let lead = test.sign_in("lead@example.org").await;
        assert_eq!(names(&lead, "/api/organisations?limit=2", "name").await, NAMES);

        let service = build::service(own[0]).save(&test).await;
        for given in mixed() {
            let person = build::person_named(&test, given, "").await;
            let post = build::post(service).save(&test).await;
            build::appointment(person, post).save(&test).await;
        }
        let path = format!("/api/organisations/{}/people?limit=2", own[0]);
        assert_eq!(names(&lead, &path, "given_name").await, NAMES);
        let page = lead.get(&format!("/api/organisations/{}/people?limit=3&q=unit", own[0])).await.expect(200);
        assert_eq!((page["total"].as_u64(), page["items"].as_array().unwrap().len()), (Some(3), 3));
    }
}
