//! What organisations say of completions. Each speaks for itself: a rejection takes back the
//! trust of the organisation that rejects and nobody else's.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::completion_verdict::{ActiveModel, Column, Entity, Model};
use entity::id::{AccountId, CompletionId, CompletionVerdictId, OrganisationId, PersonId};
use entity::value::{Assurance, Verdict};
use entity::{completion, evidence};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use crate::access::SelfScope;
use crate::learning::rules::Said;

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
        .apply_if(persons, |query, ids| query.filter(Column::CompletionId.in_subquery(completions_of(ids))))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A rejection that stands.
#[derive(Clone, Copy, Debug)]
pub struct Rejection {
    pub id: CompletionVerdictId,
    /// The weight of who said it
    pub rung: Assurance,
    /// Whether evidence was added since, so that it has to be looked at again
    pub answered: bool,
}

/// What an organisation rejects; they are few.
pub async fn rejected_by<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
) -> Result<HashMap<CompletionId, Rejection>, DbErr> {
    let stands = || {
        Entity::find()
            .filter(Column::OrganisationId.eq(organisation))
            .filter(Column::Verdict.eq(Verdict::Rejected))
            .filter(Column::TakenBackAt.is_null())
    };
    let rows = stands().all(db).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let files: Vec<(Option<CompletionId>, DateTime<Utc>)> = evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::CompletionId, evidence::Column::UploadedAt])
        .filter(
            evidence::Column::CompletionId
                .in_subquery(stands().select_only().column(Column::CompletionId).into_query()),
        )
        .filter(evidence::Column::RemovedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let told = rows.into_iter().map(|row| {
        let answered = files.iter().any(|(of, at)| *of == Some(row.completion_id) && *at > row.at);
        (row.completion_id, Rejection { id: row.id, rung: row.assurance, answered })
    });
    Ok(told.collect())
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

/// Everything that was said of somebody's completions, oldest first.
pub async fn of_person<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<Model>, DbErr> {
    let theirs = Entity::find().filter(Column::CompletionId.in_subquery(completions_of(&[person])));
    theirs.order_by_asc(Column::At).order_by_asc(Column::Id).all(db).await
}

/// The same of one.
pub async fn of_one<C: ConnectionTrait>(db: &C, completion: CompletionId) -> Result<Vec<Model>, DbErr> {
    Ok(of(db, &[completion]).await?.remove(&completion).unwrap_or_default())
}

/// What stands of it, as the rules need it.
pub fn said(rows: &[Model]) -> Vec<Said> {
    rows.iter().filter(|row| row.taken_back_at.is_none()).map(as_said).collect()
}

pub fn as_said(row: &Model) -> Said {
    Said { organisation: row.organisation_id, verdict: row.verdict, rung: row.assurance }
}

pub async fn by_id<C: ConnectionTrait>(db: &C, id: CompletionVerdictId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Lays the notice of a rejection of one's own completion aside; false when there is none.
pub async fn dismiss<C: ConnectionTrait>(
    db: &C,
    scope: &SelfScope,
    id: CompletionVerdictId,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let set = ActiveModel { dismissed_at: Set(Some(at)), ..Default::default() };
    let done = Entity::update_many()
        .set(set)
        .filter(Column::Id.eq(id))
        .filter(Column::CompletionId.in_subquery(completions_of(&[scope.person()])))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Rejections of one's own completions that stand and have not been laid aside, latest first.
pub async fn rejections<C: ConnectionTrait>(db: &C, scope: &SelfScope) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Verdict.eq(Verdict::Rejected))
        .filter(Column::TakenBackAt.is_null())
        .filter(Column::DismissedAt.is_null())
        .filter(Column::CompletionId.in_subquery(completions_of(&[scope.person()])))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .all(db)
        .await
}

fn completions_of(persons: &[PersonId]) -> SelectStatement {
    completion::Entity::find()
        .select_only()
        .column(completion::Column::Id)
        .filter(completion::Column::PersonId.is_in(persons.iter().copied()))
        .into_query()
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

pub async fn insert_many<C: ConnectionTrait>(db: &C, rows: Vec<Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(db).await.map(|_| ())
}

/// Ends what stands of these.
pub async fn take_back_many<C: ConnectionTrait>(
    db: &C,
    ids: &[CompletionVerdictId],
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let set = ActiveModel { taken_back_at: Set(Some(at)), taken_back_by: Set(Some(by)), ..Default::default() };
    let standing = Entity::update_many().set(set).filter(Column::Id.is_in(ids.iter().copied()));
    standing.filter(Column::TakenBackAt.is_null()).exec(db).await.map(|_| ())
}
