//! Feature: privacy. Who has seen a person's record, for that person to read. Entries are
//! written by `access::ledger`.

mod actions;
mod api;
mod store;
mod wire;

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    api::AccessApi
}
