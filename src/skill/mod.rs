//! Feature: skill. What is asked of whom (requirements, exemptions), where people stand with it
//! and why. One pure engine (`rules`) gives every status; the matrix, the explanation, one's own
//! list and the map's coverage ask it. Knows nothing of the map.

mod actions;
mod api;
pub mod rules;
pub mod status;
mod store;
mod wire;
mod words;

pub use actions::fresh::items as new_items;
pub use actions::mine::due;
pub use wire::MyStatusOut;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::RequirementApi, api::StatusApi)
}
