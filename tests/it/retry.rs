//! The double click and the lost connection: a write with an `Idempotency-Key` is carried out
//! once, however often it arrives.

use std::sync::Arc;
use std::time::Duration;

use cairn::access::session;
use cairn::base::db;
use cairn::base::error::ApiError;
use cairn::base::work::{Claim, Work};
use cairn::files::{Answer, FileStore, Files, Key};
use chrono::TimeDelta;
use entity::value::Role;
use entity::{account, completion, evidence, idempotency, person, role_grant};
use poem::http::Method;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::on_both_databases;
use crate::support::client::Answer as Answered;
use crate::support::learn::Team;
use crate::support::{Client, TestApp, build};

const PATH: &str = "/api/learning/completions";

async fn send(client: &Client, key: &str, body: &Value) -> Answered {
    client.send(Method::POST, PATH, &[("idempotency-key", key)], Some(body.to_string().into_bytes())).await
}

async fn recorded(test: &TestApp) -> u64 {
    completion::Entity::find().count(&test.app.db).await.unwrap()
}

on_both_databases! {
    async fn sent_again_it_is_answered_as_before_and_not_done_twice(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let first = send(&team.staff, "k1", &body).await;
        let again = send(&team.staff, "k1", &body).await;
        assert_eq!((first.expect(201), first.header("idempotency-replayed")), (again.expect(201), ""));
        assert_eq!((again.header("idempotency-replayed"), again.header("content-type")), ("true", "application/json; charset=utf-8"));
        assert_eq!((again.header("etag"), again.header("cache-control")), (first.header("etag"), "no-store"));
        assert_eq!(recorded(&test).await, 1);
        // without the key the same would be a second attempt
        team.staff.post(PATH, &body).await.expect_problem(409, "already_recorded");
    }

    async fn a_double_click_is_one_write(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let clicks = (0..4).map(|_| send(&team.staff, "click", &body));
        let answers = futures_util::future::join_all(clicks).await;
        let first = answers[0].expect(201);
        assert!(answers.iter().all(|answer| answer.expect(201) == first));
        assert_eq!(recorded(&test).await, 1);
    }

    async fn a_refusal_is_not_kept_and_a_key_serves_one_request_of_one_account(test: TestApp) {
        let team = Team::new(&test).await;
        let late = json!({"item_id": team.naloxone.0, "completed_on": "2027-01-01"});
        let right = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        send(&team.staff, "k", &late).await.expect_problem(422, "invalid");
        send(&team.staff, "k", &right).await.expect(201);
        send(&team.staff, "k", &late).await.expect_problem(422, "idempotency_key_reused");
        send(&team.stranger(&test).await, "k", &right).await.expect(201);
        send(&team.staff, "", &right).await.expect_problem(400, "bad_request");
        send(&team.staff, &"k".repeat(201), &right).await.expect_problem(400, "bad_request");
        send(&test.anonymous(), "k", &right).await.expect_problem(401, "not_signed_in");
        assert_eq!(recorded(&test).await, 2);
    }

    async fn done_but_not_answered_it_is_not_done_again(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        send(&team.staff, "k", &body).await.expect(201);
        // what a process leaves that dies between its commit and its answer
        let row = idempotency::Entity::find().one(&test.app.db).await.unwrap().unwrap();
        let begun = idempotency::ActiveModel { key: Set(row.key), status: Set(None), ..Default::default() };
        idempotency::Entity::update(begun).exec(&test.app.db).await.unwrap();
        test.app.clock.advance(TimeDelta::minutes(3));
        let problem = send(&team.staff, "k", &body).await.expect_problem(409, "done_already");
        assert_eq!(problem["existing"], PATH);
        assert_eq!(recorded(&test).await, 1);
    }

    async fn a_key_is_committed_with_its_work_or_not_at_all(test: TestApp) {
        let team = Team::new(&test).await;
        let claim = || Claim { key: "k".to_owned(), request: "r".to_owned(), rights: String::new(), at: test.app.clock.now() };
        // the process dies, or the work is refused, before its commit
        let work = Work::new(Some(claim()));
        work.carry(async { drop(db::write(&test.app.db).await.unwrap()) }).await;
        assert!(!work.is_claimed() && !work.is_committed());
        assert_eq!(idempotency::Entity::find().count(&test.app.db).await.unwrap(), 0);
        // and now it is carried out: a second one with the key cannot begin to write
        let work = Work::new(Some(claim()));
        work.carry(async { db::write(&test.app.db).await.unwrap().commit().await.unwrap() }).await;
        assert!(work.is_claimed() && work.is_committed());
        let again = Work::new(Some(claim()));
        let refused = again.carry(async { db::write(&test.app.db).await.map(|_| ()) }).await;
        assert!(matches!(refused, Err(DbErr::RecordNotInserted)), "{refused:?}");
        // a question writes nothing, so no key is kept for it
        let question = json!({"as_at": "2026-06-30", "measures": ["headcount"], "rows": ["role"], "organisation": team.place.organisation.0});
        let headers = [("idempotency-key", "q")];
        for _ in 0..2 {
            let answer = team.employer.send(Method::POST, "/api/mapping/tables", &headers, Some(question.to_string().into_bytes())).await;
            answer.expect(200);
            assert_eq!(answer.header("idempotency-replayed"), "");
        }
        assert_eq!(idempotency::Entity::find().count(&test.app.db).await.unwrap(), 1);
    }

    async fn twenty_at_once_in_two_processes_are_one_write(test: TestApp) {
        let team = Team::new(&test).await;
        // another process is another application on the same database
        let other = Client::new(&test.with_files(Arc::clone(&test.app.files)));
        let other = other.with_cookie(team.staff.cookie().unwrap());
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let clicks = (0..20).map(|click| send(if click % 2 == 0 { &team.staff } else { &other }, "click", &body));
        let answers = futures_util::future::join_all(clicks).await;
        let first = answers[0].expect(201);
        assert!(answers.iter().all(|answer| answer.expect(201) == first));
        assert_eq!(recorded(&test).await, 1);
        assert_eq!(idempotency::Entity::find().count(&test.app.db).await.unwrap(), 1);
    }

    async fn work_that_takes_minutes_is_not_taken_over(test: TestApp) {
        let team = Team::new(&test).await;
        let (go, wait) = watch::channel(false);
        let slow = test.with_files(Arc::new(Slow { files: Arc::clone(&test.app.files), wait }));
        let client = Client::new(&slow).with_cookie(team.staff.cookie().unwrap());
        let file = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
        let (kind, form) = form("one", file);
        let (again, other) = (self::form("another", file), self::form("one", &[&file[..], b"\xfe\xff"].concat()));
        let first = upload(&client, "up", &kind, form);
        let second = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            test.app.clock.advance(TimeDelta::seconds(121));
            let second = upload(&client, "up", &again.0, again.1);
            let release = async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                go.send(true).unwrap();
            };
            futures_util::future::join(second, release).await.0
        };
        let (first, second) = futures_util::future::join(first, second).await;
        assert_eq!(first.expect(201), second.expect(201), "the same file sent again, whatever its boundary");
        assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
        assert_eq!(evidence::Entity::find().count(&test.app.db).await.unwrap(), 1);
        // two files that differ in bytes that are no text are two requests
        upload(&client, "up", &other.0, other.1).await.expect_problem(422, "idempotency_key_reused");
    }

    async fn a_kept_answer_is_not_for_somebody_whose_right_has_gone(test: TestApp) {
        let team = Team::new(&test).await;
        let done = team.record(team.naloxone, "2026-06-01").await;
        let path = format!("/api/learning/completions/{}/confirm", done["id"].as_str().unwrap());
        let confirm = || team.employer.send(Method::POST, &path, &[("idempotency-key", "c")], None);
        let first = confirm().await.expect(200);
        assert_eq!(confirm().await.expect(200), first);
        let revoked = role_grant::Entity::update_many()
            .col_expr(role_grant::Column::RevokedAt, Expr::value(test.app.clock.now()))
            .filter(role_grant::Column::Role.eq(Role::Employer));
        revoked.exec(&test.app.db).await.unwrap();
        confirm().await.expect_problem(403, "not_allowed");
        let disabled = account::Entity::update_many()
            .col_expr(account::Column::DisabledAt, Expr::value(test.app.clock.now()));
        disabled.exec(&test.app.db).await.unwrap();
        confirm().await.expect_problem(401, "not_signed_in");
    }

    async fn a_session_that_ends_meanwhile_is_401_and_one_statement_finds_it(test: TestApp) {
        let team = Team::new(&test).await;
        let token = team.employer.cookie().unwrap().split_once('=').unwrap().1.to_owned();
        let (found, statements) = test.statements(session::find(&test.app, &token)).await;
        assert_eq!((found.unwrap().unwrap().grants().len(), statements), (1, 1));
        let token = team.staff.cookie().unwrap().split_once('=').unwrap().1.to_owned();
        assert_eq!(session::find(&test.app, &token).await.unwrap().unwrap().grants().len(), 0);
        test.app.clock.advance(TimeDelta::minutes(2));
        entity::session::Entity::delete_many().exec(&test.app.db).await.unwrap();
        team.staff.get("/api/me").await.expect_problem(401, "not_signed_in");
    }

    async fn old_answers_are_forgotten(test: TestApp) {
        let team = Team::new(&test).await;
        send(&team.staff, "k", &json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"})).await.expect(201);
        test.app.clock.advance(TimeDelta::minutes(3));
        send(&team.staff, "other", &json!({"item_id": team.hobby.0, "completed_on": "2026-06-01"})).await.expect(201);
        test.app.clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(2));
        assert_eq!(cairn::access::once::sweep(&test.app).await.unwrap(), 1);
        test.app.clock.advance(TimeDelta::hours(2));
        assert_eq!(cairn::access::once::sweep(&test.app).await.unwrap(), 1);
    }
}

/// A store of files in which keeping one takes as long as it is told to.
#[derive(Debug)]
struct Slow {
    files: Files,
    wait: watch::Receiver<bool>,
}

impl FileStore for Slow {
    fn put<'a>(&'a self, key: &'a Key, bytes: Vec<u8>) -> Answer<'a, ()> {
        let mut wait = self.wait.clone();
        Box::pin(async move {
            drop(wait.wait_for(|go| *go).await);
            self.files.put(key, bytes).await
        })
    }
    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Vec<u8>> {
        self.files.get(key)
    }
    fn delete<'a>(&'a self, key: &'a Key) -> Answer<'a, ()> {
        self.files.delete(key)
    }
}

fn form(boundary: &str, file: &[u8]) -> (String, Vec<u8>) {
    let mut body = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n")
        .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

async fn upload(client: &Client, key: &str, kind: &str, body: Vec<u8>) -> Answered {
    let headers = [("idempotency-key", key), ("content-type", kind)];
    client.send(Method::POST, "/api/learning/evidence", &headers, Some(body)).await
}

/// Two transactions that each hold what the other waits for: PostgreSQL ends one of them, and that
/// one is told to try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_no_fault() {
    let Some(test) = TestApp::postgres().await else {
        eprintln!("SKIPPED: CAIRN_TEST_POSTGRES_URL is not set");
        return;
    };
    let people = [build::person(&test, "Una").await, build::person(&test, "Rhona").await];
    let set = async |first: usize| -> Result<(), DbErr> {
        let tx = db::write(&test.app.db).await?;
        for at in [first, 1 - first] {
            let row = person::ActiveModel { id: Set(people[at]), synthetic: Set(false), ..Default::default() };
            person::Entity::update(row).exec(&tx).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        tx.commit().await
    };
    let (one, other) = futures_util::future::join(set(0), set(1)).await;
    let refused = one.err().or(other.err()).expect("one of them was ended");
    let answer = ApiError::from(refused);
    assert_eq!((answer.status().as_u16(), answer.problem().code.as_str()), (503, "busy"));
}

/// What was read is another thing by the time that it is written: told to try again, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serialization_failure_is_no_fault() {
    let Some(test) = TestApp::postgres().await else {
        eprintln!("SKIPPED: CAIRN_TEST_POSTGRES_URL is not set");
        return;
    };
    let una = build::person(&test, "Una").await;
    let change = || {
        let row = person::ActiveModel { id: Set(una), synthetic: Set(false), ..Default::default() };
        person::Entity::update(row)
    };
    let slow = db::write(&test.app.db).await.unwrap();
    slow.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    person::Entity::find_by_id(una).one(&slow).await.unwrap();
    let quick = db::write(&test.app.db).await.unwrap();
    change().exec(&quick).await.unwrap();
    quick.commit().await.unwrap();
    let answer = ApiError::from(change().exec(&slow).await.unwrap_err());
    assert_eq!((answer.status().as_u16(), answer.problem().code.as_str()), (503, "busy"));
}

/// SQLite has one writer: who waited too long for it is told to try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_sqlite_is_no_fault() {
    let test = TestApp::sqlite().await;
    let url = format!("sqlite://{}", test.app.config.data_dir.join("cairn.sqlite").display());
    let other = db::connect(&url, 1, None).await.unwrap();
    other.execute_unprepared("PRAGMA busy_timeout = 50").await.unwrap();
    let writing = db::write(&test.app.db).await.unwrap();
    let answer = ApiError::from(other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap_err());
    assert_eq!((answer.status().as_u16(), answer.problem().code.as_str()), (503, "busy"));
    drop(writing);
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
}
