//! The person x requirement matrix: facts of the whole reach read at once, computed in memory and
//! kept until anything is written; one page shown, and everybody shown is in the access ledger.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId, RequirementId, ServiceId};
use entity::value::{Assurance, Status};
use status::{Appointment, Cell, Completed};

use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::base::{page, turns};
use crate::learning::confirmer;
use crate::people::names as spellings;
use crate::reference::vocabulary;
use crate::skill::wire::{CellOut, ColumnOut, MatrixOut, MatrixRowOut, MatrixSummaryOut, PostHeldOut, Showing};
use crate::standing::store::people::{self, Named};
use crate::standing::store::requirements::{self, Asked, Which};
use crate::standing::store::{Whose, completions};
use crate::standing::{Exemptions, kept, standing};
use crate::state::{App, Instance};

/// What of the matrix to show.
#[derive(Debug, Default)]
pub struct Filter {
    pub requirement: Option<RequirementId>,
    pub service: Option<ServiceId>,
    pub status: Option<Showing>,
    /// One row alone; the numbers stay those of the whole reach
    pub person: Option<PersonId>,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

impl Filter {
    /// Nothing but the numbers of the whole reach is asked for.
    fn is_for_the_numbers(&self) -> bool {
        self.limit == Some(0)
            && self.requirement.is_none()
            && self.service.is_none()
            && self.status.is_none()
            && self.person.is_none()
            && self.cursor.is_none()
    }
}

/// The numbers from kept statuses; nothing when something in reach is stale.
async fn kept_numbers(app: &App, scope: &OrgScope, today: NaiveDate) -> Result<Option<MatrixOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let Some(counts) = kept::counts(&read, scope, today).await? else { return Ok(None) };
    let kept::Counts { people, cells, requirements } = counts;
    let organisations = [scope.organisation()];
    let which = Which { organisations: Some(&organisations), only: None, on: Some(today) };
    let (asked, _) = requirements::asked(&read, which, today).await?;
    let columns = asked.iter().filter(|asked| requirements.contains(&asked.requirement.rule.id)).map(column);
    let mut by_person: HashMap<PersonId, Vec<(Status, u32)>> = HashMap::new();
    for (person, status, count) in cells {
        by_person.entry(person).or_default().push((status, u32::try_from(count).unwrap_or(u32::MAX)));
    }
    Ok(Some(MatrixOut {
        as_at: today,
        requirements: columns.collect(),
        summary: summary(people, by_person.values().map(Vec::as_slice)),
        items: Vec::new(),
        next_cursor: None,
        total: people,
    }))
}

struct Row {
    named: Named,
    /// Posts held on the day, in reach
    posts: Vec<(ServiceId, String)>,
    cells: Vec<(usize, Cell)>,
}

type Names = HashMap<ServiceId, String>;

/// The whole matrix of a reach, before the filter by status and the page.
struct Whole {
    names: Names,
    asked: Vec<Asked>,
    rows: Vec<Row>,
    summary: MatrixSummaryOut,
    /// Columns that somebody is asked; one that nobody in reach is asked would only be in the way
    in_use: HashSet<usize>,
}

impl Whole {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let of_row = |row: &Row| {
            let names = row.named.given.len() + row.named.family.len() + row.named.folded.len();
            let posts = row.posts.iter().map(|(_, role)| size_of::<(ServiceId, String)>() + role.len());
            size_of::<Row>() + names + posts.sum::<usize>() + size_of_val(row.cells.as_slice())
        };
        let asked = self.asked.iter().map(|asked| size_of::<Asked>() + size_of_val(asked.items.as_slice()));
        self.rows.iter().map(of_row).sum::<usize>() + asked.sum::<usize>() + 100 * self.names.len()
    }
}

type Reach = (OrganisationId, Option<Vec<ServiceId>>, Option<RequirementId>, Option<ServiceId>);

type Key = (Instance, Version, NaiveDate, Reach);

static KEPT: Cache<Key, Whole> = Cache::new(|| cache::Inner::new("matrix", MOST_BYTES, |_, whole| whole.bytes()));
const MOST_BYTES: u64 = 32 << 20;
const DEPENDS_ON: [Domain; 4] = [Domain::Workforce, Domain::Learning, Domain::Requirements, Domain::Catalogue];

pub async fn matrix(app: &App, scope: &OrgScope, filter: Filter) -> Result<MatrixOut, ApiError> {
    let today = app.clock.today();
    if filter.is_for_the_numbers()
        && let Some(numbers) = kept_numbers(app, scope, today).await?
    {
        return Ok(numbers);
    }
    let after: Option<(String, PersonId)> = page::key(filter.cursor.as_deref())?;
    let services = scope.services().map(<[_]>::to_vec);
    let reach = (scope.organisation(), services, filter.requirement, filter.service);
    let key = (app.instance(), db::version(&app.db, &DEPENDS_ON).await?, today, reach);
    let whole = KEPT.get_or_make(key, compute(app, scope, &filter, today)).await?;
    let shows = |row: &&Row| {
        filter.person.is_none_or(|person| row.named.id == person)
            && filter.status.is_none_or(|showing| row.cells.iter().any(|(_, cell)| showing.shows(cell.status)))
    };
    let mut rows: Vec<&Row> = whole.rows.iter().filter(shows).collect();
    let total = u64::try_from(rows.len()).unwrap_or_default();
    if let Some((folded, id)) = after {
        rows.retain(|row| (&row.named.folded, row.named.id) > (&folded, id));
    }
    // none asked for: the numbers alone, and nobody's record is seen
    let limit = if filter.limit == Some(0) { 0 } else { page::limit(filter.limit) };
    rows.truncate(usize::try_from(limit).unwrap_or_default() + 1);
    let key = |row: &&Row| (row.named.folded.clone(), row.named.id);
    let rung = confirmer(scope).rung();
    let rung_for = |row: &Row| (scope.own_person() != Some(row.named.id)).then_some(rung);
    let shown = page::Page::of(rows, limit, key, |row| wire(row, &whole, rung_for(row)));
    let persons: Vec<_> = shown.items.iter().map(|row| row.person_id).collect();
    ledger::seen(&app.db, &app.clock, scope, &persons, Seen::Status).await?;
    let is_shown = |index: &usize| filter.requirement.is_some() || whole.in_use.contains(index);
    let columns = whole.asked.iter().enumerate().filter(|(index, _)| is_shown(index));
    let requirements = columns.map(|(_, asked)| column(asked)).collect();
    let page::Page { items, next_cursor, .. } = shown;
    Ok(MatrixOut { as_at: today, requirements, summary: whole.summary, items, next_cursor, total })
}

async fn compute(app: &App, scope: &OrgScope, filter: &Filter, today: NaiveDate) -> Result<Whole, ApiError> {
    let read = db::read(&app.db).await?;
    let facts = Facts::read(&read, scope, filter, today).await?;
    drop(read);
    let service = filter.service;
    let made = turns::compute(move || facts.whole(service, today)).await;
    made.map_err(|error| ApiError::internal(&error))
}

/// All that a matrix is made of, as it stood at one moment.
struct Facts {
    names: Names,
    asked: Vec<Asked>,
    staff: Vec<(Named, Appointment)>,
    exemptions: Exemptions,
    done: HashMap<PersonId, Vec<Completed>>,
}

impl Facts {
    async fn read<C: Snapshot>(db: &C, scope: &OrgScope, filter: &Filter, on: NaiveDate) -> Result<Self, ApiError> {
        let names = people::services(db, scope).await?;
        if filter.service.is_some_and(|service| !names.contains_key(&service)) {
            return Err(ApiError::not_found("this service"));
        }
        let organisations = [scope.organisation()];
        let which = Which { organisations: Some(&organisations), only: filter.requirement, on: Some(on) };
        let (asked, worth) = requirements::asked(db, which, on).await?;
        if filter.requirement.is_some() && asked.is_empty() {
            return Err(ApiError::not_found("this requirement"));
        }
        let mut staff = people::staff(db, scope, on).await?;
        let spelled = spellings::of_all(db, scope.organisation()).await?;
        for (named, _) in &mut staff {
            if let Some(spelling) = spelled.get(&named.id) {
                named.given.clone_from(&spelling.given_name);
                named.family.clone_from(&spelling.family_name);
                named.folded.clone_from(&spelling.name_folded);
            }
        }
        let exemptions = people::exemptions(db, Whose::Staff(scope, on)).await?;
        let done = completions::live_of(db, Whose::Staff(scope, on), &worth).await?;
        Ok(Self { names, asked, staff, exemptions, done })
    }

    /// Keeps a core busy when the reach is great.
    fn whole(self, service: Option<ServiceId>, today: NaiveDate) -> Whole {
        let Self { names, asked, staff, exemptions, done } = self;
        let reaches = |of: ServiceId| service.map_or_else(|| names.contains_key(&of), |only| only == of);
        let rows = rows(staff, &asked, &exemptions, &done, today, reaches);
        let people = u64::try_from(rows.len()).unwrap_or_default();
        let of_rows: Vec<Vec<(Status, u32)>> =
            rows.iter().map(|row| row.cells.iter().map(|(_, cell)| (cell.status, 1)).collect()).collect();
        let summary = summary(people, of_rows.iter().map(Vec::as_slice));
        let in_use = rows.iter().flat_map(|row| &row.cells).map(|(index, _)| *index).collect();
        Whole { names, asked, rows, summary, in_use }
    }
}

/// A row for everybody with a post in reach on the day, by name.
fn rows(
    mut staff: Vec<(Named, Appointment)>,
    asked: &[Asked],
    exemptions: &Exemptions,
    done: &HashMap<PersonId, Vec<Completed>>,
    today: NaiveDate,
    reaches: impl Fn(ServiceId) -> bool,
) -> Vec<Row> {
    staff.sort_by(|(one, _), (other, _)| (&one.folded, one.id).cmp(&(&other.folded, other.id)));
    let of_person = staff.chunk_by(|(one, _), (other, _)| one.id == other.id);
    of_person
        .filter_map(|held| {
            let (named, _) = held.first()?;
            let now = held.iter().map(|(_, held)| held).filter(|held| held.span.holds(today) && reaches(held.service));
            let posts: Vec<_> = now.map(|held| (held.service, held.role.clone())).collect();
            if posts.is_empty() {
                return None;
            }
            let done = done.get(&named.id).map_or(&[][..], Vec::as_slice);
            let cells = asked.iter().enumerate().filter_map(|(index, asked)| {
                let standing = standing(asked, named.id, held.iter().map(|(_, held)| held), done, exemptions);
                Some((index, standing.cell(today)?))
            });
            Some(Row { named: named.clone(), posts, cells: cells.collect() })
        })
        .collect()
}

/// The numbers of people with how many cells of each status each of them has.
fn summary<'a>(people: u64, rows: impl Iterator<Item = &'a [(Status, u32)]>) -> MatrixSummaryOut {
    let mut sum = MatrixSummaryOut { people: u32::try_from(people).unwrap_or(u32::MAX), ..Default::default() };
    for row in rows {
        let [mut met, mut expiring, mut missing] = [0; 3];
        for (status, count) in row {
            match status {
                Status::Met => met += count,
                Status::Expiring => expiring += count,
                Status::Exempt => sum.exempt += count,
                Status::Expired | Status::Due | Status::Overdue => missing += count,
            }
        }
        (sum.met, sum.expiring, sum.missing) = (sum.met + met, sum.expiring + expiring, sum.missing + missing);
        sum.people_met += u32::from(met > 0);
        sum.people_expiring += u32::from(expiring > 0);
        sum.people_missing += u32::from(missing > 0);
    }
    sum
}

fn wire(row: &Row, whole: &Whole, rung: Option<Assurance>) -> MatrixRowOut {
    let Row { named, posts, cells } = row;
    let posts = posts.iter().map(|(service_id, role)| PostHeldOut {
        service_id: *service_id,
        service_name: whole.names.get(service_id).cloned().unwrap_or_default(),
        role_label: role_label(role),
        role: role.clone(),
    });
    MatrixRowOut {
        person_id: named.id,
        given_name: named.given.clone(),
        family_name: named.family.clone(),
        posts: posts.collect(),
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
        role_label: roles_label(&asked.requirement.applies.roles),
        national: asked.requirement.applies.organisation.is_none(),
        minimum_assurance: asked.requirement.rule.minimum,
    }
}

/// The one role, or how many they are; nothing when everybody is asked.
fn roles_label(roles: &[String]) -> Option<String> {
    match roles {
        [] => None,
        [role] => Some(role_label(role)),
        roles => Some(format!("{} roles", roles.len())),
    }
}

fn role_label(role: &str) -> String {
    vocabulary::term("role", role).map_or_else(|| role.to_owned(), |term| term.label.clone())
}
