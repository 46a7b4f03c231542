//! Requirements and exemptions.

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
                    .table("requirement")
                    .col(uuid("id").primary_key())
                    .col(uuid_null("organisation_id"))
                    .col(column::text("name"))
                    .col(column::text_null("role"))
                    .col(column::text_null("theme"))
                    .col(column::text_null("level"))
                    .col(integer("grace_days"))
                    .col(integer("window_days"))
                    .col(column::text("minimum_assurance"))
                    .col(date("starts_on"))
                    .col(date_null("ends_on"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("requirement", "organisation_id").to("organisation", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ix_requirement_organisation_id")
                    .table("requirement")
                    .col("organisation_id")
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("requirement_item")
                    .col(uuid("requirement_id"))
                    .col(uuid("item_id"))
                    .primary_key(Index::create().col("requirement_id").col("item_id"))
                    .foreign_key(
                        ForeignKey::create().from("requirement_item", "requirement_id").to("requirement", "id"),
                    )
                    .foreign_key(ForeignKey::create().from("requirement_item", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("exemption")
                    .col(uuid("id").primary_key())
                    .col(uuid("requirement_id"))
                    .col(uuid("person_id"))
                    .col(column::text("reason"))
                    .col(date("starts_on"))
                    .col(date_null("ends_on"))
                    .col(uuid_null("granted_by"))
                    .col(timestamp_with_time_zone("granted_at"))
                    .foreign_key(ForeignKey::create().from("exemption", "requirement_id").to("requirement", "id"))
                    .foreign_key(ForeignKey::create().from("exemption", "person_id").to("person", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_exemption_requirement_id").table("exemption").col("requirement_id").take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_exemption_person_id").table("exemption").col("person_id").take())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["exemption", "requirement_item", "requirement"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
