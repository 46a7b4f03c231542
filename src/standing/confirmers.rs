//! Who can confirm what waits, by name: the managers of the services where somebody works, their
//! employer's leads, the provider of the course.

use std::collections::HashMap;

use entity::id::{AccountId, ItemId, OrganisationId, PersonId, ServiceId};
use entity::value::{Assurance, Role};
use entity::{account, item, person, role_grant};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use status::{Appointment, Completed};

use super::store::requirements::Asked;
use super::wire::WaitingOut;
use crate::access::names;

/// How many are named before it says "or somebody else".
const NAMED: usize = 2;

struct Grant {
    organisation: OrganisationId,
    /// `None`: all of the organisation's
    service: Option<ServiceId>,
    person: Option<PersonId>,
    name: Option<String>,
}

#[derive(Default)]
pub struct Confirmers {
    grants: Vec<Grant>,
    organisations: HashMap<OrganisationId, String>,
    /// Names of the providers of these items
    providers: HashMap<ItemId, String>,
}

impl Confirmers {
    /// Who confirms at these employers and for these items.
    pub async fn load<C: ConnectionTrait>(
        db: &C,
        employers: Vec<OrganisationId>,
        items: Vec<ItemId>,
    ) -> Result<Self, DbErr> {
        use role_grant::Column;
        let rows = role_grant::Entity::find()
            .filter(Column::OrganisationId.is_in(employers.iter().copied()))
            .filter(Column::Role.is_in([Role::Manager, Role::Employer]))
            .filter(Column::RevokedAt.is_null())
            .all(db)
            .await?;
        let accounts: HashMap<AccountId, Option<PersonId>> = account::Entity::find()
            .select_only()
            .columns([account::Column::Id, account::Column::PersonId])
            .filter(account::Column::Id.is_in(rows.iter().map(|row| row.account_id)))
            .filter(account::Column::DisabledAt.is_null())
            .into_tuple::<(AccountId, Option<PersonId>)>()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let people = person::Entity::find()
            .filter(person::Column::Id.is_in(accounts.values().filter_map(|person| *person)))
            .all(db)
            .await?;
        let called: HashMap<PersonId, String> = people.iter().map(|row| (row.id, names::full_name(row))).collect();
        let grant = |row: role_grant::Model| {
            let person = *accounts.get(&row.account_id)?;
            let service = if row.role == Role::Manager { Some(row.service_id?) } else { None };
            let name = person.and_then(|person| called.get(&person).cloned());
            Some(Grant { organisation: row.organisation_id?, service, person, name })
        };
        let of_items: Vec<(ItemId, OrganisationId)> = item::Entity::find()
            .select_only()
            .columns([item::Column::Id, item::Column::ProviderId])
            .filter(item::Column::Id.is_in(items))
            .into_tuple()
            .all(db)
            .await?;
        let providers = of_items.iter().map(|(_, provider)| *provider);
        let organisations = names::organisations(db, employers.into_iter().chain(providers)).await?;
        let providers = of_items.iter().filter_map(|(item, of)| Some((*item, organisations.get(of)?.clone())));
        let providers = providers.collect();
        Ok(Self { grants: rows.into_iter().filter_map(grant).collect(), organisations, providers })
    }

    /// What waits, told: `posts` are those held today that the requirement covers.
    pub fn told(&self, asked: &Asked, done: &Completed, person: PersonId, posts: &[&Appointment]) -> WaitingOut {
        let rule = &asked.requirement.rule;
        let by = self.names(rule.minimum, person, posts);
        let words = match rule.minimum {
            Assurance::SelfDeclared | Assurance::EvidenceAttached => {
                format!("It needs evidence before it counts for “{}”.", rule.name)
            }
            _ => format!(
                "{} has to confirm it before it counts for “{}”.",
                self.who(done, rule.minimum, &by, posts),
                rule.name
            ),
        };
        WaitingOut {
            completion_id: done.id,
            item_id: done.item,
            requirement_id: rule.id,
            requirement_name: rule.name.clone(),
            since: done.recorded_on,
            needs: rule.minimum,
            by,
            words,
        }
    }

    /// Managers of the services where managers are enough, or else the employer's leads; never
    /// the person themselves.
    fn names(&self, needs: Assurance, person: PersonId, posts: &[&Appointment]) -> Vec<String> {
        if !matches!(needs, Assurance::ManagerConfirmed | Assurance::EmployerVerified) {
            return Vec::new();
        }
        let others = self.grants.iter().filter(|grant| grant.person != Some(person));
        let at = |grant: &&Grant, service: bool| {
            posts.iter().any(|post| {
                post.organisation == grant.organisation
                    && if service { grant.service == Some(post.service) } else { grant.service.is_none() }
            })
        };
        let managers = others.clone().filter(|grant| needs == Assurance::ManagerConfirmed && at(grant, true));
        let mut found: Vec<String> = managers.filter_map(|grant| grant.name.clone()).collect();
        if found.is_empty() {
            found = others.filter(|grant| at(grant, false)).filter_map(|grant| grant.name.clone()).collect();
        }
        found.sort();
        found.dedup();
        found
    }

    /// "Callum Reid at Glenrowan"; the organisation alone where nobody has a name.
    fn who(&self, done: &Completed, needs: Assurance, by: &[String], posts: &[&Appointment]) -> String {
        if needs == Assurance::ProviderIssued {
            return self.providers.get(&done.item).cloned().unwrap_or_else(|| "The provider".to_owned());
        }
        let mut places: Vec<&str> =
            posts.iter().filter_map(|post| self.organisations.get(&post.organisation).map(String::as_str)).collect();
        places.sort_unstable();
        places.dedup();
        let place = if places.is_empty() { "your employer".to_owned() } else { places.join(" or ") };
        let (named, more) = by.split_at(by.len().min(NAMED));
        match named {
            [] => place,
            named if more.is_empty() => format!("{} at {place}", named.join(" or ")),
            named => format!("{} or somebody else at {place}", named.join(", ")),
        }
    }
}

#[cfg(test)]
#[path = "confirmers_tests.rs"]
mod tests;
