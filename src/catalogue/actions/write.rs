//! Making, changing and moving items.

use std::mem;

use entity::id::{ItemId, OrganisationId};
use entity::value::{ItemStatus, Spelled};
use entity::{item, organisation};
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, DbErr, SqlErr};
use serde_json::json;

use super::proposal::{is_held_back, merged, propose, tag};
use super::read::{one_whole, out};
use super::rows::{changed, detail, new_row};
use super::terms;
use crate::access::EditorScope;
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::fold::{fold, tidy};
use crate::catalogue::store::{self, Source, proposals};
use crate::catalogue::wire::{ItemIn, ItemOut, ItemPatch};
use crate::catalogue::words::Hints;
use crate::catalogue::{differences, provider, rules};
use crate::state::App;

/// A new draft. All of it is looked at before the transaction begins: what is slow to refuse must
/// not hold others up.
pub async fn create(app: &App, scope: &EditorScope, new: ItemIn) -> Result<(ItemOut, String), ApiError> {
    let id: ItemId = app.clock.id();
    let named = named_provider(app, &app.db, scope, new.provider_id, new.provider.as_deref()).await?;
    let named = match (named, scope.providers()) {
        (Some(named), _) => named,
        (None, [only]) if !scope.is_curator() => Named::known(*only),
        (None, _) => return Err(ApiError::field("provider", "missing", "Enter who provides it.")),
    };
    let reference = new.reference.clone().filter(|text| !text.trim().is_empty()).unwrap_or_else(|| reference_of(id));
    let mut content = new.content(reference, named.id);
    content.settle(&mut Hints::default())?;
    let tx = db::write(&app.db).await?;
    content.provider = named.made(&tx).await?;
    refuse_taken(&tx, scope, &content.reference, None).await?;
    let row = new_row(app, id, &content, ItemStatus::Draft, Some(scope.account()));
    let source = Source { account: Some(scope.account()), ..Source::default() };
    let reference = content.reference.clone();
    if let Err(error) = store::insert(&tx, &app.clock, &[(row.clone(), content)], &source).await {
        drop(tx);
        return Err(clash(app, scope, &reference, error).await);
    }
    let note = changed(app, Some(scope.account()), id, "created", json!({}));
    store::note_changes(&tx, vec![note]).await?;
    store::to_outbox(&tx, &[id], app.clock.now()).await?;
    let answer = out(&tx, Some(scope), row).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Changes what an item says, moves it, or both; `if_match` is the tag that the editor has seen.
pub async fn edit(
    app: &App,
    scope: &EditorScope,
    id: ItemId,
    if_match: Option<&str>,
    patch: ItemPatch,
) -> Result<(ItemOut, String), ApiError> {
    let mut tries = 3;
    loop {
        tries -= 1;
        match edit_once(app, scope, id, if_match, patch.clone()).await {
            // nobody said what they had seen, so it is put over what stands now
            Err(error) if if_match.is_none() && tries > 0 && error.status() == StatusCode::PRECONDITION_FAILED => {}
            done => return done,
        }
    }
}

async fn edit_once(
    app: &App,
    scope: &EditorScope,
    id: ItemId,
    if_match: Option<&str>,
    mut patch: ItemPatch,
) -> Result<(ItemOut, String), ApiError> {
    let row = store::by_id(&app.db, Some(scope), id).await?.ok_or_else(|| ApiError::not_found("this item"))?;
    if !scope.may_write(row.provider_id) {
        return Err(ApiError::not_allowed("This item belongs to another provider."));
    }
    let held_back = is_held_back(scope.is_curator(), row.status);
    let waiting = if held_back { proposals::waiting(&app.db, &[id]).await?.remove(&id) } else { None };
    check_tag(if_match, &tag(&row, waiting.as_ref()))?;
    let old = one_whole(&app.db, row).await?;
    let (status, note) = (mem::take(&mut patch.status).take(), mem::take(&mut patch.note).take());
    let named = (mem::take(&mut patch.provider_id).take(), mem::take(&mut patch.provider).take());
    let named = named_provider(app, &app.db, scope, named.0, named.1.as_deref()).await?;
    let mut content = match &waiting {
        Some(waiting) => merged(waiting, &old.content)?,
        None => old.content.clone(),
    };
    let since = terms::decided(patch.terms.as_ref(), app.clock.today())?;
    content.provider = named.as_ref().map_or(content.provider, |named| named.id);
    patch.put_on(&mut content);
    content.settle(&mut Hints::default())?;
    if held_back && status.is_none_or(|status| status == old.row.status) {
        return propose(app, scope, old, waiting, &content).await;
    }
    let mut row = old.row.clone();
    let moved = match status.filter(|status| *status != row.status) {
        Some(status) => {
            let said = json!({
                "from": row.status.spelling(),
                "to": status.spelling(),
                "note": tidy(&note.unwrap_or_default()),
                // what was sent back is kept, so that the next look can say what is different
                "said": (status == ItemStatus::Draft).then_some(&old.content),
            });
            move_to(app, scope, &mut row, status)?;
            if matches!(status, ItemStatus::InReview | ItemStatus::Published) {
                content.check_public()?;
            }
            Some(said)
        }
        None => None,
    };

    let tx = db::write(&app.db).await?;
    if let Some(named) = named {
        content.provider = named.made(&tx).await?;
    }
    let differences = differences::between(&old.content, &content);
    let mut notes = Vec::new();
    if !differences.is_empty() {
        refuse_taken(&tx, scope, &content.reference, Some(id)).await?;
        store::put(&content, &mut row);
        notes.push(changed(app, Some(scope.account()), id, "edited", detail(&differences)));
    }
    notes.extend(moved.map(|said| changed(app, Some(scope.account()), id, "moved", said)));
    if notes.is_empty() {
        return out(&tx, Some(scope), old.row).await;
    }
    row.version += 1;
    row.updated_at = app.clock.now();
    match store::update(&tx, row.clone()).await {
        Ok(true) => {}
        Ok(false) => return Err(ApiError::stale()),
        Err(error) => {
            drop(tx);
            return Err(clash(app, scope, &content.reference, error).await);
        }
    }
    store::replace_lists(&tx, &[(id, &content)]).await?;
    let source = Source { account: Some(scope.account()), ..Source::default() };
    store::terms::follow(&tx, &app.clock, &old, &content, &since, source).await?;
    store::note_changes(&tx, notes).await?;
    store::to_outbox(&tx, &[id], app.clock.now()).await?;
    let answer = out(&tx, Some(scope), row).await?;
    tx.commit().await?;
    Ok(answer)
}

fn move_to(app: &App, scope: &EditorScope, row: &mut item::Model, to: ItemStatus) -> Result<(), ApiError> {
    if !rules::moves(row.status, scope.is_curator()).contains(&to) {
        if rules::moves(row.status, true).contains(&to) {
            return Err(ApiError::not_allowed("Only a curator can do this. Submit the item for review instead."));
        }
        let (from, to) = (row.status.spelling().replace('_', " "), to.spelling().replace('_', " "));
        return Err(ApiError::field("status", "not_from_here", format!("An item cannot go from {from} to {to}.")));
    }
    if to == ItemStatus::Published {
        row.published_at = Some(app.clock.now());
    }
    row.status = to;
    Ok(())
}

/// A provider that an editor names.
struct Named {
    id: OrganisationId,
    /// Not in the database yet
    new: Option<organisation::Model>,
    /// An organisation that becomes a provider by this
    to_mark: Option<organisation::Model>,
}

impl Named {
    fn known(id: OrganisationId) -> Self {
        Self { id, new: None, to_mark: None }
    }

    /// Makes it if it is new; of two who make one name at the same time the later finds the earlier's.
    async fn made<C: ConnectionTrait>(self, tx: &C) -> Result<OrganisationId, ApiError> {
        let Self { id, new, to_mark } = self;
        if let Some(row) = to_mark {
            provider::mark(tx, &row).await?;
        }
        let Some(row) = new else { return Ok(id) };
        let name = row.name_folded.clone();
        if provider::insert(tx, vec![row]).await? {
            return Ok(id);
        }
        let there = provider::by_names(tx, std::slice::from_ref(&name)).await?.remove(&name);
        let there = there.ok_or_else(ApiError::busy)?;
        provider::mark(tx, &there).await?;
        Ok(there.id)
    }
}

/// The provider that an editor names, by id or by name; a curator's new name makes a provider.
async fn named_provider<C: ConnectionTrait>(
    app: &App,
    db: &C,
    scope: &EditorScope,
    id: Option<OrganisationId>,
    name: Option<&str>,
) -> Result<Option<Named>, ApiError> {
    let name = name.map(tidy).filter(|name| !name.is_empty());
    let field = if id.is_some() { "provider_id" } else { "provider" };
    if name.as_ref().is_some_and(|name| name.chars().count() > 200) {
        return Err(ApiError::field(field, "too_long", "The provider's name must be at most 200 characters."));
    }
    let found: Option<organisation::Model> = match (id, &name) {
        (Some(id), _) => provider::by_id(db, id).await?,
        (None, Some(name)) => provider::by_names(db, &[fold(name)]).await?.remove(&fold(name)),
        (None, None) => return Ok(None),
    };
    if let Some(found) = found.filter(|found| scope.may_write(found.id)) {
        return Ok(Some(Named { id: found.id, new: None, to_mark: (!found.is_provider).then_some(found) }));
    }
    match name.filter(|_| id.is_none() && scope.is_curator()) {
        Some(name) => {
            let row = provider::new(app, &name);
            Ok(Some(Named { id: row.id, new: Some(row), to_mark: None }))
        }
        None => Err(ApiError::field(field, "unknown_provider", "This is not a provider that you can write for.")),
    }
}

async fn refuse_taken<C: ConnectionTrait>(
    tx: &C,
    scope: &EditorScope,
    reference: &str,
    own: Option<ItemId>,
) -> Result<(), ApiError> {
    match store::reference_taken(tx, reference, own).await? {
        None => Ok(()),
        Some(other) => {
            let message = "Another item has this reference; choose a different one.";
            let refused = ApiError::conflict("reference_taken", message);
            // where it stands is said only to those who may see it
            let seen = store::by_id(tx, Some(scope), other).await?.is_some();
            Err(if seen { refused.with_existing(format!("/api/catalogue/items/{other}")) } else { refused })
        }
    }
}

/// What a failed write says when somebody else took the reference at the same time.
async fn clash(app: &App, scope: &EditorScope, reference: &str, error: DbErr) -> ApiError {
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err()
        && let Err(taken) = refuse_taken(&app.db, scope, reference, None).await
    {
        return taken;
    }
    error.into()
}

/// Holds the caller's `If-Match` against what stands. `*` and absence match anything.
fn check_tag(if_match: Option<&str>, stands: &str) -> Result<(), ApiError> {
    match if_match.map(str::trim) {
        None | Some("*") => Ok(()),
        Some(tags) if tags.split(',').any(|tag| tag.trim() == stands) => Ok(()),
        Some(_) => Err(ApiError::stale()),
    }
}

/// A reference for an item that was given none.
fn reference_of(id: ItemId) -> String {
    let hex = id.0.simple().to_string();
    format!("item-{}", &hex[hex.len() - 10..])
}
