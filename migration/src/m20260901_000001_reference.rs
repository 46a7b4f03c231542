//! Vocabularies and areas: reference data, loaded again whenever its version changes.

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
                    .table("vocabulary")
                    .col(column::text("id").primary_key())
                    .col(column::text("version"))
                    .col(column::text("source"))
                    .col(timestamp_with_time_zone("loaded_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("term")
                    .col(column::text("vocabulary"))
                    .col(column::text("slug"))
                    .col(column::text("label"))
                    .col(column::text_null("parent"))
                    .col(integer("sort"))
                    .col(date_null("valid_from"))
                    .col(date_null("valid_to"))
                    .col(json("attributes"))
                    .primary_key(Index::create().col("vocabulary").col("slug"))
                    .foreign_key(ForeignKey::create().from("term", "vocabulary").to("vocabulary", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("area")
                    .col(column::text("slug").primary_key())
                    .col(column::text("kind"))
                    .col(column::text("name"))
                    .col(column::text_null("official_code"))
                    .col(column::text_null("other_code"))
                    .col(date_null("valid_from"))
                    .col(date_null("valid_to"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("area_link")
                    .col(uuid("id").primary_key())
                    .col(column::text("area"))
                    .col(column::text("within"))
                    .col(date_null("valid_from"))
                    .col(date_null("valid_to"))
                    .foreign_key(ForeignKey::create().from("area_link", "area").to("area", "slug"))
                    .foreign_key(ForeignKey::create().from("area_link", "within").to("area", "slug"))
                    .take(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["area_link", "area", "term", "vocabulary"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
