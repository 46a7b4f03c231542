//! Feature: persons and their appointments. Appointments are append-only: ending and correcting
//! one supersedes it. What an employer sees of a person is what happened at that employer, and of
//! their record nothing until they have said that they work there; the name is the person's, an
//! employer's spelling its own.

mod actions;
mod api;
mod known;
pub mod names;
pub mod rules;
mod store;
pub mod wire;

pub use actions::here;
pub use store::moving::TABLES;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::PeopleApi, api::AppointmentsApi, api::MergesApi, api::MyEmployersApi)
}
