//! Builders with defaults: a test says only what matters to it.
//! `build::post(service).role("peer_worker").opened_on(day("2024-04-01")).save(&test).await` gives the id.

use chrono::NaiveDate;
use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ServiceId};
use entity::{appointment, organisation, person, post, post_establishment, service};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::TestApp;

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date as YYYY-MM-DD")
}

/// A method for each field that a test may want otherwise.
macro_rules! setters {
    ($builder:ident { $($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)? }) => {
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
    employer: bool,
    provider: bool,
}

setters!(Organisation { name: String, employer: bool, provider: bool });

/// A synthetic employer on Agenda for Change in the third sector.
pub fn organisation() -> Organisation {
    Organisation { name: "Clyde Recovery (synthetic)".to_owned(), employer: true, provider: false }
}

impl Organisation {
    pub async fn save(self, test: &TestApp) -> OrganisationId {
        let id: OrganisationId = test.app.clock.id();
        let row = organisation::ActiveModel {
            id: Set(id),
            name_folded: Set(cairn::base::fold::fold(&self.name)),
            name: Set(self.name),
            sector: Set("third_sector".to_owned()),
            is_employer: Set(self.employer),
            is_provider: Set(self.provider),
            pay_framework: Set("agenda_for_change".to_owned()),
            synthetic: Set(true),
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
}

setters!(Service { name: String });

/// A community recovery team in Glasgow, open since April 2020.
pub fn service(organisation: OrganisationId) -> Service {
    Service { organisation, name: "Govan recovery team".to_owned() }
}

impl Service {
    pub async fn save(self, test: &TestApp) -> ServiceId {
        let id: ServiceId = test.app.clock.id();
        let row = service::ActiveModel {
            id: Set(id),
            organisation_id: Set(self.organisation),
            name: Set(self.name),
            area: Set("council-glasgow-city".to_owned()),
            service_type: Set("community_recovery".to_owned()),
            tier: Set("3".to_owned()),
            sector: Set("third_sector".to_owned()),
            opened_on: Set(day("2020-04-01")),
            closed_on: Set(None),
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
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
}

setters!(Post {
    reference: Option<String>, role: String, opened_on: NaiveDate,
    /// First day on which it is closed
    closed_on: Option<NaiveDate>,
});

/// A recovery worker, one WTE, on Agenda for Change, open since April 2020.
pub fn post(service: ServiceId) -> Post {
    Post { service, reference: None, role: "recovery_worker".to_owned(), opened_on: day("2020-04-01"), closed_on: None }
}

impl Post {
    pub async fn save(self, test: &TestApp) -> PostId {
        let (id, now): (PostId, _) = (test.app.clock.id(), test.app.clock.now());
        let row = post::ActiveModel {
            id: Set(id),
            service_id: Set(self.service),
            reference: Set(self.reference.unwrap_or_else(|| id.to_string())),
            role: Set(self.role),
            peer_role: Set(false),
            volunteer: Set(false),
            pay_framework: Set("agenda_for_change".to_owned()),
            funding_ends_on: Set(None),
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
            wte_thousandths: Set(1000),
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
}

setters!(Appointment {
    from: NaiveDate,
    /// Last day in post
    until: Option<NaiveDate>,
    /// Contracted minutes a week
    minutes: i32,
});

/// Full time on Agenda for Change as of April 2026 (36 hours), since January 2024.
pub fn appointment(person: PersonId, post: PostId) -> Appointment {
    Appointment { person, post, from: day("2024-01-08"), until: None, minutes: 2160 }
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
            leaving_reason: Set(None),
            recorded_at: Set(test.app.clock.now()),
            recorded_by: Set(None),
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
