//! What goes over the wire for learning that is not in the catalogue.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{CompletionId, CompletionVerdictId, EvidenceId, ItemId, OrganisationId, OutsideLearningId};
use entity::value::Assurance;
use poem_openapi::{Enum, Object};

use super::{EvidenceOut, RecordedPersonOut};
use crate::base::day::Day;
use crate::base::text::{Line, Lines};
use crate::base::whole::Whole;

/// How long something took: at most a year of full weeks; more is a slip of the finger.
type Minutes = Whole<1, 120_000>;

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct OutsideIn {
    /// What it was
    pub title: Line<200>,
    /// Who gave it
    pub provider: Line<200>,
    /// How long it took, if that is known
    pub minutes: Option<Minutes>,
    /// The day on which it was finished, at latest today in Scotland
    pub completed_on: Day,
    /// Files uploaded before with `POST /learning/evidence`
    #[oai(default)]
    pub evidence_ids: Vec<EvidenceId>,
    pub note: Option<Lines<2000>>,
    /// Whether my employers may see it, to equate it with an item; without, nobody but me sees it
    #[oai(default)]
    pub ask_employers: bool,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct AskIn {
    /// Whether my employers may see it, to equate it with an item
    pub ask_employers: bool,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EquateIn {
    /// A published module or pathway
    pub item_id: ItemId,
}

/// Learning that is not in the catalogue. It counts for nothing that is asked until somebody equates it with an item:
/// then a completion of that item stands for it.
#[derive(Debug, Object)]
pub struct OutsideOut {
    pub id: OutsideLearningId,
    pub person: RecordedPersonOut,
    pub title: String,
    pub provider: String,
    #[oai(skip_serializing_if_is_none)]
    pub minutes: Option<i32>,
    pub completed_on: NaiveDate,
    #[oai(skip_serializing_if_is_none)]
    pub note: Option<String>,
    pub evidence: Vec<EvidenceOut>,
    pub recorded_at: DateTime<Utc>,
    /// Since when my employers may see it
    #[oai(skip_serializing_if_is_none)]
    pub asked_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// With what it was equated and by whom, as far as that stands; oldest first
    pub equated: Vec<EquatedOut>,
    /// In words: that it counts for nothing yet and who sees it, or what stands for it
    pub standing: String,
}

/// A completion that stands for it, by the word of one organisation.
#[derive(Debug, Object)]
pub struct EquatedOut {
    pub verdict_id: CompletionVerdictId,
    pub completion_id: CompletionId,
    pub item_id: ItemId,
    pub title: String,
    pub organisation_id: OrganisationId,
    pub organisation: String,
    /// Who said so, told to the person and to their own organisation
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    pub at: DateTime<Utc>,
    pub assurance: Assurance,
    pub may_take_back: bool,
}

#[derive(Debug, Object)]
pub struct OutsidesOut {
    /// Latest first; what I withdrew is not among them
    pub items: Vec<OutsideOut>,
}

/// What the caller may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum OutsideAct {
    Equate,
}

/// Learning that somebody lets their employer see, to equate it.
#[derive(Debug, Object)]
pub struct TeamOutsideOut {
    #[oai(flatten)]
    pub learning: OutsideOut,
    pub may: Vec<OutsideAct>,
    /// Items that meet what is asked of this person, by title; any other published one can be chosen as well
    pub suggestions: Vec<EquatableOut>,
}

#[derive(Clone, Debug, Object)]
pub struct EquatableOut {
    pub item_id: ItemId,
    pub title: String,
    pub provider: String,
}

/// What a completion stands for: learning that is not in the catalogue, which an employer equated with the item.
#[derive(Debug, Object)]
pub struct StandsForOut {
    pub id: OutsideLearningId,
    pub title: String,
    pub provider: String,
}

/// Somebody equated my learning with an item, or took that back.
#[derive(Debug, Object)]
pub struct EquatedNoticeOut {
    pub verdict_id: CompletionVerdictId,
    pub learning_id: OutsideLearningId,
    /// What I recorded
    pub learning: String,
    pub completion_id: CompletionId,
    pub item_id: ItemId,
    /// The item with which it was equated
    pub title: String,
    pub organisation: String,
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    pub at: DateTime<Utc>,
    /// When it was taken back
    #[oai(skip_serializing_if_is_none)]
    pub taken_back_at: Option<DateTime<Utc>>,
}
