//! What organisations say of a completion, for the eye that reads it.

use chrono::NaiveDate;
use entity::completion_verdict;
use entity::id::OrganisationId;
use entity::value::{CompletionEventKind, Verdict};

use super::reach::Stand;
use super::rules::{self, Voice};
use super::store::dress::{Dressed, Told, Word};
use super::store::verdicts;
use super::wire::{CompletionEventOut, CompletionOut, VerdictOut};

/// Who reads: the owner everything; an organisation what it said itself, and of others only what
/// they confirmed, without the names and the reasons.
#[derive(Clone, Copy, Debug)]
pub enum Eye {
    Owner,
    Voice(Voice),
}

impl Eye {
    pub fn of(stand: Stand) -> Self {
        match stand {
            Stand::Owner => Self::Owner,
            Stand::Other(voice) => Self::Voice(voice),
        }
    }

    /// Whether it is another organisation's word.
    pub fn is_foreign(self, organisation: OrganisationId) -> bool {
        matches!(self, Self::Voice(voice) if voice.organisation != organisation)
    }

    pub fn may_take_back(self, word: &completion_verdict::Model) -> bool {
        matches!(self, Self::Voice(voice) if rules::may_take_back(voice, verdicts::as_said(word)))
    }

    fn verdict(self, of: &Dressed, word: &Word) -> Option<VerdictOut> {
        let Word { row, by, organisation } = word;
        let foreign = self.is_foreign(row.organisation_id);
        if foreign && row.verdict == Verdict::Rejected {
            return None;
        }
        Some(VerdictOut {
            id: row.id,
            verdict: row.verdict,
            organisation_id: row.organisation_id,
            organisation: organisation.clone(),
            assurance: row.assurance,
            at: row.at,
            by: by.clone().filter(|_| !foreign),
            reason: row.reason.clone().filter(|_| !foreign),
            answered: row.verdict == Verdict::Rejected && of.evidence_since(row.at),
            may_take_back: self.may_take_back(row),
        })
    }

    /// A line of the history, if it is for this eye.
    pub fn event(self, told: Told) -> Option<CompletionEventOut> {
        let foreign = told.event.organisation_id.is_some_and(|of| self.is_foreign(of));
        if foreign && matches!(told.event.kind, CompletionEventKind::Rejected | CompletionEventKind::TakenBack) {
            return None;
        }
        let mut line = CompletionEventOut::from(told);
        line.by = line.by.filter(|_| !foreign);
        Some(line)
    }
}

impl CompletionOut {
    /// With what organisations say of it, as far as it is for this eye.
    pub fn shown(dressed: Dressed, eye: Eye, today: NaiveDate) -> Self {
        let verdicts = dressed.said.iter().filter_map(|word| eye.verdict(&dressed, word)).collect();
        Self { verdicts, ..Self::new(dressed, today) }
    }
}
