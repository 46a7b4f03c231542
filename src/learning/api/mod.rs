//! Routes of completions, evidence and records.

mod completions;
mod evidence;
mod outside;
mod records;
mod verdicts;

pub use completions::{CompletionsApi, TeamCompletionsApi};
pub use evidence::EvidenceApi;
pub use outside::OutsideApi;
pub use records::RecordsApi;
pub use verdicts::VerdictsApi;
