//! Requests that come at the same moment: each is answered in words, and what must hold holds after.
//! They cross for real on PostgreSQL; SQLite has one writer at a time.

use cairn::account::NewAccount;
use entity::id::{OrganisationId, ServiceId};
use entity::value::Role;
use entity::{appointment, organisation, post, service};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::join;

use crate::on_both_databases;
use crate::support::build;
use crate::support::{Client, TestApp};

/// How often each race is run: not every run crosses.
const ROUNDS: usize = 8;

async fn employer(test: &TestApp) -> (OrganisationId, Client) {
    let place = build::place(test).await;
    let organisation = Some(place.organisation);
    let (email, role) = ("employer@example.org".to_owned(), Some(Role::Employer));
    test.account(NewAccount { email: email.clone(), role, organisation, ..NewAccount::default() }).await;
    (place.organisation, test.sign_in(&email).await)
}

fn a_post(service: ServiceId) -> Value {
    json!({ "service_id": service, "role": "recovery_worker", "establishment_thousandths": 1000 })
}

on_both_databases! {
    async fn posts_made_at_once_without_a_reference_all_get_a_number(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let service = build::service(organisation).name("Leith".to_owned()).save(&test).await;
        let (path, body) = (format!("/api/organisations/{organisation}/posts"), a_post(service));
        let (a, b, c, d) = join!(client.post(&path, &body), client.post(&path, &body), client.post(&path, &body), client.post(&path, &body));
        let mut references: Vec<String> = [a, b, c, d].iter().map(|made| made.expect(201)["post"]["reference"].as_str().unwrap().to_owned()).collect();
        references.sort();
        assert_eq!(references, ["Post 1", "Post 2", "Post 3", "Post 4"]);
    }

    async fn no_post_is_added_to_a_service_that_is_being_closed(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        for _ in 0..ROUNDS {
            let id = build::service(organisation).save(&test).await;
            let (posts, path) = (format!("/api/organisations/{organisation}/posts"), format!("/api/organisations/{organisation}/services/{id}"));
            let (body, closing) = (a_post(id), json!({ "closed_on": "2026-06-30" }));
            let (added, closed) = join!(client.post(&posts, &body), client.patch(&path, &closing));
            closed.expect(200);
            assert!([201, 422].contains(&added.status.as_u16()), "{}", added.text());
            let row = service::Entity::find_by_id(id).one(&test.app.db).await.unwrap().unwrap();
            let open = post::Entity::find().filter(post::Column::ServiceId.eq(id)).filter(post::Column::ClosedOn.is_null());
            assert!(row.closed_on.is_some() && open.one(&test.app.db).await.unwrap().is_none());
        }
    }

    async fn nobody_is_appointed_to_a_post_that_is_being_closed(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let service = build::service(organisation).save(&test).await;
        for round in 0..ROUNDS {
            let id = build::post(service).save(&test).await;
            let path = format!("/api/organisations/{organisation}/posts/{id}");
            let people = format!("/api/organisations/{organisation}/people");
            let person = json!({ "given_name": format!("Ailsa {round}"), "family_name": "Reid",
                "appointment": { "post_id": id, "starts_on": "2026-06-30", "weekly_minutes": 600 } });
            let closing = json!({ "closed_on": "2026-06-30" });
            let (added, closed) = join!(client.post(&people, &person), client.patch(&path, &closing));
            for answer in [&added, &closed] {
                assert!([200, 201, 409, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            }
            let row = post::Entity::find_by_id(id).one(&test.app.db).await.unwrap().unwrap();
            let appointed = appointment::Entity::find().filter(appointment::Column::PostId.eq(id)).one(&test.app.db).await.unwrap();
            assert!(row.closed_on.is_none() || appointed.is_none(), "one of the two had to give way");
            assert!(row.closed_on.is_some() || appointed.is_some(), "and one had to come through");
        }
    }

    async fn a_post_and_its_service_changed_at_once_never_wait_for_each_other(test: TestApp) {
        let (organisation, client) = employer(&test).await;
        let service = build::service(organisation).save(&test).await;
        let id = build::post(service).save(&test).await;
        let (post, place) = (format!("/api/organisations/{organisation}/posts/{id}"), format!("/api/organisations/{organisation}/services/{service}"));
        for round in 0..ROUNDS {
            let (closed, open) = (json!({ "closed_on": "2026-06-30" }), json!({ "closed_on": null }));
            let (a, b) = if round % 2 == 0 { (&closed, &open) } else { (&open, &closed) };
            let (one, other) = join!(client.patch(&post, a), client.patch(&place, b));
            for answer in [one, other] {
                assert!([200, 422].contains(&answer.status.as_u16()), "{}", answer.text());
            }
        }
    }

    async fn of_two_organisations_of_one_name_there_is_one(test: TestApp) {
        let admin = NewAccount { email: "admin@example.org".to_owned(), role: Some(Role::Admin), ..NewAccount::default() };
        test.account(admin).await;
        let admin = test.sign_in("admin@example.org").await;
        let body = json!({ "name": "Forth Recovery", "sector": "third_sector", "is_employer": true });
        let (one, other) = join!(admin.post("/api/organisations", &body), admin.post("/api/organisations", &body));
        let mut answers = [one.status.as_u16(), other.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409]);
        let named = organisation::Entity::find().filter(organisation::Column::Name.eq("Forth Recovery"));
        assert_eq!(named.all(&test.app.db).await.unwrap().len(), 1);
    }
}
