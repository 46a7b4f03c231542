//! One pass over everything that matches the text: filters, total, facet counts and the best hits.
//!
//! A document that fails no filter counts everywhere. One that fails only a single facet's filter
//! counts in that facet alone: that is what keeps a facet's own choice from shrinking its options.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};
use uuid::Uuid;

use super::columns::{Counted, by_count};
use super::schema;
use crate::search::document::Facet;
use crate::search::{FacetCounts, Sort};

/// A hit with what it is ordered by.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: Uuid,
    pub score: Score,
    pub address: DocAddress,
    number: Option<i64>,
    title: String,
}

#[derive(Debug, Default)]
pub struct Collected {
    pub total: u64,
    pub best: Vec<Candidate>,
    pub facets: FacetCounts,
}

pub struct Collect<'a> {
    pub filters: &'a BTreeMap<Facet, Vec<String>>,
    pub sort: Sort,
    /// How many of the best to keep (offset + limit).
    pub keep: usize,
}

impl Collector for Collect<'_> {
    type Fruit = Collected;
    type Child = SegmentCollect;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCollect> {
        let fast = segment.fast_fields();
        let mut facets = Vec::with_capacity(Facet::ALL.len());
        for facet in Facet::ALL {
            let column = fast.str(facet.name())?;
            let wanted = self.filters.get(&facet).filter(|values| !values.is_empty());
            facets.push(Counted::new(column, wanted.map(Vec::as_slice))?);
        }
        Ok(SegmentCollect {
            segment: ordinal,
            sort: self.sort,
            keep: self.keep,
            facets,
            id_high: fast.u64(schema::ID_HIGH)?,
            id_low: fast.u64(schema::ID_LOW)?,
            minutes: fast.u64(schema::MINUTES)?,
            published: fast.i64(schema::PUBLISHED)?,
            titles: fast.str(schema::TITLE_KEY)?,
            total: 0,
            seen: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentFound>>) -> tantivy::Result<Collected> {
        let mut collected = Collected::default();
        let mut counts: BTreeMap<Facet, HashMap<String, u64>> = BTreeMap::new();
        for segment in segments {
            let segment = segment?;
            collected.total += segment.total;
            collected.best.extend(segment.best);
            for (facet, value, count) in segment.counts {
                *counts.entry(facet).or_default().entry(value).or_default() += count;
            }
        }
        collected.best.sort_by(|a, b| order(self.sort, a, b));
        collected.best.truncate(self.keep);
        collected.facets =
            Facet::ALL.into_iter().map(|facet| (facet, by_count(counts.remove(&facet).unwrap_or_default()))).collect();
        Ok(collected)
    }
}

pub struct SegmentCollect {
    segment: SegmentOrdinal,
    sort: Sort,
    keep: usize,
    facets: Vec<Counted>,
    id_high: Column<u64>,
    id_low: Column<u64>,
    minutes: Column<u64>,
    published: Column<i64>,
    titles: Option<StrColumn>,
    total: u64,
    seen: Vec<Seen>,
}

/// A document while its segment is read: the title is still a number that orders like it.
#[derive(Clone, Copy)]
struct Seen {
    document: DocId,
    score: Score,
    number: Option<i64>,
    title: u64,
    id: (u64, u64),
}

pub struct SegmentFound {
    total: u64,
    best: Vec<Candidate>,
    counts: Vec<(Facet, String, u64)>,
}

impl SegmentCollect {
    fn note(&mut self, document: DocId, score: Score) {
        let first = |column: &Column<u64>| column.first(document);
        let number = match self.sort {
            Sort::Newest => self.published.first(document),
            Sort::Shortest => first(&self.minutes).and_then(|minutes| i64::try_from(minutes).ok()),
            Sort::Relevance | Sort::Title => None,
        };
        let titles = self.titles.as_ref().filter(|_| by_title(self.sort));
        let title = titles.and_then(|titles| first(titles.ords()));
        self.seen.push(Seen {
            document,
            // equal but for the last bits of a float is equal: the id decides
            score: (score * 1000.0).round() / 1000.0,
            number,
            title: title.unwrap_or(u64::MAX),
            id: (first(&self.id_high).unwrap_or_default(), first(&self.id_low).unwrap_or_default()),
        });
        // now and then, so that a hundred thousand matches do not all have to be held
        if self.seen.len() >= 4 * self.keep.max(1000) {
            self.cut();
        }
    }

    /// Leaves the best, in no order.
    fn cut(&mut self) {
        let sort = self.sort;
        if self.seen.len() > self.keep {
            self.seen.select_nth_unstable_by(self.keep, |a, b| {
                ranked(sort, (a.score, b.score), (a.number, b.number), a.title.cmp(&b.title))
                    .then_with(|| a.id.cmp(&b.id))
            });
            self.seen.truncate(self.keep);
        }
    }

    fn finish(mut self) -> tantivy::Result<SegmentFound> {
        self.cut();
        let mut best = Vec::with_capacity(self.seen.len());
        for seen in &self.seen {
            let mut title = String::new();
            if let Some(titles) = self.titles.as_ref().filter(|_| by_title(self.sort)) {
                titles.ord_to_str(seen.title, &mut title)?;
            }
            best.push(Candidate {
                id: Uuid::from_u64_pair(seen.id.0, seen.id.1),
                score: seen.score,
                address: DocAddress::new(self.segment, seen.document),
                number: seen.number,
                title,
            });
        }
        let mut counts = Vec::new();
        for (facet, column) in Facet::ALL.into_iter().zip(&self.facets) {
            let found = column.found()?;
            counts.extend(found.into_iter().map(|(value, count)| (facet, value, count)));
        }
        Ok(SegmentFound { total: self.total, best, counts })
    }
}

impl SegmentCollector for SegmentCollect {
    type Fruit = tantivy::Result<SegmentFound>;

    fn collect(&mut self, document: DocId, score: Score) {
        let mut failed = None;
        for (at, facet) in self.facets.iter().enumerate() {
            if !facet.passes(document) {
                if failed.is_some() {
                    return; // fails two: counts nowhere
                }
                failed = Some(at);
            }
        }
        if let Some(at) = failed {
            self.facets[at].count(document);
            return;
        }
        self.total += 1;
        for facet in &mut self.facets {
            facet.count(document);
        }
        if self.keep > 0 {
            self.note(document, score);
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.finish()
    }
}

/// Whether titles have a say: reading one costs more than counting a document.
fn by_title(sort: Sort) -> bool {
    sort != Sort::Relevance
}

/// The one order of hits; the id, compared by the caller, settles what this leaves equal.
fn ranked(sort: Sort, scores: (Score, Score), numbers: (Option<i64>, Option<i64>), titles: Ordering) -> Ordering {
    match sort {
        Sort::Relevance => scores.1.total_cmp(&scores.0),
        Sort::Newest => numbers.1.cmp(&numbers.0).then(titles), // `None` is least: last
        Sort::Shortest => {
            let last = |number: Option<i64>| number.unwrap_or(i64::MAX);
            last(numbers.0).cmp(&last(numbers.1)).then(titles)
        }
        Sort::Title => titles,
    }
}

fn order(sort: Sort, a: &Candidate, b: &Candidate) -> Ordering {
    ranked(sort, (a.score, b.score), (a.number, b.number), a.title.cmp(&b.title)).then_with(|| a.id.cmp(&b.id))
}
