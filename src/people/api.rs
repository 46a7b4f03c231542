//! Routes of persons and appointments.

use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ServiceId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use super::actions;
use super::store::Wanted;
use super::wire::{
    AppointmentEndIn, AppointmentIn, AppointmentPatch, PersonDetailOut, PersonIn, PersonPatch, PersonRowOut, Presence,
};
use crate::access::Employer;
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::organisation::{Made, Tagged};
use crate::state::App;

/// More words than this make no name.
const MOST_WORDS: usize = 8;

pub struct PeopleApi;

#[OpenApi(tag = "Tags::People")]
impl PeopleApi {
    /// The people of an organisation in the order of their family names
    #[oai(path = "/organisations/:id/people", method = "get", operation_id = "list_people")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the route")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        /// Words of the name, in any order
        q: Query<Option<String>>,
        /// Those who are here, who were, or both
        presence: Query<Option<Presence>>,
        service: Query<Option<ServiceId>>,
        post: Query<Option<PostId>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<PersonRowOut>>, ApiError> {
        let scope = caller.organisation(id.0)?;
        let words = tidy(&q.0.unwrap_or_default()).split(' ').take(MOST_WORDS).map(str::to_owned).collect();
        let presence = presence.0.unwrap_or_default();
        let wanted = Wanted { presence, words, service: service.0, post: post.0 };
        Ok(Json(actions::list(&app, &scope, wanted, cursor.0.as_deref(), limit.0).await?))
    }

    /// Add a person with a first appointment
    #[oai(path = "/organisations/:id/people", method = "post", operation_id = "add_person")]
    async fn add(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<PersonIn>,
    ) -> Result<Made<PersonDetailOut>, ApiError> {
        Ok(actions::add(&app, &caller.employer(id.0)?, body.0).await?.into())
    }

    /// A person with their posts here, now and before; the person can read that it was seen
    #[oai(path = "/organisations/:id/people/:person_id", method = "get", operation_id = "get_person")]
    async fn get(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        Ok(actions::view(&app, &caller.organisation(id.0)?, person_id.0).await?.into())
    }

    /// Change a person's names
    #[oai(path = "/organisations/:id/people/:person_id", method = "patch", operation_id = "rename_person")]
    async fn rename(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<PersonPatch>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        let scope = caller.employer(id.0)?;
        Ok(actions::rename(&app, &scope, person_id.0, if_match.0.as_deref(), body.0).await?.into())
    }
}

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
        Ok(actions::appoint(&app, &caller.employer(id.0)?, person_id.0, body.0).await?.into())
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
        Ok(actions::correct(&app, &caller.employer(id.0)?, of, body.0).await?.into())
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
        Ok(actions::end(&app, &caller.employer(id.0)?, of, body.0).await?.into())
    }
}
