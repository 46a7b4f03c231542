//! Whom a requirement names: roles, role families, services.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::id::{OrganisationId, RequirementId, ServiceId};
use entity::{requirement_scope, service};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use status::Applies;

use crate::base::db::chunk;
use crate::reference::vocabulary;

/// Any of the roles and of those in the families, at any of the services; a part without any
/// leaves everybody in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub roles: Vec<String>,
    pub families: Vec<String>,
    pub services: Vec<(ServiceId, String)>,
}

impl Scope {
    /// As the engine takes it: families spelled out as their roles.
    pub fn applies(&self, organisation: Option<OrganisationId>) -> Applies {
        let services = self.services.iter().map(|(id, _)| *id);
        Applies { organisation, roles: self.all_roles().into_iter().collect(), services: services.collect() }
    }

    /// The roles with those of the families; none when everybody is asked.
    fn all_roles(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = self.roles.iter().cloned().collect();
        let roles = vocabulary::get("role");
        for family in &self.families {
            let of: Vec<_> =
                roles.iter().flat_map(|roles| roles.children(family)).map(|role| role.slug.clone()).collect();
            if of.is_empty() {
                // a family that nobody is in any more is nobody, and not everybody
                all.insert(format!("{family}:"));
            }
            all.extend(of);
        }
        all
    }

    /// Whether it is for somebody for whom the other is not.
    pub fn is_wider_than(&self, other: &Self) -> bool {
        fn beyond<T: Ord>(own: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
            !other.is_empty() && (own.is_empty() || !own.is_subset(other))
        }
        let services = |scope: &Self| scope.services.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>();
        beyond(&self.all_roles(), &other.all_roles()) || beyond(&services(self), &services(other))
    }
}

type Row = (RequirementId, Option<String>, Option<String>, Option<ServiceId>, Option<String>);

/// Whom these requirements name; one for everybody is left out.
pub async fn of<C: ConnectionTrait>(db: &C, ids: &[RequirementId]) -> Result<HashMap<RequirementId, Scope>, DbErr> {
    use requirement_scope::{Column, Entity};
    let to_service: RelationDef =
        Entity::belongs_to(service::Entity).from(Column::ServiceId).to(service::Column::Id).into();
    let mut all: HashMap<RequirementId, Scope> = HashMap::new();
    for part in ids.chunks(chunk(1)) {
        let rows: Vec<Row> = Entity::find()
            .select_only()
            .columns([Column::RequirementId, Column::Role, Column::RoleFamily, Column::ServiceId])
            .column(service::Column::Name)
            .join(JoinType::LeftJoin, to_service.clone())
            .filter(Column::RequirementId.is_in(part.iter().copied()))
            .order_by_asc(Column::RequirementId)
            .order_by_asc(Column::Place)
            .into_tuple()
            .all(db)
            .await?;
        for (requirement, role, family, service, name) in rows {
            let scope = all.entry(requirement).or_default();
            scope.roles.extend(role);
            scope.families.extend(family);
            scope.services.extend(service.zip(name));
        }
    }
    Ok(all)
}

/// A service as far as a requirement may name it.
#[derive(Clone, Debug)]
pub struct Nameable {
    pub id: ServiceId,
    pub name: String,
    /// First day on which it is closed
    pub closed_on: Option<NaiveDate>,
}

/// Those of these services that are the organisation's own, by name.
pub async fn services<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    ids: &[ServiceId],
) -> Result<Vec<Nameable>, DbErr> {
    let rows: Vec<(ServiceId, String, Option<NaiveDate>)> = service::Entity::find()
        .select_only()
        .columns([service::Column::Id, service::Column::Name, service::Column::ClosedOn])
        .filter(service::Column::OrganisationId.eq(organisation))
        .filter(service::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(service::Column::Name)
        .order_by_asc(service::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, name, closed_on)| Nameable { id, name, closed_on }).collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn scope(roles: &[&str], families: &[&str], services: &[u128]) -> Scope {
        let own = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let services = services.iter().map(|id| (ServiceId(Uuid::from_u128(*id)), String::new()));
        Scope { roles: own(roles), families: own(families), services: services.collect() }
    }

    #[test]
    fn families_are_their_roles_and_an_empty_one_is_nobody() {
        let applies = scope(&["dietitian"], &["medical"], &[]).applies(None);
        assert_eq!(applies.roles, ["consultant_psychiatrist", "dietitian", "gp_special_interest", "specialty_doctor"]);
        assert!(scope(&[], &[], &[]).applies(None).roles.is_empty());
        let gone = scope(&[], &["no such family"], &[]).applies(None);
        let covers = |role: &str| gone.covers_post(Uuid::nil().into(), Uuid::nil().into(), role);
        assert!(!covers("dietitian") && !covers("no such family"));
    }

    #[test]
    fn wider_is_what_takes_in_somebody_new() {
        let everybody = scope(&[], &[], &[]);
        let nurses = scope(&[], &["nursing"], &[]);
        let charge = scope(&["charge_nurse"], &[], &[]);
        let here = scope(&[], &["nursing"], &[1]);
        for (wide, narrow) in [(&everybody, &nurses), (&nurses, &charge), (&nurses, &here), (&everybody, &here)] {
            assert!(wide.is_wider_than(narrow) && !narrow.is_wider_than(wide) && !wide.is_wider_than(wide));
        }
        // neither holds the other: each takes in somebody new
        assert!(charge.is_wider_than(&here) && here.is_wider_than(&charge));
        assert!(scope(&[], &[], &[1, 2]).is_wider_than(&scope(&[], &[], &[2])));
    }
}
