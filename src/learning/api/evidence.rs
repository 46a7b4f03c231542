//! Routes of evidence.

use entity::id::EvidenceId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi};

use super::super::evidence::{self, MOST_BYTES};
use super::super::file_name::disposition;
use super::super::wire::{EvidenceForm, EvidenceOut, WaitingFilesOut};
use crate::access::{Signed, Staff};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum KeptOut {
    /// Kept; name its id when recording the completion
    #[oai(status = 201)]
    Done(Json<EvidenceOut>),
}

/// Always to be saved, never to be opened in our own pages: the browser is told nothing of its
/// kind but the name's ending.
#[derive(ApiResponse)]
pub enum FileOut {
    /// The file
    #[oai(status = 200)]
    Done(Binary<Vec<u8>>, #[oai(header = "content-disposition")] String),
}

#[derive(ApiResponse)]
pub enum RemovedOut {
    /// Removed
    #[oai(status = 204)]
    Done,
}

pub struct EvidenceApi;

#[OpenApi(tag = "Tags::Learning")]
impl EvidenceApi {
    /// Upload a PDF, PNG or JPEG as evidence for a completion of my own
    #[oai(path = "/learning/evidence", method = "post", operation_id = "upload_evidence")]
    async fn upload(&self, caller: Staff, app: Data<&App>, form: EvidenceForm) -> Result<KeptOut, ApiError> {
        let EvidenceForm { file } = form;
        if file.size() > MOST_BYTES {
            return Err(evidence::too_large());
        }
        let name = file.file_name().map(str::to_owned);
        let bytes = file.into_vec().await.map_err(|error| ApiError::internal(&error))?;
        let row = evidence::upload(&app, &caller.own()?, name.as_deref(), bytes).await?;
        Ok(KeptOut::Done(Json(row.into())))
    }

    /// My files that belong to no completion yet; they go after a day
    #[oai(path = "/learning/evidence", method = "get", operation_id = "list_waiting_evidence")]
    async fn waiting(&self, caller: Staff, app: Data<&App>) -> Result<Json<WaitingFilesOut>, ApiError> {
        let rows = evidence::waiting(&app, &caller.own()?).await?;
        Ok(Json(WaitingFilesOut { items: rows.into_iter().map(Into::into).collect() }))
    }

    /// Download evidence
    #[oai(path = "/learning/evidence/:evidence_id", method = "get", operation_id = "download_evidence")]
    async fn download(
        &self,
        caller: Signed,
        app: Data<&App>,
        evidence_id: Path<EvidenceId>,
    ) -> Result<FileOut, ApiError> {
        let (row, bytes) = evidence::read(&app, &caller, evidence_id.0).await?;
        Ok(FileOut::Done(Binary(bytes), disposition(&row.file_name)))
    }

    /// Remove evidence of my own that nobody has relied on
    #[oai(path = "/learning/evidence/:evidence_id", method = "delete", operation_id = "remove_evidence")]
    async fn remove(
        &self,
        caller: Staff,
        app: Data<&App>,
        evidence_id: Path<EvidenceId>,
    ) -> Result<RemovedOut, ApiError> {
        evidence::remove(&app, &caller.own()?, evidence_id.0).await?;
        Ok(RemovedOut::Done)
    }
}
