//! The whole program with a clock that stands still at noon on 30 June 2026.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cairn::account::{NewAccount, create};
use cairn::base::clock::Clock;
use cairn::base::config::Config;
use cairn::base::db::is_through_write;
use cairn::base::domain;
use cairn::files::{Files, LocalFiles};
use cairn::sheet::Reader;
use cairn::state::{App, Parts};
use chrono::{TimeZone, Utc};
use entity::id::AccountId;
use sea_orm::{ActiveModelTrait, DatabaseConnection, Insert};
use tempfile::TempDir;

use super::client::{Client, is_in_request};
use super::db;

pub const PASSWORD: &str = "three random words";

pub struct TestApp {
    pub app: App,
    statements: Arc<AtomicU64>,
    _folder: TempDir,
}

impl TestApp {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = db::sqlite(&folder).await;
        Self::over(db, folder).await
    }

    pub async fn postgres() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = db::postgres().await?;
        Some(Self::over(db, folder).await)
    }

    /// On the PostgreSQL at this address.
    pub async fn postgres_at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::over(db::postgres_at(url).await, folder).await
    }

    async fn over(mut db: DatabaseConnection, folder: TempDir) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements);
        db.set_metric_callback(move |info| {
            counter.fetch_add(1, Ordering::Relaxed);
            // what a request writes beside a write transaction would move no version on
            let astray = is_in_request() && !is_through_write() && !domain::written(&info.statement.sql).is_empty();
            assert!(!astray, "written beside a write transaction: {}", info.statement.sql);
        });
        let data_dir = folder.path().display().to_string();
        let config = Config::with(&[("data_dir", data_dir)]).expect("settings are whole");
        let clock = Clock::fixed(Utc.with_ymd_and_hms(2026, 6, 30, 12, 0, 0).unwrap());
        let options = cairn::search::Options::Embedded { dir: folder.path().join("index") };
        let search = cairn::search::from_config(options).await.expect("the index opens");
        let files = Arc::new(LocalFiles::open(&folder.path().join("evidence")).expect("a folder for files"));
        let sheets = Reader::new(env!("CARGO_BIN_EXE_cairn").into());
        let app = App::new(Parts { db, clock, config, search, files, sheets });
        cairn::reference::load(&app.db, &app.clock).await.expect("reference data loads");
        Self { app, statements, _folder: folder }
    }

    /// The same program over another store of files.
    pub fn with_files(&self, files: Files) -> App {
        let Parts { db, clock, config, search, files: _, sheets } = &*self.app;
        App::new(Parts {
            sheets: sheets.clone(),
            db: db.clone(),
            clock: clock.clone(),
            config: config.clone(),
            search: Arc::clone(search),
            files,
        })
    }

    /// The same program over the same database with other settings.
    pub fn with_config(self, change: impl FnOnce(&mut Config)) -> Self {
        let Parts { db, clock, config, search, files, sheets } = &*self.app;
        let mut config = config.clone();
        change(&mut config);
        let (search, files, sheets) = (Arc::clone(search), Arc::clone(files), sheets.clone());
        let app = App::new(Parts { db: db.clone(), clock: clock.clone(), config, search, files, sheets });
        Self { app, ..self }
    }

    /// Puts a row into the database as the program would: in a write transaction.
    pub async fn put<A: ActiveModelTrait>(&self, row: Insert<A>) {
        let tx = cairn::base::db::write(&self.app.db).await.expect("a transaction");
        row.exec_without_returning(&tx).await.expect("the row is taken");
        tx.commit().await.expect("committed");
    }

    /// Brings the search index up to date, as a running process does by itself.
    pub async fn settle_search(&self) {
        cairn::catalogue::index::catch_up(&self.app).await.expect("the index follows");
    }

    /// The same program over the same database with another search engine.
    pub fn with_search(self, search: Arc<dyn cairn::search::SearchEngine>) -> Self {
        let Parts { db, clock, config, search: _, files, sheets } = &*self.app;
        let (files, sheets) = (Arc::clone(files), sheets.clone());
        let app =
            App::new(Parts { db: db.clone(), clock: clock.clone(), config: config.clone(), search, files, sheets });
        Self { app, ..self }
    }

    /// How many SQL statements `work` sends.
    pub async fn statements<T>(&self, work: impl Future<Output = T>) -> (T, u64) {
        let before = self.statements.load(Ordering::Relaxed);
        let done = work.await;
        (done, self.statements.load(Ordering::Relaxed) - before)
    }

    pub fn anonymous(&self) -> Client {
        Client::new(&self.app)
    }

    pub async fn account(&self, new: NewAccount) -> AccountId {
        let password = PASSWORD.to_owned();
        create(&self.app, &self.app.db, NewAccount { password, ..new }).await.expect("the account is made")
    }

    /// A client signed in to an existing account made by [`TestApp::account`].
    pub async fn sign_in(&self, email: &str) -> Client {
        let mut client = self.anonymous();
        client.sign_in(email, PASSWORD).await;
        client
    }
}

impl TestApp {
    /// What the session table keeps of tokens.
    pub async fn stored_session_hashes(&self) -> Vec<String> {
        use sea_orm::EntityTrait;
        let rows = entity::session::Entity::find().all(&self.app.db).await.expect("sessions");
        rows.into_iter().map(|row| row.token_hash).collect()
    }
}
