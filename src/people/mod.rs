//! Feature: persons and their appointments. Appointments are append-only: ending and correcting
//! one supersedes it. What an employer sees of a person is what happened at that employer.

mod actions;
mod api;
pub mod rules;
mod store;
pub mod wire;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::PeopleApi, api::AppointmentsApi)
}
