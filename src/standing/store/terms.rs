//! What a completion of an item is worth on its day: how long it counts and which themes it
//! builds, in the shape that the status engine takes.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use entity::id::ItemId;
use entity::value::Level;
use sea_orm::{ConnectionTrait, DbErr};
use status::Built;
use status::validity::valid_through;

use crate::catalogue::terms::{self, Conditions};

/// Terms of an item from a day on.
#[derive(Clone, Debug)]
struct Terms {
    from: NaiveDate,
    months: Option<u32>,
    builds: Arc<[Built]>,
}

/// The terms of the items that matter to a question.
#[derive(Clone, Debug, Default)]
pub struct Worth(HashMap<ItemId, Vec<Terms>>);

impl Worth {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, item: ItemId) -> bool {
        self.0.contains_key(&item)
    }

    pub fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.0.keys().copied()
    }

    fn on(&self, item: ItemId, day: NaiveDate) -> Option<&Terms> {
        self.0.get(&item)?.iter().rev().find(|terms| terms.from <= day)
    }

    /// Last valid day of a completion of that day, and what it builds.
    pub fn of(&self, item: ItemId, on: NaiveDate, fixed: Option<NaiveDate>) -> (Option<NaiveDate>, Arc<[Built]>) {
        match self.on(item, on) {
            Some(terms) => (valid_through(on, terms.months, fixed), Arc::clone(&terms.builds)),
            None => (fixed, Arc::from([])),
        }
    }

    /// Items of which a completion of that day builds the theme at the level or above.
    pub fn building(&self, theme: &str, level: Level, on: NaiveDate) -> Vec<ItemId> {
        let builds = |terms: &Terms| terms.builds.iter().any(|built| built.theme == theme && built.level >= level);
        let mut found: Vec<_> = self.items().filter(|item| self.on(*item, on).is_some_and(builds)).collect();
        found.sort_unstable();
        found
    }
}

/// The terms of these items, and of every item that builds or built one of these themes.
pub async fn worth<C: ConnectionTrait>(db: &C, mut items: Vec<ItemId>, themes: &[&str]) -> Result<Worth, DbErr> {
    let mut known = terms::naming(db, themes).await?;
    items.retain(|item| !known.contains_key(item));
    items.sort_unstable();
    items.dedup();
    if !items.is_empty() {
        known.extend(terms::of(db, &items).await?);
    }
    let worth = known.into_iter().map(|(item, of)| {
        let periods = of.periods().map(|(from, conditions)| Terms {
            from: from.unwrap_or(NaiveDate::MIN),
            months: conditions.validity_months,
            builds: built(conditions),
        });
        (item, periods.collect::<Vec<_>>())
    });
    Ok(Worth(worth.collect()))
}

fn built(conditions: &Conditions) -> Arc<[Built]> {
    let themes = conditions.themes.iter();
    let built =
        themes.filter_map(|theme| Some(Built { theme: theme.slug.clone(), level: theme.level.or(conditions.level)? }));
    built.collect()
}
