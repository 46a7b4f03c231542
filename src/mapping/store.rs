//! Reads the facts of a date, as known at an instant, in a few statements whatever the size.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};
use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ReleaseId, RequirementId, ServiceId};
use entity::{appointment, collection, organisation, post, post_establishment, release, requirement, service};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use serde::Serialize;

use super::axes::AxisKind;
use super::facts::{Facts, Holder, PostFact};
use super::question::Question;
use super::skills::Skills;
use crate::base::db::Snapshot;
use crate::organisation::history::{History, Placing, PostTerms};
use crate::organisation::rules::{hold_wte, vacant};
use crate::organisation::store::versions::as_known;
use crate::organisation::store::{confirmations, versions};

/// Which employers had answered within the year before the date, and how fresh the oldest and
/// newest of these answers were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    pub asked: u64,
    pub answered: u64,
    /// Of whom we only kept an answer later than the date: earlier ones are not known
    pub unknown: u64,
    pub oldest: Option<NaiveDate>,
    pub newest: Option<NaiveDate>,
}

/// Where a service that is open on the date is counted.
#[derive(Clone, Debug)]
pub struct Base {
    pub id: ServiceId,
    pub organisation: OrganisationId,
    pub council: String,
    pub sector: String,
    pub service_type: String,
    pub tier: String,
}

impl Base {
    pub fn value(&self, axis: AxisKind) -> Option<&str> {
        match axis {
            AxisKind::Area => Some(&self.council),
            AxisKind::Sector => Some(&self.sector),
            AxisKind::ServiceType => Some(&self.service_type),
            AxisKind::Tier => Some(&self.tier),
            AxisKind::Role => None,
        }
    }
}

/// Services open on the date, of one organisation or of all employers, as they were then.
pub async fn services<C: Snapshot>(db: &C, question: &Question) -> Result<Vec<Base>, DbErr> {
    let date = question.as_at;
    let mut query = service::Entity::find()
        .filter(service::Column::OpenedOn.lte(date))
        .filter(Condition::any().add(service::Column::ClosedOn.is_null()).add(service::Column::ClosedOn.gt(date)))
        .order_by_asc(service::Column::Id);
    if let Some(organisation) = question.organisation {
        query = query.filter(service::Column::OrganisationId.eq(organisation));
    }
    let rows = query.all(db).await?;
    let changed = versions::of_services(db, None, question.known_at).await?;
    let place = |row: service::Model| {
        let then = changed.get(&row.id).map_or_else(|| Placing::from(&row), |history| history.on(date).clone());
        let Placing { area, service_type, tier, sector } = then;
        Base { id: row.id, organisation: row.organisation_id, council: area, sector, service_type, tier }
    };
    Ok(rows.into_iter().map(place).collect())
}

/// How many of these employers had confirmed their figures within the year before the date, as
/// far as that is known. `among` are sorted.
pub async fn response<C: Snapshot>(db: &C, question: &Question, among: &[OrganisationId]) -> Result<Response, DbErr> {
    let employers: Vec<OrganisationId> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(organisation::Column::IsEmployer.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    let asked: BTreeSet<_> = employers.into_iter().filter(|id| among.binary_search(id).is_ok()).collect();
    let date = question.as_at;
    let since = date.checked_sub_months(Months::new(12)).unwrap_or(date);
    let rows = confirmations::of_period(db, since, date, question.known_at).await?;
    let (then, later): (Vec<_>, Vec<_>) =
        rows.iter().filter(|row| asked.contains(&row.organisation_id)).partition(|row| row.on_day <= date);
    let answered: BTreeSet<_> = then.iter().map(|row| row.organisation_id).collect();
    let unknown: BTreeSet<_> =
        later.iter().map(|row| row.organisation_id).filter(|id| !answered.contains(id)).collect();
    let count = |of: usize| u64::try_from(of).unwrap_or_default();
    Ok(Response {
        asked: count(asked.len()),
        answered: count(answered.len()),
        unknown: count(unknown.len()),
        oldest: then.iter().map(|row| row.on_day).min(),
        newest: then.iter().map(|row| row.on_day).max(),
    })
}

type PostRow = (PostId, ServiceId, String, bool, bool, String);
type AppointmentRow = (AppointmentId, PersonId, PostId, i32);

/// What stands in the books of the date: posts, what became of them, what is funded, who holds them.
#[derive(Debug)]
pub struct Books {
    posts: Vec<PostRow>,
    changed: HashMap<PostId, History<PostTerms>>,
    establishments: HashMap<PostId, i64>,
    appointments: Vec<AppointmentRow>,
}

pub async fn books<C: Snapshot>(db: &C, question: &Question, services: &[Base]) -> Result<Books, DbErr> {
    let date = question.as_at;
    let mut posts = post::Entity::find()
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::ServiceId,
            post::Column::Role,
            post::Column::PeerRole,
            post::Column::Volunteer,
            post::Column::PayFramework,
        ])
        .filter(post::Column::OpenedOn.lte(date))
        .filter(Condition::any().add(post::Column::ClosedOn.is_null()).add(post::Column::ClosedOn.gt(date)))
        .order_by_asc(post::Column::Id);
    if question.organisation.is_some() {
        posts = posts.filter(post::Column::ServiceId.is_in(services.iter().map(|service| service.id)));
    }
    Ok(Books {
        posts: posts.into_tuple().all(db).await?,
        changed: versions::of_posts(db, None, question.known_at).await?,
        establishments: establishments(db, question).await?,
        appointments: appointments(db, question).await?,
    })
}

/// Everything that is counted, for these services; pure.
pub fn facts(books: Books, date: NaiveDate, services: &[Base], skills: &Skills) -> Facts {
    let Books { posts, changed, establishments, appointments } = books;
    let by_id: HashMap<ServiceId, &Base> = services.iter().map(|service| (service.id, service)).collect();
    let mut holders: HashMap<PostId, Vec<(PersonId, i32)>> = HashMap::new();
    for (_, person, post, minutes) in appointments {
        holders.entry(post).or_default().push((person, minutes));
    }
    let mut people: HashMap<PersonId, usize> = HashMap::new();
    let mut organisations: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    let mut facts = Facts::default();
    for (id, service, role, peer_role, volunteer, pay_framework) in posts {
        let Some(place) = by_id.get(&service) else { continue };
        let count = organisations.len();
        let organisation = *organisations.entry(place.organisation).or_insert(count);
        let now = PostTerms { role, peer_role, volunteer, pay_framework };
        let terms = changed.get(&id).map_or(now, |history| history.on(date).clone());
        let holders: Vec<Holder> = holders
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .map(|(person, minutes)| {
                let (required, met) = skills.of(person, place.organisation, place.id, &terms.role);
                let count = people.len();
                let wte = i64::from(hold_wte(&terms, minutes, date));
                Holder { person: *people.entry(person).or_insert(count), wte, minutes, required, met }
            })
            .collect();
        let funded = if terms.volunteer { 0 } else { establishments.get(&id).copied().unwrap_or_default() };
        let filled: i64 = holders.iter().map(|holder| holder.wte).sum();
        facts.posts.push(PostFact {
            organisation,
            council: place.council.clone(),
            sector: place.sector.clone(),
            service_type: place.service_type.clone(),
            tier: place.tier.clone(),
            role: terms.role,
            vacant: vacant(funded, filled),
            holders,
        });
    }
    facts.people = people.len();
    let mut order: Vec<_> = organisations.into_iter().map(|(id, number)| (number, id)).collect();
    order.sort_unstable();
    facts.organisations = order.into_iter().map(|(_, id)| id).collect();
    facts
}

/// Funded WTE in thousandths on the date, by post: the latest start that is not after it.
async fn establishments<C: Snapshot>(db: &C, question: &Question) -> Result<HashMap<PostId, i64>, DbErr> {
    use post_establishment::Column;
    let known = as_known(question.known_at, Column::RecordedAt, Column::SupersededAt);
    let rows: Vec<(PostId, i32)> = post_establishment::Entity::find()
        .select_only()
        .columns([Column::PostId, Column::WteThousandths])
        .filter(Column::StartsOn.lte(question.as_at))
        .filter(known)
        .order_by_asc(Column::StartsOn)
        .order_by_asc(Column::RecordedAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(post, wte)| (post, i64::from(wte))).collect())
}

async fn appointments<C: Snapshot>(db: &C, question: &Question) -> Result<Vec<AppointmentRow>, DbErr> {
    use appointment::Column;
    appointment::Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId, Column::PostId, Column::WeeklyMinutes])
        .filter(Column::StartsOn.lte(question.as_at))
        .filter(Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(question.as_at)))
        .filter(as_known(question.known_at, Column::RecordedAt, Column::SupersededAt))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await
}

pub async fn collection<C: ConnectionTrait>(db: &C, slug: &str) -> Result<Option<collection::Model>, DbErr> {
    collection::Entity::find().filter(collection::Column::Slug.eq(slug)).one(db).await
}

pub async fn collections<C: ConnectionTrait>(db: &C) -> Result<Vec<collection::Model>, DbErr> {
    collection::Entity::find().order_by_desc(collection::Column::AsAt).limit(100).all(db).await
}

pub async fn requirement<C: ConnectionTrait>(db: &C, id: RequirementId) -> Result<Option<requirement::Model>, DbErr> {
    requirement::Entity::find_by_id(id).one(db).await
}

pub async fn release<C: ConnectionTrait>(db: &C, id: ReleaseId) -> Result<Option<release::Model>, DbErr> {
    release::Entity::find_by_id(id).one(db).await
}

pub async fn release_of<C: ConnectionTrait>(db: &C, hash: &str) -> Result<Option<release::Model>, DbErr> {
    release::Entity::find().filter(release::Column::QuestionHash.eq(hash)).one(db).await
}

/// Keeps a release; the first of two that came at once stays.
pub async fn keep<C: ConnectionTrait>(db: &C, row: release::Model) -> Result<(), DbErr> {
    let release::Model { id, question_hash, question, table, manifest, sha256, rule_version, created_at, created_by } =
        row;
    let row = release::ActiveModel {
        id: Set(id),
        question_hash: Set(question_hash),
        question: Set(question),
        table: Set(table),
        manifest: Set(manifest),
        sha256: Set(sha256),
        rule_version: Set(rule_version),
        created_at: Set(created_at),
        created_by: Set(created_by),
    };
    release::Entity::insert(row)
        .on_conflict(OnConflict::column(release::Column::QuestionHash).do_nothing().to_owned())
        .exec_without_returning(db)
        .await
        .map(|_| ())
}
