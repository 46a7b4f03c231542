//! First passwords that must be changed, and the log of what concerns security.

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
        let must_change = boolean("password_must_change").default(false).take();
        manager.alter_table(Table::alter().table("account").add_column(must_change).take()).await?;
        let event = Table::create()
            .table("security_event")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("at"))
            .col(column::text("kind"))
            .col(uuid_null("account_id"))
            .col(uuid_null("by_id"))
            .col(column::text_null("address"))
            .col(column::text_null("detail"))
            .foreign_key(ForeignKey::create().from("security_event", "account_id").to("account", "id"))
            .foreign_key(ForeignKey::create().from("security_event", "by_id").to("account", "id"))
            .take();
        manager.create_table(event).await?;
        for column in ["at", "account_id", "by_id"] {
            let name = format!("ix_security_event_{column}");
            manager.create_index(Index::create().name(name).table("security_event").col(column).take()).await?;
        }
        // keys are hashes from now on; what was counted under the old ones is forgotten in minutes anyway
        manager.execute(Query::delete().from_table("sign_in_throttle").take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("security_event").take()).await?;
        manager.alter_table(Table::alter().table("account").drop_column("password_must_change").take()).await
    }
}
