//! What is asked: requirements as the engine takes them, with the items that meet them today.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{ItemId, OrganisationId, RequirementId};
use entity::{requirement, requirement_item};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use status::{Asks, Requirement, Rule, Span};

use super::scope::{self, Scope};
use super::terms::{Worth, worth};
use crate::base::db::chunk;

/// A requirement with the items of which any one meets it if it is finished today.
#[derive(Clone, Debug)]
pub struct Asked {
    pub requirement: Requirement,
    pub items: Vec<ItemId>,
    /// Whom it names, to be told
    pub scope: Scope,
}

/// A requirement as it is written, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub row: requirement::Model,
    /// Modules of which any one will do
    pub items: Vec<ItemId>,
    pub scope: Scope,
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
    let written = written(db, rows).await?;
    of(db, &written, today).await
}

/// One requirement, whenever it is in force.
pub async fn one<C: ConnectionTrait>(
    db: &C,
    row: requirement::Model,
    today: NaiveDate,
) -> Result<(Option<Asked>, Worth), DbErr> {
    let written = written(db, vec![row]).await?;
    let (asked, worth) = of(db, &written, today).await?;
    Ok((asked.into_iter().next(), worth))
}

/// Rows with what belongs to them.
pub async fn written<C: ConnectionTrait>(db: &C, rows: Vec<requirement::Model>) -> Result<Vec<Written>, DbErr> {
    use requirement_item::Column;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<RequirementId> = rows.iter().map(|row| row.id).collect();
    let mut named: HashMap<RequirementId, Vec<ItemId>> = HashMap::new();
    for part in ids.chunks(chunk(1)) {
        let pairs = requirement_item::Entity::find().filter(Column::RequirementId.is_in(part.iter().copied()));
        for requirement_item::Model { requirement_id, item_id } in pairs.order_by_asc(Column::ItemId).all(db).await? {
            named.entry(requirement_id).or_default().push(item_id);
        }
    }
    let mut scopes = scope::of(db, &ids).await?;
    let whole = |row: requirement::Model| Written {
        items: named.remove(&row.id).unwrap_or_default(),
        scope: scopes.remove(&row.id).unwrap_or_default(),
        row,
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Requirements as the engine takes them, also those that nobody has saved.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    written: &[Written],
    today: NaiveDate,
) -> Result<(Vec<Asked>, Worth), DbErr> {
    let items = written.iter().flat_map(|one| one.items.iter().copied()).collect();
    let themes: Vec<&str> = written.iter().filter_map(|one| one.row.theme.as_deref()).collect();
    let worth = worth(db, items, &themes).await?;
    let asked = written.iter().map(|Written { row, items: named, scope }| {
        let theme = row.theme.clone().zip(row.level);
        let mut items = named.clone();
        if let Some((theme, level)) = &theme {
            items.extend(worth.building(theme, *level, today));
        }
        let applies = scope.applies(row.organisation_id);
        let asks = Asks { items: named.clone(), theme };
        Asked { requirement: Requirement { rule: rule(row), applies, asks }, items, scope: scope.clone() }
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
