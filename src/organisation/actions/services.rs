//! Use cases of services.

use chrono::NaiveDate;
use entity::id::ServiceId;
use entity::{post, service, service_area};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;

use super::dated::{meant, put, wanted};
use super::{Asked, LONGEST_NAME, check_council, check_term, in_order, service_key, totals, totals_by_service};
use crate::access::{OrgScope, ledger};
use crate::base::error::{ApiError, Fields};
use crate::base::etag::{self, etag};
use crate::base::fold::tidy;
use crate::base::page::{self, Page};
use crate::base::{db, patch};
use crate::organisation::history::{History, Placing};
use crate::organisation::rules::BEFORE_RECORDS;
use crate::organisation::store::{self, versions};
use crate::organisation::wire::{PlacingOut, ServiceIn, ServiceOut, ServicePatch};
use crate::reference::vocabulary;
use crate::state::App;

/// Further areas are listed, never counted: more than the councils of Scotland make no sense.
const MOST_AREAS: usize = 32;

fn not_found() -> ApiError {
    ApiError::not_found("this service")
}

pub async fn list(app: &App, scope: &OrgScope, asked: Asked) -> Result<Page<ServiceOut>, ApiError> {
    let ((as_at, open_on), limit) = (asked.dates(app), page::limit(asked.limit));
    let after = page::key(asked.cursor.as_deref())?;
    let read = db::read(&app.db).await?;
    let rows = in_order(store::services(&read, scope, open_on).await?, service_key, after, limit);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut areas = store::also_serves(&read, &ids).await?;
    let histories = versions::of_services(&read, Some(&ids), None).await?;
    let posts = store::posts_of(&read, scope, Some(&ids)).await?;
    let facts = store::facts(&read, &posts).await?;
    let mut totals = totals_by_service(posts, &facts, as_at);
    Ok(Page::of(rows, limit, service_key, |row| {
        let (areas, totals) = (areas.remove(&row.id), totals.remove(&row.id));
        let history = histories.get(&row.id);
        ServiceOut::new(row, history, areas.unwrap_or_default(), totals.unwrap_or_default(), as_at)
    }))
}

/// The service with its entity tag.
pub async fn get(app: &App, scope: &OrgScope, id: ServiceId) -> Result<(ServiceOut, String), ApiError> {
    let as_at = app.clock.today();
    let read = db::read(&app.db).await?;
    let row = store::service(&read, scope, id).await?.ok_or_else(not_found)?;
    let areas = store::also_serves(&read, &[id]).await?.remove(&id).unwrap_or_default();
    let posts = store::posts_of(&read, scope, Some(&[id])).await?;
    let facts = store::facts(&read, &posts).await?;
    let history = versions::of_services(&read, Some(&[id]), None).await?.remove(&id);
    let tag = etag(row.version);
    let mut out = ServiceOut::new(row, history.as_ref(), areas, totals(&posts, &facts, as_at), as_at);
    out.history = history.as_ref().map(PlacingOut::all).unwrap_or_default();
    Ok((out, tag))
}

pub async fn add(app: &App, scope: &OrgScope, new: ServiceIn) -> Result<(ServiceOut, String), ApiError> {
    let ServiceIn { name, area, also_serves, service_type, tier, sector, opened_on } = new;
    let organisation =
        store::organisation(&app.db, scope).await?.ok_or_else(|| ApiError::not_found("this organisation"))?;
    let usual_tier = || vocabulary::term("service_type", &service_type).and_then(|term| term.extra("tier"));
    let row = service::Model {
        id: app.clock.id(),
        organisation_id: scope.organisation(),
        name: tidy(&name),
        area,
        tier: tier.unwrap_or_else(|| usual_tier().unwrap_or("none").to_owned()),
        service_type,
        sector: sector.unwrap_or(organisation.sector),
        opened_on: opened_on.unwrap_or(BEFORE_RECORDS),
        closed_on: None,
        version: 1,
        created_at: app.clock.now(),
    };
    let mut fields = Fields::default();
    check(&mut fields, &row, &also_serves);
    fields.check()?;
    let id = row.id;
    let tx = db::write(&app.db).await?;
    service::Entity::insert(service::ActiveModel::from(row).reset_all()).exec_without_returning(&tx).await?;
    set_areas(&tx, id, also_serves).await?;
    ledger::changed(&tx, &app.clock, scope.account(), ("service", id.0), "added", json!({})).await?;
    tx.commit().await?;
    get(app, scope, id).await
}

pub async fn change(
    app: &App,
    scope: &OrgScope,
    id: ServiceId,
    if_match: Option<&str>,
    patched: ServicePatch,
) -> Result<(ServiceOut, String), ApiError> {
    let ServicePatch {
        name,
        area,
        also_serves,
        service_type,
        tier,
        sector,
        changed_on,
        correction,
        opened_on,
        closed_on,
    } = patched;
    let today = app.clock.today();
    let tx = db::write(&app.db).await?;
    let old = store::hold_service(&tx, scope, id).await?.ok_or_else(not_found)?;
    etag::check(if_match, old.version)?;
    let areas = store::also_serves(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    let mut fields = Fields::default();
    let new_areas = patch::optional(also_serves, Some(areas.clone())).unwrap_or_default();
    let history = versions::of_services(&tx, Some(&[id]), None).await?.remove(&id);
    let history = history.unwrap_or_else(|| History::of(Placing::from(&old)));
    let wished = [("area", area), ("service_type", service_type), ("tier", tier), ("sector", sector)]
        .map(|(name, field)| wanted(&mut fields, name, field));
    let change = |to: &mut Placing| {
        let [area, service_type, tier, sector] = &wished;
        put(area.as_ref(), &mut to.area);
        put(service_type.as_ref(), &mut to.service_type);
        put(tier.as_ref(), &mut to.tier);
        put(sector.as_ref(), &mut to.sector);
    };
    let mut placing = history.on(today).clone();
    change(&mut placing);
    let changes = placing != *history.on(today);
    let opened_on = patch::optional(opened_on, Some(old.opened_on)).unwrap_or(BEFORE_RECORDS);
    let meant = meant(&mut fields, (changed_on, correction), changes, opened_on, today);
    let new_history = meant.map(|meant| meant.apply(&history, change)).filter(|new| *new != history);
    let Placing { area, service_type, tier, sector } = placing;
    let row = service::Model {
        name: tidy(&patch::required(&mut fields, "name", name, old.name.clone())),
        area,
        service_type,
        tier,
        sector,
        opened_on,
        closed_on: patch::optional(closed_on, old.closed_on),
        version: old.version + 1,
        ..old.clone()
    };
    check(&mut fields, &row, &new_areas);
    let posts = store::posts_of(&tx, scope, Some(&[id])).await?;
    if row.opened_on != old.opened_on && posts.iter().any(|post| post.opened_on < row.opened_on) {
        fields.push("opened_on", "posts_before", "Some of its posts opened before this date.");
    }
    fields.check()?;
    if let Some(closed_on) = row.closed_on.filter(|date| Some(*date) != old.closed_on) {
        close_posts(&tx, scope, &posts, closed_on).await?;
    }
    if let Some(history) = &new_history {
        versions::keep_service(&tx, &app.clock, scope.account(), &old, history).await?;
    }
    let detail = json!({
        "before": shown(&old, &areas), "after": shown(&row, &new_areas),
        "changed_on": changed_on, "correction": correction,
    });
    let done = service::Entity::update_many()
        .set(service::ActiveModel { id: Unchanged(id), ..service::ActiveModel::from(row).reset_all() })
        .filter(service::Column::Id.eq(id))
        .filter(service::Column::Version.eq(old.version))
        .exec(&tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(ApiError::stale());
    }
    if new_areas != areas {
        set_areas(&tx, id, new_areas).await?;
    }
    ledger::changed(&tx, &app.clock, scope.account(), ("service", id.0), "changed", detail).await?;
    tx.commit().await?;
    get(app, scope, id).await
}

fn check(fields: &mut Fields, row: &service::Model, areas: &[String]) {
    fields.text("name", "a name", &row.name, LONGEST_NAME);
    check_council(fields, "area", &row.area);
    check_term(fields, "service_type", "service_type", "a type of service", &row.service_type);
    check_term(fields, "tier", "tier", "a tier", &row.tier);
    check_term(fields, "sector", "sector", "a sector", &row.sector);
    if areas.len() > MOST_AREAS {
        fields.push("also_serves", "too_many", format!("Choose at most {MOST_AREAS} further areas."));
    } else {
        for area in areas {
            check_council(fields, "also_serves", area);
        }
    }
    if row.closed_on.is_some_and(|closed_on| closed_on < row.opened_on) {
        fields.push("closed_on", "before_it_opened", "It cannot close before it opened.");
    }
}

/// Closes the posts of a service that closes; people must have left before.
async fn close_posts<C: ConnectionTrait>(
    tx: &C,
    scope: &OrgScope,
    posts: &[post::Model],
    closed_on: NaiveDate,
) -> Result<(), ApiError> {
    let mut open = Vec::new();
    for post in posts {
        let held = store::hold_post(tx, scope, post.id).await?.map(|(post, _)| post);
        open.extend(held.filter(|post| post.closed_on.is_none_or(|date| closed_on < date)));
    }
    let facts = store::facts(tx, &open).await?;
    let staying =
        facts.values().flat_map(|post| &post.holds).filter(|hold| hold.ends_on.is_none_or(|d| closed_on <= d));
    super::posts::refuse_people(staying.count())?;
    if open.iter().any(|post| closed_on < post.opened_on) {
        return Err(ApiError::field("closed_on", "posts_after", "Some of its posts open after this date."));
    }
    post::Entity::update_many()
        .set(post::ActiveModel { closed_on: Set(Some(closed_on)), ..Default::default() })
        .col_expr(
            post::Column::Version,
            sea_orm::ExprTrait::add(sea_orm::sea_query::Expr::col(post::Column::Version), 1),
        )
        .filter(Condition::all().add(post::Column::Id.is_in(open.iter().map(|post| post.id))))
        .exec(tx)
        .await?;
    Ok(())
}

/// Further areas are a list without history: it is only shown, nothing is counted by it.
async fn set_areas<C: ConnectionTrait>(tx: &C, id: ServiceId, mut areas: Vec<String>) -> Result<(), DbErr> {
    service_area::Entity::delete_many().filter(service_area::Column::ServiceId.eq(id)).exec(tx).await?;
    areas.sort_unstable();
    areas.dedup();
    if areas.is_empty() {
        return Ok(());
    }
    let rows = areas.into_iter().map(|area| service_area::ActiveModel { service_id: Set(id), area: Set(area) });
    service_area::Entity::insert_many(rows).exec_without_returning(tx).await.map(|_| ())
}

fn shown(row: &service::Model, areas: &[String]) -> serde_json::Value {
    json!({
        "name": row.name, "area": row.area, "service_type": row.service_type, "tier": row.tier,
        "sector": row.sector, "opened_on": row.opened_on, "closed_on": row.closed_on, "also_serves": areas,
    })
}
