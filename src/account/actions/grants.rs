//! Granting and revoking roles. A grant that is revoked stays, with its dates; one administrator
//! always remains.

use entity::id::{AccountId, RoleGrantId};
use entity::role_grant;
use entity::value::{Role, SecurityKind, Spelled};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

use super::manage;
use crate::access::events::{self, Event};
use crate::access::ledger::Seen;
use crate::access::{AdminScope, ledger, names};
use crate::account::rules::Reach;
use crate::account::store::managed;
use crate::account::wire::{AccountDetailOut, GrantIn};
use crate::base::error::{ApiError, Fields};
use crate::state::App;

/// Notes what of a role's reach is not there.
pub async fn check_reach<C: ConnectionTrait>(db: &C, fields: &mut Fields, reach: &Reach) -> Result<(), ApiError> {
    let Some(id) = reach.organisation else { return Ok(()) };
    let Some(organisation) = managed::organisation(db, id).await? else {
        fields.push("organisation_id", "unknown_organisation", "Choose an organisation from the list.");
        return Ok(());
    };
    let fits = match reach.role {
        Role::Provider => organisation.is_provider,
        _ => organisation.is_employer,
    };
    if !fits {
        let what = if reach.role == Role::Provider { "a training provider" } else { "an employer" };
        let message = format!("{} is not {what} in Cairn. Change that first, or choose another.", organisation.name);
        fields.push("organisation_id", "wrong_kind", message);
    }
    if let Some(service) = reach.service
        && managed::service(db, id, service).await?.is_none()
    {
        fields.push("service_id", "unknown_service", "Choose a service of this organisation.");
    }
    Ok(())
}

pub async fn insert_grant<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: AdminScope,
    account: AccountId,
    reach: Reach,
) -> Result<(), ApiError> {
    let id: RoleGrantId = app.clock.id();
    let noted = shown(id, &reach);
    let granted = event(tx, SecurityKind::RoleGranted, &reach).await?.account(account).by(scope.account());
    managed::insert_grant(tx, (id, account), reach, (scope.account(), app.clock.now())).await?;
    events::note(tx, &app.clock, granted).await?;
    ledger::changed(tx, &app.clock, scope.account(), ("account", account.0), "role_granted", noted).await?;
    Ok(())
}

/// The log's words for a role that comes or goes: "employer for Clyde Recovery".
async fn event<C: ConnectionTrait>(db: &C, kind: SecurityKind, reach: &Reach) -> Result<Event, DbErr> {
    let organisations = names::organisations(db, reach.organisation).await?;
    let whose = organisations.into_values().next().or_else(|| reach.area.clone());
    let whose = whose.map_or_else(String::new, |name| format!(" for {name}"));
    Ok(Event::of(kind).detail(format!("{}{whose}", reach.role.spelling())))
}

fn shown(id: RoleGrantId, reach: &Reach) -> Value {
    let Reach { role, organisation, service, area } = reach;
    json!({ "grant_id": id, "role": role.spelling(), "organisation_id": organisation, "service_id": service, "area": area })
}

fn reach_of(grant: role_grant::Model) -> Reach {
    let role_grant::Model { role, organisation_id, service_id, area, .. } = grant;
    Reach { role, organisation: organisation_id, service: service_id, area }
}

pub async fn grant(app: &App, scope: &AdminScope, id: AccountId, new: GrantIn) -> Result<AccountDetailOut, ApiError> {
    let reach = Reach::from(new);
    let (tx, _) = manage::change(app, scope, id).await?;
    let mut fields = Fields::default();
    reach.check(&mut fields);
    check_reach(&tx, &mut fields, &reach).await?;
    fields.check()?;
    if managed::grants(&tx, &[id]).await?.into_iter().any(|held| reach_of(held) == reach) {
        return Err(ApiError::conflict("already_granted", "This account has this role already."));
    }
    if scope.is_own(id) && reach.reaches_records() {
        for_oneself(app, &tx, id, &reach).await?;
    }
    insert_grant(app, &tx, *scope, id, reach).await?;
    manage::finish(app, scope, tx, id, None).await
}

/// Administrators look after accounts and see nobody's record. Giving oneself a role that reaches
/// records takes another administrator; where there is none, the people and the organisation are told.
async fn for_oneself<C: ConnectionTrait>(app: &App, tx: &C, id: AccountId, reach: &Reach) -> Result<(), ApiError> {
    if managed::other_admins(tx, id).await? > 0 {
        let text = "This role reaches people's records, so another administrator must give it to you.";
        return Err(ApiError::conflict("needs_another_administrator", text));
    }
    let Some(organisation) = reach.organisation else { return Ok(()) };
    let people = managed::people_in_post(tx, organisation, reach.service, app.clock.today()).await?;
    ledger::seen_by(tx, &app.clock, (id, organisation), &people, Seen::Role).await?;
    Ok(())
}

pub async fn revoke(
    app: &App,
    scope: &AdminScope,
    id: AccountId,
    grant_id: RoleGrantId,
) -> Result<AccountDetailOut, ApiError> {
    let (tx, _) = manage::change(app, scope, id).await?;
    let held = managed::grant(&tx, id, grant_id).await?.ok_or_else(|| ApiError::not_found("this role"))?;
    if held.role == Role::Admin {
        if scope.is_own(id) {
            return Err(manage::own("This would shut you out of Administration. Ask another administrator to do it."));
        }
        keep_an_admin(&tx, id).await?;
    }
    managed::revoke(&tx, grant_id, app.clock.now()).await?;
    let revoked = event(&tx, SecurityKind::RoleRevoked, &reach_of(held.clone())).await?;
    events::note(&tx, &app.clock, revoked.account(id).by(scope.account())).await?;
    let noted = shown(grant_id, &reach_of(held));
    manage::finish(app, scope, tx, id, Some(("role_revoked", noted))).await
}

pub(super) async fn keep_an_admin<C: ConnectionTrait>(tx: &C, without: AccountId) -> Result<(), ApiError> {
    if managed::other_admins(tx, without).await? > 0 {
        return Ok(());
    }
    Err(ApiError::conflict("last_admin", "This is the last administrator. Make another one first."))
}
