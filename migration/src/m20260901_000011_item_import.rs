//! What each import of items did, so that it can be undone.

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
        let import = Table::create()
            .table("item_import")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(uuid_null("undone_by"))
            .foreign_key(ForeignKey::create().from("item_import", "account_id").to("account", "id"))
            .foreign_key(ForeignKey::create().from("item_import", "undone_by").to("account", "id"))
            .take();
        manager.create_table(import).await?;
        // no key to `item`: what an import made goes when it is undone
        let row = Table::create()
            .table("item_import_row")
            .col(uuid("import_id"))
            .col(uuid("item_id"))
            .col(column::text_null("before"))
            .col(integer("version"))
            .primary_key(Index::create().col("import_id").col("item_id"))
            .foreign_key(ForeignKey::create().from("item_import_row", "import_id").to("item_import", "id"))
            .take();
        manager.create_table(row).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("item_import_row").take()).await?;
        manager.drop_table(Table::drop().table("item_import").take()).await
    }
}
