//! Catalogue items and the search outbox.

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
                    .table("item")
                    .col(uuid("id").primary_key())
                    .col(column::text("reference"))
                    .col(column::text("kind"))
                    .col(column::text("title"))
                    .col(column::text("title_folded"))
                    .col(column::text("summary"))
                    .col(column::text("description"))
                    .col(uuid("provider_id"))
                    .col(column::text_null("url"))
                    .col(column::text_null("level"))
                    .col(column::text("audience"))
                    .col(column::text("delivery"))
                    .col(integer_null("minutes"))
                    .col(column::text("cost"))
                    .col(integer_null("cost_pence"))
                    .col(integer_null("scqf_level"))
                    .col(integer_null("scqf_credit"))
                    .col(column::text("language"))
                    .col(column::text_null("area"))
                    .col(column::text_null("licence"))
                    .col(integer_null("validity_months"))
                    .col(column::text("provenance"))
                    .col(date_null("review_by"))
                    .col(column::text("status"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .col(timestamp_with_time_zone_null("published_at"))
                    .col(uuid_null("created_by"))
                    .foreign_key(ForeignKey::create().from("item", "provider_id").to("organisation", "id"))
                    .foreign_key(ForeignKey::create().from("item", "area").to("area", "slug"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_item_title_folded").table("item").col("title_folded").take())
            .await?;
        manager
            .create_index(Index::create().name("ix_item_provider_id").table("item").col("provider_id").take())
            .await?;
        manager.create_index(Index::create().name("ix_item_status").table("item").col("status").take()).await?;
        manager
            .create_index(Index::create().name("uq_item_reference").table("item").col("reference").unique().take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("item_topic")
                    .col(uuid("item_id"))
                    .col(column::text("topic"))
                    .primary_key(Index::create().col("item_id").col("topic"))
                    .foreign_key(ForeignKey::create().from("item_topic", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("item_theme")
                    .col(uuid("item_id"))
                    .col(column::text("theme"))
                    .col(column::text_null("level"))
                    .primary_key(Index::create().col("item_id").col("theme"))
                    .foreign_key(ForeignKey::create().from("item_theme", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("item_mat_standard")
                    .col(uuid("item_id"))
                    .col(integer("mat_standard"))
                    .primary_key(Index::create().col("item_id").col("mat_standard"))
                    .foreign_key(ForeignKey::create().from("item_mat_standard", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("pathway_step")
                    .col(uuid("pathway_id"))
                    .col(uuid("item_id"))
                    .col(integer("position"))
                    .primary_key(Index::create().col("pathway_id").col("item_id"))
                    .foreign_key(ForeignKey::create().from("pathway_step", "pathway_id").to("item", "id"))
                    .foreign_key(ForeignKey::create().from("pathway_step", "item_id").to("item", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("search_outbox")
                    .col(ColumnDef::new("seq").big_integer().not_null().auto_increment().primary_key())
                    .col(uuid("item_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("search_position")
                    .col(column::text("consumer").primary_key())
                    .col(big_integer("seq"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "search_position",
            "search_outbox",
            "pathway_step",
            "item_mat_standard",
            "item_theme",
            "item_topic",
            "item",
        ] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
