//! Feature: home. Who one is and what to do next, put together from accounts and statuses.

mod api;
mod wire;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    api::MeApi
}
