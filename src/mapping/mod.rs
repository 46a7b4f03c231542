//! Feature: the workforce map. A question (measures, up to three crossed dimensions, filters, a
//! date) becomes a table that is safe to publish, or an employer's own real figures.
//! Facts are read once, counted for every geography and margin at once (`tally`), protected
//! together (`plan`, crate `disclosure`), and only what was asked is given out and kept as a release.

mod actions;
mod answer;
mod api;
mod axes;
mod closure;
mod export;
mod facts;
mod layers;
mod measures;
mod plan;
mod plans;
mod present;
mod question;
mod skills;
mod store;
mod tally;
mod wire;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::TablesApi, api::ReleasesApi, api::VocabularyApi)
}
