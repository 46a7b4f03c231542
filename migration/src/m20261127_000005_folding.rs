//! By which rule the columns of folded text were made, so that they are made again when it changes.
//! PostgreSQL sorts them by their characters, as SQLite does, whatever language the server speaks.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

const FOLDED: [(&str, &str); 4] =
    [("organisation", "name_folded"), ("person", "name_folded"), ("item", "title_folded"), ("account", "email_folded")];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create().table("folding").col(integer("version")).take();
        manager.create_table(table).await?;
        let db = manager.get_connection();
        db.execute_unprepared("INSERT INTO folding (version) VALUES (0)").await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for (table, column) in FOLDED {
                let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE \"C\"");
                db.execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("folding").take()).await
    }
}
