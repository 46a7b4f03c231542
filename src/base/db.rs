//! The one way to the database: connecting, migrating, opening read and write transactions.
//! SQLite runs in WAL with several connections; writes begin IMMEDIATE, because a deferred
//! transaction that reads first and writes later fails under a second writer.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, IsolationLevel, QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::config::Config;
use super::domain::{self, Domain};
use super::private;
use super::refold;
use super::work;

/// Rows that one statement may carry: PostgreSQL binds at most 65,535 values, SQLite 32,766.
pub const fn chunk(columns: usize) -> usize {
    30_000 / columns
}

/// Connects as configured and brings the schema up to date.
pub async fn open(config: &Config) -> Result<DatabaseConnection, DbErr> {
    let url = match &config.database_url {
        Some(url) => url.expose().to_owned(),
        None => {
            embedded(&config.data_dir)
                .map_err(|error| DbErr::Custom(format!("data folder {}: {error}", config.data_dir.display())))?;
            format!("sqlite://{}?mode=rwc", config.data_dir.join("cairn.sqlite").display())
        }
    };
    let db = connect(&url, config.database_connections, None).await?;
    Migrator::up(&db, None).await?;
    refold::bring_up(&db).await?;
    Ok(db)
}

/// The folder and the database file, for their owner only. SQLite gives the files beside it (`-wal`,
/// `-shm`) the same rights; those of an older version are closed here.
fn embedded(folder: &std::path::Path) -> std::io::Result<()> {
    let file = folder.join("cairn.sqlite");
    if file.exists() {
        private::close_folder(folder)?;
    }
    private::folder(folder)?;
    for beside in ["cairn.sqlite-wal", "cairn.sqlite-shm"] {
        private::close_file(&folder.join(beside))?;
    }
    private::file(&file)
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
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let tx = db.begin_with_options(options).await?;
    let has_claim = work::claim(&tx).await?;
    Ok(Write { tx, moved: Mutex::default(), has_claim })
}

/// Opens a read transaction: all that is read in it is of one moment. Let it go before anything is
/// written or anything takes long: it holds a connection, and on SQLite it keeps the log from
/// being folded back.
#[expect(clippy::disallowed_methods, reason = "the one place that opens transactions")]
pub async fn read(db: &DatabaseConnection) -> Result<Read, DbErr> {
    let options = match db.get_database_backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..Default::default()
        },
        // in WAL a deferred transaction sees what stood at its first statement
        _ => {
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred), ..Default::default() }
        }
    };
    db.begin_with_options(options).await.map(Read)
}

/// A connection that answers made of several statements take: never the pool, whose statements
/// may each be of another moment.
pub trait Snapshot: ConnectionTrait {}
impl Snapshot for Read {}
/// What a writer reads beside its own rows is of the moment of each statement on PostgreSQL; what it
/// has locked or written stands still.
impl Snapshot for Write {}

/// A read transaction.
#[derive(Debug)]
pub struct Read(DatabaseTransaction);

/// A write transaction. It notes which tables are written, and its commit moves the versions of
/// their domains on, as its last statement: so whoever reads a version and then the data never takes
/// older data for newer, and writers wait for each other no longer than a commit takes.
#[derive(Debug)]
pub struct Write {
    tx: DatabaseTransaction,
    moved: Mutex<BTreeSet<Domain>>,
    /// Whether the request's idempotency key is kept or undone with it
    has_claim: bool,
}

impl Write {
    pub async fn commit(self) -> Result<(), DbErr> {
        let Self { tx, moved, has_claim } = self;
        let moved = moved.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !moved.is_empty() {
            tx.execute_unprepared(&move_on(&moved, tx.get_database_backend())).await?;
        }
        tx.commit().await?;
        work::committed(has_claim);
        Ok(())
    }

    fn note(&self, sql: &str) {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner).extend(domain::written(sql));
    }
}

tokio::task_local! {
    /// Set while a statement of a [`Write`] runs.
    static THROUGH_WRITE: ();
}

/// Whether a statement that runs now belongs to a [`Write`]; for tests, which hold all that the
/// program writes to it.
pub fn is_through_write() -> bool {
    THROUGH_WRITE.try_with(|()| ()).is_ok()
}

fn move_on(domains: &BTreeSet<Domain>, backend: DbBackend) -> String {
    let names: Vec<_> = domains.iter().map(|domain| format!("'{}'", domain.spelling())).collect();
    let names = names.join(", ");
    match backend {
        // locked in one order, so that two commits never wait for each other
        DbBackend::Postgres if domains.len() > 1 => format!(
            "WITH held AS (SELECT domain FROM data_version WHERE domain IN ({names}) ORDER BY domain FOR UPDATE) \
             UPDATE data_version SET number = number + 1 FROM held WHERE data_version.domain = held.domain"
        ),
        _ => format!("UPDATE data_version SET number = number + 1 WHERE domain IN ({names})"),
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Write {
    fn get_database_backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(&statement.sql);
        THROUGH_WRITE.scope((), self.tx.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.note(sql);
        THROUGH_WRITE.scope((), self.tx.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement.sql);
        THROUGH_WRITE.scope((), self.tx.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement.sql);
        THROUGH_WRITE.scope((), self.tx.query_all_raw(statement)).await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Read {
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
    /// Columns of folded text that are made again
    Folding = 0x0ca1_2f30,
    /// Copies of leavers, of which one is enough
    Leavers = 0x0ca1_2f31,
    /// Kept statuses, so that what was found last stands last
    Statuses = 0x0ca1_2f40,
}

/// Waits until nobody else is at it, and keeps it until the transaction ends. SQLite has one
/// writer anyway; PostgreSQL's advisory locks share one space of numbers.
pub async fn turn<C: ConnectionTrait>(tx: &C, turn: Turn) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({})", turn as i64)).await?;
    }
    Ok(())
}

/// Counts the commits that wrote data of some domains, in all processes: the same version, the
/// same data of these domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version([i64; Domain::ALL.len()]);

impl Version {
    /// Of these domains alone.
    #[must_use]
    pub fn of(&self, domains: &[Domain]) -> Self {
        let mut own = [0; Domain::ALL.len()];
        for domain in domains {
            own[domain.place()] = self.0[domain.place()];
        }
        Self(own)
    }
}

/// Of the domains that something depends on.
pub async fn version<C: ConnectionTrait>(db: &C, domains: &[Domain]) -> Result<Version, DbErr> {
    let sql = Statement::from_string(db.get_database_backend(), "SELECT domain, number FROM data_version");
    let mut all = [0; Domain::ALL.len()];
    for row in db.query_all_raw(sql).await? {
        let name: String = row.try_get_by_index(0)?;
        if let Some(domain) = Domain::ALL.iter().find(|domain| domain.spelling() == name) {
            all[domain.place()] = row.try_get_by_index(1)?;
        }
    }
    Ok(Version(all).of(domains))
}

/// Whether the database answers.
pub async fn ready(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("SELECT 1").await.map(|_| ())
}
