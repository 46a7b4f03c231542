//! Feature: accounts. Signing in and out, who one is, making accounts and looking after them with
//! their roles. What a signed-in caller may reach is `access`'s business.

mod actions;
mod api;
mod rules;
mod store;
mod wire;

pub use actions::{NewAccount, create, make, who};
pub use wire::{AccountOut, PersonOut, RoleOut, Who};

/// The routes of this feature.
pub fn apis() -> impl poem_openapi::OpenApi + 'static {
    (api::SessionApi, api::PasswordApi, api::AccountsApi, api::AccountAccessApi, api::SecurityApi)
}
