//! Persons and their appointments.

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
                    .table("person")
                    .col(uuid("id").primary_key())
                    .col(column::text("given_name"))
                    .col(column::text("family_name"))
                    .col(column::text("name_folded"))
                    .col(column::text_null("email"))
                    .col(date_null("date_of_birth"))
                    .col(boolean("synthetic"))
                    .col(integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_person_name_folded").table("person").col("name_folded").take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("appointment")
                    .col(uuid("id").primary_key())
                    .col(uuid("person_id"))
                    .col(uuid("post_id"))
                    .col(date("starts_on"))
                    .col(date_null("ends_on"))
                    .col(integer("weekly_minutes"))
                    .col(column::text_null("leaving_reason"))
                    .col(timestamp_with_time_zone("recorded_at"))
                    .col(uuid_null("recorded_by"))
                    .col(timestamp_with_time_zone_null("superseded_at"))
                    .col(uuid_null("supersedes"))
                    .foreign_key(ForeignKey::create().from("appointment", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("appointment", "post_id").to("post", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_appointment_person_id").table("appointment").col("person_id").take())
            .await?;
        manager
            .create_index(Index::create().name("ix_appointment_post_id").table("appointment").col("post_id").take())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["appointment", "person"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
