//! Two entries of one employer that are one human: previewed, merged, taken back.

use cairn::account::NewAccount;
use entity::{appointment, exemption, person_move};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::joining::{isla, place};
use crate::on_both_databases;
use crate::support::{build, learn};

on_both_databases! {
    async fn two_entries_become_one_and_two_again(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let kate = place.add(("Kate", "Reid"), "kate@example.org").await;
        let second = build::post(place.service).save(&test).await;
        let body = json!({ "given_name": "Katherine", "family_name": "Reid", "email": "k.reid@example.org", "confirmed": ["maybe_same"],
            "appointment": { "post_id": second, "starts_on": "2026-05-01", "weekly_minutes": 300 } });
        let katherine = crate::joining::id(&place.employer.post(&place.path(""), &body).await.expect(201));
        let item = learn::module(&test, place.organisation, "Naloxone", None).await;
        learn::require(&test, Some(place.organisation), None, item).await;
        let requirements = place.employer.get(&format!("/api/organisations/{}/requirements", place.organisation)).await.expect(200);
        let requirement = requirements["items"][0]["id"].as_str().unwrap().to_owned();
        let exempt = json!({ "person_id": katherine, "reason": "Works at the fixed site only" });
        place.employer.post(&format!("/api/requirements/{requirement}/exemptions"), &exempt).await.expect(201);
        let path = place.path(&format!("/{kate}/merges/{katherine}"));
        let plan = place.employer.get(&path).await.expect(200);
        assert_eq!((&plan["appointments"], &plan["exemptions"], &plan["clashes"]), (&json!(1), &json!(1), &json!([])));
        assert_eq!((&plan["stays"]["given_name"], &plan["goes"]["given_name"]), (&json!("Kate"), &json!("Katherine")));
        let merged = place.employer.post(&path, &json!({})).await.expect(200);
        assert_eq!((merged["stays"]["posts"].as_array().unwrap().len(), merged.get("goes")), (2, None));
        let list = place.employer.get(&place.path("")).await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["given_name"]), (&json!(1), &json!("Kate")));
        assert_eq!(place.page(katherine).await["id"], json!(kate), "the old page leads on");
        let exempt = |person| exemption::Entity::find().filter(exemption::Column::PersonId.eq(person)).count(&test.app.db);
        assert_eq!((exempt(kate).await.unwrap(), exempt(katherine).await.unwrap()), (1, 0));
        place.employer.post(&path, &json!({})).await.expect_problem(404, "not_found");
        let again = place.employer.delete(&path).await.expect(200);
        assert_eq!((&again["stays"]["posts"][0]["post_id"], &again["goes"]["posts"][0]["post_id"]), (&json!(place.post), &json!(second)));
        let page = place.page(katherine).await;
        assert_eq!((&page["given_name"], &page["email"]), (&json!("Katherine"), &json!("k.reid@example.org")));
        assert_eq!(exempt(katherine).await.unwrap(), 1);
        place.employer.delete(&path).await.expect_problem(404, "not_found");
    }

    async fn what_was_built_on_a_merging_stands_in_the_way_of_its_undoing(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let (kate, twin) = (place.add(("Kate", "Reid"), "kate@example.org").await, build::member(&test, place.service, "Katie").await);
        let path = place.path(&format!("/{kate}/merges/{twin}"));
        place.employer.post(&path, &json!({})).await.expect(200);
        test.app.clock.advance(chrono::TimeDelta::minutes(5));
        let moved = appointment::Entity::find().filter(appointment::Column::PersonId.eq(kate)).filter(appointment::Column::PostId.ne(place.post));
        let moved = moved.one(&test.app.db).await.unwrap().unwrap();
        let end = json!({ "ends_on": "2026-06-29", "reason": "other" });
        place.employer.post(&place.path(&format!("/{kate}/appointments/{}/end", moved.id)), &end).await.expect(200);
        place.employer.delete(&path).await.expect_problem(409, "relied_on");
    }

    async fn some_people_are_never_merged(test: TestApp) {
        let place = place(&test, "Clyde Recovery (synthetic)").await;
        let (isla, _) = isla(&test).await;
        build::appointment(isla, place.post).save(&test).await;
        let twin = build::member(&test, place.service, "Isla").await;
        // the one with an account stays, whichever page one comes from
        let plan = place.employer.get(&place.path(&format!("/{twin}/merges/{isla}"))).await.expect(200);
        assert_eq!(plan["stays"]["id"], json!(isla));
        test.account(NewAccount { email: "twin@example.org".to_owned(), person: Some(twin), ..NewAccount::default() }).await;
        let path = place.path(&format!("/{isla}/merges/{twin}"));
        assert_eq!(place.employer.get(&path).await.expect(200)["clashes"][0]["code"], "both_confirmed");
        place.employer.post(&path, &json!({})).await.expect_problem(409, "both_confirmed");
        place.employer.post(&place.path(&format!("/{isla}/merges/{isla}")), &json!({})).await.expect_problem(422, "invalid");
        // in one post at one time
        let (one, two) = (build::person(&test, "One").await, build::person(&test, "Two").await);
        let shared = build::post(place.service).save(&test).await;
        for person in [one, two] { build::appointment(person, shared).minutes(600).save(&test).await; }
        place.employer.post(&place.path(&format!("/{one}/merges/{two}")), &json!({})).await.expect_problem(409, "overlaps");
        // another employer's people are not there
        let elsewhere = crate::joining::place(&test, "Forth Valley Hub (synthetic)").await;
        let theirs = elsewhere.add(("Isla", "Fraser"), "x@example.org").await;
        place.employer.post(&place.path(&format!("/{isla}/merges/{theirs}")), &json!({})).await.expect_problem(404, "not_found");
        place.employer.get(&place.path(&format!("/{isla}/merges/{theirs}"))).await.expect_problem(404, "not_found");
        // somebody whom another employer holds as well
        build::appointment(two, elsewhere.post).save(&test).await;
        let three = build::member(&test, place.service, "Three").await;
        place.employer.post(&place.path(&format!("/{three}/merges/{two}")), &json!({})).await.expect_problem(409, "not_only_here");
        assert_eq!(person_move::Entity::find().count(&test.app.db).await.unwrap(), 0);
    }
}
