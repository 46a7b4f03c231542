//! What goes over the wire for the directory of organisations.

use chrono::NaiveDate;
use entity::id::ServiceId;
use entity::service;
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct OrganisationIn {
    pub name: String,
    pub sector: String,
    #[oai(default)]
    pub is_employer: bool,
    #[oai(default)]
    pub is_provider: bool,
    /// Left out: the usual one of its sector
    pub pay_framework: Option<String>,
}

#[derive(Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct OrganisationPatch {
    pub name: MaybeUndefined<String>,
    pub sector: MaybeUndefined<String>,
    pub is_employer: MaybeUndefined<bool>,
    pub is_provider: MaybeUndefined<bool>,
    pub pay_framework: MaybeUndefined<String>,
}

/// A service to choose.
#[derive(Debug, Object)]
pub struct ServiceNameOut {
    pub id: ServiceId,
    pub name: String,
    /// First day on which it is closed
    #[oai(skip_serializing_if_is_none)]
    pub closed_on: Option<NaiveDate>,
}

impl From<service::Model> for ServiceNameOut {
    fn from(service: service::Model) -> Self {
        let service::Model { id, name, closed_on, .. } = service;
        Self { id, name, closed_on }
    }
}
