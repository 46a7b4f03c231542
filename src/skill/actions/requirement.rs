//! Keeping requirements: listing, making, changing as a new version, ending.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{AccountId, OrganisationId, RequirementId};
use entity::requirement;
use entity::value::{Role, Spelled};
use poem_openapi::types::MaybeUndefined;
use serde_json::{Value, json};

use crate::access::{Caller, ledger};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::base::etag;
use crate::base::fold::tidy;
use crate::base::page::{self, Page};
use crate::catalogue;
use crate::reference::vocabulary;
use crate::skill::store::requirement as store;
use crate::skill::wire::{RequirementIn, RequirementItemOut, RequirementOut, RequirementPatch};
use crate::state::App;

/// The most modules that one requirement names.
const MOST_ITEMS: usize = 50;
/// Ten years: longer is a slip.
const MOST_DAYS: i32 = 3650;

/// An organisation's requirements with the national ones; only those for `None`.
pub async fn list(
    app: &App,
    organisation: Option<OrganisationId>,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<RequirementOut>, ApiError> {
    let limit = page::limit(limit);
    let read = db::read(&app.db).await?;
    let rows = store::list(&read, organisation, page::key(cursor)?, limit).await?;
    let mut items = items_of(&read, &rows).await?;
    Ok(Page::of(
        rows,
        limit,
        |row| (row.name.clone(), row.id),
        |row| {
            let items = items.remove(&row.id).unwrap_or_default();
            RequirementOut::new(row, items)
        },
    ))
}

type Items = HashMap<RequirementId, Vec<RequirementItemOut>>;

async fn items_of<C: Snapshot>(db: &C, rows: &[requirement::Model]) -> Result<Items, ApiError> {
    let mut all = Items::new();
    for (of, id, reference, title) in store::items(db, rows.iter().map(|row| row.id).collect()).await? {
        all.entry(of).or_default().push(RequirementItemOut { id, reference, title });
    }
    Ok(all)
}

/// One requirement that the caller may see: of an organisation in reach, or national.
pub async fn read(app: &App, caller: &Caller, id: RequirementId) -> Result<RequirementOut, ApiError> {
    let read = db::read(&app.db).await?;
    let row = store::by_id(&read, id).await?.ok_or_else(not_found)?;
    if let Some(organisation) = row.organisation_id {
        caller.organisation(organisation).map_err(|_| not_found())?;
    }
    whole(&read, row).await
}

async fn whole<C: Snapshot>(db: &C, row: requirement::Model) -> Result<RequirementOut, ApiError> {
    let items = items_of(db, std::slice::from_ref(&row)).await?.remove(&row.id).unwrap_or_default();
    Ok(RequirementOut::new(row, items))
}

fn not_found() -> ApiError {
    ApiError::not_found("this requirement")
}

/// Makes a requirement of an organisation, or a national one.
pub async fn create(
    app: &App,
    by: AccountId,
    organisation_id: Option<OrganisationId>,
    new: RequirementIn,
) -> Result<RequirementOut, ApiError> {
    let RequirementIn {
        name,
        role,
        item_ids,
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on,
        ends_on,
    } = new;
    let row = requirement::Model {
        id: app.clock.id(),
        organisation_id,
        name: tidy(&name),
        role,
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on: starts_on.unwrap_or_else(|| app.clock.today()),
        ends_on,
        version: 1,
        created_at: app.clock.now(),
    };
    let item_ids = distinct(item_ids);
    check(app, &row, &item_ids).await?;
    let tx = db::write(&app.db).await?;
    store::insert(&tx, row.clone()).await?;
    store::set_items(&tx, row.id, &item_ids).await?;
    note(app, &tx, by, &row, "created", json!({ "now": told(&row), "items": item_ids })).await?;
    let out = whole(&tx, row).await?;
    tx.commit().await?;
    Ok(out)
}

/// Changes a requirement into its next version.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: RequirementId,
    if_match: Option<&str>,
    patch: RequirementPatch,
) -> Result<RequirementOut, ApiError> {
    let before = store::by_id(&app.db, id).await?.ok_or_else(not_found)?;
    may_change(caller, &before)?;
    etag::check(if_match, before.version)?;
    let RequirementPatch {
        name,
        role,
        item_ids,
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on,
        ends_on,
    } = patch;
    let mut row = before.clone();
    row.name = name.map_or(row.name, |name| tidy(&name));
    row.role = patched(role, row.role);
    row.theme = patched(theme, row.theme);
    row.level = patched(level, row.level);
    row.ends_on = patched(ends_on, row.ends_on);
    row.grace_days = grace_days.unwrap_or(row.grace_days);
    row.window_days = window_days.unwrap_or(row.window_days);
    row.minimum_assurance = minimum_assurance.unwrap_or(row.minimum_assurance);
    row.starts_on = starts_on.unwrap_or(row.starts_on);
    row.version += 1;
    let had: Vec<_> = store::items(&app.db, vec![id]).await?.into_iter().map(|(_, item, ..)| item).collect();
    let items = item_ids.map_or_else(|| had.clone(), distinct);
    check(app, &row, &items).await?;
    let tx = db::write(&app.db).await?;
    if !store::update(&tx, row.clone()).await? {
        return Err(ApiError::stale());
    }
    if items != had {
        store::set_items(&tx, id, &items).await?;
    }
    let detail = json!({ "before": told(&before), "now": told(&row), "items_before": had, "items": items });
    note(app, &tx, caller.account(), &row, "changed", detail).await?;
    let out = whole(&tx, row).await?;
    tx.commit().await?;
    Ok(out)
}

/// The employer for its own, curators for national ones. Somebody else's is not to be found.
pub fn may_change(caller: &Caller, row: &requirement::Model) -> Result<(), ApiError> {
    match row.organisation_id {
        Some(organisation) => match caller.employer(organisation) {
            Ok(_) => Ok(()),
            Err(error) if error.status() == poem::http::StatusCode::NOT_FOUND => Err(not_found()),
            Err(error) => Err(error),
        },
        None if caller.has(Role::Curator) => Ok(()),
        None => Err(ApiError::not_allowed("National requirements are kept by curators.")),
    }
}

fn distinct<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    list.into_iter().fold(Vec::new(), |mut kept, one| {
        if !kept.contains(&one) {
            kept.push(one);
        }
        kept
    })
}

fn patched<T>(new: MaybeUndefined<T>, old: Option<T>) -> Option<T> {
    match new {
        MaybeUndefined::Undefined => old,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    }
}

async fn check(app: &App, row: &requirement::Model, items: &[entity::id::ItemId]) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    fields.text("name", "a name", &row.name, 120);
    if row.role.as_deref().is_some_and(|role| vocabulary::term("role", role).is_none()) {
        fields.push("role", "unknown", "Choose a role from the list.");
    }
    if row.theme.as_deref().is_some_and(|theme| vocabulary::term("theme", theme).is_none()) {
        fields.push("theme", "unknown", "Choose a theme from the list.");
    }
    if row.theme.is_some() != row.level.is_some() {
        fields.push("level", "missing", "Choose a theme and the level at which it is asked for, or neither.");
    }
    if items.is_empty() == row.theme.is_none() {
        fields.push("item_ids", "missing", "Choose at least one module, or a theme with a level.");
    }
    if items.len() > MOST_ITEMS {
        fields.push("item_ids", "too_many", format!("Choose at most {MOST_ITEMS} modules."));
    } else if !items.is_empty() && catalogue::requirable(&app.db, items.to_vec()).await?.len() != items.len() {
        fields.push(
            "item_ids",
            "unknown",
            "Choose published modules of the catalogue; resources and pathways cannot be completed.",
        );
    }
    for (field, days) in [("grace_days", row.grace_days), ("window_days", row.window_days)] {
        if !(0..=MOST_DAYS).contains(&days) {
            fields.push(field, "out_of_range", format!("Enter a number of days from 0 to {MOST_DAYS}."));
        }
    }
    let earliest = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap_or_default();
    if row.starts_on < earliest {
        fields.push("starts_on", "too_early", "Enter a date after 1 January 1990.");
    }
    if row.ends_on.is_some_and(|last| last < row.starts_on) {
        fields.push("ends_on", "before_start", "The last day cannot be before the first.");
    }
    fields.check()
}

/// A version in full, for the record of changes.
fn told(row: &requirement::Model) -> Value {
    json!({
        "version": row.version,
        "name": row.name,
        "role": row.role,
        "theme": row.theme,
        "level": row.level,
        "grace_days": row.grace_days,
        "window_days": row.window_days,
        "minimum_assurance": row.minimum_assurance.spelling(),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    })
}

async fn note(
    app: &App,
    tx: &db::Write,
    by: AccountId,
    row: &requirement::Model,
    action: &str,
    detail: Value,
) -> Result<(), ApiError> {
    Ok(ledger::changed(tx, &app.clock, by, ("requirement", row.id.0), action, detail).await?)
}
