//! Feature: accounts. Signing in and out, who one is, and making accounts with their roles.
//! What a signed-in caller may reach is `access`'s business.

mod actions;
mod api;
mod store;
mod wire;

pub use actions::{NewAccount, create};
pub use api::{MeApi, SessionApi};
pub use wire::MeOut;
