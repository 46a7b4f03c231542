//! How far completions were trusted in former times: a word counts from the day on which it was
//! said. What was taken back since was a mistake and never counted.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::completion_verdict::Column as Word;
use entity::evidence::Column as File;
use entity::id::CompletionId;
use entity::value::{Assurance, Verdict};
use entity::{completion, completion_verdict, evidence};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use status::Completed;

use crate::base::clock::over_at;
use crate::base::db::chunk;

/// Of completions that were trusted further after a moment: how far they were by then.
#[derive(Debug, Default)]
pub struct TrustThen(HashMap<CompletionId, Assurance>);

impl TrustThen {
    pub fn put_on(&self, done: &mut Completed) {
        if let Some(then) = self.0.get(&done.id) {
            done.assurance = done.assurance.min(*then);
        }
    }
}

/// As it stood when the day was over, as far as known by then. Nothing is read when that is yet
/// to come.
pub async fn on<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
    known_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<TrustThen, DbErr> {
    let until = known_at.map_or(over_at(day), |at| at.min(over_at(day)));
    if now < until {
        return Ok(TrustThen::default());
    }
    let done_by_then = || {
        let done = completion::Entity::find().select_only().column(completion::Column::Id);
        done.filter(completion::Column::CompletedOn.lte(day)).into_query()
    };
    let said_later = words()
        .select_only()
        .column(Word::CompletionId)
        .filter(Word::At.gte(until))
        .filter(Word::CompletionId.in_subquery(done_by_then()));
    let mut ids: Vec<CompletionId> = said_later.into_tuple().all(db).await?;
    let shown_later = files()
        .select_only()
        .column(File::CompletionId)
        .filter(File::UploadedAt.gte(until))
        .filter(File::CompletionId.in_subquery(done_by_then()));
    let shown: Vec<Option<CompletionId>> = shown_later.into_tuple().all(db).await?;
    ids.extend(shown.into_iter().flatten());
    ids.sort_unstable();
    ids.dedup();
    let mut then: HashMap<_, _> = ids.iter().map(|id| (*id, Assurance::SelfDeclared)).collect();
    for part in ids.chunks(chunk(1)) {
        let part = || part.iter().copied();
        let said = words()
            .select_only()
            .columns([Word::CompletionId, Word::Assurance])
            .filter(Word::At.lt(until))
            .filter(Word::CompletionId.is_in(part()));
        let said: Vec<(CompletionId, Assurance)> = said.into_tuple().all(db).await?;
        let shown = files()
            .select_only()
            .column(File::CompletionId)
            .filter(File::UploadedAt.lt(until))
            .filter(File::CompletionId.is_in(part()));
        let shown: Vec<Option<CompletionId>> = shown.into_tuple().all(db).await?;
        let shown = shown.into_iter().flatten().map(|id| (id, Assurance::EvidenceAttached));
        for (id, trusted) in said.into_iter().chain(shown) {
            then.entry(id).and_modify(|then| *then = trusted.max(*then));
        }
    }
    Ok(TrustThen(then))
}

fn words() -> Select<completion_verdict::Entity> {
    completion_verdict::Entity::find().filter(Word::Verdict.eq(Verdict::Confirmed)).filter(Word::TakenBackAt.is_null())
}

fn files() -> Select<evidence::Entity> {
    evidence::Entity::find().filter(File::RemovedAt.is_null())
}
