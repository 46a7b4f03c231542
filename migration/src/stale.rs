//! Triggers that note which kept statuses a change makes stale, in the transaction of the change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261127_000041_requirement_status::trigger;

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

/// From now on every change of the table notes `kind` with what its rows hold in the column.
pub async fn note(manager: &SchemaManager<'_>, table: &str, kind: &str, column: &str) -> Result<(), DbErr> {
    for event in EVENTS {
        for statement in trigger(manager.get_database_backend(), table, event, kind, column) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// No longer.
pub async fn forget(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    for event in EVENTS {
        let name = name(table, event);
        let statement = match manager.get_database_backend() {
            DbBackend::Postgres => format!("DROP FUNCTION {name} CASCADE"),
            _ => format!("DROP TRIGGER {name}"),
        };
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}

fn name(table: &str, event: &str) -> String {
    format!("status_stale_{table}_{}", event.to_lowercase())
}
