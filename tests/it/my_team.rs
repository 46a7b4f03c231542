//! My team: the numbers of people and the lists they lead to, names, a later day with who leaves and
//! who starts, and what a stranger tries.

use entity::id::PersonId;
use entity::value::Assurance::{ManagerConfirmed, SelfDeclared};
use entity::value::Role;
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::skill::{Team, client, completed, team, worker};
use crate::support::{Client, TestApp};
use cairn::standing::kept;

const NUMBERS: [(&str, &str); 4] =
    [("people_complete", "complete"), ("people_late", "late"), ("people_soon", "soon"), ("people_waiting", "waiting")];

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("rows").iter().map(|row| row["given_name"].as_str().expect("a name")).collect()
}

/// Seven people: one without anything asked, one of each kind, one that is in three numbers.
async fn seven(test: &TestApp) -> Team {
    let team = team(test).await;
    team.ask(&team.naloxone_rule()).await;
    let of_nurses = json!({"name": "Overdose", "roles": ["addictions_nurse"], "item_ids": [team.overdose], "starts_on": "2024-01-01"});
    team.ask(&of_nurses).await;
    let person = async |name: &str, since: &str| worker(test, &team.place, name, "recovery_worker", since).await;
    let met = person("Ann", "2024-01-08").await;
    completed(test, met, team.naloxone, "2026-05-01", ManagerConfirmed).await;
    let lapsing = person("Ben", "2024-01-08").await;
    completed(test, lapsing, team.naloxone, "2025-08-01", ManagerConfirmed).await;
    let expired = person("Cat", "2024-01-08").await;
    completed(test, expired, team.naloxone, "2025-05-01", ManagerConfirmed).await;
    person("Dan", "2026-06-01").await;
    let waits = person("Eve", "2024-01-08").await;
    completed(test, waits, team.naloxone, "2026-06-01", SelfDeclared).await;
    let nurse = worker(test, &team.place, "Fay", "addictions_nurse", "2024-01-08").await;
    completed(test, nurse, team.naloxone, "2025-07-10", ManagerConfirmed).await;
    completed(test, nurse, team.naloxone, "2026-06-02", SelfDeclared).await;
    let elsewhere = build::service(team.place.organisation).name("Leith team").save(test).await;
    let post = build::post(elsewhere).role("recovery_worker").save(test).await;
    let other = build::person(test, "Łucja").await;
    build::appointment(other, post).from(day("2026-01-05")).save(test).await;
    team
}

async fn get(client: &Client, team: &Team, query: &str) -> Value {
    client.get(&team.at(&format!("status{query}"))).await.expect(200)
}

on_both_databases! {
    async fn every_number_of_people_is_the_list_that_it_leads_to(test: TestApp) {
        let team = seven(&test).await;
        let everybody = get(&team.employer, &team, "?limit=100").await;
        let summary = &everybody["summary"];
        let wanted = json!({
            "people": 7, "people_asked": 7, "people_complete": 2, "people_late": 4, "people_soon": 3, "people_waiting": 2,
            "to_confirm": 2, "met": 1, "expiring": 2, "missing": 5, "exempt": 0,
        });
        assert_eq!(summary, &wanted);
        // with every other filter, too: the numbers say what pressing them shows
        let mut compared = 0;
        for rest in ["", "&q=a", "&q=nobody", &format!("&service={}", team.place.service), "&as_at=2026-12-31", "&as_at=2026-08-01&q=e"] {
            let all = get(&team.employer, &team, &format!("?limit=100{rest}")).await;
            for (number, status) in NUMBERS {
                let list = get(&team.employer, &team, &format!("?limit=100&status={status}{rest}")).await;
                assert_eq!(json!(list["items"].as_array().unwrap().len()), all["summary"][number], "{status}{rest}");
                assert_eq!((&list["total"], &list["summary"]), (&all["summary"][number], &all["summary"]), "{status}{rest}");
                compared += list["items"].as_array().unwrap().len();
            }
        }
        assert!(compared > 30, "{compared}");
        assert_eq!(names(&get(&team.employer, &team, "?status=waiting").await), ["Eve", "Fay"]);
        assert_eq!(names(&get(&team.employer, &team, "?status=complete").await), ["Ann", "Ben"]);
        // what is kept counts alike
        kept::settle(&test.app).await.expect("settled");
        for client in [&team.employer, &team.manager] {
            let (kept, facts) = (get(client, &team, "?limit=0").await, get(client, &team, "?limit=1").await);
            assert_eq!((&kept["summary"], &kept["total"]), (&facts["summary"], &facts["total"]));
        }
        assert_eq!(get(&team.manager, &team, "?limit=0").await["summary"]["people"], 6, "a manager counts the own service");
    }

    async fn whoever_is_asked_nothing_holds_nothing(test: TestApp) {
        let team = team(&test).await;
        worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        kept::settle(&test.app).await.expect("settled");
        for query in ["?limit=0", "?limit=1"] {
            let summary = &get(&team.employer, &team, query).await["summary"];
            assert_eq!((&summary["people"], &summary["people_asked"], &summary["people_complete"]), (&json!(1), &json!(0), &json!(0)));
        }
        assert_eq!(get(&team.employer, &team, "?status=complete").await["total"], 0);
    }

    async fn a_name_is_found_as_it_is_typed_and_pages_go_on_within_the_filter(test: TestApp) {
        let team = seven(&test).await;
        for (q, found) in [("lucja", vec!["Łucja"]), ("LUCJA%20TEST", vec!["Łucja"]), ("eve", vec!["Eve"]), ("%25", vec![]), ("%00eve", vec!["Eve"])] {
            assert_eq!(names(&get(&team.employer, &team, &format!("?q={q}")).await), found, "{q}");
        }
        assert!(names(&get(&team.manager, &team, "?q=lucja").await).is_empty(), "out of a manager's reach");
        let (mut shown, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&team.employer, &team, &format!("?q=testperson&status=late&limit=1{cursor}")).await;
            assert_eq!(page["total"], 4);
            shown.extend(names(&page).iter().map(|name| (*name).to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(shown, ["Cat", "Eve", "Fay", "Łucja"]);
    }

    async fn a_later_day_shows_who_is_there_then_and_how_they_stand_if_nothing_happens(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let stays = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        completed(&test, stays, team.naloxone, "2025-08-01", ManagerConfirmed).await;
        let post = build::post(team.place.service).save(&test).await;
        let leaves = build::person(&test, "Ben").await;
        build::appointment(leaves, post).until(Some(day("2026-07-31"))).save(&test).await;
        let starts = build::person(&test, "Cat").await;
        build::appointment(starts, build::post(team.place.service).save(&test).await).from(day("2026-08-03")).save(&test).await;
        completed(&test, starts, team.naloxone, "2026-06-01", SelfDeclared).await;
        // to another post without a day between: nobody leaves by it
        let moves = build::person(&test, "Dan").await;
        build::appointment(moves, post).until(Some(day("2026-07-15"))).save(&test).await;
        build::appointment(moves, build::post(team.place.service).save(&test).await).from(day("2026-07-16")).save(&test).await;

        let today = get(&team.manager, &team, "").await;
        assert_eq!(names(&today), ["Ann", "Ben", "Dan"]);
        assert_eq!((&today["items"][1]["leaves_on"], &today["items"][1]["starts_on"]), (&json!("2026-07-31"), &Value::Null));
        assert_eq!((&today["items"][2]["leaves_on"], &today["moves"]), (&Value::Null, &Value::Null));
        assert_eq!(get(&team.manager, &team, "?as_at=2026-06-30").await, today);

        let later = get(&team.manager, &team, "?as_at=2026-08-03").await;
        assert_eq!((names(&later), &later["as_at"]), (vec!["Ann", "Cat", "Dan"], &json!("2026-08-03")));
        assert_eq!(later["items"][1]["starts_on"], "2026-08-03");
        assert_eq!((&later["moves"]["left"], &later["moves"]["started"]), (&json!(1), &json!(1)));
        assert_eq!((&later["moves"]["leavers"][0]["given_name"], &later["moves"]["leavers"][0]["leaves_on"]), (&json!("Ben"), &json!("2026-07-31")));
        let of = |page: &Value, place: usize| page["items"][place]["cells"][0]["status"].clone();
        assert_eq!((of(&today, 0), of(&later, 0), of(&later, 1)), (json!("expiring"), json!("expired"), json!("due")));
        // what waits of a starter is said, but nobody here may decide it before the first day
        assert_eq!(later["items"][1]["cells"][0]["waiting"]["may_confirm"], false);
        assert_eq!((&later["summary"]["people_waiting"], &later["summary"]["to_confirm"]), (&json!(1), &json!(0)));

        // the explanation is of the same day
        for row in later["items"].as_array().unwrap() {
            let path = format!("/api/people/{}/status/{rule}/explain?as_at=2026-08-03", row["person_id"].as_str().unwrap());
            let why = team.manager.get(&path).await.expect(200);
            assert_eq!((&why["status"], &why["as_at"]), (&row["cells"][0]["status"], &json!("2026-08-03")));
        }
        let why = async |person: PersonId, rest: &str| {
            team.manager.get(&format!("/api/people/{person}/status/{rule}/explain{rest}")).await
        };
        assert_eq!(why(starts, "?as_at=2026-08-03").await.expect(200)["may_confirm"], false);
        why(starts, "").await.expect_problem(404, "not_found");
        why(leaves, "?as_at=2026-08-01").await.expect_problem(404, "not_found");
        why(stays, "?as_at=2026-06-29").await.expect_problem(422, "invalid");
        // both can read that they were seen
        for person in [leaves, starts] {
            let me = client(&test, &format!("p{person}"), None, &team.place, Some(person)).await;
            assert!(!me.get("/api/me/access").await.expect(200)["items"].as_array().unwrap().is_empty());
        }
        // one service alone: who moves out of it leaves it
        let leith = build::service(team.place.organisation).name("Leith team").save(&test).await;
        let there = build::post(leith).save(&test).await;
        build::appointment(leaves, there).from(day("2026-08-01")).save(&test).await;
        let all = get(&team.employer, &team, "?as_at=2026-08-03").await;
        assert_eq!((names(&all).len(), &all["moves"]["left"]), (4, &json!(0)));
        let one = get(&team.employer, &team, &format!("?as_at=2026-08-03&service={}", team.place.service)).await;
        assert_eq!((names(&one), &one["moves"]["left"]), (vec!["Ann", "Cat", "Dan"], &json!(1)));
    }

    async fn what_nobody_sends_is_refused_at_its_field(test: TestApp) {
        let team = seven(&test).await;
        let long = "x".repeat(30_000);
        for (query, status) in [
            ("as_at=-5000-03-15", 422), ("as_at=%2B12026-12-31", 422), ("as_at=0026-01-01", 422), ("as_at=2026-02-30", 422),
            ("as_at=2026-06-29", 422), ("as_at=2201-01-01", 422), ("as_at=", 422), ("as_at=2200-12-31", 200),
            (&*format!("q={long}"), 422), ("q=%00", 200), ("q=%E2%80%8B", 200), ("status=perfect", 422),
            ("cursor=00", 400), ("cursor=zz", 400), ("cursor=5b5d&q=a", 400), (&*format!("cursor={long}"), 400),
            ("service=01900000-0000-7000-8000-000000000000", 404), ("service=x", 422), ("limit=0&as_at=2027-01-01", 200),
        ] {
            let answer = team.employer.get(&team.at(&format!("status?{query}"))).await;
            assert_eq!(answer.status.as_u16(), status, "{}: {}", &query[..query.len().min(60)], answer.text());
        }
        let past = team.employer.get(&team.at("status?as_at=2026-06-29")).await.expect_problem(422, "invalid");
        assert_eq!((&past["fields"][0]["field"], &past["fields"][0]["code"]), (&json!("as_at"), &json!("in_the_past")));
    }

    async fn no_filter_reaches_further_than_the_right_does_and_no_longer(test: TestApp) {
        let team = seven(&test).await;
        let stranger_place = build::place(&test).await;
        let stranger = client(&test, "stranger", Some(Role::Employer), &stranger_place, None).await;
        let own = format!("/api/organisations/{}/status?service={}", stranger_place.organisation, team.place.service);
        stranger.get(&own).await.expect_problem(404, "not_found");
        stranger.get(&team.at("status?as_at=2027-01-01&q=ann")).await.expect_problem(404, "not_found");
        // somebody who starts in another service is in no manager's reach, today or later
        let leith = build::service(team.place.organisation).name("Leith team").save(&test).await;
        let starts = build::person(&test, "Gil").await;
        build::appointment(starts, build::post(leith).save(&test).await).from(day("2026-09-01")).save(&test).await;
        assert_eq!(names(&get(&team.manager, &team, "?as_at=2026-09-01&q=gil").await), [] as [&str; 0]);
        assert_eq!(names(&get(&team.employer, &team, "?as_at=2026-09-01&q=gil").await), ["Gil"]);
        // a role that is taken away ends it, whatever was computed before
        get(&team.manager, &team, "?as_at=2026-09-01").await;
        let admin = client(&test, "admin", Some(Role::Admin), &team.place, None).await;
        let accounts = admin.get("/api/accounts?q=manager").await.expect(200);
        let account = admin.get(&format!("/api/accounts/{}", accounts["items"][0]["id"].as_str().unwrap())).await.expect(200);
        let grant = account["roles"][0]["id"].as_str().expect("a grant");
        admin.delete(&format!("/api/accounts/{}/grants/{grant}", account["id"].as_str().unwrap())).await.expect(200);
        for query in ["", "?as_at=2026-09-01", "?limit=0"] {
            team.manager.get(&team.at(&format!("status{query}"))).await.expect_problem(403, "not_allowed");
        }
    }

    async fn a_later_day_takes_as_many_statements_for_sixty_as_for_five(test: TestApp) {
        let team = team(&test).await;
        team.ask(&team.naloxone_rule()).await;
        let people = async |from: usize, to: usize| {
            for number in from..to {
                let person = build::person(&test, &format!("N{number:02}")).await;
                let post = build::post(team.place.service).save(&test).await;
                let until = (number % 3 == 0).then(|| day("2026-07-31"));
                build::appointment(person, post).until(until).save(&test).await;
                completed(&test, person, team.naloxone, "2026-05-01", SelfDeclared).await;
            }
        };
        let path = team.at("status?limit=100&as_at=2026-09-30&q=n&status=waiting");
        people(0, 5).await;
        let (few, for_few) = test.statements(team.employer.get(&path)).await;
        people(5, 60).await;
        let (many, for_many) = test.statements(team.employer.get(&path)).await;
        assert_eq!((names(&few.expect(200)).len(), names(&many.expect(200)).len()), (3, 40));
        assert_eq!(many.expect(200)["moves"]["leavers"].as_array().unwrap().len(), 20, "told by name, bounded");
        assert_eq!(for_few, for_many);
        kept::settle(&test.app).await.expect("settled");
        let numbers = team.at("status?limit=0");
        let (_, for_numbers) = test.statements(team.employer.get(&numbers)).await;
        people(60, 90).await;
        kept::settle(&test.app).await.expect("settled");
        let (_, for_more) = test.statements(team.employer.get(&numbers)).await;
        assert_eq!(for_numbers, for_more);
    }
}
