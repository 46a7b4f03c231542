//! One's own requirements over all employers, what is to be done first standing first.

use std::collections::HashMap;

use entity::id::OrganisationId;

use super::{Case, nearest};
use crate::access::SelfScope;
use crate::base::db::Snapshot;
use crate::base::error::ApiError;
use crate::skill::rules::Explanation;
use crate::skill::store;
use crate::skill::store::facts::{self, Asked, Whose};
use crate::skill::wire::{MyStatusOut, MyStatusesOut};
use crate::skill::words::{self, About};
use crate::state::App;

pub async fn statuses<C: Snapshot>(app: &App, db: &C, own: &SelfScope) -> Result<MyStatusesOut, ApiError> {
    let today = app.clock.today();
    let person = own.person();
    let mut held = facts::held_by(db, person).await?;
    held.retain(|held| held.span.from <= today);
    let mut employers: Vec<_> =
        held.iter().filter(|held| held.span.holds(today)).map(|held| held.organisation).collect();
    employers.sort_unstable();
    employers.dedup();
    if employers.is_empty() {
        return Ok(MyStatusesOut { as_at: today, items: Vec::new() });
    }
    let (asked, validity) = facts::asked(db, &employers, None, today).await?;
    let exemptions = facts::exemptions(db, Whose::One(person)).await?;
    let done = facts::completions(db, person, &validity).await?;
    let mut found: Vec<(&Asked, Explanation)> = asked
        .iter()
        .filter_map(|asked| {
            Some((asked, Case::new(asked, person, &held, &done, &exemptions).standing().explain(today)?))
        })
        .collect();
    found.sort_by_key(|(_, found)| (found.cell.status, found.cell.through.or(found.cell.due_by)));

    let names: HashMap<OrganisationId, String> =
        store::organisations(db, employers).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let to_do = found.iter().filter(|(_, found)| found.cell.status.asks_for_action());
    let mut wanted: Vec<_> = to_do.flat_map(|(asked, _)| asked.items.iter().copied()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let courses: HashMap<_, _> = store::published(db, wanted).await?.into_iter().map(|row| (row.id, row)).collect();
    let items = found.into_iter().map(|(asked, found)| MyStatusOut {
        requirement_id: asked.rule.id,
        requirement_name: asked.rule.name.clone(),
        organisation_id: asked.organisation,
        organisation_name: asked.organisation.and_then(|id| names.get(&id).cloned()),
        status: found.cell.status,
        headline: words::headline(&asked.rule, &found, About::You, today),
        valid_through: found.cell.through,
        due_by: found.cell.due_by,
        next_change: found.next.map(Into::into),
        options: if found.cell.status.asks_for_action() {
            nearest(asked.items.iter().filter_map(|item| courses.get(item)))
        } else {
            Vec::new()
        },
    });
    Ok(MyStatusesOut { as_at: today, items: items.collect() })
}

/// What is due or lapsing, for the start page.
pub async fn due<C: Snapshot>(app: &App, db: &C, own: &SelfScope) -> Result<Vec<MyStatusOut>, ApiError> {
    let mut items = statuses(app, db, own).await?.items;
    items.retain(|item| item.status.asks_for_action());
    Ok(items)
}
