//! Use cases of the security log, and of what an organisation is told of it.

use entity::id::AccountId;
use entity::security_event;
use entity::value::SecurityKind;

use crate::access::{AdminScope, OrgScope, names};
use crate::account::store::security;
use crate::account::wire::{SecurityEventOut, SelfGrantedOut, SelfGrantsOut};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::state::App;

/// What happened, latest first.
pub async fn list(
    app: &App,
    scope: &AdminScope,
    wanted: (Option<SecurityKind>, Option<AccountId>),
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<SecurityEventOut>, ApiError> {
    let limit = page::limit(limit);
    let read = db::read(&app.db).await?;
    let rows = security::events(&read, scope, wanted, page::key(cursor)?, limit + 1).await?;
    let people: Vec<_> = rows.iter().flat_map(|row| [row.account_id, row.by_id]).flatten().collect();
    let known = names::known(&read, people).await?;
    let called = |id: Option<AccountId>| id.and_then(|id| known.get(&id).cloned()).map(|one| (one.name, one.email));
    let wire = |row: security_event::Model| {
        let security_event::Model { id, at, kind, account_id, by_id, address, detail } = row;
        let (account, account_email) = called(account_id).unzip();
        let (by, by_email) = called(by_id).unzip();
        SecurityEventOut { id, at, kind, account_id, account, account_email, by, by_email, address, detail }
    };
    Ok(Page::of(rows, limit, |row| (row.at, row.id), wire))
}

/// Roles for this organisation that an administrator gave to themselves, now or lately.
pub async fn self_granted(app: &App, scope: &OrgScope) -> Result<SelfGrantsOut, ApiError> {
    let read = db::read(&app.db).await?;
    let rows = security::self_granted(&read, scope, app.clock.now()).await?;
    let known = names::accounts(&read, rows.iter().map(|grant| grant.account_id)).await?;
    let items = rows.into_iter().map(|grant| SelfGrantedOut {
        id: grant.id,
        by: known.get(&grant.account_id).cloned().unwrap_or_default(),
        role: grant.role,
        granted_at: grant.granted_at,
        revoked_at: grant.revoked_at,
    });
    Ok(SelfGrantsOut { items: items.collect() })
}
