//! Use cases of items: reading, listing, creating, editing and moving them. Every change is
//! attributed, and tells the search in the same transaction.

mod decide;
pub mod proposal;
mod read;
mod review;
mod rows;
mod terms;
mod write;

use entity::id::{AccountId, OrganisationId};

use super::markdown;
use crate::access::{Caller, EditorScope, SystemScope};

pub use decide::decide;
pub use read::{ListQuery, history, list, read, rows_out};
pub use review::{filters, list as queue, review};
pub use rows::{changed, detail, new_row};
pub use terms::{decided, effects};
pub use write::{create, edit};

/// Who changes the catalogue.
#[derive(Clone, Debug)]
pub enum Actor {
    Editor(EditorScope),
    /// The command line and the demo
    Program(SystemScope),
}

impl Actor {
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Editor(scope) => Some(scope.account()),
            Self::Program(_) => None,
        }
    }

    pub fn is_curator(&self) -> bool {
        match self {
            Self::Editor(scope) => scope.is_curator(),
            Self::Program(_) => true,
        }
    }

    pub fn may_write(&self, provider: OrganisationId) -> bool {
        match self {
            Self::Editor(scope) => scope.may_write(provider),
            Self::Program(_) => true,
        }
    }
}

/// What a visitor may write, if anything.
pub fn editor(caller: Option<&Caller>) -> Option<EditorScope> {
    caller.and_then(|caller| caller.editor().ok())
}

/// Markdown as it will look, for an editor who is still writing.
pub fn preview(markdown: &str) -> String {
    markdown::html(&markdown.chars().take(20_000).collect::<String>())
}
