//! What posts and services were, from which day on. Only what changes gets rows here, so that
//! nothing is to be moved now.

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
        let post = Table::create()
            .table("post_version")
            .col(uuid("id").primary_key())
            .col(uuid("post_id"))
            .col(date_null("valid_from"))
            .col(column::text("role"))
            .col(boolean("peer_role"))
            .col(boolean("volunteer"))
            .col(column::text("pay_framework"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(uuid_null("recorded_by"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .foreign_key(ForeignKey::create().from("post_version", "post_id").to("post", "id"))
            .foreign_key(ForeignKey::create().from("post_version", "recorded_by").to("account", "id"))
            .take();
        manager.create_table(post).await?;
        let service = Table::create()
            .table("service_version")
            .col(uuid("id").primary_key())
            .col(uuid("service_id"))
            .col(date_null("valid_from"))
            .col(column::text("area"))
            .col(column::text("service_type"))
            .col(column::text("tier"))
            .col(column::text("sector"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(uuid_null("recorded_by"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .foreign_key(ForeignKey::create().from("service_version", "service_id").to("service", "id"))
            .foreign_key(ForeignKey::create().from("service_version", "area").to("area", "slug"))
            .foreign_key(ForeignKey::create().from("service_version", "recorded_by").to("account", "id"))
            .take();
        manager.create_table(service).await?;
        for (name, table, column) in [
            ("ix_post_version_post_id", "post_version", "post_id"),
            ("ix_service_version_service_id", "service_version", "service_id"),
        ] {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("service_version").take()).await?;
        manager.drop_table(Table::drop().table("post_version").take()).await
    }
}
