//! Completions with what a reader wants beside them, in a fixed number of queries for any number
//! of rows. Takes rows that a scope has already let through.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::id::{AccountId, CompletionEventId, CompletionId, ItemId, OrganisationId, OutsideLearningId, PersonId};
use entity::value::{Assurance, CompletionEventKind};
use entity::{
    account, completion, completion_event, completion_verdict, evidence, item, item_theme, organisation,
    outside_learning, person,
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, Iterable, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use super::{outside, verdicts};
use crate::access::names;
use crate::base::cache::{self, Cache};
use crate::base::db::{Snapshot, Version, chunk};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::catalogue::terms::{self, Terms};
use crate::people::names as people;
use crate::state::{App, Instance};

/// A catalogue item with the name of its provider and its themes.
#[derive(Clone, Debug)]
pub struct DressedItem {
    pub item: item::Model,
    pub provider: String,
    pub themes: Vec<item_theme::Model>,
    /// What holds for completions of which day
    pub terms: Terms,
}

/// A completion with its item, evidence and person, and what organisations say of it.
#[derive(Clone, Debug)]
pub struct Dressed {
    pub row: completion::Model,
    pub of: DressedItem,
    pub evidence: Vec<evidence::Model>,
    /// The learning outside of the catalogue for which it stands
    pub outside: Option<outside_learning::Model>,
    pub person: PersonId,
    /// Their name, as whoever looks writes it
    pub name: String,
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

/// `at`: the organisation that looks.
pub async fn dress<C: Snapshot>(
    db: &C,
    rows: Vec<completion::Model>,
    at: Option<OrganisationId>,
) -> Result<Vec<Dressed>, DbErr> {
    let mut dressed = Vec::with_capacity(rows.len());
    for part in rows.chunks(chunk(1)) {
        dressed.extend(dress_part(db, part, at).await?);
    }
    Ok(dressed)
}

pub async fn items<C: Snapshot>(db: &C, ids: Vec<ItemId>) -> Result<HashMap<ItemId, DressedItem>, DbErr> {
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let providers = names::organisations(db, items.iter().map(|item| item.provider_id)).await?;
    let mut terms = terms::of(db, &ids).await?;
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
        let terms = terms.remove(&item.id).unwrap_or_default();
        (item.id, DressedItem { item, provider, themes, terms })
    });
    Ok(dressed.collect())
}

async fn dress_part<C: Snapshot>(
    db: &C,
    rows: &[completion::Model],
    at: Option<OrganisationId>,
) -> Result<Vec<Dressed>, DbErr> {
    let items = items(db, unique(rows.iter().map(|row| row.item_id))).await?;
    let files = files(db, rows).await?;
    let outside = outside::by_ids(db, unique(rows.iter().filter_map(|row| row.outside_learning_id))).await?;
    let called = called(db, at, unique(rows.iter().map(|row| row.person_id))).await?;
    let mut said = words(db, rows).await?;
    let whole = rows.iter().filter_map(|row| {
        Some(Dressed {
            of: items.get(&row.item_id)?.clone(),
            evidence: files.of(row),
            outside: row.outside_learning_id.and_then(|id| outside.get(&id).cloned()),
            person: row.person_id,
            name: called.get(&row.person_id)?.clone(),
            said: said.remove(&row.id).unwrap_or_default(),
            row: row.clone(),
        })
    });
    Ok(whole.collect())
}

/// Names of people, as the organisation writes them or as they do themselves.
async fn called<C: Snapshot>(
    db: &C,
    at: Option<OrganisationId>,
    persons: Vec<PersonId>,
) -> Result<HashMap<PersonId, String>, DbErr> {
    if let Some(organisation) = at {
        return people::called(db, organisation, &persons).await;
    }
    let rows = super::persons(db, persons).await?;
    Ok(rows.iter().map(|(id, row)| (*id, names::full_name(row))).collect())
}

/// One with its history, in few statements. `said` is everything that was said of it.
pub async fn one<C: Snapshot>(
    app: &App,
    db: &C,
    version: &Version,
    row: completion::Model,
    said: &[completion_verdict::Model],
    at: Option<OrganisationId>,
) -> Result<(Dressed, Vec<Told>), ApiError> {
    let gone = || ApiError::not_found("this completion");
    let history = histories(db, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let files = files(db, std::slice::from_ref(&row)).await?;
    let outside = outside::by_ids(db, row.outside_learning_id.into_iter().collect()).await?;
    let mut called = called(db, at, vec![row.person_id]).await?;
    let key = (app.instance(), version.of(&DEPENDS_ON), row.item_id);
    let of = KEPT
        .get_or_make(key, async { items(db, vec![row.item_id]).await?.remove(&row.item_id).ok_or_else(gone) })
        .await?;
    let dressed = Dressed {
        of: DressedItem::clone(&of),
        evidence: files.of(&row),
        outside: outside.into_values().next(),
        person: row.person_id,
        name: called.remove(&row.person_id).ok_or_else(gone)?,
        said: words_from(db, &history, said).await?,
        row,
    };
    Ok((dressed, history))
}

type Key = (Instance, Version, ItemId);

/// Items change seldom and are told of with every completion.
static KEPT: Cache<Key, DressedItem> = Cache::new(|| cache::Inner::new("completed_item", 8 << 20, |_, of| of.bytes()));
const DEPENDS_ON: [Domain; 2] = [Domain::Catalogue, Domain::Organisations];

impl DressedItem {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let texts = self.item.title.len() + self.item.summary.len() + self.item.description.len();
        1_000 + texts + 100 * self.themes.len()
    }
}

/// What stands of it, with the names that its history tells anyway.
async fn words_from<C: Snapshot>(
    db: &C,
    history: &[Told],
    said: &[completion_verdict::Model],
) -> Result<Vec<Word>, DbErr> {
    let standing: Vec<_> = said.iter().filter(|word| word.taken_back_at.is_none()).collect();
    let named = |word: &completion_verdict::Model| {
        let same = |told: &&Told| {
            told.event.account_id == word.account_id && told.event.organisation_id == Some(word.organisation_id)
        };
        let told = history.iter().find(same)?;
        Some(Word { by: told.by.clone(), organisation: told.organisation.clone()?, row: word.clone() })
    };
    if let Some(words) = standing.iter().map(|word| named(word)).collect() {
        return Ok(words);
    }
    let organisations = names::organisations(db, standing.iter().map(|word| word.organisation_id)).await?;
    let people = names::accounts(db, standing.iter().filter_map(|word| word.account_id)).await?;
    let word = |word: &completion_verdict::Model| Word {
        by: word.account_id.and_then(|id| people.get(&id).cloned()),
        organisation: organisations.get(&word.organisation_id).cloned().unwrap_or_default(),
        row: word.clone(),
    };
    Ok(standing.into_iter().map(word).collect())
}

/// Files of these, and of what they stand for.
async fn files<C: Snapshot>(db: &C, rows: &[completion::Model]) -> Result<Files, DbErr> {
    let outside = unique(rows.iter().filter_map(|row| row.outside_learning_id));
    let mut of = Condition::any().add(evidence::Column::CompletionId.is_in(rows.iter().map(|row| row.id)));
    if !outside.is_empty() {
        of = of.add(evidence::Column::OutsideLearningId.is_in(outside));
    }
    let found = evidence::Entity::find().filter(of).filter(evidence::Column::RemovedAt.is_null());
    let mut files = Files::default();
    for file in found.order_by_asc(evidence::Column::Id).all(db).await? {
        if let Some(id) = file.completion_id {
            files.of_completion.entry(id).or_default().push(file.clone());
        }
        if let Some(id) = file.outside_learning_id {
            files.of_outside.entry(id).or_default().push(file);
        }
    }
    Ok(files)
}

#[derive(Default)]
struct Files {
    of_completion: HashMap<CompletionId, Vec<evidence::Model>>,
    of_outside: HashMap<OutsideLearningId, Vec<evidence::Model>>,
}

impl Files {
    /// Each once, also one that supports both.
    fn of(&self, row: &completion::Model) -> Vec<evidence::Model> {
        let mut files = self.of_completion.get(&row.id).cloned().unwrap_or_default();
        if let Some(more) = row.outside_learning_id.and_then(|id| self.of_outside.get(&id)) {
            files.extend(more.iter().filter(|file| file.completion_id != Some(row.id)).cloned());
            files.sort_by_key(|file| file.id);
        }
        files
    }
}

/// What organisations say of these, as far as it was not taken back.
async fn words<C: Snapshot>(db: &C, rows: &[completion::Model]) -> Result<HashMap<CompletionId, Vec<Word>>, DbErr> {
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
pub async fn histories<C: Snapshot>(db: &C, ids: &[CompletionId]) -> Result<BTreeMap<CompletionId, Vec<Told>>, DbErr> {
    let by: RelationDef = completion_event::Entity::belongs_to(account::Entity)
        .from(completion_event::Column::AccountId)
        .to(account::Column::Id)
        .into();
    let person: RelationDef =
        account::Entity::belongs_to(person::Entity).from(account::Column::PersonId).to(person::Column::Id).into();
    let at: RelationDef = completion_event::Entity::belongs_to(organisation::Entity)
        .from(completion_event::Column::OrganisationId)
        .to(organisation::Column::Id)
        .into();
    let mut told: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for part in ids.chunks(chunk(1)) {
        let events: Vec<EventRow> = completion_event::Entity::find()
            .join(JoinType::LeftJoin, by.clone())
            .join(JoinType::LeftJoin, person.clone())
            .join(JoinType::LeftJoin, at.clone())
            .select_only()
            .columns(completion_event::Column::iter())
            .columns([person::Column::GivenName, person::Column::FamilyName])
            .column(account::Column::Email)
            .column(organisation::Column::Name)
            .filter(completion_event::Column::CompletionId.is_in(part.iter().copied()))
            .order_by_asc(completion_event::Column::At)
            .order_by_asc(completion_event::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        for (id, completion_id, kind, assurance, account_id, organisation_id, reason, at, given, family, email, name) in
            events
        {
            let by = given.zip(family).map(|(given, family)| format!("{given} {family}").trim().to_owned()).or(email);
            let event =
                completion_event::Model { id, completion_id, kind, assurance, account_id, organisation_id, reason, at };
            told.entry(completion_id).or_default().push(Told { event, by, organisation: name });
        }
    }
    Ok(told)
}

/// An event, given and family name and address of who did it, and the name of the organisation.
type EventRow = (
    CompletionEventId,
    CompletionId,
    CompletionEventKind,
    Assurance,
    Option<AccountId>,
    Option<OrganisationId>,
    Option<String>,
    DateTime<Utc>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn unique<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
