//! `cairn serve` as a process of its own on a test's database, and a hold for what it does there.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::TestApp;

/// Longest wait for what should take a moment.
const PATIENCE: Duration = Duration::from_mins(1);

pub async fn count(test: &TestApp, from_and_where: &str) -> i64 {
    let sql = Statement::from_string(test.app.db.get_database_backend(), format!("SELECT count(*) {from_and_where}"));
    test.app.db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// `cairn serve` on the test's database.
pub struct Server {
    process: Child,
    address: String,
}

impl Server {
    pub async fn start(url: &str, folder: &TempDir) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CAIRN_")) {
            command.env_remove(name);
        }
        command.arg("serve").env("CAIRN_DATA_DIR", folder.path()).env("CAIRN_DATABASE_URL", url);
        command.env("CAIRN_LISTEN", &address).current_dir(folder.path());
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { process, address };
        let ready = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        within("the server is ready", async || {
            let answer = server.send(ready).await;
            answer.is_some_and(|text| text.starts_with("HTTP/1.1 200"))
        })
        .await;
        server
    }

    /// The answer; nothing when the process died over it.
    pub async fn send(&self, request: &[u8]) -> Option<String> {
        let mut socket = TcpStream::connect(&self.address).await.ok()?;
        socket.write_all(request).await.ok()?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned()).filter(|text| !text.is_empty())
    }

    /// On Unix this is SIGKILL.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub async fn within(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What holds a statement: a long sleep on PostgreSQL, a long count on SQLite.
pub struct Hold<'a> {
    test: &'a TestApp,
    schema: String,
    table: &'static str,
}

impl<'a> Hold<'a> {
    pub async fn at(test: &'a TestApp, event: &str, table: &'static str) -> Self {
        let schema = schema(test).await;
        let sql = if schema.is_empty() {
            format!(
                "CREATE TRIGGER hold BEFORE {event} ON \"{table}\" BEGIN SELECT (WITH RECURSIVE n(i) AS \
                 (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n); END"
            )
        } else {
            // the name tells this test's sleep from those of others on the same server
            format!(
                "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 PERFORM set_config('application_name', '{schema}', false); PERFORM pg_sleep(300); RETURN NEW; END $$; \
                 CREATE TRIGGER hold BEFORE {event} ON \"{table}\" FOR EACH ROW EXECUTE FUNCTION hold()"
            )
        };
        test.app.db.execute_unprepared(&sql).await.unwrap();
        Self { test, schema, table }
    }

    /// Whether somebody is held; on SQLite, whether somebody writes and does not come to an end.
    pub async fn holds(&self) -> bool {
        if !self.schema.is_empty() {
            let held = format!("FROM pg_stat_activity WHERE application_name = '{}'", self.schema);
            return count(self.test, &held).await > 0;
        }
        for _ in 0..10 {
            let tx = self.test.app.db.execute_unprepared("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK");
            if tx.await.is_ok() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// Takes the trigger away; PostgreSQL notices only after its sleep that the client is gone.
    pub async fn lift(self) {
        let Self { test, schema, table } = self;
        let run = async |sql: String| test.app.db.execute_unprepared(&sql).await.map(|_| ());
        if schema.is_empty() {
            within("the trigger goes", async || run("DROP TRIGGER IF EXISTS hold".to_owned()).await.is_ok()).await;
            return;
        }
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{schema}'");
        run(end).await.unwrap();
        run(format!("DROP TRIGGER hold ON \"{table}\"; DROP FUNCTION hold()")).await.unwrap();
    }
}

/// The schema of the test on PostgreSQL; empty on SQLite.
pub async fn schema(test: &TestApp) -> String {
    if test.app.db.get_database_backend() != DbBackend::Postgres {
        return String::new();
    }
    let sql = Statement::from_string(DbBackend::Postgres, "SELECT current_schema()::text");
    test.app.db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

pub async fn url(test: &TestApp) -> String {
    match schema(test).await.as_str() {
        "" => format!("sqlite://{}?mode=rw", test.app.config.data_dir.join("cairn.sqlite").display()),
        schema => {
            let server = std::env::var("CAIRN_TEST_POSTGRES_URL").unwrap();
            let join = if server.contains('?') { '&' } else { '?' };
            format!("{server}{join}options=-c%20search_path%3D{schema}")
        }
    }
}
