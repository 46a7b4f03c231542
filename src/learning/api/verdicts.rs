//! Routes of what organisations say of completions.

use entity::id::{CompletionId, CompletionVerdictId};
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, OpenApi};

use super::super::actions::vouch;
use super::super::rejections;
use super::super::wire::{CompletionDetailOut, RejectIn, RejectionsOut};
use crate::access::{Signed, Staff};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::state::App;

#[derive(ApiResponse)]
pub enum DismissedOut {
    /// Laid aside
    #[oai(status = 204)]
    Done,
}

type Detail = Result<Json<CompletionDetailOut>, ApiError>;

pub struct VerdictsApi;

#[OpenApi(tag = "Tags::Learning")]
impl VerdictsApi {
    /// Vouch for somebody's completion
    ///
    /// A rejection by the same organisation ends with it.
    #[oai(path = "/learning/completions/:completion_id/confirm", method = "post", operation_id = "confirm_completion")]
    async fn confirm(&self, caller: Signed, app: Data<&App>, completion_id: Path<CompletionId>) -> Detail {
        Ok(Json(vouch::confirm(&app, &caller, completion_id.0).await?))
    }

    /// Say that my organisation does not accept a completion, with a reason that the person will read
    ///
    /// It takes back what my organisation confirmed and nothing that others did.
    #[oai(path = "/learning/completions/:completion_id/reject", method = "post", operation_id = "reject_completion")]
    async fn reject(
        &self,
        caller: Signed,
        app: Data<&App>,
        completion_id: Path<CompletionId>,
        body: Json<RejectIn>,
    ) -> Detail {
        let RejectIn { reason } = body.0;
        Ok(Json(vouch::reject(&app, &caller, completion_id.0, &reason).await?))
    }

    /// Take back what my organisation said of a completion
    ///
    /// Somebody of the same organisation whose word counts for as much; the history keeps both.
    #[oai(path = "/learning/verdicts/:verdict_id/take-back", method = "post", operation_id = "take_back_verdict")]
    async fn take_back(&self, caller: Signed, app: Data<&App>, verdict_id: Path<CompletionVerdictId>) -> Detail {
        Ok(Json(vouch::take_back(&app, &caller, verdict_id.0).await?))
    }

    /// What organisations did not accept of my record and is still to be put right, and what they equated
    #[oai(path = "/learning/rejections", method = "get", operation_id = "my_rejections")]
    async fn rejections(&self, caller: Staff, app: Data<&App>) -> Result<Json<RejectionsOut>, ApiError> {
        Ok(Json(rejections::told(&app, &caller.own()?).await?))
    }

    /// Lay the notice of what an organisation said aside; what it said stands
    #[oai(path = "/learning/verdicts/:verdict_id/dismiss", method = "post", operation_id = "dismiss_rejection")]
    async fn dismiss(
        &self,
        caller: Staff,
        app: Data<&App>,
        verdict_id: Path<CompletionVerdictId>,
    ) -> Result<DismissedOut, ApiError> {
        vouch::dismiss(&app, &caller.own()?, verdict_id.0).await?;
        Ok(DismissedOut::Done)
    }
}
