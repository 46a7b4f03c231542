//! Use cases of accounts: one's own here, making them in `create`, looking after them in
//! `manage`, their roles in `grants`.

mod create;
pub mod grants;
pub mod manage;

use std::collections::HashMap;

use entity::account;
use serde_json::json;

use super::store;
use super::wire::{AccountOut, PasswordIn, RoleOut, Who};
use crate::access::password::{self, Verdict};
use crate::access::throttle::{self, Attempt};
use crate::access::{Caller, ledger, names, session};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::base::fold::fold;
use crate::state::App;

pub use create::{NewAccount, add, create, make};

/// Signs in and returns the new session's token. A wrong password and an unknown address get
/// the same answer after the same work.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: String,
    address: &str,
) -> Result<(String, account::Model), ApiError> {
    let email = fold(email);
    let attempt = Attempt::new(&email, address);
    throttle::check(app, &attempt).await?;
    let found = store::by_email(&app.db, &email).await?.filter(|account| account.disabled_at.is_none());
    let hash = found.as_ref().and_then(|account| account.password_hash.clone());
    let verdict = password::verify(password.clone(), hash).await?;
    let (Some(account), false) = (found, verdict == Verdict::Wrong) else {
        throttle::failed(app, &attempt).await?;
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
    throttle::succeeded(app, &tx, &attempt).await?;
    let token = session::start(app, &tx, account.id).await?;
    tx.commit().await?;
    Ok((token, account))
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
pub async fn change_password(app: &App, caller: &Caller, new: PasswordIn, address: &str) -> Result<(), ApiError> {
    let PasswordIn { current_password, new_password } = new;
    let mut fields = Fields::default();
    password::check_new(&mut fields, "new_password", &new_password);
    if current_password == new_password {
        fields.push("new_password", "same_password", "Choose a password that is not the one you have now.");
    }
    fields.check()?;
    let attempt = Attempt::new(&fold(caller.email()), address);
    throttle::check(app, &attempt).await?;
    let account = store::account(&app.db, caller.account()).await?.ok_or_else(ApiError::not_signed_in)?;
    if password::verify(current_password, account.password_hash.clone()).await? == Verdict::Wrong {
        throttle::failed(app, &attempt).await?;
        let message = "This is not the password that you sign in with. Check it and try again.";
        return Err(ApiError::field("current_password", "wrong_password", message));
    }
    let hash = password::hash(new_password).await?;
    let tx = db::write(&app.db).await?;
    if !store::replace_hash(&tx, &account, hash).await? {
        return Err(ApiError::conflict("changed_meanwhile", "Your password was changed from somewhere else just now."));
    }
    throttle::succeeded(app, &tx, &attempt).await?;
    session::end_others(&tx, account.id, caller.session()).await?;
    let subject = ("account", account.id.0);
    ledger::changed(&tx, &app.clock, account.id, subject, "password_changed", json!({})).await?;
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
    Ok(Who { account, person, roles })
}
