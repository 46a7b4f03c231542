//! What goes over the wire when an administrator looks after accounts. No password is ever read
//! back; a first one is shown in the one answer that made it.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, OrganisationId, RoleGrantId, ServiceId};
use entity::value::Role;
use poem_openapi::Object;

use super::PersonOut;
use crate::account::rules::Reach;
use crate::base::text::{Email, Password, PersonName, Slug};

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AccountIn {
    pub email: Email,
    /// Of a new person, when nobody in Cairn has this address
    pub given_name: Option<PersonName>,
    pub family_name: Option<PersonName>,
    /// Left out: staff, who need no more than an account
    pub role: Option<Role>,
    /// For employer, manager and provider
    pub organisation_id: Option<OrganisationId>,
    /// For manager
    pub service_id: Option<ServiceId>,
    /// Slug of an ADP, for adp
    pub area: Option<Slug>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct GrantIn {
    pub role: Role,
    /// For employer, manager and provider
    pub organisation_id: Option<OrganisationId>,
    /// For manager
    pub service_id: Option<ServiceId>,
    /// Slug of an ADP, for adp
    pub area: Option<Slug>,
}

impl From<GrantIn> for Reach {
    fn from(grant: GrantIn) -> Self {
        let GrantIn { role, organisation_id: organisation, service_id: service, area } = grant;
        Self { role, organisation, service, area: area.map(String::from) }
    }
}

/// A role that was granted, with the names of what it reaches.
#[derive(Debug, Object)]
pub struct GrantOut {
    pub id: RoleGrantId,
    pub role: Role,
    #[oai(skip_serializing_if_is_none)]
    pub organisation_id: Option<OrganisationId>,
    #[oai(skip_serializing_if_is_none)]
    pub organisation_name: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub service_id: Option<ServiceId>,
    #[oai(skip_serializing_if_is_none)]
    pub service_name: Option<String>,
    /// An area's slug
    #[oai(skip_serializing_if_is_none)]
    pub area: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub area_name: Option<String>,
    pub granted_at: DateTime<Utc>,
    /// Who granted it; nobody: it was made on the command line
    #[oai(skip_serializing_if_is_none)]
    pub granted_by: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// An account in a list.
#[derive(Debug, Object)]
pub struct AccountRowOut {
    pub id: AccountId,
    pub email: String,
    #[oai(skip_serializing_if_is_none)]
    pub person: Option<PersonOut>,
    /// Those that stand
    pub roles: Vec<GrantOut>,
    pub disabled: bool,
    pub created_at: DateTime<Utc>,
}

/// An account with what it may do now, and could before.
#[derive(Debug, Object)]
pub struct AccountDetailOut {
    pub id: AccountId,
    pub email: String,
    #[oai(skip_serializing_if_is_none)]
    pub person: Option<PersonOut>,
    pub roles: Vec<GrantOut>,
    /// Revoked, latest first; at most 100
    pub former_roles: Vec<GrantOut>,
    #[oai(skip_serializing_if_is_none)]
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// Whether it is the caller's
    pub own: bool,
}

/// An account with its first password, which no later answer holds.
#[derive(Debug, Object)]
pub struct FirstPasswordOut {
    pub account: AccountDetailOut,
    pub password: String,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PasswordIn {
    pub current_password: Password,
    pub new_password: Password,
}
