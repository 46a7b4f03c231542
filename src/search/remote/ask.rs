//! A search as one request: hits, total and facets together, because they must agree.

use std::collections::{BTreeMap, HashMap};

use meilisearch_sdk::search::{
    MatchingStrategies, MultiSearchQuery, MultiSearchResponse, SearchQuery, SearchResult, SearchResults, Selectors,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{Shared, row};
use crate::search::document::Facet;
use crate::search::highlight::{self, Highlights, SUMMARY_WORDS, Segment};
use crate::search::words::{self, Asked};
use crate::search::{Found, Hit, MAX_DEPTH, Query, SearchError, Sort, Suggestion, SuggestionKind, suggest};

const OPEN: &str = "\u{e000}";
const CLOSE: &str = "\u{e001}";
const MOST_LABELS: usize = 5;

#[derive(Debug, Clone, Deserialize)]
struct Row {
    id: Uuid,
    #[serde(default)]
    title: String,
}

type Answer = SearchResults<Row>;

/// A query with everything that the client wants to borrow.
struct Plan<'a> {
    query: &'a Query,
    text: String,
    sort: Vec<&'static str>,
    /// Facets with a choice; each is counted without its own filter.
    chosen: Vec<(Facet, [&'static str; 1], String)>,
    filter: String,
}

impl<'a> Plan<'a> {
    fn new(query: &'a Query, asked: &Asked) -> Self {
        let chosen: Vec<Facet> =
            query.filters.iter().filter(|(_, values)| !values.is_empty()).map(|(facet, _)| *facet).collect();
        let sort = match query.sort {
            Sort::Relevance if !asked.words.is_empty() => vec![],
            Sort::Relevance | Sort::Newest => vec!["published:desc", "title_key:asc", "id:asc"],
            Sort::Shortest => vec!["minutes:asc", "title_key:asc", "id:asc"],
            Sort::Title => vec!["title_key:asc", "id:asc"],
        };
        Self {
            query,
            text: text(asked),
            sort,
            filter: filter(&query.filters, None),
            chosen: chosen
                .into_iter()
                .map(|facet| (facet, [facet.name()], filter(&query.filters, Some(facet))))
                .collect(),
        }
    }
}

/// What is sent: our own reading of the query, so that quotes and minus signs mean nothing and
/// both engines drop the same words. A space at the end says that the last word is complete.
fn text(asked: &Asked) -> String {
    let mut text = asked.words.join(" ");
    if !asked.last_is_prefix && !text.is_empty() {
        text.push(' ');
    }
    text
}

/// Values of one facet are alternatives, different facets must all hold.
fn filter(filters: &BTreeMap<Facet, Vec<String>>, without: Option<Facet>) -> String {
    let quoted = |value: &String| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    filters
        .iter()
        .filter(|(facet, values)| Some(**facet) != without && !values.is_empty())
        .map(|(facet, values)| {
            let values: Vec<String> = values.iter().map(quoted).collect();
            format!("{} IN [{}]", facet.name(), values.join(", "))
        })
        .collect::<Vec<_>>()
        .join(" AND ")
}

impl Shared {
    pub(super) async fn search(&self, query: &Query) -> Result<Found, SearchError> {
        let asked = words::asked(&query.text);
        let plan = Plan::new(query, &asked);
        let answers = self.run(&plan, MatchingStrategies::ALL).await?;
        // Strictness depends on the text alone: see the embedded engine.
        let matched = answers.last().and_then(|answer| answer.total_hits).unwrap_or_default();
        if matched == 0 && asked.words.len() > 1 {
            let answers = self.run(&plan, MatchingStrategies::FREQUENCY).await?;
            return found(&plan, answers);
        }
        found(&plan, answers)
    }

    /// The page; total and facets under all filters; each chosen facet without its own; the text
    /// without filters.
    async fn run(&self, plan: &Plan<'_>, strategy: MatchingStrategies) -> Result<Vec<Answer>, SearchError> {
        let mut all = MultiSearchQuery::new(&self.client);
        let names = Facet::ALL.map(Facet::name);

        let mut page = SearchQuery::new(&self.items);
        page.with_query(&plan.text)
            .with_offset(plan.query.offset)
            .with_limit(plan.query.limit)
            .with_matching_strategy(strategy.clone())
            .with_attributes_to_retrieve(Selectors::Some(&["id"]))
            .with_attributes_to_highlight(Selectors::Some(&["title", "summary"]))
            .with_attributes_to_crop(Selectors::Some(&[("summary", Some(SUMMARY_WORDS))]))
            .with_crop_marker("\u{2026}")
            .with_highlight_pre_tag(OPEN)
            .with_highlight_post_tag(CLOSE)
            .with_show_ranking_score(true);
        if !plan.sort.is_empty() {
            page.with_sort(&plan.sort);
        }
        if !plan.filter.is_empty() {
            page.with_filter(&plan.filter);
        }
        all.with_search_query(page.build());

        // only pages, not offsets, are counted exactly
        let counting = || {
            let mut count = SearchQuery::new(&self.items);
            count.with_query(&plan.text).with_page(1).with_hits_per_page(0).with_matching_strategy(strategy.clone());
            count
        };
        let mut total = counting();
        total.with_facets(Selectors::Some(&names));
        if !plan.filter.is_empty() {
            total.with_filter(&plan.filter);
        }
        all.with_search_query(total);
        for (_, name, filter) in &plan.chosen {
            let mut own = counting();
            own.with_facets(Selectors::Some(name));
            if !filter.is_empty() {
                own.with_filter(filter);
            }
            all.with_search_query(own);
        }
        all.with_search_query(counting());

        let expected = all.queries.len();
        let response: MultiSearchResponse<Row> = self.reading(all.execute()).await?;
        if response.results.len() != expected {
            return Err(unreadable());
        }
        Ok(response.results)
    }

    pub(super) async fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let asked = words::asked(typed);
        if asked.words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let text = text(&asked);
        let mut titles = SearchQuery::new(&self.items);
        titles
            .with_query(&text)
            .with_limit(limit)
            .with_matching_strategy(MatchingStrategies::ALL)
            .with_attributes_to_search_on(&["title"])
            .with_attributes_to_retrieve(Selectors::Some(&["id", "title"]));
        let mut labels = SearchQuery::new(&self.items);
        labels.with_limit(0).with_facets(Selectors::Some(&[row::TOPIC_PAIR, row::PROVIDER_PAIR]));
        let mut both = MultiSearchQuery::new(&self.client);
        both.with_search_query(titles.build()).with_search_query(labels.build());
        let response: MultiSearchResponse<Row> = self.reading(both.execute()).await?;
        let Ok([titles, labels]) = <[Answer; 2]>::try_from(response.results) else {
            return Err(unreadable());
        };
        let titles = titles
            .hits
            .into_iter()
            .map(|hit| Suggestion {
                kind: SuggestionKind::Title,
                text: hit.result.title,
                id: Some(hit.result.id),
                value: None,
            })
            .collect();
        let counts = labels.facet_distribution.unwrap_or_default();
        let matching = |name: &str, kind| {
            let pairs = counts.get(name).map(by_count).unwrap_or_default();
            suggest::matching(typed, kind, &pairs, MOST_LABELS)
        };
        let topics = matching(row::TOPIC_PAIR, SuggestionKind::Topic);
        let providers = matching(row::PROVIDER_PAIR, SuggestionKind::Provider);
        Ok(suggest::mix(titles, topics, providers, limit))
    }
}

fn unreadable() -> SearchError {
    SearchError::Unavailable("Meilisearch answered something unreadable".into())
}

fn found(plan: &Plan<'_>, answers: Vec<Answer>) -> Result<Found, SearchError> {
    let mut answers = answers.into_iter();
    let (Some(page), Some(totals)) = (answers.next(), answers.next()) else {
        return Err(unreadable());
    };
    let mut counts = totals.facet_distribution.unwrap_or_default();
    for ((facet, ..), own) in plan.chosen.iter().zip(answers) {
        let own = own.facet_distribution.unwrap_or_default().remove(facet.name());
        counts.insert(facet.name().to_owned(), own.unwrap_or_default());
    }
    let facets = Facet::ALL
        .into_iter()
        .map(|facet| (facet, counts.get(facet.name()).map(by_count).unwrap_or_default()))
        .collect();
    let total = totals.total_hits.unwrap_or_default();
    let hits: Vec<Hit> = page.hits.into_iter().map(hit).collect();
    let end = plan.query.offset + hits.len();
    let more = !hits.is_empty() && end < total.min(MAX_DEPTH);
    Ok(Found { total: u64::try_from(total).unwrap_or_default(), hits, facets, next: more.then_some(end) })
}

fn hit(found: SearchResult<Row>) -> Hit {
    let formatted = found.formatted_result.unwrap_or_default();
    let segments = |name: &str| -> Vec<Segment> {
        let marked = formatted.get(name).and_then(|value| value.as_str());
        marked.map(highlight::from_markers).unwrap_or_default()
    };
    Hit {
        id: found.result.id,
        score: score(found.ranking_score),
        highlights: Highlights { title: segments("title"), summary: segments("summary") },
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a score between 0 and 1, for comparison only")]
fn score(score: Option<f64>) -> f32 {
    score.unwrap_or_default() as f32
}

fn by_count(counts: &HashMap<String, usize>) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = counts
        .iter()
        .map(|(value, count)| (value.clone(), u64::try_from(*count).unwrap_or_default()))
        .filter(|(_, count)| *count > 0)
        .collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}
