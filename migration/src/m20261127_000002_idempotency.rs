//! What an answer that is kept for a retry also holds: where the thing made stands, and what its
//! caller might do then, so that it is not given to somebody whose right has gone.

use sea_orm_migration::prelude::*;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // answers of before do not say whose right they stood on: their keys are forgotten
        manager.get_connection().execute_unprepared("DELETE FROM idempotency").await?;
        let rights = column::text("rights").default("").take();
        manager.alter_table(Table::alter().table("idempotency").add_column(rights).take()).await?;
        let location = column::text_null("location").take();
        manager.alter_table(Table::alter().table("idempotency").add_column(location).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("idempotency").drop_column("location").take()).await?;
        manager.alter_table(Table::alter().table("idempotency").drop_column("rights").take()).await
    }
}
