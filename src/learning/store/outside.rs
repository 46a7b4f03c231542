//! Queries of learning that is not in the catalogue, and of the completions that stand for it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OutsideLearningId, PersonId};
use entity::outside_learning::{ActiveModel, Column, Entity, Model};
use entity::value::CompletionState;
use entity::{completion, evidence};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::access::{OrgScope, SelfScope};
use crate::base::db::{Snapshot, chunk};
use crate::standing::store::people;

/// Place in an organisation's list: what was asked first.
pub type AskedKey = (DateTime<Utc>, OutsideLearningId);

pub fn asked_key(row: &Model) -> AskedKey {
    (row.asked_at.unwrap_or(row.recorded_at), row.id)
}

pub async fn insert<C: ConnectionTrait>(db: &C, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

/// What somebody recorded, latest first, with what was withdrawn or without.
pub async fn own<C: ConnectionTrait>(db: &C, scope: &SelfScope, withdrawn: bool) -> Result<Vec<Model>, DbErr> {
    let rows = Entity::find().filter(Column::PersonId.eq(scope.person()));
    let rows = if withdrawn { rows } else { rows.filter(Column::WithdrawnAt.is_null()) };
    rows.order_by_desc(Column::CompletedOn).order_by_desc(Column::Id).limit(super::MOST).all(db).await
}

pub async fn own_one<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: OutsideLearningId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::PersonId.eq(scope.person())).one(db).await
}

/// How much somebody has recorded that is not withdrawn.
pub async fn count<C: ConnectionTrait>(db: &C, scope: &SelfScope) -> Result<u64, DbErr> {
    Entity::find().filter(Column::PersonId.eq(scope.person())).filter(Column::WithdrawnAt.is_null()).count(db).await
}

/// The same title on the same day, so that a double click does no harm.
pub async fn same<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    title: &str,
    on: NaiveDate,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::PersonId.eq(scope.person()))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::CompletedOn.eq(on))
        .filter(Column::Title.eq(title))
        .one(db)
        .await
}

/// Withdraws one's own; false when it is withdrawn already.
pub async fn withdraw<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: OutsideLearningId,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = ActiveModel { withdrawn_at: Set(Some(at)), ..Default::default() };
    let own = Entity::update_many().set(set).filter(Column::Id.eq(id)).filter(Column::PersonId.eq(scope.person()));
    Ok(own.filter(Column::WithdrawnAt.is_null()).exec(db).await?.rows_affected == 1)
}

/// Lets employers see one's own from now on, or no longer.
pub async fn ask<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: OutsideLearningId,
    at: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let set = ActiveModel { asked_at: Set(at), ..Default::default() };
    let own = Entity::update_many().set(set).filter(Column::Id.eq(id)).filter(Column::PersonId.eq(scope.person()));
    own.exec(db).await.map(|_| ())
}

/// These, whoever's they are: for those who were let through to what stands for them.
pub async fn by_ids<C: ConnectionTrait>(
    db: &C,
    ids: Vec<OutsideLearningId>,
) -> Result<HashMap<OutsideLearningId, Model>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Whose to show to an organisation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    pub person: Option<PersonId>,
    /// Not their own
    pub not_person: Option<PersonId>,
    /// Only those for which no completion stands
    pub waiting: bool,
    pub only: Option<OutsideLearningId>,
}

/// What people with a post in reach on the day let their employers see; asked first, first.
pub async fn of_team<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    today: NaiveDate,
    which: Which,
    after: Option<AskedKey>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let Which { person, not_person, waiting, only } = which;
    let counted = completion::Entity::find()
        .select_only()
        .column(completion::Column::OutsideLearningId)
        .filter(completion::Column::OutsideLearningId.is_not_null())
        .filter(completion::Column::State.eq(CompletionState::Live))
        .into_query();
    let rows = Entity::find()
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::AskedAt.is_not_null())
        .filter(Column::PersonId.in_subquery(people::in_reach(scope, today)))
        .apply_if(person, |query, person| query.filter(Column::PersonId.eq(person)))
        .apply_if(not_person, |query, person| query.filter(Column::PersonId.ne(person)))
        .apply_if(waiting.then_some(counted), |query, counted| query.filter(Column::Id.not_in_subquery(counted)))
        .apply_if(only, |query, id| query.filter(Column::Id.eq(id)))
        .apply_if(after, |query, (at, id)| {
            use sea_orm::Condition;
            let level = Condition::all().add(Column::AskedAt.eq(at)).add(Column::Id.gt(id));
            query.filter(Condition::any().add(Column::AskedAt.gt(at)).add(level))
        });
    rows.order_by_asc(Column::AskedAt).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// Holds one until the transaction ends, so that two who equate it at once do so one after the other.
pub async fn hold<C: ConnectionTrait>(tx: &C, id: OutsideLearningId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// The completions that stand, or stood, for these: oldest first.
pub async fn standing_for<C: ConnectionTrait>(
    db: &C,
    ids: &[OutsideLearningId],
) -> Result<Vec<completion::Model>, DbErr> {
    let mut rows = Vec::new();
    for part in ids.chunks(chunk(1)) {
        let of = completion::Entity::find()
            .filter(completion::Column::OutsideLearningId.is_in(part.iter().copied()))
            .order_by_asc(completion::Column::Id);
        rows.extend(of.all(db).await?);
    }
    Ok(rows)
}

/// The files of each.
pub async fn files<C: ConnectionTrait>(
    db: &C,
    ids: &[OutsideLearningId],
) -> Result<HashMap<OutsideLearningId, Vec<evidence::Model>>, DbErr> {
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    for part in ids.chunks(chunk(1)) {
        let rows = evidence::Entity::find()
            .filter(evidence::Column::OutsideLearningId.is_in(part.iter().copied()))
            .filter(evidence::Column::RemovedAt.is_null())
            .order_by_asc(evidence::Column::Id);
        for file in rows.all(db).await? {
            if let Some(of) = file.outside_learning_id {
                files.entry(of).or_default().push(file);
            }
        }
    }
    Ok(files)
}
