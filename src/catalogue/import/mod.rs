//! Bringing in a table of items. The table is read into a plan (what is new, what changes, what
//! is wrong, each with its address in the file); a preview stops there, an application writes
//! the plan if what it was made of still stands.

mod plan;
mod read;
mod undo;
mod write;

use std::sync::Arc;

use entity::id::ItemImportId;
use poem::http::StatusCode;
use tokio::task::spawn_blocking;

use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::base::turns::Turns;
use crate::catalogue::actions::Actor;
use crate::catalogue::store;
use crate::catalogue::store::terms::Since;
use crate::catalogue::wire::{ApplyMode, ImportOut};
use crate::sheet::{self, Finding, ReadError, Table, Wanted};
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

/// A file of items with what is to be done with it.
#[derive(Debug)]
pub struct Incoming {
    pub bytes: Vec<u8>,
    pub file_name: Option<String>,
    pub choice: Choice,
    /// From when changes of what drives compliance hold
    pub since: Since,
}

/// The same without a name; changes of what drives compliance hold from today.
pub async fn import_bytes(app: &App, actor: &Actor, bytes: Vec<u8>, choice: Choice) -> Result<Outcome, ApiError> {
    let since = Since { day: Some(app.clock.today()), reason: None };
    bring_in(app, actor, Incoming { bytes, file_name: None, choice, since }).await
}

/// Reads a file of items and does with it what was chosen. A file that cannot be read, and one
/// with wrong rows of which all were to be applied, are refused with what is wrong.
pub async fn bring_in(app: &App, actor: &Actor, mut incoming: Incoming) -> Result<Outcome, ApiError> {
    let table = read_table(app, std::mem::take(&mut incoming.bytes)).await?;
    let choice = incoming.choice;
    let mut tries = 2;
    loop {
        let mut outcome = planned(app, actor, &table).await?;
        if choice == Choice::Preview {
            return Ok(outcome);
        }
        if outcome.file_is_wrong() || (choice == Choice::AllRows && outcome.has_errors()) {
            return Err(rejected(&outcome.findings));
        }
        tries -= 1;
        match apply(app, actor, &outcome, &incoming).await {
            Ok(applied) => {
                outcome.applied = applied;
                return Ok(outcome);
            }
            // something that the plan speaks of was changed since it was made: it is made anew
            Err(error) if tries > 0 && is_overtaken(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Writes the plan if what it was made of still stands.
async fn apply(
    app: &App,
    actor: &Actor,
    outcome: &Outcome,
    incoming: &Incoming,
) -> Result<Option<ItemImportId>, ApiError> {
    let tx = db::write(&app.db).await?;
    let applied = write::write(app, &tx, actor, outcome, incoming).await?;
    tx.commit().await?;
    Ok(applied)
}

fn is_overtaken(error: &ApiError) -> bool {
    matches!(error.problem().code.as_str(), "changed_meanwhile" | "already_exists")
}

/// The plan is made outside of any transaction and off the async threads: a large file with many
/// slips in it keeps a core busy for a while, and nobody else should wait for that.
async fn planned(app: &App, actor: &Actor, table: &Arc<Table>) -> Result<Outcome, ApiError> {
    static TURNS: Turns = Turns::new();
    let standing = plan::standing(&app.db, actor, table).await?;
    let (app, actor, table) = (app.clone(), actor.clone(), Arc::clone(table));
    let db = app.clone();
    let made = TURNS.take(move || plan::plan(&app, &actor, &table, standing)).await;
    let mut outcome = made.map_err(|error| ApiError::internal(&error))?;
    let differs = |row: &&plan::Planned| {
        row.is_direct_change() && row.old.as_ref().is_some_and(|old| !old.content.has_terms_of(&row.content))
    };
    let touched: Vec<_> = outcome.planned.iter().filter(differs).map(|row| row.id).collect();
    outcome.touched = store::terms::touched(&db.db, &touched).await?;
    Ok(outcome)
}

/// The file with what is wrong written beside each row, as a spreadsheet; writes nothing.
pub async fn annotated(app: &App, actor: &Actor, bytes: Vec<u8>) -> Result<Vec<u8>, ApiError> {
    let table = read_table(app, bytes).await?;
    let outcome = planned(app, actor, &table).await?;
    let now = app.clock.now();
    let made = spawn_blocking(move || sheet::write::annotated(&table, &outcome.findings, now));
    let made = made.await.map_err(|error| ApiError::internal(&error))?;
    made.map_err(|error| ApiError::internal(&error))
}

async fn read_table(app: &App, bytes: Vec<u8>) -> Result<Arc<Table>, ApiError> {
    let read = app.sheets.read(bytes, Wanted::columns(read::COLUMNS)).await;
    read.map(Arc::new).map_err(|error| match error {
        ReadError::Unavailable(_) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), error.to_string()),
        _ => unreadable(&error.finding()),
    })
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
            goes_live: counts.goes_live,
            goes_to_review: counts.goes_to_review,
            proposed: counts.proposed,
            stays_draft: counts.stays_draft,
            touched_items: self.touched.0,
            touched_people: self.touched.1,
            new_providers: self.new_providers.iter().map(|row| row.name.clone()).collect(),
            findings: self.findings.iter().take(FINDINGS).map(Into::into).collect(),
            findings_total: self.findings.len() as u64,
            changes: self.planned.into_iter().filter_map(plan::Planned::out).take(CHANGES).collect(),
        }
    }
}
