//! People and their appointments: what an employer may see and do, that corrections keep what
//! was, and that a person can read who looked.

use cairn::account::NewAccount;
use chrono::TimeDelta;
use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ServiceId};
use entity::value::Role;
use entity::{access_event, appointment, person};
use poem::http::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::{Client, TestApp};

struct Desk {
    organisation: OrganisationId,
    service: ServiceId,
    post: PostId,
    employer: Client,
    manager: Client,
}

impl Desk {
    fn path(&self, rest: &str) -> String {
        format!("/api/organisations/{}/people{rest}", self.organisation)
    }

    async fn list(&self, query: &str) -> Vec<String> {
        let list = self.employer.get(&self.path(query)).await.expect(200);
        list["items"].as_array().unwrap().iter().map(|row| row["given_name"].as_str().unwrap().to_owned()).collect()
    }
}

async fn desk(test: &TestApp) -> Desk {
    let organisation = build::organisation().save(test).await;
    let service = build::service(organisation).save(test).await;
    let post = build::post(service).save(test).await;
    let employer = signed_in(test, "employer@example.org", organisation, None).await;
    let manager = signed_in(test, "manager@example.org", organisation, Some(service)).await;
    Desk { organisation, service, post, employer, manager }
}

async fn signed_in(test: &TestApp, email: &str, organisation: OrganisationId, service: Option<ServiceId>) -> Client {
    let role = Some(if service.is_some() { Role::Manager } else { Role::Employer });
    let person = Some(build::person(test, email).await);
    let organisation = Some(organisation);
    let email = email.to_owned();
    test.account(NewAccount { email: email.clone(), role, organisation, service, person, ..NewAccount::default() })
        .await;
    test.sign_in(&email).await
}

fn ailsa(post: PostId) -> Value {
    json!({ "given_name": "Ailsa", "family_name": "Mackay", "email": "ailsa@example.org",
            "appointment": { "post_id": post, "starts_on": "2026-04-06", "weekly_minutes": 1080 } })
}

fn id(answer: &Value) -> PersonId {
    serde_json::from_value(answer["id"].clone()).unwrap()
}

async fn history(test: &TestApp, person: PersonId) -> Vec<appointment::Model> {
    let rows = appointment::Entity::find().filter(appointment::Column::PersonId.eq(person));
    rows.order_by_asc(appointment::Column::Id).all(&test.app.db).await.unwrap()
}

on_both_databases! {
    async fn an_employer_adds_a_person_who_then_fills_part_of_the_post(test: TestApp) {
        let desk = desk(&test).await;
        let made = desk.employer.post(&desk.path(""), &ailsa(desk.post)).await;
        let person = made.expect(201);
        assert_eq!((person["given_name"].as_str(), made.header("etag")), (Some("Ailsa"), "\"1\""));
        assert_eq!(person["posts"][0]["role_label"], "Drug and alcohol or recovery worker");
        assert_eq!(person["posts"][0]["wte_thousandths"], 500, "18 of 36 hours");
        let posts = desk.employer.get(&format!("/api/organisations/{}/posts", desk.organisation)).await.expect(200);
        assert_eq!(posts["items"][0]["vacant_thousandths"], 500);
        let list = desk.employer.get(&desk.path("")).await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["posts"][0]["service_name"]), (&json!(1), &json!("Govan recovery team")));
    }

    async fn ending_and_correcting_supersede_and_keep_what_was(test: TestApp) {
        let desk = desk(&test).await;
        let person = id(&desk.employer.post(&desk.path(""), &ailsa(desk.post)).await.expect(201));
        let first = history(&test, person).await[0].id;
        let of = |appointment: AppointmentId| desk.path(&format!("/{person}/appointments/{appointment}"));
        test.app.clock.advance(chrono::TimeDelta::hours(1));
        let corrected = desk.employer.patch(&of(first), &json!({ "weekly_minutes": 2160 })).await.expect(200);
        assert_eq!(corrected["posts"].as_array().unwrap().len(), 1);
        assert_eq!((&corrected["posts"][0]["wte_thousandths"], &corrected["posts"][0]["corrected"]), (&json!(1000), &json!(true)));
        desk.employer.patch(&of(first), &json!({ "weekly_minutes": 60 })).await.expect_problem(409, "superseded");
        let second: AppointmentId = serde_json::from_value(corrected["posts"][0]["id"].clone()).unwrap();
        let end = json!({ "ends_on": "2026-06-29", "reason": "another_job" });
        let ended = desk.employer.post(&format!("{}/end", of(second)), &end).await.expect(200);
        assert_eq!((&ended["here_now"], &ended["posts"][0]["state"]), (&json!(false), &json!("ended")));
        let rows = history(&test, person).await;
        let shown: Vec<_> = rows.iter().map(|row| (row.weekly_minutes, row.ends_on, row.superseded_at.is_some(), row.supersedes)).collect();
        assert_eq!(shown, [
            (1080, None, true, None),
            (2160, None, true, Some(rows[0].id)),
            (2160, Some(day("2026-06-29")), false, Some(rows[1].id)),
        ]);
        assert_eq!(rows[0].superseded_at, Some(rows[1].recorded_at));
        assert!(rows.iter().all(|row| row.recorded_by.is_some()));
        // repeating what already stands writes nothing
        let third = rows[2].id;
        desk.employer.post(&format!("{}/end", of(third)), &end).await.expect(200);
        assert_eq!(history(&test, person).await.len(), 3);
    }

    async fn impossible_appointments_are_refused_at_their_field(test: TestApp) {
        let desk = desk(&test).await;
        let person = id(&desk.employer.post(&desk.path(""), &ailsa(desk.post)).await.expect(201));
        let path = desk.path(&format!("/{person}/appointments"));
        let elsewhere = build::service(build::organisation().save(&test).await).save(&test).await;
        let foreign = build::post(elsewhere).save(&test).await;
        let other = build::post(desk.service).closed_on(Some(day("2026-01-01"))).save(&test).await;
        let cases = [
            (desk.post, "2026-06-01", None, 60, "starts_on", "overlaps"),
            (desk.post, "2021-01-10", Some("2021-01-09"), 60, "ends_on", "ends_before_start"),
            (desk.post, "2021-01-10", Some("2021-02-09"), -1, "weekly_minutes", "out_of_range"),
            (desk.post, "2021-01-10", Some("2021-02-09"), 6001, "weekly_minutes", "out_of_range"),
            (other, "2025-06-01", None, 60, "post_id", "post_closed"),
            (foreign, "2025-06-01", None, 60, "post_id", "unknown_post"),
        ];
        for (post, starts_on, ends_on, weekly_minutes, field, code) in cases {
            let body = json!({ "post_id": post, "starts_on": starts_on, "ends_on": ends_on, "weekly_minutes": weekly_minutes });
            let problem = desk.employer.post(&path, &body).await.expect_problem(422, "invalid");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!(field), &json!(code)));
        }
        assert_eq!(history(&test, person).await.len(), 1, "nothing was written");
        let second = build::post(desk.service).save(&test).await;
        let body = json!({ "post_id": second, "starts_on": "2026-06-01", "weekly_minutes": 600 });
        let two = desk.employer.post(&path, &body).await.expect(201);
        assert_eq!(two["posts"].as_array().unwrap().len(), 2, "one person may hold several posts");
    }

    async fn doubts_are_asked_back_before_a_second_person_is_made(test: TestApp) {
        let desk = desk(&test).await;
        let kate = json!({ "given_name": "Kate", "family_name": "Reid", "email": "kate@example.org",
            "appointment": { "post_id": desk.post, "starts_on": "2026-04-06", "weekly_minutes": 1080 } });
        let first = id(&desk.employer.post(&desk.path(""), &kate).await.expect(201));
        let again = desk.employer.post(&desk.path(""), &kate).await.expect_problem(409, "already_here");
        assert!(again["existing"].as_str().unwrap().ends_with(&first.to_string()));
        let with = |given: &str, family: &str, email: Option<&str>| {
            let mut body = kate.clone();
            (body["given_name"], body["family_name"], body["email"]) = (json!(given), json!(family), json!(email));
            body
        };
        for (given, family, email, field, why) in [
            ("Somebody", "Unknown", Some("KATE@example.org"), "email", "same_email"),
            ("Kate", "Reid", None, "given_name", "same_name"),
            ("Katherine", "Reid", Some("k.reid@example.org"), "given_name", "near_name"),
            ("Kate", "Ried", None, "given_name", "near_name"),
        ] {
            let body = with(given, family, email);
            let asked = desk.employer.post(&desk.path(""), &body).await.expect_problem(409, "please_confirm");
            assert_eq!((&asked["fields"][0]["field"], &asked["fields"][0]["code"]), (&json!(field), &json!("maybe_same")));
            assert!(asked["existing"].as_str().unwrap().ends_with(&first.to_string()));
            let wanted = json!({ "given_name": given, "family_name": family, "email": email });
            let shown = desk.employer.post(&desk.path("/matches"), &wanted).await.expect(200);
            assert_eq!((&shown["items"][0]["why"], &shown["items"][0]["person"]["given_name"]), (&json!(why), &json!("Kate")));
            assert_eq!(shown["items"][0]["person"]["posts"][0]["service_name"], "Govan recovery team");
        }
        let other = desk.employer.post(&desk.path("/matches"), &json!({ "given_name": "Morag", "family_name": "Bell" })).await.expect(200);
        assert_eq!(other["items"], json!([]));
        desk.manager.post(&desk.path("/matches"), &json!({ "given_name": "Kate" })).await.expect_problem(403, "not_allowed");
        // somebody else indeed
        let mut sure = with("Katherine", "Reid", None);
        sure["confirmed"] = json!(["maybe_same"]);
        assert_ne!(id(&desk.employer.post(&desk.path(""), &sure).await.expect(201)), first);
        let missing = desk.employer.post(&desk.path(""), &with("", "", Some("nothing"))).await.expect_problem(422, "invalid");
        assert_eq!(missing["fields"].as_array().unwrap().len(), 2, "what is wrong comes before what is asked");
    }

    async fn an_address_is_the_employers_to_see_and_change(test: TestApp) {
        let desk = desk(&test).await;
        let person = id(&desk.employer.post(&desk.path(""), &ailsa(desk.post)).await.expect(201));
        let path = desk.path(&format!("/{person}"));
        let mut other = ailsa(build::post(desk.service).save(&test).await);
        (other["given_name"], other["family_name"], other["email"]) = (json!("Morag"), json!("Bell"), json!("morag@example.org"));
        let morag = id(&desk.employer.post(&desk.path(""), &other).await.expect(201));
        let changed = desk.employer.patch(&path, &json!({ "email": "a.mackay@example.org" })).await.expect(200);
        assert_eq!((&changed["email"], &changed["given_name"]), (&json!("a.mackay@example.org"), &json!("Ailsa")));
        let taken = desk.employer.patch(&path, &json!({ "email": "Morag@example.org" })).await.expect_problem(409, "address_taken");
        assert!(taken["existing"].as_str().unwrap().ends_with(&morag.to_string()));
        desk.employer.patch(&path, &json!({ "email": "no address" })).await.expect_problem(422, "invalid");
        let none = desk.employer.patch(&path, &json!({ "email": null })).await.expect(200);
        assert_eq!((none.get("email"), &none["confirmation"]), (None, &json!("not_asked")));
    }

    async fn an_employer_sees_only_what_happened_there(test: TestApp) {
        let desk = desk(&test).await;
        let elsewhere = build::organisation().name("Forth Valley Hub (synthetic)").save(&test).await;
        let their_service = build::service(elsewhere).name("Alloa team").save(&test).await;
        let person = build::member(&test, their_service, "Calum").await;
        let path = desk.path(&format!("/{person}"));
        desk.employer.get(&path).await.expect_problem(404, "not_found");
        desk.employer.patch(&path, &json!({ "given_name": "X" })).await.expect_problem(404, "not_found");
        let body = json!({ "post_id": desk.post, "starts_on": "2026-06-01", "weekly_minutes": 600 });
        desk.employer.post(&format!("{path}/appointments"), &body).await.expect_problem(404, "not_found");
        build::appointment(person, desk.post).until(Some(day("2025-12-31"))).save(&test).await;
        let seen = desk.employer.get(&path).await.expect(200);
        assert_eq!(seen["posts"].as_array().unwrap().len(), 1);
        assert_eq!((&seen["posts"][0]["service_name"], &seen["here_now"]), (&json!("Govan recovery team"), &json!(false)));
        desk.employer.patch(&path, &json!({ "given_name": "X" })).await.expect_problem(403, "not_allowed");
        assert_eq!(desk.list("").await, Vec::<String>::new());
        assert_eq!(desk.list("?presence=former").await, ["Calum"]);
        let theirs = history(&test, person).await.into_iter().find(|row| row.post_id != desk.post).unwrap().id;
        let end = json!({ "ends_on": "2026-06-29", "reason": "other" });
        desk.employer.post(&format!("{path}/appointments/{theirs}/end"), &end).await.expect_problem(404, "not_found");
    }

    async fn a_manager_sees_the_own_services_people_and_changes_none(test: TestApp) {
        let desk = desk(&test).await;
        let other = build::service(desk.organisation).name("Paisley team").save(&test).await;
        let (here, there) = (build::member(&test, desk.service, "Ailsa").await, build::member(&test, other, "Calum").await);
        build::appointment(here, build::post(other).save(&test).await).save(&test).await;
        let list = desk.manager.get(&desk.path("")).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let seen = desk.manager.get(&desk.path(&format!("/{here}"))).await.expect(200);
        assert_eq!(seen["posts"].as_array().unwrap().len(), 1, "not the post at the other service");
        desk.manager.get(&desk.path(&format!("/{there}"))).await.expect_problem(404, "not_found");
        let appointment = history(&test, here).await[0].id;
        let path = desk.path(&format!("/{here}"));
        desk.manager.post(&desk.path(""), &ailsa(desk.post)).await.expect_problem(403, "not_allowed");
        desk.manager.patch(&path, &json!({ "given_name": "X" })).await.expect_problem(403, "not_allowed");
        desk.manager.patch(&format!("{path}/appointments/{appointment}"), &json!({})).await.expect_problem(403, "not_allowed");
        let end = json!({ "ends_on": "2026-06-29", "reason": "other" });
        desk.manager.post(&format!("{path}/appointments/{appointment}/end"), &end).await.expect_problem(403, "not_allowed");
    }

    async fn people_are_found_by_folded_words_and_walked_in_order(test: TestApp) {
        let desk = desk(&test).await;
        for (given, family) in [("Sìne", "NicDhòmhnaill"), ("Zoë", "Adams"), ("100%", "Under_score"), ("محمد", "🪨"), ("Zoe", "Brown")] {
            let person = build::person_named(&test, given, family).await;
            build::appointment(person, build::post(desk.service).save(&test).await).save(&test).await;
        }
        assert_eq!(desk.list("?q=nicdhomh%20sine").await, ["Sìne"]);
        assert_eq!(desk.list("?q=ZOE").await, ["Zoë", "Zoe"]);
        assert_eq!(desk.list("?q=%25").await, ["100%"], "no wildcard");
        assert_eq!(desk.list("?q=محمد").await, ["محمد"]);
        assert_eq!(desk.list("?q=%00").await.len(), 5);
        assert_eq!(desk.list(&format!("?post={}", desk.post)).await, Vec::<String>::new());
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = desk.employer.get(&desk.path(&format!("?limit=2&cursor={cursor}"))).await.expect(200);
            assert_eq!(page["total"], 5);
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["family_name"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() { Some(next) => cursor = next.to_owned(), None => break }
        }
        assert_eq!(seen.len(), 5);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    async fn a_longer_list_takes_no_more_statements(test: TestApp) {
        let desk = desk(&test).await;
        // two, because a look at one person alone is noted in one statement instead of two
        for name in ["First", "Second"] {
            build::member(&test, desk.service, name).await;
        }
        let (few, before) = test.statements(desk.employer.get(&desk.path(""))).await;
        few.expect(200);
        for number in 0..20 {
            build::member(&test, desk.service, &format!("Person {number}")).await;
        }
        let (many, after) = test.statements(desk.employer.get(&desk.path(""))).await;
        assert_eq!(many.expect(200)["items"].as_array().unwrap().len(), 22);
        assert_eq!(before, after);
    }

    async fn names_of_every_kind_come_back_as_they_were_written(test: TestApp) {
        let desk = desk(&test).await;
        let names = ["🧑🏽‍⚕️", "\u{202e}שלום", "e\u{301}o\u{308}", "<b onmouseover=alert(1)>", "Robert'); DROP TABLE person;--", "=1+1", "@SUM(A1)"];
        for (number, name) in names.iter().enumerate() {
            let post = build::post(desk.service).save(&test).await;
            let mut body = ailsa(post);
            body["given_name"] = json!(name);
            body["email"] = json!(format!("p{number}@example.org"));
            let person = desk.employer.post(&desk.path(""), &body).await.expect(201);
            // but for a sign that turns the line around, and in the one way in which a letter is written
            let kept = name.replace('\u{202e}', "").replace("e\u{301}", "\u{e9}").replace("o\u{308}", "\u{f6}");
            assert_eq!(person["given_name"], kept);
            assert_eq!(desk.employer.get(&desk.path(&format!("/{}", id(&person)))).await.expect(200)["given_name"], kept);
        }
        let person = id(&desk.employer.get(&desk.path("")).await.expect(200)["items"][0]);
        let path = desk.path(&format!("/{person}"));
        let renamed = desk.employer.patch_if(&path, "\"1\"", &json!({ "given_name": "  Eilidh\u{200b}\t", "family_name": null })).await.expect(200);
        assert_eq!((&renamed["given_name"], &renamed["family_name"]), (&json!("Eilidh"), &json!("")));
        desk.employer.patch_if(&path, "\"1\"", &json!({ "given_name": "Late" })).await.expect_problem(412, "changed_meanwhile");
        desk.employer.patch(&path, &json!({ "given_name": " " })).await.expect_problem(422, "invalid");
        desk.employer.patch(&path, &json!({ "born_on": "1990-01-01" })).await.expect(422);
    }

    async fn a_person_can_read_who_saw_their_record(test: TestApp) {
        let desk = desk(&test).await;
        let person = build::member(&test, desk.service, "Ailsa").await;
        test.account(NewAccount { email: "ailsa@example.org".to_owned(), person: Some(person), ..NewAccount::default() }).await;
        let own = test.sign_in("ailsa@example.org").await;
        assert_eq!(own.get("/api/me/access").await.expect(200)["items"], json!([]));
        desk.employer.get(&desk.path(&format!("/{person}"))).await.expect(200);
        test.app.clock.advance(TimeDelta::minutes(5));
        desk.manager.get(&desk.path(&format!("/{person}"))).await.expect(200);
        let seen = own.get("/api/me/access?limit=1").await.expect(200);
        assert_eq!((&seen["items"][0]["what"], &seen["items"][0]["by"]), (&json!("posts"), &json!("manager@example.org Testperson")));
        assert_eq!(seen["items"][0]["organisation_name"], "Clyde Recovery (synthetic)");
        let next = seen["next_cursor"].as_str().unwrap();
        let older = own.get(&format!("/api/me/access?cursor={next}")).await.expect(200);
        assert_eq!(older["items"].as_array().unwrap().len(), 1);
        assert_eq!(older["items"][0]["by"], "employer@example.org Testperson");
        // a page opened again is the same look, one an hour later is another
        let looks = access_event::Entity::find().filter(access_event::Column::PersonId.eq(person));
        let before = looks.clone().count(&test.app.db).await.unwrap();
        desk.manager.get(&desk.path(&format!("/{person}"))).await.expect(200);
        assert_eq!(looks.clone().count(&test.app.db).await.unwrap(), before);
        test.app.clock.advance(TimeDelta::minutes(61));
        desk.manager.get(&desk.path(&format!("/{person}"))).await.expect(200);
        assert_eq!(looks.count(&test.app.db).await.unwrap(), before + 1);
        // a view that is refused, and a look at oneself, leave no trace
        let both = build::person(&test, "Both").await;
        build::appointment(both, desk.post).save(&test).await;
        let organisation = Some(desk.organisation);
        test.account(NewAccount { email: "both@example.org".to_owned(), person: Some(both), role: Some(Role::Employer), organisation, ..NewAccount::default() }).await;
        let both_client = test.sign_in("both@example.org").await;
        both_client.get(&desk.path(&format!("/{both}"))).await.expect(200);
        let events = access_event::Entity::find().filter(access_event::Column::PersonId.eq(both));
        assert_eq!(events.count(&test.app.db).await.unwrap(), 0);
        assert_eq!(own.send(Method::GET, "/api/me/access?cursor=zz", &[], None).await.status.as_u16(), 400);
    }

    async fn nothing_of_a_refused_person_is_kept(test: TestApp) {
        let desk = desk(&test).await;
        let before = person::Entity::find().count(&test.app.db).await.unwrap();
        let mut body = ailsa(desk.post);
        body["appointment"]["weekly_minutes"] = json!(-5);
        body["given_name"] = json!("");
        body["email"] = json!("not an address");
        let problem = desk.employer.post(&desk.path(""), &body).await.expect_problem(422, "invalid");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["given_name", "email", "appointment.weekly_minutes"]);
        assert_eq!(person::Entity::find().count(&test.app.db).await.unwrap(), before);
    }
}
