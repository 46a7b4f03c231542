//! The person x requirement matrix: facts of the whole reach read at once, computed in memory and
//! kept until anything is written; one page shown, and everybody shown is in the access ledger.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{OrganisationId, PersonId, RequirementId, ServiceId};

use super::Satisfies;
use crate::access::OrgScope;
use crate::access::ledger::{self, Seen};
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::base::{page, turns};
use crate::people::names as spellings;
use crate::reference::vocabulary;
use crate::skill::rules::{Cell, Completed, Span, Standing};
use crate::skill::status::Status;
use crate::skill::store::facts::{self, Asked, Exemptions, Held, Named, Whose};
use crate::skill::store::team;
use crate::skill::wire::{CellOut, ColumnOut, MatrixOut, MatrixRowOut, MatrixSummaryOut, PostHeldOut, Showing};
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
    let shown = page::Page::of(rows, limit, key, |row| wire(row, &whole));
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
    staff: Vec<(Named, Held)>,
    exemptions: Exemptions,
    done: HashMap<PersonId, Vec<Completed>>,
}

impl Facts {
    async fn read<C: Snapshot>(db: &C, scope: &OrgScope, filter: &Filter, on: NaiveDate) -> Result<Self, ApiError> {
        let names = facts::services(db, scope).await?;
        if filter.service.is_some_and(|service| !names.contains_key(&service)) {
            return Err(ApiError::not_found("this service"));
        }
        let (asked, validity) = facts::asked(db, &[scope.organisation()], filter.requirement, on).await?;
        if filter.requirement.is_some() && asked.is_empty() {
            return Err(ApiError::not_found("this requirement"));
        }
        let mut staff = facts::staff(db, scope, on).await?;
        let spelled = spellings::of_all(db, scope.organisation()).await?;
        for (named, _) in &mut staff {
            if let Some(spelling) = spelled.get(&named.id) {
                named.given.clone_from(&spelling.given_name);
                named.family.clone_from(&spelling.family_name);
                named.folded.clone_from(&spelling.name_folded);
            }
        }
        let exemptions = facts::exemptions(db, Whose::Staff(scope, on)).await?;
        let done = team::completions(db, scope, on, &validity).await?;
        Ok(Self { names, asked, staff, exemptions, done })
    }

    /// Keeps a core busy when the reach is great.
    fn whole(self, service: Option<ServiceId>, today: NaiveDate) -> Whole {
        let Self { names, asked, staff, exemptions, done } = self;
        let reaches = |of: ServiceId| service.map_or_else(|| names.contains_key(&of), |only| only == of);
        let rows = rows(staff, &asked, &exemptions, &done, today, reaches);
        let summary = summary(&rows);
        let in_use = rows.iter().flat_map(|row| &row.cells).map(|(index, _)| *index).collect();
        Whole { names, asked, rows, summary, in_use }
    }
}

/// A row for everybody with a post in reach on the day, by name.
fn rows(
    mut staff: Vec<(Named, Held)>,
    asked: &[Asked],
    exemptions: &Exemptions,
    done: &HashMap<PersonId, Vec<Completed>>,
    today: NaiveDate,
    reaches: impl Fn(ServiceId) -> bool,
) -> Vec<Row> {
    staff.sort_by(|(one, _), (other, _)| (&one.folded, one.id).cmp(&(&other.folded, other.id)));
    let satisfies = Satisfies::new(asked);
    let of_person = staff.chunk_by(|(one, _), (other, _)| one.id == other.id);
    of_person
        .filter_map(|held| {
            let (named, _) = held.first()?;
            let now = held.iter().map(|(_, held)| held).filter(|held| held.span.holds(today) && reaches(held.service));
            let posts: Vec<_> = now.map(|held| (held.service, held.role.clone())).collect();
            if posts.is_empty() {
                return None;
            }
            let own = satisfies.sort(asked.len(), done.get(&named.id).map_or(&[], Vec::as_slice));
            let cells = asked.iter().zip(&own).enumerate().filter_map(|(index, (asked, completions))| {
                let posts: Vec<Span> =
                    held.iter().filter(|(_, held)| asked.covers(held)).map(|(_, held)| held.span).collect();
                let exempt = exemptions.get(&(named.id, asked.rule.id)).map_or(&[][..], Vec::as_slice);
                let standing = Standing { rule: &asked.rule, posts: &posts, exemptions: exempt, completions };
                Some((index, standing.cell(today)?))
            });
            Some(Row { named: named.clone(), posts, cells: cells.collect() })
        })
        .collect()
}

fn summary(rows: &[Row]) -> MatrixSummaryOut {
    let mut sum = MatrixSummaryOut { people: u32::try_from(rows.len()).unwrap_or(u32::MAX), ..Default::default() };
    for row in rows {
        let [mut met, mut expiring, mut missing] = [0; 3];
        for (_, cell) in &row.cells {
            match cell.status {
                Status::Met => met += 1,
                Status::Expiring => expiring += 1,
                Status::Exempt => sum.exempt += 1,
                Status::Expired | Status::Due | Status::Overdue => missing += 1,
            }
        }
        (sum.met, sum.expiring, sum.missing) = (sum.met + met, sum.expiring + expiring, sum.missing + missing);
        sum.people_met += u32::from(met > 0);
        sum.people_expiring += u32::from(expiring > 0);
        sum.people_missing += u32::from(missing > 0);
    }
    sum
}

fn wire(row: &Row, whole: &Whole) -> MatrixRowOut {
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
        cells: cells.iter().map(|(index, cell)| CellOut::new(whole.asked[*index].rule.id, *cell)).collect(),
    }
}

fn column(asked: &Asked) -> ColumnOut {
    ColumnOut {
        id: asked.rule.id,
        name: asked.rule.name.clone(),
        role_label: asked.role.as_deref().map(role_label),
        national: asked.organisation.is_none(),
        minimum_assurance: asked.rule.minimum,
    }
}

fn role_label(role: &str) -> String {
    vocabulary::term("role", role).map_or_else(|| role.to_owned(), |term| term.label.clone())
}
