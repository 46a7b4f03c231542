//! Learning that is not in the catalogue, with evidence of its own, and the completions that stand for it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What points to it.
const POINTING: [(&str, &str); 2] =
    [("evidence", "ix_evidence_outside_learning_id"), ("completion", "ix_completion_outside_learning_id")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let outside = Table::create()
            .table("outside_learning")
            .col(uuid("id").primary_key())
            .col(uuid("person_id"))
            .col(column::text("title"))
            .col(column::text("provider"))
            .col(integer_null("minutes"))
            .col(date("completed_on"))
            .col(column::text_null("note"))
            .col(timestamp_with_time_zone_null("asked_at"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(uuid_null("recorded_by"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .foreign_key(ForeignKey::create().from("outside_learning", "person_id").to("person", "id"))
            .take();
        manager.create_table(outside).await?;
        let name = "ix_outside_learning_person_id";
        manager.create_index(Index::create().name(name).table("outside_learning").col("person_id").take()).await?;
        for (table, index) in POINTING {
            let column = Table::alter().table(table).add_column(uuid_null("outside_learning_id")).take();
            manager.alter_table(column).await?;
            let index = Index::create().name(index).table(table).col("outside_learning_id").take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, index) in POINTING {
            manager.drop_index(Index::drop().name(index).table(table).to_owned()).await?;
            manager.alter_table(Table::alter().table(table).drop_column("outside_learning_id").take()).await?;
        }
        manager.drop_table(Table::drop().table("outside_learning").take()).await
    }
}
