//! What goes over the wire for completions and evidence.

pub mod many;
pub mod outside;

use chrono::{DateTime, NaiveDate, Utc};
use entity::evidence;
use entity::id::{CompletionId, CompletionVerdictId, EvidenceId, ItemId, OrganisationId, PersonId, RequirementId};
use entity::value::{Assurance, CompletionEventKind, CompletionState, ItemKind, ItemStatus, Level, Status, Verdict};
use poem_openapi::types::multipart::Upload;
use poem_openapi::{Enum, Multipart, Object};

use outside::{EquatedNoticeOut, OutsideOut, StandsForOut};

use super::rules::{self, Holding};
use super::store::dress::{Dressed, DressedItem, Told};
use crate::base::day::Day;
use crate::base::text::Lines;
use crate::reference::vocabulary;
use crate::standing::person::Use;
use crate::standing::wire::{CountsForOut, WaitingOut};

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct CompletionIn {
    pub item_id: ItemId,
    /// The day on which it was finished, at latest today in Scotland
    pub completed_on: Day,
    /// Files uploaded before with `POST /learning/evidence`
    #[oai(default)]
    pub evidence_ids: Vec<EvidenceId>,
    pub note: Option<Lines<2000>>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct EvidenceIdsIn {
    pub evidence_ids: Vec<EvidenceId>,
}

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RejectIn {
    /// Shown to the person
    pub reason: Lines<2000>,
}

#[derive(Debug, Multipart)]
pub struct EvidenceForm {
    /// PDF, PNG or JPEG of at most 10 MB; told by content, not by name
    pub file: Upload,
}

/// Where a completion stands today. Expiring: held, but it lapses within 90 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Standing {
    /// Never expires
    Lasting,
    Current,
    Expiring,
    Expired,
}

impl From<Holding> for Standing {
    fn from(holding: Holding) -> Self {
        match holding {
            Holding::Lasting => Self::Lasting,
            Holding::Current => Self::Current,
            Holding::Expiring => Self::Expiring,
            Holding::Expired => Self::Expired,
        }
    }
}

#[derive(Debug, Object)]
pub struct CompletedThemeOut {
    pub slug: String,
    pub label: String,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
}

/// The catalogue item that was finished.
#[derive(Debug, Object)]
pub struct CompletedItemOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub title: String,
    pub kind: ItemKind,
    pub provider: String,
    pub status: ItemStatus,
    #[oai(skip_serializing_if_is_none)]
    pub validity_months: Option<i32>,
    pub themes: Vec<CompletedThemeOut>,
}

#[derive(Debug, Object)]
pub struct RecordedPersonOut {
    pub id: PersonId,
    pub name: String,
}

#[derive(Debug, Object)]
pub struct CompletionOut {
    pub id: CompletionId,
    pub item: CompletedItemOut,
    pub person: RecordedPersonOut,
    pub completed_on: NaiveDate,
    pub assurance: Assurance,
    pub state: CompletionState,
    /// Last day, inclusive, on which it counts; absent when it never expires
    #[oai(skip_serializing_if_is_none)]
    pub valid_through: Option<NaiveDate>,
    /// Days until then: 0 on the last day, negative once expired
    #[oai(skip_serializing_if_is_none)]
    pub days_left: Option<i64>,
    pub standing: Standing,
    #[oai(skip_serializing_if_is_none)]
    pub note: Option<String>,
    pub evidence: Vec<EvidenceOut>,
    pub recorded_at: DateTime<Utc>,
    /// Requirements that it meets today, where they are told
    #[oai(skip_serializing_if_is_empty)]
    pub counts_for: Vec<CountsForOut>,
    /// Requirements that it would meet, or meet for longer, if it were trusted further
    #[oai(skip_serializing_if_is_empty)]
    pub waiting: Vec<WaitingOut>,
    /// The learning outside of the catalogue for which it stands, if an employer equated that with the item
    #[oai(skip_serializing_if_is_none)]
    pub stands_for: Option<StandsForOut>,
    /// What organisations say of it now, oldest first. Its owner sees all of it; somebody who may vouch for it
    /// sees what their own organisation says and what others confirmed, without names or reasons
    pub verdicts: Vec<VerdictOut>,
}

/// What an organisation says of a completion: it speaks for that organisation alone.
#[derive(Debug, Object)]
pub struct VerdictOut {
    pub id: CompletionVerdictId,
    pub verdict: Verdict,
    pub organisation_id: OrganisationId,
    pub organisation: String,
    /// The rung of the ladder on which whoever said it stands
    pub assurance: Assurance,
    pub at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    /// Why it was rejected
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
    /// Whether evidence was added after a rejection, so that the organisation has to look again
    pub answered: bool,
    pub may_take_back: bool,
}

/// A rejection of one of my completions: by whom, why, and how to put it right.
#[derive(Debug, Object)]
pub struct RejectionOut {
    pub verdict_id: CompletionVerdictId,
    pub completion_id: CompletionId,
    pub item_id: ItemId,
    pub title: String,
    pub completed_on: NaiveDate,
    pub organisation: String,
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Object)]
pub struct RejectionsOut {
    /// Latest first; one with evidence added since, or recorded again since, is dealt with and not among them
    pub items: Vec<RejectionOut>,
    /// What of my learning outside of the catalogue was equated with an item, or no longer is; latest first, until laid
    /// aside
    pub equated: Vec<EquatedNoticeOut>,
}

#[derive(Debug, Object)]
pub struct EvidenceOut {
    pub id: EvidenceId,
    pub file_name: String,
    pub media_type: String,
    pub bytes: i32,
    pub uploaded_at: DateTime<Utc>,
}

/// Files of one's own that belong to no completion yet.
#[derive(Debug, Object)]
pub struct WaitingFilesOut {
    /// Latest first
    pub items: Vec<EvidenceOut>,
}

/// A line of a completion's history.
#[derive(Debug, Object)]
pub struct CompletionEventOut {
    pub kind: CompletionEventKind,
    pub assurance: Assurance,
    pub at: DateTime<Utc>,
    /// Who did it, where they are known by name
    #[oai(skip_serializing_if_is_none)]
    pub by: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub organisation: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
}

/// What the caller may do with a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum CompletionAct {
    Withdraw,
    AddEvidence,
    RemoveEvidence,
    Confirm,
    Reject,
}

#[derive(Debug, Object)]
pub struct CompletionDetailOut {
    #[oai(flatten)]
    pub completion: CompletionOut,
    /// Why it is valid for as long as it is, in words
    pub explanation: String,
    pub history: Vec<CompletionEventOut>,
    pub may: Vec<CompletionAct>,
    /// What is worth knowing about it, such as that the item has been retired
    pub warnings: Vec<String>,
}

/// An item as it concerns me: what it is, and what of it I have recorded.
#[derive(Debug, Object)]
pub struct MyItemOut {
    pub item: CompletedItemOut,
    /// The completion that counts for longest, if any stands
    #[oai(skip_serializing_if_is_none)]
    pub held: Option<CompletionOut>,
    /// What is asked of me that a completion of this meets
    pub asked: Vec<AskedOfMeOut>,
}

/// A requirement that applies to me and that a completion of the item meets.
#[derive(Debug, Object)]
pub struct AskedOfMeOut {
    pub requirement_id: RequirementId,
    pub requirement_name: String,
    /// Where I stand with it today
    pub status: Status,
    /// Last day of the grace period, while nothing was ever held
    #[oai(skip_serializing_if_is_none)]
    pub due_by: Option<NaiveDate>,
    /// How far it has to be trusted
    pub minimum_assurance: Assurance,
}

/// One's record today: for each item the completion that counts for longest.
#[derive(Debug, Object)]
pub struct LearningSummaryOut {
    pub as_at: NaiveDate,
    /// What waits for somebody's confirmation, latest first
    pub waiting: Vec<CompletionOut>,
    /// Held, but lapsing within 90 days; soonest first
    pub expiring: Vec<CompletionOut>,
    /// No longer held; latest first
    pub expired: Vec<CompletionOut>,
    /// Held beyond that, by title
    pub held: Vec<CompletionOut>,
}

/// One's whole record, to take elsewhere.
#[derive(Debug, Object)]
pub struct RecordOut {
    pub person: RecordedPersonOut,
    pub made_at: DateTime<Utc>,
    pub as_at: NaiveDate,
    pub completions: Vec<RecordLineOut>,
    /// What is not in the catalogue: it counts for nothing that is asked until somebody equates it with an item
    pub outside_the_catalogue: Vec<OutsideOut>,
}

#[derive(Debug, Object)]
pub struct RecordLineOut {
    #[oai(flatten)]
    pub completion: CompletionOut,
    pub explanation: String,
    pub history: Vec<CompletionEventOut>,
}

impl From<DressedItem> for CompletedItemOut {
    fn from(of: DressedItem) -> Self {
        let DressedItem { item, provider, themes, .. } = of;
        let label =
            |slug: &str| vocabulary::term("theme", slug).map_or_else(|| slug.to_owned(), |term| term.label.clone());
        let themes = themes.into_iter().map(|row| CompletedThemeOut {
            label: label(&row.theme),
            slug: row.theme,
            level: row.level,
        });
        Self {
            id: item.id,
            reference: item.reference,
            title: item.title,
            kind: item.kind,
            provider,
            status: item.status,
            validity_months: item.validity_months,
            themes: themes.collect(),
        }
    }
}

impl CompletionOut {
    /// Without what organisations say of it.
    pub fn new(dressed: Dressed, today: NaiveDate) -> Self {
        let valid_through = dressed.valid_through();
        let Dressed { row, of, evidence, person, name, outside, .. } = dressed;
        Self {
            id: row.id,
            item: of.into(),
            person: RecordedPersonOut { id: person, name },
            completed_on: row.completed_on,
            assurance: row.assurance,
            state: row.state,
            valid_through,
            days_left: rules::days_left(valid_through, today),
            standing: rules::holding(valid_through, today, rules::WINDOW_DAYS).into(),
            note: row.note,
            evidence: evidence.into_iter().map(Into::into).collect(),
            recorded_at: row.recorded_at,
            counts_for: Vec::new(),
            waiting: Vec::new(),
            stands_for: outside.map(|row| StandsForOut { id: row.id, title: row.title, provider: row.provider }),
            verdicts: Vec::new(),
        }
    }

    /// With what it counts for and waits for.
    pub fn used(self, used: Option<Use>) -> Self {
        let Use { counts_for, waiting } = used.unwrap_or_default();
        Self { counts_for, waiting, ..self }
    }
}

impl Dressed {
    /// Months for which this completion counts, by what held on its own day.
    pub fn months(&self) -> Option<u32> {
        self.of.terms.on(self.row.completed_on).validity_months
    }

    pub fn valid_through(&self) -> Option<NaiveDate> {
        rules::valid_through(self.row.completed_on, self.months(), self.row.expires_on)
    }

    pub fn explanation(&self) -> String {
        rules::explain(self.row.completed_on, self.months(), self.row.expires_on)
    }
}

impl From<evidence::Model> for EvidenceOut {
    fn from(row: evidence::Model) -> Self {
        let evidence::Model { id, file_name, media_type, bytes, uploaded_at, .. } = row;
        Self { id, file_name, media_type, bytes, uploaded_at }
    }
}

impl From<Told> for CompletionEventOut {
    fn from(told: Told) -> Self {
        let Told { event, by, organisation } = told;
        Self { kind: event.kind, assurance: event.assurance, at: event.at, by, organisation, reason: event.reason }
    }
}
