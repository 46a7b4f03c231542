//! Joining an employer needs the person's yes: until then it has a person of its own with nothing
//! of theirs, and cannot tell whether somebody with an address uses Cairn at all.

use cairn::account::NewAccount;
use chrono::TimeDelta;
use entity::id::{ItemId, OrganisationId, PersonId, PostId, ServiceId};
use entity::value::{Assurance, CompletionState, Role};
use entity::{access_event, account, appointment, completion, person_move};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::{Client, TestApp, build};

pub struct Place {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub post: PostId,
    pub employer: Client,
}

impl Place {
    pub fn path(&self, rest: &str) -> String {
        format!("/api/organisations/{}/people{rest}", self.organisation)
    }

    /// Adds somebody under a name and an address.
    pub async fn add(&self, (given, family): (&str, &str), email: &str) -> PersonId {
        let body = json!({ "given_name": given, "family_name": family, "email": email, "confirmed": ["maybe_same", "beyond_funding"],
            "appointment": { "post_id": self.post, "starts_on": "2026-04-01", "weekly_minutes": 600 } });
        id(&self.employer.post(&self.path(""), &body).await.expect(201))
    }

    pub async fn page(&self, person: PersonId) -> Value {
        self.employer.get(&self.path(&format!("/{person}"))).await.expect(200)
    }
}

pub fn id(answer: &Value) -> PersonId {
    serde_json::from_value(answer["id"].clone()).unwrap()
}

pub async fn place(test: &TestApp, name: &str) -> Place {
    let organisation = build::organisation().name(name).save(test).await;
    let service = build::service(organisation).save(test).await;
    let post = build::post(service).save(test).await;
    let email = format!("{organisation}@example.org");
    let new = NewAccount {
        email: email.clone(),
        role: Some(Role::Employer),
        organisation: Some(organisation),
        ..NewAccount::default()
    };
    test.account(new).await;
    Place { organisation, service, post, employer: test.sign_in(&email).await }
}

/// Isla Fraser, with an account and a post at Glenrowan.
pub async fn isla(test: &TestApp) -> (PersonId, Client) {
    let isla = build::person_named(test, "Isla", "Fraser").await;
    test.account(NewAccount { email: "isla@example.org".to_owned(), person: Some(isla), ..NewAccount::default() })
        .await;
    (isla, test.sign_in("isla@example.org").await)
}

async fn answer(client: &Client, about: &Value, reply: &str) -> Value {
    let path = format!("/api/me/employers/questions/{}", about["id"].as_str().unwrap());
    client.post(&path, &json!({ "answer": reply })).await.expect(200)
}

async fn mine(client: &Client) -> Value {
    client.get("/api/me/employers").await.expect(200)
}

async fn appointments_of(test: &TestApp, person: PersonId) -> u64 {
    appointment::Entity::find().filter(appointment::Column::PersonId.eq(person)).count(&test.app.db).await.unwrap()
}

async fn finished(test: &TestApp, person: PersonId, item: ItemId, on: &str) {
    let row = completion::ActiveModel {
        id: Set(test.app.clock.id()),
        person_id: Set(person),
        item_id: Set(item),
        completed_on: Set(build::day(on)),
        expires_on: Set(None),
        note: Set(None),
        assurance: Set(Assurance::SelfDeclared),
        state: Set(CompletionState::Live),
        live_key: Set(Some(format!("{person}:{item}:{on}"))),
        recorded_at: Set(test.app.clock.now()),
        recorded_by: Set(None),
        version: Set(1),
        outside_learning_id: Set(None),
    };
    test.put(completion::Entity::insert(row)).await;
}

on_both_databases! {
    async fn an_employer_has_nothing_of_a_person_before_they_say_yes(test: TestApp) {
        let (tayside, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = tayside.add(("Isla", "Fraser"), "Isla@Example.org").await;
        assert_ne!(shadow, isla);
        let page = tayside.page(shadow).await;
        assert_eq!((&page["confirmation"], &page["email"]), (&json!("waiting"), &json!("Isla@Example.org")));
        // a rename reaches nobody but the employer
        let renamed = tayside.employer.patch(&tayside.path(&format!("/{shadow}")), &json!({ "given_name": "Malcolm" })).await.expect(200);
        assert_eq!(renamed["given_name"], "Malcolm");
        assert_eq!(own.get("/api/me").await.expect(200)["person"]["given_name"], "Isla");
        let asked = mine(&own).await;
        let question = &asked["questions"][0];
        assert_eq!((&question["organisation_name"], &question["posts"][0]["starts_on"]), (&json!("Buidheann Taic (synthetic)"), &json!("2026-04-01")));
        assert_eq!((question["posts"][0]["role_label"].as_str(), question.get("given_name")), (Some("Drug and alcohol or recovery worker"), None));
        let joined = answer(&own, question, "yes").await;
        assert_eq!((&joined["questions"], &joined["employers"][0]["written_as"]), (&json!([]), &json!("Malcolm Fraser")));
        assert_eq!((appointments_of(&test, shadow).await, appointments_of(&test, isla).await), (0, 1));
        let page = tayside.page(isla).await;
        assert_eq!((&page["given_name"], &page["confirmation"], &page["email"]), (&json!("Malcolm"), &json!("confirmed"), &json!("Isla@Example.org")));
        assert_eq!(id(&tayside.page(shadow).await), isla, "the old id leads on");
        assert_eq!(own.get("/api/me").await.expect(200)["person"]["given_name"], "Isla", "the name stays hers");
        let list = tayside.employer.get(&tayside.path("?q=malcolm")).await.expect(200);
        assert_eq!((&list["total"], &list["items"][0]["given_name"]), (&json!(1), &json!("Malcolm")));
        assert_eq!(tayside.employer.get(&tayside.path("?q=isla")).await.expect(200)["total"], 0);
        let row = &tayside.employer.get(&format!("/api/organisations/{}/status", tayside.organisation)).await.expect(200)["items"][0];
        assert_eq!((&row["person_id"], &row["given_name"]), (&json!(isla), &json!("Malcolm")));
        // who looked before she said yes is hers to read as well
        let seen = access_event::Entity::find().filter(access_event::Column::PersonId.eq(isla)).count(&test.app.db).await.unwrap();
        assert!(seen >= 1);
    }

    async fn nothing_tells_whether_an_address_is_somebodys(test: TestApp) {
        let (place, (_, _own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let body = |email: &str| json!({ "given_name": "Isla", "family_name": "Fraser", "email": email, "confirmed": ["maybe_same"],
            "appointment": { "post_id": place.post, "starts_on": "2026-04-01", "weekly_minutes": 600 } });
        let (known, known_count) = test.statements(place.employer.post(&place.path(""), &body("isla@example.org"))).await;
        let (unknown, unknown_count) = test.statements(place.employer.post(&place.path(""), &body("nobody@example.org"))).await;
        let (mut known, mut unknown) = (known.expect(201), unknown.expect(201));
        assert_eq!(known_count, unknown_count, "the same work");
        let ids = (known["id"].take(), unknown["id"].take());
        let clock = |id: &Value| id.as_str().unwrap()[..8].to_owned();
        assert_eq!(clock(&ids.0), clock(&ids.1), "both ids are of today");
        for answer in [&mut known, &mut unknown] {
            answer["email"].take();
            for field in ["id", "recorded_at"] { answer["posts"][0][field].take(); }
        }
        assert_eq!(known, unknown);
    }

    async fn an_account_made_later_is_asked_and_takes_over_nothing_by_itself(test: TestApp) {
        let place = place(&test, "Buidheann Taic (synthetic)").await;
        let shadow = place.add(("Calum", "Kerr"), "calum@example.org").await;
        test.account(NewAccount { email: "admin@example.org".to_owned(), role: Some(Role::Admin), ..NewAccount::default() }).await;
        let admin = test.sign_in("admin@example.org").await;
        let made = admin.post("/api/accounts", &json!({ "email": "CALUM@example.org" })).await.expect(201);
        assert_eq!(made["account"]["person"]["family_name"], "Kerr");
        assert_ne!(id(&made["account"]["person"]), shadow);
        let mut calum = test.anonymous();
        let first = made["password"].as_str().unwrap();
        calum.sign_in("calum@example.org", first).await;
        let own = json!({ "current_password": first, "new_password": "quiet loch evening" });
        assert_eq!(calum.post("/api/me/password", &own).await.status.as_u16(), 204);
        assert_eq!(place.page(shadow).await["confirmation"], "waiting");
        let asked = mine(&calum).await;
        answer(&calum, &asked["questions"][0], "yes").await;
        assert_eq!(place.page(shadow).await["confirmation"], "confirmed");
        // an account that is no person yet becomes one with its yes
        let other = place.add(("Rona", "Bain"), "rona@example.org").await;
        test.account(NewAccount { email: "rona@example.org".to_owned(), ..NewAccount::default() }).await;
        let rona = test.sign_in("rona@example.org").await;
        assert_eq!(rona.get("/api/me").await.expect(200).get("person"), None);
        let asked = mine(&rona).await;
        answer(&rona, &asked["questions"][0], "yes").await;
        assert_eq!(rona.get("/api/me").await.expect(200)["person"]["given_name"], "Rona");
        assert_eq!(place.page(other).await["confirmation"], "confirmed");
    }

    async fn no_shows_nothing_and_is_not_asked_again_at_once(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
        let asked = mine(&own).await;
        let said = answer(&own, &asked["questions"][0], "not_me").await;
        assert_eq!((&said["questions"], &said["answered"][0]["answer"]), (&json!([]), &json!("not_me")));
        assert_eq!(place.page(shadow).await["confirmation"], "not_confirmed");
        assert_eq!(appointments_of(&test, isla).await, 0);
        // neither by another entry nor by the button
        let again = place.add(("Ila", "Frazer"), "isla@example.org").await;
        assert_eq!(mine(&own).await["questions"], json!([]));
        let ask = place.path(&format!("/{shadow}/ask"));
        place.employer.post(&ask, &json!({})).await.expect_problem(409, "asked_lately");
        test.app.clock.advance(TimeDelta::days(30));
        let (mut own, mut place) = (own, place);
        own.sign_in("isla@example.org", crate::support::app::PASSWORD).await;
        place.employer.sign_in(&format!("{}@example.org", place.organisation), crate::support::app::PASSWORD).await;
        assert_eq!(place.employer.post(&ask, &json!({})).await.expect(200)["confirmation"], "waiting");
        let asked = mine(&own).await;
        assert_eq!(asked["questions"].as_array().unwrap().len(), 1, "one question an employer: {again}");
        // her answer is hers to take back
        let said = answer(&own, &asked["questions"][0], "no").await;
        assert_eq!(said["questions"], json!([]));
        let path = format!("/api/me/employers/questions/{}", said["answered"][0]["id"].as_str().unwrap());
        let back = own.delete(&path).await.expect(200);
        assert_eq!(back["questions"][0]["id"], asked["questions"][0]["id"]);
        own.delete(&path).await.expect_problem(404, "not_found");
    }

    async fn a_yes_can_be_taken_back_and_the_record_stays_the_persons(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
        let asked = mine(&own).await;
        answer(&own, &asked["questions"][0], "yes").await;
        // what the employer wrote meanwhile is its own as well
        let second = build::post(place.service).save(&test).await;
        let body = json!({ "post_id": second, "starts_on": "2026-06-01", "weekly_minutes": 300 });
        place.employer.post(&place.path(&format!("/{isla}/appointments")), &body).await.expect(201);
        let left = own.delete(&format!("/api/me/employers/{}", place.organisation)).await.expect(200);
        assert_eq!((&left["employers"], &left["questions"], &left["answered"][0]["answer"]), (&json!([]), &json!([]), &json!("left")));
        let page = place.page(shadow).await;
        assert_eq!((id(&page), &page["confirmation"], page["posts"].as_array().unwrap().len()), (shadow, &json!("not_confirmed"), 2));
        place.employer.get(&place.path(&format!("/{isla}"))).await.expect_problem(404, "not_found");
        own.delete(&format!("/api/me/employers/{}", place.organisation)).await.expect_problem(404, "not_found");
        // and she may come back
        let back = own.delete(&format!("/api/me/employers/questions/{shadow}")).await.expect(200);
        answer(&own, &back["questions"][0], "yes").await;
        assert_eq!(appointments_of(&test, isla).await, 2);
    }

    async fn a_form_that_was_open_during_the_yes_saves(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
        let second = build::post(place.service).save(&test).await;
        let known = place.page(shadow).await["posts"][0]["id"].as_str().unwrap().to_owned();
        let asked = mine(&own).await;
        answer(&own, &asked["questions"][0], "yes").await;
        let at = |rest: &str| place.path(&format!("/{shadow}{rest}"));
        let more = json!({ "post_id": second, "starts_on": "2026-06-01", "weekly_minutes": 300 });
        let made = place.employer.post(&at("/appointments"), &more).await.expect(201);
        assert_eq!((id(&made), made["posts"].as_array().unwrap().len()), (isla, 2), "saved where she is now");
        let fewer = json!({ "from": "2026-06-15", "weekly_minutes": 480 });
        let changed = place.employer.post(&at(&format!("/appointments/{known}/change")), &fewer).await.expect(200);
        let current = changed["posts"].as_array().unwrap().iter().find(|one| one["starts_on"] == "2026-06-15").unwrap()["id"].as_str().unwrap();
        let corrected = place.employer.patch(&at(&format!("/appointments/{current}")), &json!({ "weekly_minutes": 540 })).await.expect(200);
        let current = corrected["posts"].as_array().unwrap().iter().find(|one| one["weekly_minutes"] == 540).unwrap()["id"].as_str().unwrap();
        let end = json!({ "ends_on": "2026-06-30", "reason": "another_job" });
        place.employer.post(&at(&format!("/appointments/{current}/end")), &end).await.expect(200);
        let spelled = place.employer.patch(&at(""), &json!({ "given_name": "Isle" })).await.expect(200);
        assert_eq!((id(&spelled), &spelled["given_name"]), (isla, &json!("Isle")));
        // an id that nobody here ever had leads nowhere
        let nobody = place.path(&format!("/{}/appointments", test.app.clock.id::<PersonId>()));
        place.employer.post(&nobody, &more).await.expect_problem(404, "not_found");
        let other = crate::joining::place(&test, "Another place (synthetic)").await;
        other.employer.post(&other.path(&format!("/{shadow}/appointments")), &more).await.expect_problem(404, "not_found");
    }

    async fn somebody_else_answers_nothing(test: TestApp) {
        let (place, (_, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Morag", "Bell"), "morag@example.org").await;
        let path = format!("/api/me/employers/questions/{shadow}");
        own.post(&path, &json!({ "answer": "yes" })).await.expect_problem(404, "not_found");
        own.delete(&path).await.expect_problem(404, "not_found");
        place.employer.post(&path, &json!({ "answer": "yes" })).await.expect_problem(404, "not_found");
        own.post(&path, &json!({ "answer": "left" })).await.expect_problem(422, "invalid");
        own.delete(&format!("/api/me/employers/{}", place.organisation)).await.expect_problem(404, "not_found");
        assert_eq!(appointments_of(&test, shadow).await, 1);
    }

    async fn twenty_yes_at_once_are_one_and_several_employers_are_several(test: TestApp) {
        let (one, two) = (place(&test, "Buidheann Taic (synthetic)").await, place(&test, "Forth Valley Hub (synthetic)").await);
        let (isla, own) = isla(&test).await;
        let (here, there) = (one.add(("Isla", "Fraser"), "isla@example.org").await, two.add(("Isla", "Fraser"), "isla@example.org").await);
        assert_eq!(mine(&own).await["questions"].as_array().unwrap().len(), 2);
        let yes = json!({ "answer": "yes" });
        let paths: Vec<_> = [here, there].iter().cycle().take(20).map(|id| format!("/api/me/employers/questions/{id}")).collect();
        let answers = futures_util::future::join_all(paths.iter().map(|path| own.post(path, &yes))).await;
        for answer in &answers { assert!(matches!(answer.status.as_u16(), 200 | 503), "{}", answer.text()); }
        for id in [here, there] { own.post(&format!("/api/me/employers/questions/{id}"), &yes).await.expect(200); }
        assert_eq!(appointments_of(&test, isla).await, 2);
        assert_eq!(person_move::Entity::find().count(&test.app.db).await.unwrap(), 2, "each once");
        assert_eq!(mine(&own).await["employers"].as_array().unwrap().len(), 2);
    }

    async fn a_question_that_was_withdrawn_is_gone(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
        let asked = mine(&own).await;
        let appointment = place.page(shadow).await["posts"][0]["id"].as_str().unwrap().to_owned();
        let end = json!({ "ends_on": "2026-06-29", "reason": "other" });
        place.employer.post(&place.path(&format!("/{shadow}/appointments/{appointment}/end")), &end).await.expect(200);
        let path = format!("/api/me/employers/questions/{}", asked["questions"][0]["id"].as_str().unwrap());
        own.post(&path, &json!({ "answer": "yes" })).await.expect_problem(404, "not_found");
        assert_eq!((mine(&own).await["questions"].clone(), appointments_of(&test, isla).await), (json!([]), 0));
    }

    async fn a_person_changes_their_own_name_and_employers_keep_their_spelling(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        build::appointment(isla, place.post).save(&test).await;
        assert_eq!(place.page(isla).await["confirmation"], "confirmed", "who was joined before stays joined");
        let named = own.patch("/api/me/name", &json!({ "given_name": " Ìsla ", "family_name": "MacKay" })).await.expect(200);
        assert_eq!((&named["given_name"], &named["family_name"]), (&json!("Ìsla"), &json!("MacKay")));
        assert_eq!(own.get("/api/me").await.expect(200)["person"]["family_name"], "MacKay");
        assert_eq!(place.page(isla).await["family_name"], "Fraser");
        assert_eq!(mine(&own).await["employers"][0]["written_as"], "Isla Fraser");
        own.patch("/api/me/name", &json!({ "given_name": " " })).await.expect_problem(422, "invalid");
        let account = account::Entity::find().filter(account::Column::PersonId.eq(isla)).count(&test.app.db).await.unwrap();
        assert_eq!(account, 1);
    }

    async fn what_a_person_had_learned_meets_what_the_employer_held(test: TestApp) {
        let (place, (isla, own)) = (place(&test, "Buidheann Taic (synthetic)").await, isla(&test).await);
        let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
        let item = crate::support::learn::module(&test, place.organisation, "Naloxone", None).await;
        for (person, on) in [(isla, "2026-01-05"), (shadow, "2026-01-05"), (shadow, "2026-02-06")] {
            finished(&test, person, item, on).await;
        }
        let asked = mine(&own).await;
        answer(&own, &asked["questions"][0], "yes").await;
        let of = |person| completion::Entity::find().filter(completion::Column::PersonId.eq(person));
        let rows = of(isla).all(&test.app.db).await.unwrap();
        assert_eq!((rows.len(), of(shadow).count(&test.app.db).await.unwrap()), (2, 1), "of two alike one counts");
        assert!(rows.iter().all(|row| row.live_key.as_ref().unwrap().starts_with(&isla.to_string())));
    }
}

/// A table that names a person must say what happens to it when two become one.
#[tokio::test]
async fn every_table_that_names_a_person_is_seen_to() {
    let test = TestApp::sqlite().await;
    let sql = "SELECT t.name || '.' || f.\"from\" AS named FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f \
               WHERE t.type = 'table' AND f.\"table\" = 'person' \
               UNION SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
               WHERE t.type = 'table' AND (c.name = 'person_id' OR c.name LIKE '%\\_person_id' ESCAPE '\\')";
    let rows =
        test.app.db.query_all_raw(Statement::from_string(test.app.db.get_database_backend(), sql)).await.unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.try_get("", "named").unwrap()).collect();
    let mut seen_to: Vec<_> =
        cairn::people::TABLES.iter().map(|(table, column, _)| format!("{table}.{column}")).collect();
    seen_to.sort();
    assert_eq!(
        found, seen_to,
        "add the table to people::store::moving::TABLES: do its rows go over to the other person?"
    );
}
