//! A database of its own for each test: a temporary SQLite file, or a PostgreSQL schema.

use cairn::base::db;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

pub async fn sqlite(folder: &TempDir) -> DatabaseConnection {
    let db = empty_sqlite(folder).await;
    Migrator::up(&db, None).await.expect("migrations run on SQLite");
    db
}

pub async fn empty_sqlite(folder: &TempDir) -> DatabaseConnection {
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("cairn.sqlite").display());
    db::connect(&url, 4, None).await.expect("SQLite opens")
}

pub async fn postgres() -> Option<DatabaseConnection> {
    let url = std::env::var("CAIRN_TEST_POSTGRES_URL").ok()?;
    Some(postgres_at(&url).await)
}

pub async fn postgres_at(url: &str) -> DatabaseConnection {
    let db = schema_at(url).await;
    Migrator::up(&db, None).await.expect("migrations run on PostgreSQL");
    db
}

pub async fn empty_postgres() -> Option<DatabaseConnection> {
    let url = std::env::var("CAIRN_TEST_POSTGRES_URL").ok()?;
    Some(schema_at(&url).await)
}

async fn schema_at(url: &str) -> DatabaseConnection {
    let schema = format!("t{:032x}", rand::random::<u128>());
    let admin = db::connect(url, 2, None).await.expect("PostgreSQL answers");
    admin.execute_unprepared(&format!("CREATE SCHEMA {schema}")).await.expect("schema is made");
    admin.close().await.expect("closes");
    db::connect(url, 4, Some(&schema)).await.expect("PostgreSQL answers")
}
