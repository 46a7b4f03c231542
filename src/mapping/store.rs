//! Reads the facts of a date, as known at an instant, in a few statements whatever the size.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::id::{AppointmentId, OrganisationId, PersonId, PostId, ReleaseId, RequirementId, ServiceId};
use entity::{appointment, collection, organisation, post, post_establishment, release, requirement, service};
use sea_orm::sea_query::ExprTrait;
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
use crate::base::wte::thousandths;
use crate::reference::pay;

/// Which employers answered lately, and how fresh the oldest and newest answers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    pub asked: u64,
    pub answered: u64,
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

/// Services open on the date, of one organisation or of all employers.
pub async fn services<C: Snapshot>(
    db: &C,
    date: NaiveDate,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Base>, DbErr> {
    let mut query = service::Entity::find()
        .filter(service::Column::OpenedOn.lte(date))
        .filter(Condition::any().add(service::Column::ClosedOn.is_null()).add(service::Column::ClosedOn.gt(date)))
        .order_by_asc(service::Column::Id);
    if let Some(organisation) = organisation {
        query = query.filter(service::Column::OrganisationId.eq(organisation));
    }
    let rows = query.all(db).await?;
    let place = |row: service::Model| Base {
        id: row.id,
        organisation: row.organisation_id,
        council: row.area,
        sector: row.sector,
        service_type: row.service_type,
        tier: row.tier,
    };
    Ok(rows.into_iter().map(place).collect())
}

/// How many of these employers confirmed their figures within the year before the date.
pub async fn response<C: Snapshot>(db: &C, date: NaiveDate, employers: &[OrganisationId]) -> Result<Response, DbErr> {
    let rows: Vec<(OrganisationId, Option<NaiveDate>)> = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::ReviewedOn])
        .filter(organisation::Column::IsEmployer.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    let since = date.checked_sub_months(Months::new(12)).unwrap_or(date);
    let rows: Vec<_> = rows.into_iter().filter(|(id, _)| employers.binary_search(id).is_ok()).collect();
    let fresh: Vec<_> = rows.iter().filter_map(|(_, reviewed)| *reviewed).filter(|on| *on > since).collect();
    Ok(Response {
        asked: u64::try_from(rows.len()).unwrap_or_default(),
        answered: u64::try_from(fresh.len()).unwrap_or_default(),
        oldest: fresh.iter().min().copied(),
        newest: fresh.iter().max().copied(),
    })
}

type PostRow = (PostId, ServiceId, String, bool, String);
type AppointmentRow = (AppointmentId, PersonId, PostId, i32);

/// What stands in the books of the date: posts, what is funded of them, who holds them.
#[derive(Debug)]
pub struct Books {
    posts: Vec<PostRow>,
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
        establishments: establishments(db, question).await?,
        appointments: appointments(db, question).await?,
    })
}

/// Everything that is counted, for these services; pure.
pub fn facts(books: Books, date: NaiveDate, services: &[Base], skills: &Skills) -> Facts {
    let Books { posts, establishments, appointments } = books;
    let by_id: HashMap<ServiceId, &Base> = services.iter().map(|service| (service.id, service)).collect();
    let mut holders: HashMap<PostId, Vec<(PersonId, i32)>> = HashMap::new();
    for (_, person, post, minutes) in appointments {
        holders.entry(post).or_default().push((person, minutes));
    }
    let mut people: HashMap<PersonId, usize> = HashMap::new();
    let mut organisations: BTreeMap<OrganisationId, usize> = BTreeMap::new();
    let mut facts = Facts::default();
    for (id, service, role, volunteer, framework) in posts {
        let Some(place) = by_id.get(&service) else { continue };
        let count = organisations.len();
        let organisation = *organisations.entry(place.organisation).or_insert(count);
        let full_time = pay::full_time_minutes(&framework, date).unwrap_or_default();
        let holders: Vec<Holder> = holders
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .map(|(person, minutes)| {
                let (required, met) = skills.of(person, place.organisation, &role);
                let count = people.len();
                let wte = if volunteer { 0 } else { i64::from(thousandths(minutes, full_time)) };
                Holder { person: *people.entry(person).or_insert(count), wte, minutes, required, met }
            })
            .collect();
        let funded = if volunteer { 0 } else { establishments.get(&id).copied().unwrap_or_default() };
        let filled: i64 = holders.iter().map(|holder| holder.wte).sum();
        facts.posts.push(PostFact {
            organisation,
            council: place.council.clone(),
            sector: place.sector.clone(),
            service_type: place.service_type.clone(),
            tier: place.tier.clone(),
            role,
            vacant: Ord::max(funded - filled, 0),
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

/// What stood in the books at that instant; now, when none is given.
fn as_known<K: ColumnTrait>(known_at: Option<DateTime<Utc>>, recorded: K, superseded: K) -> Condition {
    match known_at {
        None => Condition::all().add(superseded.is_null()),
        Some(at) => Condition::all().add(recorded.lte(at)).add(superseded.is_null().or(superseded.gt(at))),
    }
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
