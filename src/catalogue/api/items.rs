//! Routes of items.

use entity::id::{ItemId, OrganisationId};
use entity::value::ItemStatus;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::super::actions::{self, ListQuery};
use super::super::provider;
use super::super::wire::{ItemChangeOut, ItemIn, ItemOut, ItemPatch, ItemRowOut, ListOrder, ProvidersOut};
use crate::access::{AnyEditor, Visitor};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum OneItem {
    #[oai(status = 200)]
    Found(Json<ItemOut>, #[oai(header = "etag")] String),
}

#[derive(ApiResponse)]
pub enum NewItem {
    /// The draft is made
    #[oai(status = 201)]
    Made(Json<ItemOut>, #[oai(header = "etag")] String, #[oai(header = "location")] String),
}

/// Markdown to look at.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MarkdownIn {
    pub description: String,
}

#[derive(Debug, Object)]
pub struct MarkdownOut {
    pub description_html: String,
}

pub struct ItemsApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl ItemsApi {
    /// Items by title or by change: the published ones, for editors also their own to write
    #[oai(path = "/items", method = "get", operation_id = "list_items")]
    #[expect(clippy::too_many_arguments, reason = "one parameter each")]
    async fn list(
        &self,
        visitor: Visitor,
        app: Data<&App>,
        status: Query<Option<ItemStatus>>,
        provider: Query<Option<OrganisationId>>,
        /// Words of the title
        q: Query<Option<String>>,
        /// Only items of providers that the caller writes for
        #[oai(default)]
        own: Query<bool>,
        #[oai(default)] order: Query<ListOrder>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ItemRowOut>>, ApiError> {
        let query = ListQuery {
            status: status.0,
            provider: provider.0,
            text: q.0,
            own_only: own.0,
            order: order.0,
            cursor: cursor.0,
            limit: limit.0,
        };
        let scope = actions::editor(visitor.0.as_ref());
        Ok(Json(actions::list(&app, scope.as_ref(), query).await?))
    }

    /// Make a draft
    #[oai(path = "/items", method = "post", operation_id = "create_item")]
    async fn create(&self, caller: AnyEditor, app: Data<&App>, body: Json<ItemIn>) -> Result<NewItem, ApiError> {
        let (item, tag) = actions::create(&app, &caller.editor()?, body.0).await?;
        let location = format!("/api/catalogue/items/{}", item.id);
        Ok(NewItem::Made(Json(item), tag, location))
    }

    /// One item, by id or by reference
    #[oai(path = "/items/:id", method = "get", operation_id = "get_item")]
    async fn read(&self, visitor: Visitor, app: Data<&App>, id: Path<String>) -> Result<OneItem, ApiError> {
        let scope = actions::editor(visitor.0.as_ref());
        let (item, tag) = actions::read(&app, scope.as_ref(), &id).await?;
        Ok(OneItem::Found(Json(item), tag))
    }

    /// Change an item, move it on, or both
    #[oai(path = "/items/:id", method = "patch", operation_id = "edit_item")]
    async fn edit(
        &self,
        caller: AnyEditor,
        app: Data<&App>,
        id: Path<ItemId>,
        /// The entity tag that the editor has seen; without it the last writer wins
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ItemPatch>,
    ) -> Result<OneItem, ApiError> {
        let (item, tag) = actions::edit(&app, &caller.editor()?, id.0, if_match.as_deref(), body.0).await?;
        Ok(OneItem::Found(Json(item), tag))
    }

    /// Who changed an item, when and what: newest first, for those who may write it
    #[oai(path = "/items/:id/changes", method = "get", operation_id = "list_item_changes")]
    async fn changes(
        &self,
        caller: AnyEditor,
        app: Data<&App>,
        id: Path<ItemId>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ItemChangeOut>>, ApiError> {
        Ok(Json(actions::history(&app, &caller.editor()?, id.0, cursor.0.as_deref(), limit.0).await?))
    }

    /// Providers that the caller may write items for
    #[oai(path = "/providers", method = "get", operation_id = "list_providers")]
    async fn providers(&self, caller: AnyEditor, app: Data<&App>) -> Result<Json<ProvidersOut>, ApiError> {
        let rows = provider::of(&app.db, &caller.editor()?).await?;
        Ok(Json(ProvidersOut { items: rows.into_iter().map(Into::into).collect() }))
    }

    /// How a description will look
    #[oai(path = "/previews", method = "post", operation_id = "preview_description")]
    async fn preview(&self, caller: AnyEditor, body: Json<MarkdownIn>) -> Result<Json<MarkdownOut>, ApiError> {
        caller.editor()?;
        Ok(Json(MarkdownOut { description_html: actions::preview(&body.0.description) }))
    }
}
