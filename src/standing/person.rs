//! Everything asked of one person, and where they stand with it.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{CompletionId, OrganisationId, PersonId};
use entity::{completion, requirement};
use sea_orm::DbErr;
use status::{Appointment, Completed, Explanation};

use super::asked::Today;
use super::confirmers::Confirmers;
use super::store::requirements::{self, Asked, Which};
use super::store::terms::Worth;
use super::store::{Whose, completions, people};
use super::wire::{CountsForOut, WaitingOut};
use super::{Exemptions, standing};
use crate::base::db::Snapshot;

/// One person and requirements, over the employers that are looked at.
pub struct OfPerson {
    pub person: PersonId,
    pub today: NaiveDate,
    pub asked: Vec<Asked>,
    pub held: Vec<Appointment>,
    done: Vec<Completed>,
    exemptions: Exemptions,
}

impl OfPerson {
    /// What is asked of them today, at every employer or at one.
    pub async fn today<C: Snapshot>(
        db: &C,
        person: PersonId,
        at: Option<OrganisationId>,
        today: NaiveDate,
    ) -> Result<Self, DbErr> {
        let mut held = people::held_by(db, person).await?;
        held.retain(|held| at.is_none_or(|at| held.organisation == at));
        let mut employers: Vec<_> =
            held.iter().filter(|held| held.span.holds(today)).map(|held| held.organisation).collect();
        employers.sort_unstable();
        employers.dedup();
        let (asked, worth) = if employers.is_empty() {
            (Vec::new(), Worth::default())
        } else {
            let which = Which { organisations: Some(&employers), only: None, on: Some(today) };
            requirements::asked(db, which, today).await?
        };
        Self::with(db, person, (asked, worth), held, today).await
    }

    /// One requirement, whenever it is in force, seen from these posts.
    pub async fn one<C: Snapshot>(
        db: &C,
        person: PersonId,
        row: requirement::Model,
        held: Vec<Appointment>,
        today: NaiveDate,
    ) -> Result<Self, DbErr> {
        let (asked, worth) = requirements::one(db, row, today).await?;
        Self::with(db, person, (asked.into_iter().collect(), worth), held, today).await
    }

    async fn with<C: Snapshot>(
        db: &C,
        person: PersonId,
        (asked, worth): (Vec<Asked>, Worth),
        held: Vec<Appointment>,
        today: NaiveDate,
    ) -> Result<Self, DbErr> {
        let (exemptions, done) = if asked.is_empty() {
            (Exemptions::new(), Vec::new())
        } else {
            let exemptions = people::exemptions(db, Whose::One(person)).await?;
            (exemptions, completions::of_person(db, person, &worth).await?)
        };
        Ok(Self { person, today, asked, held, done, exemptions })
    }

    /// From rows that were read already: all completions, and which organisations reject which.
    pub fn of_rows(
        (person, today): (PersonId, NaiveDate),
        known: &Today,
        held: Vec<Appointment>,
        (rows, refused): (&[completion::Model], &HashMap<CompletionId, Vec<OrganisationId>>),
        exemptions: Exemptions,
    ) -> Self {
        let Today { asked, worth } = known;
        let done = rows.iter().filter(|row| worth.has(row.item_id)).map(|row| Completed {
            refused_by: refused.get(&row.id).cloned().unwrap_or_default(),
            ..completions::completed(row, worth)
        });
        Self { person, today, asked: asked.clone(), held, done: done.collect(), exemptions }
    }

    /// Whether a requirement that applies to them today asks for this completion.
    pub fn asks_for(&self, id: CompletionId) -> bool {
        let Some(done) = self.done.iter().find(|done| done.id == id) else { return false };
        let standing = |asked| standing(asked, self.person, &self.held, &self.done, &self.exemptions);
        let mut asked = self.asked.iter().filter(|asked| asked.requirement.asks.fulfilled_by(done));
        asked.any(|asked| standing(asked).under_since(self.today).is_some())
    }

    /// With a completion as it stands now.
    pub fn restate(&mut self, row: &completion::Model, refused_by: Vec<OrganisationId>) {
        if let Some(done) = self.done.iter_mut().find(|done| done.id == row.id) {
            done.assurance = row.assurance;
            done.state = row.state;
            done.refused_by = refused_by;
        }
    }

    /// Their completions by what they are good for.
    pub async fn uses<C: Snapshot>(&self, db: &C) -> Result<HashMap<CompletionId, Use>, DbErr> {
        let found = self.explained();
        let confirmers = self.confirmers(db, &found).await?;
        let mut uses: HashMap<CompletionId, Use> = HashMap::new();
        for (asked, found) in &found {
            if let Some(counted) = found.counted {
                let rule = &asked.requirement.rule;
                let counts = CountsForOut { requirement_id: rule.id, requirement_name: rule.name.clone() };
                uses.entry(counted.id).or_default().counts_for.push(counts);
            }
            for done in &found.waits {
                uses.entry(done.id).or_default().waiting.push(self.told(&confirmers, asked, done));
            }
        }
        Ok(uses)
    }

    /// Where they stand with each requirement that applies to them.
    pub fn explained(&self) -> Vec<(&Asked, Explanation<'_>)> {
        let explain = |asked| {
            let standing = standing(asked, self.person, &self.held, &self.done, &self.exemptions);
            Some((asked, standing.explain(self.today)?))
        };
        self.asked.iter().filter_map(explain).collect()
    }

    /// Who could confirm what waits; nobody is looked up when nothing does.
    pub async fn confirmers<C: Snapshot>(
        &self,
        db: &C,
        found: &[(&Asked, Explanation<'_>)],
    ) -> Result<Confirmers, DbErr> {
        let items: Vec<_> = found.iter().flat_map(|(_, found)| &found.waits).map(|done| done.item).collect();
        if items.is_empty() {
            return Ok(Confirmers::default());
        }
        let now = self.held.iter().filter(|held| held.span.holds(self.today));
        Confirmers::load(db, now.map(|held| held.organisation).collect(), items).await
    }

    /// One that waits, told.
    pub fn told(&self, confirmers: &Confirmers, asked: &Asked, done: &Completed) -> WaitingOut {
        let covered = |held: &&Appointment| held.span.holds(self.today) && asked.requirement.applies.covers(held);
        let posts: Vec<_> = self.held.iter().filter(covered).collect();
        confirmers.told(asked, done, self.person, &posts)
    }
}

/// What a completion counts for today, and for what it waits.
#[derive(Clone, Debug, Default)]
pub struct Use {
    pub counts_for: Vec<CountsForOut>,
    pub waiting: Vec<WaitingOut>,
}

/// The completions of a person by what they are good for, at every employer or at one.
pub async fn uses<C: Snapshot>(
    db: &C,
    person: PersonId,
    at: Option<OrganisationId>,
    today: NaiveDate,
) -> Result<HashMap<CompletionId, Use>, DbErr> {
    OfPerson::today(db, person, at, today).await?.uses(db).await
}
