//! Building an index beside the live one.

use std::sync::Arc;

use async_trait::async_trait;
use tantivy::schema::Schema;
use tantivy::{Index, IndexWriter};

use super::folder::Build;
use super::open::{commit, writer};
use super::schema::Fields;
use super::{Shared, blocking, fault};
use crate::search::{Document, Rebuild, SearchError};

/// A rebuild writes much at once: fewer, larger segments.
const WRITER_BYTES: usize = 50_000_000;

pub struct Building {
    shared: Arc<Shared>,
    build: Build,
    /// `None` only while a blocking thread has it, or after a fault.
    writer: Option<IndexWriter>,
    finished: bool,
}

impl Building {
    pub fn start(shared: Arc<Shared>) -> Result<Self, SearchError> {
        let disk = |error: std::io::Error| SearchError::Unavailable(error.to_string());
        let build = shared.folder.create().map_err(disk)?;
        let mut building = Self { shared, build, writer: None, finished: false };
        building.writer = Some(building.create().map_err(fault)?);
        Ok(building)
    }

    fn create(&self) -> tantivy::Result<IndexWriter> {
        let schema: Schema = self.shared.fields.schema.clone();
        let index = Index::create_in_dir(self.shared.folder.path(self.build), schema)?;
        Fields::register_tokenizers(&index);
        writer(&index, WRITER_BYTES)
    }

    fn take(&mut self) -> Result<IndexWriter, SearchError> {
        self.writer.take().ok_or_else(|| SearchError::Internal("a rebuild that failed was continued".into()))
    }
}

#[async_trait]
impl Rebuild for Building {
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        let writer = self.take()?;
        let shared = Arc::clone(&self.shared);
        let writer = blocking(move || {
            for document in &documents {
                writer.add_document(shared.fields.row(document)).map_err(fault)?;
            }
            Ok(writer)
        })
        .await?;
        self.writer = Some(writer);
        Ok(())
    }

    async fn finish(mut self: Box<Self>, position: Option<i64>) -> Result<(), SearchError> {
        let mut writer = self.take()?;
        let shared = Arc::clone(&self.shared);
        let build = self.build;
        blocking(move || {
            let payload = position.map(|position| position.to_string());
            commit(&mut writer, payload.as_deref()).map_err(fault)?;
            writer.wait_merging_threads().map_err(fault)?;
            shared.folder.point_at(build).map_err(|error| SearchError::Unavailable(error.to_string()))?;
            // opens the new index and lets go of the old one, whose folder can then be removed
            shared.refresh().map_err(|_| SearchError::Internal("the new search index cannot be opened".into()))?;
            shared.folder.tidy();
            Ok(())
        })
        .await?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if !self.finished {
            self.writer = None;
            // a build that became live although a later step failed must stay
            if self.shared.folder.current() != Some(self.build) {
                self.shared.folder.remove(self.build);
            }
        }
    }
}
