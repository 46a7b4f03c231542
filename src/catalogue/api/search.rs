//! Routes of the search, open to anyone.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::super::find::{self, Asked};
use super::super::wire::{SearchOut, SearchSort, SuggestOut};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::rendered::Rendered;
use crate::base::tags::Tags;
use crate::search::Facet;
use crate::state::App;

type Values = Query<Vec<String>>;

pub struct SearchApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl SearchApi {
    /// Find published items: best match first, with what the answer can be narrowed by.
    /// Values of one filter are alternatives; different filters must all hold
    #[oai(path = "/search", method = "get", operation_id = "search_catalogue")]
    #[expect(clippy::too_many_arguments, reason = "one parameter each")]
    async fn search(
        &self,
        app: Data<&App>,
        /// Words, in any order; a slip or two and an unfinished last word are forgiven
        #[oai(default)]
        q: Query<String>,
        #[oai(default)] kind: Values,
        #[oai(default)] topic: Values,
        #[oai(default)] theme: Values,
        #[oai(default)] level: Values,
        /// A provider's id or name
        #[oai(default)]
        provider: Values,
        #[oai(default)] delivery: Values,
        #[oai(default)] cost: Values,
        #[oai(default)] audience: Values,
        #[oai(default)] mat_standard: Values,
        #[oai(default)] area: Values,
        #[oai(default)] sort: Query<SearchSort>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Rendered<SearchOut>, ApiError> {
        let filters = vec![
            (Facet::Kind, kind.0),
            (Facet::Topic, topic.0),
            (Facet::Theme, theme.0),
            (Facet::Level, level.0),
            (Facet::Provider, provider.0),
            (Facet::Delivery, delivery.0),
            (Facet::Cost, cost.0),
            (Facet::Audience, audience.0),
            (Facet::MatStandard, mat_standard.0),
            (Facet::Area, area.0),
        ];
        let asked = Asked { text: q.0, filters, sort: sort.0.into(), cursor: cursor.0, limit: limit.0 };
        find::search(&app, asked).await
    }

    /// Up to eight titles, topics and providers as one types
    #[oai(path = "/suggest", method = "get", operation_id = "suggest_catalogue")]
    async fn suggest(&self, app: Data<&App>, #[oai(default)] q: Query<String>) -> Result<Json<SuggestOut>, ApiError> {
        Ok(Json(find::suggest(&app, &q).await?))
    }
}
