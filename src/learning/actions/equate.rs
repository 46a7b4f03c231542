//! Equating learning that is not in the catalogue with an item: a completion of that item stands for
//! it then, held up by the word of the organisation that said so. Taken back like any other word
//! (`vouch::take_back`), it ends when nobody's is left.

use entity::id::{ItemId, OrganisationId, OutsideLearningId};
use entity::outside_learning::Model;
use entity::value::{CompletionEventKind, CompletionState, ItemKind, ItemStatus, Verdict};
use entity::{completion, item};
use poem::http::StatusCode;

use super::vouch;
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope};
use crate::base::day::in_words;
use crate::base::db;
use crate::base::error::ApiError;
use crate::learning::outside;
use crate::learning::reach;
use crate::learning::rules::Voice;
use crate::learning::store::outside::Which;
use crate::learning::store::{self, outside as rows, verdicts};
use crate::learning::wire::outside::TeamOutsideOut;
use crate::state::App;

/// Lets a completion of the item stand for it. An organisation equates it with one item at a time;
/// the same again changes nothing.
pub async fn equate(
    app: &App,
    caller: &Caller,
    organisation: OrganisationId,
    id: OutsideLearningId,
    item: ItemId,
) -> Result<TeamOutsideOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let scope = caller.renewed(&tx).await?.organisation(organisation)?;
    let row = held(app, &tx, &scope, id).await?;
    let item = published(&tx, item).await?;
    let voice = reach::voice(&scope);
    let standing = rows::standing_for(&tx, &[id]).await?;
    let live: Vec<_> = standing.into_iter().filter(|one| one.state == CompletionState::Live).collect();
    no_other(&tx, &live, &item, organisation).await?;
    match live.into_iter().find(|one| one.item_id == item.id) {
        Some(mut there) => {
            let mut said = verdicts::of_one(&tx, there.id).await?;
            vouch::vouch(app, &tx, scope.account(), &mut there, voice, &mut said).await?;
        }
        None => stand_for(app, &tx, &scope, &row, &item, voice).await?,
    }
    ledger::seen(&tx, &app.clock, &scope, &[row.person_id], Seen::Learning).await?;
    let answer = outside::team_one(app, &tx, &scope, row).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Somebody's in reach who lets their employers see it; nobody's own.
async fn held(app: &App, tx: &db::Write, scope: &OrgScope, id: OutsideLearningId) -> Result<Model, ApiError> {
    let nothing = || ApiError::not_found("this learning");
    // first come, first served: the next one sees what this one said
    rows::hold(tx, id).await?.ok_or_else(nothing)?;
    let which = Which { only: Some(id), ..Which::default() };
    let row = rows::of_team(tx, scope, app.clock.today(), which, None, 1).await?.pop().ok_or_else(nothing)?;
    if scope.own_person() == Some(row.person_id) {
        let text = "Nobody can equate their own learning. Ask your manager or employer.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "own_learning", text));
    }
    Ok(row)
}

async fn published(tx: &db::Write, id: ItemId) -> Result<item::Model, ApiError> {
    match store::item(tx, id).await? {
        Some(item) if item.status == ItemStatus::Published && item.kind == ItemKind::Resource => Err(ApiError::field(
            "item_id",
            "not_learning",
            "This is a resource to read or use. Choose a module or a pathway.",
        )),
        Some(item) if item.status == ItemStatus::Published => Ok(item),
        _ => Err(ApiError::field("item_id", "unknown_item", "We could not find this in the catalogue.")),
    }
}

/// Refuses when the organisation says already that it is another item.
async fn no_other(
    tx: &db::Write,
    live: &[completion::Model],
    item: &item::Model,
    organisation: OrganisationId,
) -> Result<(), ApiError> {
    let others: Vec<_> = live.iter().filter(|one| one.item_id != item.id).map(|one| one.id).collect();
    let said = verdicts::of(tx, &others).await?;
    let own = said.values().flatten().any(|word| {
        word.organisation_id == organisation && word.verdict == Verdict::Confirmed && word.taken_back_at.is_none()
    });
    if !own {
        return Ok(());
    }
    let text = "Your organisation has equated this with another item. Take that back first.";
    Err(ApiError::conflict("already_equated", text))
}

async fn stand_for(
    app: &App,
    tx: &db::Write,
    scope: &OrgScope,
    row: &Model,
    item: &item::Model,
    voice: Voice,
) -> Result<(), ApiError> {
    let stands = completion::Model {
        id: app.clock.id(),
        person_id: row.person_id,
        item_id: item.id,
        completed_on: row.completed_on,
        expires_on: None,
        note: None,
        assurance: voice.confirmer.rung(),
        state: CompletionState::Live,
        live_key: Some(store::live_key(row.person_id, item.id, row.completed_on)),
        recorded_at: app.clock.now(),
        recorded_by: Some(scope.account()),
        version: 1,
        outside_learning_id: Some(row.id),
    };
    if !store::put(tx, stands.clone()).await? {
        let day = in_words(row.completed_on);
        let text =
            format!("A completion of “{}” on {day} is on this record already. Confirm that one instead.", item.title);
        return Err(ApiError::conflict("already_recorded", text));
    }
    verdicts::insert(tx, vouch::word(app, scope.account(), stands.id, voice, Verdict::Confirmed, None)).await?;
    let step = vouch::step(CompletionEventKind::Equated, stands.assurance, scope.account(), voice, None);
    Ok(store::event(tx, &app.clock, stands.id, step).await?)
}
