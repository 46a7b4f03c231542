//! What is asked: requirements as the engine takes them, with the items that meet them today.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId, RequirementId};
use entity::{requirement, requirement_item};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use status::{Applies, Asks, Requirement, Rule, Span};

use super::terms::{Worth, worth};

/// A requirement with the items of which any one meets it if it is finished today.
#[derive(Clone, Debug)]
pub struct Asked {
    pub requirement: Requirement,
    pub items: Vec<ItemId>,
}

/// Which requirements to read.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// Of these organisations, and national ones; of all when `None`
    pub organisations: Option<&'a [OrganisationId]>,
    pub only: Option<RequirementId>,
    /// In force on the day; whenever they are when `None`
    pub on: Option<NaiveDate>,
}

/// Requirements by name, and what completions are worth to them. `today` decides which items are
/// told to meet them; a completion is judged by what held on its own day.
pub async fn asked<C: ConnectionTrait>(
    db: &C,
    which: Which<'_>,
    today: NaiveDate,
) -> Result<(Vec<Asked>, Worth), DbErr> {
    use requirement::Column;
    let Which { organisations, only, on } = which;
    let mut query = requirement::Entity::find();
    if let Some(organisations) = organisations {
        let of = Column::OrganisationId.is_in(organisations.iter().copied());
        query = query.filter(Condition::any().add(of).add(Column::OrganisationId.is_null()));
    }
    if let Some(on) = on {
        let in_force = Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(on));
        query = query.filter(Column::StartsOn.lte(on)).filter(in_force);
    }
    if let Some(only) = only {
        query = query.filter(Column::Id.eq(only));
    }
    let rows = query.order_by_asc(Column::Name).order_by_asc(Column::Id).all(db).await?;
    with_items(db, rows, today).await
}

/// One requirement, whenever it is in force.
pub async fn one<C: ConnectionTrait>(
    db: &C,
    row: requirement::Model,
    today: NaiveDate,
) -> Result<(Option<Asked>, Worth), DbErr> {
    let (asked, worth) = with_items(db, vec![row], today).await?;
    Ok((asked.into_iter().next(), worth))
}

async fn with_items<C: ConnectionTrait>(
    db: &C,
    rows: Vec<requirement::Model>,
    today: NaiveDate,
) -> Result<(Vec<Asked>, Worth), DbErr> {
    let mut named: HashMap<RequirementId, Vec<ItemId>> = HashMap::new();
    let mut items = Vec::new();
    if !rows.is_empty() {
        let pairs = requirement_item::Entity::find()
            .filter(requirement_item::Column::RequirementId.is_in(rows.iter().map(|row| row.id)))
            .all(db)
            .await?;
        for requirement_item::Model { requirement_id, item_id } in pairs {
            named.entry(requirement_id).or_default().push(item_id);
            items.push(item_id);
        }
    }
    let themes: Vec<&str> = rows.iter().filter_map(|row| row.theme.as_deref()).collect();
    let worth = worth(db, items, &themes).await?;
    let asked = rows.iter().map(|row| {
        let named = named.remove(&row.id).unwrap_or_default();
        let theme = row.theme.clone().zip(row.level);
        let mut items = named.clone();
        if let Some((theme, level)) = &theme {
            items.extend(worth.building(theme, *level, today));
        }
        let applies = Applies {
            organisation: row.organisation_id,
            roles: row.role.clone().into_iter().collect(),
            services: Vec::new(),
        };
        Asked { requirement: Requirement { rule: rule(row), applies, asks: Asks { items: named, theme } }, items }
    });
    Ok((asked.collect(), worth))
}

fn rule(row: &requirement::Model) -> Rule {
    Rule {
        id: row.id,
        name: row.name.clone(),
        version: row.version,
        grace_days: u64::try_from(row.grace_days).unwrap_or_default(),
        window_days: u64::try_from(row.window_days).unwrap_or_default(),
        minimum: row.minimum_assurance,
        span: Span::new(row.starts_on, row.ends_on),
    }
}
