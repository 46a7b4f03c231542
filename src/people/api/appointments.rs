//! Routes of appointments.

use entity::id::{AppointmentId, OrganisationId, PersonId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use crate::access::Employer;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;
use crate::organisation::{Made, Tagged};
use crate::people::actions::appoint;
use crate::people::wire::{AppointmentChangeIn, AppointmentEndIn, AppointmentIn, AppointmentPatch, PersonDetailOut};
use crate::state::App;

pub struct AppointmentsApi;

#[OpenApi(tag = "Tags::People")]
impl AppointmentsApi {
    /// Appoint somebody who is or was here to a post
    #[oai(
        path = "/organisations/:id/people/:person_id/appointments",
        method = "post",
        operation_id = "add_appointment"
    )]
    async fn add(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        body: Json<AppointmentIn>,
    ) -> Result<Made<PersonDetailOut>, ApiError> {
        Ok(appoint::appoint(&app, &caller.employer(id.0)?, person_id.0, body.0).await?.into())
    }

    /// Correct an appointment; the entry as it was is kept
    #[oai(
        path = "/organisations/:id/people/:person_id/appointments/:appointment_id",
        method = "patch",
        operation_id = "correct_appointment"
    )]
    async fn correct(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        appointment_id: Path<AppointmentId>,
        body: Json<AppointmentPatch>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        let of = (person_id.0, appointment_id.0);
        Ok(appoint::correct(&app, &caller.employer(id.0)?, of, body.0).await?.into())
    }

    /// End an appointment on a date, for a reason
    #[oai(
        path = "/organisations/:id/people/:person_id/appointments/:appointment_id/end",
        method = "post",
        operation_id = "end_appointment"
    )]
    async fn end(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        appointment_id: Path<AppointmentId>,
        body: Json<AppointmentEndIn>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        let of = (person_id.0, appointment_id.0);
        Ok(appoint::end(&app, &caller.employer(id.0)?, of, body.0).await?.into())
    }

    /// Other hours or another post here from a day on; nobody leaves by it
    ///
    /// The appointment closes the day before, without a reason for leaving (or as moved, in another post), and the
    /// next one goes on from there
    #[oai(
        path = "/organisations/:id/people/:person_id/appointments/:appointment_id/change",
        method = "post",
        operation_id = "change_appointment"
    )]
    async fn change(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        appointment_id: Path<AppointmentId>,
        body: Json<AppointmentChangeIn>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        let of = (person_id.0, appointment_id.0);
        Ok(appoint::change_from(&app, &caller.employer(id.0)?, of, body.0).await?.into())
    }
}
