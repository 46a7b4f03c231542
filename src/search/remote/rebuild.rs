//! Building an index beside the live one, then swapping the two. Here tasks are waited for: an
//! index goes live only when everything in it is.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use meilisearch_sdk::client::SwapIndexes;
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::task_info::TaskInfo;

use super::row::Row;
use super::{NOTHING_YET, Shared, is_missing, settings};
use crate::search::{Document, Rebuild, SearchError};

pub struct Building {
    shared: Arc<Shared>,
    next: Index,
    added: Vec<TaskInfo>,
}

impl Building {
    pub async fn start(shared: Arc<Shared>) -> Result<Self, SearchError> {
        let next = shared.client.index(format!("{}_next", shared.items.uid));
        // what an interrupted rebuild left; deleting what is not there fails its task, harmlessly
        let old = shared.writing(shared.client.delete_index(&next.uid)).await?;
        shared.done(&old).await.ok();
        create(&shared, &next).await?;
        let task = shared.writing(next.set_settings(&settings::settings())).await?;
        shared.done(&task).await?;
        Ok(Self { shared, next, added: Vec::new() })
    }
}

async fn create(shared: &Shared, index: &Index) -> Result<(), SearchError> {
    let task = shared.writing(shared.client.create_index(&index.uid, Some("id"))).await?;
    shared.done(&task).await
}

/// Swapping needs both to exist.
async fn exists(shared: &Shared, index: &Index) -> Result<bool, SearchError> {
    let request = async {
        match index.get_stats().await {
            Ok(_) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(error),
        }
    };
    shared.reading(request).await
}

#[async_trait]
impl Rebuild for Building {
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        let rows: Vec<Row> = documents.iter().map(Row::from).collect();
        let task = self.shared.writing(self.next.add_or_replace(&rows, Some("id"))).await?;
        self.added.push(task);
        Ok(())
    }

    async fn finish(self: Box<Self>, position: Option<i64>) -> Result<(), SearchError> {
        let Self { shared, next, added } = *self;
        for task in &added {
            shared.done(task).await?;
        }
        if !exists(&shared, &shared.items).await? {
            create(&shared, &shared.items).await?;
        }
        let swap = SwapIndexes { indexes: (shared.items.uid.clone(), next.uid.clone()), rename: None };
        let task = shared.writing(shared.client.swap_indexes([&swap])).await?;
        shared.done(&task).await?;
        let task = shared.store(position).await?;
        shared.done(&task).await?;
        shared.position.store(position.unwrap_or(NOTHING_YET), Ordering::Relaxed);
        shared.ready.store(true, Ordering::Relaxed);
        // what was live; a leftover does no harm and goes with the next rebuild
        let old = shared.writing(shared.client.delete_index(&next.uid)).await?;
        shared.done(&old).await.ok();
        Ok(())
    }
}
