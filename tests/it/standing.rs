//! One answer to "is it met?": matrix, map, the manager's list and one's own pages say the same,
//! and what waits for somebody's word is told wherever it matters.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::{ItemId, PersonId};
use entity::value::Assurance::{self, EvidenceAttached, ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::{CompletionState, Level, Role};
use entity::{item, item_theme, post};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, Place, day};
use crate::support::skill::{Team, builds, client, completed, completed_as, id, module, team, worker};
use crate::support::terms;

/// A source of choices that is the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn date(&mut self) -> String {
        let ago = i64::try_from(self.roll(1200)).unwrap_or_default();
        (day("2026-06-30") - chrono::TimeDelta::days(ago)).to_string()
    }

    fn assurance(&mut self) -> Assurance {
        [SelfDeclared, EvidenceAttached, ManagerConfirmed, Assurance::EmployerVerified, ProviderIssued]
            [usize::try_from(self.roll(5)).unwrap_or_default()]
    }
}

/// The level left out on the theme itself, as the catalogue's form lets a curator do.
async fn builds_loosely(test: &TestApp, item: ItemId, theme: &str) {
    let row = item_theme::ActiveModel { item_id: Set(item), theme: Set(theme.to_owned()), level: Set(None) };
    test.put(item_theme::Entity::insert(row)).await;
    terms::since_ever(test, item).await;
}

/// A module with a level of its own.
async fn module_at(test: &TestApp, team: &Team, level: Level) -> ItemId {
    let id = module(test, &team.place, "sti-1", "Stigma at work", Some(24)).await;
    let row = item::ActiveModel { id: Set(id), level: Set(Some(level)), ..Default::default() };
    row.update(&test.app.db).await.expect("the level is set");
    id
}

/// People of two roles with random records, under requirements of every kind.
async fn sector(test: &TestApp, seed: u64) -> (Team, Vec<PersonId>) {
    let mut dice = Dice(seed);
    let team = team(test).await;
    builds(test, team.naloxone, "harm-reduction", Level::Informed).await;
    builds(test, team.overdose, "harm-reduction", Level::Enhanced).await;
    let loose = module_at(test, &team, Level::Skilled).await;
    builds_loosely(test, loose, "stigma").await;
    let leith = build::service(team.place.organisation).name("Leith").save(test).await;
    let rules = [
        json!({"name": "Named", "item_ids": [team.naloxone], "minimum_assurance": "manager_confirmed", "starts_on": "2024-01-01"}),
        json!({"name": "Themed", "theme": "harm-reduction", "level": "skilled", "starts_on": "2024-01-01"}),
        json!({"name": "Of nurses", "roles": ["addictions_nurse"], "item_ids": [team.overdose], "minimum_assurance": "employer_verified", "starts_on": "2024-01-01"}),
        json!({"name": "Stigma", "theme": "stigma", "level": "informed", "starts_on": "2024-01-01"}),
        json!({"name": "Of a family", "role_families": ["nursing"], "roles": ["dietitian"], "theme": "harm-reduction", "level": "informed", "starts_on": "2024-01-01"}),
        json!({"name": "At a service", "roles": ["recovery_worker", "addictions_nurse"], "service_ids": [leith], "item_ids": [team.overdose], "starts_on": "2024-01-01"}),
    ];
    let mut asked = Vec::new();
    for rule in &rules {
        asked.push(team.ask(rule).await);
    }
    let mut people = Vec::new();
    for number in 0..16 {
        let role = if dice.roll(2) == 0 { "addictions_nurse" } else { "recovery_worker" };
        let service = if number % 4 == 0 { leith } else { team.place.service };
        let place = Place { service, adp: team.place.adp.clone(), organisation: team.place.organisation };
        let person = worker(test, &place, &format!("N{number:02}"), role, &dice.date()).await;
        for _ in 0..dice.roll(5) {
            let item = [team.naloxone, team.overdose, loose][usize::try_from(dice.roll(3)).unwrap_or_default()];
            let (on, assurance) = (day(&dice.date()), dice.assurance());
            let state = if dice.roll(5) == 0 { CompletionState::Withdrawn } else { CompletionState::Live };
            completed_as(test, person, item, on, assurance, state).await;
        }
        if dice.roll(6) == 0 {
            let body = json!({"person_id": person, "reason": "On leave.", "starts_on": "2026-06-01"});
            team.employer.post(&format!("/api/requirements/{}/exemptions", asked[0]), &body).await.expect(201);
        }
        people.push(person);
    }
    // every other post is for another role from some day on, or always was
    for (number, row) in
        post::Entity::find().order_by_asc(post::Column::Id).all(&test.app.db).await.expect("posts").iter().enumerate()
    {
        let role = if row.role == "addictions_nurse" { "recovery_worker" } else { "addictions_nurse" };
        let body = match number % 4 {
            0 => json!({"role": role, "changed_on": dice.date()}),
            2 => json!({"role": role, "correction": true}),
            _ => continue,
        };
        team.employer.patch(&team.at(&format!("posts/{}", row.id)), &body).await.expect(200);
    }
    (team, people)
}

/// What waits according to a list: which completion for which requirement.
type Waits = BTreeSet<(String, String)>;

async fn list(team: &Team, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = team.employer.get(&team.at(&format!("completions?limit=7{query}{cursor}"))).await.expect(200);
        all.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// The employer's own rate of a day.
async fn on_the_map(team: &Team, day: &str) -> f64 {
    let question =
        json!({"as_at": day, "organisation": team.place.organisation, "measures": ["compliance"], "rows": ["sector"]});
    let table = team.employer.post("/api/mapping/tables", &question).await.expect(200);
    table["cells"].as_array().unwrap().iter().find_map(|cell| cell["value"].as_f64()).expect("a rate")
}

fn in_the_matrix(matrix: &Value) -> f64 {
    let cells: Vec<_> =
        matrix["items"].as_array().unwrap().iter().flat_map(|row| row["cells"].as_array().unwrap()).collect();
    let count = |words: &[&str]| {
        let of = cells.iter().filter(|cell| words.contains(&cell["status"].as_str().unwrap()));
        u32::try_from(of.count()).unwrap()
    };
    let asked = u32::try_from(cells.len()).unwrap() - count(&["exempt"]);
    f64::from(count(&["met", "expiring"])) * 100.0 / f64::from(asked)
}

on_both_databases! {
    async fn what_the_matrix_showed_on_a_day_the_map_shows_of_it_for_ever(test: TestApp) {
        let (mut team, _) = sector(&test, 5).await;
        let mut dice = Dice(23);
        let posts = post::Entity::find().order_by_asc(post::Column::Id).all(&test.app.db).await.expect("posts");
        let mut shown: Vec<(String, f64)> = Vec::new();
        for _ in 0..6 {
            let today = test.app.clock.today().to_string();
            let matrix = team.employer.get(&team.at("status?limit=100")).await.expect(200);
            shown.push((today, in_the_matrix(&matrix)));
            test.app.clock.advance(chrono::TimeDelta::days(30));
            // sessions end meanwhile
            team.employer = test.sign_in("lead@example.org").await;
            for _ in 0..3 {
                let post = &posts[usize::try_from(dice.roll(16)).unwrap()];
                let role = ["addictions_nurse", "recovery_worker", "social_worker"][usize::try_from(dice.roll(3)).unwrap()];
                let ago = chrono::TimeDelta::days(i64::try_from(dice.roll(25)).unwrap());
                let body = json!({"role": role, "changed_on": (test.app.clock.today() - ago).to_string()});
                team.employer.patch(&team.at(&format!("posts/{}", post.id)), &body).await.expect(200);
            }
            for (day, rate) in &shown {
                let told = on_the_map(&team, day).await;
                assert!((told - rate).abs() <= 0.051, "of {day} the matrix showed {rate}, the map shows {told}");
            }
        }
    }

    async fn matrix_map_and_the_managers_list_agree_on_random_facts(test: TestApp) {
        let (team, people) = sector(&test, 7).await;
        let matrix = team.employer.get(&team.at("status?limit=100")).await.expect(200);
        let rows = matrix["items"].as_array().unwrap();
        let cells: Vec<_> = rows.iter().flat_map(|row| row["cells"].as_array().unwrap()).collect();
        assert!(people.len() == rows.len() && cells.len() > 40);

        // the map
        let (shown, rate) = (on_the_map(&team, "2026-06-30").await, in_the_matrix(&matrix));
        assert!((shown - rate).abs() <= 0.051, "the map shows {shown}, the matrix {rate}");

        // the manager's list: what waits in a cell stands there, first, and nothing else waits
        let waiting: Waits = cells.iter().filter(|cell| !cell["waiting"].is_null()).map(|cell| {
            (cell["waiting"]["completion_id"].as_str().unwrap().to_owned(), cell["requirement_id"].as_str().unwrap().to_owned())
        }).collect();
        let listed = list(&team, "&to_confirm=true").await;
        let told: Waits = listed.iter().flat_map(|one| {
            let of = |wait: &Value| (one["id"].as_str().unwrap().to_owned(), wait["requirement_id"].as_str().unwrap().to_owned());
            one["waiting"].as_array().map(|all| all.iter().map(of).collect::<Vec<_>>()).unwrap_or_default()
        }).collect();
        assert!(!waiting.is_empty() && waiting.is_subset(&told), "{waiting:?} in {told:?}");
        let first_idle = listed.iter().position(|one| one["waiting"].is_null()).unwrap_or(listed.len());
        assert!(listed[first_idle..].iter().all(|one| one["waiting"].is_null()), "what moves a status stands first");
        // everything that counts anywhere is in reach, whatever it counts by
        let reach: BTreeMap<String, Value> =
            list(&team, "").await.into_iter().map(|one| (one["id"].as_str().unwrap().to_owned(), one)).collect();
        for row in rows {
            for cell in row["cells"].as_array().unwrap() {
                let path = format!("/api/people/{}/status/{}/explain", row["person_id"].as_str().unwrap(), cell["requirement_id"].as_str().unwrap());
                let why = team.employer.get(&path).await.expect(200);
                assert_eq!((&why["status"], &why["waiting"]["completion_id"]), (&cell["status"], &cell["waiting"]["completion_id"]));
                if let Some(counted) = why["counted"]["completion_id"].as_str() {
                    assert!(reach.contains_key(counted));
                    team.employer.get(&format!("/api/learning/completions/{counted}")).await.expect(200);
                }
            }
        }
    }

    async fn a_word_of_the_employer_moves_what_waits_and_the_list_gets_shorter(test: TestApp) {
        let (team, _) = sector(&test, 11).await;
        let before = list(&team, "&to_confirm=true").await;
        let first = before.iter().find(|one| !one["waiting"].is_null()).expect("something waits");
        let wait = &first["waiting"][0];
        let path = format!("/api/learning/completions/{}/confirm", first["id"].as_str().unwrap());
        team.employer.post(&path, &json!({})).await.expect(200);
        let path = format!("/api/people/{}/status/{}/explain", first["person"]["id"].as_str().unwrap(), wait["requirement_id"].as_str().unwrap());
        let why = team.employer.get(&path).await.expect(200);
        assert_eq!(why["counted"]["completion_id"], first["id"], "{why}");
        assert!(list(&team, "&to_confirm=true").await.iter().all(|one| one["id"] != first["id"]));
    }

    async fn waiting_is_said_wherever_it_matters(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let isla = worker(&test, &team.place, "Isla", "recovery_worker", "2024-01-08").await;
        let callum = build::member(&test, team.place.service, "Callum").await;
        client(&test, "callum", Some(Role::Manager), &team.place, Some(callum)).await;
        let me = client(&test, "isla", None, &team.place, Some(isla)).await;
        let body = json!({"item_id": team.naloxone, "completed_on": "2026-06-20"});
        let made = me.post("/api/learning/completions", &body).await.expect(201);
        let words = "Callum Testperson at Clyde Recovery (synthetic) has to confirm it before it counts for “Naloxone”.";
        assert_eq!(made["waiting"][0]["words"], words);
        assert!(made["counts_for"].is_null());

        let mine = me.get("/api/learning/summary").await.expect(200);
        assert_eq!((&mine["waiting"][0]["id"], &mine["waiting"][0]["waiting"][0]["words"]), (&made["id"], &json!(words)));
        assert_eq!((&mine["held"], &mine["expiring"]), (&json!([]), &json!([])));
        let item = me.get(&format!("/api/learning/items/{}", team.naloxone)).await.expect(200);
        assert_eq!((&item["held"]["waiting"][0]["words"], &item["asked"][0]["status"]), (&json!(words), &json!("overdue")));
        let due = me.get("/api/me").await.expect(200)["due"][0].clone();
        assert_eq!((&due["waiting"]["words"], &due["options"]), (&json!(words), &json!([])), "not sent to the course again");
        assert_eq!(due["headline"], "“Naloxone” was due by 1 April 2025 and is still missing. What was recorded since waits for confirmation.");

        let matrix = team.manager.get(&team.at(&format!("status?person={isla}"))).await.expect(200);
        let cell = &matrix["items"][0]["cells"][0];
        assert_eq!((&cell["status"], &cell["waiting"]["completion_id"]), (&json!("overdue"), &made["id"]));
        assert_eq!((&cell["waiting"]["since"], &cell["waiting"]["may_confirm"]), (&json!("2026-06-30"), &json!(true)));
        let why = team.manager.get(&format!("/api/people/{isla}/status/{rule}/explain")).await.expect(200);
        assert_eq!((&why["waiting"]["words"], &why["may_confirm"]), (&json!(words), &json!(true)));

        let path = format!("/api/learning/completions/{}/confirm", made["id"].as_str().unwrap());
        let confirmed = team.manager.post(&path, &json!({})).await.expect(200);
        assert_eq!((&confirmed["counts_for"][0]["requirement_name"], &confirmed["waiting"]), (&json!("Naloxone"), &Value::Null));
        assert_eq!(me.get("/api/me").await.expect(200)["due"], json!([]));
        assert_eq!(me.get("/api/learning/summary").await.expect(200)["waiting"], json!([]));
    }

    async fn what_only_a_manager_confirmed_waits_for_the_employer_where_that_is_asked(test: TestApp) {
        let team = team(&test).await;
        let mut rule = team.naloxone_rule();
        rule["minimum_assurance"] = json!("employer_verified");
        team.ask(&rule).await;
        let ann = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let done = completed(&test, ann, team.naloxone, "2026-06-01", ManagerConfirmed).await;
        let ids = async |who: &crate::support::Client| -> Vec<uuid::Uuid> {
            let page = who.get(&team.at("completions?to_confirm=true")).await.expect(200);
            page["items"].as_array().unwrap().iter().map(|one| id(&one["id"])).collect()
        };
        assert_eq!(ids(&team.employer).await, [done.0]);
        assert_eq!(ids(&team.manager).await, Vec::<uuid::Uuid>::new(), "a manager's word is too little");
        let matrix = team.manager.get(&team.at("status")).await.expect(200);
        assert_eq!(matrix["items"][0]["cells"][0]["waiting"]["may_confirm"], false);
    }

    async fn who_comes_back_has_the_days_of_grace_again_and_is_told_so(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let ann = build::person(&test, "Ann").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(ann, post).from(day("2024-01-08")).until(Some(day("2025-06-30"))).save(&test).await;
        build::appointment(ann, post).from(day("2026-06-30")).minutes(0).save(&test).await;
        let why = team.employer.get(&format!("/api/people/{ann}/status/{rule}/explain")).await.expect(200);
        assert_eq!((&why["status"], &why["under_since"], &why["due_by"]), (&json!("due"), &json!("2026-06-30"), &json!("2026-09-28")));
        assert_eq!(why["under"], "Asked since 30 June 2026: Ann was away for 364 days after 30 June 2025, so the days to complete it began again.");
        // other hours from a day on are no absence
        let ben = build::person(&test, "Ben").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(ben, post).from(day("2024-01-08")).until(Some(day("2026-06-28"))).save(&test).await;
        build::appointment(ben, post).from(day("2026-06-29")).minutes(600).save(&test).await;
        let why = team.employer.get(&format!("/api/people/{ben}/status/{rule}/explain")).await.expect(200);
        assert_eq!((&why["status"], &why["under_since"]), (&json!("overdue"), &json!("2025-01-01")));
    }

    async fn an_exemption_that_ended_before_it_began_never_was(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let ann = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let path = format!("/api/requirements/{rule}/exemptions");
        for begins in ["2026-06-30", "2030-01-01"] {
            let body = json!({"person_id": ann, "reason": "A mistake.", "starts_on": begins});
            let made = team.employer.post(&path, &body).await.expect(201);
            team.employer.delete(&format!("/api/exemptions/{}", made["id"].as_str().unwrap())).await.expect(204);
            assert_eq!(team.employer.get(&path).await.expect(200)["items"], json!([]));
        }
        let body = json!({"person_id": ann, "reason": "On leave.", "starts_on": "2020-01-01"});
        team.employer.post(&path, &body).await.expect(201);
        let again = json!({"person_id": ann, "reason": "On leave.", "starts_on": "2026-01-01"});
        team.employer.post(&path, &again).await.expect_problem(409, "already_exempt");
    }

    async fn what_somebody_took_back_is_nobody_elses_business(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let ann = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        completed_as(&test, ann, team.naloxone, day("2026-05-01"), ManagerConfirmed, CompletionState::Withdrawn).await;
        let me = client(&test, "ann", None, &team.place, Some(ann)).await;
        let path = format!("/api/people/{ann}/status/{rule}/explain");
        assert_eq!(team.manager.get(&path).await.expect(200)["not_counted"], json!([]));
        assert_eq!(me.get(&path).await.expect(200)["not_counted"][0]["why_not"], "withdrawn");
    }
}
