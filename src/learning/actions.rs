//! Use cases of completions: recording, adding evidence, withdrawing; `vouch` has those of others.

pub mod vouch;

use chrono::NaiveDate;
use entity::completion;
use entity::id::{CompletionId, EvidenceId, ItemId};
use entity::value::{CompletionEventKind, CompletionState, ItemKind, ItemStatus};
use sea_orm::ConnectionTrait;

use super::rules::{self, DateFault};
use super::store::{self, NewCompletion, Step};
use crate::access::SelfScope;
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::state::App;

/// Longest note and longest reason, in characters.
const LONGEST: usize = 2_000;
/// Files that one completion can have.
pub const MOST_FILES: u64 = 10;

/// A completion as its owner says it.
pub struct Record {
    pub item: ItemId,
    pub completed_on: NaiveDate,
    pub evidence: Vec<EvidenceId>,
    pub note: Option<String>,
}

/// Records a completion of one's own. The same person, item and date is a conflict that points to
/// the one that is there, so that a double click does no harm.
pub async fn record(app: &App, scope: &SelfScope, new: Record) -> Result<completion::Model, ApiError> {
    let Record { item, completed_on, evidence, note } = new;
    let note = note.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let evidence = unique(evidence);
    let mut fields = Fields::default();
    fields.longest("note", "the note", note.as_deref().unwrap_or_default(), LONGEST);
    check_item(app, item, &mut fields).await?;
    check_date(app, scope, completed_on, &mut fields).await?;
    check_count(evidence.len() as u64, &mut fields);
    fields.check()?;

    let tx = db::write(&app.db).await?;
    let id: CompletionId = app.clock.id();
    let assurance = rules::own_assurance(!evidence.is_empty());
    let new = NewCompletion { id, item, completed_on, note, assurance };
    if !store::insert(&tx, &app.clock, scope, new).await? {
        drop(tx);
        return Err(already_recorded(app, scope, item, completed_on).await?);
    }
    attach_all(&tx, scope, &evidence, id).await?;
    let step = own_step(scope, CompletionEventKind::Recorded, assurance, CompletionState::Live);
    store::event(&tx, &app.clock, id, step).await?;
    tx.commit().await?;
    store::own_one(&app.db, scope, id).await?.ok_or_else(|| ApiError::internal(&"a completion just written is gone"))
}

async fn check_item(app: &App, id: ItemId, fields: &mut Fields) -> Result<(), ApiError> {
    match store::item(&app.db, id).await? {
        Some(item) if matches!(item.status, ItemStatus::Published | ItemStatus::Retired) => {
            if item.kind == ItemKind::Resource {
                fields.push(
                    "item_id",
                    "not_learning",
                    "This is a resource to read or use. Only modules and pathways can be completed.",
                );
            }
        }
        _ => fields.push("item_id", "unknown_item", "We could not find this in the catalogue."),
    }
    Ok(())
}

async fn check_date(app: &App, scope: &SelfScope, date: NaiveDate, fields: &mut Fields) -> Result<(), ApiError> {
    let born = store::own_person(&app.db, scope).await?.and_then(|person| person.date_of_birth);
    let today = app.clock.today();
    let (code, message) = match rules::check_date(date, today, born) {
        Ok(()) => return Ok(()),
        Err(DateFault::Future) => (
            "in_the_future",
            format!(
                "{} has not come yet. Enter the day on which you finished, at latest today.",
                rules::in_words(date)
            ),
        ),
        Err(DateFault::TooYoung(birthday)) => (
            "too_young",
            format!("Your 14th birthday was on {}. Enter a date on or after it.", rules::in_words(birthday)),
        ),
        Err(DateFault::TooEarly) => {
            ("too_early", format!("Enter a date on or after {}.", rules::in_words(rules::EARLIEST)))
        }
    };
    fields.push("completed_on", code, message);
    Ok(())
}

fn check_count(files: u64, fields: &mut Fields) {
    if files > MOST_FILES {
        fields.push("evidence_ids", "too_many", format!("A completion can have {MOST_FILES} files at most."));
    }
}

async fn already_recorded(
    app: &App,
    scope: &SelfScope,
    item: ItemId,
    completed_on: NaiveDate,
) -> Result<ApiError, ApiError> {
    let detail = format!("You have already recorded this for {}.", rules::in_words(completed_on));
    let conflict = ApiError::conflict("already_recorded", detail);
    Ok(match store::own_same(&app.db, scope, item, completed_on).await? {
        Some(there) => conflict.with_existing(format!("/api/learning/completions/{}", there.id)),
        None => conflict,
    })
}

/// Attaches files that wait; all of them or none.
async fn attach_all<C: ConnectionTrait>(
    tx: &C,
    scope: &SelfScope,
    ids: &[EvidenceId],
    completion: CompletionId,
) -> Result<(), ApiError> {
    if ids.is_empty() {
        return Ok(());
    }
    let attached = store::evidence::attach(tx, scope, ids, completion).await?;
    if attached == ids.len() as u64 { Ok(()) } else { Err(ApiError::not_found("this evidence")) }
}

/// Adds evidence to a completion of one's own that stands.
pub async fn attach(app: &App, scope: &SelfScope, id: CompletionId, files: Vec<EvidenceId>) -> Result<(), ApiError> {
    let files = unique(files);
    let mut fields = Fields::default();
    if files.is_empty() {
        fields.push("evidence_ids", "missing", "Choose at least one file.");
    }
    let tx = db::write(&app.db).await?;
    let row = store::own_one(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this completion"))?;
    must_be_live(&row)?;
    check_count(store::evidence::count(&tx, id).await? + files.len() as u64, &mut fields);
    fields.check()?;
    attach_all(&tx, scope, &files, id).await?;
    let assurance = row.assurance.max(rules::own_assurance(true));
    let step = own_step(scope, CompletionEventKind::EvidenceAttached, assurance, CompletionState::Live);
    advance(app, &tx, &row, step).await?;
    Ok(tx.commit().await?)
}

/// Takes back a completion of one's own; doing it twice is no mistake.
pub async fn withdraw(app: &App, scope: &SelfScope, id: CompletionId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    let row = store::own_one(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this completion"))?;
    if row.state == CompletionState::Withdrawn {
        return Ok(());
    }
    must_be_live(&row)?;
    let step = own_step(scope, CompletionEventKind::Withdrawn, row.assurance, CompletionState::Withdrawn);
    advance(app, &tx, &row, step).await?;
    Ok(tx.commit().await?)
}

fn must_be_live(row: &completion::Model) -> Result<(), ApiError> {
    match row.state {
        CompletionState::Live => Ok(()),
        _ => Err(ApiError::conflict("not_live", "This completion has been withdrawn.")),
    }
}

/// Writes the next step of a completion, and gives it as it stands then; refused when somebody was quicker.
pub async fn advance<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    row: &completion::Model,
    step: Step,
) -> Result<completion::Model, ApiError> {
    let stands =
        completion::Model { assurance: step.assurance, state: step.state, version: row.version + 1, ..row.clone() };
    if store::step(tx, &app.clock, row, step).await? {
        return Ok(stands);
    }
    Err(ApiError::conflict("changed_meanwhile", "Somebody changed this a moment ago. Look at it again first."))
}

pub fn own_step(
    scope: &SelfScope,
    kind: CompletionEventKind,
    assurance: entity::value::Assurance,
    state: CompletionState,
) -> Step {
    Step { kind, assurance, state, account: scope.account(), organisation: None, reason: None }
}

fn unique(mut ids: Vec<EvidenceId>) -> Vec<EvidenceId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
