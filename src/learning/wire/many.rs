//! What goes over the wire for confirming many completions at once.

use entity::id::CompletionId;
use poem_openapi::{Enum, Object};

#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ConfirmManyIn {
    /// At most 100
    pub completion_ids: Vec<CompletionId>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ConfirmOutcome {
    Confirmed,
    /// Confirmed as far before
    Already,
    Withdrawn,
    /// The caller's own
    Own,
    /// Somebody whose word counts for more has decided
    MoreTrusted,
    /// Not in reach: it is not there, nothing asks for it, or the person no longer works here
    NotFound,
}

impl ConfirmOutcome {
    fn words(self) -> &'static str {
        match self {
            Self::Confirmed => "Confirmed.",
            Self::Already => "Your organisation has confirmed this already.",
            Self::Withdrawn => "This has been withdrawn.",
            Self::Own => "Nobody can confirm their own completion. Ask your manager or employer.",
            Self::MoreTrusted => {
                "Somebody whose word counts for more has decided on this, so it cannot be changed here."
            }
            Self::NotFound => {
                "We could not find this. Perhaps nothing asks for it any more, or the person no longer works here."
            }
        }
    }
}

#[derive(Debug, Object)]
pub struct ConfirmedOut {
    pub completion_id: CompletionId,
    pub outcome: ConfirmOutcome,
    /// The item and the person, where they are in reach
    #[oai(skip_serializing_if_is_none)]
    pub title: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub person: Option<String>,
    /// What became of it, in a sentence
    pub words: String,
}

impl ConfirmedOut {
    /// `called`: the titles of the item and the name of the person.
    pub fn new(completion_id: CompletionId, outcome: ConfirmOutcome, called: Option<(String, String)>) -> Self {
        let (title, person) = called.unzip();
        Self { completion_id, outcome, title, person, words: outcome.words().to_owned() }
    }
}

#[derive(Debug, Object)]
pub struct ConfirmedManyOut {
    /// A line for each completion that was asked for
    pub items: Vec<ConfirmedOut>,
    /// How many were confirmed by this
    pub confirmed: u64,
}

impl ConfirmedManyOut {
    pub fn of(items: Vec<ConfirmedOut>) -> Self {
        let confirmed = items.iter().filter(|one| one.outcome == ConfirmOutcome::Confirmed).count() as u64;
        Self { items, confirmed }
    }
}
