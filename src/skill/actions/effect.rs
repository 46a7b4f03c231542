//! What a requirement would do if it were saved as it stands: the facts of today put to the same
//! engine that answers afterwards.

use chrono::NaiveDate;
use entity::id::PersonId;
use entity::value::Status;
use status::{Appointment, Cell};
use uuid::Uuid;

use crate::access::OrgScope;
use crate::base::db::Snapshot;
use crate::base::error::ApiError;
use crate::people::names as spellings;
use crate::skill::tally::Tally;
use crate::standing::store::people::{self, Named};
use crate::standing::store::requirements::{self, Asked, Written};
use crate::standing::store::terms::Worth;
use crate::standing::store::{Whose, completions, everybody};
use crate::standing::{Exemptions, standing};

/// People of the whole workforce whose facts are read at once.
const PART: u64 = 2_000;

/// A requirement as it would be, and as it is.
pub struct Change<'a> {
    pub draft: &'a Written,
    pub before: Option<&'a Written>,
}

/// Both as the engine takes them.
struct Both {
    draft: Asked,
    before: Option<Asked>,
    worth: Worth,
    today: NaiveDate,
    /// The day that is told: today, or the one on which it begins
    on: NaiveDate,
}

impl Both {
    async fn read<C: Snapshot>(db: &C, change: &Change<'_>, today: NaiveDate) -> Result<Self, ApiError> {
        let written: Vec<Written> = std::iter::once(change.draft).chain(change.before).cloned().collect();
        let (mut asked, worth) = requirements::of(db, &written, today).await?;
        let draft = asked.remove(0);
        Ok(Self { draft, before: asked.pop(), worth, today, on: told_on(change.draft, today) })
    }

    /// How somebody would stand, with how many posts put them under it, and whether they would be
    /// overdue today who are not now.
    fn of<'a>(
        &self,
        person: PersonId,
        held: impl Iterator<Item = &'a Appointment> + Clone,
        done: &[status::Completed],
        exemptions: &Exemptions,
    ) -> Option<(Cell, u32, bool)> {
        let now = standing(&self.draft, person, held.clone(), done, exemptions);
        let cell = now.cell(self.on)?;
        let covers = |post: &&Appointment| post.span.holds(self.on) && self.draft.requirement.applies.covers(post);
        let posts = u32::try_from(held.clone().filter(covers).count()).unwrap_or(u32::MAX);
        let is_overdue = now.status(self.today) == Some(Status::Overdue);
        let was_overdue = || {
            let before = self.before.as_ref();
            before.is_some_and(|before| {
                standing(before, person, held, done, exemptions).status(self.today) == Some(Status::Overdue)
            })
        };
        Some((cell, posts, is_overdue && !was_overdue()))
    }
}

/// The day that is told: today, or the one on which it begins.
pub fn told_on(draft: &Written, today: NaiveDate) -> NaiveDate {
    draft.row.starts_on.max(today)
}

/// Somebody of an organisation who would be asked.
pub struct Touched {
    pub named: Named,
    pub cell: Cell,
}

/// At one organisation, by name.
pub async fn at<C: Snapshot>(
    db: &C,
    scope: &OrgScope,
    change: &Change<'_>,
    today: NaiveDate,
) -> Result<(Tally, Vec<Touched>), ApiError> {
    let both = Both::read(db, change, today).await?;
    let mut staff = people::staff(db, scope).await?;
    let spelled = spellings::of_all(db, scope.organisation()).await?;
    let exemptions = people::exemptions(db, Whose::Staff(scope, both.on)).await?;
    let done = completions::live_of(db, Whose::Staff(scope, both.on), &both.worth).await?;
    for (named, _) in &mut staff {
        if let Some(spelling) = spelled.get(&named.id) {
            named.given.clone_from(&spelling.given_name);
            named.family.clone_from(&spelling.family_name);
            named.folded.clone_from(&spelling.name_folded);
        }
    }
    staff.sort_by(|(one, _), (other, _)| (&one.folded, one.id).cmp(&(&other.folded, other.id)));
    let (mut tally, mut touched) = (Tally::default(), Vec::new());
    for held in staff.chunk_by(|(one, _), (other, _)| one.id == other.id) {
        let Some((named, _)) = held.first() else { continue };
        let done = done.get(&named.id).map_or(&[][..], Vec::as_slice);
        let found = both.of(named.id, held.iter().map(|(_, held)| held), done, &exemptions);
        let Some((cell, posts, is_newly_overdue)) = found else { continue };
        tally.add(named.id, &cell, posts, is_newly_overdue);
        touched.push(Touched { named: named.clone(), cell });
    }
    Ok((tally, touched))
}

/// At every employer, in one pass over everybody in post. Nobody's name or employer is read.
pub async fn everywhere<C: Snapshot>(db: &C, change: &Change<'_>, today: NaiveDate) -> Result<Tally, ApiError> {
    let both = Both::read(db, change, today).await?;
    let (mut tally, mut last) = (Tally::default(), PersonId(Uuid::nil()));
    loop {
        let part = everybody::in_post_after(db, both.on, last, PART).await?;
        let Some(end) = part.last() else { return Ok(tally) };
        last = *end;
        let held = people::held(db, Whose::These(&part)).await?;
        let exemptions = people::exemptions(db, Whose::These(&part)).await?;
        let done = completions::live_of(db, Whose::These(&part), &both.worth).await?;
        for (person, held) in &held {
            let done = done.get(person).map_or(&[][..], Vec::as_slice);
            if let Some((cell, posts, is_newly_overdue)) = both.of(*person, held.iter(), done, &exemptions) {
                tally.add(*person, &cell, posts, is_newly_overdue);
            }
        }
    }
}
