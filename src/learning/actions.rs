//! Use cases of completions: recording, adding evidence, withdrawing; `vouch` has those of others,
//! `outside` and `equate` learning that is not in the catalogue.

pub mod confirm_many;
pub mod equate;
pub mod outside;
pub mod vouch;

use chrono::NaiveDate;
use entity::completion;
use entity::id::{CompletionId, EvidenceId, ItemId};
use entity::value::{CompletionEventKind, CompletionState, ItemKind, ItemStatus};
use sea_orm::ConnectionTrait;

use super::record;
use super::rules::{self, DateFault};
use super::store::evidence::Home;
use super::store::{self, NewCompletion, Step};
use super::wire::CompletionDetailOut;
use crate::access::SelfScope;
use crate::base::day::in_words;
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::state::App;

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
pub async fn record(app: &App, scope: &SelfScope, new: Record) -> Result<CompletionDetailOut, ApiError> {
    let Record { item, completed_on, evidence, note } = new;
    let evidence = unique(evidence);
    let mut fields = Fields::default();
    let tx = db::write(&app.db).await?;
    check_item(&tx, item, &mut fields).await?;
    check_date(app, &tx, scope, completed_on, &mut fields).await?;
    check_count(evidence.len() as u64, &mut fields);
    fields.check()?;

    let id: CompletionId = app.clock.id();
    let assurance = rules::own_assurance(!evidence.is_empty());
    let new = NewCompletion { id, item, completed_on, note, assurance };
    let row = store::new_row(&app.clock, scope, new);
    if !store::put(&tx, row.clone()).await? {
        return Err(already_recorded(&tx, scope, item, completed_on).await?);
    }
    attach_all(&tx, scope, &evidence, Home::Completion(id, None)).await?;
    let step = own_step(scope, CompletionEventKind::Recorded, assurance, CompletionState::Live);
    store::event(&tx, &app.clock, id, step).await?;
    answered(app, tx, row).await
}

async fn check_item<C: ConnectionTrait>(tx: &C, id: ItemId, fields: &mut Fields) -> Result<(), ApiError> {
    match store::item(tx, id).await? {
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

async fn check_date<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &SelfScope,
    date: NaiveDate,
    fields: &mut Fields,
) -> Result<(), ApiError> {
    let born = store::own_person(tx, scope).await?.and_then(|person| person.date_of_birth);
    let today = app.clock.today();
    let (code, message) = match rules::check_date(date, today, born) {
        Ok(()) => return Ok(()),
        Err(DateFault::Future) => (
            "in_the_future",
            format!("{} has not come yet. Enter the day on which you finished, at latest today.", in_words(date)),
        ),
        Err(DateFault::TooYoung(birthday)) => {
            ("too_young", format!("Your 14th birthday was on {}. Enter a date on or after it.", in_words(birthday)))
        }
        Err(DateFault::TooEarly) => ("too_early", format!("Enter a date on or after {}.", in_words(rules::EARLIEST))),
    };
    fields.push("completed_on", code, message);
    Ok(())
}

fn check_count(files: u64, fields: &mut Fields) {
    if files > MOST_FILES {
        fields.push("evidence_ids", "too_many", format!("Attach {MOST_FILES} files at most."));
    }
}

async fn already_recorded<C: ConnectionTrait>(
    tx: &C,
    scope: &SelfScope,
    item: ItemId,
    completed_on: NaiveDate,
) -> Result<ApiError, ApiError> {
    let detail = format!("You have already recorded this for {}.", in_words(completed_on));
    let conflict = ApiError::conflict("already_recorded", detail);
    Ok(match store::own_same(tx, scope, item, completed_on).await? {
        Some(there) => conflict.with_existing(format!("/api/learning/completions/{}", there.id)),
        None => conflict,
    })
}

/// Attaches files that wait; all of them or none.
async fn attach_all<C: ConnectionTrait>(
    tx: &C,
    scope: &SelfScope,
    ids: &[EvidenceId],
    home: Home,
) -> Result<(), ApiError> {
    if ids.is_empty() {
        return Ok(());
    }
    let attached = store::evidence::attach(tx, scope, ids, home).await?;
    if attached == ids.len() as u64 { Ok(()) } else { Err(ApiError::not_found("this evidence")) }
}

/// Adds evidence to a completion of one's own that stands.
pub async fn attach(
    app: &App,
    scope: &SelfScope,
    id: CompletionId,
    files: Vec<EvidenceId>,
) -> Result<CompletionDetailOut, ApiError> {
    let files = unique(files);
    let tx = db::write(&app.db).await?;
    store::hold_person(&tx, scope).await?;
    let row = store::own_one(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this completion"))?;
    must_be_live(&row)?;
    outside::add(&tx, scope, Home::Completion(id, row.outside_learning_id), &files).await?;
    let assurance = row.assurance.max(rules::own_assurance(true));
    let step = own_step(scope, CompletionEventKind::EvidenceAttached, assurance, CompletionState::Live);
    let row = advance(app, &tx, &row, step).await?;
    answered(app, tx, row).await
}

/// Takes back a completion of one's own; doing it twice is no mistake.
pub async fn withdraw(app: &App, scope: &SelfScope, id: CompletionId) -> Result<CompletionDetailOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let row = store::own_one(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this completion"))?;
    if row.state == CompletionState::Withdrawn {
        return answered(app, tx, row).await;
    }
    must_be_live(&row)?;
    let step = own_step(scope, CompletionEventKind::Withdrawn, row.assurance, CompletionState::Withdrawn);
    let row = advance(app, &tx, &row, step).await?;
    answered(app, tx, row).await
}

/// Commits, with the answer as it stands in the same transaction.
async fn answered(app: &App, tx: db::Write, row: completion::Model) -> Result<CompletionDetailOut, ApiError> {
    let answer = record::of_owner(app, &tx, row).await?;
    tx.commit().await?;
    Ok(answer)
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
