//! Completions and evidence.

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
                    .table("completion")
                    .col(uuid("id").primary_key())
                    .col(uuid("person_id"))
                    .col(uuid("item_id"))
                    .col(date("completed_on"))
                    .col(date_null("expires_on"))
                    .col(column::text_null("note"))
                    .col(column::text("assurance"))
                    .col(column::text("state"))
                    .col(column::text_null("live_key"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(uuid_null("recorded_by"))
                    .col(integer("version"))
                    .foreign_key(ForeignKey::create().from("completion", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("completion", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_completion_person_id")
                    .table("completion")
                    .col("person_id")
                    // the rest so that a team's matrix is answered from the index alone
                    .col("item_id")
                    .col("state")
                    .col("completed_on")
                    .col("expires_on")
                    .col("assurance")
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_completion_item_id").table("completion").col("item_id").take())
            .await?;
        manager
            .create_index(
                Index::create().name("uq_completion_live_key").table("completion").col("live_key").unique().take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("completion_event")
                    .col(uuid("id").primary_key())
                    .col(uuid("completion_id"))
                    .col(column::text("kind"))
                    .col(column::text("assurance"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("organisation_id"))
                    .col(column::text_null("reason"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(ForeignKey::create().from("completion_event", "completion_id").to("completion", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_completion_event_completion_id")
                    .table("completion_event")
                    .col("completion_id")
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("evidence")
                    .col(uuid("id").primary_key())
                    .col(uuid("person_id"))
                    .col(uuid_null("completion_id"))
                    .col(column::text("file_key"))
                    .col(column::text("file_name"))
                    .col(column::text("media_type"))
                    .col(integer("bytes"))
                    .col(column::text("sha256"))
                    .col(timestamp_with_time_zone("uploaded_at"))
                    .col(uuid_null("uploaded_by"))
                    .col(timestamp_with_time_zone_null("removed_at"))
                    .foreign_key(ForeignKey::create().from("evidence", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("evidence", "completion_id").to("completion", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_evidence_person_id").table("evidence").col("person_id").take())
            .await?;
        manager
            .create_index(
                Index::create().name("ix_evidence_completion_id").table("evidence").col("completion_id").take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["evidence", "completion_event", "completion"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
