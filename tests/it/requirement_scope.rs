//! Whom a requirement is for: roles, role families, services; what is refused, and what of it is kept.

use entity::id::{PersonId, RequirementId, ServiceId};
use entity::requirement_scope;
use entity::value::Role;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::skill::{Team, client, id, team, worker};
use crate::support::{Client, TestApp};

async fn worker_at(test: &TestApp, service: ServiceId, name: &str, role: &str) -> PersonId {
    let person = build::person(test, name).await;
    let post = build::post(service).role(role).save(test).await;
    build::appointment(person, post).from(day("2024-01-08")).save(test).await;
    person
}

/// Given names of those who are asked.
async fn asked(team: &Team, rule: RequirementId) -> Vec<String> {
    let matrix = team.employer.get(&team.at(&format!("status?requirement={rule}&limit=100"))).await.expect(200);
    let rows = matrix["items"].as_array().unwrap().iter();
    let asked = rows.filter(|row| !row["cells"].as_array().unwrap().is_empty());
    asked.map(|row| row["given_name"].as_str().unwrap().to_owned()).collect()
}

fn fields(problem: &Value) -> Vec<(&str, &str)> {
    let text = |one: &'_ Value, key: &str| one[key].as_str().unwrap().to_owned().leak() as &str;
    problem["fields"].as_array().unwrap().iter().map(|one| (text(one, "field"), text(one, "code"))).collect()
}

/// The naloxone rule with other parts, from today.
fn rule(team: &Team, parts: &Value) -> Value {
    let mut rule = team.naloxone_rule();
    rule["starts_on"] = json!("2026-06-30");
    for (key, value) in parts.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

async fn refused(client: &Client, path: &str, body: &Value) -> Vec<(&'static str, &'static str)> {
    let problem: &'static Value = Box::leak(Box::new(client.post(path, body).await.expect_problem(422, "invalid")));
    fields(problem)
}

on_both_databases! {
    async fn roles_families_and_services_say_who_is_asked_everywhere(test: TestApp) {
        let team = team(&test).await;
        let leith = build::service(team.place.organisation).name("Leith").save(&test).await;
        let nurse = worker(&test, &team.place, "Ann", "addictions_nurse", "2024-01-08").await;
        worker(&test, &team.place, "Ben", "recovery_worker", "2024-01-08").await;
        worker(&test, &team.place, "Cat", "dietitian", "2024-01-08").await;
        worker_at(&test, leith, "Dan", "peer_support_worker").await;
        worker_at(&test, leith, "Eve", "charge_nurse").await;
        worker_at(&test, leith, "Fay", "recovery_worker").await;

        let two = team.ask(&rule(&team, &json!({"name": "Two roles", "roles": ["peer_support_worker", "recovery_worker"], "service_ids": [leith]}))).await;
        assert_eq!(asked(&team, two).await, ["Dan", "Fay"]);
        let family = team.ask(&rule(&team, &json!({"name": "Family", "role_families": ["nursing"], "roles": ["dietitian", "charge_nurse"]}))).await;
        assert_eq!(asked(&team, family).await, ["Ann", "Cat", "Eve"]);
        let here = team.ask(&rule(&team, &json!({"name": "Place", "service_ids": [leith, leith]}))).await;
        assert_eq!(asked(&team, here).await, ["Dan", "Eve", "Fay"]);

        let read = async |rule: RequirementId| team.manager.get(&format!("/api/requirements/{rule}")).await.expect(200);
        let told = read(two).await;
        assert_eq!(told["whom"], "Drug and alcohol or recovery workers and peer support workers at Leith");
        assert_eq!(told["services"], json!([{"id": leith, "name": "Leith"}]));
        let told = read(family).await;
        assert_eq!(told["whom"], "Dietitians and all roles in nursing");
        assert_eq!((&told["roles"], &told["role_families"]), (&json!([{"slug": "dietitian", "label": "Dietitian"}]), &json!([{"slug": "nursing", "label": "Nursing"}])), "the family takes its role in");
        let matrix = team.employer.get(&team.at("status")).await.expect(200);
        let column = matrix["requirements"].as_array().unwrap().iter().find(|one| id(&one["id"]) == here.0).unwrap().clone();
        assert_eq!(column["whom"], "Everybody at Leith");

        let why = team.employer.get(&format!("/api/people/{nurse}/status/{family}/explain")).await.expect(200);
        assert!(why["rule"].as_str().unwrap().starts_with("Asked of dietitians and all roles in nursing. To be held"), "{}", why["rule"]);
        let me = client(&test, "ann", None, &team.place, Some(nurse)).await;
        let mine = me.get("/api/me/status").await.expect(200);
        assert_eq!(mine["items"].as_array().unwrap().len(), 1);
        assert_eq!(id(&mine["items"][0]["requirement_id"]), family.0);

        // a change takes others in, an empty list everybody
        let path = format!("/api/requirements/{two}");
        let changed = team.employer.patch(&path, &json!({"roles": ["dietitian"], "service_ids": []})).await.expect(200);
        assert_eq!(changed["whom"], "Dietitians");
        assert_eq!(asked(&team, two).await, ["Cat"]);
        team.employer.patch(&path, &json!({"roles": []})).await.expect(200);
        assert_eq!(asked(&team, two).await, ["Ann", "Ben", "Cat", "Dan", "Eve", "Fay"]);
    }

    async fn whom_it_cannot_be_for_is_refused_at_its_field_and_nothing_is_written(test: TestApp) {
        let team = team(&test).await;
        let other = build::place(&test).await;
        let closed = build::service(team.place.organisation).name("Old team").save(&test).await;
        let path = team.at("requirements");
        let shut = format!("/api/organisations/{}/services/{closed}", team.place.organisation);
        team.employer.patch(&shut, &json!({"closed_on": "2026-06-30"})).await.expect(200);
        let no = async |parts: Value| refused(&team.employer, &path, &rule(&team, &parts)).await;
        // somebody else's service is as unknown as one that is nowhere
        assert_eq!(no(json!({"service_ids": [other.service]})).await, [("service_ids", "unknown")]);
        assert_eq!(no(json!({"service_ids": [uuid::Uuid::nil(), team.place.service]})).await, [("service_ids", "unknown")]);
        assert_eq!(no(json!({"service_ids": [closed]})).await, [("service_ids", "closed")]);
        assert_eq!(no(json!({"roles": ["wizard"], "role_families": ["wizards"]})).await, [("roles", "unknown"), ("role_families", "unknown")]);
        let many: Vec<String> = (0..1_000).map(|number| format!("role_{number}")).collect();
        assert_eq!(no(json!({"roles": many})).await, [("roles", "too_many")]);
        let many: Vec<String> = (0..150_000).map(|number| format!("{number:05}")).collect();
        let begun = std::time::Instant::now();
        let answer = team.employer.post(&path, &rule(&team, &json!({"roles": many}))).await;
        assert!([413, 422].contains(&answer.status.as_u16()), "{}", answer.text());
        let many: Vec<uuid::Uuid> = (0..20_000).map(uuid::Uuid::from_u128).collect();
        let answer = team.employer.post(&path, &rule(&team, &json!({"service_ids": many, "item_ids": many}))).await;
        assert!([413, 422].contains(&answer.status.as_u16()), "{}", answer.text());
        assert!(begun.elapsed() < std::time::Duration::from_secs(20), "a great list is refused at once");
        for odd in ["dietitian\u{0}", "", "DIETITIAN"] {
            let answer = team.employer.post(&path, &rule(&team, &json!({"roles": [odd]}))).await;
            assert_eq!(answer.status.as_u16(), 422, "{odd:?}: {}", answer.text());
        }
        for odd in [json!({"roles": "dietitian"}), json!({"roles": [1]}), json!({"service_ids": ["x"]}), json!({"role": "dietitian"})] {
            let answer = team.employer.post(&path, &rule(&team, &odd)).await;
            assert_eq!(answer.status.as_u16(), 422, "{odd}: {}", answer.text());
        }
        let curator = client(&test, "curator", Some(Role::Curator), &team.place, None).await;
        let national = refused(&curator, "/api/requirements", &rule(&team, &json!({"service_ids": [team.place.service]}))).await;
        assert_eq!(national, [("service_ids", "not_national")]);
        assert_eq!(team.employer.get(&path).await.expect(200)["items"], json!([]));
        assert_eq!(requirement_scope::Entity::find().all(&test.app.db).await.unwrap(), []);
    }

    async fn a_service_that_was_named_stays_named_when_it_closes(test: TestApp) {
        let team = team(&test).await;
        let leith = build::service(team.place.organisation).name("Leith").save(&test).await;
        let made = team.ask(&rule(&team, &json!({"service_ids": [leith]}))).await;
        team.employer.patch(&format!("/api/organisations/{}/services/{leith}", team.place.organisation), &json!({"closed_on": "2026-06-30"})).await.expect(200);
        let path = format!("/api/requirements/{made}");
        let same = team.employer.patch(&path, &json!({"name": "Other", "service_ids": [leith]})).await.expect(200);
        assert_eq!(same["whom"], "Everybody at Leith");
        team.employer.patch(&path, &json!({"service_ids": []})).await.expect(200);
        let again = team.employer.patch(&path, &json!({"service_ids": [leith]})).await.expect_problem(422, "invalid");
        assert_eq!(fields(&again), [("service_ids", "closed")]);
    }

    async fn of_twenty_who_save_at_once_one_does_and_the_others_are_told(test: TestApp) {
        let team = team(&test).await;
        let made = team.ask(&rule(&team, &json!({}))).await;
        let path = format!("/api/requirements/{made}");
        let roles = ["dietitian", "trainer", "volunteer", "prison_nurse", "counsellor"];
        let bodies: Vec<Value> = (0..20).map(|number| json!({"roles": [roles[number % 5]], "grace_days": number})).collect();
        let saves = bodies.iter().map(|body| team.employer.patch_if(&path, "\"1\"", body));
        let answers = futures_util::future::join_all(saves).await;
        let count = |status: u16| answers.iter().filter(|answer| answer.status.as_u16() == status).count();
        assert_eq!((count(200), count(412)), (1, 19), "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        let stands = team.employer.get(&path).await.expect(200);
        assert_eq!((&stands["version"], stands["roles"].as_array().unwrap().len()), (&json!(2), 1));
        let grace = stands["grace_days"].as_u64().unwrap();
        assert_eq!(stands["roles"][0]["slug"], roles[usize::try_from(grace).unwrap() % 5], "nothing of two saves is mixed");
    }

    async fn the_one_role_of_before_moves_over(test: TestApp) {
        let team = team(&test).await;
        let nurses = team.ask(&rule(&team, &json!({"name": "Nurses"}))).await;
        let all = team.ask(&rule(&team, &json!({"name": "All"}))).await;
        let drop_triggers = ["insert", "update", "delete"].map(|event| match test.app.db.get_database_backend() {
            sea_orm::DbBackend::Postgres => format!("DROP FUNCTION status_stale_requirement_scope_{event} CASCADE"),
            _ => format!("DROP TRIGGER status_stale_requirement_scope_{event}"),
        });
        // as the tables were before that migration
        let before = drop_triggers.into_iter().chain([
            "DROP TABLE requirement_scope".to_owned(),
            "ALTER TABLE requirement ADD COLUMN role text".to_owned(),
            "UPDATE requirement SET role = 'addictions_nurse' WHERE name = 'Nurses'".to_owned(),
            "DELETE FROM seaql_migrations WHERE version = 'm20261128_000005_requirement_scope'".to_owned(),
        ]);
        for sql in before {
            test.app.db.execute_unprepared(&sql).await.unwrap();
        }
        Migrator::up(&test.app.db, None).await.unwrap();
        let whom = async |rule: RequirementId| team.employer.get(&format!("/api/requirements/{rule}")).await.expect(200)["whom"].clone();
        assert_eq!((whom(nurses).await, whom(all).await), (json!("Addictions nurses"), json!("Everybody")));
        team.employer.patch(&format!("/api/requirements/{nurses}"), &json!({"roles": ["addictions_nurse", "dietitian"]})).await.expect(200);
        let rows = requirement_scope::Entity::find().filter(requirement_scope::Column::RequirementId.eq(nurses));
        let rows = rows.order_by_asc(requirement_scope::Column::Place).all(&test.app.db).await.unwrap();
        assert_eq!(rows.iter().filter_map(|row| row.role.as_deref()).collect::<Vec<_>>(), ["addictions_nurse", "dietitian"]);
        let both = "INSERT INTO requirement_scope (requirement_id, place, role, role_family) SELECT id, 9, 'a', 'b' FROM requirement";
        assert!(test.app.db.execute_unprepared(both).await.is_err(), "a row names one thing");
    }
}
