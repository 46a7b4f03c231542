//! Two entries of one employer that are one human.

use poem_openapi::Object;

use super::PersonDetailOut;

/// Why two people cannot be merged.
#[derive(Debug, Object)]
pub struct ClashOut {
    pub code: String,
    pub message: String,
}

/// What merging does, or did.
#[derive(Debug, Object)]
pub struct MergeOut {
    /// Whose page remains
    pub stays: PersonDetailOut,
    /// Whose entries go over; absent once that is done
    #[oai(skip_serializing_if_is_none)]
    pub goes: Option<PersonDetailOut>,
    pub appointments: u32,
    pub completions: u32,
    pub exemptions: u32,
    /// Completions of the same item on the same day that both have: one of each counts
    pub twice: u32,
    /// While there are any, the two cannot be merged
    pub clashes: Vec<ClashOut>,
}
