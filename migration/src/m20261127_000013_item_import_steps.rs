//! An import remembers its file's name, and for each item the version on which it was built: so the
//! import before can be undone when this one was.

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
        let name = Table::alter().table("item_import").add_column(column::text_null("file_name")).take();
        manager.alter_table(name).await?;
        let version = Table::alter().table("item_import_row").add_column(integer_null("version_before")).take();
        manager.alter_table(version).await?;
        let versions = "UPDATE item_import_row SET version_before = version - 1 WHERE before IS NOT NULL";
        manager.get_connection().execute_unprepared(versions).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("item_import").drop_column("file_name").take()).await?;
        manager.alter_table(Table::alter().table("item_import_row").drop_column("version_before").take()).await
    }
}
