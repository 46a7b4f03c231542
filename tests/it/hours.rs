//! Hours of appointments: what may be a slip is asked back, and hours change from a day on
//! without anybody leaving. Two at once cannot cross.

use entity::{appointment, person, post};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::joining::{Place, place};
use crate::on_both_databases;
use crate::support::build;

fn body(place: &Place, minutes: i32) -> Value {
    json!({ "post_id": place.post, "starts_on": "2026-06-01", "weekly_minutes": minutes })
}

on_both_databases! {
    async fn a_post_that_opened_later_is_asked_back_and_opens_with_its_first_holder(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let post = build::post(place.service).opened_on(build::day("2024-04-01")).save(&test).await;
        let person = build::person(&test, "Ailsa").await;
        build::appointment(person, place.post).minutes(600).save(&test).await;
        let path = place.path(&format!("/{person}/appointments"));
        let body = |from: &str, confirmed: Value| json!({ "post_id": post, "starts_on": from, "weekly_minutes": 600, "confirmed": confirmed });
        let asked = place.employer.post(&path, &body("2023-01-10", json!([]))).await.expect_problem(409, "please_confirm");
        assert_eq!((&asked["fields"][0]["field"], &asked["fields"][0]["code"]), (&json!("starts_on"), &json!("opened_later")));
        assert_eq!(asked["fields"][0]["message"], "This post opened on 1 April 2024. Was it open earlier? It opens on 10 January 2023 then.");
        let of_post = format!("/api/organisations/{}/posts/{post}", place.organisation);
        assert_eq!(place.employer.get(&of_post).await.expect(200)["post"]["opened_on"], "2024-04-01", "nothing moves without a yes");
        let made = place.employer.post(&path, &body("2023-01-10", json!(["opened_later"]))).await.expect(201);
        let shown = place.employer.get(&of_post).await.expect(200);
        assert_eq!((&shown["post"]["opened_on"], &shown["establishment"][0]["starts_on"]), (&json!("2023-01-10"), &json!("2023-01-10")));
        // a correction to before the service itself
        let id = made["posts"].as_array().unwrap().iter().find(|one| one["post_id"] == json!(post)).unwrap()["id"].as_str().unwrap().to_owned();
        let earlier = json!({ "starts_on": "2019-02-01" });
        let asked = place.employer.patch(&format!("{path}/{id}"), &earlier).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0]["message"], "This post opened on 10 January 2023. Was it open earlier? The post and its service open on 1 February 2019 then.");
        let sure = json!({ "starts_on": "2019-02-01", "confirmed": ["opened_later"] });
        place.employer.patch(&format!("{path}/{id}"), &sure).await.expect(200);
        let service = place.employer.get(&format!("/api/organisations/{}/services/{}", place.organisation, place.service)).await.expect(200);
        assert_eq!(service["opened_on"], "2019-02-01");
        assert_eq!(place.employer.get(&of_post).await.expect(200)["post"]["opened_on"], "2019-02-01");
        // somebody new, and somebody who moves there
        let new = build::post(place.service).opened_on(build::day("2026-06-01")).save(&test).await;
        let add = json!({ "given_name": "Calum", "family_name": "Reid", "appointment": { "post_id": new, "starts_on": "2026-05-01", "weekly_minutes": 600 } });
        let asked = place.employer.post(&place.path(""), &add).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0]["field"], "appointment.starts_on");
        let mut sure = add;
        sure["confirmed"] = json!(["opened_later"]);
        place.employer.post(&place.path(""), &sure).await.expect(201);
        let last = build::post(place.service).opened_on(build::day("2026-06-01")).save(&test).await;
        let change = json!({ "from": "2026-05-20", "weekly_minutes": 300, "post_id": last });
        let current = place.page(person).await["posts"].as_array().unwrap().iter().find(|one| one["post_id"] == json!(place.post)).unwrap()["id"].as_str().unwrap().to_owned();
        let asked = place.employer.post(&format!("{path}/{current}/change"), &change).await.expect_problem(409, "please_confirm");
        assert_eq!((&asked["fields"][0]["field"], &asked["fields"][0]["code"]), (&json!("from"), &json!("opened_later")));
    }

    async fn a_post_filled_beyond_its_funding_is_asked_back_once(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let (ailsa, calum) = (build::person(&test, "Ailsa").await, build::person(&test, "Calum").await);
        let first = build::appointment(ailsa, place.post).save(&test).await;
        let other = build::post(place.service).save(&test).await;
        build::appointment(calum, other).minutes(300).save(&test).await;
        let path = place.path(&format!("/{calum}/appointments"));
        let body = |confirmed: Value| json!({ "post_id": place.post, "starts_on": "2026-06-01", "weekly_minutes": 1080, "confirmed": confirmed });
        let asked = place.employer.post(&path, &body(json!([]))).await.expect_problem(409, "please_confirm");
        assert_eq!((&asked["fields"][0]["field"], &asked["fields"][0]["code"]), (&json!("post_id"), &json!("beyond_funding")));
        assert!(asked["fields"][0]["message"].as_str().unwrap().contains("over by 0.5 WTE"), "{asked}");
        let made = place.employer.post(&path, &body(json!(["beyond_funding"]))).await.expect(201);
        let second = made["posts"].as_array().unwrap().iter().find(|one| one["post_id"] == json!(place.post)).unwrap()["id"].as_str().unwrap().to_owned();
        // fewer hours make it no worse, more do
        let fewer = place.employer.patch(&format!("{path}/{second}"), &json!({ "weekly_minutes": 900 })).await.expect(200);
        let second = fewer["posts"].as_array().unwrap().iter().find(|one| one["post_id"] == json!(place.post)).unwrap()["id"].as_str().unwrap().to_owned();
        let more = json!({ "weekly_minutes": 1800 });
        let asked = place.employer.patch(&format!("{path}/{second}"), &more).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0]["code"], "beyond_funding");
        // leaving is never asked about
        let end = json!({ "ends_on": "2026-06-30", "reason": "another_job" });
        place.employer.post(&place.path(&format!("/{ailsa}/appointments/{first}/end")), &end).await.expect(200);
        // who begins the day after is not beyond it
        let (iona, free) = (build::member(&test, place.service, "Iona").await, build::post(place.service).save(&test).await);
        build::appointment(build::person(&test, "Eilidh").await, free).until(Some(build::day("2026-06-14"))).save(&test).await;
        let after = json!({ "post_id": free, "starts_on": "2026-06-15", "weekly_minutes": 2160, "confirmed": ["over_48_hours"] });
        place.employer.post(&place.path(&format!("/{iona}/appointments")), &after).await.expect(201);
    }

    async fn unusual_hours_are_asked_back_once(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let person = build::person(&test, "Ailsa").await;
        let first = build::post(place.service).save(&test).await;
        build::appointment(person, first).minutes(3600).save(&test).await;
        let path = place.path(&format!("/{person}/appointments"));
        let asked = place.employer.post(&path, &body(&place, 37 * 60)).await.expect_problem(409, "please_confirm");
        assert_eq!((&asked["fields"][0]["field"], &asked["fields"][0]["code"]), (&json!("weekly_minutes"), &json!("over_48_hours")));
        assert!(asked["detail"].as_str().unwrap().contains("97 hours"), "{asked}");
        let mut sure = body(&place, 37 * 60);
        sure["confirmed"] = json!(["over_48_hours"]);
        let two = place.employer.post(&path, &sure).await.expect(201);
        let second = two["posts"].as_array().unwrap().iter().find(|one| one["post_id"] == json!(place.post)).unwrap()["id"].as_str().unwrap().to_owned();
        // none at all: asked of staff, never of volunteers
        let correct = format!("{path}/{second}");
        let asked = place.employer.patch(&correct, &json!({ "weekly_minutes": 0 })).await.expect_problem(409, "please_confirm");
        assert_eq!(asked["fields"][0]["code"], "over_48_hours", "the other post alone is over it");
        assert_eq!(asked["fields"][1]["code"], "no_hours");
        place.employer.patch(&correct, &json!({ "weekly_minutes": 0, "confirmed": ["no_hours"] })).await.expect_problem(409, "please_confirm");
        let none = place.employer.patch(&correct, &json!({ "weekly_minutes": 0, "confirmed": ["no_hours", "over_48_hours"] })).await.expect(200);
        assert!(none["posts"].as_array().unwrap().iter().any(|one| one["weekly_minutes"] == 0));
        let helping = build::post(place.service).role("volunteer").save(&test).await;
        let tx = cairn::base::db::write(&test.app.db).await.unwrap();
        post::Entity::update(post::ActiveModel { id: Set(helping), volunteer: Set(true), ..Default::default() }).exec(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let helper = build::member(&test, place.service, "Imran").await;
        let volunteer = json!({ "post_id": helping, "starts_on": "2026-06-01", "weekly_minutes": 0 });
        place.employer.post(&place.path(&format!("/{helper}/appointments")), &volunteer).await.expect(201);
        // more than a week has, whoever says so
        let third = build::post(place.service).save(&test).await;
        for (post, minutes) in [(third, 6000)] {
            let body = json!({ "post_id": post, "starts_on": "2026-06-01", "weekly_minutes": minutes, "confirmed": ["over_48_hours", "beyond_funding"] });
            place.employer.post(&path, &body).await.expect(201);
        }
        let fourth = build::post(place.service).save(&test).await;
        let body = json!({ "post_id": fourth, "starts_on": "2026-06-01", "weekly_minutes": 2160, "confirmed": ["over_48_hours"] });
        let problem = place.employer.post(&path, &body).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["code"], "too_many_hours");
    }

    async fn hours_change_from_a_day_on_without_a_leaver(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let person = build::person(&test, "Ailsa").await;
        let appointment = build::appointment(person, place.post).save(&test).await;
        let item = crate::support::learn::module(&test, place.organisation, "Naloxone", None).await;
        crate::support::learn::require(&test, Some(place.organisation), None, item).await;
        let status = format!("/api/organisations/{}/status", place.organisation);
        let before = place.employer.get(&status).await.expect(200)["items"][0]["cells"].clone();
        let path = place.path(&format!("/{person}/appointments/{appointment}/change"));
        for (from, minutes, field, code) in [
            ("2024-01-08", 1080, "from", "not_after_start"),
            ("2026-06-01", 2160, "weekly_minutes", "unchanged"),
            ("2026-06-01", 6001, "weekly_minutes", "out_of_range"),
        ] {
            let problem = place.employer.post(&path, &json!({ "from": from, "weekly_minutes": minutes })).await.expect_problem(422, "invalid");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!(field), &json!(code)), "{problem}");
        }
        place.employer.post(&path, &json!({ "from": "2026-06-01", "weekly_minutes": 3600 })).await.expect_problem(409, "please_confirm");
        let changed = place.employer.post(&path, &json!({ "from": "2026-06-01", "weekly_minutes": 1080 })).await.expect(200);
        let posts = changed["posts"].as_array().unwrap();
        assert_eq!((&posts[0]["starts_on"], &posts[0]["weekly_minutes"], &posts[0]["state"]), (&json!("2026-06-01"), &json!(1080), &json!("current")));
        assert_eq!((&posts[1]["ends_on"], &posts[1]["goes_on"], posts[1].get("leaving_reason")), (&json!("2026-05-31"), &json!(true), None));
        assert_eq!(place.employer.get(&status).await.expect(200)["items"][0]["cells"], before, "what is asked of them begins with their first day");
        place.employer.post(&path, &json!({ "from": "2026-06-01", "weekly_minutes": 1080 })).await.expect_problem(409, "superseded");
        // to another post here: one form, and nobody leaves the organisation
        let other = build::post(place.service).role("peer_worker").save(&test).await;
        let now = posts[0]["id"].as_str().unwrap();
        let path = place.path(&format!("/{person}/appointments/{now}/change"));
        let moved = place.employer.post(&path, &json!({ "from": "2026-07-01", "weekly_minutes": 1080, "post_id": other })).await.expect(200);
        let closed = moved["posts"].as_array().unwrap().iter().find(|one| one["ends_on"] == "2026-06-30").unwrap();
        assert_eq!((&closed["leaving_reason"], &closed["goes_on"]), (&json!("moved_post"), &json!(false)));
        assert!(moved["posts"].as_array().unwrap().iter().any(|one| one["post_id"] == json!(other) && one["state"] == "upcoming"));
    }

    async fn one_person_added_ten_times_at_once_is_one(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let body = json!({ "given_name": "Kate", "family_name": "Reid", "email": "kate@example.org", "confirmed": ["maybe_same"], "appointment": body(&place, 600) });
        let before = person::Entity::find().count(&test.app.db).await.unwrap();
        let path = place.path("");
        let answers = futures_util::future::join_all((0..10).map(|_| place.employer.post(&path, &body))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
        assert_eq!(person::Entity::find().count(&test.app.db).await.unwrap(), before + 1);
    }

    async fn overlapping_appointments_at_once_are_one(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let person = build::member(&test, place.service, "Ailsa").await;
        let (path, body) = (place.path(&format!("/{person}/appointments")), body(&place, 300));
        let answers = futures_util::future::join_all((0..10).map(|_| place.employer.post(&path, &body))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status.as_u16() == 201).count(), 1);
        let rows = appointment::Entity::find().filter(appointment::Column::PostId.eq(place.post)).order_by_asc(appointment::Column::Id);
        assert_eq!(rows.count(&test.app.db).await.unwrap(), 1);
    }

    async fn nobody_is_appointed_to_a_post_that_closes_meanwhile(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let posts = format!("/api/organisations/{}/posts", place.organisation);
        for round in 0..6 {
            let post = build::post(place.service).save(&test).await;
            let person = build::person(&test, &format!("Ailsa {round}")).await;
            let held = build::post(place.service).save(&test).await;
            build::appointment(person, held).minutes(60).save(&test).await;
            let (close, path) = (json!({ "closed_on": "2026-06-15" }), place.path(&format!("/{person}/appointments")));
            let appoint = json!({ "post_id": post, "starts_on": "2026-06-01", "weekly_minutes": 600 });
            let closing = format!("{posts}/{post}");
            let (closed, appointed) = tokio::join!(place.employer.patch(&closing, &close), place.employer.post(&path, &appoint));
            let both = (closed.status.as_u16() == 200, appointed.status.as_u16() == 201);
            assert!(both != (true, true), "closed and filled: {} {}", closed.text(), appointed.text());
        }
    }
}
