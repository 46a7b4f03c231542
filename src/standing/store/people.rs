//! Who works where and is exempt from what.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId, PostId, RequirementId, ServiceId};
use entity::{appointment, exemption, person, post, service};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationDef, Select,
};
use status::{Appointment, Span};

use super::Whose;
use crate::access::OrgScope;
use crate::organisation::history::History;
use crate::organisation::store::versions;
use crate::standing::Exemptions;

pub fn to_post() -> RelationDef {
    appointment::Entity::belongs_to(post::Entity).from(appointment::Column::PostId).to(post::Column::Id).into()
}

pub fn to_service() -> RelationDef {
    post::Entity::belongs_to(service::Entity).from(post::Column::ServiceId).to(service::Column::Id).into()
}

/// Somebody of an organisation, by name.
#[derive(Clone, Debug)]
pub struct Named {
    pub id: PersonId,
    pub given: String,
    pub family: String,
    pub folded: String,
}

type PostRow = (PersonId, OrganisationId, ServiceId, PostId, String, NaiveDate, Option<NaiveDate>);

/// An appointment as it is kept: the post's role as it is today.
struct Entry {
    organisation: OrganisationId,
    service: ServiceId,
    post: PostId,
    role: String,
    first: NaiveDate,
    last: Option<NaiveDate>,
}

/// What the posts of appointments were for in former times.
struct Roles(HashMap<PostId, History<String>>);

impl Roles {
    async fn of<C: ConnectionTrait>(db: &C, mut posts: Vec<PostId>) -> Result<Self, DbErr> {
        posts.sort_unstable();
        posts.dedup();
        Ok(Self(versions::roles(db, &posts).await?))
    }

    /// The appointment as the engine takes it, one for each role that its post had meanwhile: a
    /// role that changes from a day puts its holder under other requirements from that day on.
    fn split(&self, entry: Entry) -> Vec<Appointment> {
        let Entry { organisation, service, post, role, first, last } = entry;
        let Some(history) = self.0.get(&post) else {
            let span = Span::new(first, last);
            return span.map(|span| Appointment { organisation, service, role, span }).into_iter().collect();
        };
        let stretch = |(from, until, role): (Option<NaiveDate>, Option<NaiveDate>, &String)| {
            let first = from.map_or(first, |from| from.max(first));
            let last = [last, until].into_iter().flatten().min();
            Some(Appointment { organisation, service, role: role.clone(), span: Span::new(first, last)? })
        };
        history.stretches().filter_map(stretch).collect()
    }
}

fn appointments() -> Select<appointment::Entity> {
    appointment::Entity::find()
        .select_only()
        .column(appointment::Column::PersonId)
        .columns([service::Column::OrganisationId, service::Column::Id])
        .columns([post::Column::Id, post::Column::Role])
        .columns([appointment::Column::StartsOn, appointment::Column::EndsOn])
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .filter(appointment::Column::SupersededAt.is_null())
}

/// Every appointment that a person has or had, at any employer, as it stands today; one whose post
/// changed its role comes in parts.
pub async fn held_by<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Vec<Appointment>, DbErr> {
    Ok(held(db, Whose::One(person)).await?.remove(&person).unwrap_or_default())
}

/// The same of several people.
pub async fn held<C: ConnectionTrait>(db: &C, whose: Whose<'_>) -> Result<HashMap<PersonId, Vec<Appointment>>, DbErr> {
    let query = appointments().filter(whose.condition(appointment::Column::PersonId));
    let rows: Vec<PostRow> = query.into_tuple().all(db).await?;
    let roles = Roles::of(db, rows.iter().map(|row| row.3).collect()).await?;
    let mut all: HashMap<PersonId, Vec<Appointment>> = HashMap::new();
    for (person, organisation, service, post, role, first, last) in rows {
        let entry = Entry { organisation, service, post, role, first, last };
        all.entry(person).or_default().extend(roles.split(entry));
    }
    Ok(all)
}

type StaffRow = (PersonId, String, String, String, ServiceId, PostId, String, NaiveDate, Option<NaiveDate>);

/// Every appointment at the organisation, those to come included, with the name of its holder. Also
/// posts outside of a manager's services: they decide when somebody came under a requirement; who
/// may be shown is the caller's to filter.
pub async fn staff<C: ConnectionTrait>(db: &C, scope: &OrgScope) -> Result<Vec<(Named, Appointment)>, DbErr> {
    let to_person: RelationDef = appointment::Entity::belongs_to(person::Entity)
        .from(appointment::Column::PersonId)
        .to(person::Column::Id)
        .into();
    let rows: Vec<StaffRow> = appointment::Entity::find()
        .select_only()
        .columns([
            person::Column::Id,
            person::Column::GivenName,
            person::Column::FamilyName,
            person::Column::NameFolded,
        ])
        .columns([post::Column::ServiceId, post::Column::Id, post::Column::Role])
        .columns([appointment::Column::StartsOn, appointment::Column::EndsOn])
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .join(JoinType::InnerJoin, to_person)
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .filter(appointment::Column::SupersededAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let roles = Roles::of(db, rows.iter().map(|row| row.5).collect()).await?;
    let organisation = scope.organisation();
    let mut all = Vec::with_capacity(rows.len());
    for (id, given, family, folded, service, post, role, first, last) in rows {
        let named = Named { id, given, family, folded };
        let held = roles.split(Entry { organisation, service, post, role, first, last });
        all.extend(held.into_iter().map(|held| (named.clone(), held)));
    }
    Ok(all)
}

/// Names of the services in reach.
pub async fn services<C: ConnectionTrait>(db: &C, scope: &OrgScope) -> Result<HashMap<ServiceId, String>, DbErr> {
    let rows: Vec<(ServiceId, String)> = service::Entity::find()
        .select_only()
        .columns([service::Column::Id, service::Column::Name])
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter(|(id, _)| scope.reaches(*id)).collect())
}

/// Everybody with a post on the day that the scope reaches.
pub fn in_reach(scope: &OrgScope, on: NaiveDate) -> SelectStatement {
    let ends = appointment::Column::EndsOn;
    let mut query = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::PersonId)
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(appointment::Column::StartsOn.lte(on))
        .filter(Condition::any().add(ends.is_null()).add(ends.gte(on)));
    if let Some(services) = scope.services() {
        query = query.filter(service::Column::Id.is_in(services.iter().copied()));
    }
    query.into_query()
}

pub async fn exemptions<C: ConnectionTrait>(db: &C, whose: Whose<'_>) -> Result<Exemptions, DbErr> {
    let query = exemption::Entity::find()
        .select_only()
        .columns([
            exemption::Column::PersonId,
            exemption::Column::RequirementId,
            exemption::Column::StartsOn,
            exemption::Column::EndsOn,
        ])
        .filter(whose.condition(exemption::Column::PersonId));
    let rows: Vec<(PersonId, RequirementId, NaiveDate, Option<NaiveDate>)> = query.into_tuple().all(db).await?;
    let mut all = Exemptions::new();
    for (person, requirement, first, last) in rows {
        all.entry((person, requirement)).or_default().extend(Span::new(first, last));
    }
    Ok(all)
}

/// Who of the whole workforce is exempt from what on the day.
pub async fn exempt_on<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
) -> Result<HashSet<(PersonId, RequirementId)>, DbErr> {
    let ends = exemption::Column::EndsOn;
    let rows: Vec<(PersonId, RequirementId)> = exemption::Entity::find()
        .select_only()
        .columns([exemption::Column::PersonId, exemption::Column::RequirementId])
        .filter(exemption::Column::StartsOn.lte(day))
        .filter(Condition::any().add(ends.is_null()).add(ends.gte(day)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
