//! Changes of public items that wait for a curator.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let foreign = |column: &'static str, table: &'static str| {
            ForeignKey::create().from("item_proposal", column).to(table, "id").take()
        };
        let table = Table::create()
            .table("item_proposal")
            .col(uuid("id").primary_key())
            .col(uuid("item_id"))
            .col(uuid("provider_id"))
            .col(column::text("base"))
            .col(column::text("content"))
            .col(column::text("state"))
            .col(column::text_null("live_key"))
            .col(uuid_null("import_id"))
            .col(timestamp_with_time_zone("proposed_at"))
            .col(uuid_null("proposed_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(uuid_null("decided_by"))
            .col(column::text_null("reason"))
            .foreign_key(&mut foreign("item_id", "item"))
            .foreign_key(&mut foreign("provider_id", "organisation"))
            .foreign_key(&mut foreign("import_id", "item_import"))
            .foreign_key(&mut foreign("proposed_by", "account"))
            .foreign_key(&mut foreign("decided_by", "account"))
            .take();
        manager.create_table(table).await?;
        let index = |name: &'static str, column: &'static str| {
            Index::create().name(name).table("item_proposal").col(column).take()
        };
        manager.create_index(index("ix_item_proposal_item_id", "item_id")).await?;
        manager.create_index(index("ix_item_proposal_import_id", "import_id")).await?;
        manager.create_index(index("uq_item_proposal_live_key", "live_key").unique().take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("item_proposal").take()).await
    }
}
