//! What is new in the catalogue for one's role and area.

use chrono::Days;
use entity::item;

use crate::access::SelfScope;
use crate::base::db::Snapshot;
use crate::base::error::ApiError;
use crate::reference::area::{self, SCOTLAND};
use crate::skill::store::fresh;
use crate::standing::store::people;
use crate::standing::store::requirements::{self, Which};
use crate::state::App;

/// How long something is new, in days.
const NEW: u64 = 180;
const SHOWN: u64 = 4;

/// The latest few, newest first. Of somebody of whom nothing is asked, nothing is known of the
/// role: they see what is new for everybody in their area.
pub async fn items<C: Snapshot>(app: &App, db: &C, own: &SelfScope) -> Result<Vec<item::Model>, ApiError> {
    let today = app.clock.today();
    let person = own.person();
    let mut held = people::held_by(db, person).await?;
    held.retain(|held| held.span.holds(today));
    let employers: Vec<_> = held.iter().map(|held| held.organisation).collect();
    let which = Which { organisations: Some(&employers), only: None, on: Some(today) };
    let (mut asked, _) = requirements::asked(db, which, today).await?;
    asked.retain(|asked| held.iter().any(|held| asked.requirement.applies.covers(held)));
    let asked: Vec<_> = asked.into_iter().flat_map(|asked| asked.items).collect();

    let mut areas = vec![SCOTLAND.to_owned()];
    for council in fresh::councils(db, person, today).await? {
        areas.extend(area::all().within(&council, today).map(|area| area.slug.clone()));
        areas.push(council);
    }
    let reader = fresh::Reader { person, asked: &asked, areas: &areas };
    let since = app.clock.now() - Days::new(NEW);
    Ok(fresh::items(db, &reader, since, SHOWN).await?)
}
