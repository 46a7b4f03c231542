//! One open index: reading, writing, searching. Blocking throughout.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tantivy::collector::Count;
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::AllQuery;
use tantivy::schema::Value;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::collect::{Candidate, Collect, Collected};
use super::columns::Values;
use super::fault;
use super::query::{self, Prepared};
use super::schema::{self, Fields};
use crate::search::highlight::{self, Highlights, SUMMARY_WORDS};
use crate::search::words::Asked;
use crate::search::{
    Changes, Facet, Found, Generation, Hit, MAX_DEPTH, Query, SearchError, Sort, State, Status, Suggestion,
    SuggestionKind, suggest, words,
};

/// Bytes that a writer gathers before it writes a segment; Tantivy's least.
const WRITER_BYTES: usize = 15_000_000;
/// Topics and providers that a suggestion may choose from in one answer.
const MOST_LABELS: usize = 5;

/// How many indexes this process has opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

pub struct Open {
    number: u64,
    index: Index,
    reader: IndexReader,
    /// Made with the first change: a process that only reads needs no lock.
    writer: Mutex<Option<IndexWriter>>,
}

/// A writer small enough for a service that writes now and then.
pub fn writer(index: &Index, bytes: usize) -> tantivy::Result<IndexWriter> {
    index.writer_with_options(
        IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(bytes.max(WRITER_BYTES))
            .build(),
    )
}

impl Open {
    pub fn existing(path: &Path, fields: &Fields) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(path)?;
        if index.schema() != fields.schema {
            return Err(tantivy::TantivyError::SchemaError("not the schema of this version".into()));
        }
        Fields::register_tokenizers(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { number: OPENED.fetch_add(1, Ordering::Relaxed), index, reader, writer: Mutex::new(None) })
    }

    pub fn generation(&self) -> Generation {
        let commit = self.reader.searcher().generation().generation_id();
        Generation { opened: self.number, commit }
    }

    pub fn status(&self) -> Result<Status, SearchError> {
        Ok(Status {
            state: State::Ready,
            documents: self.reader.searcher().num_docs(),
            position: self.payload()?.and_then(|payload| payload.parse().ok()),
        })
    }

    fn payload(&self) -> Result<Option<String>, SearchError> {
        Ok(self.index.load_metas().map_err(fault)?.payload)
    }

    pub fn apply(&self, fields: &Fields, changes: &Changes) -> Result<(), SearchError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out: should anything fail below, it is dropped with what it had gathered, and
        // the next change starts from the last commit.
        let mut current = match slot.take() {
            Some(writer) => writer,
            None => writer(&self.index, WRITER_BYTES).map_err(fault)?,
        };
        let payload = match changes.position {
            Some(position) => Some(position.to_string()),
            None => self.payload()?,
        };
        write(&mut current, fields, changes, payload.as_deref()).map_err(fault)?;
        self.reader.reload().map_err(fault)?;
        *slot = Some(current);
        Ok(())
    }

    pub fn search(&self, fields: &Fields, query: &Query) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        let asked = words::asked(&query.text);
        let collect = Collect {
            filters: &query.filters,
            sort: match query.sort {
                Sort::Relevance if asked.words.is_empty() => Sort::Newest,
                other => other,
            },
            keep: if query.limit == 0 { 0 } else { query.offset + query.limit },
        };
        let (collected, prepared) = run(&searcher, fields, &asked, &collect).map_err(fault)?;
        let total = collected.total;
        let mut hits = Vec::new();
        for candidate in collected.best.into_iter().skip(query.offset).take(query.limit) {
            hits.push(hit(&searcher, fields, &candidate, prepared.as_ref()).map_err(fault)?);
        }
        let end = query.offset + hits.len();
        let more = !hits.is_empty() && end < MAX_DEPTH && u64::try_from(end).is_ok_and(|end| end < total);
        Ok(Found { total, hits, facets: collected.facets, next: more.then_some(end) })
    }

    pub fn suggest(
        &self,
        fields: &Fields,
        text: &str,
        asked: &Asked,
        limit: usize,
    ) -> Result<Vec<Suggestion>, SearchError> {
        let searcher = self.reader.searcher();
        let titles = titles(&searcher, fields, asked, limit).map_err(fault)?;
        let labels = |column, kind| -> Result<Vec<Suggestion>, SearchError> {
            let pairs = searcher.search(&AllQuery, &Values(column)).map_err(fault)?;
            Ok(suggest::matching(text, kind, &pairs, MOST_LABELS))
        };
        let topics = labels(schema::TOPIC_PAIR, SuggestionKind::Topic)?;
        let providers = labels(schema::PROVIDER_PAIR, SuggestionKind::Provider)?;
        Ok(suggest::mix(titles, topics, providers, limit))
    }
}

fn write(writer: &mut IndexWriter, fields: &Fields, changes: &Changes, payload: Option<&str>) -> tantivy::Result<()> {
    for id in &changes.delete {
        writer.delete_term(Term::from_field_text(fields.id, &id.to_string()));
    }
    for document in &changes.upsert {
        writer.delete_term(Term::from_field_text(fields.id, &document.id.to_string()));
        writer.add_document(fields.row(document))?;
    }
    commit(writer, payload)
}

pub fn commit(writer: &mut IndexWriter, payload: Option<&str>) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    if let Some(payload) = payload {
        prepared.set_payload(payload);
    }
    prepared.commit()?;
    Ok(())
}

/// All words if anything has them all, else as many as something has. Filters play no part in
/// that choice: ticking a box narrows what was found and never changes what was asked.
fn run(
    searcher: &Searcher,
    fields: &Fields,
    asked: &Asked,
    collect: &Collect<'_>,
) -> tantivy::Result<(Collected, Option<Prepared>)> {
    if asked.words.is_empty() {
        return Ok((searcher.search(&AllQuery, collect)?, None));
    }
    let prepared = query::prepare(searcher, fields, &fields.searched(), asked)?;
    for need in (1..=prepared.strictest()).rev() {
        let query = prepared.needing(need);
        if collect.filters.is_empty() {
            let collected = searcher.search(&*query, collect)?;
            if collected.total > 0 {
                return Ok((collected, Some(prepared)));
            }
        } else if searcher.search(&*query, &Count)? > 0 {
            return Ok((searcher.search(&*query, collect)?, Some(prepared)));
        }
    }
    let facets = Facet::ALL.into_iter().map(|facet| (facet, Vec::new())).collect();
    Ok((Collected { facets, ..Collected::default() }, None))
}

fn hit(
    searcher: &Searcher,
    fields: &Fields,
    candidate: &Candidate,
    prepared: Option<&Prepared>,
) -> tantivy::Result<Hit> {
    let stored: TantivyDocument = searcher.doc(candidate.address)?;
    let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
    let none = std::collections::HashSet::new();
    let stems = prepared.map_or(&none, |prepared| &prepared.stems);
    Ok(Hit {
        id: candidate.id,
        score: candidate.score,
        highlights: Highlights {
            title: highlight::mark(text(fields.title), stems, None),
            summary: highlight::mark(text(fields.summary), stems, Some(SUMMARY_WORDS)),
        },
    })
}

fn titles(searcher: &Searcher, fields: &Fields, asked: &Asked, limit: usize) -> tantivy::Result<Vec<Suggestion>> {
    let prepared = query::prepare(searcher, fields, &fields.title_only(), asked)?;
    if prepared.strictest() < asked.words.len() {
        return Ok(Vec::new());
    }
    let filters = std::collections::BTreeMap::new();
    let collect = Collect { filters: &filters, sort: Sort::Relevance, keep: limit };
    let found = searcher.search(&*prepared.needing(asked.words.len()), &collect)?;
    let mut titles = Vec::new();
    for candidate in found.best {
        let stored: TantivyDocument = searcher.doc(candidate.address)?;
        let title = stored.get_first(fields.title).and_then(|value| value.as_str());
        titles.push(Suggestion {
            kind: SuggestionKind::Title,
            text: title.unwrap_or_default().to_owned(),
            id: Some(candidate.id),
            value: None,
        });
    }
    Ok(titles)
}
