//! Confirming many completions at once: one transaction, and an answer that says of each line what
//! became of it.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::{CompletionId, OrganisationId};
use entity::value::{Assurance, CompletionState};
use entity::{completion, completion_verdict};

use super::vouch::{Refusal, planned};
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope};
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::learning::reach;
use crate::learning::record;
use crate::learning::store::{self, Step, verdicts};
use crate::learning::team;
use crate::learning::wire::many::{ConfirmOutcome, ConfirmedManyOut, ConfirmedOut};
use crate::state::App;

/// Completions that one request can confirm: a page of the list.
pub const MOST_AT_ONCE: usize = 100;

/// Confirms what the caller may confirm of these; the others stay as they are and say why.
pub async fn confirm_many(
    app: &App,
    caller: &Caller,
    organisation: OrganisationId,
    ids: Vec<CompletionId>,
) -> Result<ConfirmedManyOut, ApiError> {
    let ids: Vec<_> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut fields = Fields::default();
    if ids.is_empty() {
        fields.push("completion_ids", "missing", "Choose at least one completion.");
    } else if ids.len() > MOST_AT_ONCE {
        fields.push("completion_ids", "too_many", format!("Confirm {MOST_AT_ONCE} completions at a time at most."));
    }
    fields.check()?;
    let tx = db::write(&app.db).await?;
    let scope = caller.renewed(&tx).await?.organisation(organisation)?;
    let rows = store::hold_many(&tx, &ids).await?;
    let said = verdicts::of(&tx, &ids).await?;
    let reached = team::those(&tx, &scope, app.clock.today(), rows, &said).await?;
    let mut work = Work::default();
    let mut outcomes = BTreeMap::new();
    for row in &reached {
        let said = said.get(&row.id).map_or(&[][..], Vec::as_slice);
        outcomes.insert(row.id, work.decide(app, &scope, row, said));
    }
    work.write(app, &tx).await?;
    let mut persons: Vec<_> = reached.iter().map(|row| row.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    ledger::seen(&tx, &app.clock, &scope, &persons, Seen::Learning).await?;
    let called = record::called(&tx, &scope, &reached).await?;
    tx.commit().await?;
    let told = ids.into_iter().map(|id| {
        let outcome = outcomes.get(&id).copied().unwrap_or(ConfirmOutcome::NotFound);
        ConfirmedOut::new(id, outcome, called.get(&id).cloned())
    });
    Ok(ConfirmedManyOut::of(told.collect()))
}

/// What is to be written, all of one kind in one statement.
#[derive(Default)]
struct Work {
    ended: Vec<completion_verdict::Model>,
    new: Vec<completion_verdict::Model>,
    stands: BTreeMap<Assurance, Vec<CompletionId>>,
    steps: Vec<(CompletionId, Step)>,
}

impl Work {
    fn decide(
        &mut self,
        app: &App,
        scope: &OrgScope,
        row: &completion::Model,
        said: &[completion_verdict::Model],
    ) -> ConfirmOutcome {
        if scope.own_person() == Some(row.person_id) {
            return ConfirmOutcome::Own;
        }
        if row.state != CompletionState::Live {
            return ConfirmOutcome::Withdrawn;
        }
        match planned(app, scope.account(), row, reach::voice(scope), said) {
            Err(Refusal::MoreTrusted) => ConfirmOutcome::MoreTrusted,
            Err(Refusal::Nothing) => ConfirmOutcome::Already,
            Ok(plan) => {
                self.stands.entry(plan.step.assurance).or_default().push(row.id);
                self.steps.push((row.id, plan.step));
                self.ended.extend(plan.ended);
                self.new.extend(plan.new);
                ConfirmOutcome::Confirmed
            }
        }
    }

    async fn write(self, app: &App, tx: &db::Write) -> Result<(), ApiError> {
        let Self { ended, new, stands, steps } = self;
        if let Some((_, step)) = steps.first() {
            let ended: Vec<_> = ended.iter().map(|word| word.id).collect();
            verdicts::take_back_many(tx, &ended, step.account, app.clock.now()).await?;
        }
        verdicts::insert_many(tx, new).await?;
        for (assurance, ids) in stands {
            store::trust_many(tx, &ids, assurance).await?;
        }
        Ok(store::events(tx, &app.clock, steps).await?)
    }
}
