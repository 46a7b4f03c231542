//! What decides statuses, read in bulk: rules with the items that satisfy them, posts held,
//! exemptions, completions.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{CompletionId, ExemptionId, ItemId, OrganisationId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, CompletionState, Level};
use entity::{
    appointment, completion, exemption, item, item_theme, person, post, requirement, requirement_item, service,
};
use sea_orm::sea_query::{SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
};

use crate::access::OrgScope;
use crate::base::db::Snapshot;
use crate::learning::rules::valid_through;
use crate::skill::rules::{Completed, Rule, Span, covers};

/// A requirement with the items of which any one satisfies it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub rule: Rule,
    pub organisation: Option<OrganisationId>,
    pub role: Option<String>,
    pub items: Vec<ItemId>,
}

impl Asked {
    /// Whether a post puts its holder under this requirement, as far as role and employer go.
    pub fn covers(&self, held: &Held) -> bool {
        self.organisation.is_none_or(|of| of == held.organisation) && covers(self.role.as_deref(), &held.role)
    }
}

/// An appointment with what it is an appointment to.
#[derive(Clone, Debug)]
pub struct Held {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub role: String,
    pub span: Span,
}

/// How long completions of each item count.
pub type Validity = HashMap<ItemId, Option<u32>>;

/// Requirements that are in force on a day and of these organisations, or national ones.
pub async fn asked<C: Snapshot>(
    db: &C,
    organisations: &[OrganisationId],
    only: Option<RequirementId>,
    on: NaiveDate,
) -> Result<(Vec<Asked>, Validity), DbErr> {
    let of = Condition::any()
        .add(requirement::Column::OrganisationId.is_in(organisations.iter().copied()))
        .add(requirement::Column::OrganisationId.is_null());
    let in_force = Condition::any().add(requirement::Column::EndsOn.is_null()).add(requirement::Column::EndsOn.gte(on));
    let mut query =
        requirement::Entity::find().filter(of).filter(requirement::Column::StartsOn.lte(on)).filter(in_force);
    if let Some(only) = only {
        query = query.filter(requirement::Column::Id.eq(only));
    }
    let rows = query.order_by_asc(requirement::Column::Name).order_by_asc(requirement::Column::Id).all(db).await?;
    with_items(db, rows).await
}

/// One requirement, whenever it is in force.
pub async fn one<C: Snapshot>(db: &C, row: requirement::Model) -> Result<(Option<Asked>, Validity), DbErr> {
    let (asked, validity) = with_items(db, vec![row]).await?;
    Ok((asked.into_iter().next(), validity))
}

async fn with_items<C: Snapshot>(db: &C, rows: Vec<requirement::Model>) -> Result<(Vec<Asked>, Validity), DbErr> {
    let mut validity = Validity::new();
    let mut named: HashMap<RequirementId, Vec<ItemId>> = HashMap::new();
    let to_item: RelationDef = requirement_item::Entity::belongs_to(item::Entity)
        .from(requirement_item::Column::ItemId)
        .to(item::Column::Id)
        .into();
    let pairs: Vec<(RequirementId, ItemId, Option<i32>)> = requirement_item::Entity::find()
        .select_only()
        .columns([requirement_item::Column::RequirementId, requirement_item::Column::ItemId])
        .column(item::Column::ValidityMonths)
        .join(JoinType::InnerJoin, to_item)
        .filter(requirement_item::Column::RequirementId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(item::Column::Title)
        .into_tuple()
        .all(db)
        .await?;
    for (requirement, item, months) in pairs {
        validity.insert(item, months.and_then(|months| u32::try_from(months).ok()));
        named.entry(requirement).or_default().push(item);
    }
    let of_themes = themed(db, &rows, &mut validity).await?;
    let asked = rows.into_iter().map(|row| {
        let mut items = named.remove(&row.id).unwrap_or_default();
        if let (Some(theme), Some(level)) = (&row.theme, row.level) {
            let enough = of_themes.iter().filter(|of| of.theme == *theme && of.level >= level);
            items.extend(enough.map(|of| of.item));
        }
        Asked { rule: rule(&row), organisation: row.organisation_id, role: row.role, items }
    });
    Ok((asked.collect(), validity))
}

struct Themed {
    item: ItemId,
    theme: String,
    level: Level,
}

/// Items that build the themes that the requirements ask for, at their levels.
async fn themed<C: Snapshot>(
    db: &C,
    rows: &[requirement::Model],
    validity: &mut Validity,
) -> Result<Vec<Themed>, DbErr> {
    let themes: Vec<&str> = rows.iter().filter_map(|row| row.theme.as_deref()).collect();
    if themes.is_empty() {
        return Ok(Vec::new());
    }
    let to_item: RelationDef =
        item_theme::Entity::belongs_to(item::Entity).from(item_theme::Column::ItemId).to(item::Column::Id).into();
    let found: Vec<(ItemId, String, Option<Level>, Option<Level>, Option<i32>)> = item_theme::Entity::find()
        .select_only()
        .columns([item_theme::Column::ItemId, item_theme::Column::Theme, item_theme::Column::Level])
        .column_as(item::Column::Level, "item_level")
        .column(item::Column::ValidityMonths)
        .join(JoinType::InnerJoin, to_item)
        .filter(item_theme::Column::Theme.is_in(themes))
        .order_by_asc(item::Column::Title)
        .into_tuple()
        .all(db)
        .await?;
    let mut all = Vec::new();
    for (item, theme, own, general, months) in found {
        if let Some(level) = own.or(general) {
            validity.insert(item, months.and_then(|months| u32::try_from(months).ok()));
            all.push(Themed { item, theme, level });
        }
    }
    Ok(all)
}

fn rule(row: &requirement::Model) -> Rule {
    Rule {
        id: row.id,
        name: row.name.clone(),
        version: row.version,
        grace_days: u64::try_from(row.grace_days).unwrap_or_default(),
        window_days: i64::from(row.window_days),
        minimum: row.minimum_assurance,
        span: Span::new(row.starts_on, row.ends_on),
    }
}

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

type PostRow = (OrganisationId, ServiceId, String, NaiveDate, Option<NaiveDate>);

/// Every appointment that a person has or had, at any employer, as it stands today.
pub async fn held_by<C: Snapshot>(db: &C, person: PersonId) -> Result<Vec<Held>, DbErr> {
    let rows: Vec<PostRow> = appointment::Entity::find()
        .select_only()
        .columns([service::Column::OrganisationId, service::Column::Id])
        .column(post::Column::Role)
        .columns([appointment::Column::StartsOn, appointment::Column::EndsOn])
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(appointment::Column::PersonId.eq(person))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(held).collect())
}

fn held((organisation, service, role, from, until): PostRow) -> Held {
    Held { organisation, service, role, span: Span::new(from, until) }
}

type StaffRow = (PersonId, String, String, String, ServiceId, String, NaiveDate, Option<NaiveDate>);

/// Every appointment at the organisation that has begun, with the name of its holder, in the
/// order of names. Also posts outside of a manager's services: they decide when somebody came
/// under a requirement; who may be shown is the caller's to filter.
pub async fn staff<C: Snapshot>(db: &C, scope: &OrgScope, on: NaiveDate) -> Result<Vec<(Named, Held)>, DbErr> {
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
        .column(post::Column::ServiceId)
        .column(post::Column::Role)
        .columns([appointment::Column::StartsOn, appointment::Column::EndsOn])
        .join(JoinType::InnerJoin, to_post())
        .join(JoinType::InnerJoin, to_service())
        .join(JoinType::InnerJoin, to_person)
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .filter(appointment::Column::SupersededAt.is_null())
        .filter(appointment::Column::StartsOn.lte(on))
        .into_tuple()
        .all(db)
        .await?;
    let organisation = scope.organisation();
    let row = |(id, given, family, folded, service, role, from, until): StaffRow| {
        let held = Held { organisation, service, role, span: Span::new(from, until) };
        (Named { id, given, family, folded }, held)
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Names of the services in reach.
pub async fn services<C: Snapshot>(db: &C, scope: &OrgScope) -> Result<HashMap<ServiceId, String>, DbErr> {
    let rows: Vec<(ServiceId, String)> = service::Entity::find()
        .select_only()
        .columns([service::Column::Id, service::Column::Name])
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter(|(id, _)| scope.reaches(*id)).collect())
}

/// Whose completions and exemptions to read.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    One(PersonId),
    /// Everybody with a post on the day at the organisation, or at the services in reach
    Staff(&'a OrgScope, NaiveDate),
}

impl Whose<'_> {
    fn condition(self, column: impl ColumnTrait) -> SimpleExpr {
        match self {
            Self::One(person) => column.eq(person),
            Self::Staff(scope, on) => column.in_subquery(in_reach(scope, on)),
        }
    }
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

pub type Exemptions = HashMap<(PersonId, RequirementId), Vec<Span>>;

pub async fn exemptions<C: Snapshot>(db: &C, whose: Whose<'_>) -> Result<Exemptions, DbErr> {
    let rows: Vec<(ExemptionId, PersonId, RequirementId, NaiveDate, Option<NaiveDate>)> = exemption::Entity::find()
        .select_only()
        .columns([
            exemption::Column::Id,
            exemption::Column::PersonId,
            exemption::Column::RequirementId,
            exemption::Column::StartsOn,
            exemption::Column::EndsOn,
        ])
        .filter(whose.condition(exemption::Column::PersonId))
        .into_tuple()
        .all(db)
        .await?;
    let mut all = Exemptions::new();
    for (_, person, requirement, from, until) in rows {
        all.entry((person, requirement)).or_default().push(Span::new(from, until));
    }
    Ok(all)
}

type DoneRow = (CompletionId, PersonId, ItemId, NaiveDate, Option<NaiveDate>, Assurance, CompletionState);

/// A person's completions of these items, those that were rejected or withdrawn included.
pub async fn completions<C: Snapshot>(db: &C, person: PersonId, validity: &Validity) -> Result<Vec<Completed>, DbErr> {
    if validity.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<DoneRow> = completion::Entity::find()
        .select_only()
        .columns([
            completion::Column::Id,
            completion::Column::PersonId,
            completion::Column::ItemId,
            completion::Column::CompletedOn,
            completion::Column::ExpiresOn,
            completion::Column::Assurance,
            completion::Column::State,
        ])
        .filter(completion::Column::PersonId.eq(person))
        .filter(completion::Column::ItemId.is_in(validity.keys().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let done = rows.into_iter().map(|(id, _, item, on, fixed, assurance, state)| {
        let through = valid_through(on, validity.get(&item).copied().flatten(), fixed);
        Completed { id, item, on, through, assurance, state }
    });
    Ok(done.collect())
}
