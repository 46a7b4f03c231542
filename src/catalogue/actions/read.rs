//! Reading items, lists of them and their history.

use std::collections::HashMap;

use entity::id::{AccountId, ItemId, OrganisationId};
use entity::item;
use entity::value::{ItemStatus, ProposalState};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::proposal::{is_held_back, tag};
use crate::access::{EditorScope, names};
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::etag;
use crate::base::fold::tidy;
use crate::base::page::{self, Page};
use crate::catalogue::rules;
use crate::catalogue::store::{self, Wanted, Whole, proposals};
use crate::catalogue::wire::{EditorRights, ItemChangeOut, ItemOut, ItemRowOut, ListOrder, ProposalOut};
use crate::state::App;

const SIMILAR: u64 = 4;

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
    let read = db::read(&app.db).await?;
    let rows = if order == ListOrder::Title {
        store::list_by_title(&read, &wanted, page::key(cursor)?, limit).await?
    } else {
        let newest = order == ListOrder::Newest;
        store::list_by_change(&read, &wanted, page::key(cursor)?, newest, limit).await?
    };
    let total = store::count(&read, &wanted).await?;
    let names = provider_names(&read, &rows).await?;
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
    let read = db::read(&app.db).await?;
    let found = match Uuid::try_parse(name) {
        Ok(id) => store::by_id(&read, scope, ItemId(id)).await?,
        Err(_) => store::by_reference(&read, scope, &tidy(name)).await?,
    };
    let row = found.ok_or_else(|| ApiError::not_found("this item"))?;
    out(&read, scope, row).await
}

/// An item's history, for those who may write it.
pub async fn history(
    app: &App,
    scope: &EditorScope,
    id: ItemId,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<ItemChangeOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let row = store::by_id(&read, Some(scope), id).await?.filter(|row| scope.may_write(row.provider_id));
    row.ok_or_else(|| ApiError::not_found("this item"))?;
    let limit = page::limit(limit);
    let rows = store::changes(&read, id, page::key(cursor)?, limit).await?;
    let emails = store::emails(&read, rows.iter().filter_map(|row| row.account_id).collect()).await?;
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

/// What a caller may do with an item.
pub fn rights(scope: &EditorScope, row: &item::Model) -> EditorRights {
    if !scope.may_write(row.provider_id) {
        return EditorRights::default();
    }
    EditorRights {
        may_edit: true,
        held_back: is_held_back(scope.is_curator(), row.status),
        moves: rules::moves(row.status, scope.is_curator()).to_vec(),
        proposal: None,
    }
}

pub async fn out<C: Snapshot>(
    db: &C,
    scope: Option<&EditorScope>,
    row: item::Model,
) -> Result<(ItemOut, String), ApiError> {
    let whole = one_whole(db, row).await?;
    let similar = store::similar(db, whole.row.id, &whole.content.topics, SIMILAR).await?;
    let similar = rows_out(db, similar).await?;
    let mut rights = scope.map(|scope| rights(scope, &whole.row)).unwrap_or_default();
    let mut seen = etag::etag(whole.row.version);
    if rights.may_edit {
        let open = [ProposalState::Waiting, ProposalState::SentBack];
        let last = proposals::last(db, whole.row.id).await?.filter(|last| open.contains(&last.row.state));
        let waiting = last.as_ref().filter(|last| last.row.state == ProposalState::Waiting);
        if rights.held_back {
            seen = tag(&whole.row, waiting);
        }
        rights.proposal = last.as_ref().map(|last| ProposalOut::from(&last.row));
    }
    Ok((ItemOut::new(whole, similar, rights), seen))
}

/// Items as a list shows them, with their providers' names.
pub async fn rows_out<C: ConnectionTrait>(db: &C, rows: Vec<item::Model>) -> Result<Vec<ItemRowOut>, DbErr> {
    let names = provider_names(db, &rows).await?;
    Ok(rows.into_iter().map(|row| row_out(row, &names)).collect())
}

pub type ProviderNames = HashMap<OrganisationId, String>;

pub async fn provider_names<C: ConnectionTrait>(db: &C, rows: &[item::Model]) -> Result<ProviderNames, DbErr> {
    names::organisations(db, rows.iter().map(|row| row.provider_id)).await
}

fn row_out(row: item::Model, names: &ProviderNames) -> ItemRowOut {
    let provider = names.get(&row.provider_id).cloned().unwrap_or_default();
    ItemRowOut::new(row, provider)
}

pub async fn one_whole<C: ConnectionTrait>(db: &C, row: item::Model) -> Result<Whole, ApiError> {
    let whole = store::whole(db, vec![row]).await?.pop();
    whole.ok_or_else(|| ApiError::not_found("this item"))
}
