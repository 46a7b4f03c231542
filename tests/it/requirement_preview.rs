//! What a requirement would do is told before it is saved and is what happens then; what may be a
//! slip is asked back; of the whole workforce only orders of size are told.

use entity::id::{ItemId, PersonId, RequirementId};
use entity::value::Assurance::{self, ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::{ItemStatus, Role};
use entity::{access_event, item, requirement, role_grant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, day};
use crate::support::skill::{SURE as BOTH, Team, client, completed, id, module, team, worker};

fn preview(team: &Team) -> String {
    team.at("requirements/preview")
}

fn figure(preview: &Value, of: &str) -> Value {
    let found = preview["figures"].as_array().unwrap().iter().find(|one| one["of"] == of);
    found.map_or(Value::Null, |one| one["count"].clone())
}

fn names(preview: &Value) -> Vec<(String, String)> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    preview["people"].as_array().unwrap().iter().map(|one| (text(one, "given_name"), text(one, "status"))).collect()
}

fn codes(problem: &Value) -> Vec<String> {
    problem["fields"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

fn with(rule: &Value, parts: &Value) -> Value {
    let mut rule = rule.clone();
    for (key, value) in parts.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

/// The naloxone rule as somebody sends it first: since 2025, nothing confirmed.
fn first(team: &Team) -> Value {
    with(&team.naloxone_rule(), &json!({"confirmed": []}))
}

async fn rules(test: &TestApp) -> usize {
    requirement::Entity::find().all(&test.app.db).await.unwrap().len()
}

/// A source of choices that is the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn date(&mut self) -> String {
        (day("2026-06-30") - chrono::TimeDelta::days(i64::try_from(self.roll(900)).unwrap_or_default())).to_string()
    }
}

on_both_databases! {
    async fn what_it_would_do_is_told_and_nothing_is_saved(test: TestApp) {
        let team = team(&test).await;
        let met = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        completed(&test, met, team.naloxone, "2026-05-01", ManagerConfirmed).await;
        let lapsing = worker(&test, &team.place, "Ben", "recovery_worker", "2024-01-08").await;
        completed(&test, lapsing, team.naloxone, "2025-08-01", ProviderIssued).await;
        let lapsed = worker(&test, &team.place, "Cat", "recovery_worker", "2024-01-08").await;
        completed(&test, lapsed, team.naloxone, "2025-05-01", ManagerConfirmed).await;
        let waits = worker(&test, &team.place, "Dan", "recovery_worker", "2026-04-20").await;
        completed(&test, waits, team.naloxone, "2026-05-01", SelfDeclared).await;
        worker(&test, &team.place, "Eve", "recovery_worker", "2026-05-01").await;
        let never = worker(&test, &team.place, "Fay", "recovery_worker", "2024-01-08").await;
        let twice = build::post(team.place.service).save(&test).await;
        build::appointment(never, twice).from(day("2024-01-08")).save(&test).await;
        worker(&test, &team.place, "Gus", "addictions_nurse", "2024-01-08").await;

        let rule = with(&first(&team), &json!({"roles": ["recovery_worker"]}));
        let told = team.employer.post(&preview(&team), &rule).await.expect(200);
        assert_eq!((&told["on"], &told["exact"]), (&json!("2026-06-30"), &json!(true)));
        assert_eq!(told["whom"], "Drug and alcohol or recovery workers");
        for (of, count) in [("people", 6), ("posts", 7), ("met", 1), ("expiring", 1), ("expired", 1), ("due", 2), ("overdue", 1), ("exempt", 0), ("waiting", 1)] {
            assert_eq!(figure(&told, of), json!(count), "{of}: {told}");
        }
        assert_eq!(figure(&told, "newly_overdue"), Value::Null);
        assert_eq!(told["first_overdue_on"], "2026-07-20");
        let order: Vec<_> = names(&told).into_iter().map(|(name, status)| format!("{name} {status}")).collect();
        assert_eq!(order, ["Fay overdue", "Cat expired", "Dan due", "Eve due", "Ben expiring", "Ann met"]);
        assert_eq!((rules(&test).await, &told["more"]), (0, &json!(0)));
        let seen = access_event::Entity::find().filter(access_event::Column::PersonId.eq(never)).all(&test.app.db).await.unwrap();
        assert_eq!(seen.len(), 1, "whoever is shown by name can read that");

        // a later start tells of the day on which it begins, by who is in post then
        let later = team.employer.post(&preview(&team), &with(&rule, &json!({"starts_on": "2026-09-01"}))).await.expect(200);
        assert_eq!((&later["on"], figure(&later, "overdue"), figure(&later, "expired")), (&json!("2026-09-01"), json!(0), json!(2)));
        assert_eq!(later["first_overdue_on"], "2026-12-01");
        // one that is over asks nobody
        let over = team.employer.post(&preview(&team), &with(&rule, &json!({"ends_on": "2026-06-29"}))).await.expect(200);
        assert_eq!((figure(&over, "people"), &over["people"]), (json!(0), &json!([])));
    }

    async fn what_is_told_is_what_happens_then(test: TestApp) {
        let mut dice = Dice(5);
        let team = team(&test).await;
        let leith = build::service(team.place.organisation).name("Leith").save(&test).await;
        for number in 0..14 {
            let person = build::person(&test, &format!("N{number:02}")).await;
            for _ in 0..=dice.roll(2) {
                let role = ["recovery_worker", "charge_nurse", "dietitian"][dice.roll(3)];
                let post = build::post([team.place.service, leith][dice.roll(2)]).role(role).save(&test).await;
                build::appointment(person, post).from(day(&dice.date())).save(&test).await;
            }
            for _ in 0..dice.roll(3) {
                let item = [team.naloxone, team.overdose][dice.roll(2)];
                let trust = [SelfDeclared, ManagerConfirmed, Assurance::EmployerVerified][dice.roll(3)];
                let on = dice.date();
                let _ = completed_once(&test, person, item, &on, trust).await;
            }
        }
        let scopes = [json!({}), json!({"role_families": ["nursing"]}), json!({"roles": ["dietitian"], "service_ids": [leith]}), json!({"service_ids": [leith]})];
        let mut known: Vec<RequirementId> = Vec::new();
        for round in 0..10 {
            let trust = ["self_declared", "manager_confirmed"][dice.roll(2)];
            let parts = with(&scopes[dice.roll(4)], &json!({
                "name": format!("Rule {round}"), "grace_days": dice.roll(200), "starts_on": dice.date(),
                "minimum_assurance": trust,
            }));
            let rule = with(&first(&team), &parts);
            // a new one, or a change of one that stands
            let changed = known.get(dice.roll(12)).copied();
            let body = with(&rule, &json!({"confirmed": BOTH}));
            let (told, saved) = match changed {
                Some(id) => {
                    let (path, empty) = (format!("/api/requirements/{id}"), json!({"roles": [], "role_families": [], "service_ids": []}));
                    let told = team.employer.post(&format!("{path}/preview"), &with(&empty, &rule)).await.expect(200);
                    (told, team.employer.patch(&path, &with(&empty, &body)).await.expect(200))
                }
                None => (team.employer.post(&preview(&team), &rule).await.expect(200), team.employer.post(&team.at("requirements"), &body).await.expect(201)),
            };
            let rule: RequirementId = id(&saved["id"]).into();
            known.push(rule);
            let matrix = team.employer.get(&team.at(&format!("status?requirement={rule}&limit=100"))).await.expect(200);
            let mut happened: Vec<(String, String)> = matrix["items"].as_array().unwrap().iter().filter_map(|row| {
                Some((row["given_name"].as_str()?.to_owned(), row["cells"].get(0)?["status"].as_str()?.to_owned()))
            }).collect();
            let mut told_of = names(&told);
            told_of.sort();
            happened.sort();
            assert_eq!(told_of, happened, "round {round}");
            let overdue = happened.iter().filter(|(_, status)| status == "overdue").count();
            assert_eq!((figure(&told, "people"), figure(&told, "overdue")), (json!(happened.len()), json!(overdue)));
        }
    }

    async fn a_start_in_the_past_and_people_overdue_at_once_are_asked_back(test: TestApp) {
        let team = team(&test).await;
        let path = team.at("requirements");
        let rule = first(&team);
        let nobody = team.employer.post(&path, &rule).await.expect_problem(409, "please_confirm");
        assert_eq!(codes(&nobody), ["begins_in_the_past"], "nobody is there to be overdue");
        worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let asked = team.employer.post(&path, &rule).await.expect_problem(409, "please_confirm");
        assert_eq!(codes(&asked), BOTH);
        assert_eq!(asked["fields"][0]["message"], "It begins on 1 January 2025, which is in the past: days to complete it count from then.");
        assert_eq!(asked["fields"][1]["message"], "1 person would be overdue today.");
        let half = team.employer.post(&path, &with(&rule, &json!({"confirmed": ["begins_in_the_past"]}))).await.expect_problem(409, "please_confirm");
        assert_eq!((codes(&half), rules(&test).await), (vec!["overdue_at_once".to_owned()], 0));
        team.employer.post(&path, &with(&rule, &json!({"confirmed": ["anything"]}))).await.expect(422);
        let made = team.employer.post(&path, &with(&rule, &json!({"confirmed": BOTH, "roles": ["addictions_nurse"]}))).await.expect(201);
        // from today nothing is asked
        team.employer.post(&path, &with(&rule, &json!({"starts_on": "2026-06-30", "name": "From today"}))).await.expect(201);

        let one = format!("/api/requirements/{}", made["id"].as_str().unwrap());
        let change = async |body: Value| team.employer.patch(&one, &body).await;
        change(json!({"name": "Other", "window_days": 30})).await.expect(200);
        let back = change(json!({"starts_on": "2024-06-01"})).await.expect_problem(409, "please_confirm");
        assert_eq!(codes(&back), ["begins_in_the_past"]);
        let wider = change(json!({"roles": []})).await.expect_problem(409, "please_confirm");
        assert_eq!(codes(&wider), BOTH);
        assert_eq!(wider["fields"][0]["message"], "It began on 1 January 2025, and counts from then for those who are new to it, too.");
        assert_eq!(wider["fields"][1]["message"], "1 person would be overdue today who is not now.");
        let told = team.employer.post(&format!("{one}/preview"), &json!({"roles": []})).await.expect(200);
        assert_eq!((figure(&told, "overdue"), figure(&told, "newly_overdue")), (json!(1), json!(1)));
        change(json!({"roles": [], "confirmed": BOTH})).await.expect(200);
        // whoever is overdue already is no news
        change(json!({"grace_days": 0})).await.expect(200);
        let told = team.employer.post(&format!("{one}/preview"), &json!({"grace_days": 1})).await.expect(200);
        assert_eq!((figure(&told, "overdue"), figure(&told, "newly_overdue")), (json!(1), json!(0)));
        assert_eq!(rules(&test).await, 2);
    }

    async fn of_the_whole_workforce_nothing_small_is_told(test: TestApp) {
        let team = team(&test).await;
        worker(&test, &team.place, "Ann", "addictions_nurse", "2024-01-08").await;
        let done = worker(&test, &team.place, "Ben", "dietitian", "2024-01-08").await;
        completed(&test, done, team.naloxone, "2026-05-01", ManagerConfirmed).await;
        let curator = client(&test, "curator", Some(Role::Curator), &team.place, None).await;
        let rule = first(&team);
        let look = async |parts: Value| curator.post("/api/requirements/preview", &with(&rule, &parts)).await.expect(200);
        let save = async |parts: Value| curator.post("/api/requirements", &with(&rule, &parts)).await.expect_problem(409, "please_confirm");
        let told = look(json!({})).await;
        assert_eq!(told["figures"], json!([{"of": "people", "words": "fewer than 20"}]));
        assert_eq!((&told["people"], &told["exact"], &told["first_overdue_on"]), (&json!([]), &json!(false), &Value::Null));
        // who is overdue, who holds it and that nobody is there look the same, also when saving
        let (overdue, holds, nobody) = (json!({"roles": ["addictions_nurse"]}), json!({"roles": ["dietitian"]}), json!({"roles": ["prison_nurse"]}));
        let one = look(overdue.clone()).await;
        for other in [holds.clone(), nobody.clone()] {
            let other = look(other).await;
            assert_eq!((&one["figures"], &one["first_overdue_on"]), (&other["figures"], &other["first_overdue_on"]));
        }
        let asked = save(overdue).await;
        assert_eq!(codes(&asked), BOTH);
        assert_eq!(asked["fields"][1]["message"], "Fewer than 20 people, perhaps nobody, would be overdue today.");
        assert_eq!((&asked["fields"], &asked["fields"]), (&save(holds).await["fields"], &save(nobody).await["fields"]));
        assert_eq!(look(json!({"starts_on": "2026-06-01"})).await["first_overdue_on"], "2026-08-31");
        assert_eq!(access_event::Entity::find().all(&test.app.db).await.unwrap().len(), 0, "nobody's record was seen");

        for number in 0..60 {
            worker(&test, &team.place, &format!("N{number:02}"), "recovery_worker", "2024-01-08").await;
        }
        let many = look(json!({})).await;
        let words = |of: &str| many["figures"].as_array().unwrap().iter().find(|one| one["of"] == of).unwrap()["words"].clone();
        assert_eq!((words("people"), words("overdue"), words("met")), (json!("50 to 99"), json!("50 to 99"), json!("fewer than 20")));
        assert!(many["figures"].as_array().unwrap().iter().all(|one| one["count"].is_null() && one["of"] != "posts"));
        assert_eq!(save(json!({})).await["fields"][1]["message"], "50 to 99 people would be overdue today.");
        let made = curator.post("/api/requirements", &with(&rule, &json!({"confirmed": BOTH}))).await.expect(201);
        let one = format!("/api/requirements/{}", made["id"].as_str().unwrap());
        curator.patch(&one, &json!({"name": "Naloxone for all", "grace_days": 200})).await.expect(200);
        let less = curator.patch(&one, &json!({"grace_days": 10})).await.expect_problem(409, "please_confirm");
        assert_eq!(codes(&less), ["overdue_at_once"]);
        let change = curator.post(&format!("{one}/preview"), &json!({"grace_days": 10})).await.expect(200);
        assert_eq!(change["exact"], false);
    }

    async fn only_who_may_save_may_look(test: TestApp) {
        let team = team(&test).await;
        let ann = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let rule = first(&team);
        let made = team.ask(&rule).await;
        let change = format!("/api/requirements/{made}/preview");
        let elsewhere = build::place(&test).await;
        let stranger = client(&test, "stranger", Some(Role::Employer), &elsewhere, None).await;
        let curator = client(&test, "curator", Some(Role::Curator), &team.place, None).await;
        let planner = client(&test, "planner", Some(Role::Planner), &team.place, None).await;
        let staff = client(&test, "ann", None, &team.place, Some(ann)).await;
        for (who, own, national, of_change) in [
            (&team.manager, 403, 403, 403), (&stranger, 404, 403, 404), (&curator, 403, 200, 404), (&planner, 403, 403, 404), (&staff, 403, 403, 404),
        ] {
            let statuses = [
                who.post(&preview(&team), &rule).await, who.post("/api/requirements/preview", &rule).await, who.post(&change, &json!({})).await,
            ].map(|answer| answer.status.as_u16());
            assert_eq!(statuses, [own, national, of_change]);
        }
        team.employer.post(&change, &json!({})).await.expect(200);
        team.employer.post(&format!("/api/requirements/{}/preview", uuid::Uuid::nil()), &json!({})).await.expect_problem(404, "not_found");
        // another provider's draft is nobody's business, looked at or saved
        let draft = module(&test, &elsewhere, "dra-1", "Secret draft", None).await;
        let row = item::ActiveModel { id: Set(draft), status: Set(ItemStatus::Draft), ..Default::default() };
        row.update(&test.app.db).await.unwrap();
        let named = with(&rule, &json!({"item_ids": [draft]}));
        for problem in [
            team.employer.post(&preview(&team), &named).await.expect_problem(422, "invalid"),
            team.employer.post(&team.at("requirements"), &named).await.expect_problem(422, "invalid"),
            team.employer.post(&change, &json!({"item_ids": [draft]})).await.expect_problem(422, "invalid"),
        ] {
            assert_eq!((codes(&problem), problem.to_string().contains("Secret")), (vec!["unknown".to_owned()], false));
        }
        // the right goes, and with it the look
        let revoked = role_grant::Entity::update_many().filter(role_grant::Column::Role.eq(Role::Employer));
        let at = Some(test.app.clock.now());
        revoked.col_expr(role_grant::Column::RevokedAt, sea_orm::sea_query::Expr::value(at)).exec(&test.app.db).await.unwrap();
        let statuses = [
            team.employer.post(&preview(&team), &rule).await, team.employer.post(&change, &json!({})).await,
            team.employer.patch(&format!("/api/requirements/{made}"), &json!({"name": "x", "confirmed": BOTH})).await,
        ].map(|answer| answer.status.as_u16());
        assert_eq!(statuses, [403, 404, 404]);
    }

    async fn a_look_takes_as_many_statements_for_sixty_as_for_five(test: TestApp) {
        let team = team(&test).await;
        let rule = first(&team);
        let people = async |from: usize, to: usize| {
            for number in from..to {
                let person = worker(&test, &team.place, &format!("N{number:02}"), "recovery_worker", "2024-01-08").await;
                completed(&test, person, team.naloxone, "2026-05-01", ManagerConfirmed).await;
            }
        };
        people(0, 5).await;
        let (few, for_few) = test.statements(team.employer.post(&preview(&team), &rule)).await;
        people(5, 60).await;
        let (many, for_many) = test.statements(team.employer.post(&preview(&team), &rule)).await;
        assert_eq!((figure(&few.expect(200), "people"), figure(&many.expect(200), "people")), (json!(5), json!(60)));
        let told = many.expect(200);
        assert_eq!((told["people"].as_array().unwrap().len(), &told["more"]), (25, &json!(35)));
        assert!(for_many <= for_few && for_many <= 20, "{for_few}, then {for_many} statements");
    }
}

/// The same day twice is the same completion.
async fn completed_once(test: &TestApp, person: PersonId, item: ItemId, on: &str, trust: Assurance) -> bool {
    use entity::completion::{Column, Entity};
    let same = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::ItemId.eq(item));
    let same = same.filter(Column::CompletedOn.eq(day(on))).one(&test.app.db).await.unwrap();
    if same.is_none() {
        completed(test, person, item, on, trust).await;
    }
    same.is_none()
}
