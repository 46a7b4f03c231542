//! What goes over the wire for accounts.

mod managed;
mod security;

use entity::id::{AccountId, OrganisationId, PersonId, ServiceId};
use entity::value::Role;
use entity::{account, person};
use poem_openapi::Object;

use crate::base::text::{Password, Unchecked};

pub use security::{SecurityEventOut, SelfGrantedOut, SelfGrantsOut};

pub use managed::{AccountDetailOut, AccountIn, AccountRowOut, FirstPasswordOut, GrantIn, GrantOut, PasswordIn};

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct SessionIn {
    pub email: Unchecked,
    pub password: Password,
}

#[derive(Debug, Object)]
pub struct AccountOut {
    pub id: AccountId,
    pub email: String,
}

#[derive(Debug, Object)]
pub struct PersonOut {
    pub id: PersonId,
    pub given_name: String,
    pub family_name: String,
}

/// A role and what it reaches.
#[derive(Debug, Object)]
pub struct RoleOut {
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
}

/// Somebody signed in, with the names of what they reach.
#[derive(Debug)]
pub struct Who {
    pub account: AccountOut,
    pub person: Option<PersonOut>,
    pub roles: Vec<RoleOut>,
    pub password_must_change: bool,
}

impl From<account::Model> for AccountOut {
    fn from(account: account::Model) -> Self {
        let account::Model { id, email, .. } = account;
        Self { id, email }
    }
}

impl From<person::Model> for PersonOut {
    fn from(person: person::Model) -> Self {
        let person::Model { id, given_name, family_name, .. } = person;
        Self { id, given_name, family_name }
    }
}
