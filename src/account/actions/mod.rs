//! Use cases of accounts: one's own here, making them in `create`, looking after them in
//! `manage`, their roles in `grants`, what happened in `security`.

mod create;
pub mod grants;
pub mod manage;
pub mod security;

use std::collections::HashMap;

use entity::account;
use entity::value::SecurityKind;
use serde_json::json;

use super::store;
use super::wire::{AccountOut, PasswordIn, RoleOut, Who};
use crate::access::events::{self, Event};
use crate::access::password::{self, Verdict};
use crate::access::throttle::{self, Attempt};
use crate::access::{Caller, ledger, names, session};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::base::fold;
use crate::base::text::Email;
use crate::state::App;

pub use create::{NewAccount, add, create, make};

/// Somebody signed in: the account, the session's token, and what the device is known by from now on.
pub struct SignedIn {
    pub account: account::Model,
    pub token: String,
    pub device: String,
}

/// From where somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub address: &'a str,
    pub device: Option<&'a str>,
}

/// Signs in. A wrong password and an unknown address get the same answer after the same work.
pub async fn sign_in(app: &App, email: &str, password: String, origin: Origin<'_>) -> Result<SignedIn, ApiError> {
    // an address that nobody can have is neither looked for nor kept; the guess counts as one from there
    let email = Email::new(email).map(|email| fold::email(&email)).unwrap_or_default();
    let attempt = Attempt::new(&email, origin.address, origin.device);
    let counted = throttle::begin(app, &attempt).await?;
    let found = store::by_email(&app.db, &email).await?.filter(|account| account.disabled_at.is_none());
    let hash = found.as_ref().and_then(|account| account.password_hash.clone());
    let verdict = password::verify(password.clone(), hash).await?;
    let (Some(account), false) = (found.clone(), verdict == Verdict::Wrong) else {
        let failed =
            Event::of(SecurityKind::SignInFailed).account(found.map(|account| account.id)).from(attempt.from());
        events::note_alone(app, failed).await;
        return Err(wrong_credentials());
    };
    let renewed = if verdict == Verdict::RightButOld { Some(password::hash(password).await?) } else { None };
    let tx = db::write(&app.db).await?;
    // the password may have been taken away while it was checked
    if !store::hold_unchanged(&tx, &account).await? {
        return Err(wrong_credentials());
    }
    if let Some(hash) = renewed {
        store::set_hash(&tx, account.id, hash).await?;
    }
    let device = origin.device.map_or_else(session::new_token, str::to_owned);
    throttle::succeeded(app, &tx, &attempt, &counted, Some(&device)).await?;
    let token = session::start(app, &tx, account.id).await?;
    let signed_in = Event::of(SecurityKind::SignedIn).account(account.id).from(attempt.from());
    events::note(&tx, &app.clock, signed_in).await?;
    tx.commit().await?;
    Ok(SignedIn { account, token, device })
}

/// Ends a session. One that has ended already, or never was, is no fault: the cookie goes all the same.
pub async fn sign_out(app: &App, token: Option<&str>, address: &str) -> Result<(), ApiError> {
    let Some(token) = token else { return Ok(()) };
    let Some(caller) = session::find(app, token).await? else { return Ok(()) };
    session::end(&app.db, caller.session()).await?;
    events::note_alone(app, Event::of(SecurityKind::SignedOut).account(caller.account()).from(address)).await;
    Ok(())
}

fn wrong_credentials() -> ApiError {
    ApiError::new(
        poem::http::StatusCode::UNAUTHORIZED,
        "wrong_credentials",
        "This e-mail address and password do not belong together. Check both and try again.",
    )
}

/// Changes one's own password: whoever holds the session must know it. Guesses count as sign-ins
/// that failed; every other session ends.
pub async fn change_password(app: &App, caller: &Caller, new: PasswordIn, origin: Origin<'_>) -> Result<(), ApiError> {
    let PasswordIn { current_password, new_password } = new;
    let (current_password, new_password) = (current_password.expose(), new_password.expose());
    let mut fields = Fields::default();
    password::check_new(&mut fields, "new_password", &new_password, caller.email());
    if password::normalised(&current_password) == password::normalised(&new_password) {
        fields.push("new_password", "same_password", "Choose a password that is not the one you have now.");
    }
    fields.check()?;
    let attempt = Attempt::new(&fold::email(caller.email()), origin.address, origin.device);
    let counted = throttle::begin(app, &attempt).await?;
    let account = store::account(&app.db, caller.account()).await?.ok_or_else(ApiError::not_signed_in)?;
    if password::verify(current_password, account.password_hash.clone()).await? == Verdict::Wrong {
        let failed = Event::of(SecurityKind::SignInFailed).account(account.id).from(attempt.from());
        events::note_alone(app, failed.detail("while changing the password")).await;
        let message = "This is not the password that you sign in with. Check it and try again.";
        return Err(ApiError::field("current_password", "wrong_password", message));
    }
    let hash = password::hash(new_password).await?;
    let tx = db::write(&app.db).await?;
    if !store::replace_hash(&tx, &account, hash).await? {
        return Err(ApiError::conflict("changed_meanwhile", "Your password was changed from somewhere else just now."));
    }
    throttle::succeeded(app, &tx, &attempt, &counted, origin.device).await?;
    session::end_others(&tx, account.id, caller.session()).await?;
    let subject = ("account", account.id.0);
    ledger::changed(&tx, &app.clock, account.id, subject, "password_changed", json!({})).await?;
    let changed = Event::of(SecurityKind::PasswordChanged).account(account.id).from(attempt.from());
    events::note(&tx, &app.clock, changed).await?;
    tx.commit().await?;
    Ok(())
}

/// The caller with the names of what they reach.
pub async fn who<C: Snapshot>(db: &C, caller: &Caller) -> Result<Who, ApiError> {
    let person = match caller.person() {
        Some(id) => store::person(db, id).await?.map(Into::into),
        None => None,
    };
    let organisations: Vec<_> = caller.grants().iter().filter_map(|grant| grant.organisation_id).collect();
    let services: Vec<_> = caller.grants().iter().filter_map(|grant| grant.service_id).collect();
    let organisation_names = names::organisations(db, organisations).await?;
    let service_names: HashMap<_, _> =
        store::services(db, services).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let roles = caller
        .grants()
        .iter()
        .map(|grant| RoleOut {
            role: grant.role,
            organisation_id: grant.organisation_id,
            organisation_name: grant.organisation_id.and_then(|id| organisation_names.get(&id).cloned()),
            service_id: grant.service_id,
            service_name: grant.service_id.and_then(|id| service_names.get(&id).cloned()),
            area: grant.area.clone(),
        })
        .collect();
    let account = AccountOut { id: caller.account(), email: caller.email().to_owned() };
    Ok(Who { account, person, roles, password_must_change: caller.must_change_password() })
}
