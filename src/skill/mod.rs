//! Feature: skill. What is asked of whom (requirements, exemptions), where people stand with it
//! and why. Every status is the engine's (the crate `status`). Knows nothing of the map.

mod actions;
mod api;
mod asking;
mod numbers;
mod presence;
mod store;
mod tally;
mod whom;
mod wire;
mod words;

pub use actions::fresh::items as new_items;
pub use actions::leavers::keep as keep_leavers;
pub use actions::mine::due;
pub use wire::MyStatusOut;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::RequirementApi, api::StatusApi)
}
