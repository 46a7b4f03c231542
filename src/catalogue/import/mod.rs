//! Bringing in a table of items. The table is read into a plan (what is new, what changes, what
//! is wrong, each with its address in the file); a preview stops there, an application writes
//! the plan in the transaction in which it was made.

mod plan;
mod read;
mod undo;
mod write;

use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::catalogue::actions::Actor;
use crate::catalogue::wire::{ApplyMode, ImportOut};
use crate::sheet::{self, Finding, Table, Wanted};
use crate::state::App;
pub use plan::Outcome;
pub use undo::{list, undo};

/// The sample catalogue: titles known from public sources and plausible ones, labelled as such.
pub const SAMPLE: &[u8] = include_bytes!("../data/catalogue.csv");

/// Findings that an answer names one by one.
const FINDINGS: usize = 500;
const CHANGES: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Says what would happen; writes nothing.
    Preview,
    /// Everything, or nothing if a row is wrong.
    AllRows,
    /// The rows that are right.
    GoodRows,
}

/// Reads a file of items and does with it what was chosen. A file that cannot be read, and one
/// with wrong rows of which all were to be applied, are refused with what is wrong.
pub async fn import_bytes(app: &App, actor: &Actor, bytes: Vec<u8>, choice: Choice) -> Result<Outcome, ApiError> {
    let table = read_table(bytes).await?;
    if choice == Choice::Preview {
        return plan::plan(app, &app.db, actor, &table).await;
    }
    let tx = db::write(&app.db).await?;
    let mut outcome = plan::plan(app, &tx, actor, &table).await?;
    if outcome.file_is_wrong() || (choice == Choice::AllRows && outcome.has_errors()) {
        return Err(rejected(&outcome.findings));
    }
    outcome.applied = write::write(app, &tx, actor, &outcome).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// The file with what is wrong written beside each row, as a spreadsheet; writes nothing.
pub async fn annotated(app: &App, actor: &Actor, bytes: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    let table = read_table(bytes).await?;
    let outcome = plan::plan(app, &app.db, actor, &table).await?;
    let now = app.clock.now();
    let made = spawn_blocking(move || sheet::write::annotated(&table, &outcome.findings, now));
    let made = made.await.map_err(|error| ApiError::internal(&error))?;
    made.map_err(|error| ApiError::internal(&error))
}

async fn read_table(bytes: Vec<u8>) -> Result<Arc<Table>, ApiError> {
    let read = spawn_blocking(move || sheet::read(&bytes, &Wanted::columns(read::COLUMNS)));
    let table = read.await.map_err(|error| ApiError::internal(&error))?;
    Ok(Arc::new(table.map_err(|error| unreadable(&error.finding()))?))
}

fn unreadable(finding: &Finding) -> ApiError {
    let mut fields = Fields::default();
    fields.push("file", &finding.code, finding.to_string());
    fields.check().err().unwrap_or_else(|| ApiError::bad_request("The file cannot be read."))
}

/// Each wrong cell as a field of the request.
fn rejected(findings: &[Finding]) -> ApiError {
    let mut fields = Fields::default();
    for finding in findings.iter().filter(|finding| finding.is_error()).take(FINDINGS) {
        fields.push("file", &finding.code, finding.to_string());
    }
    fields.check().err().unwrap_or_else(|| ApiError::bad_request("The file cannot be applied."))
}

impl Outcome {
    pub fn out(self, mode: ApplyMode) -> ImportOut {
        let counts = self.counts();
        ImportOut {
            mode,
            applied: self.applied.is_some(),
            import_id: self.applied,
            rows: counts.rows,
            created: counts.created,
            changed: counts.changed,
            unchanged: counts.unchanged,
            rejected: counts.rejected,
            new_providers: self.new_providers.iter().map(|row| row.name.clone()).collect(),
            findings: self.findings.iter().take(FINDINGS).map(Into::into).collect(),
            findings_total: self.findings.len() as u64,
            changes: self.planned.into_iter().filter_map(plan::Planned::out).take(CHANGES).collect(),
        }
    }
}
