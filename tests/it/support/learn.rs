//! What tests of learning stand on: items, requirements, and a small team with its manager,
//! employer and provider signed in.

use cairn::account::NewAccount;
use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId, PersonId, RequirementId};
use entity::value::{Assurance, ItemKind, ItemStatus, Provenance, Role};
use entity::{item, requirement, requirement_item, requirement_scope};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::build::{self, Place, day};
use super::{Client, TestApp};

/// An item of a kind and status with a validity.
pub async fn item_of(
    test: &TestApp,
    provider: OrganisationId,
    title: &str,
    kind: ItemKind,
    status: ItemStatus,
    validity_months: Option<i32>,
) -> ItemId {
    let id: ItemId = test.app.clock.id();
    let now = test.app.clock.now();
    let row = item::Model {
        id,
        reference: format!("test-{id}"),
        kind,
        title: title.to_owned(),
        title_folded: cairn::base::fold::fold(title),
        summary: "What it is.".to_owned(),
        description: String::new(),
        provider_id: provider,
        url: None,
        taking_part: None,
        level: None,
        audience: "all".to_owned(),
        delivery: "elearning".to_owned(),
        minutes: Some(45),
        cost: "free".to_owned(),
        cost_pence: None,
        scqf_level: None,
        scqf_credit: None,
        language: "en".to_owned(),
        area: None,
        licence: None,
        validity_months,
        provenance: Provenance::Sample,
        review_by: None,
        status,
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

/// A published module.
pub async fn module(test: &TestApp, provider: OrganisationId, title: &str, validity_months: Option<i32>) -> ItemId {
    item_of(test, provider, title, ItemKind::Module, ItemStatus::Published, validity_months).await
}

/// A requirement in force that names one item; of everyone, or of a role.
pub async fn require(test: &TestApp, organisation: Option<OrganisationId>, role: Option<&str>, item: ItemId) {
    let id: RequirementId = test.app.clock.id();
    let row = requirement::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        name: Set("Naloxone".to_owned()),
        theme: Set(None),
        level: Set(None),
        grace_days: Set(30),
        window_days: Set(90),
        minimum_assurance: Set(Assurance::SelfDeclared),
        starts_on: Set(day("2020-01-01")),
        ends_on: Set(None),
        version: Set(1),
        created_at: Set(test.app.clock.now()),
    };
    test.put(requirement::Entity::insert(row)).await;
    let named = requirement_item::ActiveModel { requirement_id: Set(id), item_id: Set(item) };
    test.put(requirement_item::Entity::insert(named)).await;
    if let Some(role) = role {
        let role = Set(Some(role.to_owned()));
        let scope =
            requirement_scope::ActiveModel { requirement_id: Set(id), place: Set(0), role, ..Default::default() };
        test.put(requirement_scope::Entity::insert(scope)).await;
    }
}

/// Ailsa works in the Govan team; Morag manages it, Eilidh is the employer's HR lead, and the
/// naloxone module comes from another organisation, whose desk Rory keeps.
pub struct Team {
    pub place: Place,
    pub provider: OrganisationId,
    /// Valid for 12 months, required of everyone
    pub naloxone: ItemId,
    /// Required of nobody
    pub hobby: ItemId,
    pub ailsa: PersonId,
    pub staff: Client,
    pub manager: Client,
    pub employer: Client,
    pub desk: Client,
}

impl Team {
    pub async fn new(test: &TestApp) -> Self {
        let place = build::place(test).await;
        let provider =
            build::organisation().name("Scottish Drugs Learning (synthetic)").provider(true).save(test).await;
        let naloxone = module(test, provider, "Naloxone: carry it, use it", Some(12)).await;
        let hobby = module(test, provider, "Watercolours for beginners", None).await;
        require(test, Some(place.organisation), None, naloxone).await;
        let ailsa = build::member(test, place.service, "Ailsa").await;
        let staff = signed_in(test, "ailsa", Some(ailsa), None, None).await;
        let morag = build::member(test, place.service, "Morag").await;
        let manager =
            signed_in(test, "morag", Some(morag), Some((Role::Manager, place.organisation)), Some(&place)).await;
        let eilidh = build::person(test, "Eilidh").await;
        let employer = signed_in(test, "eilidh", Some(eilidh), Some((Role::Employer, place.organisation)), None).await;
        let rory = build::person(test, "Rory").await;
        let desk = signed_in(test, "rory", Some(rory), Some((Role::Provider, provider)), None).await;
        Self { place, provider, naloxone, hobby, ailsa, staff, manager, employer, desk }
    }

    /// Somebody else's employee, signed in.
    pub async fn stranger(&self, test: &TestApp) -> Client {
        let person = build::person(test, "Zander").await;
        signed_in(test, "zander", Some(person), None, None).await
    }

    pub async fn record(&self, item: ItemId, on: &str) -> Value {
        record(&self.staff, item, on).await
    }
}

/// Records a completion and gives it.
pub async fn record(client: &Client, item: ItemId, on: &str) -> Value {
    let date: NaiveDate = day(on);
    client.post("/api/learning/completions", &json!({"item_id": item.0, "completed_on": date})).await.expect(201)
}

pub async fn signed_in(
    test: &TestApp,
    name: &str,
    person: Option<PersonId>,
    role: Option<(Role, OrganisationId)>,
    at: Option<&Place>,
) -> Client {
    let email = format!("{name}@example.org");
    let new = NewAccount {
        email: email.clone(),
        person,
        role: role.map(|(role, _)| role),
        organisation: role.map(|(_, organisation)| organisation),
        service: at.map(|place| place.service),
        ..NewAccount::default()
    };
    test.account(new).await;
    test.sign_in(&email).await
}
