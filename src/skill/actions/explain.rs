//! Why a person stands where they stand with a requirement.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{ItemId, PersonId, RequirementId};
use entity::value::Spelled;
use status::{Appointment, Completed, Explanation, Rule, Why};

use super::nearest;
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::learning::confirmer;
use crate::people::names as spellings;
use crate::skill::store::{self, requirement};
use crate::skill::whom;
use crate::skill::wire::{ExplainOut, ReasonOut};
use crate::skill::words::{self, About};
use crate::standing::person::OfPerson;
use crate::standing::store::people;
use crate::state::App;

pub async fn explain(
    app: &App,
    caller: &Caller,
    (person, requirement): (PersonId, RequirementId),
    as_at: Option<NaiveDate>,
) -> Result<ExplainOut, ApiError> {
    let not_found = || ApiError::not_found("this person under this requirement");
    let (today, day) = (app.clock.today(), super::day_asked(app, as_at)?);
    let read = db::read(&app.db).await?;
    let mut of = store::person(&read, person).await?.ok_or_else(not_found)?;
    let row = requirement::by_id(&read, requirement).await?.ok_or_else(not_found)?;
    let mut held = people::held_by(&read, person).await?;
    held.retain(|held| row.organisation_id.is_none_or(|of| of == held.organisation));
    let own = caller.person() == Some(person);
    let scope = if own { None } else { Some(reach(caller, &held, day).ok_or_else(not_found)?) };
    let (mut may_confirm, minimum) = (false, row.minimum_assurance);
    if let Some(scope) = &scope {
        may_confirm = reach(caller, &held, today).is_some_and(|scope| confirmer(&scope).rung() >= minimum);
        // an employer sees what follows from the posts at its own place only
        held.retain(|held| held.organisation == scope.organisation());
        if let Some(spelling) = spellings::of(&read, scope.organisation(), &[person]).await?.remove(&person) {
            (of.given_name, of.family_name) = (spelling.given_name, spelling.family_name);
        }
    }
    let told = OfPerson::one(&read, person, row, held, day).await?;
    let all = told.explained();
    let confirmers = told.confirmers(&read, &all).await?;
    let (asked, found) = all.into_iter().next().ok_or_else(not_found)?;
    let rule = &asked.requirement.rule;
    let titles = titles(&read, &found).await?;
    let options = if found.cell.status.asks_for_action() && found.cell.waiting.is_none() {
        nearest(store::published(&read, asked.items.clone()).await?.iter())
    } else {
        Vec::new()
    };
    drop(read);
    if let Some(scope) = &scope {
        ledger::seen(&app.db, &app.clock, scope, &[person], Seen::Status).await?;
    }
    let about = if own { About::You } else { About::Them(&of.given_name) };
    // what somebody took back is nobody else's business
    let told_others = found.others.iter().filter(|(_, why)| own || *why != Why::Withdrawn);
    let reason = |done: &Completed, why: Option<Why>| reason(rule, &titles, done, why);
    Ok(ExplainOut {
        person_id: person,
        requirement_id: requirement,
        requirement_name: rule.name.clone(),
        requirement_version: rule.version,
        as_at: day,
        status: found.cell.status,
        headline: words::headline(rule, &found, about, today),
        rule: format!("Asked of {}. {}", whom::in_words(&asked.scope), words::asked(rule)),
        since: found.since,
        under_since: found.under_since,
        under: words::under(rule, &found, about),
        due_by: found.due_by,
        valid_through: found.cell.through,
        counted: found.counted.map(|done| reason(done, None)),
        may_confirm,
        waiting: found.waits.first().map(|done| told.told(&confirmers, asked, done)),
        not_counted: told_others.map(|(done, why)| reason(done, Some(*why))).collect(),
        next_change: found.next.map(Into::into),
        options,
        given_name: of.given_name,
        family_name: of.family_name,
    })
}

/// The scope by which the caller reaches the person through a post held on the day.
fn reach(caller: &Caller, held: &[Appointment], day: NaiveDate) -> Option<OrgScope> {
    let reaches = |scope: &OrgScope| {
        held.iter().any(|held| {
            held.organisation == scope.organisation() && held.span.holds(day) && scope.reaches(held.service)
        })
    };
    caller.organisations().into_iter().find(reaches)
}

type Titles = HashMap<ItemId, String>;

async fn titles<C: Snapshot>(db: &C, found: &Explanation<'_>) -> Result<Titles, ApiError> {
    let told = found.others.iter().map(|(done, _)| *done).chain(found.counted);
    let mut items: Vec<_> = told.map(|done| done.item).collect();
    items.sort_unstable();
    items.dedup();
    if items.is_empty() {
        return Ok(Titles::new());
    }
    let rows = store::titles(db, items).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

fn reason(rule: &Rule, titles: &Titles, done: &Completed, why: Option<Why>) -> ReasonOut {
    ReasonOut {
        completion_id: done.id,
        item_id: done.item,
        title: titles.get(&done.item).cloned().unwrap_or_default(),
        completed_on: done.on,
        valid_through: done.through,
        assurance: done.assurance,
        why_not: why.map(|why| why.spelling().to_owned()),
        words: why.map_or_else(|| words::counts(done), |why| words::why_not(rule, done, why)),
    }
}
