//! A requirement as it would stand: made of what was sent, and checked.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{OrganisationId, RequirementId};
use entity::requirement;
use sea_orm::ConnectionTrait;

use crate::base::error::{ApiError, Fields};
use crate::base::fold::tidy;
use crate::base::patch;
use crate::catalogue;
use crate::reference::vocabulary;
use crate::skill::wire::{RequirementIn, RequirementPatch};
use crate::standing::store::requirements::Written;
use crate::standing::store::scope::{self, Scope};

/// The most modules that one requirement names.
const MOST_ITEMS: usize = 50;
/// The most roles, families or services.
const MOST_NAMED: usize = 100;
/// More than this is not even looked at.
const MOST_SENT: usize = 1_000;
/// Ten years: longer is a slip.
const MOST_DAYS: i32 = 3650;
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1990, 1, 1).expect("a date");

/// When it is made, and what it is called by.
#[derive(Clone, Copy, Debug)]
pub struct Birth {
    pub id: RequirementId,
    pub at: DateTime<Utc>,
    pub today: NaiveDate,
}

/// A new one.
pub fn new(organisation_id: Option<OrganisationId>, birth: Birth, new: RequirementIn) -> Written {
    let RequirementIn {
        name,
        roles,
        role_families,
        service_ids,
        item_ids: items,
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on,
        ends_on,
        confirmed: _,
    } = new;
    let row = requirement::Model {
        id: birth.id,
        organisation_id,
        name: tidy(&name),
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on: starts_on.unwrap_or(birth.today),
        ends_on,
        version: 1,
        created_at: birth.at,
    };
    let services = service_ids.into_iter().map(|id| (id, String::new())).collect();
    Written { row, items, scope: Scope { roles, families: role_families, services } }
}

/// The next version of one.
pub fn next(before: &Written, patched: RequirementPatch) -> Written {
    let RequirementPatch {
        name,
        roles,
        role_families,
        service_ids,
        item_ids,
        theme,
        level,
        grace_days,
        window_days,
        minimum_assurance,
        starts_on,
        ends_on,
        confirmed: _,
    } = patched;
    let Written { mut row, items, scope } = before.clone();
    row.name = name.map_or(row.name, |name| tidy(&name));
    row.theme = patch::optional(theme, row.theme);
    row.level = patch::optional(level, row.level);
    row.ends_on = patch::optional(ends_on, row.ends_on);
    row.grace_days = grace_days.unwrap_or(row.grace_days);
    row.window_days = window_days.unwrap_or(row.window_days);
    row.minimum_assurance = minimum_assurance.unwrap_or(row.minimum_assurance);
    row.starts_on = starts_on.unwrap_or(row.starts_on);
    row.version += 1;
    let services = service_ids.map(|ids| ids.into_iter().map(|id| (id, String::new())).collect());
    let scope = Scope {
        roles: roles.unwrap_or(scope.roles),
        families: role_families.unwrap_or(scope.families),
        services: services.unwrap_or(scope.services),
    };
    Written { row, items: item_ids.unwrap_or(items), scope }
}

/// Says all that is wrong with it; puts what is named in order, each once, with its name.
pub async fn check<C: ConnectionTrait>(
    db: &C,
    draft: &mut Written,
    before: Option<&Written>,
    today: NaiveDate,
) -> Result<(), ApiError> {
    let mut fields = Fields::default();
    check_row(&mut fields, &draft.row);
    check_items(db, &mut fields, draft).await?;
    check_roles(&mut fields, &mut draft.scope);
    check_services(db, &mut fields, draft, before, today).await?;
    fields.check()
}

fn check_row(fields: &mut Fields, row: &requirement::Model) {
    fields.text("name", "a name", &row.name, 120);
    if row.theme.as_deref().is_some_and(|theme| vocabulary::term("theme", theme).is_none()) {
        fields.push("theme", "unknown", "Choose a theme from the list.");
    }
    if row.theme.is_some() != row.level.is_some() {
        fields.push("level", "missing", "Choose a theme and the level at which it is asked for, or neither.");
    }
    for (field, days) in [("grace_days", row.grace_days), ("window_days", row.window_days)] {
        if !(0..=MOST_DAYS).contains(&days) {
            fields.push(field, "out_of_range", format!("Enter a number of days from 0 to {MOST_DAYS}."));
        }
    }
    if row.starts_on < EARLIEST {
        fields.push("starts_on", "too_early", "Enter a date after 1 January 1990.");
    }
    if row.ends_on.is_some_and(|last| last < row.starts_on) {
        fields.push("ends_on", "before_start", "The last day cannot be before the first.");
    }
}

async fn check_items<C: ConnectionTrait>(db: &C, fields: &mut Fields, draft: &mut Written) -> Result<(), ApiError> {
    let Written { row, items, .. } = draft;
    if items.is_empty() == row.theme.is_none() {
        fields.push("item_ids", "missing", "Choose at least one module, or a theme with a level.");
    }
    once(items);
    if items.len() > MOST_ITEMS {
        fields.push("item_ids", "too_many", format!("Choose at most {MOST_ITEMS} modules."));
    } else if !items.is_empty() && catalogue::requirable(db, items.clone()).await?.len() != items.len() {
        let text = "Choose published modules of the catalogue; resources and pathways cannot be completed.";
        fields.push("item_ids", "unknown", text);
    }
    Ok(())
}

/// Each once, in the order of ids or slugs. What is far too long is cut: it is refused all the same.
fn once<T: Ord + Clone>(list: &mut Vec<T>) {
    list.truncate(MOST_SENT);
    *list = list.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
}

/// In the order of the vocabularies. A role whose whole family is named adds nothing and goes.
fn check_roles(fields: &mut Fields, scope: &mut Scope) {
    let Scope { roles, families, services: _ } = scope;
    let lists = [
        (roles, "role", "roles", "Choose roles from the list."),
        (families, "role_family", "role_families", "Choose role families from the list."),
    ];
    for (slugs, vocabulary, field, unknown) in lists {
        let sent = slugs.len();
        once(slugs);
        if sent > MOST_SENT || slugs.len() > MOST_NAMED {
            fields.push(field, "too_many", format!("Choose at most {MOST_NAMED}."));
        } else if slugs.iter().any(|slug| vocabulary::term(vocabulary, slug).is_none()) {
            fields.push(field, "unknown", unknown);
        }
        slugs.sort_by_key(|slug| vocabulary::term(vocabulary, slug).map(|term| term.sort));
    }
    let family = |role: &str| vocabulary::term("role", role).and_then(|term| term.parent.as_ref());
    let Scope { roles, families, services: _ } = scope;
    roles.retain(|role| family(role).is_none_or(|family| !families.contains(family)));
}

/// Services of the organisation that are open, or were named before.
async fn check_services<C: ConnectionTrait>(
    db: &C,
    fields: &mut Fields,
    draft: &mut Written,
    before: Option<&Written>,
    today: NaiveDate,
) -> Result<(), ApiError> {
    const FIELD: &str = "service_ids";
    let services = &mut draft.scope.services;
    if services.is_empty() {
        return Ok(());
    }
    let Some(organisation) = draft.row.organisation_id else {
        let text = "What is asked nationally is asked at every employer: it cannot name services.";
        fields.push(FIELD, "not_national", text);
        return Ok(());
    };
    let sent = services.len();
    let mut ids: Vec<_> = services.iter().map(|(id, _)| *id).collect();
    once(&mut ids);
    if sent > MOST_SENT || ids.len() > MOST_NAMED {
        fields.push(FIELD, "too_many", format!("Choose at most {MOST_NAMED} services, or all of them."));
        return Ok(());
    }
    let found = scope::services(db, organisation, &ids).await?;
    if found.len() != ids.len() {
        fields.push(FIELD, "unknown", "Choose services of your organisation.");
    }
    let stood = |id| before.is_some_and(|before| before.scope.services.iter().any(|(had, _)| *had == id));
    let closed = |one: &&scope::Nameable| one.closed_on.is_some_and(|day| day <= today) && !stood(one.id);
    if let Some(closed) = found.iter().find(closed) {
        fields.push(FIELD, "closed", format!("“{}” has closed. Choose services that are open.", closed.name));
    }
    *services = found.into_iter().map(|one| (one.id, one.name)).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_stands_once_in_order_and_a_family_takes_its_roles_in() {
        let own = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let mut scope = Scope {
            roles: own(&["trainer", "charge_nurse", "dietitian", "trainer"]),
            families: own(&["nursing", "medical", "nursing"]),
            services: Vec::new(),
        };
        let mut fields = Fields::default();
        check_roles(&mut fields, &mut scope);
        fields.check().unwrap();
        assert_eq!((scope.roles, scope.families), (own(&["dietitian", "trainer"]), own(&["medical", "nursing"])));
    }
}
