//! What an employer relied on of those who leave: kept when they have gone, as it stood on their
//! last day, whatever they or the employer change afterwards.

use std::collections::HashMap;

use entity::id::{ItemId, PersonId};
use entity::leaver_copy;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use status::Explanation;

use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::db::{self, Turn};
use crate::base::error::ApiError;
use crate::people;
use crate::skill::store::{self, leavers};
use crate::skill::wire::{LeaverCopiesOut, LeaverCopyOut, LeaverStatusOut};
use crate::standing::person::OfPerson;
use crate::standing::store::requirements::Asked;
use crate::state::App;

/// How many are looked for at once.
const BATCH: u32 = 200;

/// Keeps a copy of everybody who has left since the last time; gives how many.
pub async fn keep(app: &App) -> Result<u64, ApiError> {
    let mut kept = 0;
    loop {
        let gone = leavers::left(&app.db, app.clock.today(), BATCH).await?;
        if gone.is_empty() {
            return Ok(kept);
        }
        let mut rows = Vec::new();
        for one in gone {
            rows.push(leaver_copy::Model {
                id: app.clock.id(),
                organisation_id: one.organisation_id,
                person_id: one.person_id,
                last_day: one.last_day,
                statuses: on_the_last_day(app, one).await?.to_json().unwrap_or_default(),
                made_at: app.clock.now(),
            });
        }
        kept += u64::try_from(rows.len()).unwrap_or_default();
        let tx = db::write(&app.db).await?;
        db::turn(&tx, Turn::Leavers).await?;
        for row in rows {
            leavers::keep(&tx, row).await?;
        }
        tx.commit().await?;
    }
}

async fn on_the_last_day(app: &App, left: leavers::Left) -> Result<Vec<LeaverStatusOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let told = OfPerson::today(&read, left.person_id, Some(left.organisation_id), left.last_day).await?;
    let all = told.explained();
    let items: Vec<ItemId> = all.iter().filter_map(|(_, found)| found.counted).map(|done| done.item).collect();
    let titles = if items.is_empty() { Vec::new() } else { store::titles(&read, items).await? };
    let titles: HashMap<_, _> = titles.into_iter().map(|row| (row.id, row.title)).collect();
    drop(read);
    let status = |(asked, found): (&Asked, Explanation<'_>)| {
        let rule = &asked.requirement.rule;
        LeaverStatusOut {
            requirement_id: rule.id,
            requirement_name: rule.name.clone(),
            status: found.cell.status,
            since: found.since,
            valid_through: found.cell.through,
            title: found.counted.and_then(|done| titles.get(&done.item).cloned()),
            completed_on: found.counted.map(|done| done.on),
            assurance: found.counted.map(|done| done.assurance),
        }
    };
    Ok(all.into_iter().map(status).collect())
}

/// What the organisation relied on of somebody who has left it. That it was seen is in the ledger.
pub async fn of(app: &App, scope: &OrgScope, person: PersonId) -> Result<LeaverCopiesOut, ApiError> {
    let read = db::read(&app.db).await?;
    let person = people::here(&read, scope, person).await?;
    let rows = leavers::of(&read, scope, person).await?;
    drop(read);
    let copy = |row: leaver_copy::Model| {
        let statuses = Vec::parse_from_json(Some(row.statuses));
        let statuses = statuses.map_err(|error| ApiError::internal(&error.into_message()))?;
        Ok(LeaverCopyOut { last_day: row.last_day, made_at: row.made_at, statuses })
    };
    let items = rows.into_iter().map(copy).collect::<Result<Vec<_>, ApiError>>()?;
    if !items.is_empty() {
        ledger::seen(&app.db, &app.clock, scope, &[person], Seen::Status).await?;
    }
    Ok(LeaverCopiesOut { items })
}
