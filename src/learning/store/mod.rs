//! Queries of completions. Whoever reads one's own must show a scope; who may read others' is decided
//! by `reach`.

pub mod dress;
pub mod evidence;
pub mod verdicts;

use chrono::NaiveDate;
use entity::id::{AccountId, CompletionId, ItemId, OrganisationId, PersonId};
use entity::value::{Assurance, CompletionEventKind, CompletionState};
use entity::{completion, completion_event, item, person};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::OnConflict,
};

use crate::access::{EditorScope, SelfScope};
use crate::base::clock::Clock;

/// More than anybody records in a working life; a bound, not a promise.
pub const MOST: u64 = 5_000;

/// Place in one's own list: latest completion first.
pub type OwnKey = (NaiveDate, CompletionId);

pub fn own_key(row: &completion::Model) -> OwnKey {
    (row.completed_on, row.id)
}

/// One's own completions after a place, latest first; `limit` rows at most.
pub async fn own_page<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    state: Option<CompletionState>,
    item: Option<ItemId>,
    after: Option<OwnKey>,
    limit: u64,
) -> Result<Vec<completion::Model>, DbErr> {
    use completion::Column;
    completion::Entity::find()
        .filter(Column::PersonId.eq(scope.person()))
        .apply_if(state, |query, state| query.filter(Column::State.eq(state)))
        .apply_if(item, |query, item| query.filter(Column::ItemId.eq(item)))
        .apply_if(after, |query, (date, id)| {
            query.filter(
                Condition::any()
                    .add(Column::CompletedOn.lt(date))
                    .add(Condition::all().add(Column::CompletedOn.eq(date)).add(Column::Id.lt(id))),
            )
        })
        .order_by_desc(Column::CompletedOn)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// A completion, whoever's it is.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: CompletionId) -> Result<Option<completion::Model>, DbErr> {
    completion::Entity::find_by_id(id).one(db).await
}

pub async fn by_ids<C: ConnectionTrait>(db: &C, ids: Vec<CompletionId>) -> Result<Vec<completion::Model>, DbErr> {
    completion::Entity::find().filter(completion::Column::Id.is_in(ids)).all(db).await
}

/// One completion, if it is of an item of the provider's own, and which provider that is.
pub async fn of_provider<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    id: CompletionId,
) -> Result<Option<(completion::Model, OrganisationId)>, DbErr> {
    let Some(found) = by_id(db, id).await? else { return Ok(None) };
    let item = item::Entity::find_by_id(found.item_id)
        .filter(item::Column::ProviderId.is_in(scope.providers().iter().copied()))
        .one(db)
        .await?;
    Ok(item.map(|item| (found, item.provider_id)))
}

pub async fn own_one<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: CompletionId,
) -> Result<Option<completion::Model>, DbErr> {
    completion::Entity::find_by_id(id).filter(completion::Column::PersonId.eq(scope.person())).one(db).await
}

/// The live completion of the same person, item and date.
pub async fn own_same<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    item: ItemId,
    completed_on: NaiveDate,
) -> Result<Option<completion::Model>, DbErr> {
    let key = live_key(scope.person(), item, completed_on);
    completion::Entity::find().filter(completion::Column::LiveKey.eq(key)).one(db).await
}

/// Holds the person until the transaction ends, so that what is counted before it is written
/// still holds then. SQLite has one writer anyway.
pub async fn hold_person<C: ConnectionTrait>(tx: &C, scope: &SelfScope) -> Result<(), DbErr> {
    person::Entity::find_by_id(scope.person()).lock_exclusive().one(tx).await.map(|_| ())
}

pub async fn own_person<C: ConnectionTrait>(db: &C, scope: &SelfScope) -> Result<Option<person::Model>, DbErr> {
    person::Entity::find_by_id(scope.person()).one(db).await
}

pub async fn item<C: ConnectionTrait>(db: &C, id: ItemId) -> Result<Option<item::Model>, DbErr> {
    item::Entity::find_by_id(id).one(db).await
}

/// What no two live completions may share.
pub fn live_key(person: PersonId, item: ItemId, completed_on: NaiveDate) -> String {
    format!("{person}:{item}:{completed_on}")
}

/// A completion as its owner records it.
pub struct NewCompletion {
    pub id: CompletionId,
    pub item: ItemId,
    pub completed_on: NaiveDate,
    pub note: Option<String>,
    pub assurance: Assurance,
}

/// Writes a completion; false when the same one is there already, even if it came a moment ago.
pub async fn insert<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    scope: &SelfScope,
    new: NewCompletion,
) -> Result<bool, DbErr> {
    let NewCompletion { id, item, completed_on, note, assurance } = new;
    let row = completion::ActiveModel {
        id: Set(id),
        person_id: Set(scope.person()),
        item_id: Set(item),
        completed_on: Set(completed_on),
        expires_on: Set(None),
        note: Set(note),
        assurance: Set(assurance),
        state: Set(CompletionState::Live),
        live_key: Set(Some(live_key(scope.person(), item, completed_on))),
        recorded_at: Set(clock.now()),
        recorded_by: Set(Some(scope.account())),
        version: Set(1),
    };
    let written = completion::Entity::insert(row)
        .on_conflict(OnConflict::column(completion::Column::LiveKey).do_nothing().to_owned())
        .exec_without_returning(db)
        .await;
    match written {
        Ok(rows) => Ok(rows == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}

/// What a completion becomes. Its history is written with it.
pub struct Step {
    pub kind: CompletionEventKind,
    pub assurance: Assurance,
    pub state: CompletionState,
    pub account: AccountId,
    pub organisation: Option<OrganisationId>,
    pub reason: Option<String>,
}

/// Changes a completion that stands as `row` says; false when it has changed meanwhile.
pub async fn step<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    row: &completion::Model,
    step: Step,
) -> Result<bool, DbErr> {
    use completion::Column;
    let live_key = if step.state == CompletionState::Live { row.live_key.clone() } else { None };
    let changed = completion::ActiveModel {
        assurance: Set(step.assurance),
        state: Set(step.state),
        live_key: Set(live_key),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let done = completion::Entity::update_many()
        .set(changed)
        .filter(Column::Id.eq(row.id))
        .filter(Column::Version.eq(row.version))
        .exec(db)
        .await?;
    if done.rows_affected != 1 {
        return Ok(false);
    }
    event(db, clock, row.id, step).await?;
    Ok(true)
}

/// Adds a line to the history.
pub async fn event<C: ConnectionTrait>(db: &C, clock: &Clock, id: CompletionId, step: Step) -> Result<(), DbErr> {
    let Step { kind, assurance, state: _, account, organisation, reason } = step;
    let row = completion_event::ActiveModel {
        id: Set(clock.id()),
        completion_id: Set(id),
        kind: Set(kind),
        assurance: Set(assurance),
        account_id: Set(Some(account)),
        organisation_id: Set(organisation),
        reason: Set(reason),
        at: Set(clock.now()),
    };
    completion_event::Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}
