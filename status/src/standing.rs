//! Where a person stands with a requirement.

use chrono::{Days, NaiveDate};
use entity::id::{CompletionId, ItemId};
use entity::value::{Assurance, CompletionState, Spelled, Status};

use crate::completed::Completed;
use crate::requirement::{Appointment, Requirement};
use crate::span::Span;
use crate::validity::days_left;

/// Somebody who was away from every post that a requirement covers for more than this many days,
/// and comes back, has the days of grace again, as a new starter has. A change of hours, a move
/// to another post or a few days between two contracts is no absence.
pub const AWAY_DAYS: i64 = 31;

/// A requirement with the facts of one person that concern it.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    requirement: &'a Requirement,
    /// Appointments that it covers
    posts: Vec<Span>,
    exemptions: &'a [Span],
    /// Completions of what it asks for
    completions: Vec<&'a Completed>,
}

/// A completion that would count if it were trusted further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub completion: CompletionId,
    pub item: ItemId,
    /// The day on which it was recorded
    pub since: NaiveDate,
    /// How far it has to be trusted
    pub needs: Assurance,
}

/// The answer in short: one cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub status: Status,
    /// Last valid day of what counts, or of what has lapsed
    pub through: Option<NaiveDate>,
    pub assurance: Option<Assurance>,
    /// Last day of the grace period, while nothing was ever held
    pub due_by: Option<NaiveDate>,
    /// What waits for confirmation and would make things better
    pub waiting: Option<Waiting>,
}

/// Why a completion does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// By the organisation that asks
    Rejected,
    Withdrawn,
    BelowMinimum,
    Expired,
    /// In date, but another one is valid for longer or trusted further
    Superseded,
}

impl Spelled for Why {
    fn spelling(&self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::BelowMinimum => "below_minimum",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }
}

/// The next day on which the status is another one; `to` is `None` when the requirement no longer applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub on: NaiveDate,
    pub to: Option<Status>,
}

/// Days without any post that the requirement covers, before somebody came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    /// The last day before
    pub last: NaiveDate,
    pub days: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'a> {
    pub cell: Cell,
    /// When the status became what it is
    pub since: NaiveDate,
    /// When the person came under the requirement
    pub under_since: NaiveDate,
    /// The absence after which they did, if they had been under it before
    pub returned: Option<Away>,
    /// Last day of the grace period
    pub due_by: NaiveDate,
    pub exempt: Option<Span>,
    pub counted: Option<&'a Completed>,
    /// What would count if it were trusted further, best first
    pub waits: Vec<&'a Completed>,
    /// What does not count and why, latest first; what waits is among it
    pub others: Vec<(&'a Completed, Why)>,
    pub next: Option<Change>,
}

impl<'a> Standing<'a> {
    /// Of everything known of a person: appointments at whichever employers are looked at, the
    /// exemptions from this requirement, all completions.
    pub fn new<'b>(
        requirement: &'a Requirement,
        appointments: impl IntoIterator<Item = &'b Appointment>,
        exemptions: &'a [Span],
        completions: impl IntoIterator<Item = &'a Completed>,
    ) -> Self {
        let covered = appointments.into_iter().filter(|post| requirement.applies.covers(post)).map(|post| post.span);
        let asked = completions.into_iter().filter(|done| requirement.asks.fulfilled_by(done));
        Self { requirement, posts: covered.collect(), exemptions, completions: asked.collect() }
    }

    /// When the person came under the requirement: the first day of their time in posts that it
    /// covers, short gaps included, or the requirement's own start if that is later. `None` when
    /// it does not apply on the day.
    pub fn under_since(&self, day: NaiveDate) -> Option<NaiveDate> {
        Some(self.began(day)?.max(self.requirement.rule.span?.first()))
    }

    /// The first day of the time in covered posts that the day belongs to.
    fn began(&self, day: NaiveDate) -> Option<NaiveDate> {
        if !self.requirement.rule.in_force(day) {
            return None;
        }
        let mut first = self.posts.iter().filter(|post| post.holds(day)).map(Span::first).min()?;
        loop {
            let joins = |post: &&Span| post.last().is_none_or(|last| (first - last).num_days() - 1 <= AWAY_DAYS);
            let earlier = self.posts.iter().filter(|post| post.first() < first).filter(joins);
            match earlier.map(Span::first).min() {
                Some(before) => first = before,
                None => return Some(first),
            }
        }
    }

    /// The absence that ended when the person came under the requirement again.
    fn returned(&self, day: NaiveDate) -> Option<Away> {
        let began = self.began(day)?;
        let before = self.posts.iter().filter(|post| post.first() < began).filter_map(Span::last).max()?;
        let days = (began - before).num_days() - 1;
        (began > self.requirement.rule.span?.first()).then_some(Away { last: before, days })
    }

    /// Last day of the grace period of somebody under it since a day.
    fn due_by(&self, since: NaiveDate) -> NaiveDate {
        since.checked_add_days(Days::new(self.requirement.rule.grace_days)).unwrap_or(NaiveDate::MAX)
    }

    /// Live, done by the day, trusted enough and not refused; it may have lapsed since.
    fn earned(&self, done: &Completed, day: NaiveDate) -> bool {
        done.stands(day) && done.assurance >= self.requirement.rule.minimum && !self.requirement.refuses(done)
    }

    /// The completion that counts on the day, or else the last one that did.
    fn best(&self, day: NaiveDate, in_date: bool) -> Option<&'a Completed> {
        let earned = self.completions.iter().filter(|done| self.earned(done, day));
        earned.filter(|done| done.in_date(day) == in_date).max_by_key(|done| done.rank()).copied()
    }

    /// What is in date and would count for longer than what does, if it were trusted further.
    fn waits(&self, day: NaiveDate) -> impl Iterator<Item = &'a Completed> {
        let held = self.best(day, true).map(Completed::lasts);
        self.completions.iter().copied().filter(move |done| {
            done.assurance < self.requirement.rule.minimum
                && self.requirement.fulfilled_by(done, day)
                && held.is_none_or(|held| held < done.lasts())
        })
    }

    fn exempt(&self, day: NaiveDate) -> Option<Span> {
        self.exemptions.iter().find(|span| span.holds(day)).copied()
    }

    /// The answer on a day; `None` when the requirement does not apply to the person then.
    pub fn cell(&self, day: NaiveDate) -> Option<Cell> {
        let since = self.under_since(day)?;
        let waiting = if self.exempt(day).is_some() { None } else { self.waits(day).max_by_key(|done| done.rank()) };
        let waiting = waiting.map(|done| Waiting {
            completion: done.id,
            item: done.item,
            since: done.recorded_on,
            needs: self.requirement.rule.minimum,
        });
        let cell = |status, done: Option<&Completed>, due_by| Cell {
            status,
            through: done.and_then(|done| done.through),
            assurance: done.map(|done| done.assurance),
            due_by,
            waiting,
        };
        let (status, done) = self.decide(day, since);
        let never_held = matches!(status, Status::Due | Status::Overdue).then(|| self.due_by(since));
        Some(cell(status, done, never_held))
    }

    /// The rule itself, for somebody who is under it since a day.
    fn decide(&self, day: NaiveDate, since: NaiveDate) -> (Status, Option<&'a Completed>) {
        let held = self.best(day, true);
        if self.exempt(day).is_some() {
            return (Status::Exempt, held);
        }
        if let Some(done) = held {
            let window = i64::try_from(self.requirement.rule.window_days).unwrap_or(i64::MAX);
            let lapsing = days_left(done.through, day).is_some_and(|days| days <= window);
            return (if lapsing { Status::Expiring } else { Status::Met }, held);
        }
        match self.best(day, false) {
            Some(lapsed) => (Status::Expired, Some(lapsed)),
            None if day <= self.due_by(since) => (Status::Due, None),
            None => (Status::Overdue, None),
        }
    }

    pub fn status(&self, day: NaiveDate) -> Option<Status> {
        Some(self.decide(day, self.under_since(day)?).0)
    }

    /// Every day on which the status may become another one.
    fn edges(&self) -> Vec<NaiveDate> {
        let rule = &self.requirement.rule;
        let spans = self.posts.iter().chain(self.exemptions).chain(&rule.span);
        let mut days: Vec<NaiveDate> = spans.flat_map(Span::edges).flatten().collect();
        for done in &self.completions {
            let lapses = done.through.and_then(|last| last.succ_opt());
            let warns = done.through.and_then(|last| last.checked_sub_days(Days::new(rule.window_days)));
            days.extend([Some(done.on), warns, lapses].into_iter().flatten());
        }
        if let Some(from) = rule.span.map(|span| span.first()) {
            let ends = self.posts.iter().filter_map(|post| self.due_by(post.first().max(from)).succ_opt());
            days.extend(ends);
        }
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The first later day on which the status is another one, if nothing is recorded meanwhile.
    pub fn next_change(&self, day: NaiveDate) -> Option<Change> {
        let now = self.status(day);
        let later = self.edges().into_iter().filter(|edge| *edge > day);
        later.map(|on| Change { on, to: self.status(on) }).find(|change| change.to != now)
    }

    /// The day on which the status became what it is; `None` when the requirement does not apply.
    pub fn since(&self, day: NaiveDate) -> Option<NaiveDate> {
        let now = self.status(day)?;
        let mut first = day;
        for edge in self.edges().into_iter().rev().filter(|edge| *edge <= day) {
            first = edge;
            let before = edge.pred_opt().and_then(|before| self.status(before));
            if before != Some(now) {
                break;
            }
        }
        Some(first)
    }

    /// Whether a word of this weight for a completion would make things better: it counts from
    /// then on, for longer than anything that counts already.
    pub fn moved_by(&self, id: CompletionId, weight: Assurance, day: NaiveDate) -> bool {
        weight >= self.requirement.rule.minimum
            && self.under_since(day).is_some()
            && self.exempt(day).is_none()
            && self.waits(day).any(|done| done.id == id)
    }

    pub fn explain(&self, day: NaiveDate) -> Option<Explanation<'a>> {
        let cell = self.cell(day)?;
        let under_since = self.under_since(day)?;
        let counted = self.best(day, true);
        let told = self.completions.iter().copied().filter(|done| done.on <= day);
        let others = told.filter(|done| counted.is_none_or(|counted| counted.id != done.id));
        let mut others: Vec<_> = others.map(|done| (done, self.why_not(done, day))).collect();
        others.sort_by_key(|(done, _)| std::cmp::Reverse((done.on, done.id)));
        let mut waits: Vec<_> = if cell.waiting.is_some() { self.waits(day).collect() } else { Vec::new() };
        waits.sort_by_key(|done| std::cmp::Reverse(done.rank()));
        Some(Explanation {
            cell,
            since: self.since(day)?,
            under_since,
            returned: self.returned(day),
            due_by: self.due_by(under_since),
            exempt: self.exempt(day),
            counted,
            waits,
            others,
            next: self.next_change(day),
        })
    }

    fn why_not(&self, done: &Completed, day: NaiveDate) -> Why {
        match done.state {
            CompletionState::Rejected => Why::Rejected,
            CompletionState::Withdrawn => Why::Withdrawn,
            CompletionState::Live if self.requirement.refuses(done) => Why::Rejected,
            CompletionState::Live if !done.in_date(day) => Why::Expired,
            CompletionState::Live if done.assurance < self.requirement.rule.minimum => Why::BelowMinimum,
            CompletionState::Live => Why::Superseded,
        }
    }
}
