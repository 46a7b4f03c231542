//! What goes over the wire of the access ledger.

use chrono::{DateTime, Utc};
use entity::id::{AccessEventId, OrganisationId};
use poem_openapi::Object;

use crate::access::ledger::Seen;

/// Somebody saw something of my record.
#[derive(Debug, Object)]
pub struct AccessEventOut {
    pub id: AccessEventId,
    pub at: DateTime<Utc>,
    pub what: Seen,
    /// The person's name, or the address of their account
    pub by: String,
    /// On behalf of whom
    #[oai(skip_serializing_if_is_none)]
    pub organisation_id: Option<OrganisationId>,
    #[oai(skip_serializing_if_is_none)]
    pub organisation_name: Option<String>,
}
