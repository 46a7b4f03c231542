//! What goes over the wire of how a completion and what is asked belong together.

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, RequirementId};
use entity::value::Assurance;
use poem_openapi::Object;

/// A completion that would count for a requirement if it were trusted further.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct WaitingOut {
    pub completion_id: CompletionId,
    pub item_id: ItemId,
    pub requirement_id: RequirementId,
    pub requirement_name: String,
    /// The day on which it was recorded
    pub since: NaiveDate,
    /// How far it has to be trusted
    pub needs: Assurance,
    /// Who can confirm it, where they are known by name
    #[oai(skip_serializing_if_is_empty)]
    pub by: Vec<String>,
    /// The same in a sentence
    pub words: String,
}

/// A requirement that a completion meets.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct CountsForOut {
    pub requirement_id: RequirementId,
    pub requirement_name: String,
}
