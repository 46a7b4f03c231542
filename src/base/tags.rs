//! The groups of operations in the API's documentation.

use poem_openapi::Tags as DeriveTags;

#[derive(DeriveTags)]
pub enum Tags {
    /// Vocabularies, areas and frameworks
    Reference,
    /// Signing in, who one is, accounts and roles
    Account,
    /// Organisations, services, posts and their requirements
    Organisation,
    /// Persons and appointments
    People,
    /// Finding and keeping catalogue items
    Catalogue,
    /// Completions and evidence
    Learning,
    /// Requirements, statuses and their explanation
    Skill,
    /// Workforce tables, safe to publish
    Mapping,
    /// Who has seen what
    Privacy,
}
