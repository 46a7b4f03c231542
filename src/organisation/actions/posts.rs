//! Use cases of posts. The establishment is dated: a change supersedes what was planned from a
//! date on, and what was before stays.

use chrono::NaiveDate;
use entity::id::{PostId, ServiceId};
use entity::{post, post_establishment, service};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ActiveValue::Unchanged, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    QueryFilter,
};
use serde_json::json;

use super::{Asked, check_term};
use crate::access::{OrgScope, ledger};
use crate::base::error::{ApiError, Fields};
use crate::base::etag::{self, etag};
use crate::base::fold::tidy;
use crate::base::page::Page;
use crate::base::{db, patch};
use crate::organisation::rules::{PostFacts, open_on};
use crate::organisation::store;
use crate::organisation::wire::{EstablishmentIn, PostDetailOut, PostIn, PostOut, PostPatch};
use crate::state::App;

const LONGEST_REFERENCE: usize = 60;
/// 500 WTE: more than the largest team there is, less than a slip of the keyboard.
const MOST_THOUSANDTHS: i32 = 500_000;

fn not_found() -> ApiError {
    ApiError::not_found("this post")
}

pub async fn list(
    app: &App,
    scope: &OrgScope,
    service: Option<ServiceId>,
    asked: Asked,
) -> Result<Page<PostOut>, ApiError> {
    let (as_at, limit, wanted) = asked.read(app)?;
    let read = db::read(&app.db).await?;
    let rows = store::posts(&read, scope, service, wanted).await?;
    let posts: Vec<_> = rows.iter().map(|(post, _)| post.clone()).collect();
    let facts = store::facts(&read, &posts).await?;
    Ok(Page::of(
        rows,
        limit,
        |(post, service)| (service.name.clone(), service.id, post.reference.clone()),
        |(post, service)| {
            let facts = facts.get(&post.id);
            PostOut::new(post, service, facts, as_at)
        },
    ))
}

/// The post with its entity tag.
pub async fn get(app: &App, scope: &OrgScope, id: PostId) -> Result<(PostDetailOut, String), ApiError> {
    let read = db::read(&app.db).await?;
    let (row, service) = store::post(&read, scope, id).await?.ok_or_else(not_found)?;
    let facts = store::facts(&read, std::slice::from_ref(&row)).await?;
    let establishment = store::establishment(&read, &[id]).await?.into_iter().map(Into::into).collect();
    let tag = etag(row.version);
    Ok((PostDetailOut { post: PostOut::new(row, service, facts.get(&id), app.clock.today()), establishment }, tag))
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
    } = new;
    let unknown = || ApiError::field("service_id", "unknown_service", "Choose one of your services.");
    let tx = db::write(&app.db).await?;
    let service = store::service(&tx, scope, service_id).await?.ok_or_else(unknown)?;
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
        opened_on: opened_on.unwrap_or_else(|| app.clock.today()),
        closed_on: None,
        version: 1,
        created_at: app.clock.now(),
    };
    let mut fields = Fields::default();
    check(&mut fields, &row, &service, &taken);
    check_wte(&mut fields, "establishment_thousandths", row.volunteer, establishment_thousandths);
    fields.check()?;
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
    let PostPatch { reference, role, peer_role, pay_framework, funding_ends_on, opened_on, closed_on, establishment } =
        patched;
    let tx = db::write(&app.db).await?;
    let (old, service) = store::post(&tx, scope, id).await?.ok_or_else(not_found)?;
    store::hold_post(&tx, id).await?;
    etag::check(if_match, old.version)?;
    let mut fields = Fields::default();
    let row = post::Model {
        reference: tidy(&patch::required(&mut fields, "reference", reference, old.reference.clone())),
        role: patch::required(&mut fields, "role", role, old.role.clone()),
        peer_role: patch::required(&mut fields, "peer_role", peer_role, old.peer_role),
        pay_framework: patch::required(&mut fields, "pay_framework", pay_framework, old.pay_framework.clone()),
        funding_ends_on: patch::optional(funding_ends_on, old.funding_ends_on),
        opened_on: patch::required(&mut fields, "opened_on", opened_on, old.opened_on),
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
    let facts = store::facts(&tx, std::slice::from_ref(&old)).await?.remove(&id).ok_or_else(not_found)?;
    check_people(&row, &facts)?;
    if row.opened_on != old.opened_on {
        reopen(app, &tx, &facts, &row).await?;
    }
    if let Some(funded) = funded {
        fund(app, &tx, id, funded).await?;
    }
    let detail = json!({ "before": shown(&old), "after": shown(&row), "establishment": funded.map(|new| json!({
        "starts_on": new.starts_on, "wte_thousandths": new.wte_thousandths,
    })) });
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

/// When a post opens on another day, what was funded at first is funded from that day.
async fn reopen<C: ConnectionTrait>(app: &App, tx: &C, facts: &PostFacts, row: &post::Model) -> Result<(), DbErr> {
    let first = facts.funding.iter().filter(|funding| funding.starts_on <= row.opened_on.max(facts.opened_on));
    let Some(first) = first.max_by_key(|funding| funding.starts_on).copied() else { return Ok(()) };
    let later: Vec<_> = facts.funding.iter().filter(|funding| funding.starts_on > first.starts_on).collect();
    let (starts_on, wte_thousandths) = (row.opened_on, first.thousandths);
    fund_from(app, tx, row.id, starts_on.min(facts.opened_on), EstablishmentIn { starts_on, wte_thousandths }).await?;
    for funding in later {
        let new = EstablishmentIn { starts_on: funding.starts_on, wte_thousandths: funding.thousandths };
        fund(app, tx, row.id, new).await?;
    }
    Ok(())
}

async fn fund<C: ConnectionTrait>(app: &App, tx: &C, id: PostId, new: EstablishmentIn) -> Result<(), DbErr> {
    fund_from(app, tx, id, new.starts_on, new).await
}

/// Supersedes what was planned `from` a date on, and records the new plan.
async fn fund_from<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    id: PostId,
    from: NaiveDate,
    EstablishmentIn { starts_on, wte_thousandths }: EstablishmentIn,
) -> Result<(), DbErr> {
    use post_establishment::{ActiveModel, Column, Entity};
    let now = app.clock.now();
    Entity::update_many()
        .set(ActiveModel { superseded_at: Set(Some(now)), ..Default::default() })
        .filter(Column::PostId.eq(id))
        .filter(Column::StartsOn.gte(from))
        .filter(Column::SupersededAt.is_null())
        .exec(tx)
        .await?;
    let row = ActiveModel {
        id: Set(app.clock.id()),
        post_id: Set(id),
        starts_on: Set(starts_on),
        wte_thousandths: Set(wte_thousandths),
        recorded_at: Set(now),
        superseded_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// The next free number of a service's posts.
fn next_reference(taken: &[post::Model]) -> String {
    let free = |number: &usize| taken.iter().all(|post| post.reference != format!("Post {number}"));
    let number = (1..=taken.len() + 1).find(free).unwrap_or(1);
    format!("Post {number}")
}

fn shown(row: &post::Model) -> serde_json::Value {
    json!({
        "reference": row.reference, "role": row.role, "peer_role": row.peer_role, "pay_framework": row.pay_framework,
        "funding_ends_on": row.funding_ends_on, "opened_on": row.opened_on, "closed_on": row.closed_on,
    })
}
