//! The fields of the embedded index, and how a document becomes one of its rows.

use std::collections::BTreeMap;

use chrono::Datelike;
use tantivy::Index;
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::search::document::{Document, Facet};
use crate::search::{highlight, words};

// numbered: an index whose words were made by another rule is built anew
const STEMMED: &str = "cairn_stem_2";
const PLAIN: &str = "cairn_plain_2";

/// A searched field and how much a match in it counts.
#[derive(Clone, Copy)]
pub struct Searched {
    pub field: Field,
    pub boost: f32,
}

#[derive(Clone)]
pub struct Fields {
    pub schema: Schema,
    /// The id as text: deletion only.
    pub id: Field,
    /// The id as two numbers, so that hits need no stored document.
    pub id_high: Field,
    pub id_low: Field,
    pub title: Field,
    pub summary: Field,
    labels: Field,
    provider_name: Field,
    tags: Field,
    body: Field,
    /// Every word of every field, unstemmed: where typos and prefixes are looked up.
    pub vocabulary: Field,
    pub title_key: Field,
    pub minutes: Field,
    /// Days from the common era.
    pub published: Field,
    pub topic_pair: Field,
    pub provider_pair: Field,
    facets: BTreeMap<Facet, Field>,
}

/// Names of the fast fields that collectors open.
pub const ID_HIGH: &str = "id_high";
pub const ID_LOW: &str = "id_low";
pub const TITLE_KEY: &str = "title_key";
pub const MINUTES: &str = "minutes";
pub const PUBLISHED: &str = "published";
pub const TOPIC_PAIR: &str = "topic_pair";
pub const PROVIDER_PAIR: &str = "provider_pair";

impl Fields {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let stemmed = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(STEMMED)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let plain = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(PLAIN)
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic),
        );
        let value = TextOptions::default().set_fast("raw");
        let facets =
            Facet::ALL.into_iter().map(|facet| (facet, builder.add_text_field(facet.name(), value.clone()))).collect();
        Self {
            id: builder.add_text_field("id", STRING),
            id_high: builder.add_u64_field(ID_HIGH, FAST),
            id_low: builder.add_u64_field(ID_LOW, FAST),
            title: builder.add_text_field("title", stemmed.clone() | STORED),
            summary: builder.add_text_field("summary", stemmed.clone() | STORED),
            labels: builder.add_text_field("labels", stemmed.clone()),
            provider_name: builder.add_text_field("provider_name", stemmed.clone()),
            tags: builder.add_text_field("tags", stemmed.clone()),
            body: builder.add_text_field("body", stemmed),
            vocabulary: builder.add_text_field("vocabulary", plain),
            title_key: builder.add_text_field(TITLE_KEY, value.clone()),
            minutes: builder.add_u64_field(MINUTES, FAST),
            published: builder.add_i64_field(PUBLISHED, FAST | INDEXED),
            topic_pair: builder.add_text_field(TOPIC_PAIR, value.clone()),
            provider_pair: builder.add_text_field(PROVIDER_PAIR, value),
            facets,
            schema: builder.build(),
        }
    }

    pub fn register_tokenizers(index: &Index) {
        index.tokenizers().register(STEMMED, words::stem_analyzer());
        index.tokenizers().register(PLAIN, words::plain_analyzer());
    }

    /// In the order of importance.
    pub fn searched(&self) -> [Searched; 6] {
        [
            Searched { field: self.title, boost: 10.0 },
            Searched { field: self.labels, boost: 6.0 },
            Searched { field: self.summary, boost: 4.0 },
            Searched { field: self.provider_name, boost: 3.0 },
            Searched { field: self.tags, boost: 2.0 },
            Searched { field: self.body, boost: 1.5 },
        ]
    }

    /// Only what suggestions of titles look at.
    pub fn title_only(&self) -> [Searched; 1] {
        [Searched { field: self.title, boost: 1.0 }]
    }

    pub fn row(&self, document: &Document) -> TantivyDocument {
        let mut row = TantivyDocument::new();
        row.add_text(self.id, document.id.to_string());
        let (high, low) = document.id.as_u64_pair();
        row.add_u64(self.id_high, high);
        row.add_u64(self.id_low, low);
        row.add_text(self.title_key, words::sort_key(&document.title));
        if let Some(minutes) = document.minutes {
            row.add_u64(self.minutes, u64::from(minutes));
        }
        if let Some(day) = document.published_on {
            row.add_i64(self.published, i64::from(day.num_days_from_ce()));
        }
        for (facet, field) in &self.facets {
            for value in document.values(*facet) {
                row.add_text(*field, value);
            }
        }
        for pair in document.topic_pairs() {
            row.add_text(self.topic_pair, pair);
        }
        if let Some(pair) = document.provider_pair() {
            row.add_text(self.provider_pair, pair);
        }
        let texts = [
            (self.title, highlight::without_markers(&document.title)),
            (self.summary, highlight::without_markers(&document.summary)),
            (self.labels, document.labels()),
            (self.provider_name, document.provider_name.clone()),
            (self.tags, document.tags()),
            (self.body, document.body.clone()),
        ];
        for (field, text) in texts {
            row.add_text(self.vocabulary, &text);
            row.add_text(field, text);
        }
        row
    }
}
