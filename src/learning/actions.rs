//! Use cases of completions: recording, withdrawing, confirming, rejecting.

use chrono::NaiveDate;
use entity::id::{CompletionId, EvidenceId, ItemId, OrganisationId};
use entity::value::{CompletionEventKind, CompletionState, ItemKind, ItemStatus, Verdict};
use entity::{completion, completion_verdict};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::reach::{self, Stand};
use super::rules::{self, Confirmer, DateFault};
use super::store::{self, NewCompletion, Step, verdicts};
use crate::access::{Caller, SelfScope};
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

/// Raises the assurance to the caller's rung; what is trusted as much already stays as it is.
pub async fn confirm(app: &App, caller: &Caller, id: CompletionId) -> Result<(), ApiError> {
    let (row, confirmer, organisation) = for_others(app, caller, id).await?;
    must_be_live(&row)?;
    if row.assurance >= confirmer.rung() {
        return Ok(());
    }
    let step = Step {
        kind: CompletionEventKind::Confirmed,
        assurance: confirmer.rung(),
        state: CompletionState::Live,
        account: caller.account(),
        organisation: Some(organisation),
        reason: None,
    };
    let tx = db::write(&app.db).await?;
    say(app, &tx, &row, Verdict::Confirmed, confirmer, &step).await?;
    advance(app, &tx, &row, step).await?;
    Ok(tx.commit().await?)
}

/// Refuses a completion with a reason; the record and its history stay.
pub async fn reject(app: &App, caller: &Caller, id: CompletionId, reason: &str) -> Result<(), ApiError> {
    let (row, confirmer, organisation) = for_others(app, caller, id).await?;
    let mut fields = Fields::default();
    fields.text("reason", "a reason that the person will understand", reason, LONGEST);
    fields.check()?;
    must_be_live(&row)?;
    if !rules::may_reject(confirmer, row.assurance) {
        return Err(ApiError::conflict(
            "more_trusted_already",
            "Somebody whose word counts for more has confirmed this, so it cannot be rejected here.",
        ));
    }
    let step = Step {
        kind: CompletionEventKind::Rejected,
        assurance: row.assurance,
        state: CompletionState::Rejected,
        account: caller.account(),
        organisation: Some(organisation),
        reason: Some(reason.trim().to_owned()),
    };
    let tx = db::write(&app.db).await?;
    say(app, &tx, &row, Verdict::Rejected, confirmer, &step).await?;
    advance(app, &tx, &row, step).await?;
    Ok(tx.commit().await?)
}

/// Keeps what the caller's organisation says of a completion.
async fn say<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    row: &completion::Model,
    verdict: Verdict,
    confirmer: Confirmer,
    step: &Step,
) -> Result<(), ApiError> {
    let Some(organisation_id) = step.organisation else { return Ok(()) };
    let row = completion_verdict::Model {
        id: app.clock.id(),
        completion_id: row.id,
        organisation_id,
        account_id: Some(step.account),
        verdict,
        assurance: confirmer.rung(),
        reason: step.reason.clone(),
        at: app.clock.now(),
        taken_back_at: None,
        taken_back_by: None,
        dismissed_at: None,
    };
    Ok(verdicts::insert(tx, row).await?)
}

/// A completion of somebody else's that the caller may vouch for; never one's own.
async fn for_others(
    app: &App,
    caller: &Caller,
    id: CompletionId,
) -> Result<(completion::Model, Confirmer, OrganisationId), ApiError> {
    match reach::find(app, caller, id).await? {
        (row, Stand::Other(confirmer, organisation)) => Ok((row, confirmer, organisation)),
        (_, Stand::Owner) => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "own_completion",
            "Nobody can confirm or reject their own completion. Ask your manager or employer.",
        )),
    }
}

fn must_be_live(row: &completion::Model) -> Result<(), ApiError> {
    let detail = match row.state {
        CompletionState::Live => return Ok(()),
        CompletionState::Rejected => "This completion has been rejected. Record it again if it was right after all.",
        CompletionState::Withdrawn => "This completion has been withdrawn.",
    };
    Err(ApiError::conflict("not_live", detail))
}

/// Writes the next step of a completion; refused when somebody was quicker.
pub async fn advance<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    row: &completion::Model,
    step: Step,
) -> Result<(), ApiError> {
    if store::step(tx, &app.clock, row, step).await? {
        return Ok(());
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
