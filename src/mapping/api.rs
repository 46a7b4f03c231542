//! Routes of the workforce map.

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi};

use super::wire::{CollectionsOut, DimensionsOut, MeasuresOut, QuestionIn, TableOut};
use super::{actions, measures, store};
use crate::access::Figures;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::rendered::Rendered;
use crate::base::tags::Tags;
use crate::state::App;

pub struct TablesApi;

#[OpenApi(tag = "Tags::Mapping")]
impl TablesApi {
    /// Ask for a table, safe to publish
    #[oai(path = "/mapping/tables", method = "post", operation_id = "ask_table")]
    async fn ask(
        &self,
        caller: Figures,
        app: Data<&App>,
        body: Json<QuestionIn>,
    ) -> Result<Rendered<TableOut>, ApiError> {
        let scope = caller.figures()?;
        actions::ask(&app, &scope, body.0).await
    }
}

/// A release as a file.
#[derive(ApiResponse)]
pub enum FileOut {
    #[oai(status = 200)]
    File(Binary<Vec<u8>>, #[oai(header = "content-type")] String, #[oai(header = "content-disposition")] String),
}

pub struct ReleasesApi;

#[OpenApi(tag = "Tags::Mapping")]
impl ReleasesApi {
    /// A table as a file: `{id}.csv`, `{id}.xlsx` or `{id}.json`
    #[oai(path = "/mapping/releases/:file", method = "get", operation_id = "release_file")]
    async fn file(&self, caller: Figures, app: Data<&App>, file: Path<String>) -> Result<FileOut, ApiError> {
        let scope = caller.figures()?;
        let file = actions::file(&app, &scope, &file).await?;
        let disposition = format!("attachment; filename=\"{}\"", file.name);
        Ok(FileOut::File(Binary(file.bytes), file.media_type.to_owned(), disposition))
    }
}

pub struct VocabularyApi;

#[OpenApi(tag = "Tags::Mapping")]
impl VocabularyApi {
    /// What tables can be broken down by, as far as the caller can ask for it
    #[oai(path = "/mapping/dimensions", method = "get", operation_id = "mapping_dimensions")]
    async fn dimensions(&self, caller: Figures, app: Data<&App>) -> Result<Json<DimensionsOut>, ApiError> {
        let most = disclosure::Rule::default().dimensions;
        Ok(Json(DimensionsOut {
            items: actions::offered(&caller.figures()?, app.clock.today()),
            most_crossed: u64::try_from(most).unwrap_or_default(),
        }))
    }

    /// What can be measured, with definitions
    #[oai(path = "/mapping/measures", method = "get", operation_id = "mapping_measures")]
    async fn measures(&self, _caller: Figures) -> Json<MeasuresOut> {
        Json(MeasuresOut { items: measures::Measure::ALL.into_iter().map(Into::into).collect() })
    }

    /// Census collections, newest first
    #[oai(path = "/mapping/collections", method = "get", operation_id = "mapping_collections")]
    async fn collections(&self, _caller: Figures, app: Data<&App>) -> Result<Json<CollectionsOut>, ApiError> {
        let rows = store::collections(&app.db).await?;
        Ok(Json(CollectionsOut { items: rows.into_iter().map(Into::into).collect() }))
    }
}
