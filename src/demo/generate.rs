//! From a plan to rows in memory: pure, so that the same plan makes the same sector.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use entity::id::{ItemId, PersonId};

use super::dice::Dice;
use super::rows::{Course, Plan, Rows};
use super::tables;

pub fn generate(plan: Plan, courses: &[Course]) -> Rows {
    let mut make = Make::new(plan, courses);
    let teams = make.employers();
    make.story();
    make.requirements();
    make.narrow();
    make.exempt();
    // the one about whom another employer asks comes last
    let people = plan.people.saturating_sub(make.in_post() + usize::from(make.who_asks().is_some()));
    make.workforce(&teams, people);
    make.second_posts(&teams);
    make.records();
    make.rejection();
    make.asking();
    make.leaver_and_starter();
    make.outside();
    make.rows
}

/// The sector while it is being made.
pub(super) struct Make<'a> {
    pub plan: Plan,
    pub dice: Dice,
    pub courses: &'a [Course],
    pub rows: Rows,
    pub given_names: Vec<&'static str>,
    pub family_names: Vec<&'static str>,
    pub staffing: BTreeMap<&'static str, Vec<(&'static str, usize)>>,
    /// Running number of each organisation's posts, by its place in `rows.organisations`
    pub posts_of: BTreeMap<usize, usize>,
    pub careers: Vec<Career>,
    /// The one whom the story exempts from a requirement
    pub indoors: Option<PersonId>,
    /// So that nobody finishes the same item twice on a day
    pub finished: HashSet<(PersonId, ItemId, NaiveDate)>,
}

/// One person's time with an organisation in a role; what the record is made from.
#[derive(Clone, Debug)]
pub(super) struct Career {
    pub person: PersonId,
    /// Place in `rows.organisations`
    pub employer: usize,
    pub role: &'static str,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    /// Written by hand by the story; the generator adds nothing
    pub told: bool,
}

impl<'a> Make<'a> {
    pub fn new(plan: Plan, courses: &'a [Course]) -> Self {
        Self {
            plan,
            dice: Dice::new(plan.seed),
            courses,
            rows: Rows::default(),
            given_names: tables::given_names(),
            family_names: tables::family_names(),
            staffing: tables::staffing(),
            posts_of: BTreeMap::new(),
            careers: Vec::new(),
            indoors: None,
            finished: HashSet::new(),
        }
    }

    /// People in post so far.
    fn in_post(&self) -> usize {
        let current = self.rows.appointments.iter().filter(|row| row.ends_on.is_none());
        current.map(|row| row.person_id).collect::<HashSet<_>>().len()
    }

    pub fn course(&self, reference: &str) -> Option<&'a Course> {
        self.courses.iter().find(|course| course.reference == reference)
    }
}

#[cfg(test)]
#[path = "generate_tests.rs"]
mod tests;
