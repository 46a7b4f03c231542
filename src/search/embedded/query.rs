//! From a query as typed to what Tantivy runs.
//!
//! Each word is first widened to the words of the index that it may stand for (itself, words it
//! begins, words within its typos, synonyms), then looked up by stem in every field. All variants
//! of a word share one rarity, so that a rare misspelling never outranks the word that was meant.

use std::collections::{BTreeMap, HashSet};

use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::schema::{Fields, Searched};
use crate::search::synonyms;
use crate::search::words::{self, Asked};

/// How much of an exact match's score a lesser match keeps.
const PREFIX: f32 = 0.8;
const SYNONYM: f32 = 0.9;
const TYPO: [f32; 3] = [1.0, 0.6, 0.4];
/// Words of the index that one typed word may stand for; the most frequent are kept.
const MOST_VARIANTS: usize = 40;
/// A word of the index is taken for a misspelling of another that is this many times as frequent.
const SURELY_MEANT: u64 = 10;
/// Neighbouring words of the query that are neighbours in the title or the labels too.
const NEIGHBOURS: f32 = 0.4;

type Boxed = Box<dyn Query>;

/// One typed word with everything that satisfies it.
struct Widened {
    /// Stem and the share of the score it keeps.
    stems: BTreeMap<String, f32>,
    phrases: Vec<Vec<String>>,
}

/// A query ready to run at any degree of strictness.
pub struct Prepared {
    words: Vec<Boxed>,
    extras: Vec<Boxed>,
    /// Stems to be highlighted.
    pub stems: HashSet<String>,
}

impl Prepared {
    /// How many words can be asked for at once.
    pub fn strictest(&self) -> usize {
        self.words.len()
    }

    /// All documents in which at least `need` of the words are found.
    pub fn needing(&self, need: usize) -> Boxed {
        let words = self.words.iter().map(|word| word.box_clone()).collect();
        let core: Boxed = Box::new(BooleanQuery::union_with_minimum_required_clauses(words, need));
        let mut clauses = vec![(Occur::Must, core)];
        clauses.extend(self.extras.iter().map(|extra| (Occur::Should, extra.box_clone())));
        Box::new(BooleanQuery::new(clauses))
    }
}

/// Words that stand for nothing in the index are left out; with none left, nothing can be found.
pub fn prepare(
    searcher: &Searcher,
    fields: &Fields,
    searched: &[Searched],
    asked: &Asked,
) -> tantivy::Result<Prepared> {
    let builder = Builder { searcher, fields, searched };
    let mut prepared = Prepared { words: Vec::new(), extras: Vec::new(), stems: HashSet::new() };
    let mut previous: Option<String> = None;
    for at in 0..asked.words.len() {
        let widened = builder.widen(asked, at)?;
        let Some(query) = builder.word(&widened)? else {
            previous = None;
            continue;
        };
        prepared.words.push(query);
        prepared.stems.extend(widened.stems.keys().cloned());
        prepared.stems.extend(widened.phrases.iter().flatten().cloned());
        let best = widened.best();
        if let (Some(left), Some(right)) = (previous.take(), best.as_ref()) {
            prepared.extras.extend(builder.neighbours(&left, right)?);
        }
        previous = best;
    }
    Ok(prepared)
}

impl Widened {
    fn keep(&mut self, stem: String, share: f32) {
        let best = self.stems.entry(stem).or_insert(share);
        *best = best.max(share);
    }

    /// Synonyms of every run of words that `at` is part of: finding one satisfies all of them.
    fn add_synonyms(&mut self, asked: &Asked, at: usize) {
        for length in 1..=synonyms::LONGEST.min(asked.words.len()) {
            let first = (at + 1).saturating_sub(length);
            for from in first..=at.min(asked.words.len() - length) {
                for synonym in synonyms::of(&asked.words[from..from + length]) {
                    let stems: Vec<String> = synonym.split(' ').map(words::stem).collect();
                    match stems.as_slice() {
                        [only] => self.keep(only.clone(), SYNONYM),
                        _ => self.phrases.push(stems),
                    }
                }
            }
        }
    }

    /// The stem that fits best; the alphabet decides between equals.
    fn best(&self) -> Option<String> {
        self.stems.iter().max_by(|a, b| a.1.total_cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(stem, _)| stem.clone())
    }
}

struct Builder<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    searched: &'a [Searched],
}

impl Builder<'_> {
    fn widen(&self, asked: &Asked, at: usize) -> tantivy::Result<Widened> {
        let word = &asked.words[at];
        let is_prefix = asked.last_is_prefix && at + 1 == asked.words.len();
        let mut widened = Widened { stems: BTreeMap::new(), phrases: Vec::new() };
        let known = self.frequency(word)?;
        if known > 0 {
            widened.keep(words::stem(word), 1.0);
        }
        if is_prefix {
            for (term, _) in self.lookup(word, 0, true)? {
                widened.keep(words::stem(&term), PREFIX);
            }
        }
        let completes = widened.stems.len() > usize::from(known > 0);
        let mut meant = known;
        for distance in 1..=words::typos_allowed(word) {
            if completes || meant > known {
                break; // what explains it with fewer typos is what was meant
            }
            for (term, frequency) in self.lookup(word, distance, is_prefix)? {
                if known == 0 || frequency >= known * SURELY_MEANT {
                    meant = meant.max(frequency);
                    widened.keep(words::stem(&term), TYPO[usize::from(distance)]);
                }
            }
        }
        widened.add_synonyms(asked, at);
        Ok(widened)
    }

    /// Documents that hold the word itself or another form of it.
    fn frequency(&self, word: &str) -> tantivy::Result<u64> {
        let stem = words::stem(word);
        let mut most = 0;
        for searched in self.searched {
            most = most.max(self.searcher.doc_freq(&Term::from_field_text(searched.field, &stem))?);
        }
        Ok(most)
    }

    /// Words of the index within `distance` of this one (or beginning so), most frequent first.
    fn lookup(&self, word: &str, distance: u8, prefix: bool) -> tantivy::Result<Vec<(String, u64)>> {
        let term = Term::from_field_text(self.fields.vocabulary, word);
        let query = if prefix {
            FuzzyTermQuery::new_prefix(term, distance, true)
        } else {
            FuzzyTermQuery::new(term, distance, true)
        };
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.vocabulary)?;
            let mut stream = inverted.terms().search(query.automaton()?).into_stream()?;
            while stream.advance() {
                let term = String::from_utf8_lossy(stream.key()).into_owned();
                *found.entry(term).or_default() += u64::from(stream.value().doc_freq);
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found.truncate(MOST_VARIANTS);
        Ok(found)
    }

    /// What finds one word, or nothing if nothing can.
    fn word(&self, widened: &Widened) -> tantivy::Result<Option<Boxed>> {
        let documents = self.documents();
        let mut known: Vec<(Searched, Term, f32, u64)> = Vec::new();
        let mut together = 0;
        for (stem, share) in &widened.stems {
            let mut most = 0;
            for searched in self.searched {
                let term = Term::from_field_text(searched.field, stem);
                let frequency = self.searcher.doc_freq(&term)?;
                if frequency > 0 {
                    most = most.max(frequency);
                    known.push((*searched, term, *share, frequency));
                }
            }
            together += most;
        }
        let rarity = idf(together.min(documents), documents).max(0.5);
        let mut ways: Vec<Boxed> = known
            .into_iter()
            .map(|(searched, term, share, frequency)| {
                let boost = searched.boost * share * rarity / idf(frequency, documents);
                let query: Boxed = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                Box::new(BoostQuery::new(query, boost)) as Boxed
            })
            .collect();
        for phrase in &widened.phrases {
            for searched in self.searched {
                ways.extend(self.phrase(*searched, phrase, SYNONYM)?);
            }
        }
        Ok((!ways.is_empty()).then(|| {
            // a match in a second field confirms the first a little
            Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1)) as Boxed
        }))
    }

    /// As Tantivy counts them for rarity: deleted ones too, until segments merge.
    fn documents(&self) -> u64 {
        let all = self.searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc()));
        all.sum::<u64>().max(1)
    }

    fn neighbours(&self, left: &str, right: &str) -> tantivy::Result<Vec<Boxed>> {
        let pair = [left.to_owned(), right.to_owned()];
        let mut found = Vec::new();
        for searched in self.searched.iter().take(3) {
            found.extend(self.phrase(*searched, &pair, NEIGHBOURS)?);
        }
        Ok(found)
    }

    /// Words side by side, in a field where each of them occurs.
    fn phrase(&self, searched: Searched, stems: &[String], share: f32) -> tantivy::Result<Option<Boxed>> {
        let terms: Vec<Term> = stems.iter().map(|stem| Term::from_field_text(searched.field, stem)).collect();
        let mut sum = 0.0;
        let documents = self.documents();
        for term in &terms {
            let frequency = self.searcher.doc_freq(term)?;
            if frequency == 0 {
                return Ok(None);
            }
            sum += idf(frequency, documents);
        }
        // Tantivy weighs a phrase by the sum of its words' rarity; bring it to that of one word.
        let mean = sum / small(terms.len());
        let boost = searched.boost * share * mean.max(0.5) / sum.max(f32::EPSILON);
        let query: Boxed = Box::new(PhraseQuery::new_with_offset_and_slop(terms.into_iter().enumerate().collect(), 1));
        Ok(Some(Box::new(BoostQuery::new(query, boost))))
    }
}

/// Rarity as BM25 has it; the same formula as Tantivy's.
fn idf(frequency: u64, documents: u64) -> f32 {
    let (n, df) = (big(documents.max(frequency)), big(frequency));
    (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
}

#[expect(clippy::cast_precision_loss, reason = "a score needs no more precision than f32 has")]
fn big(count: u64) -> f32 {
    count as f32
}

fn small(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}
