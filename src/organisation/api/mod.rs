//! Routes of organisations, services and posts.

mod directory;

use entity::id::{OrganisationId, PostId, ServiceId};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiResponse, OpenApi};

use super::actions::{self, directory as entries, posts, services};
use super::wire::{
    OrganisationIn, OrganisationOut, OrganisationOverviewOut, OrganisationPatch, PostDetailOut, PostIn, PostOut,
    PostPatch, PostsOnly, ServiceIn, ServiceOut, ServicePatch,
};
use crate::access::{Admin, Employer};
use crate::base::day::Day;
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::page::Page;
use crate::base::tags::Tags;
use crate::state::App;

pub use directory::DirectoryApi;

/// A thing with the entity tag of its version.
#[derive(ApiResponse)]
pub enum Tagged<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Found(Json<T>, #[oai(header = "etag")] String),
}

/// A thing that was made, with the entity tag of its version.
#[derive(ApiResponse)]
pub enum Made<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 201)]
    Made(Json<T>, #[oai(header = "etag")] String),
}

impl<T: Type + ParseFromJSON + ToJSON + Send + Sync> From<(T, String)> for Tagged<T> {
    fn from((it, etag): (T, String)) -> Self {
        Self::Found(Json(it), etag)
    }
}

impl<T: Type + ParseFromJSON + ToJSON + Send + Sync> From<(T, String)> for Made<T> {
    fn from((it, etag): (T, String)) -> Self {
        Self::Made(Json(it), etag)
    }
}

type IfMatch = Header<Option<String>>;

pub struct OrganisationsApi;

#[OpenApi(tag = "Tags::Organisation")]
impl OrganisationsApi {
    /// The organisations that I work with as employer or manager
    #[oai(path = "/organisations", method = "get", operation_id = "list_organisations")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<OrganisationOut>>, ApiError> {
        Ok(Json(actions::list(&app, &caller.organisations(), cursor.0.as_deref(), limit.0).await?))
    }

    /// Add an organisation
    #[oai(path = "/organisations", method = "post", operation_id = "add_organisation")]
    async fn add(
        &self,
        caller: Admin,
        app: Data<&App>,
        body: Json<OrganisationIn>,
    ) -> Result<Made<OrganisationOut>, ApiError> {
        Ok(entries::add(&app, &caller.installation(), body.0).await?.into())
    }

    /// Change what an organisation is called and what it is
    #[oai(path = "/organisations/:id", method = "patch", operation_id = "change_organisation")]
    async fn change(
        &self,
        caller: Admin,
        app: Data<&App>,
        id: Path<OrganisationId>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        body: Json<OrganisationPatch>,
    ) -> Result<Tagged<OrganisationOut>, ApiError> {
        Ok(entries::change(&app, &caller.installation(), id.0, if_match.0.as_deref(), body.0).await?.into())
    }

    /// An organisation with its posts and people today
    #[oai(path = "/organisations/:id", method = "get", operation_id = "get_organisation")]
    async fn get(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
    ) -> Result<Json<OrganisationOverviewOut>, ApiError> {
        Ok(Json(actions::overview(&app, &caller.organisation(id.0)?).await?))
    }

    /// Say that posts and appointments are right today
    #[oai(path = "/organisations/:id/reviewed", method = "post", operation_id = "review_organisation")]
    async fn reviewed(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
    ) -> Result<Json<OrganisationOverviewOut>, ApiError> {
        Ok(Json(actions::reviewed(&app, &caller.employer(id.0)?).await?))
    }
}

pub struct ServicesApi;

#[OpenApi(tag = "Tags::Organisation")]
impl ServicesApi {
    /// Services with what is funded, in post and vacant
    #[oai(path = "/organisations/:id/services", method = "get", operation_id = "list_services")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the route")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        /// Figures of this date, today when left out
        as_at: Query<Option<Day>>,
        /// With those not open on the date
        closed: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<ServiceOut>>, ApiError> {
        let asked = actions::Asked {
            as_at: as_at.0.map(Day::date),
            closed: closed.0.unwrap_or(false),
            cursor: cursor.0,
            limit: limit.0,
        };
        Ok(Json(services::list(&app, &caller.organisation(id.0)?, asked).await?))
    }

    /// Add a service
    #[oai(path = "/organisations/:id/services", method = "post", operation_id = "add_service")]
    async fn add(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<ServiceIn>,
    ) -> Result<Made<ServiceOut>, ApiError> {
        Ok(services::add(&app, &caller.employer(id.0)?, body.0).await?.into())
    }

    /// A service
    #[oai(path = "/organisations/:id/services/:service_id", method = "get", operation_id = "get_service")]
    async fn get(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        service_id: Path<ServiceId>,
    ) -> Result<Tagged<ServiceOut>, ApiError> {
        Ok(services::get(&app, &caller.organisation(id.0)?, service_id.0).await?.into())
    }

    /// Change a service, or close it with its posts from a date
    #[oai(path = "/organisations/:id/services/:service_id", method = "patch", operation_id = "change_service")]
    async fn change(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        service_id: Path<ServiceId>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        body: Json<ServicePatch>,
    ) -> Result<Tagged<ServiceOut>, ApiError> {
        let scope = caller.employer(id.0)?;
        Ok(services::change(&app, &scope, service_id.0, if_match.0.as_deref(), body.0).await?.into())
    }
}

pub struct PostsApi;

#[OpenApi(tag = "Tags::Organisation")]
impl PostsApi {
    /// Posts, service by service, with what is vacant since when
    #[oai(path = "/organisations/:id/posts", method = "get", operation_id = "list_posts")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the route")]
    async fn list(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        /// Only posts of this service
        service: Query<Option<ServiceId>>,
        /// Only posts that need attention in this way
        only: Query<Option<PostsOnly>>,
        /// Figures of this date, today when left out
        as_at: Query<Option<Day>>,
        /// With those not open on the date
        closed: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<PostOut>>, ApiError> {
        let asked = actions::Asked {
            as_at: as_at.0.map(Day::date),
            closed: closed.0.unwrap_or(false),
            cursor: cursor.0,
            limit: limit.0,
        };
        Ok(Json(posts::list(&app, &caller.organisation(id.0)?, service.0, only.0, asked).await?))
    }

    /// Add a post
    #[oai(path = "/organisations/:id/posts", method = "post", operation_id = "add_post")]
    async fn add(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        body: Json<PostIn>,
    ) -> Result<Made<PostDetailOut>, ApiError> {
        Ok(posts::add(&app, &caller.employer(id.0)?, body.0).await?.into())
    }

    /// A post with its establishment over time
    #[oai(path = "/organisations/:id/posts/:post_id", method = "get", operation_id = "get_post")]
    async fn get(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        post_id: Path<PostId>,
    ) -> Result<Tagged<PostDetailOut>, ApiError> {
        Ok(posts::get(&app, &caller.organisation(id.0)?, post_id.0).await?.into())
    }

    /// Change a post, its establishment from a date, or close it from a date
    #[oai(path = "/organisations/:id/posts/:post_id", method = "patch", operation_id = "change_post")]
    async fn change(
        &self,
        caller: Employer,
        app: Data<&App>,
        id: Path<OrganisationId>,
        post_id: Path<PostId>,
        #[oai(name = "If-Match")] if_match: IfMatch,
        body: Json<PostPatch>,
    ) -> Result<Tagged<PostDetailOut>, ApiError> {
        let scope = caller.employer(id.0)?;
        Ok(posts::change(&app, &scope, post_id.0, if_match.0.as_deref(), body.0).await?.into())
    }
}
