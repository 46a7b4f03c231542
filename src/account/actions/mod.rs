//! Use cases of accounts.

use std::collections::HashMap;

use entity::id::{AccountId, OrganisationId, PersonId, ServiceId};
use entity::value::Role;
use entity::{account, role_grant};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::store;
use super::wire::{AccountOut, RoleOut, Who};
use crate::access::password::{self, Verdict};
use crate::access::throttle::{self, Attempt};
use crate::access::{Caller, session};
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::base::fold::fold;
use crate::state::App;

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
        return Err(ApiError::new(
            poem::http::StatusCode::UNAUTHORIZED,
            "wrong_credentials",
            "This e-mail address and password do not belong together. Check both and try again.",
        ));
    };
    let renewed = if verdict == Verdict::RightButOld { Some(password::hash(password).await?) } else { None };
    let tx = db::write(&app.db).await?;
    if let Some(hash) = renewed {
        store::set_hash(&tx, account.id, hash).await?;
    }
    throttle::succeeded(app, &tx, &attempt).await?;
    let token = session::start(app, &tx, account.id).await?;
    tx.commit().await?;
    Ok((token, account))
}

/// The caller with the names of what they reach.
pub async fn who(app: &App, caller: &Caller) -> Result<Who, ApiError> {
    let person = match caller.person() {
        Some(id) => store::person(&app.db, id).await?.map(Into::into),
        None => None,
    };
    let organisations: Vec<_> = caller.grants().iter().filter_map(|grant| grant.organisation_id).collect();
    let services: Vec<_> = caller.grants().iter().filter_map(|grant| grant.service_id).collect();
    let organisation_names: HashMap<_, _> =
        store::organisations(&app.db, organisations).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let service_names: HashMap<_, _> =
        store::services(&app.db, services).await?.into_iter().map(|row| (row.id, row.name)).collect();
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

/// An account to be made, with one role at most; staff is implicit and needs none.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    pub email: String,
    pub password: String,
    pub person: Option<PersonId>,
    pub role: Option<Role>,
    pub organisation: Option<OrganisationId>,
    pub service: Option<ServiceId>,
    pub area: Option<String>,
}

impl NewAccount {
    fn check(&self) -> Result<(), ApiError> {
        let mut fields = Fields::default();
        let shape = self.email.split_once('@');
        if !shape.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !self.email.contains(char::is_whitespace)
        }) {
            fields.push("email", "not_an_email", "Enter an e-mail address, such as name@example.org.");
        }
        fields.longest("email", "the e-mail address", &self.email, 254);
        password::check_new(&mut fields, "password", &self.password);
        let missing = match self.role {
            Some(Role::Employer | Role::Provider) if self.organisation.is_none() => {
                Some(("organisation", "an organisation"))
            }
            Some(Role::Manager) if self.organisation.is_none() || self.service.is_none() => {
                Some(("service", "an organisation and a service"))
            }
            Some(Role::Adp) if self.area.is_none() => Some(("area", "an area")),
            _ => None,
        };
        if let Some((field, what)) = missing {
            fields.push(field, "missing", format!("This role needs {what}."));
        }
        fields.check()
    }
}

/// Makes an account and its role grant.
pub async fn create<C: ConnectionTrait>(app: &App, db: &C, new: NewAccount) -> Result<AccountId, ApiError> {
    new.check()?;
    let email = new.email.trim().to_owned();
    if store::by_email(db, &fold(&email)).await?.is_some() {
        return Err(ApiError::conflict("account_exists", "There is already an account with this e-mail address."));
    }
    let now = app.clock.now();
    let id: AccountId = app.clock.id();
    let row = account::ActiveModel {
        id: Set(id),
        email_folded: Set(fold(&email)),
        email: Set(email),
        password_hash: Set(Some(password::hash(new.password).await?)),
        person_id: Set(new.person),
        created_at: Set(now),
        disabled_at: Set(None),
    };
    account::Entity::insert(row).exec_without_returning(db).await?;
    if let Some(role) = new.role {
        let grant = role_grant::ActiveModel {
            id: Set(app.clock.id()),
            account_id: Set(id),
            role: Set(role),
            organisation_id: Set(new.organisation),
            service_id: Set(new.service),
            area: Set(new.area),
            granted_at: Set(now),
            granted_by: Set(None),
            revoked_at: Set(None),
        };
        role_grant::Entity::insert(grant).exec_without_returning(db).await?;
    }
    Ok(id)
}
