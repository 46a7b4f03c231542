//! Reading records: the detail of a completion, the summary for "My learning" and the lists.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::completion;
use entity::id::{CompletionId, ItemId};
use entity::value::{Assurance, CompletionState, ItemStatus, Verdict};

use super::facts::{self, Facts};
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
    let found = facts::find(app, &read, caller, id).await?;
    let (row, stand) = (found.row.clone(), found.stand);
    let answer = told(app, &read, found).await?;
    drop(read);
    reach::note(app, caller, &row, stand, Seen::Learning).await?;
    Ok(answer)
}

/// The same for somebody who may vouch for it, inside the transaction that wrote it.
pub async fn of_other(
    app: &App,
    tx: &db::Write,
    caller: &Caller,
    found: Facts,
) -> Result<CompletionDetailOut, ApiError> {
    reach::note_in(app, tx, caller, &found.row, found.stand, Seen::Learning).await?;
    told(app, tx, found).await
}

/// The same for its owner, inside the transaction that wrote it.
pub async fn of_owner(app: &App, tx: &db::Write, row: completion::Model) -> Result<CompletionDetailOut, ApiError> {
    let found = Facts::own(tx, row).await?;
    told(app, tx, found).await
}

async fn told<C: Snapshot>(app: &App, db: &C, mut found: Facts) -> Result<CompletionDetailOut, ApiError> {
    let today = app.clock.today();
    let (stand, eye, at) = (found.stand, Eye::of(found.stand), found.at());
    let used = found.used(db, today).await?;
    let Facts { row, said, version, .. } = found;
    let (dressed, history) = dress::one(app, db, &version, row, &said, at).await?;
    let warnings = match dressed.of.item.status {
        ItemStatus::Retired => {
            vec!["This has been retired from the catalogue. The completion still counts.".to_owned()]
        }
        _ => Vec::new(),
    };
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
            let equated = dressed.outside.is_some() && rules::vouches(&said, voice.organisation);
            if (again || rules::may_reject(voice, &said)) && !equated {
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
    let today = app.clock.today();
    let read = db::read(&app.db).await?;
    let rows = store::own_page(&read, scope, state, item, after, limit + 1).await?;
    let dressed = dress(&read, rows, None).await?;
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
    let read = db::read(&app.db).await?;
    let mut rows = store::by_ids(&read, reached.iter().map(|one| one.id).collect()).await?;
    rows.sort_by_key(place);
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut persons: Vec<_> = rows.iter().take(shown).map(|row| row.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    let dressed = dress(&read, rows, Some(scope.organisation())).await?;
    drop(read);
    ledger::seen(&app.db, &app.clock, scope, &persons, Seen::Learning).await?;
    let eye = Eye::Voice(Voice { confirmer: team::confirmer(scope), organisation: scope.organisation() });
    let told = |one: Dressed| {
        let used = waiting.remove(&one.row.id);
        CompletionOut::shown(one, eye, today).used(used)
    };
    Ok(Page::of(dressed, limit, |one| place(&one.row), told))
}

/// The titles and names of completions in reach, as the organisation writes them.
pub async fn called<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    rows: &[completion::Model],
) -> Result<HashMap<CompletionId, (String, String)>, ApiError> {
    let persons: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let names = names::called(db, scope.organisation(), &persons).await?;
    let titles = store::titles(db, rows.iter().map(|row| row.item_id).collect()).await?;
    let one = |row: &completion::Model| {
        let name = names.get(&row.person_id).cloned().unwrap_or_default();
        (row.id, (titles.get(&row.item_id).cloned().unwrap_or_default(), name))
    };
    Ok(rows.iter().map(one).collect())
}

/// An item and what of it is one's own: before recording, and to say "you hold this until".
pub async fn my_item(app: &App, scope: &SelfScope, id: ItemId) -> Result<MyItemOut, ApiError> {
    let today = app.clock.today();
    let read = db::read(&app.db).await?;
    let found = dress::items(&read, vec![id]).await?.remove(&id);
    let of = found
        .filter(|of| matches!(of.item.status, ItemStatus::Published | ItemStatus::Retired))
        .ok_or_else(|| ApiError::not_found("this item"))?;
    let rows = store::own_page(&read, scope, Some(CompletionState::Live), Some(id), None, store::MOST).await?;
    let best = dress(&read, rows, None).await?.into_iter().max_by_key(rank);
    let mut uses = person::uses(&read, scope.person(), None, today).await?;
    let asked = asked_of_me(&read, scope, today, id).await?;
    let held = best.map(|one| {
        let used = uses.remove(&one.row.id);
        CompletionOut::shown(one, Eye::Owner, today).used(used)
    });
    Ok(MyItemOut { item: of.into(), held, asked })
}

/// What is asked of oneself that a completion of the item, finished today, meets.
async fn asked_of_me<C: Snapshot>(
    db: &C,
    scope: &SelfScope,
    today: NaiveDate,
    item: ItemId,
) -> Result<Vec<AskedOfMeOut>, ApiError> {
    let of = OfPerson::today(db, scope.person(), None, today).await?;
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
    let read = db::read(&app.db).await?;
    let rows = store::own_page(&read, scope, Some(CompletionState::Live), None, None, store::MOST).await?;
    let mut uses = person::uses(&read, scope.person(), None, today).await?;
    let mut best: HashMap<ItemId, Dressed> = HashMap::new();
    let mut waiting = Vec::new();
    for one in dress(&read, rows, None).await? {
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
    drop(read);
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
