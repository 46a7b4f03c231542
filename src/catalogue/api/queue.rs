//! Routes of what waits for a curator.

use entity::id::{ItemId, ItemImportId, OrganisationId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::super::actions;
use super::super::store::queue::Narrowed;
use super::super::wire::{
    DecidedOut, DecisionIn, ItemOut, ItemPatch, QueueFiltersOut, QueueRowOut, ReviewOut, TouchedOut,
};
use crate::access::{AnyEditor, Curator};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

pub struct QueueApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl QueueApi {
    /// New items and changes of public ones that wait for a curator, oldest first; for a provider its own
    #[oai(path = "/queue", method = "get", operation_id = "list_queue")]
    async fn queue(
        &self,
        caller: AnyEditor,
        app: Data<&App>,
        provider: Query<Option<OrganisationId>>,
        import: Query<Option<ItemImportId>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<QueueRowOut>>, ApiError> {
        let narrowed = Narrowed { provider: provider.0, import: import.0 };
        Ok(Json(actions::queue(&app, &caller.editor()?, narrowed, cursor.as_deref(), limit.0).await?))
    }

    /// Providers and imports of what waits, with how much of each
    #[oai(path = "/queue/filters", method = "get", operation_id = "queue_filters")]
    async fn filters(&self, caller: AnyEditor, app: Data<&App>) -> Result<Json<QueueFiltersOut>, ApiError> {
        Ok(Json(actions::filters(&app, &caller.editor()?).await?))
    }

    /// Publish or send back what waits: one, many, or all of a provider or an import
    #[oai(path = "/queue/decisions", method = "post", operation_id = "decide_queue")]
    async fn decide(
        &self,
        caller: Curator,
        app: Data<&App>,
        body: Json<DecisionIn>,
    ) -> Result<Json<DecidedOut>, ApiError> {
        Ok(Json(Box::pin(actions::decide(&app, &caller.editor()?, body.0)).await?))
    }

    /// Everything that a decision about an item rests on, for those who may write it
    #[oai(path = "/items/:id/review", method = "get", operation_id = "review_item")]
    async fn review(&self, caller: AnyEditor, app: Data<&App>, id: Path<ItemId>) -> Result<Json<ReviewOut>, ApiError> {
        Ok(Json(actions::review(&app, &caller.editor()?, id.0).await?))
    }

    /// Take back a change that waits
    #[oai(path = "/items/:id/proposal", method = "delete", operation_id = "withdraw_proposal")]
    async fn withdraw(&self, caller: AnyEditor, app: Data<&App>, id: Path<ItemId>) -> Result<Json<ItemOut>, ApiError> {
        let (item, _) = actions::proposal::withdraw(&app, &caller.editor()?, id.0).await?;
        Ok(Json(item))
    }

    /// Whom an edit would touch that changes what drives compliance; writes nothing
    #[oai(path = "/items/:id/effects", method = "post", operation_id = "item_effects")]
    async fn effects(
        &self,
        caller: Curator,
        app: Data<&App>,
        id: Path<ItemId>,
        body: Json<ItemPatch>,
    ) -> Result<Json<TouchedOut>, ApiError> {
        Ok(Json(actions::effects(&app, &caller.editor()?, id.0, body.0).await?))
    }
}
