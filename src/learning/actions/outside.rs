//! Use cases of learning that is not in the catalogue ("an in-house day in 2023"), for the person
//! whose it is. It counts for nothing until an employer equates it with an item (`equate`).

use chrono::NaiveDate;
use entity::id::{EvidenceId, OutsideLearningId};
use entity::outside_learning::Model;
use entity::value::{CompletionEventKind, CompletionState};
use sea_orm::ConnectionTrait;

use super::{MOST_FILES, advance, attach_all, check_count, check_date, own_step, unique};
use crate::access::SelfScope;
use crate::base::day::in_words;
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::learning::outside;
use crate::learning::store::evidence::{self, Home};
use crate::learning::store::{self, outside as rows};
use crate::learning::wire::outside::OutsideOut;
use crate::state::App;

/// More than anybody takes part in outside of the catalogue in a working life.
const MOST: u64 = 500;

/// Learning as its owner says it.
pub struct Outside {
    pub title: String,
    pub provider: String,
    pub minutes: Option<i32>,
    pub completed_on: NaiveDate,
    pub note: Option<String>,
    pub evidence: Vec<EvidenceId>,
    /// Whether employers may see it, to equate it
    pub asks: bool,
}

/// Records it. The same title on the same day is a conflict that points to the one that is there.
pub async fn record(app: &App, scope: &SelfScope, new: Outside) -> Result<OutsideOut, ApiError> {
    let Outside { title, provider, minutes, completed_on, note, evidence, asks } = new;
    let files = unique(evidence);
    let tx = db::write(&app.db).await?;
    store::hold_person(&tx, scope).await?;
    let mut fields = Fields::default();
    for (field, label, text) in [("title", "what it was", &title), ("provider", "who gave it", &provider)] {
        if text.is_empty() {
            fields.push(field, "missing", format!("Enter {label}."));
        }
    }
    check_date(app, &tx, scope, completed_on, &mut fields).await?;
    check_count(files.len() as u64, &mut fields);
    fields.check()?;
    if let Some(there) = rows::same(&tx, scope, &title, completed_on).await? {
        let detail = format!("You have already recorded this for {}.", in_words(completed_on));
        let conflict = ApiError::conflict("already_recorded", detail);
        return Err(conflict.with_existing(format!("/api/learning/outside/{}", there.id)));
    }
    if rows::count(&tx, scope).await? >= MOST {
        let detail =
            format!("You have recorded {MOST} of these, as many as we keep. Withdraw some that do not matter.");
        return Err(ApiError::conflict("too_many", detail));
    }
    let now = app.clock.now();
    let row = Model {
        id: app.clock.id(),
        person_id: scope.person(),
        title,
        provider,
        minutes,
        completed_on,
        note,
        asked_at: asks.then_some(now),
        recorded_at: now,
        recorded_by: Some(scope.account()),
        withdrawn_at: None,
    };
    rows::insert(&tx, row.clone()).await?;
    attach_all(&tx, scope, &files, Home::Outside(row.id)).await?;
    finish(tx, row).await
}

/// Takes it back, with the completions that stand for it; doing it twice is no mistake.
pub async fn withdraw(app: &App, scope: &SelfScope, id: OutsideLearningId) -> Result<OutsideOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let mut row = mine(&tx, scope, id).await?;
    let now = app.clock.now();
    if rows::withdraw(&tx, scope, id, now).await? {
        row.withdrawn_at = Some(now);
        for stands in rows::standing_for(&tx, &[id]).await? {
            if stands.person_id == scope.person() && stands.state == CompletionState::Live {
                let step =
                    own_step(scope, CompletionEventKind::Withdrawn, stands.assurance, CompletionState::Withdrawn);
                advance(app, &tx, &stands, step).await?;
            }
        }
    }
    finish(tx, row).await
}

/// Lets employers see it, to equate it with an item, or no longer. What stands for it already stays.
pub async fn ask(app: &App, scope: &SelfScope, id: OutsideLearningId, asks: bool) -> Result<OutsideOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let mut row = mine(&tx, scope, id).await?;
    must_stand(&row)?;
    if asks != row.asked_at.is_some() {
        row.asked_at = asks.then(|| app.clock.now());
        rows::ask(&tx, scope, id, row.asked_at).await?;
    }
    finish(tx, row).await
}

/// Adds evidence; whoever may equate it, or has, reads it.
pub async fn attach(
    app: &App,
    scope: &SelfScope,
    id: OutsideLearningId,
    files: Vec<EvidenceId>,
) -> Result<OutsideOut, ApiError> {
    let files = unique(files);
    let tx = db::write(&app.db).await?;
    store::hold_person(&tx, scope).await?;
    let row = mine(&tx, scope, id).await?;
    must_stand(&row)?;
    add(&tx, scope, Home::Outside(id), &files).await?;
    finish(tx, row).await
}

/// Adds files to what holds some already.
pub(super) async fn add<C: ConnectionTrait>(
    tx: &C,
    scope: &SelfScope,
    home: Home,
    files: &[EvidenceId],
) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    if files.is_empty() {
        fields.push("evidence_ids", "missing", "Choose at least one file.");
    } else if files.len() as u64 > MOST_FILES {
        check_count(files.len() as u64, &mut fields);
    } else {
        check_count(evidence::count(tx, home).await? + files.len() as u64, &mut fields);
    }
    fields.check()?;
    attach_all(tx, scope, files, home).await
}

async fn mine<C: ConnectionTrait>(tx: &C, scope: &SelfScope, id: OutsideLearningId) -> Result<Model, ApiError> {
    rows::own_one(tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this learning"))
}

fn must_stand(row: &Model) -> Result<(), ApiError> {
    match row.withdrawn_at {
        None => Ok(()),
        Some(_) => Err(ApiError::conflict("not_live", "You have withdrawn this.")),
    }
}

async fn finish(tx: db::Write, row: Model) -> Result<OutsideOut, ApiError> {
    let answer = outside::own_one(&tx, row).await?;
    tx.commit().await?;
    Ok(answer)
}
