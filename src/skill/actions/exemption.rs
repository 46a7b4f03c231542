//! Exempting people from a requirement, with a reason, and ending that.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::exemption;
use entity::id::{AccountId, ExemptionId, OrganisationId, PersonId, RequirementId};
use serde_json::json;
use status::Span;

use super::requirement::may_change;
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope, names};
use crate::base::db::{self, Snapshot};
use crate::base::error::{ApiError, Fields};
use crate::base::page::{self, Page};
use crate::people::names as spellings;
use crate::skill::store::requirement as store;
use crate::skill::wire::{ExemptionIn, ExemptionOut};
use crate::standing::store::{Whose, people};
use crate::state::App;

/// Before this, a first day is a slip of the pen.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");

/// Who is exempt from a requirement of an organisation, as far as the caller reaches.
pub async fn list(
    app: &App,
    caller: &Caller,
    requirement: RequirementId,
    person: Option<PersonId>,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<ExemptionOut>, ApiError> {
    let scope = scope(app, caller, requirement).await?;
    let limit = page::limit(limit);
    let after: Option<ExemptionId> = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let rows = store::exemptions(&read, requirement, person, after, limit).await?;
    let named = Named::of(&read, scope.organisation(), &rows).await?;
    let today = app.clock.today();
    let staff = people::staff(&read, &scope).await?;
    drop(read);
    let reached = |person: PersonId| {
        staff.iter().any(|(named, held)| named.id == person && held.span.holds(today) && scope.reaches(held.service))
    };
    let mut page = Page::of(rows, limit, |row| row.id, |row| named.wire(row));
    page.items.retain(|row| reached(row.person_id));
    let seen: Vec<_> = page.items.iter().map(|row| row.person_id).collect();
    ledger::seen(&app.db, &app.clock, &scope, &seen, Seen::Status).await?;
    Ok(page)
}

async fn scope(app: &App, caller: &Caller, requirement: RequirementId) -> Result<OrgScope, ApiError> {
    let not_found = || ApiError::not_found("this requirement");
    let row = store::by_id(&app.db, requirement).await?.ok_or_else(not_found)?;
    let organisation = row.organisation_id.ok_or_else(national)?;
    caller.organisation(organisation).map_err(|_| not_found())
}

fn national() -> ApiError {
    ApiError::not_allowed("Nobody can be exempted from a national requirement by their employer.")
}

/// The names that belong to exemptions.
struct Named {
    people: HashMap<PersonId, entity::person::Model>,
    accounts: HashMap<AccountId, String>,
}

impl Named {
    async fn of<C: Snapshot>(
        db: &C,
        organisation: OrganisationId,
        rows: &[exemption::Model],
    ) -> Result<Self, ApiError> {
        let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
        let mut spelled = spellings::of(db, organisation, &ids).await?;
        let people = store::people(db, ids).await?.into_iter().map(|mut person| {
            if let Some(spelling) = spelled.remove(&person.id) {
                (person.given_name, person.family_name) = (spelling.given_name, spelling.family_name);
            }
            (person.id, person)
        });
        let people = people.collect();
        let accounts = names::accounts(db, rows.iter().filter_map(|row| row.granted_by)).await?;
        Ok(Self { people, accounts })
    }

    fn wire(&self, row: exemption::Model) -> ExemptionOut {
        let exemption::Model { id, requirement_id, person_id, reason, starts_on, ends_on, granted_by, granted_at } =
            row;
        let name = self.people.get(&person_id);
        ExemptionOut {
            id,
            requirement_id,
            person_id,
            given_name: name.map(|person| person.given_name.clone()).unwrap_or_default(),
            family_name: name.map(|person| person.family_name.clone()).unwrap_or_default(),
            reason,
            starts_on,
            ends_on,
            granted_by: granted_by.and_then(|account| self.accounts.get(&account).cloned()),
            granted_at,
        }
    }
}

pub async fn grant(
    app: &App,
    caller: &Caller,
    requirement: RequirementId,
    new: ExemptionIn,
) -> Result<ExemptionOut, ApiError> {
    let ExemptionIn { person_id, reason, starts_on, ends_on } = new;
    let scope = scope(app, caller, requirement).await?;
    caller.employer(scope.organisation())?;
    let today = app.clock.today();
    let starts_on = starts_on.unwrap_or(today);
    let mut fields = Fields::default();
    fields.text("reason", "a reason", &reason, 500);
    if starts_on < EARLIEST {
        fields.push("starts_on", "too_early", "Enter a first day in this century.");
    }
    if ends_on.is_some_and(|last| last < starts_on) {
        fields.push("ends_on", "before_start", "The last day cannot be before the first.");
    }
    fields.check()?;
    let tx = db::write(&app.db).await?;
    let held = people::held_by(&tx, person_id).await?;
    let works_here = held
        .iter()
        .any(|held| held.organisation == scope.organisation() && held.span.last().is_none_or(|last| today <= last));
    if !works_here {
        return Err(ApiError::field("person_id", "not_here", "This person has no post in your organisation."));
    }
    let row = exemption::Model {
        id: app.clock.id(),
        requirement_id: requirement,
        person_id,
        reason: reason.trim().to_owned(),
        starts_on,
        ends_on,
        granted_by: Some(caller.account()),
        granted_at: app.clock.now(),
    };
    let known = people::exemptions(&tx, Whose::One(person_id)).await?;
    let spans = known.get(&(person_id, requirement)).map_or(&[][..], Vec::as_slice);
    if Span::new(starts_on, ends_on).is_some_and(|new| spans.iter().any(|span| span.overlaps(&new))) {
        let text =
            "This person is already exempt on some of these days. End that exemption first, or choose other days.";
        return Err(ApiError::conflict("already_exempt", text));
    }
    store::insert_exemption(&tx, row.clone()).await?;
    note(app, &tx, caller, &row, "granted").await?;
    let named = Named::of(&tx, scope.organisation(), std::slice::from_ref(&row)).await?;
    tx.commit().await?;
    Ok(named.wire(row))
}

/// Ends an exemption with yesterday; what was true until then stays on record. One that would end
/// before it began never was: it goes, and only the record of changes tells of it.
pub async fn end(app: &App, caller: &Caller, id: ExemptionId) -> Result<(), ApiError> {
    let not_found = || ApiError::not_found("this exemption");
    let mut row = store::exemption(&app.db, id).await?.ok_or_else(not_found)?;
    let requirement = store::by_id(&app.db, row.requirement_id).await?.ok_or_else(not_found)?;
    if let Some(organisation) = requirement.organisation_id {
        caller.organisation(organisation).map_err(|_| not_found())?;
    }
    may_change(caller, &requirement)?;
    let yesterday = app.clock.today().pred_opt().unwrap_or_default();
    if row.ends_on.is_some_and(|last| last <= yesterday) {
        return Ok(());
    }
    row.ends_on = Some(yesterday);
    let tx = db::write(&app.db).await?;
    if yesterday < row.starts_on {
        store::remove_exemption(&tx, id).await?;
    } else {
        store::end_exemption(&tx, id, yesterday).await?;
    }
    note(app, &tx, caller, &row, "ended").await?;
    tx.commit().await?;
    Ok(())
}

async fn note(
    app: &App,
    tx: &db::Write,
    caller: &Caller,
    row: &exemption::Model,
    action: &str,
) -> Result<(), ApiError> {
    let detail = json!({
        "requirement": row.requirement_id,
        "person": row.person_id,
        "reason": row.reason,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    });
    Ok(ledger::changed(tx, &app.clock, caller.account(), ("exemption", row.id.0), action, detail).await?)
}
