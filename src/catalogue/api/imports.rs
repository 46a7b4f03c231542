//! Routes of imports: trying one, applying it, taking it back.

use entity::id::ItemImportId;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Binary;
use poem_openapi::types::multipart::Upload;
use poem_openapi::{ApiResponse, OpenApi};

use super::super::actions::{self, Actor};
use super::super::import::{self, Choice, Incoming};
use super::super::wire::{
    AnnotateForm, ApplyMode, ImportForm, ImportOut, ItemImportOut, TermsIn, UndoneOut, WhichRows,
};
use crate::access::AnyEditor;
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

pub struct ImportsApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl ImportsApi {
    /// Bring in a table of items: a preview with findings by cell, or the table itself.
    /// What a file does not mention is left alone; the same file twice changes nothing
    #[oai(path = "/imports", method = "post", operation_id = "import_catalogue")]
    async fn import(&self, caller: AnyEditor, app: Data<&App>, form: ImportForm) -> Result<Json<ImportOut>, ApiError> {
        let ImportForm { file, mode, rows, for_all, reason } = form;
        let terms = TermsIn { from: None, for_all: for_all.unwrap_or_default(), reason };
        let since = actions::decided(Some(&terms), app.clock.today())?;
        let file_name = file.file_name().map(|name| tidy(name).chars().take(200).collect());
        let mode = mode.unwrap_or_default();
        let choice = match (mode, rows.unwrap_or_default()) {
            (ApplyMode::Preview, _) => Choice::Preview,
            (ApplyMode::Apply, WhichRows::All) => Choice::AllRows,
            (ApplyMode::Apply, WhichRows::Good) => Choice::GoodRows,
        };
        let incoming = Incoming { bytes: whole(file).await?, file_name, choice, since };
        let outcome = import::bring_in(&app, &Actor::Editor(caller.editor()?), incoming).await?;
        Ok(Json(outcome.out(mode)))
    }

    /// Imports that wrote something, newest first: all of them for a curator, one's own for a provider
    #[oai(path = "/imports", method = "get", operation_id = "list_catalogue_imports")]
    async fn list(
        &self,
        caller: AnyEditor,
        app: Data<&App>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ItemImportOut>>, ApiError> {
        Ok(Json(import::list(&app, &caller.editor()?, cursor.as_deref(), limit.0).await?))
    }
}

#[derive(ApiResponse)]
pub enum AnnotatedOut {
    #[oai(status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    File(Binary<Vec<u8>>, #[oai(header = "content-disposition")] String),
}

pub struct AnnotatedApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl AnnotatedApi {
    /// The file back as a spreadsheet with what is wrong beside each row; writes nothing.
    /// Put right, it can be brought in as it is
    #[oai(path = "/imports/annotated", method = "post", operation_id = "annotate_catalogue_import")]
    async fn annotate(&self, caller: AnyEditor, app: Data<&App>, form: AnnotateForm) -> Result<AnnotatedOut, ApiError> {
        let bytes = import::annotated(&app, &Actor::Editor(caller.editor()?), whole(form.file).await?).await?;
        Ok(AnnotatedOut::File(Binary(bytes), "attachment; filename=\"items-with-problems.xlsx\"".to_owned()))
    }
}

pub struct UndoApi;

#[OpenApi(tag = "Tags::Catalogue", prefix_path = "/catalogue")]
impl UndoApi {
    /// Take an import back whole, while nobody has changed, recorded or asked for what it wrote.
    /// Providers that came with it stay
    #[oai(path = "/imports/:id/undo", method = "post", operation_id = "undo_catalogue_import")]
    async fn undo(
        &self,
        caller: AnyEditor,
        app: Data<&App>,
        id: Path<ItemImportId>,
    ) -> Result<Json<UndoneOut>, ApiError> {
        Ok(Json(import::undo(&app, &caller.editor()?, id.0).await?))
    }
}

async fn whole(file: Upload) -> Result<Vec<u8>, ApiError> {
    file.into_vec().await.map_err(|_| ApiError::bad_request("The file did not arrive whole."))
}
