//! Who somebody is to a completion: its owner, or one who may vouch for it. Everyone else gets the
//! same answer as for a completion that does not exist.

use chrono::NaiveDate;
use entity::completion;
use entity::id::CompletionId;
use sea_orm::ConnectionTrait;

use super::rules::{Confirmer, Voice};
use super::{store, team};
use crate::access::Caller;
use crate::access::ledger::{self, Seen};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::state::App;

/// What the caller is to the completion.
#[derive(Clone, Copy, Debug)]
pub enum Stand {
    Owner,
    Other(Voice),
}

/// The completion, and the strongest way in which the caller reaches it.
pub async fn find(app: &App, caller: &Caller, id: CompletionId) -> Result<(completion::Model, Stand), ApiError> {
    find_in(&db::read(&app.db).await?, app.clock.today(), caller, id).await
}

/// The same inside a transaction.
pub async fn find_in<C: Snapshot>(
    db: &C,
    today: NaiveDate,
    caller: &Caller,
    id: CompletionId,
) -> Result<(completion::Model, Stand), ApiError> {
    if let Ok(own) = caller.own()
        && let Some(row) = store::own_one(db, &own, id).await?
    {
        return Ok((row, Stand::Owner));
    }
    if let Ok(editor) = caller.editor()
        && let Some((row, organisation)) = store::of_provider(db, &editor, id).await?
    {
        return Ok((row, Stand::Other(Voice { confirmer: Confirmer::Provider, organisation })));
    }
    let mut found = None;
    for scope in caller.organisations() {
        let voice = Voice { confirmer: team::confirmer(&scope), organisation: scope.organisation() };
        let stronger = found.as_ref().is_none_or(|(_, other): &(_, Voice)| voice.confirmer > other.confirmer);
        if stronger && let Some(row) = team::one(db, &scope, today, id).await? {
            found = Some((row, voice));
        }
    }
    let (row, voice) = found.ok_or_else(|| ApiError::not_found("this completion"))?;
    Ok((row, Stand::Other(voice)))
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
