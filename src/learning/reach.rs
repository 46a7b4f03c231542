//! Who somebody is to a completion: its owner, or one who may vouch for it. Everyone else gets the
//! same answer as for a completion that does not exist (`facts`).

use entity::completion;
use entity::id::{AccountId, OrganisationId, PersonId};
use sea_orm::ConnectionTrait;

use super::rules::Voice;
use super::team;
use crate::access::ledger::{self, Seen};
use crate::access::{Caller, OrgScope};
use crate::base::error::ApiError;
use crate::state::App;

/// What the caller is to the completion.
#[derive(Clone, Copy, Debug)]
pub enum Stand {
    Owner,
    Other(Voice),
}

/// As whom the scope's account speaks.
pub fn voice(scope: &OrgScope) -> Voice {
    Voice { confirmer: team::confirmer(scope), organisation: scope.organisation() }
}

/// Writes into the person's ledger that somebody else saw `what`; nothing for the owner.
pub async fn note(
    app: &App,
    caller: &Caller,
    row: &completion::Model,
    stand: Stand,
    what: Seen,
) -> Result<(), ApiError> {
    note_in(app, &app.db, caller, row, stand, what).await
}

/// Writes into a person's ledger that an account saw `what` for an organisation.
pub async fn noted(app: &App, seen: (AccountId, OrganisationId), person: PersonId, what: Seen) -> Result<(), ApiError> {
    Ok(ledger::seen_by(&app.db, &app.clock, seen, &[person], what).await?)
}

/// The same inside a transaction.
pub async fn note_in<C: ConnectionTrait>(
    app: &App,
    db: &C,
    caller: &Caller,
    row: &completion::Model,
    stand: Stand,
    what: Seen,
) -> Result<(), ApiError> {
    let Stand::Other(voice) = stand else { return Ok(()) };
    Ok(ledger::seen_by(db, &app.clock, (caller.account(), voice.organisation), &[row.person_id], what).await?)
}
