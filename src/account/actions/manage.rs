//! Looking after accounts: who there is, what they may do, whether they may sign in. Every change
//! is attributed. Nobody shuts themselves out.

use std::collections::HashMap;

use entity::id::AccountId;
use entity::value::{Role, SecurityKind};
use entity::{account, person, role_grant};
use serde_json::{Value, json};

use super::grants::keep_an_admin;
use crate::access::events::{self, Event};
use crate::access::{AdminScope, ledger, names, password, session, throttle};
use crate::account::store::{self, managed};
use crate::account::wire::{AccountDetailOut, AccountRowOut, FirstPasswordOut, GrantOut};
use crate::base::db::{self, Snapshot, Turn, Write};
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::reference::area;
use crate::state::App;

pub(super) fn not_found() -> ApiError {
    ApiError::not_found("this account")
}

pub(super) fn own(detail: &str) -> ApiError {
    ApiError::conflict("own_account", detail)
}

pub async fn list(
    app: &App,
    scope: &AdminScope,
    wanted: managed::Wanted,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<AccountRowOut>, ApiError> {
    let limit = page::limit(limit);
    let after = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let (rows, total) = managed::list(&read, scope, &wanted, after, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|(account, _)| account.id).collect();
    let grants = dressed(&read, managed::grants(&read, &ids).await?).await?;
    drop(read);
    let mut by_account: HashMap<AccountId, Vec<GrantOut>> = HashMap::new();
    for (account, grant) in grants {
        by_account.entry(account).or_default().push(grant);
    }
    let page = Page::of(
        rows,
        limit,
        |(account, _)| account.email_folded.clone(),
        |(account, person)| row(account, person, &mut by_account),
    );
    Ok(Page { total: Some(total), ..page })
}

fn row(
    account: account::Model,
    person: Option<person::Model>,
    grants: &mut HashMap<AccountId, Vec<GrantOut>>,
) -> AccountRowOut {
    let account::Model { id, email, created_at, disabled_at, .. } = account;
    AccountRowOut {
        roles: grants.remove(&id).unwrap_or_default(),
        id,
        email,
        person: person.map(Into::into),
        disabled: disabled_at.is_some(),
        created_at,
    }
}

pub async fn view(app: &App, scope: &AdminScope, id: AccountId) -> Result<AccountDetailOut, ApiError> {
    detail(&db::read(&app.db).await?, scope, id).await
}

/// An account with its roles, standing and revoked.
pub async fn detail<C: Snapshot>(db: &C, scope: &AdminScope, id: AccountId) -> Result<AccountDetailOut, ApiError> {
    let (account, person) = managed::find(db, scope, id).await?.ok_or_else(not_found)?;
    let mut grants = managed::grants(db, &[id]).await?;
    grants.extend(managed::former_grants(db, id).await?);
    let grants = dressed(db, grants).await?.into_iter().map(|(_, grant)| grant);
    let (roles, former_roles) = grants.partition(|grant| grant.revoked_at.is_none());
    let account::Model { id, email, created_at, disabled_at, .. } = account;
    let (person, own) = (person.map(Into::into), scope.is_own(id));
    Ok(AccountDetailOut { id, email, person, roles, former_roles, disabled_at, created_at, own })
}

/// Grants with the names of what they reach and of who granted them, in four statements.
async fn dressed<C: Snapshot>(db: &C, grants: Vec<role_grant::Model>) -> Result<Vec<(AccountId, GrantOut)>, ApiError> {
    let services: Vec<_> = grants.iter().filter_map(|grant| grant.service_id).collect();
    let services = store::services(db, services).await?;
    let services: HashMap<_, _> = services.into_iter().map(|row| (row.id, row.name)).collect();
    let organisations = names::organisations(db, grants.iter().filter_map(|grant| grant.organisation_id)).await?;
    let granters = names::accounts(db, grants.iter().filter_map(|grant| grant.granted_by)).await?;
    let out = |grant: role_grant::Model| {
        let role_grant::Model { id, account_id, role, organisation_id, service_id, area, .. } = grant;
        let area_name = area.as_ref().and_then(|slug| area::all().get(slug)).map(|area| area.name.clone());
        let grant = GrantOut {
            id,
            role,
            organisation_name: organisation_id.and_then(|id| organisations.get(&id).cloned()),
            organisation_id,
            service_name: service_id.and_then(|id| services.get(&id).cloned()),
            service_id,
            area_name,
            area,
            granted_at: grant.granted_at,
            granted_by: grant.granted_by.and_then(|id| granters.get(&id).cloned()),
            revoked_at: grant.revoked_at,
        };
        (account_id, grant)
    };
    Ok(grants.into_iter().map(out).collect())
}

/// Opens a change of an account: others who change accounts wait.
pub(super) async fn change(app: &App, scope: &AdminScope, id: AccountId) -> Result<(Write, account::Model), ApiError> {
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Accounts).await?;
    let (account, _) = managed::find(&tx, scope, id).await?.ok_or_else(not_found)?;
    Ok((tx, account))
}

/// Notes the change, commits it and answers with how the account stands now.
pub(super) async fn finish(
    app: &App,
    scope: &AdminScope,
    tx: Write,
    id: AccountId,
    noted: Option<(&str, Value)>,
) -> Result<AccountDetailOut, ApiError> {
    if let Some((action, detail)) = noted {
        if let Some(kind) = kind(action) {
            events::note(&tx, &app.clock, Event::of(kind).account(id).by(scope.account())).await?;
        }
        ledger::changed(&tx, &app.clock, scope.account(), ("account", id.0), action, detail).await?;
    }
    let answer = detail(&tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

/// What of a change the security log says; roles have more to say and do so themselves.
fn kind(action: &str) -> Option<SecurityKind> {
    match action {
        "disabled" => Some(SecurityKind::AccountDisabled),
        "enabled" => Some(SecurityKind::AccountEnabled),
        "password_renewed" => Some(SecurityKind::PasswordRenewed),
        _ => None,
    }
}

pub async fn disable(app: &App, scope: &AdminScope, id: AccountId) -> Result<AccountDetailOut, ApiError> {
    let (tx, account) = change(app, scope, id).await?;
    if scope.is_own(id) {
        return Err(own("This is your own account. Ask another administrator to disable it."));
    }
    if account.disabled_at.is_some() {
        return finish(app, scope, tx, id, None).await;
    }
    if managed::grants(&tx, &[id]).await?.iter().any(|grant| grant.role == Role::Admin) {
        keep_an_admin(&tx, id).await?;
    }
    managed::set_disabled(&tx, id, Some(app.clock.now())).await?;
    session::end_all(&tx, id).await?;
    finish(app, scope, tx, id, Some(("disabled", json!({})))).await
}

pub async fn enable(app: &App, scope: &AdminScope, id: AccountId) -> Result<AccountDetailOut, ApiError> {
    let (tx, account) = change(app, scope, id).await?;
    if account.disabled_at.is_none() {
        return finish(app, scope, tx, id, None).await;
    }
    managed::set_disabled(&tx, id, None).await?;
    finish(app, scope, tx, id, Some(("enabled", json!({})))).await
}

/// A new first password for somebody who lost theirs; whoever is signed in is so no longer.
pub async fn renew_password(app: &App, scope: &AdminScope, id: AccountId) -> Result<FirstPasswordOut, ApiError> {
    if scope.is_own(id) {
        return Err(own("This is your own account. Use Change password instead."));
    }
    managed::find(&app.db, scope, id).await?.ok_or_else(not_found)?;
    let password = password::first();
    let hash = password::hash(password.clone()).await?;
    let (tx, account) = change(app, scope, id).await?;
    store::set_first(&tx, id, hash).await?;
    session::end_all(&tx, id).await?;
    throttle::forgive(&tx, &account.email_folded).await?;
    let account = finish(app, scope, tx, id, Some(("password_renewed", json!({})))).await?;
    Ok(FirstPasswordOut { account, password })
}
