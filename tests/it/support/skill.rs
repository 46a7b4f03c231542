//! A team with something asked of it: modules, completions as they stand, people by name.

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, PersonId, RequirementId};
use entity::value::{Assurance, CompletionState, ItemKind, ItemStatus, Level, Provenance};
use entity::{completion, item, item_theme};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use cairn::account::NewAccount;
use entity::value::Role;

use super::build::{self, Place, day};
use super::{Client, TestApp};

/// What is asked back about a requirement, all answered with yes.
pub const SURE: [&str; 2] = ["begins_in_the_past", "overdue_at_once"];

pub struct Team {
    pub place: Place,
    pub employer: Client,
    pub manager: Client,
    pub naloxone: ItemId,
    pub overdose: ItemId,
}

/// An employer with a manager of its one service, and two modules.
pub async fn team(test: &TestApp) -> Team {
    let place = build::place(test).await;
    let employer = client(test, "lead", Some(Role::Employer), &place, None).await;
    let manager = client(test, "manager", Some(Role::Manager), &place, None).await;
    let naloxone = module(test, &place, "nal-1", "Naloxone in an hour", Some(12)).await;
    let overdose = module(test, &place, "nal-2", "Overdose awareness", None).await;
    Team { place, employer, manager, naloxone, overdose }
}

/// Somebody signed in with a role at the place, perhaps as a person of it.
pub async fn client(test: &TestApp, name: &str, role: Option<Role>, place: &Place, person: Option<PersonId>) -> Client {
    let email = format!("{name}@example.org");
    let organisation = matches!(role, Some(Role::Employer | Role::Manager)).then_some(place.organisation);
    let service = (role == Some(Role::Manager)).then_some(place.service);
    test.account(NewAccount { email: email.clone(), role, organisation, service, person, ..NewAccount::default() })
        .await;
    test.sign_in(&email).await
}

/// A published free module of 45 minutes, online.
pub async fn module(test: &TestApp, place: &Place, reference: &str, title: &str, months: Option<i32>) -> ItemId {
    let id: ItemId = test.app.clock.id();
    let now = test.app.clock.now();
    let row = item::Model {
        id,
        reference: reference.to_owned(),
        kind: ItemKind::Module,
        title: title.to_owned(),
        title_folded: title.to_lowercase(),
        summary: String::new(),
        description: String::new(),
        provider_id: place.organisation,
        url: None,
        taking_part: None,
        level: None,
        audience: String::new(),
        delivery: "elearning".to_owned(),
        minutes: Some(45),
        cost: "free".to_owned(),
        cost_pence: None,
        scqf_level: None,
        scqf_credit: None,
        language: "en".to_owned(),
        area: None,
        licence: None,
        validity_months: months,
        provenance: Provenance::Sample,
        review_by: None,
        status: ItemStatus::Published,
        version: 1,
        created_at: now,
        updated_at: now,
        published_at: Some(now),
        created_by: None,
    };
    test.put(item::Entity::insert(item::ActiveModel::from(row))).await;
    super::terms::since_ever(test, id).await;
    id
}

pub async fn builds(test: &TestApp, item: ItemId, theme: &str, level: Level) {
    let row = item_theme::ActiveModel { item_id: Set(item), theme: Set(theme.to_owned()), level: Set(Some(level)) };
    test.put(item_theme::Entity::insert(row)).await;
    super::terms::since_ever(test, item).await;
}

pub async fn completed(test: &TestApp, person: PersonId, item: ItemId, on: &str, assurance: Assurance) -> CompletionId {
    completed_as(test, person, item, day(on), assurance, CompletionState::Live).await
}

pub async fn completed_as(
    test: &TestApp,
    person_id: PersonId,
    item_id: ItemId,
    completed_on: NaiveDate,
    assurance: Assurance,
    state: CompletionState,
) -> CompletionId {
    let id: CompletionId = test.app.clock.id();
    let row = completion::Model {
        id,
        person_id,
        item_id,
        completed_on,
        expires_on: None,
        note: None,
        assurance,
        state,
        live_key: (state == CompletionState::Live).then(|| format!("{person_id}:{item_id}:{completed_on}")),
        recorded_at: test.app.clock.now(),
        recorded_by: None,
        version: 1,
        outside_learning_id: None,
    };
    test.put(completion::Entity::insert(completion::ActiveModel::from(row))).await;
    id
}

/// Somebody in a post of that role at the place since a day.
pub async fn worker(test: &TestApp, place: &Place, name: &str, role: &str, since: &str) -> PersonId {
    let person = build::person(test, name).await;
    let post = build::post(place.service).role(role).save(test).await;
    build::appointment(person, post).from(day(since)).save(test).await;
    person
}

impl Team {
    pub fn at(&self, rest: &str) -> String {
        format!("/api/organisations/{}/{rest}", self.place.organisation)
    }

    /// Everybody holds a naloxone module, manager confirmed, within 90 days, since 2025.
    pub fn naloxone_rule(&self) -> Value {
        json!({
            "name": "Naloxone", "item_ids": [self.naloxone, self.overdose],
            "minimum_assurance": "manager_confirmed", "starts_on": "2025-01-01", "confirmed": SURE,
        })
    }

    /// The employer asks it and is sure; the id of the requirement.
    pub async fn ask(&self, rule: &Value) -> RequirementId {
        let mut rule = rule.clone();
        rule["confirmed"] = json!(SURE);
        let rule = &rule;
        let made = self.employer.post(&self.at("requirements"), rule).await.expect(201);
        id(&made["id"]).into()
    }
}

pub fn id(value: &Value) -> uuid::Uuid {
    value.as_str().and_then(|text| text.parse().ok()).expect("an id")
}
