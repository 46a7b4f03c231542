//! The person x requirement matrix, today or on a later day: computed in memory and kept until
//! anything is written; one page shown, and everybody shown is in the access ledger.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId, RequirementId, ServiceId};
use entity::value::Assurance;

use super::whole::{Days, Facts, Row, Whole};
use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::base::{page, turns};
use crate::learning::confirmer;
use crate::skill::numbers::{self, CellCounts};
use crate::skill::whom;
use crate::skill::wire::{CellOut, ColumnOut, LeaverOut, MatrixOut, MatrixRowOut, MovesOut, PostHeldOut, Showing};
use crate::standing::kept;
use crate::standing::store::people::Named;
use crate::standing::store::requirements::{self, Asked, Which};
use crate::state::{App, Instance};

/// Leavers told by name; the others are counted.
const TOLD: usize = 20;

/// What of the matrix to show.
#[derive(Debug, Default)]
pub struct Filter {
    pub requirement: Option<RequirementId>,
    pub service: Option<ServiceId>,
    pub status: Option<Showing>,
    /// One row alone; the numbers stay those of the whole reach
    pub person: Option<PersonId>,
    /// All of which a name must hold, folded
    pub words: Vec<String>,
    /// Today when it is left out
    pub as_at: Option<NaiveDate>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

impl Filter {
    /// Nothing but today's numbers of the whole reach are asked for.
    fn is_for_the_numbers(&self, today: NaiveDate) -> bool {
        self.limit == Some(0)
            && self.requirement.is_none()
            && self.service.is_none()
            && self.status.is_none()
            && self.person.is_none()
            && self.words.is_empty()
            && self.as_at.is_none_or(|day| day == today)
            && self.cursor.is_none()
    }

    fn names(&self, named: &Named) -> bool {
        self.words.iter().all(|word| named.folded.contains(word))
    }

    fn shows(&self, row: &Row) -> bool {
        self.person.is_none_or(|person| row.named.id == person)
            && self.status.is_none_or(|showing| row.tally.shows(showing))
    }
}

/// The numbers from kept statuses; nothing when something in reach is stale.
async fn kept_numbers(app: &App, scope: &OrgScope, today: NaiveDate) -> Result<Option<MatrixOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let Some(counts) = kept::counts(&read, scope, today).await? else { return Ok(None) };
    let kept::Counts { people, cells, requirements, waiting } = counts;
    let organisations = [scope.organisation()];
    let which = Which { organisations: Some(&organisations), only: None, on: Some(today) };
    let (asked, _) = requirements::asked(&read, which, today).await?;
    let columns = asked.iter().filter(|asked| requirements.contains(&asked.requirement.rule.id)).map(column);
    let mut tallies: HashMap<PersonId, CellCounts> = HashMap::new();
    for (person, status, cells) in cells {
        tallies.entry(person).or_default().add(status, u32::try_from(cells).unwrap_or(u32::MAX));
    }
    let needs: HashMap<RequirementId, Assurance> =
        asked.iter().map(|asked| (asked.requirement.rule.id, asked.requirement.rule.minimum)).collect();
    let rung = confirmer(scope).rung();
    let mut to_confirm = HashSet::new();
    for (person, requirement, completion) in waiting {
        tallies.entry(person).or_default().add_waiting(1);
        let enough = needs.get(&requirement).is_some_and(|needs| rung >= *needs);
        if enough && scope.own_person() != Some(person) {
            to_confirm.insert(completion);
        }
    }
    Ok(Some(MatrixOut {
        as_at: today,
        requirements: columns.collect(),
        summary: numbers::summary(few(people), few(to_confirm.len()), tallies.into_values()),
        moves: None,
        items: Vec::new(),
        next_cursor: None,
        total: people,
    }))
}

fn few(count: impl TryInto<u32>) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}

type Reach = (OrganisationId, Option<Vec<ServiceId>>, Option<RequirementId>, Option<ServiceId>);

type Key = (Instance, Version, NaiveDate, NaiveDate, Reach);

static KEPT: Cache<Key, Whole> = Cache::new(|| cache::Inner::new("matrix", MOST_BYTES, |_, whole| whole.bytes()));
const MOST_BYTES: u64 = 32 << 20;
const DEPENDS_ON: [Domain; 4] = [Domain::Workforce, Domain::Learning, Domain::Requirements, Domain::Catalogue];

pub async fn matrix(app: &App, scope: &OrgScope, filter: Filter) -> Result<MatrixOut, ApiError> {
    let today = app.clock.today();
    let days = Days { today, on: super::day_asked(app, filter.as_at)? };
    if filter.is_for_the_numbers(today)
        && let Some(numbers) = kept_numbers(app, scope, today).await?
    {
        return Ok(numbers);
    }
    let after: Option<(String, PersonId)> = page::key(filter.cursor.as_deref())?;
    let services = scope.services().map(<[_]>::to_vec);
    let reach = (scope.organisation(), services, filter.requirement, filter.service);
    let key = (app.instance(), db::version(&app.db, &DEPENDS_ON).await?, today, days.on, reach);
    let whole = KEPT.get_or_make(key, compute(app, scope, &filter, days)).await?;
    let named: Vec<&Row> = whole.rows.iter().filter(|row| filter.names(&row.named)).collect();
    let rung = confirmer(scope).rung();
    let rung_for = |row: &Row| (row.is_here_today && scope.own_person() != Some(row.named.id)).then_some(rung);
    let summary = numbers::summary(few(named.len()), to_confirm(&named, rung_for), named.iter().map(|row| row.tally));
    // none asked for: the numbers alone, and nobody's record is seen
    let limit = if filter.limit == Some(0) { 0 } else { page::limit(filter.limit) };
    let moves = (days.on > today && after.is_none()).then(|| moves(&filter, &whole, &named, limit));
    let mut rows: Vec<&Row> = named.into_iter().filter(|row| filter.shows(row)).collect();
    let total = u64::try_from(rows.len()).unwrap_or_default();
    if let Some((order, id)) = after {
        rows.retain(|row| (&row.order, row.named.id) > (&order, id));
    }
    rows.truncate(usize::try_from(limit).unwrap_or_default() + 1);
    let key = |row: &&Row| (row.order.clone(), row.named.id);
    let page::Page { items, next_cursor, .. } =
        page::Page::of(rows, limit, key, |row| wire(row, &whole, rung_for(row)));
    let persons: Vec<_> = items.iter().map(|row| row.person_id).collect();
    ledger::seen(&app.db, &app.clock, scope, &persons, Seen::Status).await?;
    let leavers: Vec<_> = moves.iter().flat_map(|moves| &moves.leavers).map(|one| one.person_id).collect();
    if !leavers.is_empty() {
        ledger::seen(&app.db, &app.clock, scope, &leavers, Seen::Posts).await?;
    }
    let is_shown = |index: &usize| filter.requirement.is_some() || whole.in_use.contains(index);
    let columns = whole.asked.iter().enumerate().filter(|(index, _)| is_shown(index));
    let requirements = columns.map(|(_, asked)| column(asked)).collect();
    Ok(MatrixOut { as_at: days.on, requirements, summary, moves, items, next_cursor, total })
}

async fn compute(app: &App, scope: &OrgScope, filter: &Filter, days: Days) -> Result<Whole, ApiError> {
    let read = db::read(&app.db).await?;
    let facts = Facts::read(&read, scope, filter, days.on).await?;
    drop(read);
    let service = filter.service;
    let made = turns::compute(move || facts.whole(service, days)).await;
    made.map_err(|error| ApiError::internal(&error))
}

/// How many completions wait for a word that the caller may give.
fn to_confirm(rows: &[&Row], rung_for: impl Fn(&Row) -> Option<Assurance>) -> u32 {
    let waiting = rows.iter().filter(|row| row.tally.shows(Showing::Waiting)).flat_map(|row| {
        let rung = rung_for(row);
        let cells = row.cells.iter().filter_map(|(_, cell)| cell.waiting);
        cells.filter(move |waiting| rung.is_some_and(|rung| rung >= waiting.needs)).map(|waiting| waiting.completion)
    });
    few(waiting.collect::<HashSet<_>>().len())
}

fn moves(filter: &Filter, whole: &Whole, named: &[&Row], limit: u64) -> MovesOut {
    let left: Vec<_> = whole.leavers.iter().filter(|(named, _)| filter.names(named)).collect();
    let told = if limit == 0 { 0 } else { TOLD };
    let leaver = |(named, last): &&(Named, NaiveDate)| LeaverOut {
        person_id: named.id,
        given_name: named.given.clone(),
        family_name: named.family.clone(),
        leaves_on: *last,
    };
    MovesOut {
        left: few(left.len()),
        started: few(named.iter().filter(|row| row.starts_on.is_some()).count()),
        leavers: left.iter().take(told).map(leaver).collect(),
    }
}

fn wire(row: &Row, whole: &Whole, rung: Option<Assurance>) -> MatrixRowOut {
    let Row { named, posts, starts_on, leaves_on, cells, .. } = row;
    let posts = posts.iter().map(|(service_id, role)| PostHeldOut {
        service_id: *service_id,
        service_name: whole.names.get(service_id).cloned().unwrap_or_default(),
        role_label: whom::label("role", role),
        role: role.clone(),
    });
    MatrixRowOut {
        person_id: named.id,
        given_name: named.given.clone(),
        family_name: named.family.clone(),
        posts: posts.collect(),
        starts_on: *starts_on,
        leaves_on: *leaves_on,
        cells: cells
            .iter()
            .map(|(index, cell)| CellOut::new(whole.asked[*index].requirement.rule.id, *cell, rung))
            .collect(),
    }
}

fn column(asked: &Asked) -> ColumnOut {
    ColumnOut {
        id: asked.requirement.rule.id,
        name: asked.requirement.rule.name.clone(),
        whom: whom::in_short(&asked.scope),
        national: asked.requirement.applies.organisation.is_none(),
        minimum_assurance: asked.requirement.rule.minimum,
    }
}
