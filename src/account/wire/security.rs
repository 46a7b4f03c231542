//! What goes over the wire of the security log.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, RoleGrantId, SecurityEventId};
use entity::value::{Role, SecurityKind};
use poem_openapi::Object;

/// Something that concerns security.
#[derive(Debug, Object)]
pub struct SecurityEventOut {
    pub id: SecurityEventId,
    pub at: DateTime<Utc>,
    pub kind: SecurityKind,
    /// Whom it concerns; nobody: no account has the address that was tried, or nobody was signed in
    #[oai(skip_serializing_if_is_none)]
    pub account_id: Option<AccountId>,
    /// What its person is called now; the address when it has no person
    #[oai(skip_serializing_if_is_none)]
    pub account: Option<String>,
    /// Which account it is, whatever its person is called
    #[oai(skip_serializing_if_is_none)]
    pub account_email: Option<String>,
    /// Who did it, when that is somebody else
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub by_email: Option<String>,
    /// From where: an IPv4 address, or the network of an IPv6 address
    #[oai(skip_serializing_if_is_none)]
    pub address: Option<String>,
    /// The role, or what was asked for
    #[oai(skip_serializing_if_is_none)]
    pub detail: Option<String>,
}

/// A role that an administrator gave to themselves.
#[derive(Debug, Object)]
pub struct SelfGrantedOut {
    pub id: RoleGrantId,
    pub by: String,
    pub role: Role,
    pub granted_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Object)]
pub struct SelfGrantsOut {
    pub items: Vec<SelfGrantedOut>,
}
