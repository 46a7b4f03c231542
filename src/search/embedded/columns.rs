//! Columns of values, filtered and counted: the facets, and what suggestions choose from.

use std::collections::{HashMap, HashSet};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Most frequent first, then by value.
pub fn by_count(counts: HashMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// One segment's column of values with a count for each.
pub struct Counted {
    /// `None` when no document of the segment has a value.
    column: Option<StrColumn>,
    wanted: Option<HashSet<u64>>,
    counts: Vec<u64>,
}

impl Counted {
    /// `wanted`: the chosen values, if there is a choice.
    pub fn new(column: Option<StrColumn>, wanted: Option<&[String]>) -> tantivy::Result<Self> {
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        let wanted = match wanted {
            None => None,
            Some(values) => Some(ordinals(column.as_ref(), values)?),
        };
        Ok(Self { column, wanted, counts: vec![0; values] })
    }

    pub fn passes(&self, document: DocId) -> bool {
        let Some(wanted) = &self.wanted else {
            return true;
        };
        let Some(column) = &self.column else {
            return false;
        };
        column.ords().values_for_doc(document).any(|ordinal| wanted.contains(&ordinal))
    }

    pub fn count(&mut self, document: DocId) {
        if let Some(column) = &self.column {
            for ordinal in column.ords().values_for_doc(document) {
                if let Some(count) = usize::try_from(ordinal).ok().and_then(|at| self.counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
    }

    /// The values met, with their counts. One pass over the dictionary: looked up one by one, the
    /// values would cost more than the search itself.
    pub fn found(&self) -> tantivy::Result<Vec<(String, u64)>> {
        let Some(column) = &self.column else { return Ok(Vec::new()) };
        let met = (0_u64..).zip(&self.counts).filter(|(_, count)| **count > 0);
        let (ordinals, counts): (Vec<u64>, Vec<u64>) = met.map(|(ordinal, count)| (ordinal, *count)).unzip();
        let mut values = Vec::with_capacity(ordinals.len());
        column.dictionary().sorted_ords_to_term_cb(&ordinals, |term| {
            values.push(String::from_utf8_lossy(term).into_owned());
        })?;
        Ok(values.into_iter().zip(counts).collect())
    }
}

fn ordinals(column: Option<&StrColumn>, values: &[String]) -> tantivy::Result<HashSet<u64>> {
    let mut found = HashSet::new();
    if let Some(column) = column {
        for value in values {
            found.extend(column.dictionary().term_ord(value.as_bytes())?);
        }
    }
    Ok(found)
}

/// Counts the values of the named column.
pub struct Values(pub &'static str);

impl Collector for Values {
    type Fruit = Vec<(String, u64)>;
    type Child = SegmentValues;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentValues> {
        Ok(SegmentValues(Counted::new(segment.fast_fields().str(self.0)?, None)?))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Vec<(String, u64)>>>) -> tantivy::Result<Vec<(String, u64)>> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for segment in segments {
            for (value, count) in segment? {
                *counts.entry(value).or_default() += count;
            }
        }
        Ok(by_count(counts))
    }
}

pub struct SegmentValues(Counted);

impl SegmentCollector for SegmentValues {
    type Fruit = tantivy::Result<Vec<(String, u64)>>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.0.count(document);
    }

    fn harvest(self) -> Self::Fruit {
        self.0.found()
    }
}
