//! Use cases of requirements and statuses.

pub mod exemption;
pub mod explain;
pub mod fresh;
pub mod matrix;
pub mod mine;
pub mod requirement;

use std::collections::HashMap;

use entity::id::{ItemId, PersonId};
use entity::item;

use super::rules::{Change, Completed, Span, Standing};
use super::store::facts::{Asked, Exemptions, Held};
use super::wire::{ChangeOut, OptionOut};
use super::words;

/// Ways to learn without going anywhere, and whenever it suits first.
const NEAR: [&str; 5] = ["elearning", "recorded_webinar", "video", "live_webinar", "virtual_classroom"];
/// How many courses to offer for one requirement.
const OFFERED: usize = 3;

/// The facts of one person that concern one requirement.
pub struct Case<'a> {
    asked: &'a Asked,
    posts: Vec<Span>,
    exemptions: &'a [Span],
    completions: Vec<Completed>,
}

impl<'a> Case<'a> {
    fn new(asked: &'a Asked, person: PersonId, held: &[Held], done: &[Completed], exemptions: &'a Exemptions) -> Self {
        let posts = held.iter().filter(|held| asked.covers(held)).map(|held| held.span).collect();
        let completions = done.iter().filter(|done| asked.items.contains(&done.item)).copied().collect();
        let exemptions = exemptions.get(&(person, asked.rule.id)).map_or(&[][..], Vec::as_slice);
        Self { asked, posts, exemptions, completions }
    }

    fn standing(&self) -> Standing<'_> {
        let Self { asked, posts, exemptions, completions } = self;
        Standing { rule: &asked.rule, posts, exemptions, completions }
    }
}

/// Which requirements, by their place in a list, an item satisfies.
struct Satisfies(HashMap<ItemId, Vec<usize>>);

impl Satisfies {
    fn new(asked: &[Asked]) -> Self {
        let mut all: HashMap<ItemId, Vec<usize>> = HashMap::new();
        for (index, asked) in asked.iter().enumerate() {
            for item in &asked.items {
                all.entry(*item).or_default().push(index);
            }
        }
        Self(all)
    }

    /// The completions of one person by requirement.
    fn sort(&self, count: usize, done: &[Completed]) -> Vec<Vec<Completed>> {
        let mut sorted = vec![Vec::new(); count];
        for one in done {
            for index in self.0.get(&one.item).into_iter().flatten() {
                sorted[*index].push(*one);
            }
        }
        sorted
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
