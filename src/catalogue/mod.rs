//! Feature: the catalogue. Items (modules, pathways, resources) with their life from draft to
//! retired, the import of tables of them, and the search over the published ones.
//! The database is the truth; the search index follows it and never decides who sees what.

mod actions;
mod api;
mod differences;
mod find;
mod import;
pub mod index;
mod markdown;
mod provider;
mod rules;
mod store;
pub mod terms;
mod wire;
mod words;

pub use actions::proposal::propose_sample;
pub use actions::{Actor, rows_out};
pub use import::{Choice, Outcome, SAMPLE, import_bytes};
pub use store::requirable;
pub use wire::ItemRowOut;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (
        api::items::ItemsApi,
        api::search::SearchApi,
        api::queue::QueueApi,
        api::imports::ImportsApi,
        api::imports::AnnotatedApi,
        api::imports::UndoApi,
    )
}
