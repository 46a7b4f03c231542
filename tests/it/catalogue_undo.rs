//! After a file of items: the file back with its problems, and taking an import back.

use cairn::account::NewAccount;
use calamine::{Data, Reader};
use entity::id::OrganisationId;
use entity::item;
use entity::value::Role;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::catalogue::{curator, import, path, provider};
use crate::support::client::{Answer, Client};
use crate::support::skill::{client, completed};
use crate::support::{TestApp, build};

fn file(rows: &str) -> Vec<u8> {
    format!("ref,kind,title,provider,topic,minutes,delivery,cost\n{rows}\n").into_bytes()
}

/// One item that stays itself, one that changes, two that are new.
async fn second_import(curator: &Client) -> String {
    let before = file("a-1,module,As it was,SDF,alcohol,45,elearning,free\na-2,module,Same,SDF,,45,elearning,free");
    import(curator, "apply", "all", &before).await.expect(200);
    let after = file(
        "a-1,module,As it became,SDF,naloxone-overdose,60,elearning,free\na-2,module,Same,SDF,,45,elearning,free\n\
         a-3,module,New one,SDF,,45,elearning,free\na-4,module,New two,SDF,,45,elearning,free",
    );
    let answer = import(curator, "apply", "all", &after).await.expect(200);
    assert_eq!((&answer["created"], &answer["changed"], &answer["unchanged"]), (&json!(2), &json!(1), &json!(1)));
    answer["import_id"].as_str().expect("the import's id").to_owned()
}

async fn undo(client: &Client, id: &str) -> Answer {
    client.post(&format!("/api/catalogue/imports/{id}/undo"), &json!({})).await
}

/// The item is another provider's from now on.
async fn moved(test: &TestApp, reference: &str, provider: OrganisationId) {
    let query = item::Entity::update_many().col_expr(item::Column::ProviderId, Expr::value(provider));
    query.filter(item::Column::Reference.eq(reference)).exec(&test.app.db).await.expect("an update");
}

async fn titled(test: &TestApp, reference: &str) -> Value {
    test.anonymous().get(&path(reference)).await.expect(200)
}

on_both_databases! {
    async fn an_import_that_nobody_built_on_is_taken_back_whole(test: TestApp) {
        let curator = curator(&test).await;
        let id = second_import(&curator).await;
        let listed = curator.get("/api/catalogue/imports").await.expect(200);
        let row = &listed["items"][0];
        assert_eq!((&row["id"], &row["created"], &row["changed"], &row["by"]), (&json!(id), &json!(2), &json!(1), &json!("curator@example.org")));
        assert!(row["undone_at"].is_null());

        let undone = undo(&curator, &id).await.expect(200);
        assert_eq!(undone, json!({"restored": 1, "removed": 2, "withdrawn": 0, "proposed": 0}));
        let back = titled(&test, "a-1").await;
        assert_eq!((&back["title"], &back["minutes"], &back["topics"][0]["slug"]), (&json!("As it was"), &json!(45), &json!("alcohol")));
        assert_eq!(back["topics"].as_array().map(Vec::len), Some(1));
        test.anonymous().get(&path("a-3")).await.expect_problem(404, "not_found");
        titled(&test, "a-2").await;

        undo(&curator, &id).await.expect_problem(409, "already_undone");
        let listed = curator.get("/api/catalogue/imports").await.expect(200);
        assert!(listed["items"][0]["undone_at"].is_string());
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
        let changes = curator.get(&format!("{}/changes", path(back["id"].as_str().unwrap()))).await.expect(200);
        let actions: Vec<_> = changes["items"].as_array().unwrap().iter().map(|change| change["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["import_undone", "edited", "imported"]);
        // and the file can be brought in once more
        let again = import(&curator, "apply", "all", &file("a-3,module,New one,SDF,,45,elearning,free")).await.expect(200);
        assert_eq!(again["created"], 1);
    }

    async fn what_somebody_built_on_stays(test: TestApp) {
        let curator = curator(&test).await;
        let id = second_import(&curator).await;
        let made = titled(&test, "a-4").await;
        let person = build::person(&test, "Ann").await;
        let item = crate::support::skill::id(&made["id"]);
        completed(&test, person, item.into(), "2026-05-01", entity::value::Assurance::SelfDeclared).await;
        let refused = undo(&curator, &id).await.expect_problem(409, "built_upon");
        assert!(refused["detail"].as_str().is_some_and(|text| text.contains("a-4") && !text.contains("a-3")), "{refused}");
        assert_eq!(titled(&test, "a-1").await["title"], "As it became", "all or nothing");

        let id = second_import_of(&curator, "b").await;
        let changed = titled(&test, "b-1").await;
        curator.patch(&path(changed["id"].as_str().unwrap()), &json!({"title": "By hand"})).await.expect(200);
        undo(&curator, &id).await.expect_problem(409, "built_upon");
        assert_eq!(titled(&test, "b-1").await["title"], "By hand");
    }

    async fn nobody_elses_import(test: TestApp) {
        let curator = curator(&test).await;
        let id = second_import(&curator).await;
        let (provider, place) = provider(&test).await;
        undo(&provider, &id).await.expect_problem(404, "not_found");
        assert_eq!(provider.get("/api/catalogue/imports").await.expect(200)["items"], json!([]));
        let own = file("p-1,module,Ours,Clyde Recovery (synthetic),,45,elearning,free");
        let own = import(&provider, "apply", "all", &own).await.expect(200);
        let manager = client(&test, "manager", Some(Role::Manager), &place, None).await;
        undo(&manager, own["import_id"].as_str().unwrap()).await.expect_problem(403, "not_allowed");
        let elsewhere = build::organisation().name("Another provider").provider(true).save(&test).await;
        moved(&test, "p-1", elsewhere).await;
        undo(&provider, own["import_id"].as_str().unwrap()).await.expect_problem(403, "not_allowed");
        moved(&test, "p-1", place.organisation).await;
        assert_eq!(undo(&provider, own["import_id"].as_str().unwrap()).await.expect(200)["removed"], 1);
        let colleague = NewAccount { email: "other@example.org".into(), role: Some(Role::Provider), organisation: Some(place.organisation), ..NewAccount::default() };
        test.account(colleague).await;
        assert_eq!(test.sign_in("other@example.org").await.get("/api/catalogue/imports").await.expect(200)["items"], json!([]));
    }

    async fn the_file_comes_back_with_its_problems(test: TestApp) {
        let curator = curator(&test).await;
        let wrong = file("a-1,module,Good,SDF,,45,elearning,free\na-2,module,=1+1,SDF,,ninety,elearning,free");
        let answer = curator.upload("/api/catalogue/imports/annotated", &[], ("file", "items.csv", &wrong)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment") && disposition.contains(".xlsx"), "{disposition}");
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(answer.bytes.clone())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty);
        assert_eq!((cell(0, 8), cell(1, 8)), (Data::String("Problems".into()), Data::Empty));
        assert!(matches!(cell(2, 8), Data::String(text) if text.contains("topic") || text.contains("minutes")));
        assert_eq!(cell(2, 2), Data::String("=1+1".into()), "text, never a formula");
        assert_eq!(book.worksheet_formula(&book.sheet_names()[0]).unwrap().used_cells().count(), 0);
        // put right in the spreadsheet and brought in as it is
        let back = curator.upload("/api/catalogue/imports", &[("mode", "preview")], ("file", "items.xlsx", &answer.bytes)).await.expect(200);
        assert_eq!((&back["rows"], &back["created"], &back["rejected"]), (&json!(2), &json!(1), &json!(1)));
        let unreadable = curator.upload("/api/catalogue/imports/annotated", &[], ("file", "items.csv", b"%PDF-1.7")).await;
        unreadable.expect_problem(422, "invalid");
    }
}

async fn second_import_of(curator: &Client, prefix: &str) -> String {
    let row = |title: &str| file(&format!("{prefix}-1,module,{title},SDF,,45,elearning,free"));
    import(curator, "apply", "all", &row("First")).await.expect(200);
    let answer = import(curator, "apply", "all", &row("Second")).await.expect(200);
    answer["import_id"].as_str().expect("the import's id").to_owned()
}
