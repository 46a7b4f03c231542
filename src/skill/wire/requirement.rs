//! Requirements and exemptions as they are read and written.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ExemptionId, ItemId, OrganisationId, PersonId, RequirementId, ServiceId};
use entity::requirement;
use entity::value::{Assurance, Level};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use super::preview::RequirementQuestion;
use crate::skill::whom;
use crate::standing::store::scope::Scope;

/// A module of which the completion meets a requirement.
#[derive(Debug, Object)]
pub struct RequirementItemOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub title: String,
}

/// A role or a role family.
#[derive(Debug, Object)]
pub struct NamedRoleOut {
    pub slug: String,
    pub label: String,
}

#[derive(Debug, Object)]
pub struct NamedServiceOut {
    pub id: ServiceId,
    pub name: String,
}

/// A rule that people hold any one of several modules, or one that builds a theme at a level.
#[derive(Debug, Object)]
pub struct RequirementOut {
    pub id: RequirementId,
    /// Absent on national requirements, which apply at every employer
    #[oai(skip_serializing_if_is_none)]
    pub organisation_id: Option<OrganisationId>,
    pub name: String,
    /// Whom it is for, in words: "Peer support workers and all roles in nursing at Leith"
    pub whom: String,
    /// Any of these roles, or of those in these families; everybody when both are empty
    pub roles: Vec<NamedRoleOut>,
    pub role_families: Vec<NamedRoleOut>,
    /// At any of these services; at all of them when empty
    pub services: Vec<NamedServiceOut>,
    #[oai(skip_serializing_if_is_none)]
    pub theme: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub theme_label: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
    /// Any one of these will do
    pub items: Vec<RequirementItemOut>,
    pub grace_days: i32,
    /// How many days before its end it shows as expiring
    pub window_days: i32,
    pub minimum_assurance: Assurance,
    pub starts_on: NaiveDate,
    /// Last day
    #[oai(skip_serializing_if_is_none)]
    pub ends_on: Option<NaiveDate>,
    pub version: i32,
}

impl RequirementOut {
    pub fn new(row: requirement::Model, items: Vec<RequirementItemOut>, scope: Scope) -> Self {
        let requirement::Model {
            id,
            organisation_id,
            name,
            theme,
            level,
            grace_days,
            window_days,
            minimum_assurance,
            starts_on,
            ends_on,
            version,
            created_at: _,
        } = row;
        let named = |vocabulary: &'static str, slugs: Vec<String>| {
            let named = move |slug: String| NamedRoleOut { label: whom::label(vocabulary, &slug), slug };
            slugs.into_iter().map(named).collect()
        };
        Self {
            id,
            organisation_id,
            name,
            whom: whom::capitalised(&whom::in_words(&scope)),
            roles: named("role", scope.roles),
            role_families: named("role_family", scope.families),
            services: scope.services.into_iter().map(|(id, name)| NamedServiceOut { id, name }).collect(),
            theme_label: theme.as_deref().map(|theme| whom::label("theme", theme)),
            theme,
            level,
            items,
            grace_days,
            window_days,
            minimum_assurance,
            starts_on,
            ends_on,
            version,
        }
    }
}

/// A new requirement: modules in `item_ids`, or `theme` with `level`.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RequirementIn {
    pub name: String,
    /// Slugs of roles and of role families, of which any is asked; everybody when there are none
    #[oai(default)]
    pub roles: Vec<String>,
    #[oai(default)]
    pub role_families: Vec<String>,
    /// Only at these services of the organisation; nothing for national requirements
    #[oai(default)]
    pub service_ids: Vec<ServiceId>,
    /// Modules of which any one will do
    #[oai(default)]
    pub item_ids: Vec<ItemId>,
    pub theme: Option<String>,
    pub level: Option<Level>,
    /// Days to complete it, from the day somebody starts or the requirement does
    #[oai(default = "ninety")]
    pub grace_days: i32,
    #[oai(default = "ninety")]
    pub window_days: i32,
    #[oai(default = "self_declared")]
    pub minimum_assurance: Assurance,
    /// Today when left out
    pub starts_on: Option<NaiveDate>,
    /// Last day; open when left out
    pub ends_on: Option<NaiveDate>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<RequirementQuestion>,
}

fn ninety() -> i32 {
    90
}

fn self_declared() -> Assurance {
    Assurance::SelfDeclared
}

/// What is to change; what is left out stays, `null` empties.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RequirementPatch {
    pub name: Option<String>,
    /// These from now on; an empty list for everybody
    pub roles: Option<Vec<String>>,
    pub role_families: Option<Vec<String>>,
    /// An empty list for all services
    pub service_ids: Option<Vec<ServiceId>>,
    pub item_ids: Option<Vec<ItemId>>,
    pub theme: MaybeUndefined<String>,
    pub level: MaybeUndefined<Level>,
    pub grace_days: Option<i32>,
    pub window_days: Option<i32>,
    pub minimum_assurance: Option<Assurance>,
    pub starts_on: Option<NaiveDate>,
    /// Its last day; yesterday ends it now
    pub ends_on: MaybeUndefined<NaiveDate>,
    /// What was asked back and is right as it stands
    #[oai(default)]
    pub confirmed: Vec<RequirementQuestion>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ExemptionIn {
    pub person_id: PersonId,
    /// Why; those who can see the exemption can read it
    pub reason: String,
    /// Today when left out
    pub starts_on: Option<NaiveDate>,
    /// Last day; open when left out
    pub ends_on: Option<NaiveDate>,
}

/// A person who need not meet a requirement.
#[derive(Debug, Object)]
pub struct ExemptionOut {
    pub id: ExemptionId,
    pub requirement_id: RequirementId,
    pub person_id: PersonId,
    pub given_name: String,
    pub family_name: String,
    pub reason: String,
    pub starts_on: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub ends_on: Option<NaiveDate>,
    /// Name of who granted it
    #[oai(skip_serializing_if_is_none)]
    pub granted_by: Option<String>,
    pub granted_at: DateTime<Utc>,
}
