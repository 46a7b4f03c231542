//! Names as people type them: composed or decomposed, of every alphabet, with what pasting brings
//! along; and that what was folded by an older rule is folded again.

use cairn::account::NewAccount;
use cairn::base::{fold, refold};
use entity::value::Role;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::on_both_databases;
use crate::support::{TestApp, build};

async fn admin(test: &TestApp) -> crate::support::Client {
    test.account(NewAccount {
        email: "admin@example.org".to_owned(),
        role: Some(Role::Admin),
        ..NewAccount::default()
    })
    .await;
    test.sign_in("admin@example.org").await
}

on_both_databases! {
    async fn a_name_composed_or_decomposed_is_one_organisation(test: TestApp) {
        let admin = admin(&test).await;
        let named = |name: &str| json!({ "name": name, "sector": "third_sector", "is_employer": true });
        let made = admin.post("/api/organisations", &named(" Zażółć\tŚląsk\u{ad} ")).await.expect(201);
        assert_eq!(made["name"], "Zażółć Śląsk");
        let decomposed: String = "Zażółć Śląsk".nfd().collect();
        admin.post("/api/organisations", &named(&decomposed)).await.expect(409);
        for q in ["zazolc", "Slask", "Zażółć", decomposed.as_str()] {
            let found = admin.get(&format!("/api/directory/organisations?q={}", encoded(q))).await.expect(200);
            assert_eq!(found["total"], 1, "{q}");
        }
    }

    async fn a_pasted_address_is_the_address(test: TestApp) {
        let admin = admin(&test).await;
        let made = admin.post("/api/accounts", &json!({ "email": " zw\u{200b}@Example.org\u{feff}", "given_name": "Ewa\nMaria", "family_name": "Świątek" })).await.expect(201);
        assert_eq!(made["account"]["email"], "zw@Example.org");
        assert_eq!(made["account"]["person"]["given_name"], "Ewa Maria");
        let password = made["password"].as_str().unwrap();
        for (email, password) in [("zw@example.org", password.to_owned()), ("zw\u{200b}@example.org ", format!("{password} "))] {
            test.anonymous().post("/api/session", &json!({ "email": email, "password": password })).await.expect(200);
        }
        let found = admin.get("/api/accounts?q=swiatek").await.expect(200);
        assert_eq!(found["total"], 1);
        admin.post("/api/accounts", &json!({ "email": "a\0@example.org" })).await.expect_problem(422, "invalid");
    }

    async fn a_password_is_the_same_from_every_keyboard(test: TestApp) {
        let admin = admin(&test).await;
        let made = admin.post("/api/accounts", &json!({ "email": "cafe@example.org" })).await.expect(201);
        let mut own = test.anonymous();
        own.sign_in("cafe@example.org", made["password"].as_str().unwrap()).await;
        let composed = "café-longer-words-72";
        own.post("/api/me/password", &json!({ "current_password": made["password"], "new_password": composed })).await.expect(204);
        let decomposed: String = composed.nfd().collect();
        test.anonymous().post("/api/session", &json!({ "email": "cafe@example.org", "password": decomposed })).await.expect(200);
        let same = json!({ "current_password": composed, "new_password": decomposed });
        own.post("/api/me/password", &same).await.expect_problem(422, "invalid");
    }

    async fn what_an_older_rule_folded_is_folded_again(test: TestApp) {
        let organisation = build::organisation().name("Żółw Łącka").save(&test).await;
        let person = build::person(&test, "Łukasz").await;
        let db = &test.app.db;
        for sql in [
            "UPDATE organisation SET name_folded = 'żołw łącka'",
            "UPDATE person SET name_folded = 'łukasz'",
            "UPDATE folding SET version = 0",
        ] {
            db.execute_unprepared(sql).await.unwrap();
        }
        refold::bring_up(db).await.unwrap();
        let row = entity::organisation::Entity::find_by_id(organisation).one(db).await.unwrap().unwrap();
        assert_eq!(row.name_folded, "zolw lacka");
        let row = entity::person::Entity::find_by_id(person).one(db).await.unwrap().unwrap();
        assert!(row.name_folded.contains("lukasz"), "{}", row.name_folded);
        db.execute_unprepared("UPDATE organisation SET name_folded = 'kept'").await.unwrap();
        refold::bring_up(db).await.unwrap();
        let row = entity::organisation::Entity::find_by_id(organisation).one(db).await.unwrap().unwrap();
        assert_eq!(row.name_folded, "kept", "done once for a version");
        assert_eq!(fold::VERSION, 1);
    }

    async fn two_accounts_that_read_the_same_now_stay_two(test: TestApp) {
        for email in ["one@example.org", "two@example.org"] {
            test.account(NewAccount { email: email.to_owned(), ..NewAccount::default() }).await;
        }
        let db = &test.app.db;
        db.execute_unprepared("UPDATE account SET email = 'caf\u{e9}@example.org', email_folded = 'old one' WHERE email = 'one@example.org'").await.unwrap();
        db.execute_unprepared("UPDATE account SET email = 'cafe\u{301}@example.org', email_folded = 'old two' WHERE email = 'two@example.org'").await.unwrap();
        db.execute_unprepared("UPDATE folding SET version = 0").await.unwrap();
        refold::bring_up(db).await.unwrap();
        let mut folded: Vec<String> = entity::account::Entity::find().select_only().column(entity::account::Column::EmailFolded).into_tuple().all(db).await.unwrap();
        folded.sort();
        assert_eq!(folded, ["caf\u{e9}@example.org", "old two"]);
    }
}

/// Whoever adds a column of folded text names it in `base::refold`.
#[tokio::test]
async fn every_folded_column_is_known() {
    let test = TestApp::sqlite().await;
    let sql = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%\\_folded' ESCAPE '\\' ORDER BY 1, 2";
    let rows =
        test.app.db.query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql)).await.unwrap();
    let mut schema: Vec<(String, String)> =
        rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    let mut known: Vec<_> = refold::COLUMNS.iter().map(|one| (one.table.to_owned(), one.column.to_owned())).collect();
    schema.sort();
    known.sort();
    assert_eq!(schema, known);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}
