//! Keeping the search index in step with the database: documents from published items, the
//! outbox followed, the whole rebuilt when it is missing, of an older schema, or ahead of a
//! database that was put back.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::id::ItemId;
use entity::value::{ItemStatus, Spelled};
use entity::{search_outbox, search_position};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::markdown;
use super::rules::Content;
use super::store::{self, Whole};
use super::wire::label;
use crate::base::clock::london_date;
use crate::base::fold::fold;
use crate::reference::vocabulary;
use crate::search::{Changes, Document, SearchError, State};
use crate::state::App;

/// How often the outbox is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How often an idle process asks whether the engine still holds what it was given.
const LOOK_AT_ENGINE_EVERY: Duration = Duration::from_secs(5);
/// How long to wait for an engine that is down.
const PATIENCE: Duration = Duration::from_secs(3);
const BATCH: u64 = 500;
/// A process that died while it fed a shared engine is forgotten after this.
const LEASE: TimeDelta = TimeDelta::minutes(10);
const CONSUMER: &str = "shared";

#[derive(Debug)]
pub enum IndexError {
    Database(DbErr),
    Search(SearchError),
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => error.fmt(f),
            Self::Search(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for IndexError {}

impl From<DbErr> for IndexError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<SearchError> for IndexError {
    fn from(error: SearchError) -> Self {
        Self::Search(error)
    }
}

/// Keeps the index in step until the future is dropped. An engine that is down is waited for.
pub async fn follow(app: App) {
    let mut down = false;
    let mut reached = None;
    let mut looked = Instant::now();
    loop {
        // one cheap question when nothing has changed; the engine itself is looked at now and then
        let idle = reached.is_some() && looked.elapsed() < LOOK_AT_ENGINE_EVERY;
        if idle && last_seq(&app).await.is_ok_and(|seq| Some(seq) == reached) {
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        }
        let pause = match take_turn(&app).await {
            Ok(position) => {
                if std::mem::take(&mut down) {
                    tracing::info!("search is back and has caught up");
                }
                (reached, looked) = (position, Instant::now());
                LOOK_EVERY
            }
            Err(error) => {
                if !std::mem::replace(&mut down, true) {
                    tracing::warn!(%error, "search cannot be kept in step; trying again until it can");
                }
                reached = None;
                PATIENCE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// A shared engine is fed by one process at a time; each process feeds its own embedded one.
/// Gives the position reached, if it was this process's turn.
async fn take_turn(app: &App) -> Result<Option<i64>, IndexError> {
    if app.config.meilisearch_url.is_none() {
        return catch_up(app).await.map(Some);
    }
    let now = app.clock.now();
    let first = search_position::Model { consumer: CONSUMER.to_owned(), seq: 0, updated_at: now - LEASE };
    let once = OnConflict::column(search_position::Column::Consumer).do_nothing().to_owned();
    search_position::Entity::insert(first.into_active_model())
        .on_conflict(once)
        .exec_without_returning(&app.db)
        .await?;
    let claim = search_position::ActiveModel { updated_at: Set(now + LEASE), ..Default::default() };
    let claimed = search_position::Entity::update_many()
        .set(claim)
        .filter(search_position::Column::Consumer.eq(CONSUMER))
        .filter(search_position::Column::UpdatedAt.lte(now))
        .exec(&app.db)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(None);
    }
    let outcome = catch_up(app).await;
    let free = app.clock.now();
    let mut release = search_position::ActiveModel { updated_at: Set(free), ..Default::default() };
    if let Ok(seq) = outcome {
        release.seq = Set(seq);
    }
    search_position::Entity::update_many()
        .set(release)
        .filter(search_position::Column::Consumer.eq(CONSUMER))
        .exec(&app.db)
        .await?;
    outcome.map(Some)
}

/// Brings the index up to the outbox's end; gives the position reached.
pub async fn catch_up(app: &App) -> Result<i64, IndexError> {
    let status = app.search.status().await?;
    let end = last_seq(app).await?;
    let mut position = status.position.unwrap_or(0);
    if status.state != State::Ready || position > end {
        tracing::info!(state = ?status.state, "building the search index");
        return rebuild(app, |_, _| {}).await;
    }
    while position < end {
        let rows = search_outbox::Entity::find()
            .filter(search_outbox::Column::Seq.gt(position))
            .order_by_asc(search_outbox::Column::Seq)
            .limit(BATCH)
            .all(&app.db)
            .await?;
        let Some(last) = rows.last() else { break };
        position = last.seq;
        let ids: HashSet<ItemId> = rows.iter().map(|row| row.item_id).collect();
        let items = store::published(&app.db, ids.iter().copied().collect()).await?;
        let upsert: Vec<Document> = store::whole(&app.db, items).await?.iter().map(document).collect();
        let kept: HashSet<_> = upsert.iter().map(|document| document.id).collect();
        let delete = ids.iter().map(|id| id.0).filter(|id| !kept.contains(id)).collect();
        app.search.apply(Changes { upsert, delete, position: Some(position) }).await?;
    }
    Ok(position)
}

/// Builds the index anew beside the live one; `progress` hears how many of how many are in.
pub async fn rebuild(app: &App, progress: impl Fn(u64, u64)) -> Result<i64, IndexError> {
    // before the first row is read, so that what changes meanwhile is followed afterwards
    let position = last_seq(app).await?;
    let all = store::count_published(&app.db).await?;
    let mut building = app.search.rebuild().await?;
    let (mut after, mut done) = (None, 0);
    loop {
        let rows = store::published_after(&app.db, after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        done += rows.len() as u64;
        building.add(store::whole(&app.db, rows).await?.iter().map(document).collect()).await?;
        progress(done, all.max(done));
    }
    building.finish(Some(position)).await?;
    Ok(position)
}

async fn last_seq(app: &App) -> Result<i64, DbErr> {
    let last = search_outbox::Entity::find().order_by_desc(search_outbox::Column::Seq).one(&app.db).await?;
    Ok(last.map_or(0, |row| row.seq))
}

/// Free text such as "peers, prison" as the values of a facet.
pub fn audiences(text: &str) -> Vec<String> {
    let mut values: Vec<String> = text.split([',', ';']).map(fold).filter(|value| !value.is_empty()).collect();
    values.sort();
    values.dedup();
    values
}

fn document(whole: &Whole) -> Document {
    let Whole { row, provider, content } = whole;
    let Content { topics, themes, mat_standards, .. } = content;
    debug_assert!(row.status == ItemStatus::Published, "only published items are indexed");
    let topics = with_parents(topics);
    let slugs = topics.iter().map(|topic| ("topic", topic.as_str()));
    let named = slugs.chain(themes.iter().map(|theme| ("theme", theme.slug.as_str())));
    let mut aliases = BTreeSet::new();
    for (vocabulary, slug) in named {
        if let Some(term) = vocabulary::term(vocabulary, slug) {
            aliases.extend(term.aliases.iter().cloned());
        }
    }
    Document {
        id: row.id.0,
        reference: row.reference.clone(),
        kind: row.kind.spelling().to_owned(),
        title: row.title.clone(),
        summary: row.summary.clone(),
        body: markdown::plain(&row.description),
        provider: row.provider_id.to_string(),
        provider_name: provider.clone(),
        topic_names: topics.iter().map(|slug| label("topic", slug)).collect(),
        topics,
        themes: themes.iter().map(|theme| theme.slug.clone()).collect(),
        level: row.level.map(|level| level.spelling().to_owned()),
        delivery: Some(row.delivery.clone()).filter(|slug| !slug.is_empty()),
        cost: Some(row.cost.clone()).filter(|slug| !slug.is_empty()),
        audience: audiences(&row.audience),
        mat_standards: mat_standards.iter().map(ToString::to_string).collect(),
        areas: row.area.iter().cloned().collect(),
        minutes: row.minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        published_on: row.published_at.map(london_date),
        aliases: aliases.into_iter().collect(),
    }
}

/// Whoever chooses a broad topic wants what stands under it.
fn with_parents(topics: &[String]) -> Vec<String> {
    let parents = topics.iter().filter_map(|slug| vocabulary::term("topic", slug)?.parent.clone());
    let mut all: Vec<String> = topics.to_vec();
    for parent in parents {
        if !all.contains(&parent) {
            all.push(parent);
        }
    }
    all
}
