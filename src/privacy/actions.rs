//! Use cases of privacy.

use super::store;
use super::wire::AccessEventOut;
use crate::access::ledger::Seen;
use crate::access::{SelfScope, names};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::state::App;

/// Who saw my record, latest first.
pub async fn accesses(
    app: &App,
    scope: &SelfScope,
    cursor: Option<&str>,
    limit: Option<u64>,
) -> Result<Page<AccessEventOut>, ApiError> {
    let limit = page::limit(limit);
    let after = page::key(cursor)?;
    let read = db::read(&app.db).await?;
    let rows = store::events(&read, scope, after, limit + 1).await?;
    let callers = names::accounts(&read, rows.iter().map(|row| row.account_id)).await?;
    let names = names::organisations(&read, rows.iter().filter_map(|row| row.organisation_id)).await?;
    drop(read);
    Ok(Page::of(
        rows,
        limit,
        |row| (row.at, row.id),
        |row| AccessEventOut {
            id: row.id,
            at: row.at,
            what: Seen::spelled(&row.what).unwrap_or(Seen::Learning),
            by: callers
                .get(&row.account_id)
                .cloned()
                .unwrap_or_else(|| "An account that is no longer there".to_owned()),
            organisation_name: row.organisation_id.and_then(|id| names.get(&id).cloned()),
            organisation_id: row.organisation_id,
        },
    ))
}
