//! A version for each domain of data, so that a write makes only what depends on it anew.

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
        manager.drop_table(Table::drop().table("data_version").take()).await?;
        let table = Table::create()
            .table("data_version")
            .col(column::text("domain").primary_key())
            .col(big_integer("number"))
            .take();
        manager.create_table(table).await?;
        let rows = "INSERT INTO data_version (domain, number) VALUES ('workforce', 1), ('organisations', 1), \
             ('learning', 1), ('requirements', 1), ('catalogue', 1), ('reference', 1), ('accounts', 1)";
        manager.get_connection().execute_unprepared(rows).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("data_version").take()).await?;
        let table = Table::create().table("data_version").col(big_integer("number")).take();
        manager.create_table(table).await?;
        manager.get_connection().execute_unprepared("INSERT INTO data_version (number) VALUES (1)").await?;
        Ok(())
    }
}
