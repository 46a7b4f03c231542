//! Takes the database back to how the world was made: a call must not spoil it for the next one.
//! Sessions stand in the database as well, so they hold.

use std::fmt::Write as _;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

use crate::support::TestApp;

/// Tables that no call writes, and that are large.
const LASTING: [&str; 4] = ["area", "area_link", "term", "vocabulary"];
/// What triggers write while the others come back.
const LAST: &str = "status_stale";
/// Versions never come back, or what is kept in memory under one would be taken for what stands.
const STRIDE: u32 = 1_000;

pub struct Rewind {
    db: DatabaseConnection,
    script: String,
    times: u32,
}

impl Rewind {
    pub async fn of(test: &TestApp) -> Self {
        let file = test.app.config.data_dir.join("cairn.sqlite");
        let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", file.display()));
        // one, because what is attached belongs to a connection
        options.min_connections(1).max_connections(1).sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("foreign_keys", "OFF").pragma("busy_timeout", "5000"));
        let db = Database::connect(options).await.unwrap();
        let run = async |sql: &str| db.execute_unprepared(sql).await.map(|_| ()).unwrap();
        run("ATTACH DATABASE ':memory:' AS kept").await;
        let named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name = ?";
        let named = Statement::from_sql_and_values(db.get_database_backend(), named, [LAST.into()]);
        let rows = db.query_all_raw(named).await.unwrap();
        let tables = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
        let tables: Vec<_> = tables.filter(|name| !LASTING.contains(&name.as_str())).collect();
        let mut script = "BEGIN IMMEDIATE;".to_owned();
        for table in &tables {
            run(&format!("CREATE TABLE kept.\"{table}\" AS SELECT * FROM main.\"{table}\"")).await;
            write!(script, "DELETE FROM main.\"{table}\";").unwrap();
        }
        for table in &tables {
            write!(script, "INSERT INTO main.\"{table}\" SELECT * FROM kept.\"{table}\";").unwrap();
        }
        Self { db, script, times: 0 }
    }

    pub async fn back(&mut self) {
        self.times += 1;
        let newer = format!("UPDATE data_version SET number = number + {}; COMMIT", self.times * STRIDE);
        let sql = format!("{}{newer}", self.script);
        // a write that outlived its answer may still hold the file
        for _ in 0..50 {
            if self.db.execute_unprepared(&sql).await.is_ok() {
                return;
            }
            let _ = self.db.execute_unprepared("ROLLBACK").await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the world does not come back: {:?}", self.db.execute_unprepared(&sql).await);
    }
}
