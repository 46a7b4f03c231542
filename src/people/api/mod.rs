//! Routes of persons; of appointments, merging and a person's own side beside it.

mod appointments;
mod merges;
mod mine;

use entity::id::{OrganisationId, PersonId, PostId, ServiceId};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path, Query};

use super::actions;
use super::store::Wanted;
use super::wire::{MatchesIn, MatchesOut, PersonDetailOut, PersonIn, PersonPatch, PersonRowOut, Presence};
use crate::access::Employer;
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::organisation::{Made, Tagged};
use crate::state::App;

pub use appointments::AppointmentsApi;
pub use merges::MergesApi;
pub use mine::MyEmployersApi;

/// More words than this make no name.
const MOST_WORDS: usize = 8;

pub struct PeopleApi;

#[OpenApi(tag = "Tags::People")]
impl PeopleApi {
    /// The people of an organisation in the order of their family names; each can read that they were seen
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
    ///
    /// Whoever signs in with the address is asked whether they work here. Until they say yes the person is this
    /// organisation's own, without anybody's record. Doubts (409 `please_confirm`) are sent again in `confirmed`
    #[oai(path = "/organisations/:id/people", method = "post", operation_id = "add_person")]
    async fn add(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<PersonIn>,
    ) -> Result<Made<PersonDetailOut>, ApiError> {
        Ok(actions::add::add(&app, &caller.employer(id.0)?, body.0).await?.into())
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

    /// Change how this organisation writes a person's name, and the address that it was given
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
        Ok(actions::details::change(&app, &scope, person_id.0, if_match.0.as_deref(), body.0).await?.into())
    }

    /// Who, of those who are or were here, may be the one that I am about to add
    #[oai(path = "/organisations/:id/people/matches", method = "post", operation_id = "match_person")]
    async fn matches(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<MatchesIn>,
    ) -> Result<Json<MatchesOut>, ApiError> {
        Ok(Json(actions::add::matches(&app, &caller.employer(id.0)?, body.0).await?))
    }

    /// Ask somebody again who did not confirm that they work here; once in 30 days at most
    #[oai(path = "/organisations/:id/people/:person_id/ask", method = "post", operation_id = "ask_person_again")]
    async fn ask(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        person_id: Path<PersonId>,
    ) -> Result<Tagged<PersonDetailOut>, ApiError> {
        Ok(actions::details::ask_again(&app, &caller.employer(id.0)?, person_id.0).await?.into())
    }
}
