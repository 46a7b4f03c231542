//! Feature: learning. A person's completions, the evidence for them and how far they are trusted.
//! A completion belongs to the person and follows them; nothing of its history is overwritten.

mod actions;
mod api;
pub mod evidence;
mod facts;
mod file_name;
mod outside;
mod present;
mod reach;
mod record;
mod rejections;
pub mod rules;
pub mod store;
mod take_along;
mod team;
mod wire;

pub use team::confirmer;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::CompletionsApi, api::VerdictsApi, api::TeamCompletionsApi, api::EvidenceApi, api::OutsideApi, api::RecordsApi)
}
