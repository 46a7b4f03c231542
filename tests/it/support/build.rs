//! Builders with defaults: a test says only what matters to it.
//! `build::post(service).role("peer_worker").wte(500).save(&test).await` gives the id.

use chrono::NaiveDate;
use entity::id::{AccountId, AppointmentId, OrganisationId, PersonId, PostId, ServiceId};
use entity::{appointment, organisation, person, post, post_establishment, service};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::TestApp;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date as YYYY-MM-DD")
}

/// A method for each field that a test may want otherwise.
macro_rules! setters {
    ($builder:ident { $($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)? }) => {
        #[expect(clippy::allow_attributes, reason = "not every setter is used yet")]
        #[allow(dead_code)]
        impl $builder {
            $($(#[$doc])* #[must_use] pub fn $name(mut self, value: impl Into<$kind>) -> Self { self.$name = value.into(); self })+
        }
    };
}

/// An employer with one service in one council.
pub struct Place {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub adp: String,
}

/// A synthetic employer (and provider) with a service in Glasgow.
pub async fn place(test: &TestApp) -> Place {
    let organisation = organisation().provider(true).save(test).await;
    let service = service(organisation).save(test).await;
    Place { organisation, service, adp: "adp-glasgow".to_owned() }
}

#[derive(Clone, Debug)]
pub struct Organisation {
    name: String,
    sector: String,
    pay_framework: String,
    employer: bool,
    provider: bool,
    reviewed_on: Option<NaiveDate>,
}

setters!(Organisation {
    name: String, sector: String, pay_framework: String, employer: bool, provider: bool, reviewed_on: Option<NaiveDate>,
});

/// A synthetic employer on Agenda for Change in the third sector.
pub fn organisation() -> Organisation {
    Organisation {
        name: "Clyde Recovery (synthetic)".to_owned(),
        sector: "third_sector".to_owned(),
        pay_framework: "agenda_for_change".to_owned(),
        employer: true,
        provider: false,
        reviewed_on: None,
    }
}

impl Organisation {
    pub async fn save(self, test: &TestApp) -> OrganisationId {
        let id: OrganisationId = test.app.clock.id();
        let row = organisation::ActiveModel {
            id: Set(id),
            name_folded: Set(cairn::base::fold::fold(&self.name)),
            name: Set(self.name),
            sector: Set(self.sector),
            is_employer: Set(self.employer),
            is_provider: Set(self.provider),
            pay_framework: Set(self.pay_framework),
            synthetic: Set(true),
            reviewed_on: Set(self.reviewed_on),
            version: Set(1),
            created_at: Set(test.app.clock.now()),
        };
        test.put(organisation::Entity::insert(row)).await;
        id
    }
}

#[derive(Clone, Debug)]
pub struct Service {
    organisation: OrganisationId,
    name: String,
    area: String,
    service_type: String,
    tier: String,
    sector: String,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
}

setters!(Service {
    name: String,
    /// Slug of a council
    area: String,
    service_type: String, tier: String, sector: String, opened_on: NaiveDate,
    /// First day on which it is closed
    closed_on: Option<NaiveDate>,
});

/// A community recovery team in Glasgow, open since April 2020.
pub fn service(organisation: OrganisationId) -> Service {
    Service {
        organisation,
        name: "Govan recovery team".to_owned(),
        area: "council-glasgow-city".to_owned(),
        service_type: "community_recovery".to_owned(),
        tier: "3".to_owned(),
        sector: "third_sector".to_owned(),
        opened_on: day("2020-04-01"),
        closed_on: None,
    }
}

impl Service {
    pub async fn save(self, test: &TestApp) -> ServiceId {
        let id: ServiceId = test.app.clock.id();
        let row = service::ActiveModel {
            id: Set(id),
            organisation_id: Set(self.organisation),
            name: Set(self.name),
            area: Set(self.area),
            service_type: Set(self.service_type),
            tier: Set(self.tier),
            sector: Set(self.sector),
            opened_on: Set(self.opened_on),
            closed_on: Set(self.closed_on),
            version: Set(1),
            created_at: Set(test.app.clock.now()),
        };
        test.put(service::Entity::insert(row)).await;
        id
    }
}

#[derive(Clone, Debug)]
pub struct Post {
    service: ServiceId,
    reference: Option<String>,
    role: String,
    peer_role: bool,
    volunteer: bool,
    pay_framework: String,
    funding_ends_on: Option<NaiveDate>,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    wte: i32,
}

setters!(Post {
    reference: Option<String>, role: String, peer_role: bool, volunteer: bool, pay_framework: String,
    funding_ends_on: Option<NaiveDate>, opened_on: NaiveDate,
    /// First day on which it is closed
    closed_on: Option<NaiveDate>,
    /// Establishment from the day it opened, in thousandths
    wte: i32,
});

/// A recovery worker, one WTE, on Agenda for Change, open since April 2020.
pub fn post(service: ServiceId) -> Post {
    Post {
        service,
        reference: None,
        role: "recovery_worker".to_owned(),
        peer_role: false,
        volunteer: false,
        pay_framework: "agenda_for_change".to_owned(),
        funding_ends_on: None,
        opened_on: day("2020-04-01"),
        closed_on: None,
        wte: 1000,
    }
}

impl Post {
    pub async fn save(self, test: &TestApp) -> PostId {
        let (id, now): (PostId, _) = (test.app.clock.id(), test.app.clock.now());
        let row = post::ActiveModel {
            id: Set(id),
            service_id: Set(self.service),
            reference: Set(self.reference.unwrap_or_else(|| id.to_string())),
            role: Set(self.role),
            peer_role: Set(self.peer_role),
            volunteer: Set(self.volunteer),
            pay_framework: Set(self.pay_framework),
            funding_ends_on: Set(self.funding_ends_on),
            opened_on: Set(self.opened_on),
            closed_on: Set(self.closed_on),
            version: Set(1),
            created_at: Set(now),
        };
        test.put(post::Entity::insert(row)).await;
        let row = post_establishment::ActiveModel {
            id: Set(test.app.clock.id()),
            post_id: Set(id),
            starts_on: Set(self.opened_on),
            wte_thousandths: Set(self.wte),
            recorded_at: Set(now),
            superseded_at: Set(None),
        };
        test.put(post_establishment::Entity::insert(row)).await;
        id
    }
}

#[derive(Clone, Debug)]
pub struct Appointment {
    person: PersonId,
    post: PostId,
    from: NaiveDate,
    until: Option<NaiveDate>,
    minutes: i32,
    reason: Option<String>,
    by: Option<AccountId>,
}

setters!(Appointment {
    from: NaiveDate,
    /// Last day in post
    until: Option<NaiveDate>,
    /// Contracted minutes a week
    minutes: i32,
    reason: Option<String>,
    by: Option<AccountId>,
});

/// Full time on Agenda for Change as of April 2026 (36 hours), since January 2024.
pub fn appointment(person: PersonId, post: PostId) -> Appointment {
    Appointment { person, post, from: day("2024-01-08"), until: None, minutes: 2160, reason: None, by: None }
}

impl Appointment {
    pub async fn save(self, test: &TestApp) -> AppointmentId {
        let id: AppointmentId = test.app.clock.id();
        let row = appointment::ActiveModel {
            id: Set(id),
            person_id: Set(self.person),
            post_id: Set(self.post),
            starts_on: Set(self.from),
            ends_on: Set(self.until),
            weekly_minutes: Set(self.minutes),
            leaving_reason: Set(self.reason),
            recorded_at: Set(test.app.clock.now()),
            recorded_by: Set(self.by),
            superseded_at: Set(None),
            supersedes: Set(None),
        };
        test.put(appointment::Entity::insert(row)).await;
        id
    }
}

/// A person known by one name.
pub async fn person(test: &TestApp, name: &str) -> PersonId {
    person_named(test, name, "Testperson").await
}

pub async fn person_named(test: &TestApp, given: &str, family: &str) -> PersonId {
    let id: PersonId = test.app.clock.id();
    let row = person::ActiveModel {
        id: Set(id),
        given_name: Set(given.to_owned()),
        family_name: Set(family.to_owned()),
        // family name first: lists are in its order
        name_folded: Set(cairn::base::fold::fold(&format!("{family} {given}"))),
        email: Set(None),
        date_of_birth: Set(None),
        synthetic: Set(true),
        version: Set(1),
        created_at: Set(test.app.clock.now()),
    };
    test.put(person::Entity::insert(row)).await;
    id
}

/// A person with an open appointment to a post of their own at the service.
pub async fn member(test: &TestApp, service: ServiceId, name: &str) -> PersonId {
    let person = person(test, name).await;
    let post = post(service).save(test).await;
    appointment(person, post).save(test).await;
    person
}
