//! Use cases of posts. The establishment is dated: a change supersedes what was planned from a
//! date on, and what was before stays.

use chrono::{Months, NaiveDate};
use entity::id::{PostId, ServiceId};
use entity::{post, service};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::dated::{meant, put, wanted};
use super::funding::{fund, reopen};
use super::{Asked, check_term, in_order};
use crate::access::{OrgScope, ledger};
use crate::base::error::{ApiError, FieldProblem, Fields};
use crate::base::etag::{self, etag};
use crate::base::fold::tidy;
use crate::base::page::{self, Page};
use crate::base::{db, order, patch, wte};
use crate::organisation::history::PostTerms;
use crate::organisation::rules::{PostFacts, open_on};
use crate::organisation::store::{self, versions};
use crate::organisation::wire::{
    EstablishmentIn, PostDetailOut, PostIn, PostOut, PostPatch, PostQuestion, PostTermsOut, PostsOnly,
};
use crate::state::App;

const LONGEST_REFERENCE: usize = 60;
/// 500 WTE: more than the largest team there is, less than a slip of the keyboard.
const MOST_THOUSANDTHS: i32 = 500_000;
/// Above 10 WTE we ask whether it is one post.
const USUAL_THOUSANDTHS: i32 = 10_000;

fn not_found() -> ApiError {
    ApiError::not_found("this post")
}

pub async fn list(
    app: &App,
    scope: &OrgScope,
    service: Option<ServiceId>,
    only: Option<PostsOnly>,
    asked: Asked,
) -> Result<Page<PostOut>, ApiError> {
    let ((as_at, open_on), limit) = (asked.dates(app), page::limit(asked.limit));
    let after = page::key(asked.cursor.as_deref())?;
    let read = db::read(&app.db).await?;
    let mut rows = store::posts(&read, scope, service, open_on).await?;
    let of = |rows: &[(post::Model, service::Model)]| rows.iter().map(|(post, _)| post.clone()).collect::<Vec<_>>();
    let facts = match only {
        Some(only) => {
            let facts = store::facts(&read, &of(&rows)).await?;
            rows.retain(|(post, _)| facts.get(&post.id).is_some_and(|facts| is_among(only, post, facts, as_at)));
            rows = in_order(rows, post_key, after, limit);
            facts
        }
        None => {
            rows = in_order(rows, post_key, after, limit);
            store::facts(&read, &of(&rows)).await?
        }
    };
    Ok(Page::of(rows, limit, post_key, |(post, service)| {
        let facts = facts.get(&post.id);
        PostOut::new(post, service, facts, as_at)
    }))
}

/// A post's place in a list: service by service.
fn post_key((post, service): &(post::Model, service::Model)) -> (String, ServiceId, String, PostId) {
    (order::key(&service.name), service.id, order::key(&post.reference), post.id)
}

/// Whether a post is one that needs somebody's attention in this way.
fn is_among(only: PostsOnly, post: &post::Model, facts: &PostFacts, as_at: NaiveDate) -> bool {
    match only {
        PostsOnly::LongVacant => facts.is_long_vacant(as_at),
        PostsOnly::OverFilled => facts.standing(as_at).over > 0,
        PostsOnly::FundingEnds => {
            let soon = as_at.checked_add_months(Months::new(6)).unwrap_or(as_at);
            post.funding_ends_on.is_some_and(|last| (as_at..=soon).contains(&last))
        }
    }
}

/// The post with its entity tag.
pub async fn get(app: &App, scope: &OrgScope, id: PostId) -> Result<(PostDetailOut, String), ApiError> {
    let read = db::read(&app.db).await?;
    let (row, service) = store::post(&read, scope, id).await?.ok_or_else(not_found)?;
    let facts = store::facts(&read, std::slice::from_ref(&row)).await?;
    let establishment = store::establishment(&read, &[id]).await?.into_iter().map(Into::into).collect();
    let history = facts.get(&id).map(|facts| PostTermsOut::all(&facts.terms)).unwrap_or_default();
    let tag = etag(row.version);
    let post = PostOut::new(row, service, facts.get(&id), app.clock.today());
    Ok((PostDetailOut { post, establishment, history }, tag))
}

pub async fn add(app: &App, scope: &OrgScope, new: PostIn) -> Result<(PostDetailOut, String), ApiError> {
    let PostIn {
        service_id,
        role,
        reference,
        peer_role,
        volunteer,
        pay_framework,
        establishment_thousandths,
        funding_ends_on,
        opened_on,
        confirmed,
    } = new;
    let unknown = || ApiError::field("service_id", "unknown_service", "Choose one of your services.");
    let tx = db::write(&app.db).await?;
    let service = store::hold_service(&tx, scope, service_id).await?.ok_or_else(unknown)?;
    let organisation = store::organisation(&tx, scope).await?.ok_or_else(not_found)?;
    let taken = store::posts_of(&tx, scope, Some(&[service_id])).await?;
    let reference = reference.map(|text| tidy(&text)).filter(|text| !text.is_empty());
    let usual_framework = || if volunteer { "volunteer".to_owned() } else { organisation.pay_framework };
    let row = post::Model {
        id: app.clock.id(),
        service_id,
        reference: reference.unwrap_or_else(|| next_reference(&taken)),
        role,
        peer_role,
        volunteer,
        pay_framework: pay_framework.unwrap_or_else(usual_framework),
        funding_ends_on,
        opened_on: opened_on.unwrap_or(service.opened_on),
        closed_on: None,
        version: 1,
        created_at: app.clock.now(),
    };
    let mut fields = Fields::default();
    check(&mut fields, &row, &service, &taken);
    let field = "establishment_thousandths";
    check_wte(&mut fields, field, row.volunteer, establishment_thousandths);
    fields.check()?;
    ask(large(field, establishment_thousandths), &confirmed)?;
    let (id, starts_on) = (row.id, row.opened_on);
    post::Entity::insert(post::ActiveModel::from(row).reset_all()).exec_without_returning(&tx).await?;
    fund(app, &tx, id, EstablishmentIn { starts_on, wte_thousandths: establishment_thousandths }).await?;
    ledger::changed(&tx, &app.clock, scope.account(), ("post", id.0), "added", json!({})).await?;
    tx.commit().await?;
    get(app, scope, id).await
}

pub async fn change(
    app: &App,
    scope: &OrgScope,
    id: PostId,
    if_match: Option<&str>,
    patched: PostPatch,
) -> Result<(PostDetailOut, String), ApiError> {
    let PostPatch {
        reference,
        role,
        peer_role,
        volunteer,
        pay_framework,
        changed_on,
        correction,
        funding_ends_on,
        opened_on,
        closed_on,
        establishment,
        confirmed,
    } = patched;
    let today = app.clock.today();
    let tx = db::write(&app.db).await?;
    let (old, _) = store::post(&tx, scope, id).await?.ok_or_else(not_found)?;
    // always the service before its posts, so that nobody waits for each other
    store::hold_service(&tx, scope, old.service_id).await?;
    let (old, service) = store::hold_post(&tx, scope, id).await?.ok_or_else(not_found)?;
    etag::check(if_match, old.version)?;
    let facts = store::facts(&tx, std::slice::from_ref(&old)).await?.remove(&id).ok_or_else(not_found)?;
    let mut fields = Fields::default();
    let role = wanted(&mut fields, "role", role);
    let peer_role = wanted(&mut fields, "peer_role", peer_role);
    let volunteer = wanted(&mut fields, "volunteer", volunteer);
    let pay_framework = wanted(&mut fields, "pay_framework", pay_framework);
    let change = |to: &mut PostTerms| {
        put(role.as_ref(), &mut to.role);
        put(peer_role.as_ref(), &mut to.peer_role);
        put(volunteer.as_ref(), &mut to.volunteer);
        put(pay_framework.as_ref(), &mut to.pay_framework);
    };
    let mut terms = facts.terms.on(today).clone();
    change(&mut terms);
    let changes = terms != *facts.terms.on(today);
    let opened_on = patch::optional(opened_on, Some(old.opened_on)).unwrap_or(service.opened_on);
    let meant = meant(&mut fields, (changed_on, correction), changes, opened_on, today);
    let history = meant.map(|meant| meant.apply(&facts.terms, change)).filter(|new| *new != facts.terms);
    let PostTerms { role, peer_role, volunteer, pay_framework } = terms;
    let row = post::Model {
        reference: tidy(&patch::required(&mut fields, "reference", reference, old.reference.clone())),
        role,
        peer_role,
        volunteer,
        pay_framework,
        funding_ends_on: patch::optional(funding_ends_on, old.funding_ends_on),
        opened_on,
        closed_on: patch::optional(closed_on, old.closed_on),
        version: old.version + 1,
        ..old.clone()
    };
    let siblings = store::posts_of(&tx, scope, Some(&[old.service_id])).await?;
    check(&mut fields, &row, &service, &siblings);
    let funded = patch::optional(establishment, None);
    if let Some(EstablishmentIn { starts_on, wte_thousandths }) = funded {
        check_wte(&mut fields, "establishment.wte_thousandths", row.volunteer, wte_thousandths);
        if !open_on(row.opened_on, row.closed_on, starts_on) {
            fields.push("establishment.starts_on", "post_not_open", "The post is not open on this date.");
        }
    }
    fields.check()?;
    if let Some(EstablishmentIn { starts_on, wte_thousandths }) = funded {
        let field = "establishment.wte_thousandths";
        let mut asked = large(field, wte_thousandths);
        let over = facts.in_post(starts_on) - wte_thousandths;
        if over > 0 {
            asked.push((field, PostQuestion::BeyondFunding, beyond_funding(over)));
        }
        ask(asked, &confirmed)?;
    }
    check_people(&row, &facts)?;
    if row.opened_on != old.opened_on {
        reopen(app, &tx, &facts, &row).await?;
    }
    if let Some(funded) = funded {
        fund(app, &tx, id, funded).await?;
    }
    if let Some(history) = &history {
        versions::keep_post(&tx, &app.clock, scope.account(), &old, history).await?;
    }
    let detail = json!({
        "before": shown(&old), "after": shown(&row), "changed_on": changed_on, "correction": correction,
        "establishment": funded.map(|new| json!({
            "starts_on": new.starts_on, "wte_thousandths": new.wte_thousandths,
        })),
    });
    let done = post::Entity::update_many()
        .set(post::ActiveModel { id: Unchanged(id), ..post::ActiveModel::from(row).reset_all() })
        .filter(post::Column::Id.eq(id))
        .filter(post::Column::Version.eq(old.version))
        .exec(&tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(ApiError::stale());
    }
    ledger::changed(&tx, &app.clock, scope.account(), ("post", id.0), "changed", detail).await?;
    tx.commit().await?;
    get(app, scope, id).await
}

fn check(fields: &mut Fields, row: &post::Model, service: &service::Model, siblings: &[post::Model]) {
    fields.text("reference", "a reference", &row.reference, LONGEST_REFERENCE);
    if siblings.iter().any(|other| other.id != row.id && other.reference == row.reference) {
        fields.push("reference", "already_exists", "Another post of this service has this reference.");
    }
    check_term(fields, "role", "role", "a role", &row.role);
    check_term(fields, "pay_framework", "pay_framework", "a pay framework", &row.pay_framework);
    if row.opened_on < service.opened_on {
        fields.push("opened_on", "before_its_service", "The service was not open yet on this date.");
    }
    if row.closed_on.is_some_and(|date| date < row.opened_on) {
        fields.push("closed_on", "before_it_opened", "It cannot close before it opened.");
    }
    let field = if row.closed_on.is_some() { "closed_on" } else { "service_id" };
    if service.closed_on.is_some_and(|end| row.closed_on.is_none_or(|date| end < date)) {
        fields.push(field, "service_closed", "The service itself is closed, or will be before this.");
    }
    if row.funding_ends_on.is_some_and(|date| date < row.opened_on) {
        fields.push("funding_ends_on", "before_it_opened", "Funding cannot end before the post opened.");
    }
}

fn check_wte(fields: &mut Fields, field: &str, volunteer: bool, thousandths: i32) {
    if volunteer && thousandths != 0 {
        fields.push(field, "volunteers_unfunded", "A volunteer post has no establishment: enter 0.");
    } else if !(0..=MOST_THOUSANDTHS).contains(&thousandths) {
        fields.push(field, "out_of_range", "Enter a WTE between 0 and 500.");
    }
}

/// What is asked back: field, question, words.
type AskedBack = Vec<(&'static str, PostQuestion, String)>;

/// Asks back what was not confirmed.
fn ask(asked: AskedBack, confirmed: &[PostQuestion]) -> Result<(), ApiError> {
    let open: Vec<_> = asked
        .into_iter()
        .filter(|(_, question, _)| !confirmed.contains(question))
        .map(|(field, question, message)| FieldProblem {
            field: field.to_owned(),
            code: question.code().to_owned(),
            message,
        })
        .collect();
    if open.is_empty() { Ok(()) } else { Err(ApiError::questions(open)) }
}

fn large(field: &'static str, thousandths: i32) -> AskedBack {
    if thousandths <= USUAL_THOUSANDTHS {
        return Vec::new();
    }
    let wte = wte::one_decimal(thousandths.into());
    let message = format!("{wte} WTE is a great deal for one post. Is that right, or are these several posts?");
    vec![(field, PostQuestion::LargePost, message)]
}

/// Words for a post that is filled beyond its funding.
pub fn beyond_funding(over: i32) -> String {
    let over = wte::one_decimal(over.into());
    format!("There would be more people in this post than it has funding for: over by {over} WTE. Is that right?")
}

/// Nobody may be in a post before it opens or once it is closed.
fn check_people(row: &post::Model, facts: &PostFacts) -> Result<(), ApiError> {
    if facts.holds.iter().any(|hold| hold.starts_on < row.opened_on) {
        return Err(ApiError::field("opened_on", "people_before", "Somebody was in this post before this date."));
    }
    let Some(closed_on) = row.closed_on else { return Ok(()) };
    refuse_people(facts.holds.iter().filter(|hold| hold.ends_on.is_none_or(|last| closed_on <= last)).count())
}

/// Refuses to close what people still are in.
pub(super) fn refuse_people(staying: usize) -> Result<(), ApiError> {
    let appointments = match staying {
        0 => return Ok(()),
        1 => "One appointment runs".to_owned(),
        many => format!("{many} appointments run"),
    };
    let detail = format!("{appointments} on that date or later. End them first, on the day before at the latest.");
    Err(ApiError::conflict("people_in_post", detail))
}

/// The next free number of a service's posts.
fn next_reference(taken: &[post::Model]) -> String {
    let free = |number: &usize| taken.iter().all(|post| post.reference != format!("Post {number}"));
    let number = (1..=taken.len() + 1).find(free).unwrap_or(1);
    format!("Post {number}")
}

fn shown(row: &post::Model) -> serde_json::Value {
    json!({
        "reference": row.reference, "role": row.role, "peer_role": row.peer_role, "volunteer": row.volunteer,
        "pay_framework": row.pay_framework,
        "funding_ends_on": row.funding_ends_on, "opened_on": row.opened_on, "closed_on": row.closed_on,
    })
}
