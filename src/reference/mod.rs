//! Feature: reference data. Areas, roles, sectors, topics, frameworks; every vocabulary versioned.
//! The truth is the embedded files in `data/`, parsed once and pure; the tables are a copy for
//! foreign keys and for readers of the database. Knows nothing of the features that use it.

mod api;
pub mod area;
mod csvfile;
pub mod lookup;
pub mod pay;
pub mod period;
mod store;
pub mod vocabulary;
mod wire;

pub use store::load;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    api::ReferenceApi
}
