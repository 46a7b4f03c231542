//! One completion with all that decides who may do what with it and what it counts for: read once, in
//! few statements, for those who act on it and for the answer.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{CompletionId, OrganisationId};
use entity::value::Verdict;
use entity::{completion, completion_verdict};

use super::reach::{self, Stand};
use super::rules::{Confirmer, Voice};
use super::store::{self, verdicts};
use super::team;
use crate::access::Caller;
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::standing::asked;
use crate::standing::person::{self, OfPerson, Use};
use crate::standing::store::{Whose, people};
use crate::state::App;

/// What is kept in memory of what an answer tells: what is asked, items, the names of who offers them.
const DEPENDS_ON: [Domain; 3] = [Domain::Requirements, Domain::Catalogue, Domain::Organisations];

/// A completion as it stands, and what the caller is to it.
pub struct Facts {
    pub row: completion::Model,
    pub stand: Stand,
    /// Everything that was said of it, oldest first, what was taken back included
    pub said: Vec<completion_verdict::Model>,
    pub version: Version,
    /// Where its person stands at the organisation that asks; of the owner and a provider nothing yet
    of: Option<OfPerson>,
}

/// The completion, and the strongest way in which the caller reaches it.
pub async fn find<C: Snapshot>(app: &App, db: &C, caller: &Caller, id: CompletionId) -> Result<Facts, ApiError> {
    let nothing = || ApiError::not_found("this completion");
    let rows = store::with_siblings(db, id).await?;
    let row = rows.iter().find(|row| row.id == id).cloned().ok_or_else(nothing)?;
    if caller.person() == Some(row.person_id) {
        return Facts::own(db, row).await;
    }
    let version = db::version(db, &DEPENDS_ON).await?;
    if let Ok(editor) = caller.editor()
        && let Some(organisation) = store::provider_of(db, &editor, row.item_id).await?
    {
        let stand = Stand::Other(Voice { confirmer: Confirmer::Provider, organisation });
        let said = verdicts::of_one(db, id).await?;
        return Ok(Facts { row, stand, said, version, of: None });
    }
    at_work(app, db, caller, (row, rows), version).await?.ok_or_else(nothing)
}

/// The same through the organisations where the caller is employer or manager.
async fn at_work<C: Snapshot>(
    app: &App,
    db: &C,
    caller: &Caller,
    (row, rows): (completion::Model, Vec<completion::Model>),
    version: Version,
) -> Result<Option<Facts>, ApiError> {
    let mut scopes = caller.organisations();
    if scopes.is_empty() {
        return Ok(None);
    }
    let today = app.clock.today();
    let held = people::held_by(db, row.person_id).await?;
    scopes.retain(|scope| team::in_reach(scope, &held, today));
    if scopes.is_empty() {
        return Ok(None);
    }
    scopes.sort_by_key(|scope| std::cmp::Reverse(team::confirmer(scope)));
    let exemptions = people::exemptions(db, Whose::One(row.person_id)).await?;
    let every = verdicts::of_person(db, row.person_id).await?;
    let refused = refused(&every);
    for scope in scopes {
        let known = asked::today(app, db, &version, scope.organisation(), today).await?;
        let mut here = held.clone();
        here.retain(|held| held.organisation == scope.organisation());
        let of = OfPerson::of_rows((row.person_id, today), &known, here, (&rows, &refused), exemptions.clone());
        // what the organisation equated stays within its reach, whatever is asked
        let words = every.iter().filter(|word| word.completion_id == row.id);
        let own =
            row.outside_learning_id.is_some() && words.clone().any(|word| word.organisation_id == scope.organisation());
        if own || of.asks_for(row.id) {
            let said = words.cloned().collect();
            return Ok(Some(Facts { row, stand: Stand::Other(reach::voice(&scope)), said, version, of: Some(of) }));
        }
    }
    Ok(None)
}

/// Which organisations reject which completions.
fn refused(said: &[completion_verdict::Model]) -> HashMap<CompletionId, Vec<OrganisationId>> {
    let mut by: HashMap<_, Vec<_>> = HashMap::new();
    for word in said.iter().filter(|word| word.verdict == Verdict::Rejected && word.taken_back_at.is_none()) {
        by.entry(word.completion_id).or_default().push(word.organisation_id);
    }
    by
}

impl Facts {
    /// One's own.
    pub async fn own<C: Snapshot>(db: &C, row: completion::Model) -> Result<Self, ApiError> {
        let version = db::version(db, &DEPENDS_ON).await?;
        let said = verdicts::of_one(db, row.id).await?;
        Ok(Self { row, stand: Stand::Owner, said, version, of: None })
    }

    /// The organisation for which the caller looks.
    pub fn at(&self) -> Option<OrganisationId> {
        match self.stand {
            Stand::Owner => None,
            Stand::Other(voice) => Some(voice.organisation),
        }
    }

    /// What it counts for and waits for, as it stands now.
    pub async fn used<C: Snapshot>(&mut self, db: &C, today: NaiveDate) -> Result<Option<Use>, ApiError> {
        let (id, at) = (self.row.id, self.at());
        let mut uses = match &mut self.of {
            Some(of) => {
                of.restate(&self.row, refused(&self.said).remove(&id).unwrap_or_default());
                of.uses(db).await?
            }
            None => person::uses(db, self.row.person_id, at, today).await?,
        };
        Ok(uses.remove(&id))
    }
}
