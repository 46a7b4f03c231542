//! Use cases of persons and appointments.

use chrono::NaiveDate;
use entity::id::{AppointmentId, PersonId, PostId};
use entity::{appointment, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::rules::{self, Fault, Span};
use super::store::{self, Wanted};
use super::wire::{
    AppointmentEndIn, AppointmentIn, AppointmentPatch, LeavingReason, PersonDetailOut, PersonIn, PersonPatch,
    PersonRowOut,
};
use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::contact::{check_email, check_names, name_folded};
use crate::base::error::{ApiError, Fields};
use crate::base::etag::{self, etag};
use crate::base::fold::{self, tidy};
use crate::base::page::{self, Page};
use crate::base::{db, patch};
use crate::organisation;
use crate::state::App;

fn not_found() -> ApiError {
    ApiError::not_found("this person")
}

pub async fn list(
    app: &App,
    scope: &OrgScope,
    wanted: Wanted,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<PersonRowOut>, ApiError> {
    let (today, limit) = (app.clock.today(), page::limit(limit));
    let (rows, total) = store::list(&app.db, scope, &wanted, today, page::key(cursor)?, limit + 1).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut posts = store::appointments(&app.db, scope, &ids).await?;
    let page = Page::of(
        rows,
        limit,
        |row| (row.name_folded.clone(), row.id),
        |row| {
            let posts = posts.remove(&row.id).unwrap_or_default();
            PersonRowOut::new(row, posts, today)
        },
    );
    Ok(Page { total: Some(total), ..page })
}

/// A person's page for an employer or manager; the view is in the ledger before it is answered.
pub async fn view(app: &App, scope: &OrgScope, id: PersonId) -> Result<(PersonDetailOut, String), ApiError> {
    let answer = detail(app, &app.db, scope, id).await?;
    let tx = db::write(&app.db).await?;
    ledger::seen(&tx, &app.clock, scope, &[id], Seen::Posts).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn detail<C: ConnectionTrait>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    id: PersonId,
) -> Result<(PersonDetailOut, String), ApiError> {
    let row = store::person(db, scope, id).await?.ok_or_else(not_found)?;
    let posts = store::appointments(db, scope, &[id]).await?.remove(&id).unwrap_or_default();
    let tag = etag(row.version);
    Ok((PersonDetailOut::new(row, posts, app.clock.today()), tag))
}

/// Adds a person with a first appointment. Somebody whose account has this address and this name
/// is that person; the answer is the same either way.
pub async fn add(app: &App, scope: &OrgScope, new: PersonIn) -> Result<(PersonDetailOut, String), ApiError> {
    let PersonIn { given_name, family_name, email, appointment } = new;
    let (given_name, family_name) = (tidy(&given_name), tidy(&family_name));
    let email = email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
    let mut fields = Fields::default();
    check_names(&mut fields, &given_name, &family_name);
    if let Some(email) = &email {
        check_email(&mut fields, email);
    }
    let folded = name_folded(&given_name, &family_name);
    let tx = db::write(&app.db).await?;
    let mut known = None;
    if let Some(email) = &email {
        if let Some(here) = store::here_by_email(&tx, scope, &email.to_lowercase()).await? {
            let path = format!("/api/organisations/{}/people/{}", scope.organisation(), here.id);
            let detail = "Somebody in your organisation goes by this address. Open their page to add an appointment.";
            return Err(ApiError::conflict("already_here", detail).with_existing(path));
        }
        known = store::by_account(&tx, &fold::email(email), &folded).await?;
    }
    let id = known.as_ref().map_or_else(|| app.clock.id(), |person| person.id);
    let row = AppointmentRow::new(id, appointment);
    check_appointment(&tx, scope, &row, "appointment.", None, &mut fields).await?;
    fields.check()?;
    if known.is_none() {
        let person = person::ActiveModel {
            id: Set(id),
            given_name: Set(given_name),
            family_name: Set(family_name),
            name_folded: Set(folded),
            email: Set(email),
            date_of_birth: Set(None),
            synthetic: Set(false),
            version: Set(1),
            created_at: Set(app.clock.now()),
        };
        person::Entity::insert(person).exec_without_returning(&tx).await?;
    }
    record(app, &tx, scope, row, None).await?;
    ledger::changed(&tx, &app.clock, scope.account(), ("person", id.0), "added", json!({})).await?;
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

pub async fn rename(
    app: &App,
    scope: &OrgScope,
    id: PersonId,
    if_match: Option<&str>,
    patched: PersonPatch,
) -> Result<(PersonDetailOut, String), ApiError> {
    let PersonPatch { given_name, family_name } = patched;
    let tx = db::write(&app.db).await?;
    let old = store::person(&tx, scope, id).await?.ok_or_else(not_found)?;
    if !detail(app, &tx, scope, id).await?.0.here_now {
        return Err(ApiError::not_allowed("This person has left your organisation; their name is theirs to change."));
    }
    etag::check(if_match, old.version)?;
    let mut fields = Fields::default();
    let given = tidy(&patch::required(&mut fields, "given_name", given_name, old.given_name));
    let family = tidy(&patch::optional(family_name, Some(old.family_name)).unwrap_or_default());
    check_names(&mut fields, &given, &family);
    fields.check()?;
    let done = person::Entity::update_many()
        .set(person::ActiveModel {
            name_folded: Set(name_folded(&given, &family)),
            given_name: Set(given),
            family_name: Set(family),
            version: Set(old.version + 1),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(id))
        .filter(person::Column::Version.eq(old.version))
        .exec(&tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(ApiError::stale());
    }
    ledger::changed(&tx, &app.clock, scope.account(), ("person", id.0), "renamed", json!({})).await?;
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

/// A further appointment of somebody who is, or was, here.
pub async fn appoint(
    app: &App,
    scope: &OrgScope,
    id: PersonId,
    new: AppointmentIn,
) -> Result<(PersonDetailOut, String), ApiError> {
    let tx = db::write(&app.db).await?;
    store::person(&tx, scope, id).await?.ok_or_else(not_found)?;
    let row = AppointmentRow::new(id, new);
    let mut fields = Fields::default();
    check_appointment(&tx, scope, &row, "", None, &mut fields).await?;
    fields.check()?;
    record(app, &tx, scope, row, None).await?;
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

pub async fn end(
    app: &App,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
    AppointmentEndIn { ends_on, reason }: AppointmentEndIn,
) -> Result<(PersonDetailOut, String), ApiError> {
    replace(app, scope, (person, id), |row, _| AppointmentRow { ends_on: Some(ends_on), reason: Some(reason), ..row })
        .await
}

/// Corrects an appointment: the entry as it was stays, superseded.
pub async fn correct(
    app: &App,
    scope: &OrgScope,
    of: (PersonId, AppointmentId),
    patched: AppointmentPatch,
) -> Result<(PersonDetailOut, String), ApiError> {
    let AppointmentPatch { post_id, starts_on, ends_on, weekly_minutes, leaving_reason } = patched;
    replace(app, scope, of, |row, fields| AppointmentRow {
        person: row.person,
        post: patch::required(fields, "post_id", post_id, row.post),
        starts_on: patch::required(fields, "starts_on", starts_on, row.starts_on),
        ends_on: patch::optional(ends_on, row.ends_on),
        weekly_minutes: patch::required(fields, "weekly_minutes", weekly_minutes, row.weekly_minutes),
        reason: patch::optional(leaving_reason, row.reason),
    })
    .await
}

async fn replace(
    app: &App,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
    change: impl FnOnce(AppointmentRow, &mut Fields) -> AppointmentRow,
) -> Result<(PersonDetailOut, String), ApiError> {
    let tx = db::write(&app.db).await?;
    store::hold(&tx, person).await?;
    let missing = || ApiError::not_found("this appointment");
    let old = store::appointment(&tx, scope, person, id).await?.ok_or_else(missing)?;
    if old.superseded_at.is_some() {
        let detail = "This appointment has been changed since you opened it. Open the person again.";
        return Err(ApiError::conflict("superseded", detail));
    }
    let mut fields = Fields::default();
    let row = change(AppointmentRow::from(&old), &mut fields);
    check_appointment(&tx, scope, &row, "", Some(id), &mut fields).await?;
    if row.reason.is_some() && row.ends_on.is_none() {
        fields.push("leaving_reason", "not_ended", "Only an appointment that ends has a reason for leaving.");
    }
    fields.check()?;
    if row != AppointmentRow::from(&old) {
        appointment::Entity::update_many()
            .set(appointment::ActiveModel { superseded_at: Set(Some(app.clock.now())), ..Default::default() })
            .filter(appointment::Column::Id.eq(id))
            .exec(&tx)
            .await?;
        record(app, &tx, scope, row, Some(id)).await?;
    }
    let answer = detail(app, &tx, scope, person).await?;
    tx.commit().await?;
    Ok(answer)
}

/// An appointment as it is to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AppointmentRow {
    person: PersonId,
    post: PostId,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    weekly_minutes: i32,
    reason: Option<LeavingReason>,
}

impl AppointmentRow {
    fn new(person: PersonId, new: AppointmentIn) -> Self {
        let AppointmentIn { post_id, starts_on, ends_on, weekly_minutes } = new;
        Self { person, post: post_id, starts_on, ends_on, weekly_minutes, reason: None }
    }
}

impl From<&appointment::Model> for AppointmentRow {
    fn from(row: &appointment::Model) -> Self {
        Self {
            person: row.person_id,
            post: row.post_id,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            weekly_minutes: row.weekly_minutes,
            reason: row.leaving_reason.as_deref().and_then(LeavingReason::spelled),
        }
    }
}

async fn record<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &OrgScope,
    row: AppointmentRow,
    supersedes: Option<AppointmentId>,
) -> Result<(), ApiError> {
    let AppointmentRow { person, post, starts_on, ends_on, weekly_minutes, reason } = row;
    let row = appointment::ActiveModel {
        id: Set(app.clock.id()),
        person_id: Set(person),
        post_id: Set(post),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        weekly_minutes: Set(weekly_minutes),
        leaving_reason: Set(reason.map(|reason| reason.spelling().to_owned())),
        recorded_at: Set(app.clock.now()),
        recorded_by: Set(Some(scope.account())),
        superseded_at: Set(None),
        supersedes: Set(supersedes),
    };
    appointment::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes what is wrong with an appointment, in the words of the form.
async fn check_appointment<C: ConnectionTrait>(
    tx: &C,
    scope: &OrgScope,
    row: &AppointmentRow,
    at: &str,
    without: Option<AppointmentId>,
    fields: &mut Fields,
) -> Result<(), ApiError> {
    let Some((post, _)) = organisation::store::hold_post(tx, scope, row.post).await? else {
        fields.push(&format!("{at}post_id"), "unknown_post", "Choose one of your posts.");
        return Ok(());
    };
    store::hold(tx, row.person).await?;
    let facts = organisation::store::facts(tx, std::slice::from_ref(&post)).await?;
    let Some(facts) = facts.get(&post.id) else { return Ok(()) };
    let others = store::spans(tx, row.person, post.id, without).await?;
    let span = Span { starts_on: row.starts_on, ends_on: row.ends_on };
    for fault in rules::faults(span, row.weekly_minutes, facts, &others) {
        let (field, code, message) = said(fault, row.ends_on);
        fields.push(&format!("{at}{field}"), code, message);
    }
    Ok(())
}

fn said(fault: Fault, ends_on: Option<NaiveDate>) -> (&'static str, &'static str, String) {
    let date = |date: NaiveDate| date.format("%-d %B %Y").to_string();
    match fault {
        Fault::EndsBeforeStart => {
            ("ends_on", "ends_before_start", "The last day cannot be before the first.".to_owned())
        }
        Fault::PostNotOpenYet(opens) => (
            "starts_on",
            "post_not_open",
            format!("This post opened on {}. Choose that day or a later one, or change the post.", date(opens)),
        ),
        Fault::PostClosed(closes) => (
            if ends_on.is_some() { "ends_on" } else { "post_id" },
            "post_closed",
            format!("This post is closed from {}; the last day must be before.", date(closes)),
        ),
        Fault::NoHours => {
            ("weekly_minutes", "out_of_range", "Enter the contracted hours a week, more than 0.".to_owned())
        }
        Fault::TooManyHours => ("weekly_minutes", "out_of_range", "Enter at most 100 hours a week.".to_owned()),
        Fault::Overlaps => (
            "starts_on",
            "overlaps",
            "This person is in this post at that time already. Correct that appointment instead.".to_owned(),
        ),
    }
}
