//! Changes of public items that wait for a curator, or waited.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, ItemId, ItemImportId, ItemProposalId, OrganisationId};
use entity::item_proposal::{self, Column, Entity};
use entity::value::ProposalState;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::queue::Narrowed;
use crate::access::EditorScope;
use crate::base::clock::Clock;
use crate::base::db;
use crate::catalogue::rules::Content;

/// A proposal with what it says.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub row: item_proposal::Model,
    pub base: Content,
    pub content: Content,
}

/// What is proposed anew, and by whom.
#[derive(Debug)]
pub struct New<'a> {
    pub item: ItemId,
    pub base: &'a Content,
    pub content: &'a Content,
    pub account: Option<AccountId>,
    pub import: Option<ItemImportId>,
}

fn read(row: item_proposal::Model) -> Result<Proposal, DbErr> {
    let unreadable = |error: serde_json::Error| DbErr::Type(format!("proposal {}: {error}", row.id));
    let base = serde_json::from_str(&row.base).map_err(unreadable)?;
    let content = serde_json::from_str(&row.content).map_err(unreadable)?;
    Ok(Proposal { row, base, content })
}

/// What waits for these items.
pub async fn waiting<C: ConnectionTrait>(db: &C, items: &[ItemId]) -> Result<HashMap<ItemId, Proposal>, DbErr> {
    let mut found = HashMap::new();
    for part in items.chunks(db::chunk(1)) {
        let keys = part.iter().map(ToString::to_string);
        for row in Entity::find().filter(Column::LiveKey.is_in(keys)).all(db).await? {
            found.insert(row.item_id, read(row)?);
        }
    }
    Ok(found)
}

/// The last one of an item that was not replaced by a later one.
pub async fn last<C: ConnectionTrait>(db: &C, item: ItemId) -> Result<Option<Proposal>, DbErr> {
    let query = Entity::find().filter(Column::ItemId.eq(item)).filter(Column::State.ne(ProposalState::Replaced));
    query.order_by_desc(Column::Id).one(db).await?.map(read).transpose()
}

/// Writes proposals; each takes the place of the one that waits for its item.
pub async fn insert<C: ConnectionTrait>(tx: &C, clock: &Clock, new: &[New<'_>]) -> Result<(), DbErr> {
    let items: Vec<ItemId> = new.iter().map(|one| one.item).collect();
    for part in items.chunks(db::chunk(1)) {
        let waiting = Column::LiveKey.is_in(part.iter().map(ToString::to_string));
        close(tx, waiting.into(), ProposalState::Replaced, clock.now(), None, None).await?;
    }
    let json = |content: &Content| serde_json::to_string(content).map_err(|error| DbErr::Type(error.to_string()));
    for part in new.chunks(db::chunk(13)) {
        let mut rows = Vec::with_capacity(part.len());
        for New { item, base, content, account, import } in part {
            let row = item_proposal::Model {
                id: clock.id(),
                item_id: *item,
                provider_id: base.provider,
                base: json(base)?,
                content: json(content)?,
                state: ProposalState::Waiting,
                live_key: Some(item.to_string()),
                import_id: *import,
                proposed_at: clock.now(),
                proposed_by: *account,
                decided_at: None,
                decided_by: None,
                reason: None,
            };
            rows.push(row.into_active_model());
        }
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What becomes of those that wait; gives how many there were.
async fn close<C: ConnectionTrait>(
    tx: &C,
    which: Condition,
    state: ProposalState,
    at: DateTime<Utc>,
    by: Option<AccountId>,
    reason: Option<String>,
) -> Result<u64, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::LiveKey, Expr::value(None::<String>))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::Reason, Expr::value(reason))
        .filter(which)
        .filter(Column::State.eq(ProposalState::Waiting))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Ends one that waits; false when somebody else was first.
pub async fn end<C: ConnectionTrait>(
    tx: &C,
    id: ItemProposalId,
    state: ProposalState,
    at: DateTime<Utc>,
    by: AccountId,
    reason: Option<String>,
) -> Result<bool, DbErr> {
    Ok(close(tx, Column::Id.eq(id).into(), state, at, Some(by), reason).await? == 1)
}

/// Ends many, whose items are held.
pub async fn end_all<C: ConnectionTrait>(
    tx: &C,
    ids: &[ItemProposalId],
    state: ProposalState,
    at: DateTime<Utc>,
    by: AccountId,
    reason: Option<String>,
) -> Result<(), DbErr> {
    for part in ids.chunks(db::chunk(1)) {
        let which = Column::Id.is_in(part.iter().copied());
        close(tx, which.into(), state, at, Some(by), reason.clone()).await?;
    }
    Ok(())
}

/// Ends those of an import that wait.
pub async fn end_of_import<C: ConnectionTrait>(
    tx: &C,
    import: ItemImportId,
    at: DateTime<Utc>,
    by: AccountId,
) -> Result<u64, DbErr> {
    close(tx, Column::ImportId.eq(import).into(), ProposalState::Withdrawn, at, Some(by), None).await
}

/// Those of items that go altogether.
pub async fn remove<C: ConnectionTrait>(tx: &C, items: &[ItemId]) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ItemId.is_in(items.iter().copied())).exec(tx).await.map(|_| ())
}

/// Those of an import, whatever became of them.
pub async fn of_import<C: ConnectionTrait>(
    db: &C,
    import: ItemImportId,
) -> Result<Vec<(ItemId, ProposalState)>, DbErr> {
    let query = Entity::find().select_only().columns([Column::ItemId, Column::State]);
    query.filter(Column::ImportId.eq(import)).into_tuple().all(db).await
}

/// How many each import proposed.
pub async fn counts<C: ConnectionTrait>(db: &C, imports: &[ItemImportId]) -> Result<HashMap<ItemImportId, i64>, DbErr> {
    let query = Entity::find().select_only().column(Column::ImportId).column_as(Column::Id.count(), "proposed");
    let query = query.filter(Column::ImportId.is_in(imports.iter().copied())).group_by(Column::ImportId);
    let rows: Vec<(ItemImportId, i64)> = query.into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

fn matching(scope: &EditorScope, narrowed: &Narrowed) -> Condition {
    let mut all = Condition::all().add(Column::State.eq(ProposalState::Waiting));
    if !scope.is_curator() {
        all = all.add(Column::ProviderId.is_in(scope.providers().to_vec()));
    }
    if let Some(provider) = narrowed.provider {
        all = all.add(Column::ProviderId.eq(provider));
    }
    if let Some(import) = narrowed.import {
        all = all.add(Column::ImportId.eq(import));
    }
    all
}

/// Those that wait, oldest first, at most `limit` after a place.
pub async fn queue<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    narrowed: &Narrowed,
    after: Option<(DateTime<Utc>, ItemId)>,
    limit: u64,
) -> Result<Vec<Proposal>, DbErr> {
    let mut query = Entity::find().filter(matching(scope, narrowed));
    if let Some((at, id)) = after {
        let same = Condition::all().add(Column::ProposedAt.eq(at)).add(Column::ItemId.gt(id));
        query = query.filter(Condition::any().add(Column::ProposedAt.gt(at)).add(same));
    }
    let rows = query.order_by_asc(Column::ProposedAt).order_by_asc(Column::ItemId).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

pub async fn count<C: ConnectionTrait>(db: &C, scope: &EditorScope, narrowed: &Narrowed) -> Result<u64, DbErr> {
    Entity::find().filter(matching(scope, narrowed)).count(db).await
}

/// Whose changes wait, and by which imports they came.
pub async fn sources<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
) -> Result<Vec<(OrganisationId, Option<ItemImportId>)>, DbErr> {
    let query = Entity::find().select_only().columns([Column::ProviderId, Column::ImportId]);
    query.filter(matching(scope, &Narrowed::default())).into_tuple().all(db).await
}
