//! A requirement looked at before it is saved: whom it would ask, how they would stand, who is
//! concerned. Nothing is written but who looked at whose status.

use entity::id::{OrganisationId, RequirementId};
use entity::value::Status;

use super::draft::{self, Birth};
use super::effect::{self, Change, Touched};
use super::requirement::{may_change, written};
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope};
use crate::base::db;
use crate::base::error::ApiError;
use crate::skill::asking;
use crate::skill::tally::{Part, Tally, grouped};
use crate::skill::whom;
use crate::skill::wire::PreviewFigure as Of;
use crate::skill::wire::{PreviewFigureOut, PreviewOut, PreviewPersonOut, RequirementIn, RequirementPatch};
use crate::standing::store::requirements::Written;
use crate::state::App;

/// How many people are shown by name.
const SHOWN: usize = 25;

/// A new one of an organisation, or for `None` a national one.
pub async fn of_new(app: &App, scope: Option<&OrgScope>, new: RequirementIn) -> Result<PreviewOut, ApiError> {
    let organisation: Option<OrganisationId> = scope.map(OrgScope::organisation);
    let birth = Birth { id: app.clock.id(), at: app.clock.now(), today: app.clock.today() };
    look(app, db::read(&app.db).await?, scope, draft::new(organisation, birth, new), None).await
}

/// One that stands, changed.
pub async fn of_change(
    app: &App,
    caller: &Caller,
    id: RequirementId,
    patch: RequirementPatch,
) -> Result<PreviewOut, ApiError> {
    let read = db::read(&app.db).await?;
    let before = written(&read, id).await?;
    let scope = may_change(caller, &before.row)?;
    look(app, read, scope.as_ref(), draft::next(&before, patch), Some(&before)).await
}

async fn look(
    app: &App,
    read: db::Read,
    scope: Option<&OrgScope>,
    mut draft: Written,
    before: Option<&Written>,
) -> Result<PreviewOut, ApiError> {
    let today = app.clock.today();
    draft::check(&read, &mut draft, before, today).await?;
    let change = Change { draft: &draft, before };
    let on = effect::told_on(&draft, today);
    let mut out = PreviewOut {
        on,
        whom: whom::capitalised(&whom::in_words(&draft.scope)),
        exact: scope.is_some(),
        figures: Vec::new(),
        first_overdue_on: None,
        people: Vec::new(),
        more: 0,
    };
    let Some(scope) = scope else {
        let tally = effect::everywhere(&read, &change, today).await?;
        out.figures = banded(&tally, before.is_some());
        // of the rule alone: when the first of these people is overdue is somebody's own date
        out.first_overdue_on = asking::first_overdue(&draft).filter(|day| *day > today);
        return Ok(out);
    };
    let (tally, touched) = effect::at(&read, scope, &change, today).await?;
    drop(read);
    out.figures = exact(&tally, before.is_some());
    out.first_overdue_on = tally.first_overdue_on;
    let shown = shown(touched);
    out.more = tally.people.count.saturating_sub(u32::try_from(shown.len()).unwrap_or_default());
    let seen: Vec<_> = shown.iter().map(|one| one.named.id).collect();
    ledger::seen(&app.db, &app.clock, scope, &seen, Seen::Status).await?;
    out.people = shown.into_iter().map(person).collect();
    Ok(out)
}

/// Those who would have most to do first, then by name.
fn shown(mut touched: Vec<Touched>) -> Vec<Touched> {
    let turn = |status| match status {
        Status::Overdue => 0,
        Status::Expired => 1,
        Status::Due => 2,
        Status::Expiring => 3,
        Status::Met => 4,
        Status::Exempt => 5,
    };
    touched.sort_by_key(|one| turn(one.cell.status));
    touched.truncate(SHOWN);
    touched
}

fn person(Touched { named, cell }: Touched) -> PreviewPersonOut {
    PreviewPersonOut {
        person_id: named.id,
        given_name: named.given,
        family_name: named.family,
        status: cell.status,
        valid_through: cell.through,
        due_by: cell.due_by,
        waiting: cell.waiting.is_some(),
    }
}

fn parts(tally: &Tally, is_change: bool) -> Vec<(Of, Part)> {
    let all = [
        (Of::People, tally.people),
        (Of::Overdue, tally.overdue),
        (Of::Expired, tally.expired),
        (Of::Due, tally.due),
        (Of::Expiring, tally.expiring),
        (Of::Met, tally.met),
        (Of::Exempt, tally.exempt),
        (Of::Waiting, tally.waiting),
        (Of::NewlyOverdue, tally.newly_overdue),
    ];
    all.into_iter().filter(|(of, _)| is_change || *of != Of::NewlyOverdue).collect()
}

fn exact(tally: &Tally, is_change: bool) -> Vec<PreviewFigureOut> {
    let figure = |(of, count): (Of, u32)| PreviewFigureOut { of, count: Some(count), words: grouped(count) };
    let parts = parts(tally, is_change).into_iter().map(|(of, part)| (of, part.count));
    parts.chain([(Of::Posts, tally.posts)]).map(figure).collect()
}

/// Of so few that every part is "fewer than 20", nothing but that is told.
fn banded(tally: &Tally, is_change: bool) -> Vec<PreviewFigureOut> {
    let few = tally.people.is_in_the_lowest_band();
    let parts = parts(tally, is_change).into_iter().filter(|(of, _)| !few || *of == Of::People);
    parts.map(|(of, part)| PreviewFigureOut { of, count: None, words: part.banded() }).collect()
}
