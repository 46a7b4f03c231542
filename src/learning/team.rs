//! Completions of others: what an employer's or manager's requirements need of the people who are
//! appointed now, as the status engine says. Nothing else is in reach.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::id::{CompletionId, ItemId, OrganisationId, PersonId, ServiceId};
use entity::value::{Assurance, CompletionState};
use entity::{completion, completion_verdict};
use status::{Appointment, Completed, Rule};

use super::rules::{Confirmer, is_confirmed};
use super::store::verdicts::{self, Rejection};
use crate::access::OrgScope;
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::standing::person::Use;
use crate::standing::store::requirements::{self, Asked, Which};
use crate::standing::store::{Whose, completions, people};
use crate::standing::wire::WaitingOut;
use crate::standing::{Exemptions, standing};
use crate::state::{App, Instance};

/// What to show of the completions in reach.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<CompletionState>,
    pub assurance: Vec<Assurance>,
    pub person: Option<PersonId>,
    pub not_person: Option<PersonId>,
    /// Only those that the caller's word would raise, and that nobody has confirmed or that a
    /// status waits for; what was rejected only when evidence was added since
    pub to_confirm: bool,
}

/// Where a page goes on: what moves a status first, then the oldest record.
pub type After = (bool, CompletionId);

/// A completion in reach.
#[derive(Clone, Debug)]
pub struct Reached {
    pub id: CompletionId,
    person: PersonId,
    item: ItemId,
    assurance: Assurance,
    state: CompletionState,
    recorded_on: NaiveDate,
    /// What it would meet, or meet for longer, if it were trusted further: places in [`Team::rules`]
    waits: Vec<usize>,
    /// Whether the caller's word is enough for one of these
    moves: bool,
    /// Whether the organisation rejected it
    rejected: Rejected,
}

/// Whether an organisation rejected a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rejected {
    No,
    Decided,
    /// Evidence was added since, and the caller's word is enough to decide again
    Answered,
}

/// The completions of everybody in reach.
#[derive(Debug)]
pub struct Team {
    pub rules: Vec<Rule>,
    all: Vec<Reached>,
}

impl Team {
    /// Marks what the organisation rejects, and puts all in their order.
    fn reject(&mut self, rejected: &HashMap<CompletionId, Rejection>, rung: Assurance) {
        for one in &mut self.all {
            if let Some(by) = rejected.get(&one.id) {
                let again = by.answered && by.rung <= rung;
                one.rejected = if again { Rejected::Answered } else { Rejected::Decided };
            }
        }
        self.all.sort_by_key(Reached::key);
    }

    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let waits: usize = self.all.iter().map(|one| size_of_val(one.waits.as_slice())).sum();
        size_of_val(self.all.as_slice()) + waits + 100 * self.rules.len()
    }
}

impl Reached {
    pub fn key(&self) -> After {
        (!self.moves && self.rejected != Rejected::Answered, self.id)
    }

    fn passes(&self, filter: &Filter, rung: Assurance) -> bool {
        let Filter { state, assurance, person, not_person, to_confirm } = filter;
        let waits = self.state == CompletionState::Live
            && match self.rejected {
                Rejected::No => self.assurance < rung && (self.moves || !is_confirmed(self.assurance)),
                Rejected::Decided => false,
                Rejected::Answered => true,
            };
        state.is_none_or(|state| self.state == state)
            && (assurance.is_empty() || assurance.contains(&self.assurance))
            && person.is_none_or(|person| self.person == person)
            && not_person.is_none_or(|person| self.person != person)
            && (!to_confirm || waits)
    }
}

/// As whom the scope's account confirms.
pub fn confirmer(scope: &OrgScope) -> Confirmer {
    if scope.services().is_some() { Confirmer::Manager } else { Confirmer::Employer }
}

type Reach = (Instance, Version, NaiveDate, OrganisationId, Option<Vec<ServiceId>>);

static KEPT: Cache<Reach, Team> =
    Cache::new(|| cache::Inner::new("team_completions", MOST_BYTES, |_, team| team.bytes()));
const MOST_BYTES: u64 = 16 << 20;
const DEPENDS_ON: [Domain; 4] = [Domain::Workforce, Domain::Learning, Domain::Requirements, Domain::Catalogue];

/// Completions in reach after a place; `limit` of them at most.
pub async fn page(
    app: &App,
    scope: &OrgScope,
    filter: &Filter,
    after: Option<After>,
    limit: usize,
) -> Result<(Arc<Team>, Vec<Reached>), ApiError> {
    let today = app.clock.today();
    let services = scope.services().map(<[_]>::to_vec);
    let key = (app.instance(), db::version(&app.db, &DEPENDS_ON).await?, today, scope.organisation(), services);
    let make = async {
        let read = db::read(&app.db).await?;
        let whose = Whose::Staff(scope, today);
        let held = people::held(&read, whose).await?;
        let mut team = reached(&read, scope, whose, today, held).await?;
        let rejected = verdicts::rejected_by(&read, scope.organisation()).await?;
        team.reject(&rejected, confirmer(scope).rung());
        Ok::<_, ApiError>(team)
    };
    let team = KEPT.get_or_make(key, make).await?;
    let rung = confirmer(scope).rung();
    let shown = team.all.iter().filter(|one| after.is_none_or(|after| one.key() > after) && one.passes(filter, rung));
    let shown = shown.take(limit).cloned().collect();
    Ok((team, shown))
}

/// What one in the list waits for, told to who may confirm it.
pub fn told(one: &Reached, team: &Team) -> Use {
    let waiting = one.waits.iter().map(|place| {
        let rule = &team.rules[*place];
        let words = match rule.minimum {
            Assurance::SelfDeclared | Assurance::EvidenceAttached => {
                format!("It needs evidence before it counts for “{}”.", rule.name)
            }
            Assurance::ProviderIssued => {
                format!("The provider has to confirm it before it counts for “{}”.", rule.name)
            }
            _ => format!("“{}” waits for it.", rule.name),
        };
        WaitingOut {
            completion_id: one.id,
            item_id: one.item,
            requirement_id: rule.id,
            requirement_name: rule.name.clone(),
            since: one.recorded_on,
            needs: rule.minimum,
            by: Vec::new(),
            words,
        }
    });
    Use { counts_for: Vec::new(), waiting: waiting.collect() }
}

/// Those of these completions that are in reach: asked of somebody in post, or equated by the
/// organisation itself, whatever is asked. `said` holds what was said of the latter.
pub async fn those<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    today: NaiveDate,
    mut rows: Vec<completion::Model>,
    said: &HashMap<CompletionId, Vec<completion_verdict::Model>>,
) -> Result<Vec<completion::Model>, ApiError> {
    let mut persons: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    let held = people::held(db, Whose::These(&persons)).await?;
    let is_here = |person: PersonId| held.get(&person).is_some_and(|held| in_reach(scope, held, today));
    persons.retain(|person| is_here(*person));
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let asked = reached(db, scope, Whose::These(&persons), today, held.clone()).await?;
    let asked: HashSet<_> = asked.all.iter().map(|one| one.id).collect();
    let own = |row: &completion::Model| {
        let words = said.get(&row.id).into_iter().flatten();
        row.outside_learning_id.is_some() && words.into_iter().any(|word| word.organisation_id == scope.organisation())
    };
    rows.retain(|row| is_here(row.person_id) && (asked.contains(&row.id) || own(row)));
    Ok(rows)
}

/// Whether somebody who holds these has a post today that the scope reaches.
pub fn in_reach(scope: &OrgScope, held: &[Appointment], today: NaiveDate) -> bool {
    let here = |held: &&Appointment| held.organisation == scope.organisation() && held.span.holds(today);
    held.iter().filter(here).any(|held| scope.reaches(held.service))
}

/// The completions of these people that a requirement asks for which applies to them today.
async fn reached<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    whose: Whose<'_>,
    today: NaiveDate,
    held: HashMap<PersonId, Vec<Appointment>>,
) -> Result<Team, ApiError> {
    let organisations = [scope.organisation()];
    let which = Which { organisations: Some(&organisations), only: None, on: Some(today) };
    let (asked, worth) = requirements::asked(db, which, today).await?;
    let exemptions = people::exemptions(db, whose).await?;
    let done = completions::all_of(db, whose, &worth).await?;
    let rung = confirmer(scope).rung();
    let mut all = Vec::new();
    for (person, done) in &done {
        let mut held = held.get(person).cloned().unwrap_or_default();
        held.retain(|held| held.organisation == scope.organisation());
        all.extend(of_person(*person, &asked, &held, done, &exemptions, rung, today));
    }
    Ok(Team { rules: asked.into_iter().map(|asked| asked.requirement.rule).collect(), all })
}

fn of_person(
    person: PersonId,
    asked: &[Asked],
    held: &[Appointment],
    done: &[Completed],
    exemptions: &Exemptions,
    rung: Assurance,
    today: NaiveDate,
) -> Vec<Reached> {
    let mut found: HashMap<CompletionId, Reached> = HashMap::new();
    for (place, asked) in asked.iter().enumerate() {
        let standing = standing(asked, person, held, done, exemptions);
        if standing.under_since(today).is_none() {
            continue;
        }
        for done in done.iter().filter(|done| asked.requirement.asks.fulfilled_by(done)) {
            let reached = found.entry(done.id).or_insert_with(|| Reached {
                id: done.id,
                person,
                assurance: done.assurance,
                item: done.item,
                state: done.state,
                recorded_on: done.recorded_on,
                waits: Vec::new(),
                moves: false,
                rejected: Rejected::No,
            });
            let minimum = asked.requirement.rule.minimum;
            if standing.moved_by(done.id, minimum, today) {
                reached.waits.push(place);
                reached.moves |= rung >= minimum;
            }
        }
    }
    found.into_values().collect()
}
