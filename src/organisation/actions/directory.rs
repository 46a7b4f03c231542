//! Use cases of the directory: every organisation, for administrators. A name stands once; new
//! names are taken in turn, so that a double click makes one organisation.

use entity::id::OrganisationId;
use entity::organisation;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};
use serde_json::{Value, json};

use super::{LONGEST_NAME, check_term, in_order, not_found, organisation_key, reviewed_on, service_key};
use crate::access::{AdminScope, ledger};
use crate::base::db::{self, Turn};
use crate::base::error::{ApiError, Fields};
use crate::base::etag::{self, etag};
use crate::base::fold::{fold, tidy};
use crate::base::outbox::to_outbox;
use crate::base::page::{self, Page};
use crate::base::patch;
use crate::organisation::rules::usual_framework;
use crate::organisation::store::directory::{self, Wanted};
use crate::organisation::wire::{OrganisationIn, OrganisationOut, OrganisationPatch, ServiceNameOut};
use crate::state::App;

pub async fn list(
    app: &App,
    scope: &AdminScope,
    wanted: Wanted,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<OrganisationOut>, ApiError> {
    let limit = page::limit(limit);
    let after = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let rows = directory::list(&read, scope, &wanted).await?;
    let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let rows = in_order(rows, organisation_key, after, limit);
    let reviewed = reviewed_on(&read, &rows).await?;
    drop(read);
    let out = |row: organisation::Model| {
        let reviewed_on = reviewed.get(&row.id).copied();
        OrganisationOut::new(row, reviewed_on, true)
    };
    let page = Page::of(rows, limit, organisation_key, out);
    Ok(Page { total: Some(total), ..page })
}

/// The organisation with its entity tag.
pub async fn get(app: &App, scope: &AdminScope, id: OrganisationId) -> Result<(OrganisationOut, String), ApiError> {
    let read = db::read(&app.db).await?;
    let row = directory::find(&read, scope, id).await?.ok_or_else(not_found)?;
    Ok(answer(&read, row).await?)
}

/// The names of an organisation's services, to grant a role for one.
pub async fn services(
    app: &App,
    scope: &AdminScope,
    id: OrganisationId,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<ServiceNameOut>, ApiError> {
    let (limit, after) = (page::limit(limit), page::key(cursor)?);
    let read = db::read(&app.db).await?;
    directory::find(&read, scope, id).await?.ok_or_else(not_found)?;
    let rows = in_order(directory::services(&read, scope, id).await?, service_key, after, limit);
    Ok(Page::of(rows, limit, service_key, Into::into))
}

/// The organisation that goes by this name, whatever its case and accents; on the command line.
pub async fn named(app: &App, scope: &AdminScope, name: &str) -> Result<OrganisationId, ApiError> {
    let found = directory::by_name(&app.db, scope, &fold(name)).await?;
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => Err(ApiError::not_found("an organisation of this name")),
        _ => Err(ApiError::conflict("several_of_this_name", "Several organisations have this name. Give the id.")),
    }
}

async fn answer<C: ConnectionTrait>(db: &C, row: organisation::Model) -> Result<(OrganisationOut, String), DbErr> {
    let tag = etag(row.version);
    let reviewed = reviewed_on(db, std::slice::from_ref(&row)).await?.remove(&row.id);
    Ok((OrganisationOut::new(row, reviewed, true), tag))
}

pub async fn add(app: &App, scope: &AdminScope, new: OrganisationIn) -> Result<(OrganisationOut, String), ApiError> {
    let OrganisationIn { name, sector, is_employer, is_provider, pay_framework } = new;
    let name = tidy(&name);
    let row = organisation::Model {
        id: app.clock.id(),
        name_folded: fold(&name),
        name,
        pay_framework: pay_framework.unwrap_or_else(|| usual_framework(&sector).to_owned()),
        sector,
        is_employer,
        is_provider,
        synthetic: false,
        version: 1,
        created_at: app.clock.now(),
    };
    let mut fields = Fields::default();
    check(&mut fields, &row);
    fields.check()?;
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Organisations).await?;
    refuse_taken(&tx, scope, &row).await?;
    organisation::Entity::insert(organisation::ActiveModel::from(row.clone()).reset_all())
        .exec_without_returning(&tx)
        .await?;
    let subject = ("organisation", row.id.0);
    ledger::changed(&tx, &app.clock, scope.account(), subject, "added", shown(&row)).await?;
    let answer = answer(&tx, row).await?;
    tx.commit().await?;
    Ok(answer)
}

pub async fn change(
    app: &App,
    scope: &AdminScope,
    id: OrganisationId,
    if_match: Option<&str>,
    patched: OrganisationPatch,
) -> Result<(OrganisationOut, String), ApiError> {
    let OrganisationPatch { name, sector, is_employer, is_provider, pay_framework } = patched;
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Organisations).await?;
    let old = directory::find(&tx, scope, id).await?.ok_or_else(not_found)?;
    etag::check(if_match, old.version)?;
    let mut fields = Fields::default();
    let name = tidy(&patch::required(&mut fields, "name", name, old.name.clone()));
    let row = organisation::Model {
        name_folded: fold(&name),
        name,
        sector: patch::required(&mut fields, "sector", sector, old.sector.clone()),
        is_employer: patch::required(&mut fields, "is_employer", is_employer, old.is_employer),
        is_provider: patch::required(&mut fields, "is_provider", is_provider, old.is_provider),
        pay_framework: patch::required(&mut fields, "pay_framework", pay_framework, old.pay_framework.clone()),
        version: old.version + 1,
        ..old.clone()
    };
    check(&mut fields, &row);
    check_kept(&tx, &mut fields, &old, &row).await?;
    fields.check()?;
    if row.name_folded != old.name_folded {
        refuse_taken(&tx, scope, &row).await?;
    }
    let done = organisation::Entity::update_many()
        .set(organisation::ActiveModel {
            id: Unchanged(id),
            ..organisation::ActiveModel::from(row.clone()).reset_all()
        })
        .filter(organisation::Column::Id.eq(id))
        .filter(organisation::Column::Version.eq(old.version))
        .exec(&tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(ApiError::stale());
    }
    let noted = json!({ "before": shown(&old), "after": shown(&row) });
    ledger::changed(&tx, &app.clock, scope.account(), ("organisation", id.0), "changed", noted).await?;
    if row.name != old.name {
        // its courses are found by its name too
        to_outbox(&tx, &directory::items(&tx, id).await?, app.clock.now()).await?;
    }
    let answer = answer(&tx, row).await?;
    tx.commit().await?;
    Ok(answer)
}

fn check(fields: &mut Fields, row: &organisation::Model) {
    fields.text("name", "a name", &row.name, LONGEST_NAME);
    check_term(fields, "sector", "sector", "a sector", &row.sector);
    check_term(fields, "pay_framework", "pay_framework", "a pay framework", &row.pay_framework);
    if !row.is_employer && !row.is_provider {
        fields.push("is_employer", "missing", "Say whether it is an employer, a training provider, or both.");
    }
}

/// What others rely on is not taken away.
async fn check_kept<C: ConnectionTrait>(
    tx: &C,
    fields: &mut Fields,
    old: &organisation::Model,
    row: &organisation::Model,
) -> Result<(), ApiError> {
    if old.is_employer && !row.is_employer && directory::works_as_employer(tx, row.id).await? {
        let message =
            "It has services, or people who act for it as employer. It stays an employer until they are gone.";
        fields.push("is_employer", "in_use", message);
    }
    if old.is_provider && !row.is_provider && directory::works_as_provider(tx, row.id).await? {
        let message =
            "It has items in the catalogue, or people who act for it. It stays a provider until they are gone.";
        fields.push("is_provider", "in_use", message);
    }
    Ok(())
}

async fn refuse_taken<C: ConnectionTrait>(
    tx: &C,
    scope: &AdminScope,
    row: &organisation::Model,
) -> Result<(), ApiError> {
    match directory::by_name(tx, scope, &row.name_folded).await?.iter().find(|other| other.id != row.id) {
        None => Ok(()),
        Some(other) => {
            let detail = "There is already an organisation of this name. Open it to change what it is.";
            let path = format!("/api/directory/organisations/{}", other.id);
            Err(ApiError::conflict("organisation_exists", detail).with_existing(path))
        }
    }
}

fn shown(row: &organisation::Model) -> Value {
    json!({
        "name": row.name, "sector": row.sector, "is_employer": row.is_employer, "is_provider": row.is_provider,
        "pay_framework": row.pay_framework,
    })
}
