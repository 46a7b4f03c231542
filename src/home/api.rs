//! Routes of the start page.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::wire::MeOut;
use crate::access::Signed;
use crate::base::error::ApiError;
use crate::base::tags::Tags;
use crate::state::App;
use crate::{account, skill};

pub struct MeApi;

#[OpenApi(tag = "Tags::Account")]
impl MeApi {
    /// Who I am, what I may do and what is due
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, caller: Signed, app: Data<&App>) -> Result<Json<MeOut>, ApiError> {
        let due = match caller.own() {
            Ok(own) => skill::due(&app, &own).await?,
            Err(_) => Vec::new(), // an account without a person has no record
        };
        Ok(Json(MeOut::new(account::who(&app, &caller).await?, due)))
    }
}
