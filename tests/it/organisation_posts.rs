//! Posts as their employer lists and enters them: in the order of people, with what needs
//! attention, and with a question where something is unusual.

use cairn::account::NewAccount;
use entity::id::OrganisationId;
use entity::value::Role;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::{Client, TestApp};

async fn employer(test: &TestApp) -> (OrganisationId, Client) {
    let organisation = build::organisation().save(test).await;
    let (email, role) = ("employer@example.org".to_owned(), Some(Role::Employer));
    let account = NewAccount { email: email.clone(), role, organisation: Some(organisation), ..NewAccount::default() };
    test.account(account).await;
    (organisation, test.sign_in(&email).await)
}

fn column(list: &Value, name: &str) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn lists_are_in_the_order_of_people_and_walk_without_loss(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        for name in ["Recovery hub", "alpha try", "Team 10", "Beta try", "team 2", "Éire team"] {
            build::service(organisation).name(name.to_owned()).save(&test).await;
        }
        let services = client.get(&format!("/api/organisations/{organisation}/services")).await.expect(200);
        assert_eq!(column(&services, "name"), ["alpha try", "Beta try", "Éire team", "Recovery hub", "team 2", "Team 10"]);
        let service = build::service(organisation).name("A").save(&test).await;
        for reference in ["Post 10", "Post 2", "post 1", "Post 11"] {
            build::post(service).reference(Some(reference.to_owned())).save(&test).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/api/organisations/{organisation}/posts?limit=1&cursor={cursor}")).await.expect(200);
            seen.extend(column(&page, "reference"));
            match page["next_cursor"].as_str() { Some(next) => cursor = next.to_owned(), None => break }
        }
        assert_eq!(seen, ["post 1", "Post 2", "Post 10", "Post 11"]);
    }

    async fn what_has_always_been_there_is_open_since_before_our_records(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let body = json!({"name": "Leith", "area": "council-city-of-edinburgh", "service_type": "assertive_outreach"});
        let service = client.post(&format!("/api/organisations/{organisation}/services"), &body).await.expect(201);
        assert_eq!(service["opened_on"], Value::Null);
        let body = json!({"service_id": service["id"], "role": "recovery_worker", "establishment_thousandths": 1000});
        let post = client.post(&format!("/api/organisations/{organisation}/posts"), &body).await.expect(201);
        assert_eq!((&post["post"]["opened_on"], &post["post"]["vacant_since"], &post["establishment"][0]["starts_on"]), (&Value::Null, &Value::Null, &Value::Null));
        let person = json!({"given_name": "Màiri", "family_name": "NicIlleathain",
            "appointment": {"post_id": post["post"]["id"], "starts_on": "2021-04-01", "weekly_minutes": 2160}});
        client.post(&format!("/api/organisations/{organisation}/people"), &person).await.expect(201);
        let path = format!("/api/organisations/{organisation}/services/{}", service["id"].as_str().unwrap());
        let too_late = client.patch(&path, &json!({"opened_on": "2022-04-01"})).await.expect_problem(422, "invalid");
        assert_eq!(too_late["fields"][0]["code"], "posts_before");
        let path = format!("/api/organisations/{organisation}/posts/{}", post["post"]["id"].as_str().unwrap());
        let opened = client.patch(&path, &json!({"opened_on": "2021-04-01"})).await.expect(200);
        assert_eq!(opened["establishment"][0]["starts_on"], "2021-04-01");
        let again = client.patch(&path, &json!({"opened_on": null})).await.expect(200);
        assert_eq!(again["post"]["opened_on"], Value::Null);
    }

    async fn what_is_unusual_is_asked_back_and_taken_when_acknowledged(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let service = build::service(organisation).save(&test).await;
        let posts = format!("/api/organisations/{organisation}/posts");
        let mut body = json!({"service_id": service, "role": "recovery_worker", "establishment_thousandths": 60_000});
        let asked = client.post(&posts, &body).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0], json!({"field": "establishment_thousandths", "code": "large_post",
            "message": "60 WTE is a great deal for one post. Is that right, or are these several posts?"}));
        body["confirmed"] = json!(["large_post"]);
        client.post(&posts, &body).await.expect(201);
        let post = build::post(service).save(&test).await;
        for name in ["Ailsa", "Calum"] {
            build::appointment(build::person(&test, name).await, post).save(&test).await;
        }
        let path = format!("{posts}/{post}");
        let mut less = json!({"establishment": {"starts_on": "2026-06-30", "wte_thousandths": 500}});
        let asked = client.patch(&path, &less).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0]["code"], "beyond_funding");
        assert!(asked["detail"].as_str().unwrap().contains("over by 1.5 WTE"), "{asked}");
        less["confirmed"] = json!(["beyond_funding"]);
        let done = client.patch(&path, &less).await.expect(200);
        assert_eq!((&done["post"]["over_thousandths"], &done["post"]["vacant_thousandths"]), (&json!(1500), &json!(0)));
    }

    async fn posts_that_need_attention_are_found(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let service = build::service(organisation).save(&test).await;
        let named = |name: &str| build::post(service).reference(Some(name.to_owned()));
        let full = named("over").save(&test).await;
        for name in ["Ailsa", "Calum"] {
            build::appointment(build::person(&test, name).await, full).save(&test).await;
        }
        named("long").save(&test).await;
        let new = named("new").opened_on(day("2026-03-30")).save(&test).await;
        let body = json!({"funding_ends_on": "2026-12-30"});
        client.patch(&format!("/api/organisations/{organisation}/posts/{new}"), &body).await.expect(200);
        for (only, found) in [("long_vacant", "long"), ("over_filled", "over"), ("funding_ends", "new")] {
            let list = client.get(&format!("/api/organisations/{organisation}/posts?only={only}")).await.expect(200);
            assert_eq!(column(&list, "reference"), [found], "{only}");
        }
    }
}
