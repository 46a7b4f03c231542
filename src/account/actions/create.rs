//! Making accounts: for tests and the command line with a password of their own, for an
//! administrator with a first one that is shown once.

use entity::id::{AccountId, OrganisationId, PersonId, ServiceId};
use entity::value::{Role, SecurityKind};
use entity::{account, person};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::{grants, manage};
use crate::access::events::{self, Event};
use crate::access::{AdminScope, SystemScope, ledger, names, password};
use crate::account::rules::Reach;
use crate::account::store::{self, managed};
use crate::account::wire::{AccountIn, FirstPasswordOut};
use crate::base::contact::{check_names, name_folded};
use crate::base::db::{self, Turn};
use crate::base::error::{ApiError, Fields};
use crate::base::fold;
use crate::base::text::Email;
use crate::state::App;

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
    /// The password was made by a program and is passed on
    pub must_change: bool,
}

/// Makes an account and its role grant.
pub async fn create<C: ConnectionTrait>(app: &App, db: &C, new: NewAccount) -> Result<AccountId, ApiError> {
    let NewAccount { email, password, person, role, organisation, service, area, must_change } = new;
    let mut fields = Fields::default();
    let email = Email::new(&email).unwrap_or_else(|fault| {
        fields.push("email", &fault.code, fault.message);
        Email::default()
    });
    password::check_new(&mut fields, "password", &password, &email);
    let reach = reach(&mut fields, role, organisation, service, area);
    fields.check()?;
    check(db, &email, reach.as_ref()).await?;
    let hash = password::hash(password).await?;
    let row = Row { email: email.into_string(), hash, must_change, person, reach };
    insert(app, db, SystemScope::program().installation(), row).await
}

/// The same as one change, for the command line.
pub async fn make(app: &App, new: NewAccount) -> Result<AccountId, ApiError> {
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Accounts).await?;
    let id = create(app, &tx, new).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes an account with a first password, for the one person who has this address and is nobody
/// else's, or for a new person: one that an employer added says themselves whether they are it.
pub async fn add(app: &App, scope: &AdminScope, new: AccountIn) -> Result<FirstPasswordOut, ApiError> {
    let AccountIn { email, given_name, family_name, role, organisation_id, service_id, area } = new;
    let names = (given_name.unwrap_or_default().into_string(), family_name.unwrap_or_default().into_string());
    let names = Some(names).filter(|(given, family)| !given.is_empty() || !family.is_empty());
    let mut fields = Fields::default();
    if let Some((given, family)) = &names {
        check_names(&mut fields, given, family);
    }
    let reach = reach(&mut fields, role, organisation_id, service_id, area.map(String::from));
    fields.check()?;
    // before the transaction, because it takes its time
    let password = password::first();
    let hash = password::hash(password.clone()).await?;
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Accounts).await?;
    check(&tx, &email, reach.as_ref()).await?;
    let person = person_for(app, &tx, scope, &email, names).await?;
    let row = Row { email: email.into_string(), hash, must_change: true, person, reach };
    let id = insert(app, &tx, *scope, row).await?;
    let account = manage::detail(&tx, scope, id).await?;
    tx.commit().await?;
    Ok(FirstPasswordOut { account, password })
}

fn reach(
    fields: &mut Fields,
    role: Option<Role>,
    organisation: Option<OrganisationId>,
    service: Option<ServiceId>,
    area: Option<String>,
) -> Option<Reach> {
    let Some(role) = role else {
        let parts = [("organisation_id", organisation.is_some()), ("service_id", service.is_some())];
        for (field, _) in parts.into_iter().chain([("area", area.is_some())]).filter(|(_, given)| *given) {
            fields.push(field, "not_for_this_role", "Choose the role that this is for.");
        }
        return None;
    };
    let reach = Reach { role, organisation, service, area };
    reach.check(fields);
    Some(reach)
}

async fn check<C: ConnectionTrait>(db: &C, email: &str, reach: Option<&Reach>) -> Result<(), ApiError> {
    if let Some(found) = store::by_email(db, &fold::email(email)).await? {
        let detail = "There is already an account with this e-mail address.";
        return Err(ApiError::conflict("account_exists", detail).with_existing(path(found.id)));
    }
    let mut fields = Fields::default();
    if let Some(reach) = reach {
        grants::check_reach(db, &mut fields, reach).await?;
    }
    fields.check()
}

fn path(id: AccountId) -> String {
    format!("/api/accounts/{id}")
}

/// Whose account it is to be. An address alone is no proof of who somebody is: names that differ
/// from those we hold link nothing.
async fn person_for<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &AdminScope,
    email: &str,
    names: Option<(String, String)>,
) -> Result<Option<PersonId>, ApiError> {
    let mut known = managed::persons_by_email(tx, email).await?;
    let folded = names.as_ref().map(|(given, family)| name_folded(given, family));
    if known.len() > 1 {
        known.retain(|person| Some(&person.name_folded) == folded.as_ref());
    }
    if let [person] = known.as_slice() {
        if folded.is_some_and(|folded| folded != person.name_folded) {
            let detail = format!(
                "In Cairn this e-mail address belongs to {}. Leave the names empty to make their account.",
                names::full_name(person)
            );
            return Err(ApiError::conflict("person_named_otherwise", detail));
        }
        if let Some(other) = managed::account_of(tx, person.id).await? {
            let detail = format!("The person with this address has an account already: {}.", other.email);
            return Err(ApiError::conflict("person_has_account", detail).with_existing(path(other.id)));
        }
        return Ok(Some(person.id));
    }
    let Some((given_name, family_name)) = named(tx, email, names).await? else { return Ok(None) };
    let id: PersonId = app.clock.id();
    let row = person::ActiveModel {
        id: Set(id),
        name_folded: Set(name_folded(&given_name, &family_name)),
        given_name: Set(given_name),
        family_name: Set(family_name),
        email: Set(Some(email.to_owned())),
        date_of_birth: Set(None),
        synthetic: Set(false),
        version: Set(1),
        created_at: Set(app.clock.now()),
    };
    person::Entity::insert(row).exec_without_returning(tx).await?;
    ledger::changed(tx, &app.clock, scope.account(), ("person", id.0), "added", json!({})).await?;
    Ok(Some(id))
}

/// The name of a new person: as it was typed, else as employers write it who were given this
/// address. Theirs it becomes, not their person: whether they work there they say themselves.
async fn named<C: ConnectionTrait>(
    tx: &C,
    email: &str,
    typed: Option<(String, String)>,
) -> Result<Option<(String, String)>, ApiError> {
    if typed.is_some() {
        return Ok(typed);
    }
    let mut written = managed::written_names(tx, &fold::email(email)).await?;
    if written.len() > 1 {
        let message = "Employers write this person's name in different ways. Enter it.";
        return Err(ApiError::field("given_name", "written_otherwise", message));
    }
    Ok(written.pop())
}

/// An account that was checked.
struct Row {
    email: String,
    hash: String,
    must_change: bool,
    person: Option<PersonId>,
    reach: Option<Reach>,
}

async fn insert<C: ConnectionTrait>(app: &App, tx: &C, scope: AdminScope, row: Row) -> Result<AccountId, ApiError> {
    let Row { email, hash, must_change, person, reach } = row;
    let id: AccountId = app.clock.id();
    let row = account::ActiveModel {
        id: Set(id),
        email_folded: Set(fold::email(&email)),
        email: Set(email),
        password_hash: Set(Some(hash)),
        person_id: Set(person),
        created_at: Set(app.clock.now()),
        disabled_at: Set(None),
        password_must_change: Set(must_change),
    };
    account::Entity::insert(row).exec_without_returning(tx).await?;
    ledger::changed(tx, &app.clock, scope.account(), ("account", id.0), "added", json!({ "person_id": person }))
        .await?;
    events::note(tx, &app.clock, Event::of(SecurityKind::AccountAdded).account(id).by(scope.account())).await?;
    if let Some(reach) = reach {
        grants::insert_grant(app, tx, scope, id, reach).await?;
    }
    Ok(id)
}
