//! What is required of people goes by what their post was on each day: a history that is written
//! makes kept statuses stale, whoever writes it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261127_000041_requirement_status::trigger;

#[derive(DeriveMigrationName)]
pub struct Migration;

const EVENTS: [&str; 3] = ["INSERT", "UPDATE", "DELETE"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for event in EVENTS {
            for statement in trigger(manager.get_database_backend(), "post_version", event, "post", "post_id") {
                db.execute_unprepared(&statement).await?;
            }
        }
        // until now statuses went by what posts are today
        db.execute_unprepared("INSERT INTO status_stale (kind) VALUES ('everything')").await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for event in EVENTS {
            let name = format!("status_stale_post_version_{}", event.to_lowercase());
            let statement = if manager.get_database_backend() == DbBackend::Postgres {
                format!("DROP FUNCTION {name} CASCADE")
            } else {
                format!("DROP TRIGGER {name}")
            };
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}
