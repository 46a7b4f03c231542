//! Queries of evidence: rows only, the bytes lie in the file store.

use chrono::{DateTime, Utc};
use entity::evidence::{ActiveModel, Column, Entity, Model};
use entity::id::{CompletionId, EvidenceId, OutsideLearningId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::access::SelfScope;

/// What a file supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// With what it stands for, which it supports as well
    Completion(CompletionId, Option<OutsideLearningId>),
    Outside(OutsideLearningId),
}

impl Home {
    fn condition(self) -> Condition {
        Condition::all().add(match self {
            Self::Completion(id, _) => Column::CompletionId.eq(id),
            Self::Outside(id) => Column::OutsideLearningId.eq(id),
        })
    }
}

/// Files that support nothing yet.
fn homeless() -> Condition {
    Condition::all().add(Column::CompletionId.is_null()).add(Column::OutsideLearningId.is_null())
}

pub async fn insert<C: ConnectionTrait>(db: &C, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

pub async fn own<C: ConnectionTrait>(db: &C, scope: &SelfScope, id: EvidenceId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::PersonId.eq(scope.person())).filter(Column::RemovedAt.is_null()).one(db).await
}

/// A file that supports something; the caller must be let through to that.
pub async fn attached<C: ConnectionTrait>(db: &C, id: EvidenceId) -> Result<Option<Model>, DbErr> {
    let found = Entity::find_by_id(id).filter(Column::RemovedAt.is_null()).one(db).await?;
    Ok(found.filter(|row| row.completion_id.is_some() || row.outside_learning_id.is_some()))
}

/// What somebody's files take up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// Files that belong to nothing yet
    pub waiting: usize,
    /// Bytes of all of them
    pub bytes: i64,
}

pub async fn of_person<C: ConnectionTrait>(db: &C, scope: &SelfScope) -> Result<Room, DbErr> {
    let rows: Vec<(Option<CompletionId>, Option<OutsideLearningId>, i32)> = Entity::find()
        .select_only()
        .columns([Column::CompletionId, Column::OutsideLearningId, Column::Bytes])
        .filter(Column::PersonId.eq(scope.person()))
        .filter(Column::RemovedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let waiting = rows.iter().filter(|(completion, outside, _)| completion.is_none() && outside.is_none()).count();
    Ok(Room { waiting, bytes: rows.iter().map(|(_, _, bytes)| i64::from(*bytes)).sum() })
}

/// Files of one's own that wait to be attached, latest first.
pub async fn waiting<C: ConnectionTrait>(db: &C, scope: &SelfScope) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::PersonId.eq(scope.person()))
        .filter(homeless())
        .filter(Column::RemovedAt.is_null())
        .order_by_desc(Column::Id)
        .all(db)
        .await
}

pub async fn count<C: ConnectionTrait>(db: &C, home: Home) -> Result<u64, DbErr> {
    Entity::find().filter(home.condition()).filter(Column::RemovedAt.is_null()).count(db).await
}

/// Attaches files of one's own that wait; the number of those that did.
pub async fn attach<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    ids: &[EvidenceId],
    home: Home,
) -> Result<u64, DbErr> {
    let set = match home {
        Home::Completion(id, outside) => {
            ActiveModel { completion_id: Set(Some(id)), outside_learning_id: Set(outside), ..Default::default() }
        }
        Home::Outside(id) => ActiveModel { outside_learning_id: Set(Some(id)), ..Default::default() },
    };
    let done = Entity::update_many()
        .set(set)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::PersonId.eq(scope.person()))
        .filter(homeless())
        .filter(Column::RemovedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Marks a file of one's own as removed; false when it already is.
pub async fn remove<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: EvidenceId,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = ActiveModel { removed_at: Set(Some(at)), ..Default::default() };
    let done = Entity::update_many()
        .set(set)
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(scope.person()))
        .filter(Column::RemovedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Files that have belonged to nothing since before that moment.
pub async fn abandoned<C: ConnectionTrait>(db: &C, before: DateTime<Utc>, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(homeless())
        .filter(Column::RemovedAt.is_null())
        .filter(Column::UploadedAt.lte(before))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Takes a file that belongs to nothing out of everybody's reach; false when it has been attached.
pub async fn mark_removed<C: ConnectionTrait>(db: &C, id: EvidenceId, at: DateTime<Utc>) -> Result<bool, DbErr> {
    let set = ActiveModel { removed_at: Set(Some(at)), ..Default::default() };
    let done = Entity::update_many()
        .set(set)
        .filter(Column::Id.eq(id))
        .filter(homeless())
        .filter(Column::RemovedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removed files that belonged to nothing: their rows tell of nothing that happened.
pub async fn removed_unattached<C: ConnectionTrait>(db: &C, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(homeless())
        .filter(Column::RemovedAt.is_not_null())
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

pub async fn forget<C: ConnectionTrait>(db: &C, id: EvidenceId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Id.eq(id)).filter(homeless()).exec(db).await.map(|_| ())
}
