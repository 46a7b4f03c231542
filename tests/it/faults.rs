//! What the world does to a running program: killed in the middle of an import, its database
//! gone for a while, its clock set back. Nothing is lost, nothing half-written.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use entity::{completion, item};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};
use serde_json::json;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::on_both_databases;
use crate::support::learn::{self, Team};
use crate::support::{Client, TestApp};

/// Enough rows that an import can be interrupted.
const ROWS: u64 = 2_000;

fn catalogue() -> String {
    let mut text = "ref,kind,title,provider,topic,level,minutes,delivery,cost,audience,provenance\n".to_owned();
    for row in 1..=ROWS {
        let _ = writeln!(
            text,
            "k-{row:05},module,Made-up course {row},Sample provider {},trauma,skilled,60,elearning,free,all,sample",
            row % 7
        );
    }
    text
}

fn cairn(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    let inherited = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("CAIRN_"));
    inherited.for_each(|name| {
        command.env_remove(name);
    });
    command.args(arguments).env("CAIRN_DATA_DIR", folder).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

async fn items(folder: &Path) -> u64 {
    let url = format!("sqlite://{}?mode=rw", folder.join("cairn.sqlite").display());
    let db = cairn::base::db::connect(&url, 2, None).await.unwrap();
    let sound = Statement::from_string(db.get_database_backend(), "PRAGMA integrity_check");
    let said: String = db.query_one_raw(sound).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    assert_eq!(said, "ok");
    let count = item::Entity::find().count(&db).await.unwrap();
    db.close().await.unwrap();
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_an_import_all_of_it_is_there_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert!(cairn(folder.path(), &["migrate"]).status().unwrap().success());
    let file = folder.path().join("catalogue.csv");
    std::fs::write(&file, catalogue()).unwrap();
    let import = ["import", "catalogue", file.to_str().unwrap()];
    let mut killed_early = 0;
    // from before the first row is read until after the last one is written
    for pause in (0..40).map(|step| Duration::from_millis(step * 50)) {
        let mut running = cairn(folder.path(), &import).spawn().unwrap();
        tokio::time::sleep(pause).await;
        running.kill().unwrap();
        let finished = running.wait().unwrap().success();
        let there = items(folder.path()).await;
        assert!(there == 0 || there == ROWS, "{there} of {ROWS} after {pause:?}");
        if there == ROWS || finished {
            break;
        }
        killed_early += 1;
    }
    assert!(killed_early > 0, "the import was never interrupted");
    assert!(cairn(folder.path(), &import).status().unwrap().success(), "the same command finishes the work");
    assert_eq!(items(folder.path()).await, ROWS);
}

/// A way to PostgreSQL that can be cut.
struct Line {
    port: u16,
    up: watch::Sender<bool>,
}

impl Line {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (up, state) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, server) = (state.clone(), server.clone());
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        Self { port, up }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_gone_every_answer_says_so_and_afterwards_all_is_well() {
    let Ok(url) = std::env::var("CAIRN_TEST_POSTGRES_URL") else {
        eprintln!("SKIPPED: CAIRN_TEST_POSTGRES_URL is not set");
        return;
    };
    let (before, rest) = url.split_once('@').unwrap();
    let (server, database) = rest.split_once('/').unwrap();
    let line = Line::to(server.to_owned()).await;
    let through = format!("{before}@127.0.0.1:{}/{database}", line.port);
    let test = TestApp::postgres_at(&through).await;
    let team = Team::new(&test).await;
    learn::record(&team.staff, team.naloxone, "2026-06-01").await;
    test.settle_search().await;

    line.up.send(false).unwrap();
    let body = json!({"item_id": team.hobby.0, "completed_on": "2026-06-02"});
    team.staff.get("/api/learning/completions").await.expect_problem(503, "busy");
    let refused = team.staff.post("/api/learning/completions", &body).await;
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "when to try again");
    refused.expect_problem(503, "busy");
    assert_eq!(Client::new(&test.app).get("/readyz").await.status.as_u16(), 503);
    assert_eq!(Client::new(&test.app).get("/healthz").await.status.as_u16(), 200);

    line.up.send(true).unwrap();
    let listed = team.staff.get("/api/learning/completions").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "what was refused was not written");
    team.staff.post("/api/learning/completions", &body).await.expect(201);
}

on_both_databases! {
    async fn a_clock_set_back_locks_nobody_out_and_loses_nothing(test: TestApp) {
        let team = Team::new(&test).await;
        learn::record(&team.staff, team.naloxone, "2026-06-29").await;
        team.manager.get(&format!("/api/organisations/{}/status", team.place.organisation)).await.expect(200);
        test.settle_search().await;
        test.app.clock.advance(TimeDelta::days(-2));

        // still signed in, and one can sign in
        let mine = team.staff.get("/api/learning/completions").await.expect(200);
        assert_eq!(mine["items"].as_array().unwrap().len(), 1, "what was recorded stays, though its day is to come");
        let stranger = team.stranger(&test).await;
        stranger.get("/api/me").await.expect(200);
        // today is what the clock says: the 29th is in the future again
        let body = json!({"item_id": team.hobby.0, "completed_on": "2026-06-29"});
        team.staff.post("/api/learning/completions", &body).await.expect_problem(422, "invalid");
        learn::record(&team.staff, team.hobby, "2026-06-28").await;
        assert_eq!(completion::Entity::find().count(&test.app.db).await.unwrap(), 2);
        team.manager.get(&format!("/api/organisations/{}/status", team.place.organisation)).await.expect(200);
        // the index still follows
        learn::module(&test, team.provider, "Written after the clock went back", None).await;
        test.settle_search().await;
        test.app.clock.advance(TimeDelta::days(2));
        assert_eq!(team.staff.get("/api/learning/completions").await.expect(200)["items"].as_array().unwrap().len(), 2);
    }
}
