//! Use cases of those who may vouch for others' completions. What they say speaks for their own
//! organisation; it can be taken back there, and the history keeps both.

use entity::id::{AccountId, CompletionId, CompletionVerdictId};
use entity::value::{CompletionEventKind, CompletionState, Verdict};
use entity::{completion, completion_verdict};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::{advance, must_be_live};
use crate::access::{Caller, SelfScope};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::learning::facts::{self, Facts};
use crate::learning::reach::Stand;
use crate::learning::record;
use crate::learning::rules::{self, Voice};
use crate::learning::store::evidence::Home;
use crate::learning::store::{self, Step, verdicts};
use crate::learning::wire::CompletionDetailOut;
use crate::state::App;

/// Raises the assurance to the caller's rung; what their organisation trusts as much already
/// stays as it is. A rejection of the same organisation ends with it.
pub async fn confirm(app: &App, caller: &Caller, id: CompletionId) -> Result<CompletionDetailOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let (mut found, voice) = for_others(app, &tx, &caller, id).await?;
    must_be_live(&found.row)?;
    vouch(app, &tx, caller.account(), &mut found.row, voice, &mut found.said).await?;
    answered(app, tx, &caller, found).await
}

/// Commits, with the answer as it stands in the same transaction.
async fn answered(app: &App, tx: db::Write, caller: &Caller, found: Facts) -> Result<CompletionDetailOut, ApiError> {
    let answer = record::of_other(app, &tx, caller, found).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Confirms a completion, and brings what was read of it up to date; nothing when that would add nothing.
pub(super) async fn vouch<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    account: AccountId,
    row: &mut completion::Model,
    voice: Voice,
    said: &mut Vec<completion_verdict::Model>,
) -> Result<(), ApiError> {
    let Plan { ended, new, step } = match planned(app, account, row, voice, said) {
        Ok(plan) => plan,
        Err(Refusal::Nothing) => return Ok(()),
        Err(Refusal::MoreTrusted) => return Err(more_trusted()),
    };
    let now = app.clock.now();
    for rejection in ended {
        verdicts::take_back(tx, rejection.id, account, now).await?;
        said.iter_mut().filter(|word| word.id == rejection.id).for_each(|word| word.taken_back_at = Some(now));
    }
    if let Some(new) = new {
        verdicts::insert(tx, new.clone()).await?;
        said.push(new);
    }
    *row = advance(app, tx, row, step).await?;
    Ok(())
}

/// What confirming a completion writes.
pub(super) struct Plan {
    /// Rejections of the same organisation that end with it
    pub ended: Vec<completion_verdict::Model>,
    pub new: Option<completion_verdict::Model>,
    pub step: Step,
}

/// Why confirming writes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It would add nothing
    Nothing,
    /// A rejection of the organisation's own weighs more
    MoreTrusted,
}

pub(super) fn planned(
    app: &App,
    account: AccountId,
    row: &completion::Model,
    voice: Voice,
    said: &[completion_verdict::Model],
) -> Result<Plan, Refusal> {
    let mut stands = verdicts::said(said);
    if !rules::may_confirm(voice, &stands) {
        let refused = rules::refuses(&stands, voice.organisation);
        return Err(if refused { Refusal::MoreTrusted } else { Refusal::Nothing });
    }
    let own = |one: &&completion_verdict::Model| {
        one.taken_back_at.is_none() && one.organisation_id == voice.organisation && one.verdict == Verdict::Rejected
    };
    let ended: Vec<_> = said.iter().filter(own).cloned().collect();
    stands.retain(|one| ended.iter().all(|rejection| *one != verdicts::as_said(rejection)));
    let new = rules::may_confirm(voice, &stands).then(|| word(app, account, row.id, voice, Verdict::Confirmed, None));
    stands.extend(new.as_ref().map(verdicts::as_said));
    // whoever vouches weighs more than evidence: no need to look for any
    let assurance = rules::trust(false, &stands);
    Ok(Plan { ended, new, step: step(CompletionEventKind::Confirmed, assurance, account, voice, None) })
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
    if reason.is_empty() {
        fields.push("reason", "missing", "Enter a reason that the person will understand.");
    }
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let (mut found, voice) = for_others(app, &tx, &caller, id).await?;
    fields.check()?;
    must_be_live(&found.row)?;
    let mut said = verdicts::said(&found.said);
    if found.row.outside_learning_id.is_some() && rules::vouches(&said, voice.organisation) {
        let text = "Your organisation equated this with learning outside the catalogue. Take that back instead.";
        return Err(ApiError::conflict("take_back_instead", text));
    }
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
    let reason = Some(reason.to_owned());
    let new = word(app, caller.account(), id, voice, Verdict::Rejected, reason.clone());
    said.push(verdicts::as_said(&new));
    verdicts::insert(&tx, new).await?;
    let assurance = rules::trust(evidence_of(&tx, &found.row).await?, &said);
    let step = step(CompletionEventKind::Rejected, assurance, caller.account(), voice, reason);
    found.row = advance(app, &tx, &found.row, step).await?;
    found.said = verdicts::of_one(&tx, id).await?;
    answered(app, tx, &caller, found).await
}

/// Takes back what the caller's organisation said; doing it twice is no mistake. Of a rejection
/// that is taken back, what the organisation confirmed before stands again. What stands for learning
/// outside of the catalogue ends when nobody confirms it any more.
pub async fn take_back(app: &App, caller: &Caller, id: CompletionVerdictId) -> Result<CompletionDetailOut, ApiError> {
    let nothing = || ApiError::not_found("this decision");
    let tx = db::write(&app.db).await?;
    let caller = caller.renewed(&tx).await?;
    let verdict = verdicts::by_id(&tx, id).await?.ok_or_else(nothing)?;
    let (mut found, voice) = match facts::find(app, &tx, &caller, verdict.completion_id).await {
        Ok(found) => match found.stand {
            Stand::Other(voice) if voice.organisation == verdict.organisation_id => (found, voice),
            _ => return Err(nothing()),
        },
        Err(error) if error.status() != StatusCode::NOT_FOUND => return Err(error),
        Err(_) => return Err(nothing()),
    };
    if verdict.taken_back_at.is_some() {
        return answered(app, tx, &caller, found).await;
    }
    must_be_live(&found.row)?;
    if !rules::may_take_back(voice, verdicts::as_said(&verdict)) {
        return Err(ApiError::not_allowed("Only somebody whose word counts for as much can take this back."));
    }
    verdicts::take_back(&tx, id, caller.account(), app.clock.now()).await?;
    found.said = verdicts::of_one(&tx, found.row.id).await?;
    let said = verdicts::said(&found.said);
    let assurance = rules::trust(evidence_of(&tx, &found.row).await?, &said);
    let mut step = step(CompletionEventKind::TakenBack, assurance, caller.account(), voice, None);
    if found.row.outside_learning_id.is_some() && !rules::is_vouched(&said) {
        // nobody's word holds it up any more
        step.state = CompletionState::Withdrawn;
    }
    found.row = advance(app, &tx, &found.row, step).await?;
    answered(app, tx, &caller, found).await
}

/// Lays the notice of a rejection aside; the rejection stands.
pub async fn dismiss(app: &App, scope: &SelfScope, id: CompletionVerdictId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    if !verdicts::dismiss(&tx, scope, id, app.clock.now()).await? {
        return Err(ApiError::not_found("this decision"));
    }
    Ok(tx.commit().await?)
}

/// Whether its own evidence supports it.
async fn evidence_of<C: ConnectionTrait>(tx: &C, row: &completion::Model) -> Result<bool, ApiError> {
    let of = row.outside_learning_id;
    let own = store::evidence::count(tx, Home::Completion(row.id, of)).await? > 0;
    Ok(own || matches!(of, Some(id) if store::evidence::count(tx, Home::Outside(id)).await? > 0))
}

fn more_trusted() -> ApiError {
    let text = "Somebody whose word counts for more has decided on this, so it cannot be changed here.";
    ApiError::conflict("more_trusted_already", text)
}

/// A completion of somebody else's that the caller may vouch for; never one's own.
async fn for_others<C: Snapshot>(
    app: &App,
    db: &C,
    caller: &Caller,
    id: CompletionId,
) -> Result<(Facts, Voice), ApiError> {
    let found = facts::find(app, db, caller, id).await?;
    match found.stand {
        Stand::Other(voice) => Ok((found, voice)),
        Stand::Owner => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "own_completion",
            "Nobody can confirm or reject their own completion. Ask your manager or employer.",
        )),
    }
}

pub(super) fn word(
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

pub(super) fn step(
    kind: CompletionEventKind,
    assurance: entity::value::Assurance,
    account: AccountId,
    voice: Voice,
    reason: Option<String>,
) -> Step {
    Step { kind, assurance, state: CompletionState::Live, account, organisation: Some(voice.organisation), reason }
}
