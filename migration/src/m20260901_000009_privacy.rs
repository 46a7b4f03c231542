//! The access ledger.

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
        manager
            .create_table(
                Table::create()
                    .table("access_event")
                    .col(uuid("id").primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid("account_id"))
                    .col(uuid_null("organisation_id"))
                    .col(uuid("person_id"))
                    .col(column::text("what"))
                    .foreign_key(ForeignKey::create().from("access_event", "person_id").to("person", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_access_event_person_id").table("access_event").col("person_id").take(),
            )
            .await?;
        let looks = Index::create()
            .name("ix_access_event_account_id_at")
            .table("access_event")
            .col("account_id")
            .col("at")
            .take();
        manager.create_index(looks).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["access_event"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
