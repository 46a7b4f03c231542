//! Organisations, their services and posts.

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
                    .table("organisation")
                    .col(uuid("id").primary_key())
                    .col(column::text("name"))
                    .col(column::text("name_folded"))
                    .col(column::text("sector"))
                    .col(boolean("is_employer"))
                    .col(boolean("is_provider"))
                    .col(column::text("pay_framework"))
                    .col(boolean("synthetic"))
                    .col(date_null("reviewed_on"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_organisation_name_folded").table("organisation").col("name_folded").take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("service")
                    .col(uuid("id").primary_key())
                    .col(uuid("organisation_id"))
                    .col(column::text("name"))
                    .col(column::text("area"))
                    .col(column::text("service_type"))
                    .col(column::text("tier"))
                    .col(column::text("sector"))
                    .col(date("opened_on"))
                    .col(date_null("closed_on"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("service", "organisation_id").to("organisation", "id"))
                    .foreign_key(ForeignKey::create().from("service", "area").to("area", "slug"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_service_organisation_id").table("service").col("organisation_id").take(),
            )
            .await?;
        manager.create_index(Index::create().name("ix_service_area").table("service").col("area").take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("service_area")
                    .col(uuid("service_id"))
                    .col(column::text("area"))
                    .primary_key(Index::create().col("service_id").col("area"))
                    .foreign_key(ForeignKey::create().from("service_area", "service_id").to("service", "id"))
                    .foreign_key(ForeignKey::create().from("service_area", "area").to("area", "slug"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("post")
                    .col(uuid("id").primary_key())
                    .col(uuid("service_id"))
                    .col(column::text("reference"))
                    .col(column::text("role"))
                    .col(boolean("peer_role"))
                    .col(boolean("volunteer"))
                    .col(column::text("pay_framework"))
                    .col(date_null("funding_ends_on"))
                    .col(date("opened_on"))
                    .col(date_null("closed_on"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(ForeignKey::create().from("post", "service_id").to("service", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(Index::create().name("ix_post_service_id").table("post").col("service_id").take()).await?;
        manager.create_index(Index::create().name("ix_post_role").table("post").col("role").take()).await?;
        manager
            .create_index(
                Index::create()
                    .name("uq_post_service_id_reference")
                    .table("post")
                    .col("service_id")
                    .col("reference")
                    .unique()
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("post_establishment")
                    .col(uuid("id").primary_key())
                    .col(uuid("post_id"))
                    .col(date("starts_on"))
                    .col(integer("wte_thousandths"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(timestamp_with_time_zone_null("superseded_at"))
                    .foreign_key(ForeignKey::create().from("post_establishment", "post_id").to("post", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("ix_post_establishment_post_id").table("post_establishment").col("post_id").take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["post_establishment", "post", "service_area", "service", "organisation"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
