//! Figures of a day that is past stand still, whatever is changed, ended or confirmed afterwards.

use cairn::account::NewAccount;
use entity::id::{AppointmentId, CompletionId, PersonId, PostId};
use entity::value::{Assurance, Level, Role};
use entity::{appointment, evidence};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::catalogue;
use crate::support::skill::{Team, builds, completed, team};
use crate::support::{Client, TestApp};

const PAST: &str = "2026-03-31";
const YESTERDAY: &str = "2026-06-29";
const TODAY: &str = "2026-06-30";

struct Sector {
    team: Team,
    planner: Client,
    curator: Client,
    people: Vec<(PersonId, PostId)>,
    waiting: CompletionId,
}

/// Twelve people of one employer: half nurses, with every kind of completion.
async fn sector(test: &TestApp) -> Sector {
    let team = team(test).await;
    builds(test, team.overdose, "stigma", Level::Skilled).await;
    team.ask(&team.naloxone_rule()).await;
    let themed = json!({"name": "Stigma", "theme": "stigma", "level": "skilled", "starts_on": "2025-01-01"});
    team.ask(&themed).await;
    let nurses = json!({"name": "Of nurses", "roles": ["addictions_nurse"], "item_ids": [team.overdose], "starts_on": "2025-01-01"});
    team.ask(&nurses).await;
    let mut people = Vec::new();
    for number in 0..12 {
        let person = build::person(test, &format!("N{number:02}")).await;
        let role = if number % 2 == 0 { "addictions_nurse" } else { "recovery_worker" };
        let post = build::post(team.place.service).role(role).save(test).await;
        build::appointment(person, post).from(day("2024-01-08")).save(test).await;
        if number % 3 == 0 {
            completed(test, person, team.naloxone, "2025-09-01", Assurance::ManagerConfirmed).await;
        }
        if number % 4 == 0 {
            completed(test, person, team.overdose, "2025-10-01", Assurance::SelfDeclared).await;
        }
        people.push((person, post));
    }
    let waiting = completed(test, people[1].0, team.naloxone, "2026-02-01", Assurance::SelfDeclared).await;
    let email = "planner@example.org".to_owned();
    test.account(NewAccount { email: email.clone(), role: Some(Role::Planner), ..NewAccount::default() }).await;
    let (planner, curator) = (test.sign_in(&email).await, catalogue::curator(test).await);
    Sector { team, planner, curator, people, waiting }
}

/// A table and what tells its facts from all others.
#[derive(Debug, PartialEq)]
struct Figures {
    cells: Value,
    response: Value,
    release: Value,
}

impl Sector {
    async fn ask(&self, client: &Client, mut question: Value, as_at: &str) -> Figures {
        question["as_at"] = json!(as_at);
        let table = client.post("/api/mapping/tables", &question).await.expect(200);
        Figures {
            cells: table["cells"].clone(),
            response: table["response"].clone(),
            release: table["manifest"].clone(),
        }
    }

    /// The employer's own table of everything, and Scotland's.
    async fn figures(&self, as_at: &str) -> [Figures; 3] {
        let measures = ["headcount", "in_post_wte", "vacant_wte", "compliance"];
        let own = json!({"organisation": self.team.place.organisation, "measures": measures, "rows": ["role"]});
        let placed = json!({"organisation": self.team.place.organisation, "measures": ["compliance"], "rows": ["council"], "columns": ["tier"]});
        let all = json!({"measures": ["compliance"]});
        [
            self.ask(&self.team.employer, own, as_at).await,
            self.ask(&self.team.employer, placed, as_at).await,
            self.ask(&self.planner, all, as_at).await,
        ]
    }

    async fn edit(&self, what: &str, body: Value) {
        self.team.employer.patch(&self.team.at(what), &body).await.expect(200);
    }

    async fn appointment(&self, test: &TestApp, person: PersonId) -> AppointmentId {
        use appointment::Column::{PersonId, SupersededAt};
        let row = appointment::Entity::find().filter(PersonId.eq(person)).filter(SupersededAt.is_null());
        row.one(&test.app.db).await.unwrap().unwrap().id
    }
}

on_both_databases! {
    async fn what_changes_from_today_moves_no_earlier_day(test: TestApp) {
        let sector = sector(&test).await;
        let team = &sector.team;
        let (past, yesterday, today) = (sector.figures(PAST).await, sector.figures(YESTERDAY).await, sector.figures(TODAY).await);
        let rate = past[1].cells.as_array().unwrap().iter().find_map(|cell| cell["value"].as_f64());
        assert!(rate.is_some_and(|rate| 0.0 < rate && rate < 100.0), "a rate to look at");
        let same = async |what: &str| {
            assert_eq!(sector.figures(PAST).await, past, "{what}");
            assert_eq!(sector.figures(YESTERDAY).await, yesterday, "{what}");
        };
        let item = |id: &entity::id::ItemId| catalogue::path(&id.to_string());
        sector.curator.patch(&item(&team.naloxone), &json!({"validity_months": 3})).await.expect(200);
        same("a shorter validity").await;
        let themes = json!({"themes": [{"slug": "stigma", "level": "informed"}]});
        sector.curator.patch(&item(&team.overdose), &themes).await.expect(200);
        same("a lower level of a theme").await;
        for (person, post) in &sector.people[..3] {
            let role = if person.0.as_u128() % 2 == 0 { "addictions_nurse" } else { "social_worker" };
            sector.edit(&format!("posts/{post}"), json!({"role": role, "changed_on": TODAY})).await;
        }
        same("another role from today").await;
        let service = format!("services/{}", team.place.service);
        let elsewhere = json!({"area": "council-fife", "sector": "lero", "tier": "2", "service_type": "assertive_outreach", "changed_on": TODAY});
        sector.edit(&service, elsewhere).await;
        same("a service somewhere else").await;
        team.employer.post(&team.at("reviewed"), &json!({})).await.expect(200);
        same("figures confirmed").await;
        let path = format!("/api/learning/completions/{}/confirm", sector.waiting);
        team.employer.post(&path, &json!({})).await.expect(200);
        same("a completion confirmed").await;
        let id = sector.people[2].0;
        let end = json!({"ends_on": TODAY, "reason": "another_job"});
        let appointment = sector.appointment(&test, id).await;
        team.employer.post(&team.at(&format!("people/{id}/appointments/{appointment}/end")), &end).await.expect(200);
        same("somebody leaves").await;
        let now = sector.figures(TODAY).await;
        assert!(now.iter().zip(&today).all(|(now, then)| now != then), "today's do move");
    }

    async fn what_changes_from_a_day_moves_none_before_it(test: TestApp) {
        let sector = sector(&test).await;
        let team = &sector.team;
        let past = sector.figures(PAST).await;
        let same = async |what: &str| assert_eq!(sector.figures(PAST).await, past, "{what}");
        let (person, post) = sector.people[4];
        sector.edit(&format!("posts/{post}"), json!({"role": "social_worker", "changed_on": "2026-04-01"})).await;
        same("a role from the day after").await;
        sector.edit(&format!("services/{}", team.place.service), json!({"area": "council-angus", "tier": "2", "changed_on": "2026-04-01"})).await;
        same("a place from the day after").await;
        let appointment = sector.appointment(&test, person).await;
        let people = format!("people/{person}/appointments");
        let end = json!({"ends_on": PAST, "reason": "another_job"});
        team.employer.post(&team.at(&format!("{people}/{appointment}/end")), &end).await.expect(200);
        same("left at the end of that day").await;
        let again = json!({"post_id": post, "starts_on": "2026-06-01", "weekly_minutes": 2160});
        team.employer.post(&team.at(&people), &again).await.expect(201);
        same("came back").await;
        // a correction is another thing: it says that the past was told wrongly
        let (_, other) = sector.people[6];
        sector.edit(&format!("posts/{other}"), json!({"role": "social_worker", "correction": true})).await;
        assert_ne!(sector.figures(PAST).await, past);
    }

    async fn evidence_added_later_counts_from_its_day(test: TestApp) {
        let sector = sector(&test).await;
        let question = json!({"organisation": sector.team.place.organisation, "measures": ["compliance"], "rows": ["sector"], "assurance": "evidence_attached"});
        let asked = async |as_at: &str| sector.ask(&sector.team.employer, question.clone(), as_at).await;
        let (past, today) = (asked(PAST).await, asked(TODAY).await);
        let done = completed(&test, sector.people[3].0, sector.team.overdose, "2026-02-01", Assurance::EvidenceAttached).await;
        let file = async |at: chrono::DateTime<chrono::Utc>| {
            let row = evidence::ActiveModel {
                id: Set(test.app.clock.id()),
                person_id: Set(sector.people[3].0),
                completion_id: Set(Some(done)),
                file_key: Set(test.app.clock.id::<uuid::Uuid>().to_string()),
                file_name: Set("certificate.pdf".to_owned()),
                media_type: Set("application/pdf".to_owned()),
                bytes: Set(10),
                sha256: Set(String::new()),
                uploaded_at: Set(at),
                uploaded_by: Set(None),
                removed_at: Set(None),
                outside_learning_id: Set(None),
            };
            test.put(evidence::Entity::insert(row)).await;
        };
        file(test.app.clock.now()).await;
        assert_eq!(asked(PAST).await, past, "by then nobody had shown anything");
        assert_ne!(asked(TODAY).await, today);
        file("2026-02-03T10:00:00Z".parse().unwrap()).await;
        assert_ne!(asked(PAST).await, past, "and now somebody had");
    }

    async fn as_it_was_known_leaves_out_what_was_recorded_since(test: TestApp) {
        let sector = sector(&test).await;
        let known = json!("2026-06-30T13:00:00Z");
        let question = json!({"organisation": sector.team.place.organisation, "measures": ["compliance"], "rows": ["sector"], "known_at": known});
        let asked = async || sector.ask(&sector.team.employer, question.clone(), PAST).await;
        test.app.clock.advance(chrono::TimeDelta::hours(2));
        let (before, past) = (asked().await, sector.figures(PAST).await);
        completed(&test, sector.people[3].0, sector.team.overdose, "2026-02-01", Assurance::SelfDeclared).await;
        let path = format!("/api/learning/completions/{}/confirm", sector.waiting);
        sector.team.employer.post(&path, &json!({})).await.expect(200);
        assert_eq!(asked().await, before);
        assert_ne!(sector.figures(PAST).await, past, "what was done then and is recorded late counts then");
    }
}
