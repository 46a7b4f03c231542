//! Kept statuses: whatever happens, in whatever order, what is kept is what the facts say.

use std::time::Duration;

use cairn::base::db;
use cairn::standing::kept;
use chrono::TimeDelta;
use entity::id::{AppointmentId, CompletionId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, Level, Status};
use entity::{appointment, completion, item, post, requirement_status, status_stale};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, day};
use crate::support::skill::{SURE, Team, builds, client, completed, team, worker};
use crate::support::terms;

/// A source of choices that is the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn days(&mut self, most: usize) -> TimeDelta {
        TimeDelta::days(i64::try_from(self.roll(most)).unwrap_or_default())
    }
}

async fn rows(test: &TestApp) -> Vec<requirement_status::Model> {
    use requirement_status::Column;
    let all = requirement_status::Entity::find();
    all.order_by_asc(Column::PersonId).order_by_asc(Column::RequirementId).all(&test.app.db).await.expect("rows")
}

/// Changes a row as the program does: in a transaction that tells every cache.
async fn changed<A>(test: &TestApp, row: A)
where
    A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: sea_orm::IntoActiveModel<A>,
{
    let tx = db::write(&test.app.db).await.expect("a transaction");
    row.update(&tx).await.expect("changed");
    tx.commit().await.expect("kept");
}

/// What a history can be made of.
struct World {
    team: Team,
    rules: Vec<RequirementId>,
    people: Vec<PersonId>,
    appointments: Vec<AppointmentId>,
    completions: Vec<CompletionId>,
    /// Another service of the same employer
    leith: ServiceId,
}

async fn world(test: &TestApp) -> World {
    let team = team(test).await;
    builds(test, team.overdose, "stigma", Level::Skilled).await;
    let mut rules = vec![team.ask(&team.naloxone_rule()).await];
    let themed = json!({"name": "Stigma", "theme": "stigma", "level": "informed", "starts_on": "2026-08-01"});
    rules.push(team.ask(&themed).await);
    let nurses = json!({"name": "Of nurses", "roles": ["addictions_nurse"], "item_ids": [team.overdose], "starts_on": "2025-06-01"});
    rules.push(team.ask(&nurses).await);
    let leith = build::service(team.place.organisation).name("Leith").save(test).await;
    World { team, rules, people: Vec::new(), appointments: Vec::new(), completions: Vec::new(), leith }
}

impl World {
    /// Something happens.
    async fn happens(&mut self, test: &TestApp, dice: &mut Dice) {
        let today = test.app.clock.today();
        let Self { team, rules, people, appointments, completions, leith } = self;
        if people.len() < 3 {
            people.push(worker(test, &team.place, "Ann", "recovery_worker", "2024-01-08").await);
            return;
        }
        let person = people[dice.roll(people.len())];
        let since = today - dice.days(900);
        match dice.roll(13) {
            0 => people.push(worker(test, &team.place, "New", "recovery_worker", &since.to_string()).await),
            1 => {
                let role = ["recovery_worker", "addictions_nurse", "prison_nurse", "dietitian"][dice.roll(4)];
                let service = [team.place.service, *leith][dice.roll(2)];
                let post = build::post(service).role(role).save(test).await;
                let until = (dice.roll(2) == 0).then(|| since + dice.days(1200));
                appointments.push(build::appointment(person, post).from(since).until(until).save(test).await);
            }
            2 => {
                let Some(id) = appointments.pop() else { return };
                let row = appointment::ActiveModel {
                    id: Set(id),
                    ends_on: Set(Some(today + dice.days(60))),
                    ..Default::default()
                };
                changed(test, row).await;
            }
            3 | 4 => {
                let item = if dice.roll(2) == 0 { team.naloxone } else { team.overdose };
                let trust = [Assurance::SelfDeclared, Assurance::ManagerConfirmed][dice.roll(2)];
                // the same day twice is the same completion
                let on = since.to_string();
                let known = completion::Entity::find().all(&test.app.db).await.expect("completions");
                if known.iter().all(|row| (row.person_id, row.item_id, row.completed_on) != (person, item, since)) {
                    completions.push(completed(test, person, item, &on, trust).await);
                }
            }
            5 => {
                let Some(id) = completions.pop() else { return };
                let trust = Set(Assurance::ProviderIssued);
                let row = completion::ActiveModel { id: Set(id), assurance: trust, ..Default::default() };
                changed(test, row).await;
            }
            6 => {
                let body =
                    json!({"person_id": person, "reason": "On leave.", "ends_on": (today + dice.days(40)).to_string()});
                let rule = rules[dice.roll(rules.len())];
                // exempt already: nothing happens
                team.employer.post(&format!("/api/requirements/{rule}/exemptions"), &body).await;
            }
            7 | 8 => {
                // whom it is for: roles, a family with its roles, services, or everybody
                let rule = rules[dice.roll(rules.len())];
                let roles = [json!([]), json!(["recovery_worker", "dietitian"]), json!(["prison_nurse"])];
                let families = [json!([]), json!(["nursing"])];
                let services = [json!([]), json!([leith]), json!([team.place.service, leith])];
                let body = json!({
                    "roles": roles[dice.roll(3)], "role_families": families[dice.roll(2)],
                    "service_ids": services[dice.roll(3)], "confirmed": SURE,
                });
                team.employer.patch(&format!("/api/requirements/{rule}"), &body).await.expect(200);
            }
            9 => {
                let rule = rules[dice.roll(rules.len())];
                let body = json!({"grace_days": dice.roll(200), "window_days": dice.roll(120), "confirmed": SURE});
                team.employer.patch(&format!("/api/requirements/{rule}"), &body).await.expect(200);
            }
            10 | 11 => {
                let posts = post::Entity::find().order_by_asc(post::Column::Id).all(&test.app.db).await.expect("posts");
                let post = posts[dice.roll(posts.len())].id;
                let role = ["addictions_nurse", "recovery_worker", "social_worker"][dice.roll(3)];
                let meant = if dice.roll(4) == 0 { ("correction", json!(true)) } else { ("changed_on", json!(since)) };
                let body = json!({"role": role, (meant.0): meant.1});
                team.employer.patch(&team.at(&format!("posts/{post}")), &body).await.expect(200);
            }
            _ => {
                let months = i32::try_from(6 + dice.roll(30)).expect("small");
                let row = item::ActiveModel {
                    id: Set(team.naloxone),
                    validity_months: Set(Some(months)),
                    ..Default::default()
                };
                changed(test, row).await;
                terms::since_ever(test, team.naloxone).await;
            }
        }
    }

    /// The numbers as the facts give them, and as they are answered.
    async fn numbers(&self) -> (Value, Value) {
        let from_facts = self.team.employer.get(&self.team.at("status?limit=1")).await.expect(200);
        let answered = self.team.employer.get(&self.team.at("status?limit=0")).await.expect(200);
        assert_eq!(from_facts["requirements"], answered["requirements"]);
        (from_facts["summary"].clone(), answered["summary"].clone())
    }
}

on_both_databases! {
    async fn what_is_kept_is_what_the_facts_say_after_any_history(test: TestApp) {
        let mut dice = Dice(3);
        let mut world = world(&test).await;
        for step in 0..90 {
            world.happens(&test, &mut dice).await;
            if dice.roll(4) == 0 {
                test.app.clock.advance(dice.days(50));
                // sessions end meanwhile
                world.team.employer = test.sign_in("lead@example.org").await;
            }
            if dice.roll(2) == 0 {
                // whoever reads before anything is settled reads no old number
                let (facts, answered) = world.numbers().await;
                assert_eq!(facts, answered, "step {step}, before it is settled");
            }
            if dice.roll(3) == 0 {
                kept::settle(&test.app).await.expect("settled");
                let left = status_stale::Entity::find().all(&test.app.db).await.expect("rows");
                assert_eq!(left, [], "nothing is left to do");
                let (facts, answered) = world.numbers().await;
                assert_eq!(facts, answered, "step {step}");
                let kept = rows(&test).await;
                kept::rebuild(&test.app, |_, _| {}).await.expect("found anew");
                assert_eq!(kept, rows(&test).await, "step {step}");
            }
        }
    }

    async fn the_numbers_of_a_team_are_answered_from_what_is_kept(test: TestApp) {
        let team = team(&test).await;
        team.ask(&team.naloxone_rule()).await;
        for name in ["Ann", "Ben", "Cat"] {
            let person = worker(&test, &team.place, name, "recovery_worker", "2024-01-08").await;
            completed(&test, person, team.naloxone, "2026-05-01", Assurance::ManagerConfirmed).await;
        }
        assert_eq!(kept::settle(&test.app).await.expect("settled"), 3);
        assert_eq!(kept::settle(&test.app).await.expect("settled"), 0, "and nothing is done twice");
        let mut row = requirement_status::ActiveModel::from(rows(&test).await.remove(0));
        // a row that no fact supports shows where the number came from
        row.status = Set(Some(Status::Overdue));
        row.clone().update(&test.app.db).await.expect("changed");
        let numbers = team.manager.get(&team.at("status?limit=0")).await.expect(200);
        assert_eq!((&numbers["summary"]["met"], &numbers["summary"]["missing"]), (&json!(2), &json!(1)));
        assert_eq!((&numbers["total"], &numbers["summary"]["people"]), (&json!(3), &json!(3)));
        // the day on which somebody's lapses comes: nothing kept is believed until it is settled
        test.app.clock.advance(TimeDelta::days(400));
        let client = client(&test, "later", Some(entity::value::Role::Employer), &team.place, None).await;
        let numbers = client.get(&team.at("status?limit=0")).await.expect(200);
        assert_eq!((&numbers["summary"]["met"], &numbers["summary"]["missing"]), (&json!(0), &json!(3)));
        assert_eq!(kept::settle(&test.app).await.expect("settled"), 3);
        assert!(rows(&test).await.iter().all(|row| row.status == Some(Status::Expired) && row.since == Some(day("2027-05-01"))));
    }

    async fn a_running_process_finds_a_change_within_a_moment(test: TestApp) {
        let team = team(&test).await;
        team.ask(&team.naloxone_rule()).await;
        let ann = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        kept::settle(&test.app).await.expect("settled");
        let follower = tokio::spawn(kept::follow(test.app.clone()));
        completed(&test, ann, team.naloxone, "2026-05-01", Assurance::ManagerConfirmed).await;
        let begun = std::time::Instant::now();
        while rows(&test).await[0].status != Some(Status::Met) {
            // a second when nothing else runs; the machine that tests has other things to do
            assert!(begun.elapsed() < Duration::from_secs(5), "still not found");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        follower.abort();
    }
}
