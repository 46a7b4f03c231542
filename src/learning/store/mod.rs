//! Queries of completions. Whoever reads one's own must show a scope; who may read others' is decided
//! by `reach`.

pub mod dress;
pub mod evidence;
pub mod outside;
pub mod verdicts;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{AccountId, CompletionId, ItemId, OrganisationId, PersonId};
use entity::value::{Assurance, CompletionEventKind, CompletionState};
use entity::{completion, completion_event, item, person};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
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

pub async fn by_ids<C: ConnectionTrait>(db: &C, ids: Vec<CompletionId>) -> Result<Vec<completion::Model>, DbErr> {
    completion::Entity::find().filter(completion::Column::Id.is_in(ids)).all(db).await
}

/// A completion and every other of the same person.
pub async fn with_siblings<C: ConnectionTrait>(db: &C, id: CompletionId) -> Result<Vec<completion::Model>, DbErr> {
    use completion::Column;
    let whose = completion::Entity::find_by_id(id).select_only().column(Column::PersonId).into_query();
    completion::Entity::find().filter(Column::PersonId.in_subquery(whose)).all(db).await
}

/// Who provides an item, if it is the caller.
pub async fn provider_of<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    id: ItemId,
) -> Result<Option<OrganisationId>, DbErr> {
    let item = item::Entity::find_by_id(id)
        .filter(item::Column::ProviderId.is_in(scope.providers().iter().copied()))
        .one(db)
        .await?;
    Ok(item.map(|item| item.provider_id))
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

/// These people, for those who were let through to something of theirs.
pub async fn persons<C: ConnectionTrait>(
    db: &C,
    ids: Vec<PersonId>,
) -> Result<HashMap<PersonId, person::Model>, DbErr> {
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

pub async fn item<C: ConnectionTrait>(db: &C, id: ItemId) -> Result<Option<item::Model>, DbErr> {
    item::Entity::find_by_id(id).one(db).await
}

/// What items are called.
pub async fn titles<C: ConnectionTrait>(db: &C, ids: Vec<ItemId>) -> Result<HashMap<ItemId, String>, DbErr> {
    let query = item::Entity::find().select_only().columns([item::Column::Id, item::Column::Title]);
    Ok(query.filter(item::Column::Id.is_in(ids)).into_tuple().all(db).await?.into_iter().collect())
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

/// A live completion of one's own.
pub fn new_row(clock: &Clock, scope: &SelfScope, new: NewCompletion) -> completion::Model {
    let NewCompletion { id, item, completed_on, note, assurance } = new;
    completion::Model {
        id,
        person_id: scope.person(),
        item_id: item,
        completed_on,
        expires_on: None,
        note,
        assurance,
        state: CompletionState::Live,
        live_key: Some(live_key(scope.person(), item, completed_on)),
        recorded_at: clock.now(),
        recorded_by: Some(scope.account()),
        version: 1,
        outside_learning_id: None,
    }
}

/// Writes a completion; false when a live one of the same person, item and day is there already.
pub async fn put<C: ConnectionTrait>(db: &C, row: completion::Model) -> Result<bool, DbErr> {
    let written = completion::Entity::insert(completion::ActiveModel::from(row))
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

/// These completions, held until the transaction ends: whoever changes one of them comes before or
/// after. In one order, so that two who hold some of the same never wait for each other.
pub async fn hold_many<C: ConnectionTrait>(tx: &C, ids: &[CompletionId]) -> Result<Vec<completion::Model>, DbErr> {
    use completion::Column;
    completion::Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
}

/// Trusts completions that are held as far as this.
pub async fn trust_many<C: ConnectionTrait>(tx: &C, ids: &[CompletionId], assurance: Assurance) -> Result<(), DbErr> {
    use completion::Column;
    completion::Entity::update_many()
        .col_expr(Column::Assurance, Expr::value(assurance))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// Adds a line to the history.
pub async fn event<C: ConnectionTrait>(db: &C, clock: &Clock, id: CompletionId, step: Step) -> Result<(), DbErr> {
    events(db, clock, vec![(id, step)]).await
}

/// Adds a line to each history.
pub async fn events<C: ConnectionTrait>(db: &C, clock: &Clock, steps: Vec<(CompletionId, Step)>) -> Result<(), DbErr> {
    if steps.is_empty() {
        return Ok(());
    }
    let row = |(id, step): (CompletionId, Step)| {
        let Step { kind, assurance, state: _, account, organisation, reason } = step;
        completion_event::ActiveModel {
            id: Set(clock.id()),
            completion_id: Set(id),
            kind: Set(kind),
            assurance: Set(assurance),
            account_id: Set(Some(account)),
            organisation_id: Set(organisation),
            reason: Set(reason),
            at: Set(clock.now()),
        }
    };
    completion_event::Entity::insert_many(steps.into_iter().map(row)).exec_without_returning(db).await.map(|_| ())
}
