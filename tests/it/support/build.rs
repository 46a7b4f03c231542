//! Builders with defaults: a test says only what matters to it.

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId, ServiceId};
use entity::{area, organisation, person, service};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::TestApp;

/// An employer with one service in one council.
pub struct Place {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub adp: String,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date as YYYY-MM-DD")
}

/// A synthetic employer (and provider) with a service in Glasgow.
pub async fn place(test: &TestApp) -> Place {
    let app = &test.app;
    area_row(test, "council-glasgow-city", entity::value::AreaKind::Council).await;
    area_row(test, "adp-glasgow", entity::value::AreaKind::Adp).await;
    let organisation_id: OrganisationId = app.clock.id();
    let organisation = organisation::ActiveModel {
        id: Set(organisation_id),
        name: Set("Clyde Recovery (synthetic)".to_owned()),
        name_folded: Set("clyde recovery (synthetic)".to_owned()),
        sector: Set("third_sector".to_owned()),
        is_employer: Set(true),
        is_provider: Set(true),
        pay_framework: Set("agenda_for_change".to_owned()),
        synthetic: Set(true),
        reviewed_on: Set(None),
        version: Set(1),
        created_at: Set(app.clock.now()),
    };
    organisation::Entity::insert(organisation).exec_without_returning(&app.db).await.expect("organisation");
    let service_id: ServiceId = app.clock.id();
    let service = service::ActiveModel {
        id: Set(service_id),
        organisation_id: Set(organisation_id),
        name: Set("Govan recovery team".to_owned()),
        area: Set("council-glasgow-city".to_owned()),
        service_type: Set("community_recovery".to_owned()),
        tier: Set("3".to_owned()),
        sector: Set("third_sector".to_owned()),
        opened_on: Set(day("2020-04-01")),
        closed_on: Set(None),
        version: Set(1),
        created_at: Set(app.clock.now()),
    };
    service::Entity::insert(service).exec_without_returning(&app.db).await.expect("service");
    Place { organisation: organisation_id, service: service_id, adp: "adp-glasgow".to_owned() }
}

async fn area_row(test: &TestApp, slug: &str, kind: entity::value::AreaKind) {
    let row = area::ActiveModel {
        slug: Set(slug.to_owned()),
        kind: Set(kind),
        name: Set(slug.to_owned()),
        official_code: Set(None),
        other_code: Set(None),
        valid_from: Set(None),
        valid_to: Set(None),
    };
    area::Entity::insert(row)
        .on_conflict(OnConflict::column(area::Column::Slug).do_nothing().to_owned())
        .exec_without_returning(&test.app.db)
        .await
        .expect("area");
}

/// A person known by one name.
pub async fn person(test: &TestApp, name: &str) -> PersonId {
    let id: PersonId = test.app.clock.id();
    let row = person::ActiveModel {
        id: Set(id),
        given_name: Set(name.to_owned()),
        family_name: Set("Testperson".to_owned()),
        name_folded: Set(format!("{name} testperson")),
        email: Set(None),
        date_of_birth: Set(None),
        synthetic: Set(true),
        version: Set(1),
        created_at: Set(test.app.clock.now()),
    };
    person::Entity::insert(row).exec_without_returning(&test.app.db).await.expect("person");
    id
}
