//! What goes over the wire of leavers.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::RequirementId;
use entity::value::{Assurance, Status};
use poem_openapi::Object;

/// What an employer relied on of somebody on their last day: kept as it stood then.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct LeaverCopyOut {
    pub last_day: NaiveDate,
    pub made_at: DateTime<Utc>,
    pub statuses: Vec<LeaverStatusOut>,
}

#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct LeaverCopiesOut {
    /// Of the latest last day first
    pub items: Vec<LeaverCopyOut>,
}

/// How they stood with a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct LeaverStatusOut {
    pub requirement_id: RequirementId,
    pub requirement_name: String,
    pub status: Status,
    pub since: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    /// What counted for it
    #[oai(skip_serializing_if_is_none)]
    pub title: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub completed_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub assurance: Option<Assurance>,
}
