//! What an employer writes of a person: its own spelling of the name, and the address that it was
//! given. The name itself is the person's.

use entity::id::PersonId;
use entity::value::JoiningReply;
use serde_json::json;

use super::add::{Meant, alike};
use super::{detail, held};
use crate::access::OrgScope;
use crate::access::ledger;
use crate::base::error::{ApiError, Fields};
use crate::base::fold;
use crate::base::{db, etag, patch};
use crate::organisation;
use crate::people::known::Known;
use crate::people::rules::matching::Likeness;
use crate::people::rules::{ASKED_AGAIN_AFTER, may_ask_again};
use crate::people::store::{joining, known};
use crate::people::wire::{PersonDetailOut, PersonPatch};
use crate::state::App;

pub async fn change(
    app: &App,
    scope: &OrgScope,
    id: PersonId,
    if_match: Option<&str>,
    patched: PersonPatch,
) -> Result<(PersonDetailOut, String), ApiError> {
    let PersonPatch { given_name, family_name, email } = patched;
    let tx = db::write(&app.db).await?;
    organisation::store::hold(&tx, scope.organisation()).await?;
    let old = held(&tx, scope, id).await?;
    let id = old.id;
    if !detail(app, &tx, scope, id).await?.0.here_now {
        return Err(ApiError::not_allowed("This person has left your organisation; what you wrote of them stands."));
    }
    etag::check(if_match, old.version)?;
    let mut fields = Fields::default();
    let given = patch::required(&mut fields, "given_name", given_name, old.given_name.clone());
    let family = patch::optional(family_name, Some(old.family_name.clone())).unwrap_or_default();
    let meant = Meant::new(&mut fields, &given, &family, patch::optional(email, old.email.clone()));
    fields.check()?;
    if meant.email.as_deref().map(fold::email) != old.email.as_deref().map(fold::email) {
        let others = alike(&tx, scope, &meant, Some(id)).await?;
        if let Some((other, _)) = others.iter().find(|(_, why)| *why == Likeness::SameEmail) {
            let detail = format!(
                "{} in your organisation goes by this address. If they are one person, merge them.",
                other.full_name()
            );
            let path = format!("/api/organisations/{}/people/{}", scope.organisation(), other.id);
            return Err(ApiError::conflict("address_taken", detail).with_existing(path));
        }
    }
    let Meant { given_name, family_name, email } = meant;
    let (renamed, moved) = ((&given_name, &family_name) != (&old.given_name, &old.family_name), email != old.email);
    let new = Known { id, given_name, family_name, email, version: old.version + 1, name_folded: String::new() };
    known::write(&tx, &app.clock, scope.organisation(), &new).await?;
    let about = json!({ "organisation_id": scope.organisation() });
    for (done, what) in [(renamed, "spelling_changed"), (moved, "address_changed")] {
        if done {
            ledger::changed(&tx, &app.clock, scope.account(), ("person", id.0), what, about.clone()).await?;
        }
    }
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Asks somebody again who did not confirm; not more often than once in a while.
pub async fn ask_again(app: &App, scope: &OrgScope, id: PersonId) -> Result<(PersonDetailOut, String), ApiError> {
    let tx = db::write(&app.db).await?;
    let id = held(&tx, scope, id).await?.id;
    let answers = joining::answered(&tx, &[id]).await?;
    let refused = |answer: &&entity::joining_answer::Model| {
        answer.organisation_id == scope.organisation() && answer.answer != JoiningReply::Yes
    };
    for answer in answers.iter().filter(refused) {
        if !may_ask_again(answer.at, app.clock.now()) {
            let detail = format!(
                "Ask again {} days after the answer at the earliest. Is the address right?",
                ASKED_AGAIN_AFTER.num_days()
            );
            return Err(ApiError::conflict("asked_lately", detail));
        }
        joining::take_back(&tx, answer, app.clock.now()).await?;
        ledger::changed(&tx, &app.clock, scope.account(), ("person", id.0), "asked_again", json!({})).await?;
    }
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}
