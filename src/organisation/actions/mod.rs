//! Use cases of organisations; those of services and posts each in a file of their own.

mod dated;
pub mod directory;
mod funding;
pub mod opening;
pub mod posts;
pub mod services;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{OrganisationId, PostId, ServiceId};
use entity::value::AreaKind;
use entity::{figures_confirmation, organisation, post, service};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::json;

use super::rules::PostFacts;
use super::store;
use super::wire::{OrganisationOut, OrganisationOverviewOut, TotalsOut};
use crate::access::{OrgScope, ledger};
use crate::base::error::{ApiError, Fields};
use crate::base::page::{self, Page};
use crate::base::{db, order};
use crate::reference::{area, vocabulary};
use crate::state::App;

/// Longest text of a name.
pub(super) const LONGEST_NAME: usize = 200;

/// What of a list was asked for.
#[derive(Debug)]
pub struct Asked {
    pub as_at: Option<NaiveDate>,
    /// With what is closed
    pub closed: bool,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

impl Asked {
    /// The date of the figures, and the one on which it must be open.
    fn dates(&self, app: &App) -> (NaiveDate, Option<NaiveDate>) {
        let as_at = self.as_at.unwrap_or_else(|| app.clock.today());
        (as_at, (!self.closed).then_some(as_at))
    }
}

/// Rows in the order of their keys from after a place on: a page of them, and one more if there is.
/// Sorted here, because "Post 2" comes before "Post 10", and in every database alike.
fn in_order<R, K: Ord>(mut rows: Vec<R>, key: impl Fn(&R) -> K, after: Option<K>, limit: u64) -> Vec<R> {
    rows.sort_by_cached_key(&key);
    let begins = after.map_or(0, |after| rows.partition_point(|row| key(row) <= after));
    rows.drain(..begins);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1));
    rows
}

/// An organisation's place in a list.
fn organisation_key(row: &organisation::Model) -> (String, OrganisationId) {
    (order::key(&row.name), row.id)
}

/// A service's place in a list.
fn service_key(row: &service::Model) -> (String, ServiceId) {
    (order::key(&row.name), row.id)
}

fn not_found() -> ApiError {
    ApiError::not_found("this organisation")
}

pub async fn list(
    app: &App,
    scopes: &[OrgScope],
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<OrganisationOut>, ApiError> {
    let limit = page::limit(limit);
    let after = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let rows = in_order(store::organisations(&read, scopes).await?, organisation_key, after, limit);
    let reviewed = reviewed_on(&read, &rows).await?;
    drop(read);
    let may_edit = |row: &organisation::Model| {
        scopes.iter().any(|scope| scope.organisation() == row.id && scope.services().is_none())
    };
    Ok(Page::of(rows, limit, organisation_key, |row| {
        let may_edit = may_edit(&row);
        let reviewed_on = reviewed.get(&row.id).copied();
        OrganisationOut::new(row, reviewed_on, may_edit)
    }))
}

pub async fn overview(app: &App, scope: &OrgScope) -> Result<OrganisationOverviewOut, ApiError> {
    let as_at = app.clock.today();
    let read = db::read(&app.db).await?;
    let organisation = store::organisation(&read, scope).await?.ok_or_else(not_found)?;
    let services = store::services(&read, scope, Some(as_at)).await?;
    let posts = store::posts_of(&read, scope, None).await?;
    let facts = store::facts(&read, &posts).await?;
    let reviewed = reviewed_on(&read, std::slice::from_ref(&organisation)).await?.remove(&organisation.id);
    Ok(OrganisationOverviewOut {
        organisation: OrganisationOut::new(organisation, reviewed, scope.services().is_none()),
        as_at,
        services: count(services.len()),
        totals: totals(&posts, &facts, as_at),
    })
}

/// The employer says that what stands here is right today; this is what the response rate counts.
pub async fn reviewed(app: &App, scope: &OrgScope) -> Result<OrganisationOverviewOut, ApiError> {
    let today = app.clock.today();
    let tx = db::write(&app.db).await?;
    let organisation_id = store::organisation(&tx, scope).await?.ok_or_else(not_found)?.id;
    let confirmation = figures_confirmation::Model {
        id: app.clock.id(),
        organisation_id,
        on_day: today,
        earlier_unknown: false,
        account_id: Some(scope.account()),
        recorded_at: app.clock.now(),
    };
    store::confirmations::keep(&tx, confirmation).await?;
    let subject = ("organisation", scope.organisation().0);
    ledger::changed(&tx, &app.clock, scope.account(), subject, "reviewed", json!({ "reviewed_on": today })).await?;
    tx.commit().await?;
    overview(app, scope).await
}

/// When each of these last said that all is right.
async fn reviewed_on<C: ConnectionTrait>(
    db: &C,
    rows: &[organisation::Model],
) -> Result<HashMap<OrganisationId, NaiveDate>, DbErr> {
    store::confirmations::newest(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Posts and people of a date, added up.
fn totals(posts: &[post::Model], facts: &HashMap<PostId, PostFacts>, as_at: NaiveDate) -> TotalsOut {
    let mut sum = TotalsOut::default();
    let mut people = HashSet::new();
    for facts in posts.iter().filter_map(|post| facts.get(&post.id)) {
        let standing = facts.standing(as_at);
        sum.posts += u32::from(super::rules::open_on(facts.opened_on, facts.closed_on, as_at));
        sum.posts_vacant += u32::from(standing.vacant > 0);
        sum.establishment_thousandths += standing.establishment();
        sum.funded_thousandths += standing.funded;
        sum.in_post_thousandths += standing.in_post;
        sum.vacant_thousandths += standing.vacant;
        sum.over_thousandths += standing.over;
        people.extend(facts.holds_on(as_at).map(|hold| hold.person));
    }
    sum.people = count(people.len());
    sum
}

/// Totals of several services at once.
fn totals_by_service(
    posts: Vec<post::Model>,
    facts: &HashMap<PostId, PostFacts>,
    as_at: NaiveDate,
) -> HashMap<ServiceId, TotalsOut> {
    let mut by_service: HashMap<ServiceId, Vec<post::Model>> = HashMap::new();
    for post in posts {
        by_service.entry(post.service_id).or_default().push(post);
    }
    by_service.into_iter().map(|(service, posts)| (service, totals(&posts, facts, as_at))).collect()
}

/// Notes a slug that the vocabulary does not have.
fn check_term(fields: &mut Fields, field: &str, vocabulary: &str, what: &str, slug: &str) {
    if vocabulary::term(vocabulary, slug).is_none() {
        fields.push(field, "unknown_term", format!("Choose {what} from the list."));
    }
}

fn check_council(fields: &mut Fields, field: &str, slug: &str) {
    if area::all().get(slug).is_none_or(|area| area.kind != AreaKind::Council) {
        fields.push(field, "unknown_area", "Choose a council area from the list.");
    }
}
