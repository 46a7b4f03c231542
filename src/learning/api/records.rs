//! Routes of one's own record as a whole.

use entity::id::ItemId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, OpenApi};

use super::super::wire::{LearningSummaryOut, MyItemOut, RecordOut};
use super::super::{record, take_along};
use crate::access::Staff;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum CsvOut {
    /// The record as a table
    #[oai(status = 200, content_type = "text/csv; charset=utf-8")]
    Done(Binary<Vec<u8>>, #[oai(header = "content-disposition")] String),
}

#[derive(ApiResponse)]
pub enum PdfOut {
    /// The record as a document
    #[oai(status = 200, content_type = "application/pdf")]
    Done(Binary<Vec<u8>>, #[oai(header = "content-disposition")] String),
}

#[derive(ApiResponse)]
pub enum JsonOut {
    /// The record with every history
    #[oai(status = 200)]
    Done(Json<RecordOut>, #[oai(header = "content-disposition")] String),
}

pub struct RecordsApi;

#[OpenApi(tag = "Tags::Learning")]
impl RecordsApi {
    /// What I hold, what lapses soon and what has lapsed
    #[oai(path = "/learning/summary", method = "get", operation_id = "my_learning_summary")]
    async fn summary(&self, caller: Staff, app: Data<&App>) -> Result<Json<LearningSummaryOut>, ApiError> {
        Ok(Json(record::summary(&app, &caller.own()?).await?))
    }

    /// What of an item I hold, before I record more
    #[oai(path = "/learning/items/:item_id", method = "get", operation_id = "my_item")]
    async fn item(&self, caller: Staff, app: Data<&App>, item_id: Path<ItemId>) -> Result<Json<MyItemOut>, ApiError> {
        Ok(Json(record::my_item(&app, &caller.own()?, item_id.0).await?))
    }

    /// My record for a spreadsheet
    #[oai(path = "/learning/record.csv", method = "get", operation_id = "my_record_csv")]
    async fn csv(&self, caller: Staff, app: Data<&App>) -> Result<CsvOut, ApiError> {
        let bytes = take_along::as_csv(&app, &caller.own()?).await?;
        Ok(CsvOut::Done(Binary(bytes), attachment(&app, "csv")))
    }

    /// My record on paper, to hand to an employer
    #[oai(path = "/learning/record.pdf", method = "get", operation_id = "my_record_pdf")]
    async fn pdf(&self, caller: Staff, app: Data<&App>) -> Result<PdfOut, ApiError> {
        let bytes = take_along::as_pdf(&app, &caller.own()?).await?;
        Ok(PdfOut::Done(Binary(bytes), attachment(&app, "pdf")))
    }

    /// My record for other programs
    #[oai(path = "/learning/record.json", method = "get", operation_id = "my_record_json")]
    async fn json(&self, caller: Staff, app: Data<&App>) -> Result<JsonOut, ApiError> {
        let record = take_along::as_json(&app, &caller.own()?).await?;
        Ok(JsonOut::Done(Json(record), attachment(&app, "json")))
    }
}

fn attachment(app: &App, ending: &str) -> String {
    format!("attachment; filename=\"learning-record-{}.{ending}\"", app.clock.today())
}
