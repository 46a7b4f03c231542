//! Routes of the start page.

use poem::web::Data;
use poem_openapi::OpenApi;

use super::wire::{ContactOut, MeOut, NewItemsOut};
use crate::access::{Entering, Signed};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::state::App;
use crate::{account, catalogue, skill};

pub struct MeApi;

#[OpenApi(tag = "Tags::Account")]
impl MeApi {
    /// Who I am, what I may do and what is due
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, caller: Entering, app: Data<&App>) -> Result<Json<MeOut>, ApiError> {
        let read = db::read(&app.db).await?;
        let due = match caller.own() {
            Ok(own) => skill::due(&app, &read, &own).await?,
            Err(_) => Vec::new(), // an account without a person has no record
        };
        Ok(Json(MeOut::new(account::who(&read, &caller).await?, due)))
    }

    /// Whom to ask about accessibility and about what is kept of one
    #[oai(path = "/contact", method = "get", operation_id = "contact")]
    async fn contact(&self, app: Data<&App>) -> Json<ContactOut> {
        Json(ContactOut { contact: app.config.contact.clone() })
    }

    /// What was published lately for my role and area, newest first; at most four
    ///
    /// Of the last 180 days: for everywhere or for an area that I work in, on a topic of what is asked of me (if
    /// anything is), and not on my record already
    #[oai(path = "/me/new", method = "get", operation_id = "my_new_items")]
    async fn new_items(&self, caller: Signed, app: Data<&App>) -> Result<Json<NewItemsOut>, ApiError> {
        let read = db::read(&app.db).await?;
        let rows = match caller.own() {
            Ok(own) => skill::new_items(&app, &read, &own).await?,
            Err(_) => Vec::new(),
        };
        Ok(Json(NewItemsOut { items: catalogue::rows_out(&read, rows).await? }))
    }
}
