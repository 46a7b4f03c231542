//! Use cases of items: reading, listing, creating, editing and moving them. Every change is
//! attributed, and tells the search in the same transaction.

use std::collections::HashMap;

use entity::id::{AccountId, ItemId, OrganisationId};
use entity::value::{ItemStatus, Spelled};
use entity::{change, item, organisation};
use poem_openapi::types::MaybeUndefined;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{self, Content, Difference};
use super::store::{self, Wanted, Whole};
use super::wire::{EditorRights, ItemChangeOut, ItemIn, ItemOut, ItemPatch, ItemRowOut, ListOrder};
use super::{markdown, provider};
use crate::access::{Caller, EditorScope, SystemScope, names};
use crate::base::error::ApiError;
use crate::base::fold::{fold, tidy};
use crate::base::page::{self, Page};
use crate::base::{db, etag};
use crate::state::App;

const SIMILAR: u64 = 4;

/// Who changes the catalogue.
#[derive(Clone, Debug)]
pub enum Actor {
    Editor(EditorScope),
    /// The command line and the demo
    Program(SystemScope),
}

impl Actor {
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Editor(scope) => Some(scope.account()),
            Self::Program(_) => None,
        }
    }

    pub fn is_curator(&self) -> bool {
        match self {
            Self::Editor(scope) => scope.is_curator(),
            Self::Program(_) => true,
        }
    }

    pub fn may_write(&self, provider: OrganisationId) -> bool {
        match self {
            Self::Editor(scope) => scope.may_write(provider),
            Self::Program(_) => true,
        }
    }
}

/// What a visitor may write, if anything.
pub fn editor(caller: Option<&Caller>) -> Option<EditorScope> {
    caller.and_then(|caller| caller.editor().ok())
}

/// What a list is asked for, as it came.
#[derive(Debug, Default)]
pub struct ListQuery {
    pub status: Option<ItemStatus>,
    pub provider: Option<OrganisationId>,
    pub text: Option<String>,
    pub own_only: bool,
    pub order: ListOrder,
    pub cursor: Option<String>,
    pub limit: Option<u64>,
}

pub async fn list(app: &App, scope: Option<&EditorScope>, query: ListQuery) -> Result<Page<ItemRowOut>, ApiError> {
    let ListQuery { status, provider, text, own_only, order, cursor, limit } = query;
    let text = text.map(|text| tidy(&text));
    let wanted = Wanted { scope, own_only, status, provider, text: text.as_deref() };
    let limit = page::limit(limit);
    let cursor = cursor.as_deref();
    let rows = if order == ListOrder::Title {
        store::list_by_title(&app.db, &wanted, page::key(cursor)?, limit).await?
    } else {
        let newest = order == ListOrder::Newest;
        store::list_by_change(&app.db, &wanted, page::key(cursor)?, newest, limit).await?
    };
    let total = store::count(&app.db, &wanted).await?;
    let names = provider_names(&app.db, &rows).await?;
    let wire = |row| row_out(row, &names);
    let mut page = match order {
        ListOrder::Title => Page::of(rows, limit, |row| (row.title_folded.clone(), row.id), wire),
        _ => Page::of(rows, limit, |row| (row.updated_at, row.id), wire),
    };
    page.total = Some(total);
    Ok(page)
}

/// An item by its id or its reference, with its entity tag.
pub async fn read(app: &App, scope: Option<&EditorScope>, name: &str) -> Result<(ItemOut, String), ApiError> {
    let found = match Uuid::try_parse(name) {
        Ok(id) => store::by_id(&app.db, scope, ItemId(id)).await?,
        Err(_) => store::by_reference(&app.db, scope, &tidy(name)).await?,
    };
    let row = found.ok_or_else(|| ApiError::not_found("this item"))?;
    out(app, scope, row).await
}

/// An item's history, for those who may write it.
pub async fn history(
    app: &App,
    scope: &EditorScope,
    id: ItemId,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<ItemChangeOut>, ApiError> {
    let row = store::by_id(&app.db, Some(scope), id).await?.filter(|row| scope.may_write(row.provider_id));
    row.ok_or_else(|| ApiError::not_found("this item"))?;
    let limit = page::limit(limit);
    let rows = store::changes(&app.db, id, page::key(cursor)?, limit).await?;
    let emails = store::emails(&app.db, rows.iter().filter_map(|row| row.account_id).collect()).await?;
    let by = |account: Option<AccountId>| match account {
        None => "Cairn".to_owned(),
        Some(own) if own == scope.account() => "You".to_owned(),
        Some(other) if scope.is_curator() => emails.get(&other).cloned().unwrap_or_default(),
        Some(_) => "Another editor".to_owned(),
    };
    Ok(Page::of(
        rows,
        limit,
        |row| row.id,
        |row| {
            let by = by(row.account_id);
            ItemChangeOut::new(row, by)
        },
    ))
}

async fn out(app: &App, scope: Option<&EditorScope>, row: item::Model) -> Result<(ItemOut, String), ApiError> {
    let whole = one_whole(&app.db, row).await?;
    let similar = store::similar(&app.db, whole.row.id, &whole.content.topics, SIMILAR).await?;
    let similar = rows_out(&app.db, similar).await?;
    let rights = scope.filter(|scope| scope.may_write(whole.row.provider_id)).map(|scope| EditorRights {
        may_edit: true,
        moves: rules::moves(whole.row.status, scope.is_curator()).to_vec(),
    });
    let tag = etag::etag(whole.row.version);
    Ok((ItemOut::new(whole, similar, rights.unwrap_or_default()), tag))
}

/// Items as a list shows them, with their providers' names.
pub async fn rows_out<C: ConnectionTrait>(db: &C, rows: Vec<item::Model>) -> Result<Vec<ItemRowOut>, DbErr> {
    let names = provider_names(db, &rows).await?;
    Ok(rows.into_iter().map(|row| row_out(row, &names)).collect())
}

type ProviderNames = HashMap<OrganisationId, String>;

async fn provider_names<C: ConnectionTrait>(db: &C, rows: &[item::Model]) -> Result<ProviderNames, DbErr> {
    names::organisations(db, rows.iter().map(|row| row.provider_id)).await
}

fn row_out(row: item::Model, names: &ProviderNames) -> ItemRowOut {
    let provider = names.get(&row.provider_id).cloned().unwrap_or_default();
    ItemRowOut::new(row, provider)
}

async fn one_whole<C: ConnectionTrait>(db: &C, row: item::Model) -> Result<Whole, ApiError> {
    let whole = store::whole(db, vec![row]).await?.pop();
    whole.ok_or_else(|| ApiError::not_found("this item"))
}

/// A new draft.
pub async fn create(app: &App, scope: &EditorScope, new: ItemIn) -> Result<(ItemOut, String), ApiError> {
    let id: ItemId = app.clock.id();
    let tx = db::write(&app.db).await?;
    let provider = provider_for(app, &tx, scope, new.provider_id, new.provider.as_deref()).await?;
    let provider = match (provider, scope.providers()) {
        (Some(provider), _) => provider,
        (None, [only]) if !scope.is_curator() => *only,
        (None, _) => return Err(ApiError::field("provider", "missing", "Enter who provides it.")),
    };
    let reference = new.reference.clone().filter(|text| !text.trim().is_empty()).unwrap_or_else(|| reference_of(id));
    let mut content = new.content(reference, provider);
    content.settle()?;
    refuse_taken(&tx, &content.reference, None).await?;
    let row = new_row(app, id, &content, ItemStatus::Draft, Some(scope.account()));
    store::insert(&tx, &[(row.clone(), content)]).await?;
    let note = changed(app, Some(scope.account()), id, "created", json!({}));
    store::note_changes(&tx, vec![note]).await?;
    store::to_outbox(&tx, &[id], app.clock.now()).await?;
    tx.commit().await?;
    out(app, Some(scope), row).await
}

/// Changes what an item says, moves it, or both; `if_match` is the tag that the editor has seen.
pub async fn edit(
    app: &App,
    scope: &EditorScope,
    id: ItemId,
    if_match: Option<&str>,
    patch: ItemPatch,
) -> Result<(ItemOut, String), ApiError> {
    let tx = db::write(&app.db).await?;
    let row = store::by_id(&tx, Some(scope), id).await?.ok_or_else(|| ApiError::not_found("this item"))?;
    if !scope.may_write(row.provider_id) {
        return Err(ApiError::not_allowed("This item belongs to another provider."));
    }
    etag::check(if_match, row.version)?;
    let old = one_whole(&tx, row).await?;
    let (status, note) = (patch.status, patch.note.clone());
    let named = (patch.provider_id.take(), patch.provider.clone().take());
    let mut content = old.content.clone();
    if let Some(provider) = provider_for(app, &tx, scope, named.0, named.1.as_deref()).await? {
        content.provider = provider;
    }
    patch.put_on(&mut content);
    content.settle()?;
    let differences = rules::differences(&old.content, &content);
    let mut row = old.row.clone();
    let mut notes = Vec::new();
    if !differences.is_empty() {
        refuse_taken(&tx, &content.reference, Some(id)).await?;
        store::put(&content, &mut row);
        notes.push(changed(app, Some(scope.account()), id, "edited", detail(&differences)));
    }
    if let MaybeUndefined::Value(status) = status
        && status != row.status
    {
        let note = tidy(&note.take().unwrap_or_default());
        let moved = json!({"from": row.status.spelling(), "to": status.spelling(), "note": note});
        move_to(app, scope, &mut row, status)?;
        notes.push(changed(app, Some(scope.account()), id, "moved", moved));
    }
    if notes.is_empty() {
        return out(app, Some(scope), old.row).await;
    }
    row.version += 1;
    row.updated_at = app.clock.now();
    if !store::update(&tx, row.clone()).await? {
        return Err(ApiError::stale());
    }
    store::replace_lists(&tx, &[(id, &content)]).await?;
    store::note_changes(&tx, notes).await?;
    store::to_outbox(&tx, &[id], app.clock.now()).await?;
    tx.commit().await?;
    out(app, Some(scope), row).await
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

/// The provider that an editor names, by id or by name; a curator's new name makes a provider.
async fn provider_for<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &EditorScope,
    id: Option<OrganisationId>,
    name: Option<&str>,
) -> Result<Option<OrganisationId>, ApiError> {
    let name = name.map(tidy).filter(|name| !name.is_empty());
    let found: Option<organisation::Model> = match (id, &name) {
        (Some(id), _) => provider::by_id(tx, id).await?,
        (None, Some(name)) => provider::by_names(tx, &[fold(name)]).await?.remove(&fold(name)),
        (None, None) => return Ok(None),
    };
    if let Some(found) = found.filter(|found| scope.may_write(found.id)) {
        provider::mark(tx, &found).await?;
        return Ok(Some(found.id));
    }
    let field = if id.is_some() { "provider_id" } else { "provider" };
    match name.filter(|_| id.is_none() && scope.is_curator()) {
        Some(name) if name.chars().count() > 200 => {
            Err(ApiError::field(field, "too_long", "The provider's name must be at most 200 characters."))
        }
        Some(name) => {
            let row = provider::new(app, &name);
            provider::insert(tx, vec![row.clone()]).await?;
            Ok(Some(row.id))
        }
        None => Err(ApiError::field(field, "unknown_provider", "This is not a provider that you can write for.")),
    }
}

async fn refuse_taken<C: ConnectionTrait>(tx: &C, reference: &str, own: Option<ItemId>) -> Result<(), ApiError> {
    match store::reference_taken(tx, reference, own).await? {
        None => Ok(()),
        Some(other) => {
            let message = "Another item has this reference; choose a different one.";
            Err(ApiError::conflict("reference_taken", message).with_existing(format!("/api/catalogue/items/{other}")))
        }
    }
}

/// A reference for an item that was given none.
fn reference_of(id: ItemId) -> String {
    let hex = id.0.simple().to_string();
    format!("item-{}", &hex[hex.len() - 10..])
}

pub fn new_row(
    app: &App,
    id: ItemId,
    content: &Content,
    status: ItemStatus,
    created_by: Option<AccountId>,
) -> item::Model {
    let now = app.clock.now();
    let mut row = item::Model {
        id,
        reference: String::new(),
        kind: content.kind,
        title: String::new(),
        title_folded: String::new(),
        summary: String::new(),
        description: String::new(),
        provider_id: content.provider,
        url: None,
        level: None,
        audience: String::new(),
        delivery: String::new(),
        minutes: None,
        cost: String::new(),
        cost_pence: None,
        scqf_level: None,
        scqf_credit: None,
        language: String::new(),
        area: None,
        licence: None,
        validity_months: None,
        provenance: content.provenance,
        review_by: None,
        status,
        version: 1,
        created_at: now,
        updated_at: now,
        published_at: (status == ItemStatus::Published).then_some(now),
        created_by,
    };
    store::put(content, &mut row);
    row
}

/// One line of an item's history.
pub fn changed(app: &App, account: Option<AccountId>, id: ItemId, action: &str, detail: Value) -> change::Model {
    change::Model {
        id: app.clock.id(),
        at: app.clock.now(),
        account_id: account,
        subject: "item".to_owned(),
        subject_id: id.0,
        action: action.to_owned(),
        detail,
    }
}

/// What changed, each text cut to what a history needs.
pub fn detail(differences: &[Difference]) -> Value {
    let cut = |text: &str| text.chars().take(300).collect::<String>();
    let fields: Vec<Value> = differences
        .iter()
        .map(|Difference { field, from, to }| json!({"field": field, "from": cut(from), "to": cut(to)}))
        .collect();
    json!({ "fields": fields })
}

/// Markdown as it will look, for an editor who is still writing.
pub fn preview(markdown: &str) -> String {
    markdown::html(&markdown.chars().take(20_000).collect::<String>())
}
