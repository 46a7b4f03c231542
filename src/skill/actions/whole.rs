//! The whole matrix of a reach on a day: facts of one moment, read at once, and what they say.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::id::{PersonId, ServiceId};
use status::{Appointment, Cell, Completed, Span};

use super::matrix::Filter;
use crate::access::OrgScope;
use crate::base::db::Snapshot;
use crate::base::error::ApiError;
use crate::base::order;
use crate::people::names as spellings;
use crate::skill::numbers::CellCounts;
use crate::skill::presence;
use crate::standing::store::people::{self, Named};
use crate::standing::store::requirements::{self, Asked, Which};
use crate::standing::store::{Whose, completions};
use crate::standing::{Exemptions, standing};

pub type Names = HashMap<ServiceId, String>;

pub struct Row {
    pub named: Named,
    /// By which rows are in order, people being looked for so
    pub order: String,
    /// Posts held on the day, in reach
    pub posts: Vec<(ServiceId, String)>,
    /// First day here, when it is still to come
    pub starts_on: Option<NaiveDate>,
    /// Last day here, when it is known
    pub leaves_on: Option<NaiveDate>,
    /// Whether the scope reaches the person today
    pub is_here_today: bool,
    pub cells: Vec<(usize, Cell)>,
    pub tally: CellCounts,
}

/// Everybody of a reach, before the filters by name and by status and the page.
pub struct Whole {
    pub names: Names,
    pub asked: Vec<Asked>,
    pub rows: Vec<Row>,
    /// Who is here today and no longer on the day, with the last day
    pub leavers: Vec<(Named, NaiveDate)>,
    /// Columns that somebody is asked; one that nobody in reach is asked would only be in the way
    pub in_use: HashSet<usize>,
}

impl Whole {
    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let of_name = |named: &Named| named.given.len() + named.family.len() + named.folded.len();
        let of_row = |row: &Row| {
            let posts = row.posts.iter().map(|(_, role)| size_of::<(ServiceId, String)>() + role.len());
            size_of::<Row>()
                + of_name(&row.named)
                + row.order.len()
                + posts.sum::<usize>()
                + size_of_val(row.cells.as_slice())
        };
        let asked = self.asked.iter().map(|asked| size_of::<Asked>() + size_of_val(asked.items.as_slice()));
        let leavers = self.leavers.iter().map(|(named, _)| size_of::<(Named, NaiveDate)>() + of_name(named));
        self.rows.iter().map(of_row).sum::<usize>()
            + asked.sum::<usize>()
            + leavers.sum::<usize>()
            + 100 * self.names.len()
    }
}

/// Today, and the day that is looked at.
#[derive(Clone, Copy)]
pub struct Days {
    pub today: NaiveDate,
    pub on: NaiveDate,
}

/// All that a matrix is made of, as it stood at one moment.
pub struct Facts {
    names: Names,
    asked: Vec<Asked>,
    staff: Vec<(Named, Appointment)>,
    exemptions: Exemptions,
    done: HashMap<PersonId, Vec<Completed>>,
}

impl Facts {
    pub async fn read<C: Snapshot>(db: &C, scope: &OrgScope, filter: &Filter, on: NaiveDate) -> Result<Self, ApiError> {
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
        let mut staff = people::staff(db, scope).await?;
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
    pub fn whole(self, service: Option<ServiceId>, days: Days) -> Whole {
        let Self { names, asked, mut staff, exemptions, done } = self;
        staff.sort_by_cached_key(|(named, _)| (order::key(&named.folded), named.id));
        let (mut rows, mut leavers) = (Vec::new(), Vec::new());
        for held in staff.chunk_by(|(one, _), (other, _)| one.id == other.id) {
            let Some((named, _)) = held.first() else { continue };
            let here =
                |held: &&Appointment| service.map_or(names.contains_key(&held.service), |only| only == held.service);
            let spans: Vec<Span> = held.iter().map(|(_, held)| held).filter(here).map(|held| held.span).collect();
            let Some(time) = presence::around(&spans, days.on) else {
                let last = presence::around(&spans, days.today).and_then(|time| time.last());
                leavers.extend(last.map(|last| (named.clone(), last)));
                continue;
            };
            let now = held.iter().map(|(_, held)| held).filter(|held| held.span.holds(days.on));
            let posts = now.filter(here).map(|held| (held.service, held.role.clone())).collect();
            let of_person = done.get(&named.id).map_or(&[][..], Vec::as_slice);
            let mut tally = CellCounts::default();
            let cells = asked.iter().enumerate().filter_map(|(index, asked)| {
                let standing = standing(asked, named.id, held.iter().map(|(_, held)| held), of_person, &exemptions);
                let cell = standing.cell(days.on)?;
                tally.add(cell.status, 1);
                tally.add_waiting(u32::from(cell.waiting.is_some()));
                Some((index, cell))
            });
            let cells = cells.collect();
            let reached = |held: &Appointment| names.contains_key(&held.service) && held.span.holds(days.today);
            rows.push(Row {
                named: named.clone(),
                order: order::key(&named.folded),
                posts,
                starts_on: Some(time.first()).filter(|first| *first > days.today),
                leaves_on: time.last(),
                is_here_today: held.iter().any(|(_, held)| reached(held)),
                cells,
                tally,
            });
        }
        let in_use = rows.iter().flat_map(|row: &Row| &row.cells).map(|(index, _)| *index).collect();
        Whole { names, asked, rows, leavers, in_use }
    }
}
