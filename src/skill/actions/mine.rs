//! One's own requirements over all employers, what is to be done first standing first.

use std::collections::HashMap;

use entity::id::OrganisationId;
use status::Explanation;

use super::nearest;
use crate::access::SelfScope;
use crate::base::db::Snapshot;
use crate::base::error::ApiError;
use crate::skill::store;
use crate::skill::wire::{MyStatusOut, MyStatusesOut};
use crate::skill::words::{self, About};
use crate::standing::person::OfPerson;
use crate::state::App;

pub async fn statuses<C: Snapshot>(app: &App, db: &C, own: &SelfScope) -> Result<MyStatusesOut, ApiError> {
    let today = app.clock.today();
    let of = OfPerson::today(db, own.person(), None, today).await?;
    let mut found = of.explained();
    let confirmers = of.confirmers(db, &found).await?;
    found.sort_by_key(|(_, found)| (found.cell.status, found.cell.through.or(found.cell.due_by)));

    let employers = found.iter().filter_map(|(asked, _)| asked.requirement.applies.organisation).collect();
    let names: HashMap<OrganisationId, String> =
        store::organisations(db, employers).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let to_do = found.iter().filter(|(_, found)| offers(found));
    let mut wanted: Vec<_> = to_do.flat_map(|(asked, _)| asked.items.iter().copied()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let courses: HashMap<_, _> = store::published(db, wanted).await?.into_iter().map(|row| (row.id, row)).collect();
    let items = found.into_iter().map(|(asked, found)| MyStatusOut {
        requirement_id: asked.requirement.rule.id,
        requirement_name: asked.requirement.rule.name.clone(),
        organisation_id: asked.requirement.applies.organisation,
        organisation_name: asked.requirement.applies.organisation.and_then(|id| names.get(&id).cloned()),
        status: found.cell.status,
        headline: words::headline(&asked.requirement.rule, &found, About::You, today),
        valid_through: found.cell.through,
        due_by: found.cell.due_by,
        next_change: found.next.map(Into::into),
        waiting: found.waits.first().map(|done| of.told(&confirmers, asked, done)),
        options: if offers(&found) {
            nearest(asked.items.iter().filter_map(|item| courses.get(item)))
        } else {
            Vec::new()
        },
    });
    Ok(MyStatusesOut { as_at: today, items: items.collect() })
}

/// Whether a course is to be done: not when what was done waits for somebody's word.
fn offers(found: &Explanation<'_>) -> bool {
    found.cell.status.asks_for_action() && found.cell.waiting.is_none()
}

/// What is due or lapsing, for the start page.
pub async fn due<C: Snapshot>(app: &App, db: &C, own: &SelfScope) -> Result<Vec<MyStatusOut>, ApiError> {
    let mut items = statuses(app, db, own).await?.items;
    items.retain(|item| item.status.asks_for_action());
    Ok(items)
}
