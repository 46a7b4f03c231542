//! Use cases of the demo: filling an empty database, and the accounts that open it.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Days;
use entity::value::Role;
use entity::{account, role_grant};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, EntityTrait};

use super::dice::Dice;
use super::generate::generate;
use super::rows::Plan;
use super::{catalogue, store, story};
use crate::access::password;
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::fold;
use crate::state::App;

/// Days; most of the catalogue is older than all that was learnt from it.
const CATALOGUE_SINCE: u64 = 4000;

/// Where the load is: rows written of so many.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The public item of which the curator finds a change to decide.
const SAMPLE_PROPOSAL: &str = "demo-062";

/// Fills an empty database with the plan's sector; all of it or nothing. The sample catalogue
/// comes along when there is no catalogue yet. Returns how many rows were written.
pub async fn load(app: &App, plan: Plan, progress: Progress<'_>) -> Result<usize, ApiError> {
    if !store::is_empty(&app.db).await? {
        return Err(ApiError::conflict(
            "not_empty",
            "This data folder already holds people. Choose an empty one: demo data is never mixed with anything else.",
        ));
    }
    let tx = db::write(&app.db).await?;
    let mut courses = store::courses(&tx).await?;
    if courses.is_empty() {
        let since = plan.as_at - Days::new(CATALOGUE_SINCE);
        let sample = catalogue::read(&mut Dice::new(plan.seed), since, plan.as_at);
        let sample = sample.map_err(|error| ApiError::internal(&error))?;
        store::insert_catalogue(&tx, sample).await?;
        crate::catalogue::propose_sample(&tx, &app.clock, SAMPLE_PROPOSAL).await?;
        courses = store::courses(&tx).await?;
    }
    let rows = tokio::task::spawn_blocking(move || generate(plan, &courses))
        .await
        .map_err(|error| ApiError::internal(&error))?;
    let all = rows.count();
    let written = AtomicUsize::new(0);
    let wrote = |count| progress(written.fetch_add(count, Ordering::Relaxed) + count, all);
    store::insert(&tx, rows, &wrote).await?;
    tx.commit().await?;
    Ok(all)
}

/// Whether there is nobody in the database yet.
pub async fn is_empty(app: &App) -> Result<bool, ApiError> {
    Ok(store::is_empty(&app.db).await?)
}

/// A demo account as it is shown at the start.
#[derive(Clone, Debug)]
pub struct Access {
    pub email: &'static str,
    pub can: &'static str,
}

const ACCOUNTS: [(&str, Option<Role>, &str); 8] = [
    (story::STAFF, None, "a practitioner's own record"),
    (story::MANAGER, Some(Role::Manager), "one service's team"),
    (story::EMPLOYER, Some(Role::Employer), "an organisation's workforce"),
    (story::PROVIDER, Some(Role::Provider), "a provider's catalogue entries"),
    (story::ADP, Some(Role::Adp), "figures of one partnership's area"),
    (story::PLANNER, Some(Role::Planner), "protected figures of Scotland"),
    (story::CURATOR, Some(Role::Curator), "the whole catalogue"),
    (story::ADMIN, Some(Role::Admin), "accounts and settings"),
];

/// The area that the co-ordinator's account sees.
const ADP_AREA: &str = "adp-fife";

/// Makes the demo accounts that are missing and gives all of them the configured password, or a
/// random one that is kept in the data folder. Does nothing to a database without the demo's people.
pub async fn accounts(app: &App) -> Result<Option<(Vec<Access>, String)>, ApiError> {
    if store::cast(&app.db, story::STAFF).await?.is_none() {
        return Ok(None);
    }
    let kept_at = app.config.data_dir.join("demo-password.txt");
    let kept = read(&kept_at)?;
    let password = app
        .config
        .demo_password
        .as_ref()
        .map(|secret| secret.expose().to_owned())
        .or_else(|| kept.clone())
        .unwrap_or_else(password::first);
    let is_new = kept.as_deref() != Some(password.as_str());
    let mut hash = None;
    for (email, role, _) in ACCOUNTS {
        let found = store::account(&app.db, email).await?;
        if found.is_some() && !is_new {
            continue;
        }
        if hash.is_none() {
            hash = Some(password::hash(password.clone()).await?);
        }
        match found {
            Some(found) => renew(app, found, hash.clone()).await?,
            None => create(app, email, role, hash.clone()).await?,
        }
    }
    if is_new {
        keep(&kept_at, &password)?;
    }
    Ok(Some((ACCOUNTS.map(|(email, _, can)| Access { email, can }).into(), password)))
}

async fn renew(app: &App, found: account::Model, hash: Option<String>) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    let row = account::ActiveModel { id: Set(found.id), password_hash: Set(hash), ..Default::default() };
    row.update(&tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn create(app: &App, email: &str, role: Option<Role>, hash: Option<String>) -> Result<(), ApiError> {
    let (person, service) = store::cast(&app.db, email).await?.unzip();
    let service = service.flatten();
    let organisation = match role {
        Some(Role::Manager | Role::Employer) => service.as_ref().map(|service| service.organisation_id),
        Some(Role::Provider) => store::sample_provider(&app.db).await?,
        _ => None,
    };
    let now = app.clock.now();
    let id = app.clock.id();
    let tx = db::write(&app.db).await?;
    let row = account::Model {
        id,
        email: email.to_owned(),
        email_folded: fold::email(email),
        password_hash: hash,
        person_id: person.map(|person| person.id),
        created_at: now,
        disabled_at: None,
        password_must_change: false,
    };
    account::Entity::insert(account::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    if let Some(role) = role {
        let grant = role_grant::Model {
            id: app.clock.id(),
            account_id: id,
            role,
            organisation_id: organisation,
            service_id: service.filter(|_| role == Role::Manager).map(|service| service.id),
            area: (role == Role::Adp).then(|| ADP_AREA.to_owned()),
            granted_at: now,
            granted_by: None,
            revoked_at: None,
        };
        role_grant::Entity::insert(role_grant::ActiveModel::from(grant)).exec_without_returning(&tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn read(path: &Path) -> Result<Option<String>, ApiError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ApiError::internal(&format!("{}: {error}", path.display()))),
    }
}

/// Only the owner of the data folder may read it.
fn keep(path: &Path, password: &str) -> Result<(), ApiError> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    let write = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        writeln!(file, "{password}")
    };
    write().map_err(|error| ApiError::internal(&format!("{}: {error}", path.display())))
}
