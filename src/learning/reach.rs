//! Who somebody is to a completion: its owner, or one who may vouch for it. Everyone else gets the
//! same answer as for a completion that does not exist.

use entity::completion;
use entity::id::{CompletionId, OrganisationId};

use super::rules::Confirmer;
use super::{store, team};
use crate::access::Caller;
use crate::access::ledger::{self, Seen};
use crate::base::error::ApiError;
use crate::state::App;

/// What the caller is to the completion.
#[derive(Clone, Copy, Debug)]
pub enum Stand {
    Owner,
    Other(Confirmer, OrganisationId),
}

/// The completion, and the strongest way in which the caller reaches it.
pub async fn find(app: &App, caller: &Caller, id: CompletionId) -> Result<(completion::Model, Stand), ApiError> {
    if let Ok(own) = caller.own()
        && let Some(row) = store::own_one(&app.db, &own, id).await?
    {
        return Ok((row, Stand::Owner));
    }
    if let Ok(editor) = caller.editor()
        && let Some((row, provider)) = store::of_provider(&app.db, &editor, id).await?
    {
        return Ok((row, Stand::Other(Confirmer::Provider, provider)));
    }
    let mut found = None;
    for scope in caller.organisations() {
        let confirmer = team::confirmer(&scope);
        if let Some(row) = team::one(app, &scope, id).await? {
            let stronger = found.as_ref().is_none_or(|(_, other, _)| confirmer > *other);
            if stronger {
                found = Some((row, confirmer, scope.organisation()));
            }
        }
    }
    let (row, confirmer, organisation) = found.ok_or_else(|| ApiError::not_found("this completion"))?;
    Ok((row, Stand::Other(confirmer, organisation)))
}

/// Writes into the person's ledger that somebody else saw `what`; nothing for the owner.
pub async fn note(
    app: &App,
    caller: &Caller,
    row: &completion::Model,
    stand: Stand,
    what: Seen,
) -> Result<(), ApiError> {
    let Stand::Other(_, organisation) = stand else { return Ok(()) };
    Ok(ledger::seen_by(&app.db, &app.clock, (caller.account(), organisation), &[row.person_id], what).await?)
}
