//! Completions of others: what an employer's or manager's requirements need of the people who are
//! appointed now, and what was finished of a provider's own items. Nothing else is in reach.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, OrganisationId, PersonId};
use entity::value::{Assurance, CompletionState};
use entity::{appointment, completion, item, item_theme, post, requirement, requirement_item, service};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::access::{EditorScope, OrgScope};

/// What to show of the completions in reach.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<CompletionState>,
    pub assurance: Vec<Assurance>,
    pub person: Option<PersonId>,
    pub not_person: Option<PersonId>,
}

/// Completions in reach after a place, oldest record first.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    today: NaiveDate,
    filter: Filter,
    after: Option<CompletionId>,
    limit: u64,
) -> Result<Vec<completion::Model>, DbErr> {
    use completion::Column;
    let Some(reach) = reach(db, scope, today).await? else { return Ok(Vec::new()) };
    let Filter { state, assurance, person, not_person } = filter;
    completion::Entity::find()
        .filter(reach)
        .apply_if(state, |query, state| query.filter(Column::State.eq(state)))
        .apply_if((!assurance.is_empty()).then_some(assurance), |query, set| query.filter(Column::Assurance.is_in(set)))
        .apply_if(person, |query, person| query.filter(Column::PersonId.eq(person)))
        .apply_if(not_person, |query, person| query.filter(Column::PersonId.ne(person)))
        .apply_if(after, |query, id| query.filter(Column::Id.gt(id)))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// One completion, if it is in reach.
pub async fn one<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    today: NaiveDate,
    id: CompletionId,
) -> Result<Option<completion::Model>, DbErr> {
    let Some(reach) = reach(db, scope, today).await? else { return Ok(None) };
    completion::Entity::find_by_id(id).filter(reach).one(db).await
}

/// One completion, if it is of an item of the provider's own, and which provider that is.
pub async fn of_provider<C: ConnectionTrait>(
    db: &C,
    scope: &EditorScope,
    id: CompletionId,
) -> Result<Option<(completion::Model, OrganisationId)>, DbErr> {
    let Some(found) = completion::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let item = item::Entity::find_by_id(found.item_id)
        .filter(item::Column::ProviderId.is_in(scope.providers().iter().copied()))
        .one(db)
        .await?;
    Ok(item.map(|item| (found, item.provider_id)))
}

/// The condition that a completion is in reach; `None` when nothing is.
async fn reach<C: ConnectionTrait>(db: &C, scope: &OrgScope, today: NaiveDate) -> Result<Option<Condition>, DbErr> {
    let needed = needed(db, scope, today).await?;
    let mut any = Condition::any();
    for (role, items) in &needed {
        let people = appointed(scope, role.as_deref(), today);
        any = any.add(
            Condition::all()
                .add(completion::Column::ItemId.is_in(items.iter().copied()))
                .add(completion::Column::PersonId.in_subquery(people)),
        );
    }
    Ok(if needed.is_empty() { None } else { Some(any) })
}

/// Items that requirements in force name, directly or by a theme at a level, for each role that
/// they are required of (`None`: of everyone).
async fn needed<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    today: NaiveDate,
) -> Result<BTreeMap<Option<String>, Vec<ItemId>>, DbErr> {
    use requirement::Column;
    let rules = requirement::Entity::find()
        .filter(
            Condition::any().add(Column::OrganisationId.is_null()).add(Column::OrganisationId.eq(scope.organisation())),
        )
        .filter(Column::StartsOn.lte(today))
        .filter(Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(today)))
        .all(db)
        .await?;
    let named = requirement_item::Entity::find()
        .filter(requirement_item::Column::RequirementId.is_in(rules.iter().map(|rule| rule.id)))
        .all(db)
        .await?;
    let themes: Vec<_> = rules.iter().filter_map(|rule| rule.theme.clone()).collect();
    let taught = if themes.is_empty() {
        Vec::new()
    } else {
        item_theme::Entity::find().filter(item_theme::Column::Theme.is_in(themes)).all(db).await?
    };
    let mut needed: BTreeMap<Option<String>, Vec<ItemId>> = BTreeMap::new();
    for rule in rules {
        let named = named.iter().filter(|row| row.requirement_id == rule.id).map(|row| row.item_id);
        let taught = taught
            .iter()
            .filter(|row| rule.theme.as_ref() == Some(&row.theme) && row.level >= rule.level)
            .map(|row| row.item_id);
        let items: Vec<_> = named.chain(taught).collect();
        if !items.is_empty() {
            needed.entry(rule.role).or_default().extend(items);
        }
    }
    Ok(needed)
}

/// People in post today at the services in reach, in a role if one is given.
fn appointed(scope: &OrgScope, role: Option<&str>, today: NaiveDate) -> SelectStatement {
    use appointment::Column;
    let services = service::Entity::find()
        .select_only()
        .column(service::Column::Id)
        .filter(service::Column::OrganisationId.eq(scope.organisation()))
        .apply_if(scope.services(), |query, ids| query.filter(service::Column::Id.is_in(ids.iter().copied())))
        .into_query();
    let posts = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::ServiceId.in_subquery(services))
        .apply_if(role, |query, role| query.filter(post::Column::Role.eq(role)))
        .into_query();
    appointment::Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::PostId.in_subquery(posts))
        .filter(Column::SupersededAt.is_null())
        .filter(Column::StartsOn.lte(today))
        .filter(Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(today)))
        .into_query()
}
