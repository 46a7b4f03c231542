//! The one way to the database: connecting, migrating and opening write transactions.
//! SQLite runs in WAL with several connections; writes begin IMMEDIATE, because a deferred
//! transaction that reads first and writes later fails under a second writer.

use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::config::Config;

/// Rows that one statement may carry: PostgreSQL binds at most 65,535 values, SQLite 32,766.
pub const fn chunk(columns: usize) -> usize {
    30_000 / columns
}

/// Connects as configured and brings the schema up to date.
pub async fn open(config: &Config) -> Result<DatabaseConnection, DbErr> {
    let url = match &config.database_url {
        Some(url) => url.clone(),
        None => {
            std::fs::create_dir_all(&config.data_dir)
                .map_err(|error| DbErr::Custom(format!("data folder {}: {error}", config.data_dir.display())))?;
            format!("sqlite://{}?mode=rwc", config.data_dir.join("cairn.sqlite").display())
        }
    };
    let db = connect(&url, config.database_connections, None).await?;
    Migrator::up(&db, None).await?;
    Ok(db)
}

/// Connects to a database; `schema` is PostgreSQL's search path, for tests.
pub async fn connect(url: &str, connections: u32, schema: Option<&str>) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections.max(2))
        .acquire_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "NORMAL")
                .pragma("foreign_keys", "ON")
                .pragma("busy_timeout", "5000")
                .pragma("cache_size", "-16000")
        });
    if let Some(schema) = schema {
        options.set_schema_search_path(schema);
    }
    Database::connect(options).await
}

/// Opens a write transaction; it is undone unless committed.
#[expect(clippy::disallowed_methods, reason = "the one place that opens transactions")]
pub async fn write(db: &DatabaseConnection) -> Result<Write, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    })
    .await
    .map(Write)
}

/// A write transaction. Its commit moves the version on, as its last statement: so whoever reads
/// the version and then the data never takes older data for newer, and writers wait for each
/// other no longer than a commit takes.
#[derive(Debug)]
pub struct Write(DatabaseTransaction);

impl Write {
    pub async fn commit(self) -> Result<(), DbErr> {
        self.0.execute_unprepared("UPDATE data_version SET number = number + 1").await?;
        self.0.commit().await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Write {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(statement).await
    }
}

/// What writers take turns at.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// Numbers of the search outbox, which must become visible in order
    SearchOutbox = 0x0ca1_2f0e,
    /// Accounts and roles: what is checked before a change still holds at its commit
    Accounts = 0x0ca1_2f0f,
    /// Names of organisations
    Organisations = 0x0ca1_2f10,
}

/// Waits until nobody else is at it, and keeps it until the transaction ends. SQLite has one
/// writer anyway; PostgreSQL's advisory locks share one space of numbers.
pub async fn turn<C: ConnectionTrait>(tx: &C, turn: Turn) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({})", turn as i64)).await?;
    }
    Ok(())
}

/// Counts the committed write transactions of all processes: the same version, the same data.
/// (Sessions, the access ledger and queues are written beside it: figures do not depend on them.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(i64);

pub async fn version<C: ConnectionTrait>(db: &C) -> Result<Version, DbErr> {
    let sql = Statement::from_string(db.get_database_backend(), "SELECT number FROM data_version");
    let row = db.query_one_raw(sql).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("data_version has no row".to_owned()))?;
    row.try_get_by_index(0).map(Version)
}

/// Whether the database answers.
pub async fn ready(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("SELECT 1").await.map(|_| ())
}
