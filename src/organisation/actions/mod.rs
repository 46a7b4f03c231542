//! Use cases of organisations; those of services and posts each in a file of their own.

pub mod directory;
pub mod posts;
pub mod services;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{PostId, ServiceId};
use entity::value::AreaKind;
use entity::{organisation, post};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::rules::PostFacts;
use super::store::{self, Wanted};
use super::wire::{OrganisationOut, OrganisationOverviewOut, TotalsOut};
use crate::access::{OrgScope, ledger};
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::base::page::{self, Page};
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
    /// The date of the figures, how many rows, and what to read for them.
    fn read<K: serde::de::DeserializeOwned>(&self, app: &App) -> Result<(NaiveDate, u64, Wanted<K>), ApiError> {
        let (as_at, limit) = (self.as_at.unwrap_or_else(|| app.clock.today()), page::limit(self.limit));
        let after = page::key(self.cursor.as_deref())?;
        let open_on = (!self.closed).then_some(as_at);
        Ok((as_at, limit, Wanted { open_on, after, limit: limit + 1 }))
    }
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
    let rows = store::organisations(&app.db, scopes, page::key(cursor)?, limit + 1).await?;
    let may_edit = |row: &organisation::Model| {
        scopes.iter().any(|scope| scope.organisation() == row.id && scope.services().is_none())
    };
    Ok(Page::of(
        rows,
        limit,
        |row| (row.name_folded.clone(), row.id),
        |row| {
            let may_edit = may_edit(&row);
            OrganisationOut::new(row, may_edit)
        },
    ))
}

pub async fn overview(app: &App, scope: &OrgScope) -> Result<OrganisationOverviewOut, ApiError> {
    let as_at = app.clock.today();
    let read = db::read(&app.db).await?;
    let organisation = store::organisation(&read, scope).await?.ok_or_else(not_found)?;
    let everything = Wanted { open_on: Some(as_at), after: None, limit: u64::from(u32::MAX) };
    let services = store::services(&read, scope, everything).await?;
    let posts = store::posts_of(&read, scope, None).await?;
    let facts = store::facts(&read, &posts).await?;
    Ok(OrganisationOverviewOut {
        organisation: OrganisationOut::new(organisation, scope.services().is_none()),
        as_at,
        services: count(services.len()),
        totals: totals(&posts, &facts, as_at),
    })
}

/// The employer says that what stands here is right today; this is what the response rate counts.
pub async fn reviewed(app: &App, scope: &OrgScope) -> Result<OrganisationOverviewOut, ApiError> {
    let today = app.clock.today();
    let tx = db::write(&app.db).await?;
    let done = organisation::Entity::update_many()
        .set(organisation::ActiveModel { reviewed_on: Set(Some(today)), ..Default::default() })
        .col_expr(organisation::Column::Version, Expr::col(organisation::Column::Version).add(1))
        .filter(organisation::Column::Id.eq(scope.organisation()))
        .exec(&tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(not_found());
    }
    let subject = ("organisation", scope.organisation().0);
    ledger::changed(&tx, &app.clock, scope.account(), subject, "reviewed", json!({ "reviewed_on": today })).await?;
    tx.commit().await?;
    overview(app, scope).await
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
        sum.establishment_thousandths += standing.establishment;
        sum.in_post_thousandths += standing.in_post;
        sum.vacant_thousandths += standing.vacant;
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
