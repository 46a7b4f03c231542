//! Searching: the engine says which and in what order, the database says what they are now.
//! Nothing of the engine's copy reaches an answer unless the row still says it.

use std::collections::HashMap;
use std::sync::Arc;

use entity::id::ItemId;
use poem::http::StatusCode;
use uuid::Uuid;

use super::store::Card;
use super::wire::{
    FacetValueOut, FacetsOut, HighlightsOut, HitOut, SearchOut, SegmentOut, SuggestKind, SuggestOut, SuggestionOut,
    area_name, label,
};
use super::{provider, store};
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::base::fold::{fold, tidy};
use crate::base::page;
use crate::base::rendered::Rendered;
use crate::reference::vocabulary;
use crate::search::{
    Facet, FacetCounts, Found, Generation, MAX_TEXT, Query, SearchError, Segment, Sort, SuggestionKind,
};
use crate::state::{App, Instance};

const SUGGESTIONS: usize = 8;

type Key = (Instance, Version, Generation, Asked);
/// By id, as the index holds it.
type Names = HashMap<String, String>;
type Cards = HashMap<ItemId, Arc<Card>>;

/// What was found lately, written down: many people ask the same, and type it alike.
static ANSWERED: Cache<Key, Rendered<SearchOut>> =
    Cache::new(|| cache::Inner::new("search", 16 << 20, |_, answer| answer.bytes()));
/// Cards that were found lately: the best are found again and again.
static CARDS: Cache<(Instance, Version, ItemId), Card> =
    Cache::new(|| cache::Inner::new("card", 16 << 20, |_, card| card.bytes()));
static PROVIDERS: Cache<(Instance, Version), Names> =
    Cache::new(|| cache::Inner::new("provider_names", 4 << 20, |_, names| 120 * names.len()));

const DEPENDS_ON: [Domain; 2] = [Domain::Catalogue, Domain::Organisations];

/// A search as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Asked {
    pub text: String,
    pub filters: Vec<(Facet, Vec<String>)>,
    pub sort: Sort,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

pub async fn search(app: &App, mut asked: Asked) -> Result<Rendered<SearchOut>, ApiError> {
    asked.text = shortened(&asked.text);
    // what is read after these is no older than they say
    let (generation, version) = (app.search.generation(), db::version(&app.db, &DEPENDS_ON).await?);
    let Some(generation) = generation else { return find(app, asked).await };
    let key = (app.instance(), version, generation, asked.clone());
    let found = ANSWERED.get_or_make(key, Box::pin(find(app, asked))).await?;
    Ok(Rendered::clone(&found))
}

async fn find(app: &App, asked: Asked) -> Result<Rendered<SearchOut>, ApiError> {
    let Asked { text, filters, sort, cursor, limit } = asked;
    let offset: usize = page::key(cursor.as_deref())?.unwrap_or(0);
    let limit = usize::try_from(page::limit(limit)).unwrap_or(usize::MAX);
    let mut query = Query { text, sort, offset, limit, ..Query::default() };
    for (facet, values) in filters {
        let mut values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        if facet == Facet::Provider {
            provider_ids(app, &mut values).await?;
        }
        if !values.is_empty() {
            query.filters.insert(facet, values);
        }
    }
    let Found { total, hits, facets, next } = app.search.search(&query).await.map_err(refused)?;
    let ids: Vec<ItemId> = hits.iter().map(|hit| ItemId(hit.id)).collect();
    let read = db::read(&app.db).await?;
    let version = db::version(&read, &DEPENDS_ON).await?;
    let cards = cards(&read, (app.instance(), version.of(&[Domain::Catalogue])), ids).await?;
    let providers = names_of_providers(&read, (app.instance(), version.of(&[Domain::Organisations]))).await?;
    drop(read);
    let hits = hits.into_iter().filter_map(|hit| {
        let row = cards.get(&ItemId(hit.id))?;
        let provider = providers.get(&row.provider_id.to_string()).cloned().unwrap_or_default();
        let highlights = HighlightsOut {
            title: held(hit.highlights.title, &row.title, true),
            summary: held(hit.highlights.summary, &row.summary, false),
        };
        Some(hit_out(row, provider, highlights))
    });
    let hits = hits.collect();
    let facets = facets_out(&facets, &providers);
    Ok(Rendered::new(&SearchOut { total, hits, facets, next_cursor: next.map(|n| page::cursor(&n)) }))
}

/// Longer questions are asked by their beginning rather than refused: people paste paragraphs.
fn shortened(text: &str) -> String {
    tidy(text).chars().take(MAX_TEXT).collect()
}

fn hit_out(row: &Card, provider: String, highlights: HighlightsOut) -> HitOut {
    let row = row.clone();
    HitOut {
        id: row.id,
        reference: row.reference,
        kind: row.kind,
        title: row.title,
        summary: row.summary,
        provider,
        provider_id: row.provider_id,
        level: row.level,
        minutes: row.minutes,
        delivery_label: label("delivery", &row.delivery),
        delivery: row.delivery,
        cost_label: label("cost", &row.cost),
        cost: row.cost,
        validity_months: row.validity_months,
        highlights,
    }
}

/// The engine's segments, if they still are what the row says.
fn held(segments: Vec<Segment>, text: &str, whole: bool) -> Vec<SegmentOut> {
    let joined: String = segments.iter().map(|segment| segment.text.as_str()).collect();
    let bare = joined.trim_start_matches('\u{2026}').trim_end_matches('\u{2026}');
    let right = if whole { joined == text } else { !joined.is_empty() && text.contains(bare) };
    if right {
        return segments.into_iter().map(Into::into).collect();
    }
    vec![SegmentOut { text: text.to_owned(), is_match: false }]
}

/// A provider may be asked for by name: links that people write hold names.
async fn provider_ids(app: &App, values: &mut [String]) -> Result<(), ApiError> {
    let names: Vec<String> =
        values.iter().filter(|value| Uuid::try_parse(value).is_err()).map(|name| fold(&tidy(name))).collect();
    if names.is_empty() {
        return Ok(());
    }
    let found = provider::by_names(&app.db, &names).await?;
    for value in values {
        if let Some(row) = found.get(&fold(&tidy(value))) {
            *value = row.id.to_string();
        }
    }
    Ok(())
}

/// The published ones of these. All of one version: those that are kept, and the others read.
async fn cards<C: Snapshot>(
    db: &C,
    (instance, version): (Instance, Version),
    ids: Vec<ItemId>,
) -> Result<Cards, ApiError> {
    let (mut found, mut missing) = (Cards::new(), Vec::new());
    for id in ids {
        match CARDS.get(&(instance, version, id)).await {
            Some(card) => {
                found.insert(id, card);
            }
            None => missing.push(id),
        }
    }
    if !missing.is_empty() {
        for card in store::cards(db, missing).await? {
            let (id, card) = (card.id, Arc::new(card));
            CARDS.put((instance, version, id), Arc::clone(&card)).await;
            found.insert(id, card);
        }
    }
    Ok(found)
}

/// Of all providers: a search names most of them beside its counts.
async fn names_of_providers<C: Snapshot>(db: &C, key: (Instance, Version)) -> Result<Arc<Names>, ApiError> {
    let read = async {
        let names = provider::names(db).await?;
        Ok::<Names, ApiError>(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
    };
    PROVIDERS.get_or_make(key, read).await
}

fn facets_out(counts: &FacetCounts, providers: &Names) -> FacetsOut {
    let of = |facet: Facet, label: &dyn Fn(&str) -> String| -> Vec<FacetValueOut> {
        let values = counts.get(&facet).into_iter().flatten();
        let out = |(value, count): &(String, u64)| FacetValueOut {
            value: value.clone(),
            label: label(value),
            count: *count,
            parent: (facet == Facet::Topic).then(|| vocabulary::term("topic", value)?.parent.clone()).flatten(),
        };
        values.map(out).collect()
    };
    // a ladder is shown from its foot, not by how many stand on each rung
    let in_order = |facet: Facet, list: &str| {
        let mut values = of(facet, &|slug| label(list, slug));
        values.sort_by_key(|value| vocabulary::term(list, &value.value).map_or(i32::MAX, |term| term.sort));
        values
    };
    FacetsOut {
        kind: of(Facet::Kind, &capitalised),
        topic: of(Facet::Topic, &|slug| label("topic", slug)),
        theme: in_order(Facet::Theme, "theme"),
        level: in_order(Facet::Level, "level"),
        provider: of(Facet::Provider, &|id| providers.get(id).cloned().unwrap_or_default()),
        delivery: of(Facet::Delivery, &|slug| label("delivery", slug)),
        cost: in_order(Facet::Cost, "cost"),
        audience: of(Facet::Audience, &capitalised),
        mat_standard: in_order(Facet::MatStandard, "mat_standard"),
        area: of(Facet::Area, &area_name),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub async fn suggest(app: &App, text: &str) -> Result<SuggestOut, ApiError> {
    let found = app.search.suggest(&shortened(text), SUGGESTIONS).await.map_err(refused)?;
    let ids: Vec<ItemId> = found.iter().filter_map(|suggestion| suggestion.id).map(ItemId).collect();
    let rows = if ids.is_empty() { Vec::new() } else { store::cards(&app.db, ids).await? };
    let titles: HashMap<Uuid, String> = rows.into_iter().map(|row| (row.id.0, row.title)).collect();
    let items = found.into_iter().filter_map(|suggestion| {
        let (kind, text) = match suggestion.kind {
            SuggestionKind::Title => (SuggestKind::Title, titles.get(&suggestion.id?)?.clone()),
            SuggestionKind::Topic => (SuggestKind::Topic, suggestion.text),
            SuggestionKind::Provider => (SuggestKind::Provider, suggestion.text),
        };
        Some(SuggestionOut { kind, text, id: suggestion.id.map(ItemId), value: suggestion.value })
    });
    Ok(SuggestOut { items: items.collect() })
}

fn refused(error: SearchError) -> ApiError {
    match error {
        SearchError::Unavailable(cause) => {
            tracing::warn!(cause, "search is unavailable");
            ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "search_unavailable",
                "Search is out of reach for a moment. Everything else works; please try again shortly.",
            )
        }
        SearchError::Invalid(detail) => ApiError::bad_request(format!("This search cannot be answered: {detail}.")),
        SearchError::Internal(cause) => ApiError::internal(&cause),
    }
}
