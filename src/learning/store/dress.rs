//! Completions with what a reader wants beside them, in a fixed number of queries for any number
//! of rows. Takes rows that a scope has already let through.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::id::{CompletionId, ItemId, PersonId};
use entity::{completion, completion_event, completion_verdict, evidence, item, item_theme, person};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::verdicts;
use crate::access::names;
use crate::base::db::chunk;

/// A catalogue item with the name of its provider and its themes.
#[derive(Clone, Debug)]
pub struct DressedItem {
    pub item: item::Model,
    pub provider: String,
    pub themes: Vec<item_theme::Model>,
}

/// A completion with its item, evidence and person, and what organisations say of it.
#[derive(Clone, Debug)]
pub struct Dressed {
    pub row: completion::Model,
    pub of: DressedItem,
    pub evidence: Vec<evidence::Model>,
    pub person: person::Model,
    /// What stands, oldest first
    pub said: Vec<Word>,
}

impl Dressed {
    /// Whether evidence was added since that moment.
    pub fn evidence_since(&self, at: DateTime<Utc>) -> bool {
        self.evidence.iter().any(|file| file.uploaded_at > at)
    }
}

/// What an organisation says, with the names in it.
#[derive(Clone, Debug)]
pub struct Word {
    pub row: completion_verdict::Model,
    pub by: Option<String>,
    pub organisation: String,
}

pub async fn dress<C: ConnectionTrait>(db: &C, rows: Vec<completion::Model>) -> Result<Vec<Dressed>, DbErr> {
    let mut dressed = Vec::with_capacity(rows.len());
    for part in rows.chunks(chunk(1)) {
        dressed.extend(dress_part(db, part).await?);
    }
    Ok(dressed)
}

pub async fn items<C: ConnectionTrait>(db: &C, ids: Vec<ItemId>) -> Result<HashMap<ItemId, DressedItem>, DbErr> {
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let providers = names::organisations(db, items.iter().map(|item| item.provider_id)).await?;
    let mut themes: HashMap<_, Vec<_>> = HashMap::new();
    for theme in item_theme::Entity::find()
        .filter(item_theme::Column::ItemId.is_in(ids))
        .order_by_asc(item_theme::Column::Theme)
        .all(db)
        .await?
    {
        themes.entry(theme.item_id).or_default().push(theme);
    }
    let dressed = items.into_iter().map(|item| {
        let provider = providers.get(&item.provider_id).cloned().unwrap_or_default();
        let themes = themes.remove(&item.id).unwrap_or_default();
        (item.id, DressedItem { item, provider, themes })
    });
    Ok(dressed.collect())
}

async fn dress_part<C: ConnectionTrait>(db: &C, rows: &[completion::Model]) -> Result<Vec<Dressed>, DbErr> {
    let items = items(db, unique(rows.iter().map(|row| row.item_id))).await?;
    let mut files: HashMap<_, Vec<_>> = HashMap::new();
    for file in evidence::Entity::find()
        .filter(evidence::Column::CompletionId.is_in(rows.iter().map(|row| row.id)))
        .filter(evidence::Column::RemovedAt.is_null())
        .order_by_asc(evidence::Column::Id)
        .all(db)
        .await?
    {
        files.entry(file.completion_id).or_default().push(file);
    }
    let persons = person::Entity::find()
        .filter(person::Column::Id.is_in(unique(rows.iter().map(|row| row.person_id))))
        .all(db)
        .await?;
    let persons: HashMap<PersonId, _> = persons.into_iter().map(|person| (person.id, person)).collect();
    let mut said = words(db, rows).await?;
    let whole = rows.iter().filter_map(|row| {
        Some(Dressed {
            of: items.get(&row.item_id)?.clone(),
            evidence: files.remove(&Some(row.id)).unwrap_or_default(),
            person: persons.get(&row.person_id)?.clone(),
            said: said.remove(&row.id).unwrap_or_default(),
            row: row.clone(),
        })
    });
    Ok(whole.collect())
}

/// What organisations say of these, as far as it was not taken back.
async fn words<C: ConnectionTrait>(
    db: &C,
    rows: &[completion::Model],
) -> Result<HashMap<CompletionId, Vec<Word>>, DbErr> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut said = verdicts::of(db, &ids).await?;
    for rows in said.values_mut() {
        rows.retain(|row| row.taken_back_at.is_none());
    }
    let every = || said.values().flatten();
    if every().next().is_none() {
        return Ok(HashMap::new());
    }
    let organisations = names::organisations(db, every().map(|row| row.organisation_id)).await?;
    let people = names::accounts(db, every().filter_map(|row| row.account_id)).await?;
    let word = |row: completion_verdict::Model| Word {
        by: row.account_id.and_then(|id| people.get(&id).cloned()),
        organisation: organisations.get(&row.organisation_id).cloned().unwrap_or_default(),
        row,
    };
    Ok(said.into_iter().map(|(id, rows)| (id, rows.into_iter().map(word).collect())).collect())
}

/// A line of the history with the names in it.
#[derive(Clone, Debug)]
pub struct Told {
    pub event: completion_event::Model,
    pub by: Option<String>,
    pub organisation: Option<String>,
}

/// The histories of completions, each oldest first.
pub async fn histories<C: ConnectionTrait>(
    db: &C,
    ids: &[CompletionId],
) -> Result<BTreeMap<CompletionId, Vec<Told>>, DbErr> {
    let events = completion_event::Entity::find()
        .filter(completion_event::Column::CompletionId.is_in(ids.iter().copied()))
        .order_by_asc(completion_event::Column::At)
        .order_by_asc(completion_event::Column::Id)
        .all(db)
        .await?;
    let organisations = names::organisations(db, events.iter().filter_map(|event| event.organisation_id)).await?;
    let people = names::accounts(db, events.iter().filter_map(|event| event.account_id)).await?;
    let mut told: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in events {
        let by = event.account_id.and_then(|id| people.get(&id).cloned());
        let organisation = event.organisation_id.and_then(|id| organisations.get(&id).cloned());
        told.entry(event.completion_id).or_default().push(Told { event, by, organisation });
    }
    Ok(told)
}

fn unique<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
