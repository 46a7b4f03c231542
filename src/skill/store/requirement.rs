//! Queries of requirements and exemptions, to list and to change them.

use entity::id::{ExemptionId, ItemId, OrganisationId, PersonId, RequirementId};
use entity::{exemption, item, person, requirement, requirement_item, requirement_scope};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationDef,
};

use crate::standing::store::scope::Scope;

pub async fn by_id<C: ConnectionTrait>(db: &C, id: RequirementId) -> Result<Option<requirement::Model>, DbErr> {
    requirement::Entity::find_by_id(id).one(db).await
}

/// Where a page of requirements goes on: after this name and id.
pub type After = Option<(String, RequirementId)>;

/// Requirements of an organisation and national ones (only those without an organisation), by name.
pub async fn list<C: ConnectionTrait>(
    db: &C,
    organisation: Option<OrganisationId>,
    after: After,
    limit: u64,
) -> Result<Vec<requirement::Model>, DbErr> {
    let mut of = Condition::any().add(requirement::Column::OrganisationId.is_null());
    if let Some(organisation) = organisation {
        of = of.add(requirement::Column::OrganisationId.eq(organisation));
    }
    let mut query = requirement::Entity::find().filter(of);
    if let Some((name, id)) = after {
        let same = Condition::all().add(requirement::Column::Name.eq(&name)).add(requirement::Column::Id.gt(id));
        query = query.filter(Condition::any().add(requirement::Column::Name.gt(&name)).add(same));
    }
    query.order_by_asc(requirement::Column::Name).order_by_asc(requirement::Column::Id).limit(limit + 1).all(db).await
}

/// The named modules of these requirements.
pub async fn items<C: ConnectionTrait>(
    db: &C,
    requirements: Vec<RequirementId>,
) -> Result<Vec<(RequirementId, ItemId, String, String)>, DbErr> {
    let to_item: RelationDef = requirement_item::Entity::belongs_to(item::Entity)
        .from(requirement_item::Column::ItemId)
        .to(item::Column::Id)
        .into();
    requirement_item::Entity::find()
        .select_only()
        .columns([requirement_item::Column::RequirementId, requirement_item::Column::ItemId])
        .columns([item::Column::Reference, item::Column::Title])
        .join(JoinType::InnerJoin, to_item)
        .filter(requirement_item::Column::RequirementId.is_in(requirements))
        .order_by_asc(item::Column::Title)
        .into_tuple()
        .all(db)
        .await
}

/// Writes a row's next version if the one before still stands; says whether it did.
pub async fn update<C: ConnectionTrait>(db: &C, row: requirement::Model) -> Result<bool, DbErr> {
    let (id, before) = (row.id, row.version - 1);
    let active = requirement::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(id),
        ..requirement::ActiveModel::from(row).reset_all()
    };
    let done = requirement::Entity::update_many()
        .set(active)
        .filter(requirement::Column::Id.eq(id))
        .filter(requirement::Column::Version.eq(before))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn insert<C: ConnectionTrait>(db: &C, row: requirement::Model) -> Result<(), DbErr> {
    requirement::Entity::insert(requirement::ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

/// The modules of a requirement are these from now on.
pub async fn set_items<C: ConnectionTrait>(db: &C, id: RequirementId, items: &[ItemId]) -> Result<(), DbErr> {
    requirement_item::Entity::delete_many().filter(requirement_item::Column::RequirementId.eq(id)).exec(db).await?;
    if items.is_empty() {
        return Ok(());
    }
    let rows = items.iter().map(|item| requirement_item::ActiveModel { requirement_id: Set(id), item_id: Set(*item) });
    requirement_item::Entity::insert_many(rows).exec_without_returning(db).await.map(|_| ())
}

/// Whom a requirement names is this from now on.
pub async fn set_scope<C: ConnectionTrait>(db: &C, id: RequirementId, scope: &Scope) -> Result<(), DbErr> {
    use requirement_scope::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::RequirementId.eq(id)).exec(db).await?;
    let none = || ActiveModel { role: Set(None), role_family: Set(None), service_id: Set(None), ..Default::default() };
    let roles = scope.roles.iter().map(|role| ActiveModel { role: Set(Some(role.clone())), ..none() });
    let families = scope.families.iter().map(|one| ActiveModel { role_family: Set(Some(one.clone())), ..none() });
    let services = scope.services.iter().map(|(one, _)| ActiveModel { service_id: Set(Some(*one)), ..none() });
    let placed = |(place, row)| ActiveModel { requirement_id: Set(id), place: Set(place), ..row };
    let rows: Vec<_> = (0..).zip(roles.chain(families).chain(services)).map(placed).collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows).exec_without_returning(db).await.map(|_| ())
}

pub async fn exemptions<C: ConnectionTrait>(
    db: &C,
    requirement: RequirementId,
    person: Option<PersonId>,
    after: Option<ExemptionId>,
    limit: u64,
) -> Result<Vec<exemption::Model>, DbErr> {
    let mut query = exemption::Entity::find().filter(exemption::Column::RequirementId.eq(requirement));
    if let Some(person) = person {
        query = query.filter(exemption::Column::PersonId.eq(person));
    }
    if let Some(after) = after {
        query = query.filter(exemption::Column::Id.gt(after));
    }
    query.order_by_asc(exemption::Column::Id).limit(limit + 1).all(db).await
}

pub async fn people<C: ConnectionTrait>(db: &C, ids: Vec<PersonId>) -> Result<Vec<person::Model>, DbErr> {
    person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await
}

pub async fn exemption<C: ConnectionTrait>(db: &C, id: ExemptionId) -> Result<Option<exemption::Model>, DbErr> {
    exemption::Entity::find_by_id(id).one(db).await
}

pub async fn insert_exemption<C: ConnectionTrait>(db: &C, row: exemption::Model) -> Result<(), DbErr> {
    exemption::Entity::insert(exemption::ActiveModel::from(row)).exec_without_returning(db).await.map(|_| ())
}

/// One that never was.
pub async fn remove_exemption<C: ConnectionTrait>(db: &C, id: ExemptionId) -> Result<(), DbErr> {
    exemption::Entity::delete_by_id(id).exec(db).await.map(|_| ())
}

pub async fn end_exemption<C: ConnectionTrait>(db: &C, id: ExemptionId, last: chrono::NaiveDate) -> Result<(), DbErr> {
    let row = exemption::ActiveModel { id: Set(id), ends_on: Set(Some(last)), ..Default::default() };
    row.update_without_returning(db).await.map(|_| ())
}
