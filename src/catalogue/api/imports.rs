//! Route of the import.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::super::actions::Actor;
use super::super::import::{self, Choice};
use super::super::wire::{ApplyMode, ImportForm, ImportOut, WhichRows};
use crate::access::AnyEditor;
use crate::base::error::ApiError;
use crate::base::tags::Tags;
use crate::state::App;

pub struct ImportsApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl ImportsApi {
    /// Bring in a table of items: a preview with findings by cell, or the table itself.
    /// What a file does not mention is left alone; the same file twice changes nothing
    #[oai(path = "/imports", method = "post", operation_id = "import_catalogue")]
    async fn import(&self, caller: AnyEditor, app: Data<&App>, form: ImportForm) -> Result<Json<ImportOut>, ApiError> {
        let ImportForm { file, mode, rows } = form;
        let mode = mode.unwrap_or_default();
        let choice = match (mode, rows.unwrap_or_default()) {
            (ApplyMode::Preview, _) => Choice::Preview,
            (ApplyMode::Apply, WhichRows::All) => Choice::AllRows,
            (ApplyMode::Apply, WhichRows::Good) => Choice::GoodRows,
        };
        let bytes = file.into_vec().await.map_err(|_| ApiError::bad_request("The file did not arrive whole."))?;
        let outcome = import::import_bytes(&app, &Actor::Editor(caller.editor()?), bytes, choice).await?;
        Ok(Json(outcome.out(mode)))
    }
}
