//! Use cases of requirements and statuses.

mod draft;
mod effect;
pub mod exemption;
pub mod explain;
pub mod fresh;
pub mod leavers;
pub mod matrix;
pub mod mine;
pub mod preview;
pub mod requirement;
mod whole;

use chrono::NaiveDate;
use entity::item;
use status::Change;

use super::wire::{ChangeOut, OptionOut};
use super::words;
use crate::base::error::ApiError;
use crate::state::App;

/// Ways to learn without going anywhere, and whenever it suits first.
const NEAR: [&str; 5] = ["elearning", "recorded_webinar", "video", "live_webinar", "virtual_classroom"];
/// How many courses to offer for one requirement.
const OFFERED: usize = 3;

/// Today, or the later day that is asked for. A team is looked after from today on: of former days
/// the map tells in numbers, and of those who have left the copy that was kept.
fn day_asked(app: &App, as_at: Option<NaiveDate>) -> Result<NaiveDate, ApiError> {
    let today = app.clock.today();
    match as_at {
        Some(day) if day < today => Err(ApiError::field("as_at", "in_the_past", "Choose today or a later day.")),
        asked => Ok(asked.unwrap_or(today)),
    }
}

impl From<Change> for ChangeOut {
    fn from(change: Change) -> Self {
        Self { on: change.on, to: change.to, words: words::next(Some(change)) }
    }
}

/// The nearest of the published courses: free before paid, online before elsewhere, short before long.
fn nearest<'a>(items: impl Iterator<Item = &'a item::Model>) -> Vec<OptionOut> {
    let mut found: Vec<&item::Model> = items.collect();
    found.sort_by_key(|item| {
        let place = NEAR.iter().position(|near| *near == item.delivery).unwrap_or(NEAR.len());
        let paid = !matches!(item.cost.as_str(), "free" | "free_to_sector");
        (paid, place, item.minutes.unwrap_or(i32::MAX), item.title.clone())
    });
    let option = |item: &item::Model| OptionOut {
        item_id: item.id,
        title: item.title.clone(),
        minutes: item.minutes,
        delivery: item.delivery.clone(),
        cost: item.cost.clone(),
    };
    found.into_iter().take(OFFERED).map(option).collect()
}
