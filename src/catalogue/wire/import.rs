//! What an import of items answers.

use chrono::{DateTime, Utc};
use entity::id::{ItemId, ItemImportId};
use poem_openapi::types::multipart::Upload;
use poem_openapi::{Enum, Multipart, Object};

use super::super::differences::Difference;
use crate::sheet::{Finding, Severity};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ApplyMode {
    /// Says what would happen; writes nothing
    #[default]
    Preview,
    Apply,
}

/// What to do with a file of which some rows are wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum WhichRows {
    /// Nothing is applied unless every row is right
    #[default]
    All,
    Good,
}

#[derive(Debug, Multipart)]
pub struct ImportForm {
    /// CSV, XLSX or ODS
    pub file: Upload,
    pub mode: Option<ApplyMode>,
    pub rows: Option<WhichRows>,
    /// For curators: changes of what drives compliance hold for all completions, whenever they were;
    /// otherwise from today
    pub for_all: Option<bool>,
    /// Why, when they hold for all
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum SeverityOut {
    /// Blocks the row, or the file where no row is named
    Error,
    Warning,
}

/// One problem, with its address in the file.
#[derive(Debug, Object)]
pub struct FindingOut {
    pub severity: SeverityOut,
    /// Stable, for programs
    pub code: String,
    #[oai(skip_serializing_if_is_none)]
    pub sheet: Option<String>,
    /// The line, as a spreadsheet program numbers it
    #[oai(skip_serializing_if_is_none)]
    pub row: Option<u32>,
    /// The column's letters
    #[oai(skip_serializing_if_is_none)]
    pub column: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub header: Option<String>,
    /// What was seen there
    #[oai(skip_serializing_if_is_none)]
    pub value: Option<String>,
    pub message: String,
    /// What would be right
    #[oai(skip_serializing_if_is_none)]
    pub right: Option<String>,
}

#[derive(Clone, Debug, Object)]
pub struct FieldChangeOut {
    pub field: String,
    pub from: String,
    pub to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum PlannedAction {
    Create,
    Change,
}

/// What happens to one item.
#[derive(Debug, Object)]
pub struct PlannedOut {
    pub row: u32,
    #[oai(rename = "ref")]
    pub reference: String,
    pub title: String,
    pub action: PlannedAction,
    /// Present when the item is there already
    #[oai(skip_serializing_if_is_none)]
    pub item_id: Option<ItemId>,
    pub fields: Vec<FieldChangeOut>,
}

#[derive(Debug, Object)]
pub struct ImportOut {
    pub mode: ApplyMode,
    /// Whether anything was written
    pub applied: bool,
    /// By this it can be undone; present when something was written
    #[oai(skip_serializing_if_is_none)]
    pub import_id: Option<ItemImportId>,
    /// Rows under the header
    pub rows: u64,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Rows that cannot be applied
    pub rejected: u64,
    /// Of those created and changed: how many everybody sees at once
    pub goes_live: u64,
    /// How many wait in the review queue as new items
    pub goes_to_review: u64,
    /// How many changes of public items wait for a curator, while the items stand as they are
    pub proposed: u64,
    /// How many change a draft or a retired item
    pub stays_draft: u64,
    /// Items that somebody holds of which what drives compliance changes
    pub touched_items: u64,
    /// People who hold one of these
    pub touched_people: u64,
    pub new_providers: Vec<String>,
    /// The first 500
    pub findings: Vec<FindingOut>,
    pub findings_total: u64,
    /// The first 200
    pub changes: Vec<PlannedOut>,
}

#[derive(Debug, Multipart)]
pub struct AnnotateForm {
    /// CSV, XLSX or ODS
    pub file: Upload,
}

/// An import of the past.
#[derive(Debug, Object)]
pub struct ItemImportOut {
    pub id: ItemImportId,
    pub at: DateTime<Utc>,
    /// Who brought it in: a name or an email address; "Cairn" for the command line
    pub by: String,
    #[oai(skip_serializing_if_is_none)]
    pub file_name: Option<String>,
    pub created: i64,
    pub changed: i64,
    /// Changes of public items that waited for a curator
    pub proposed: i64,
    #[oai(skip_serializing_if_is_none)]
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Object)]
pub struct UndoneOut {
    /// Items that say again what they said before
    pub restored: u64,
    /// Items that the import had made
    pub removed: u64,
    /// Changes that do not wait any more
    pub withdrawn: u64,
    /// Public items whose former state waits for a curator now
    pub proposed: u64,
}

impl From<&Finding> for FindingOut {
    fn from(finding: &Finding) -> Self {
        let Finding { severity, code, sheet, row, column, header, value, message, right } = finding.clone();
        let severity = match severity {
            Severity::Error => SeverityOut::Error,
            Severity::Warning => SeverityOut::Warning,
        };
        Self { severity, code: code.into_owned(), sheet, row, column, header, value, message, right }
    }
}

impl From<Difference> for FieldChangeOut {
    fn from(difference: Difference) -> Self {
        let Difference { field, from, to } = difference;
        Self { field: field.to_owned(), from, to }
    }
}
