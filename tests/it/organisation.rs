//! Organisations, services and posts: what is funded, in post and vacant, who may change it, and
//! that nothing of what was is lost.

use cairn::account::NewAccount;
use entity::id::{OrganisationId, PostId, ServiceId};
use entity::post_establishment;
use entity::value::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::{Client, TestApp};

/// An employer's and a manager's client of one organisation.
struct Desk {
    organisation: OrganisationId,
    service: ServiceId,
    employer: Client,
    manager: Client,
}

impl Desk {
    fn path(&self, rest: &str) -> String {
        format!("/api/organisations/{}{rest}", self.organisation)
    }
}

async fn desk(test: &TestApp) -> Desk {
    let organisation = build::organisation().save(test).await;
    let service = build::service(organisation).save(test).await;
    let employer = signed_in(test, "employer", organisation, None).await;
    let manager = signed_in(test, "manager", organisation, Some(service)).await;
    Desk { organisation, service, employer, manager }
}

async fn signed_in(test: &TestApp, name: &str, organisation: OrganisationId, service: Option<ServiceId>) -> Client {
    let email = format!("{name}@example.org");
    let role = Some(if service.is_some() { Role::Manager } else { Role::Employer });
    let organisation = Some(organisation);
    test.account(NewAccount { email: email.clone(), role, organisation, service, ..NewAccount::default() }).await;
    test.sign_in(&email).await
}

fn a_service() -> Value {
    json!({ "name": "Leith outreach", "area": "council-city-of-edinburgh", "service_type": "assertive_outreach",
            "opened_on": "2025-04-01", "also_serves": ["council-midlothian"] })
}

fn a_post(service: ServiceId) -> Value {
    json!({ "service_id": service, "role": "recovery_worker", "establishment_thousandths": 1500,
            "opened_on": "2025-04-01", "funding_ends_on": "2027-03-31", "peer_role": true })
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

async fn establishment(test: &TestApp, post: PostId) -> Vec<(String, i32, bool)> {
    let rows = post_establishment::Entity::find()
        .filter(post_establishment::Column::PostId.eq(post))
        .order_by_asc(post_establishment::Column::Id)
        .all(&test.app.db)
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.starts_on.to_string(), row.wte_thousandths, row.superseded_at.is_some())).collect()
}

on_both_databases! {
    async fn an_employer_adds_a_service_and_a_post_and_sees_what_is_vacant(test: TestApp) {
        let desk = desk(&test).await;
        let made = desk.employer.post(&desk.path("/services"), &a_service()).await;
        let service = made.expect(201);
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(service["tier"], "2", "the usual tier of its type");
        assert_eq!(service["service_type_label"], "Assertive outreach");
        assert_eq!(service["area_label"], "City of Edinburgh");
        assert_eq!(service["also_serves"], json!(["council-midlothian"]));
        let id: ServiceId = serde_json::from_value(service["id"].clone()).unwrap();
        let post = desk.employer.post(&desk.path("/posts"), &a_post(id)).await.expect(201);
        assert_eq!(post["post"]["reference"], "Post 1");
        assert_eq!(post["post"]["role_family_label"], "Recovery and support");
        assert_eq!(post["post"]["vacant_thousandths"], 1500);
        assert_eq!(post["post"]["vacant_since"], "2025-04-01");
        assert_eq!(post["establishment"][0]["starts_on"], "2025-04-01");
        let overview = desk.employer.get(&desk.path("")).await.expect(200);
        assert_eq!(overview["services"], 2);
        assert_eq!(overview["totals"]["vacant_thousandths"], 1500);
        assert_eq!(overview["organisation"]["may_edit"], true);
    }

    async fn the_posts_of_a_date_show_who_was_in_them_then(test: TestApp) {
        let desk = desk(&test).await;
        let post = build::post(desk.service).reference(Some("RW1".to_owned())).save(&test).await;
        let person = build::person(&test, "Ailsa").await;
        build::appointment(person, post).until(Some(day("2026-03-31"))).minutes(1110).save(&test).await;
        let vacancy = async |as_at: &str| {
            let posts = desk.employer.get(&desk.path(&format!("/posts?as_at={as_at}"))).await.expect(200);
            posts["items"][0].clone()
        };
        let march = vacancy("2026-03-31").await;
        assert_eq!((&march["in_post_thousandths"], &march["people"]), (&json!(500), &json!(1)));
        let june = vacancy("2026-06-30").await;
        assert_eq!((&june["in_post_thousandths"], &june["vacant_thousandths"]), (&json!(0), &json!(1000)));
        assert_eq!(june["vacant_since"], "2020-04-01", "part of it has been vacant all along");
        assert_eq!(june["full_time_minutes"], 2160);
    }

    async fn a_change_of_establishment_supersedes_from_its_date_and_keeps_what_was(test: TestApp) {
        let desk = desk(&test).await;
        let post = build::post(desk.service).save(&test).await;
        let path = desk.path(&format!("/posts/{post}"));
        let fund = |starts_on: &str, wte: i32| json!({ "establishment": { "starts_on": starts_on, "wte_thousandths": wte } });
        desk.employer.patch_if(&path, "\"1\"", &fund("2026-09-01", 500)).await.expect(200);
        let changed = desk.employer.patch_if(&path, "\"2\"", &fund("2026-07-01", 2000)).await.expect(200);
        assert_eq!(changed["post"]["establishment_thousandths"], 1000, "today is 30 June");
        assert_eq!(changed["establishment"].as_array().unwrap().len(), 2);
        let kept = establishment(&test, post).await;
        assert_eq!(kept, [
            ("2020-04-01".to_owned(), 1000, false),
            ("2026-09-01".to_owned(), 500, true),
            ("2026-07-01".to_owned(), 2000, false),
        ]);
        let july = desk.employer.get(&desk.path("/posts?as_at=2026-10-01")).await.expect(200);
        assert_eq!(july["items"][0]["establishment_thousandths"], 2000);
        let too_early = desk.employer.patch(&path, &fund("2019-01-01", 1000)).await.expect_problem(422, "invalid");
        assert_eq!(too_early["fields"][0]["field"], "establishment.starts_on");
        assert_eq!(establishment(&test, post).await.len(), 3, "nothing is half-written");
    }

    async fn an_older_opening_takes_the_first_establishment_with_it(test: TestApp) {
        let desk = desk(&test).await;
        let post = build::post(desk.service).opened_on(day("2024-04-01")).save(&test).await;
        let path = desk.path(&format!("/posts/{post}"));
        desk.employer.patch(&path, &json!({ "establishment": { "starts_on": "2025-04-01", "wte_thousandths": 700 } })).await.expect(200);
        let earlier = desk.employer.patch(&path, &json!({ "opened_on": "2022-04-01" })).await.expect(200);
        let rows: Vec<_> = earlier["establishment"].as_array().unwrap().iter()
            .map(|row| (row["starts_on"].as_str().unwrap(), row["wte_thousandths"].as_i64().unwrap())).collect();
        assert_eq!(rows, [("2022-04-01", 1000), ("2025-04-01", 700)]);
        desk.employer.patch(&path, &json!({ "opened_on": "2019-04-01" })).await.expect_problem(422, "invalid");
    }

    async fn closing_waits_until_people_have_left_and_can_be_taken_back(test: TestApp) {
        let desk = desk(&test).await;
        let post = build::post(desk.service).save(&test).await;
        let person = build::person(&test, "Ailsa").await;
        build::appointment(person, post).until(Some(day("2026-07-31"))).save(&test).await;
        let (post_path, service_path) = (desk.path(&format!("/posts/{post}")), desk.path(&format!("/services/{}", desk.service)));
        for path in [&post_path, &service_path] {
            let early = json!({ "closed_on": "2026-07-31" });
            desk.employer.patch(path, &early).await.expect_problem(409, "people_in_post");
        }
        let closed = desk.employer.patch_if(&service_path, "\"1\"", &json!({ "closed_on": "2026-08-01" })).await.expect(200);
        assert_eq!(closed["closed_on"], "2026-08-01");
        assert_eq!(desk.employer.get(&post_path).await.expect(200)["post"]["closed_on"], "2026-08-01", "its posts close with it");
        let open = async |as_at: &str, rest: &str| {
            desk.employer.get(&desk.path(&format!("/services?as_at={as_at}{rest}"))).await.expect(200)["items"].as_array().unwrap().len()
        };
        assert_eq!((open("2026-07-31", "").await, open("2026-08-01", "").await, open("2026-08-01", "&closed=true").await), (1, 0, 1));
        desk.employer.patch(&post_path, &json!({ "closed_on": null })).await.expect_problem(422, "invalid");
        desk.employer.patch(&service_path, &json!({ "closed_on": null })).await.expect(200);
        let again = desk.employer.patch(&post_path, &json!({ "closed_on": null })).await.expect(200);
        assert_eq!(again["post"]["closed_on"], Value::Null);
    }

    async fn the_second_of_two_who_edit_is_told_and_nothing_is_lost(test: TestApp) {
        let desk = desk(&test).await;
        let path = desk.path(&format!("/services/{}", desk.service));
        let tag = desk.employer.get(&path).await.header("etag").to_owned();
        desk.employer.patch_if(&path, &tag, &json!({ "name": "Govan hub" })).await.expect(200);
        desk.employer.patch_if(&path, &tag, &json!({ "name": "Govan house" })).await.expect_problem(412, "changed_meanwhile");
        assert_eq!(desk.employer.get(&path).await.expect(200)["name"], "Govan hub");
    }

    async fn a_manager_reads_the_own_services_and_changes_nothing(test: TestApp) {
        let desk = desk(&test).await;
        let other = build::service(desk.organisation).name("Paisley team").save(&test).await;
        let (here, there) = (build::post(desk.service).save(&test).await, build::post(other).save(&test).await);
        build::member(&test, other, "Calum").await;
        let services = desk.manager.get(&desk.path("/services")).await.expect(200);
        assert_eq!(names(&services), ["Govan recovery team"]);
        let posts = desk.manager.get(&desk.path("/posts")).await.expect(200);
        assert_eq!(posts["items"].as_array().unwrap().len(), 1);
        let overview = desk.manager.get(&desk.path("")).await.expect(200);
        assert_eq!((&overview["totals"]["posts"], &overview["totals"]["people"]), (&json!(1), &json!(0)));
        assert_eq!(overview["organisation"]["may_edit"], false);
        desk.manager.get(&desk.path(&format!("/posts/{here}"))).await.expect(200);
        desk.manager.get(&desk.path(&format!("/posts/{there}"))).await.expect_problem(404, "not_found");
        desk.manager.get(&desk.path(&format!("/services/{other}"))).await.expect_problem(404, "not_found");
        for (path, body) in [("/services", a_service()), ("/posts", a_post(desk.service)), ("/reviewed", json!({}))] {
            desk.manager.post(&desk.path(path), &body).await.expect_problem(403, "not_allowed");
        }
        desk.manager.patch(&desk.path(&format!("/posts/{here}")), &json!({ "peer_role": true })).await.expect_problem(403, "not_allowed");
        desk.manager.patch(&desk.path(&format!("/services/{}", desk.service)), &json!({})).await.expect_problem(403, "not_allowed");
    }

    async fn another_organisation_is_not_there(test: TestApp) {
        let desk = desk(&test).await;
        let elsewhere = build::organisation().name("Forth Valley Hub (synthetic)").save(&test).await;
        let service = build::service(elsewhere).save(&test).await;
        let post = build::post(service).save(&test).await;
        for rest in ["", "/services", "/posts"] {
            desk.employer.get(&format!("/api/organisations/{elsewhere}{rest}")).await.expect_problem(404, "not_found");
        }
        desk.employer.get(&desk.path(&format!("/services/{service}"))).await.expect_problem(404, "not_found");
        desk.employer.patch(&desk.path(&format!("/posts/{post}")), &json!({ "peer_role": true })).await.expect_problem(404, "not_found");
        let body = a_post(service);
        let refused = desk.employer.post(&desk.path("/posts"), &body).await.expect_problem(422, "invalid");
        assert_eq!(refused["fields"][0]["code"], "unknown_service");
        desk.employer.post(&format!("/api/organisations/{elsewhere}/services"), &a_service()).await.expect_problem(404, "not_found");
        let mine = desk.employer.get("/api/organisations").await.expect(200);
        assert_eq!(names(&mine), ["Clyde Recovery (synthetic)"]);
    }

    async fn the_employer_says_that_all_is_right_today(test: TestApp) {
        let desk = desk(&test).await;
        assert_eq!(desk.employer.get(&desk.path("")).await.expect(200)["organisation"]["reviewed_on"], Value::Null);
        desk.employer.send(poem::http::Method::POST, &desk.path("/reviewed"), &[], None).await.expect(200);
        assert_eq!(desk.manager.get(&desk.path("")).await.expect(200)["organisation"]["reviewed_on"], "2026-06-30");
    }

    async fn lists_are_walked_page_by_page_in_as_many_statements_however_long(test: TestApp) {
        let desk = desk(&test).await;
        let count = async |path: String| {
            let (answer, statements) = test.statements(desk.employer.get(&path)).await;
            answer.expect(200);
            statements
        };
        build::member(&test, desk.service, "First").await;
        let lists = ["/services", "/posts", ""];
        let mut before = Vec::new();
        for list in lists { before.push(count(desk.path(list)).await); }
        for number in 0..7 {
            let service = build::service(desk.organisation).name(format!("Team {number} é")).save(&test).await;
            build::member(&test, service, "Ailsa").await;
            build::member(&test, service, "Calum").await;
        }
        let mut after = Vec::new();
        for list in lists { after.push(count(desk.path(list)).await); }
        assert_eq!(before, after, "SQL statements of {lists:?}");
        for (list, all) in [("services", 8), ("posts", 15)] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = desk.employer.get(&desk.path(&format!("/{list}?limit=3&cursor={cursor}"))).await.expect(200);
                seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                match page["next_cursor"].as_str() { Some(next) => cursor = next.to_owned(), None => break }
            }
            let walked = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!((walked, seen.len()), (all, all), "{list}");
        }
    }

    async fn what_is_wrong_is_said_at_its_field_and_hostile_text_stays_text(test: TestApp) {
        let desk = desk(&test).await;
        let wrong = json!({ "name": " ", "area": "nhs-fife", "service_type": "spa", "tier": "9", "sector": "x" });
        let problem = desk.employer.post(&desk.path("/services"), &wrong).await.expect_problem(422, "invalid");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["name", "area", "service_type", "tier", "sector"]);
        let mut unknown = a_service();
        unknown["colour"] = json!("loch");
        desk.employer.post(&desk.path("/services"), &unknown).await.expect(422);
        let mut volunteer = a_post(desk.service);
        volunteer["volunteer"] = json!(true);
        desk.employer.post(&desk.path("/posts"), &volunteer).await.expect_problem(422, "invalid");
        volunteer["establishment_thousandths"] = json!(0);
        let made = desk.employer.post(&desk.path("/posts"), &volunteer).await.expect(201);
        assert_eq!(made["post"]["pay_framework"], "volunteer");
        for name in ["'); DROP TABLE service;--", "<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "مركز 🪨 é"] {
            let mut service = a_service();
            service["name"] = json!(name);
            assert_eq!(desk.employer.post(&desk.path("/services"), &service).await.expect(201)["name"], name);
        }
    }
}
