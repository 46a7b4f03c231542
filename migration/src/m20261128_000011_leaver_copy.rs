//! What an employer relied on of those who have left: kept as it stood on their last day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let copy = Table::create()
            .table("leaver_copy")
            .col(uuid("id").primary_key())
            .col(uuid("organisation_id"))
            .col(uuid("person_id"))
            .col(date("last_day"))
            .col(json("statuses"))
            .col(timestamp_with_time_zone("made_at"))
            .foreign_key(ForeignKey::create().from("leaver_copy", "organisation_id").to("organisation", "id"))
            .foreign_key(ForeignKey::create().from("leaver_copy", "person_id").to("person", "id"))
            .take();
        manager.create_table(copy).await?;
        let of_person = Index::create().name("ix_leaver_copy_person_id").table("leaver_copy").col("person_id").take();
        manager.create_index(of_person).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("leaver_copy").take()).await
    }
}
