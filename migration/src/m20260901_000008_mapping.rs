//! Collections, returns and releases.

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
                    .table("collection")
                    .col(uuid("id").primary_key())
                    .col(column::text("slug"))
                    .col(column::text("name"))
                    .col(date("as_at"))
                    .col(timestamp_with_time_zone("opened_at"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("uq_collection_slug").table("collection").col("slug").unique().take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("collection_return")
                    .col(uuid("collection_id"))
                    .col(uuid("organisation_id"))
                    .col(timestamp_with_time_zone("signed_off_at"))
                    .col(uuid_null("signed_off_by"))
                    .primary_key(Index::create().col("collection_id").col("organisation_id"))
                    .foreign_key(ForeignKey::create().from("collection_return", "collection_id").to("collection", "id"))
                    .foreign_key(
                        ForeignKey::create().from("collection_return", "organisation_id").to("organisation", "id"),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("release")
                    .col(uuid("id").primary_key())
                    .col(column::text("question_hash"))
                    .col(json("question"))
                    .col(json("table"))
                    .col(json("manifest"))
                    .col(column::text("sha256"))
                    .col(column::text("rule_version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(uuid_null("created_by"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("uq_release_question_hash").table("release").col("question_hash").unique().take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["release", "collection_return", "collection"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
