//! The status engine, pure: what a requirement asks of a person and what the person holds give a
//! status on a day, the reasons for it, and the day on which it changes next. Matrix, explanation,
//! start page and map all ask here; there is no second version.

use chrono::{Days, NaiveDate};
use entity::id::{CompletionId, ItemId, OrganisationId, RequirementId};
use entity::requirement;
use entity::value::{Assurance, CompletionState, Spelled};

use super::status::Status;
use crate::learning::rules::{days_left, rank};

/// What is asked, as the engine needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: RequirementId,
    pub name: String,
    pub version: i32,
    pub grace_days: u64,
    pub window_days: i64,
    pub minimum: Assurance,
    pub span: Span,
}

/// From a day to a day, both included; open ended without a last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
}

impl Span {
    pub fn new(from: NaiveDate, until: Option<NaiveDate>) -> Self {
        Self { from, until }
    }

    /// Whether the two share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|last| other.from <= last) && other.until.is_none_or(|last| self.from <= last)
    }

    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }

    /// The first day on which it holds, and the first on which it no longer does.
    fn edges(&self) -> [Option<NaiveDate>; 2] {
        [Some(self.from), self.until.and_then(|last| last.succ_opt())]
    }
}

/// A completion of one of the items that a requirement names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completed {
    pub id: CompletionId,
    pub item: ItemId,
    pub on: NaiveDate,
    /// Last valid day; `None` never expires
    pub through: Option<NaiveDate>,
    pub assurance: Assurance,
    pub state: CompletionState,
}

impl Completed {
    /// Live, done by that day and trusted enough; it may have lapsed since.
    fn earned(&self, day: NaiveDate, minimum: Assurance) -> bool {
        self.state == CompletionState::Live && self.on <= day && self.assurance >= minimum
    }

    fn in_date(&self, day: NaiveDate) -> bool {
        self.through.is_none_or(|last| day <= last)
    }

    fn rank(&self) -> (NaiveDate, Assurance, NaiveDate, CompletionId) {
        let (through, assurance, on) = rank(self.through, self.assurance, self.on);
        (through, assurance, on, self.id)
    }
}

/// Everything that decides the status of one person and one requirement.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub rule: &'a Rule,
    /// Appointments in roles that the requirement covers
    pub posts: &'a [Span],
    pub exemptions: &'a [Span],
    /// Completions of the items that satisfy the requirement
    pub completions: &'a [Completed],
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub status: Status,
    /// Last valid day of what counts, or of what has lapsed
    pub through: Option<NaiveDate>,
    pub assurance: Option<Assurance>,
    /// Last day of the grace period, while nothing was ever held
    pub due_by: Option<NaiveDate>,
}

/// Why a completion does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub cell: Cell,
    /// When the person came under the requirement
    pub under_since: NaiveDate,
    /// Last day of the grace period
    pub due_by: NaiveDate,
    pub exempt: Option<Span>,
    pub counted: Option<Completed>,
    /// Latest first
    pub others: Vec<(Completed, Why)>,
    pub next: Option<Change>,
}

impl Standing<'_> {
    /// When the person came under the requirement: the earliest start in a role that it covers, or
    /// the requirement's own start if that is later. `None` when it does not apply on the day.
    pub fn under_since(&self, day: NaiveDate) -> Option<NaiveDate> {
        let applies = self.rule.span.holds(day) && self.posts.iter().any(|post| post.holds(day));
        let first = self.posts.iter().map(|post| post.from).min().filter(|_| applies)?;
        Some(first.max(self.rule.span.from))
    }

    /// Last day of the grace period of somebody under it since a day.
    fn due_by(&self, since: NaiveDate) -> NaiveDate {
        since.checked_add_days(Days::new(self.rule.grace_days)).unwrap_or(NaiveDate::MAX)
    }

    /// The completion that counts on the day, or else the last one that did.
    fn best(&self, day: NaiveDate, in_date: bool) -> Option<&Completed> {
        let earned = self.completions.iter().filter(|done| done.earned(day, self.rule.minimum));
        earned.filter(|done| done.in_date(day) == in_date).max_by_key(|done| done.rank())
    }

    /// The status on a day; `None` when the requirement does not apply to the person then.
    pub fn cell(&self, day: NaiveDate) -> Option<Cell> {
        let since = self.under_since(day)?;
        let cell = |status, done: Option<&Completed>, due_by| Cell {
            status,
            through: done.and_then(|done| done.through),
            assurance: done.map(|done| done.assurance),
            due_by,
        };
        let held = self.best(day, true);
        if self.exemptions.iter().any(|span| span.holds(day)) {
            return Some(cell(Status::Exempt, held, None));
        }
        if let Some(done) = held {
            let lapsing = days_left(done.through, day).is_some_and(|days| days <= self.rule.window_days);
            return Some(cell(if lapsing { Status::Expiring } else { Status::Met }, held, None));
        }
        if let Some(lapsed) = self.best(day, false) {
            return Some(cell(Status::Expired, Some(lapsed), None));
        }
        let due_by = self.due_by(since);
        Some(cell(if day <= due_by { Status::Due } else { Status::Overdue }, None, Some(due_by)))
    }

    pub fn status(&self, day: NaiveDate) -> Option<Status> {
        self.cell(day).map(|cell| cell.status)
    }

    /// The first later day on which the status is another one, if nothing is recorded meanwhile.
    pub fn next_change(&self, day: NaiveDate) -> Option<Change> {
        let now = self.status(day);
        let spans = self.posts.iter().chain(self.exemptions).chain([&self.rule.span]);
        let mut days: Vec<NaiveDate> = spans.flat_map(Span::edges).flatten().collect();
        for done in self.completions {
            let lapses = done.through.and_then(|last| last.succ_opt());
            let warns = done.through.and_then(|last| {
                last.checked_sub_days(Days::new(u64::try_from(self.rule.window_days).unwrap_or_default()))
            });
            days.extend([Some(done.on), warns, lapses].into_iter().flatten());
        }
        let since = self.posts.iter().map(|post| post.from.max(self.rule.span.from)).min();
        days.extend(since.and_then(|since| self.due_by(since).succ_opt()));
        days.retain(|edge| *edge > day);
        days.sort_unstable();
        days.into_iter().map(|on| Change { on, to: self.status(on) }).find(|change| change.to != now)
    }

    pub fn explain(&self, day: NaiveDate) -> Option<Explanation> {
        let cell = self.cell(day)?;
        let under_since = self.under_since(day)?;
        let counted = self.best(day, true).copied();
        let mut others: Vec<_> = self
            .completions
            .iter()
            .filter(|done| done.on <= day && counted.is_none_or(|counted| counted.id != done.id))
            .map(|done| (*done, self.why_not(done, day)))
            .collect();
        others.sort_by_key(|(done, _)| std::cmp::Reverse((done.on, done.id)));
        Some(Explanation {
            cell,
            under_since,
            due_by: self.due_by(under_since),
            exempt: self.exemptions.iter().find(|span| span.holds(day)).copied(),
            counted,
            others,
            next: self.next_change(day),
        })
    }

    fn why_not(&self, done: &Completed, day: NaiveDate) -> Why {
        match done.state {
            CompletionState::Rejected => Why::Rejected,
            CompletionState::Withdrawn => Why::Withdrawn,
            CompletionState::Live if !done.in_date(day) => Why::Expired,
            CompletionState::Live if done.assurance < self.rule.minimum => Why::BelowMinimum,
            CompletionState::Live => Why::Superseded,
        }
    }
}

/// Whether completions of the items that a requirement names meet it on a day, whoever asks:
/// one of them is live, in date and trusted at least this far.
pub fn is_met(completions: &[Completed], on: NaiveDate, minimum: Assurance) -> bool {
    completions.iter().any(|done| done.earned(on, minimum) && done.in_date(on))
}

/// Whether a requirement applies to a role at an organisation on a day. One without an
/// organisation is national, one without a role is for everybody.
pub fn applies(requirement: &requirement::Model, organisation: OrganisationId, role: &str, on: NaiveDate) -> bool {
    requirement.organisation_id.is_none_or(|of| of == organisation)
        && covers(requirement.role.as_deref(), role)
        && Span::new(requirement.starts_on, requirement.ends_on).holds(on)
}

/// Whether a requirement for this role, or for everybody, covers a role.
pub fn covers(asked: Option<&str>, role: &str) -> bool {
    asked.is_none_or(|asked| asked == role)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
