//! Feature: organisations, their services and posts. What is funded, who is in it and what is
//! vacant, on any date. Who the people are is `people`'s business.

mod actions;
mod api;
pub mod history;
pub mod rules;
pub mod store;
pub mod wire;

pub use actions::directory::{add, named};
pub use actions::opening::open_by;
pub use actions::posts::beyond_funding;
pub use api::{Made, Tagged};

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::OrganisationsApi, api::DirectoryApi, api::ServicesApi, api::PostsApi)
}
