//! What organisations say of completions. Each speaks for itself: a rejection takes back the
//! trust of the organisation that rejects and nobody else's.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::completion;
use entity::completion_verdict::{ActiveModel, Column, Entity, Model};
use entity::id::{AccountId, CompletionId, CompletionVerdictId, OrganisationId, PersonId};
use entity::value::Verdict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

/// Which organisations do not accept which completions.
pub type Refused = HashSet<(OrganisationId, CompletionId)>;

/// What these organisations refuse; all of them without a list. With persons, only theirs.
pub async fn refused_by<C: ConnectionTrait>(
    db: &C,
    organisations: Option<&[OrganisationId]>,
    persons: Option<&[PersonId]>,
) -> Result<Refused, DbErr> {
    // rejections are few: many persons are not worth a longer statement
    let persons = persons.filter(|persons| persons.len() <= 100);
    let rows: Vec<(OrganisationId, CompletionId)> = Entity::find()
        .select_only()
        .columns([Column::OrganisationId, Column::CompletionId])
        .filter(Column::Verdict.eq(Verdict::Rejected))
        .filter(Column::TakenBackAt.is_null())
        .apply_if(organisations, |query, ids| query.filter(Column::OrganisationId.is_in(ids.iter().copied())))
        .apply_if(persons, |query, ids| {
            let theirs = completion::Entity::find()
                .select_only()
                .column(completion::Column::Id)
                .filter(completion::Column::PersonId.is_in(ids.iter().copied()))
                .into_query();
            query.filter(Column::CompletionId.in_subquery(theirs))
        })
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Everything that was said of these completions, oldest first, what was taken back included.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    completions: &[CompletionId],
) -> Result<HashMap<CompletionId, Vec<Model>>, DbErr> {
    let rows = Entity::find()
        .filter(Column::CompletionId.is_in(completions.iter().copied()))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        all.entry(row.completion_id).or_default().push(row);
    }
    Ok(all)
}

pub async fn insert<C: ConnectionTrait>(db: &C, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

/// Ends what stands; false when somebody else has ended it already.
pub async fn take_back<C: ConnectionTrait>(
    db: &C,
    id: CompletionVerdictId,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = ActiveModel { taken_back_at: Set(Some(at)), taken_back_by: Set(Some(by)), ..Default::default() };
    let done =
        Entity::update_many().set(set).filter(Column::Id.eq(id)).filter(Column::TakenBackAt.is_null()).exec(db).await?;
    Ok(done.rows_affected == 1)
}
