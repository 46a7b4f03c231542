//! The terms of an item: what drives compliance (how long a completion counts, which themes it
//! builds at which levels, which MAT standards it supports), each from a day on. A completion keeps
//! the terms in force on its day, so that figures of the past stand still.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{ItemId, ItemTermsId};
use entity::item_terms;
use entity::value::Level;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

pub use super::rules::Theme;
use crate::base::db;

/// What holds for completions of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    pub validity_months: Option<u32>,
    /// The item's own level; what it builds stands in `themes`.
    pub level: Option<Level>,
    pub themes: Vec<Theme>,
    pub mat_standards: Vec<i32>,
}

impl Conditions {
    /// The level at which a theme is built, if it is.
    pub fn builds(&self, theme: &str) -> Option<Level> {
        self.themes.iter().find(|of| of.slug == theme).and_then(|of| of.level)
    }
}

/// All terms of one item that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    since_ever: Conditions,
    /// In the order of their days
    later: Vec<(NaiveDate, Conditions)>,
}

impl Terms {
    /// What holds for a completion of this day.
    pub fn on(&self, day: NaiveDate) -> &Conditions {
        let begun = self.later.partition_point(|(from, _)| *from <= day);
        begun.checked_sub(1).map_or(&self.since_ever, |last| &self.later[last].1)
    }

    /// What holds from which day on, in the order of the days; the first since ever.
    pub fn periods(&self) -> impl Iterator<Item = (Option<NaiveDate>, &Conditions)> {
        let later = self.later.iter().map(|(from, terms)| (Some(*from), terms));
        std::iter::once((None, &self.since_ever)).chain(later)
    }

    /// Whether a completion of any day builds the theme at the level or above.
    pub fn ever_builds(&self, theme: &str, level: Level) -> bool {
        let builds = |terms: &Conditions| terms.builds(theme).is_some_and(|built| built >= level);
        builds(&self.since_ever) || self.later.iter().any(|(_, terms)| builds(terms))
    }
}

/// The terms of these items.
pub async fn of<C: ConnectionTrait>(db: &C, items: &[ItemId]) -> Result<HashMap<ItemId, Terms>, DbErr> {
    let mut rows = Vec::new();
    for part in items.chunks(db::chunk(1)) {
        rows.extend(standing(db, Condition::all().add(item_terms::Column::ItemId.is_in(part.iter().copied()))).await?);
    }
    gathered(rows)
}

/// The terms of every item that builds, or built, one of these themes.
pub async fn naming<C: ConnectionTrait>(db: &C, themes: &[&str]) -> Result<HashMap<ItemId, Terms>, DbErr> {
    let named = themes
        .iter()
        .fold(Condition::any(), |any, theme| any.add(item_terms::Column::Themes.contains(format!("\"{theme}\""))));
    if themes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut items: Vec<ItemId> = standing(db, named).await?.into_iter().map(|row| row.item_id).collect();
    items.sort_unstable();
    items.dedup();
    of(db, &items).await
}

/// The terms of the whole catalogue.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<HashMap<ItemId, Terms>, DbErr> {
    gathered(standing(db, Condition::all()).await?)
}

async fn standing<C: ConnectionTrait>(db: &C, which: Condition) -> Result<Vec<item_terms::Model>, DbErr> {
    item_terms::Entity::find()
        .filter(which)
        .filter(item_terms::Column::SupersededAt.is_null())
        .order_by_asc(item_terms::Column::ItemId)
        .all(db)
        .await
}

fn gathered(mut rows: Vec<item_terms::Model>) -> Result<HashMap<ItemId, Terms>, DbErr> {
    rows.sort_by_key(|row| (row.item_id, row.from_day));
    let mut all: HashMap<ItemId, Terms> = HashMap::new();
    for row in rows {
        let (item, day) = (row.item_id, row.from_day);
        let conditions = conditions(row)?;
        let terms = all.entry(item).or_default();
        match day {
            None => terms.since_ever = conditions,
            Some(day) => terms.later.push((day, conditions)),
        }
    }
    Ok(all)
}

fn conditions(row: item_terms::Model) -> Result<Conditions, DbErr> {
    let unreadable = |id: ItemTermsId| move |error| DbErr::Type(format!("terms {id}: {error}"));
    Ok(Conditions {
        validity_months: row.validity_months.and_then(|months| u32::try_from(months).ok()),
        level: row.level,
        themes: serde_json::from_str(&row.themes).map_err(unreadable(row.id))?,
        mat_standards: serde_json::from_str(&row.mat_standards).map_err(unreadable(row.id))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_keeps_what_was_in_force_on_its_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let months = |months| Conditions { validity_months: months, ..Conditions::default() };
        let terms = Terms {
            since_ever: months(Some(36)),
            later: vec![(day("2026-03-01"), months(Some(12))), (day("2026-09-01"), months(None))],
        };
        let on = |text| terms.on(day(text)).validity_months;
        assert_eq!([on("1990-01-01"), on("2026-02-28")], [Some(36); 2]);
        assert_eq!([on("2026-03-01"), on("2026-08-31")], [Some(12); 2]);
        assert_eq!([on("2026-09-01"), on("2050-01-01")], [None; 2]);
    }
}
