//! Use cases of those who may vouch for others' completions. What they say speaks for their own
//! organisation; it can be taken back there, and the history keeps both.

use chrono::NaiveDate;
use entity::id::{AccountId, CompletionId, CompletionVerdictId};
use entity::value::{CompletionEventKind, CompletionState, Verdict};
use entity::{completion, completion_verdict};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::{LONGEST, advance, must_be_live};
use crate::access::{Caller, SelfScope};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::learning::reach::{self, Stand};
use crate::learning::record;
use crate::learning::rules::{self, Voice};
use crate::learning::store::{self, Step, verdicts};
use crate::learning::wire::CompletionDetailOut;
use crate::state::App;

/// Raises the assurance to the caller's rung; what their organisation trusts as much already
/// stays as it is. A rejection of the same organisation ends with it.
pub async fn confirm(app: &App, caller: &Caller, id: CompletionId) -> Result<CompletionDetailOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let (row, voice) = for_others(&tx, app.clock.today(), &caller, id).await?;
    must_be_live(&row)?;
    let said = verdicts::of_one(&tx, id).await?;
    let row = vouch(app, &tx, caller.account(), &row, voice, &said).await?.unwrap_or(row);
    let answer = record::of_other(app, &tx, &caller, row, voice).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The completion as it stands confirmed; nothing when that would add nothing.
async fn vouch<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    account: AccountId,
    row: &completion::Model,
    voice: Voice,
    said: &[completion_verdict::Model],
) -> Result<Option<completion::Model>, ApiError> {
    let mut stands = verdicts::said(said);
    if !rules::may_confirm(voice, &stands) {
        if rules::refuses(&stands, voice.organisation) {
            return Err(more_trusted());
        }
        return Ok(None);
    }
    let standing = said.iter().filter(|one| one.taken_back_at.is_none() && one.organisation_id == voice.organisation);
    for rejection in standing.filter(|one| one.verdict == Verdict::Rejected) {
        verdicts::take_back(tx, rejection.id, account, app.clock.now()).await?;
        stands.retain(|one| *one != verdicts::as_said(rejection));
    }
    if rules::may_confirm(voice, &stands) {
        let new = word(app, account, row.id, voice, Verdict::Confirmed, None);
        stands.push(verdicts::as_said(&new));
        verdicts::insert(tx, new).await?;
    }
    // whoever vouches weighs more than evidence: no need to look for any
    let assurance = rules::trust(false, &stands);
    let step = step(CompletionEventKind::Confirmed, assurance, account, voice, None);
    Ok(Some(advance(app, tx, row, step).await?))
}

/// Says, with a reason that the person reads, that the caller's organisation does not accept a
/// completion. What it confirmed itself ends with it; what others confirmed stands.
pub async fn reject(
    app: &App,
    caller: &Caller,
    id: CompletionId,
    reason: &str,
) -> Result<CompletionDetailOut, ApiError> {
    let mut fields = Fields::default();
    fields.text("reason", "a reason that the person will understand", reason, LONGEST);
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let (row, voice) = for_others(&tx, app.clock.today(), &caller, id).await?;
    fields.check()?;
    must_be_live(&row)?;
    let mut said = verdicts::said(&verdicts::of_one(&tx, id).await?);
    if rules::refuses(&said, voice.organisation) {
        // decided again, now that evidence was added
        let before = verdicts::rejected_by(&tx, voice.organisation).await?.remove(&id).filter(|one| one.answered);
        let Some(before) = before else {
            return Err(ApiError::conflict("already_rejected", "Your organisation has rejected this already."));
        };
        if before.rung > voice.confirmer.rung() {
            return Err(more_trusted());
        }
        verdicts::take_back(&tx, before.id, caller.account(), app.clock.now()).await?;
        said = verdicts::said(&verdicts::of_one(&tx, id).await?);
    }
    if !rules::may_reject(voice, &said) {
        return Err(more_trusted());
    }
    let reason = Some(reason.trim().to_owned());
    let new = word(app, caller.account(), id, voice, Verdict::Rejected, reason.clone());
    said.push(verdicts::as_said(&new));
    verdicts::insert(&tx, new).await?;
    let assurance = rules::trust(store::evidence::count(&tx, id).await? > 0, &said);
    let row = advance(app, &tx, &row, step(CompletionEventKind::Rejected, assurance, caller.account(), voice, reason))
        .await?;
    let answer = record::of_other(app, &tx, &caller, row, voice).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Takes back what the caller's organisation said; doing it twice is no mistake. Of a rejection
/// that is taken back, what the organisation confirmed before stands again.
pub async fn take_back(app: &App, caller: &Caller, id: CompletionVerdictId) -> Result<CompletionDetailOut, ApiError> {
    let nothing = || ApiError::not_found("this decision");
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let verdict = verdicts::by_id(&tx, id).await?.ok_or_else(nothing)?;
    let (row, voice) = match reach::find_in(&tx, app.clock.today(), &caller, verdict.completion_id).await {
        Ok((row, Stand::Other(voice))) if voice.organisation == verdict.organisation_id => (row, voice),
        Err(error) if error.status() != StatusCode::NOT_FOUND => return Err(error),
        _ => return Err(nothing()),
    };
    if verdict.taken_back_at.is_some() {
        let answer = record::of_other(app, &tx, &caller, row, voice).await?;
        tx.commit().await?;
        return Ok(answer);
    }
    must_be_live(&row)?;
    if !rules::may_take_back(voice, verdicts::as_said(&verdict)) {
        return Err(ApiError::not_allowed("Only somebody whose word counts for as much can take this back."));
    }
    verdicts::take_back(&tx, id, caller.account(), app.clock.now()).await?;
    let said = verdicts::said(&verdicts::of_one(&tx, row.id).await?);
    let assurance = rules::trust(store::evidence::count(&tx, row.id).await? > 0, &said);
    let row =
        advance(app, &tx, &row, step(CompletionEventKind::TakenBack, assurance, caller.account(), voice, None)).await?;
    let answer = record::of_other(app, &tx, &caller, row, voice).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Lays the notice of a rejection aside; the rejection stands.
pub async fn dismiss(app: &App, scope: &SelfScope, id: CompletionVerdictId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    if !verdicts::dismiss(&tx, scope, id, app.clock.now()).await? {
        return Err(ApiError::not_found("this decision"));
    }
    Ok(tx.commit().await?)
}

fn more_trusted() -> ApiError {
    let text = "Somebody whose word counts for more has decided on this, so it cannot be changed here.";
    ApiError::conflict("more_trusted_already", text)
}

/// A completion of somebody else's that the caller may vouch for; never one's own.
async fn for_others<C: Snapshot>(
    db: &C,
    today: NaiveDate,
    caller: &Caller,
    id: CompletionId,
) -> Result<(completion::Model, Voice), ApiError> {
    match reach::find_in(db, today, caller, id).await? {
        (row, Stand::Other(voice)) => Ok((row, voice)),
        (_, Stand::Owner) => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "own_completion",
            "Nobody can confirm or reject their own completion. Ask your manager or employer.",
        )),
    }
}

fn word(
    app: &App,
    account: AccountId,
    completion: CompletionId,
    voice: Voice,
    verdict: Verdict,
    reason: Option<String>,
) -> completion_verdict::Model {
    completion_verdict::Model {
        id: app.clock.id(),
        completion_id: completion,
        organisation_id: voice.organisation,
        account_id: Some(account),
        verdict,
        assurance: voice.confirmer.rung(),
        reason,
        at: app.clock.now(),
        taken_back_at: None,
        taken_back_by: None,
        dismissed_at: None,
    }
}

fn step(
    kind: CompletionEventKind,
    assurance: entity::value::Assurance,
    account: AccountId,
    voice: Voice,
    reason: Option<String>,
) -> Step {
    Step { kind, assurance, state: CompletionState::Live, account, organisation: Some(voice.organisation), reason }
}
