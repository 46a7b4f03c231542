//! Requirements and exemptions as they are read and written.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ExemptionId, ItemId, OrganisationId, PersonId, RequirementId};
use entity::requirement;
use entity::value::{Assurance, Level};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use crate::reference::vocabulary;

/// A module of which the completion meets a requirement.
#[derive(Debug, Object)]
pub struct RequirementItemOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub title: String,
}

/// A rule that people hold any one of several modules, or one that builds a theme at a level.
#[derive(Debug, Object)]
pub struct RequirementOut {
    pub id: RequirementId,
    /// Absent on national requirements, which apply at every employer
    #[oai(skip_serializing_if_is_none)]
    pub organisation_id: Option<OrganisationId>,
    pub name: String,
    /// A role's slug; absent when everybody is asked
    #[oai(skip_serializing_if_is_none)]
    pub role: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub role_label: Option<String>,
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
    pub fn new(row: requirement::Model, items: Vec<RequirementItemOut>) -> Self {
        let requirement::Model {
            id,
            organisation_id,
            name,
            role,
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
        let label = |vocabulary: &str, slug: &Option<String>| {
            Some(vocabulary::term(vocabulary, slug.as_deref()?)?.label.clone())
        };
        Self {
            id,
            organisation_id,
            name,
            role_label: label("role", &role),
            role,
            theme_label: label("theme", &theme),
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
    /// A role's slug; left out, everybody is asked
    pub role: Option<String>,
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
    pub role: MaybeUndefined<String>,
    pub item_ids: Option<Vec<ItemId>>,
    pub theme: MaybeUndefined<String>,
    pub level: MaybeUndefined<Level>,
    pub grace_days: Option<i32>,
    pub window_days: Option<i32>,
    pub minimum_assurance: Option<Assurance>,
    pub starts_on: Option<NaiveDate>,
    /// Its last day; yesterday ends it now
    pub ends_on: MaybeUndefined<NaiveDate>,
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
