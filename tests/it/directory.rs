//! The directory: an administrator makes organisations and changes what they are; a name stands once.

use cairn::account::NewAccount;
use cairn::organisation::wire::OrganisationIn;
use entity::id::OrganisationId;
use entity::value::Role;
use entity::{change, organisation, search_outbox};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::{Client, TestApp, build, catalogue};

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

async fn admin(test: &TestApp) -> Client {
    let email = "admin@example.org".to_owned();
    test.account(NewAccount { email, role: Some(Role::Admin), ..NewAccount::default() }).await;
    test.sign_in("admin@example.org").await
}

fn forth() -> Value {
    json!({ "name": "Forth Recovery", "sector": "third_sector", "is_employer": true, "is_provider": false })
}

async fn names(admin: &Client, query: &str) -> Vec<String> {
    let list = admin.get(&format!("/api/directory/organisations{query}")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn entry(id: &Value) -> String {
    format!("/api/directory/organisations/{}", id.as_str().unwrap())
}

fn path(id: &Value) -> String {
    format!("/api/organisations/{}", id.as_str().unwrap())
}

fn fields(problem: &Value) -> Vec<String> {
    problem["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn the_first_employer_of_a_fresh_server_is_made_and_given_access(test: TestApp) {
        let admin = admin(&test).await;
        let made = admin.post("/api/organisations", &forth()).await.expect(201);
        assert_eq!((&made["name"], &made["pay_framework"], &made["synthetic"]), (&json!("Forth Recovery"), &json!("own_scale"), &json!(false)));
        let body = json!({ "email": "morag@example.org", "role": "employer", "organisation_id": made["id"] });
        let account = admin.post("/api/accounts", &body).await.expect(201);
        let mut morag = test.anonymous();
        morag.sign_in("morag@example.org", account["password"].as_str().unwrap()).await;
        let change = json!({ "current_password": account["password"], "new_password": "quiet loch evening" });
        assert_eq!(morag.post("/api/me/password", &change).await.status.as_u16(), 204);
        let list = morag.get("/api/organisations").await.expect(200);
        assert_eq!(list["items"][0]["name"], "Forth Recovery");
        let nhs = json!({ "name": "NHS Somewhere", "sector": "nhs", "is_employer": true });
        assert_eq!(admin.post("/api/organisations", &nhs).await.expect(201)["pay_framework"], "agenda_for_change");
        let log = change::Entity::find().all(&test.app.db).await.unwrap();
        assert!(log.iter().any(|row| row.subject == "organisation" && row.action == "added" && row.account_id.is_some()));
    }

    async fn the_command_line_makes_an_organisation_and_finds_it_by_name(test: TestApp) {
        let scope = cairn::access::SystemScope::program().installation();
        let new = |name: &str| OrganisationIn { name: name.to_owned(), sector: "nhs".to_owned(), is_employer: true, ..OrganisationIn::default() };
        let (made, _) = cairn::organisation::add(&test.app, &scope, new("NHS Somewhere")).await.unwrap();
        assert_eq!(cairn::organisation::named(&test.app, &scope, " nhs  somewhere").await.unwrap(), made.id);
        let refused = cairn::organisation::named(&test.app, &scope, "NHS").await.unwrap_err();
        assert_eq!(refused.problem().code, "not_found");
        for _ in 0..2 { build::organisation().name("Twin").save(&test).await; }
        let refused = cairn::organisation::named(&test.app, &scope, "twin").await.unwrap_err();
        assert_eq!(refused.problem().code, "several_of_this_name");
        let refused = cairn::organisation::add(&test.app, &scope, new("nhs SOMEWHERE")).await.unwrap_err();
        assert_eq!(refused.problem().code, "organisation_exists");
        let change = change::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        assert_eq!((change.subject.as_str(), change.account_id), ("organisation", None));
    }

    async fn a_name_stands_once_whatever_its_case_and_accents(test: TestApp) {
        let admin = admin(&test).await;
        let body = forth();
        let clicks = (0..4).map(|_| admin.post("/api/organisations", &body));
        let answers = futures_util::future::join_all(clicks).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
        assert_eq!(organisation::Entity::find().count(&test.app.db).await.unwrap(), 1);
        let mut again = forth();
        again["name"] = json!(" FÓRTH   recovery ");
        let problem = admin.post("/api/organisations", &again).await.expect_problem(409, "organisation_exists");
        let existing = problem["existing"].as_str().unwrap();
        let other = build::organisation().name("Tay Recovery").save(&test).await;
        admin.get(existing).await.expect(200);
        let rename = admin.patch(&format!("/api/organisations/{other}"), &json!({ "name": "forth recovery" })).await;
        rename.expect_problem(409, "organisation_exists");
        // its own name in another spelling is its own
        let own = existing.replace("directory/", "");
        assert_eq!(admin.patch(&own, &json!({ "name": "Forth RECOVERY" })).await.expect(200)["name"], "Forth RECOVERY");
    }

    async fn changes_clash_politely_and_keep_what_others_rely_on(test: TestApp) {
        let admin = admin(&test).await;
        let made = admin.post("/api/organisations", &forth()).await.expect(201);
        let read = admin.get(&entry(&made["id"])).await;
        read.expect(200);
        let tag = read.header("etag");
        let changed = admin.patch_if(&path(&made["id"]), tag, &json!({ "is_provider": true, "sector": "lero" })).await.expect(200);
        assert_eq!((&changed["is_provider"], &changed["sector"]), (&json!(true), &json!("lero")));
        admin.patch_if(&path(&made["id"]), tag, &json!({ "name": "Late" })).await.expect_problem(412, "changed_meanwhile");
        build::service(OrganisationId(made["id"].as_str().unwrap().parse().unwrap())).save(&test).await;
        let problem = admin.patch(&path(&made["id"]), &json!({ "is_employer": false })).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["code"], "in_use");
        admin.patch(&path(&made["id"]), &json!({ "is_provider": false })).await.expect(200);
        let body = json!({ "email": "morag@example.org", "role": "provider", "organisation_id": made["id"] });
        admin.post("/api/accounts", &body).await.expect_problem(422, "invalid");
        let services = admin.get(&format!("{}/services", entry(&made["id"]))).await.expect(200);
        assert_eq!(services["items"][0]["name"], "Govan recovery team");
    }

    async fn a_renamed_provider_is_found_by_its_new_name(test: TestApp) {
        let admin = admin(&test).await;
        let (client, place) = catalogue::provider(&test).await;
        let provider = place.organisation;
        let mut item = catalogue::item("First aid");
        item.as_object_mut().unwrap().remove("provider");
        item["provider_id"] = json!(provider);
        client.post("/api/catalogue/items", &item).await.expect(201);
        let before = search_outbox::Entity::find().count(&test.app.db).await.unwrap();
        admin.patch(&format!("/api/organisations/{provider}"), &json!({ "sector": "lero" })).await.expect(200);
        assert_eq!(search_outbox::Entity::find().count(&test.app.db).await.unwrap(), before);
        admin.patch(&format!("/api/organisations/{provider}"), &json!({ "name": "Clyde College" })).await.expect(200);
        assert_eq!(search_outbox::Entity::find().count(&test.app.db).await.unwrap(), before + 1);
    }

    async fn what_is_wrong_is_said_at_its_field_and_hostile_text_stays_text(test: TestApp) {
        let admin = admin(&test).await;
        let wrong = json!({ "name": " ", "sector": "spa", "pay_framework": "x" });
        let problem = admin.post("/api/organisations", &wrong).await.expect_problem(422, "invalid");
        assert_eq!(fields(&problem), ["name", "sector", "pay_framework", "is_employer"]);
        let mut unknown = forth();
        unknown["synthetic"] = json!(true);
        admin.post("/api/organisations", &unknown).await.expect(422);
        admin.patch(&format!("/api/organisations/{NOBODY}"), &json!({ "name": "x" })).await.expect_problem(404, "not_found");
        admin.get(&format!("/api/directory/organisations/{NOBODY}")).await.expect_problem(404, "not_found");
        admin.get(&format!("/api/directory/organisations/{NOBODY}/services")).await.expect_problem(404, "not_found");
        let made = admin.post("/api/organisations", &forth()).await.expect(201);
        let problem = admin.patch(&path(&made["id"]), &json!({ "name": null, "is_employer": null })).await.expect_problem(422, "invalid");
        assert_eq!(fields(&problem), ["name", "is_employer"]);
        for name in ["=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "مركز 🪨 é", "'); DROP TABLE organisation;--", "50%_"] {
            let mut body = forth();
            body["name"] = json!(name);
            assert_eq!(admin.post("/api/organisations", &body).await.expect(201)["name"], name);
        }
        assert_eq!(names(&admin, "?q=%25_").await, ["50%_"], "no wildcards");
    }

    async fn the_list_is_searched_and_walked_in_as_many_statements_however_long(test: TestApp) {
        let admin = admin(&test).await;
        build::organisation().name("Zetland Trust").employer(false).provider(true).save(&test).await;
        let (one, before) = test.statements(admin.get("/api/directory/organisations")).await;
        one.expect(200);
        for number in 0..6 { build::organisation().name(format!("Àrd team {number}")).save(&test).await; }
        let (many, after) = test.statements(admin.get("/api/directory/organisations")).await;
        assert_eq!((many.expect(200)["total"].as_u64(), before), (Some(7), after));
        assert_eq!(names(&admin, "?q=ard%203").await, ["Àrd team 3"]);
        assert_eq!(names(&admin, "?is_provider=true").await, ["Zetland Trust"]);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = admin.get(&format!("/api/directory/organisations?limit=2&cursor={cursor}")).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() { Some(next) => cursor = next.to_owned(), None => break }
        }
        assert_eq!(seen, names(&admin, "").await);
    }
}
