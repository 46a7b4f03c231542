//! Text columns without a length: PostgreSQL and SQLite both store them best that way.

use sea_orm_migration::prelude::*;

pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

pub fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}
