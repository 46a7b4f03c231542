//! Reading records: the detail of a completion, the summary for "My learning" and the lists.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::completion;
use entity::id::{CompletionId, ItemId, OrganisationId};
use entity::value::{Assurance, CompletionState, ItemStatus, Verdict};
use sea_orm::ConnectionTrait;

use super::present::Eye;
use super::reach::{self, Stand};
use super::rules::{self, Holding, Voice};
use super::store::dress::{self, Dressed, dress};
use super::store::verdicts;
use super::wire::{AskedOfMeOut, CompletionAct, CompletionDetailOut, CompletionOut, LearningSummaryOut, MyItemOut};
use super::{store, team};
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope, SelfScope};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::page::Page;
use crate::people::names;
use crate::standing::person::{self, OfPerson, Use};
use crate::state::App;

/// A completion with its history, for its owner and those who may vouch for it.
pub async fn detail(app: &App, caller: &Caller, id: CompletionId) -> Result<CompletionDetailOut, ApiError> {
    let read = db::read(&app.db).await?;
    let (row, stand) = reach::find_in(&read, app.clock.today(), caller, id).await?;
    let answer = told(app, &read, row.clone(), stand).await?;
    drop(read);
    reach::note(app, caller, &row, stand, Seen::Learning).await?;
    Ok(answer)
}

/// The same for somebody who may vouch for it, inside the transaction that wrote it.
pub async fn of_other(
    app: &App,
    tx: &db::Write,
    caller: &Caller,
    row: completion::Model,
    voice: Voice,
) -> Result<CompletionDetailOut, ApiError> {
    let stand = Stand::Other(voice);
    reach::note_in(app, tx, caller, &row, stand, Seen::Learning).await?;
    told(app, tx, row, stand).await
}

async fn told<C: Snapshot>(
    app: &App,
    db: &C,
    row: completion::Model,
    stand: Stand,
) -> Result<CompletionDetailOut, ApiError> {
    let gone = || ApiError::not_found("this completion");
    let (id, person) = (row.id, row.person_id);
    let mut dressed = dress(db, vec![row]).await?;
    let at = match stand {
        Stand::Owner => None,
        Stand::Other(voice) => Some(voice.organisation),
    };
    if let Some(organisation) = at {
        spell(db, organisation, &mut dressed).await?;
    }
    let dressed = dressed.pop().ok_or_else(gone)?;
    let history = dress::histories(db, &[id]).await?.remove(&id).unwrap_or_default();
    let warnings = match dressed.of.item.status {
        ItemStatus::Retired => {
            vec!["This has been retired from the catalogue. The completion still counts.".to_owned()]
        }
        _ => Vec::new(),
    };
    let today = app.clock.today();
    let used = person::uses(db, person, at, today).await?.remove(&id);
    let eye = Eye::of(stand);
    Ok(CompletionDetailOut {
        explanation: dressed.explanation(),
        may: acts(&dressed, stand),
        completion: CompletionOut::shown(dressed, eye, today).used(used),
        history: history.into_iter().filter_map(|told| eye.event(told)).collect(),
        warnings,
    })
}

fn acts(dressed: &Dressed, stand: Stand) -> Vec<CompletionAct> {
    let row = &dressed.row;
    let mut acts = Vec::new();
    if row.state != CompletionState::Live {
        return acts;
    }
    match stand {
        Stand::Owner => {
            acts.extend([CompletionAct::Withdraw, CompletionAct::AddEvidence]);
            if row.assurance == Assurance::EvidenceAttached {
                acts.push(CompletionAct::RemoveEvidence);
            }
        }
        Stand::Other(voice) => {
            let said: Vec<_> = dressed.said.iter().map(|one| verdicts::as_said(&one.row)).collect();
            if rules::may_confirm(voice, &said) {
                acts.push(CompletionAct::Confirm);
            }
            // one's own rejection is decided again once evidence was added
            let again = dressed.said.iter().any(|one| {
                one.row.verdict == Verdict::Rejected
                    && rules::may_take_back(voice, verdicts::as_said(&one.row))
                    && dressed.evidence_since(one.row.at)
            });
            if again || rules::may_reject(voice, &said) {
                acts.push(CompletionAct::Reject);
            }
        }
    }
    acts
}

/// One's own completions after a place.
pub async fn own_page(
    app: &App,
    scope: &SelfScope,
    state: Option<CompletionState>,
    item: Option<ItemId>,
    after: Option<store::OwnKey>,
    limit: u64,
) -> Result<Page<CompletionOut>, ApiError> {
    let rows = store::own_page(&app.db, scope, state, item, after, limit + 1).await?;
    let today = app.clock.today();
    let dressed = dress(&app.db, rows).await?;
    Ok(Page::of(dressed, limit, |one| store::own_key(&one.row), |one| CompletionOut::shown(one, Eye::Owner, today)))
}

/// What of the people in reach an employer or manager may see, noted in each person's ledger.
pub async fn team_page(
    app: &App,
    scope: &OrgScope,
    filter: &team::Filter,
    after: Option<team::After>,
    limit: u64,
) -> Result<Page<CompletionOut>, ApiError> {
    let today = app.clock.today();
    let (rules, reached) =
        team::page(app, scope, filter, after, usize::try_from(limit + 1).unwrap_or(usize::MAX)).await?;
    let keys: HashMap<CompletionId, team::After> = reached.iter().map(|one| (one.id, one.key())).collect();
    let mut waiting: HashMap<CompletionId, Use> = reached.iter().map(|one| (one.id, team::told(one, &rules))).collect();
    let place = |row: &completion::Model| keys.get(&row.id).copied().unwrap_or((true, row.id));
    let mut rows = store::by_ids(&app.db, reached.iter().map(|one| one.id).collect()).await?;
    rows.sort_by_key(place);
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut persons: Vec<_> = rows.iter().take(shown).map(|row| row.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    ledger::seen(&app.db, &app.clock, scope, &persons, Seen::Learning).await?;
    let mut dressed = dress(&app.db, rows).await?;
    spell(&app.db, scope.organisation(), &mut dressed).await?;
    let eye = Eye::Voice(Voice { confirmer: team::confirmer(scope), organisation: scope.organisation() });
    let told = |one: Dressed| {
        let used = waiting.remove(&one.row.id);
        CompletionOut::shown(one, eye, today).used(used)
    };
    Ok(Page::of(dressed, limit, |one| place(&one.row), told))
}

/// With the names as the organisation that looks writes them.
async fn spell<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    dressed: &mut [Dressed],
) -> Result<(), ApiError> {
    let ids: Vec<_> = dressed.iter().map(|one| one.person.id).collect();
    let spelled = names::of(db, organisation, &ids).await?;
    for Dressed { person, .. } in dressed {
        if let Some(spelling) = spelled.get(&person.id) {
            person.given_name.clone_from(&spelling.given_name);
            person.family_name.clone_from(&spelling.family_name);
        }
    }
    Ok(())
}

/// An item and what of it is one's own: before recording, and to say "you hold this until".
pub async fn my_item(app: &App, scope: &SelfScope, id: ItemId) -> Result<MyItemOut, ApiError> {
    let found = dress::items(&app.db, vec![id]).await?.remove(&id);
    let of = found
        .filter(|of| matches!(of.item.status, ItemStatus::Published | ItemStatus::Retired))
        .ok_or_else(|| ApiError::not_found("this item"))?;
    let rows = store::own_page(&app.db, scope, Some(CompletionState::Live), Some(id), None, store::MOST).await?;
    let today = app.clock.today();
    let best = dress(&app.db, rows).await?.into_iter().max_by_key(rank);
    let read = db::read(&app.db).await?;
    let mut uses = person::uses(&read, scope.person(), None, today).await?;
    drop(read);
    let held = best.map(|one| {
        let used = uses.remove(&one.row.id);
        CompletionOut::shown(one, Eye::Owner, today).used(used)
    });
    Ok(MyItemOut { item: of.into(), held, asked: asked_of_me(app, scope, id).await? })
}

/// What is asked of oneself that a completion of the item, finished today, meets.
async fn asked_of_me(app: &App, scope: &SelfScope, item: ItemId) -> Result<Vec<AskedOfMeOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let of = OfPerson::today(&read, scope.person(), None, app.clock.today()).await?;
    let found = of.explained().into_iter().filter(|(asked, _)| asked.items.contains(&item));
    let told = found.map(|(asked, found)| AskedOfMeOut {
        requirement_id: asked.requirement.rule.id,
        requirement_name: asked.requirement.rule.name.clone(),
        status: found.cell.status,
        due_by: found.cell.due_by,
        minimum_assurance: asked.requirement.rule.minimum,
    });
    Ok(told.collect())
}

fn rank(one: &Dressed) -> (NaiveDate, Assurance, NaiveDate) {
    rules::rank(one.valid_through(), one.row.assurance, one.row.completed_on)
}

/// For each item the live completion that counts for longest, by where it stands today.
pub async fn summary(app: &App, scope: &SelfScope) -> Result<LearningSummaryOut, ApiError> {
    let today = app.clock.today();
    let rows = store::own_page(&app.db, scope, Some(CompletionState::Live), None, None, store::MOST).await?;
    let read = db::read(&app.db).await?;
    let mut uses = person::uses(&read, scope.person(), None, today).await?;
    drop(read);
    let mut best: HashMap<ItemId, Dressed> = HashMap::new();
    let mut waiting = Vec::new();
    for one in dress(&app.db, rows).await? {
        // what waits stands beside what counts already, not in its place
        if uses.get(&one.row.id).is_some_and(|used| !used.waiting.is_empty()) {
            waiting.push(one);
            continue;
        }
        let there = best.get(&one.row.item_id);
        if there.is_none_or(|there| rank(there) < rank(&one)) {
            best.insert(one.row.item_id, one);
        }
    }
    let mut all: Vec<Dressed> = best.into_values().collect();
    all.sort_by(|a, b| (&a.of.item.title_folded, a.row.item_id).cmp(&(&b.of.item.title_folded, b.row.item_id)));
    let mut wire = |one: Dressed| {
        let used = uses.remove(&one.row.id);
        CompletionOut::shown(one, Eye::Owner, today).used(used)
    };
    let waiting = waiting.into_iter().map(&mut wire).collect();
    let (mut expiring, mut expired, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for one in all {
        let holding = rules::holding(one.valid_through(), today, rules::WINDOW_DAYS);
        let one = wire(one);
        match holding {
            Holding::Expiring => expiring.push(one),
            Holding::Expired => expired.push(one),
            Holding::Current | Holding::Lasting => held.push(one),
        }
    }
    expiring.sort_by_key(|one| one.valid_through);
    expired.sort_by_key(|one| std::cmp::Reverse(one.valid_through));
    Ok(LearningSummaryOut { as_at: today, waiting, expiring, expired, held })
}
