//! `kill -9` while a request is carried out by a real process: before its commit nothing of it is
//! there, after its commit all of it is; the same request with the same `Idempotency-Key` completes
//! it once. A trigger holds the work at the point where it is killed.

mod server;

use std::fmt::Write as _;

use cairn::account::NewAccount;
use cairn::base::clock::Clock;
use entity::value::Role;
use sea_orm::DbBackend;
use serde_json::json;

use self::server::{Hold, Server, count, url, within};
use crate::access_matrix::world::enter;
use crate::joining::{isla, place};
use crate::on_both_databases;
use crate::support::all::everything;
use crate::support::catalogue::{self, item};
use crate::support::learn::{self, Team};
use crate::support::{Client, TestApp, build};

/// One request, where it is held, and what tells that it was done.
struct Work {
    cookie: String,
    path: String,
    kind: String,
    body: Vec<u8>,
    /// The table whose first new row is the last thing that it comes to
    held_at: &'static str,
    /// Counts as they are before and after
    facts: Vec<(String, i64, i64)>,
}

impl Work {
    fn new(client: &Client, path: &str, body: &serde_json::Value, held_at: &'static str) -> Self {
        let (cookie, kind) = (client.cookie().unwrap().to_owned(), "application/json".to_owned());
        Self { cookie, path: path.to_owned(), kind, body: body.to_string().into_bytes(), held_at, facts: Vec::new() }
    }

    fn fact(mut self, from_and_where: impl Into<String>, before: i64, after: i64) -> Self {
        self.facts.push((from_and_where.into(), before, after));
        self
    }

    fn request(&self) -> Vec<u8> {
        let Self { cookie, path, kind, body, .. } = self;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\nIdempotency-Key: once\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.into_bytes(), body.clone()].concat()
    }

    async fn holds(&self, test: &TestApp, when: When) {
        for (fact, before, after) in &self.facts {
            let expected = if when == When::Before { before } else { after };
            assert_eq!(count(test, fact).await, *expected, "{when:?} of {}: {fact}", self.path);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Before,
    After,
}

/// The test's clock shows what the server's shows, so that its sessions hold there.
fn now(test: &TestApp) {
    test.app.clock.advance(Clock::system().now() - test.app.clock.now());
}

/// Sends the request, and kills the process when the work has come to where it is held.
async fn kill_over(test: &TestApp, server: &mut Server, work: &Work, (event, table): (&str, &'static str)) {
    let hold = Hold::at(test, event, table).await;
    let request = work.request();
    let (fact, before, after) = &work.facts[0];
    let committed = if event == "UPDATE" { after } else { before };
    tokio::select! {
        answer = server.send(&request) => panic!("answered though it is held: {answer:?}"),
        () = within("it is held", async || count(test, fact).await == *committed && hold.holds().await) => {}
    }
    server.kill();
    hold.lift().await;
}

/// Killed before its commit, completed by the same request, and answered the same again.
async fn killed_and_completed(test: &TestApp, work: &Work) {
    let (url, folder) = (url(test).await, tempfile::tempdir().unwrap());
    let before = everything(test).await;
    let mut server = Server::start(&url, &folder).await;
    kill_over(test, &mut server, work, ("INSERT", work.held_at)).await;
    assert_eq!(everything(test).await, before, "{}: nothing of it is there", work.path);
    work.holds(test, When::Before).await;

    let server = Server::start(&url, &folder).await;
    let first = server.send(&work.request()).await.unwrap();
    assert!(first.starts_with("HTTP/1.1 20"), "{}: {first}", work.path);
    work.holds(test, When::After).await;
    let done = everything(test).await;
    let again = server.send(&work.request()).await.unwrap();
    assert!(again.contains("idempotency-replayed: true"), "{}: {again}", work.path);
    assert_eq!(everything(test).await, done, "{}: done once", work.path);
}

/// Killed between its commit and its answer: it is done, the same request says so and does nothing.
async fn killed_and_done(test: &TestApp, work: &Work) {
    let (url, folder) = (url(test).await, tempfile::tempdir().unwrap());
    work.holds(test, When::Before).await;
    let mut server = Server::start(&url, &folder).await;
    kill_over(test, &mut server, work, ("UPDATE", "idempotency")).await;
    work.holds(test, When::After).await;
    let done = everything(test).await;

    let server = Server::start(&url, &folder).await;
    for _ in 0..2 {
        let answer = server.send(&work.request()).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("done_already"), "{}: {answer}", work.path);
    }
    assert_eq!(everything(test).await, done, "{}: done once", work.path);
}

async fn joining(test: &TestApp) -> Work {
    let (place, (isla, _)) = (place(test, "Buidheann Taic (synthetic)").await, isla(test).await);
    let shadow = place.add(("Isla", "Fraser"), "isla@example.org").await;
    now(test);
    let own = enter(test, "isla@example.org").await;
    Work::new(&own, &format!("/api/me/employers/questions/{shadow}"), &json!({ "answer": "yes" }), "joining_answer")
        .fact("FROM joining_answer", 0, 1)
        .fact("FROM person_move", 0, 1)
        .fact(held_by(test, isla), 0, 1)
        .fact(held_by(test, shadow), 1, 0)
}

/// Ids are bytes on SQLite.
fn held_by(test: &TestApp, person: entity::id::PersonId) -> String {
    let id = match test.app.db.get_database_backend() {
        DbBackend::Postgres => format!("'{person}'"),
        _ => format!("x'{}'", person.0.simple()),
    };
    format!("FROM appointment WHERE superseded_at IS NULL AND person_id = {id}")
}

async fn merging(test: &TestApp) -> Work {
    let place = place(test, "Clyde Recovery (synthetic)").await;
    let kate = place.add(("Kate", "Reid"), "kate@example.org").await;
    let twin = build::member(test, place.service, "Katie").await;
    now(test);
    let employer = enter(test, &format!("{}@example.org", place.organisation)).await;
    Work::new(&employer, &place.path(&format!("/{kate}/merges/{twin}")), &json!({}), "change")
        .fact("FROM person_move", 0, 1)
        .fact(held_by(test, kate), 1, 2)
        .fact(held_by(test, twin), 1, 0)
}

const MANY: usize = 40;

/// A file with many items of the provider's.
fn file() -> Vec<u8> {
    let mut text = "ref,kind,title,provider,topic,minutes,delivery,cost,url\n".to_owned();
    for row in 0..MANY {
        writeln!(text, "many-{row},module,Course {row},Clyde Recovery (synthetic),alcohol,45,elearning,free,https://example.org/{row}").unwrap();
    }
    text.into_bytes()
}

/// New items wait for a curator, and so do changes of items that are public.
async fn decision(test: &TestApp) -> Work {
    let (desk, place) = catalogue::provider(test).await;
    let curator = catalogue::curator(test).await;
    catalogue::import(&desk, "apply", "all", &file()).await.expect(200);
    for public in 0..3 {
        let mut body = item(&format!("Public {public}"));
        body.as_object_mut().unwrap().remove("provider");
        body["provider_id"] = json!(place.organisation);
        let id = catalogue::published(&curator, &body).await;
        desk.patch(&catalogue::path(&id), &json!({ "validity_months": 6 })).await.expect(200);
    }
    now(test);
    let curator = enter(test, "curator@example.org").await;
    let body = json!({ "decision": "publish", "all_of": { "provider_id": place.organisation } });
    let (many, all) = (i64::try_from(MANY).unwrap(), i64::try_from(MANY + 3).unwrap());
    Work::new(&curator, "/api/catalogue/queue/decisions", &body, "change")
        .fact("FROM item WHERE status = 'published'", 3, all)
        .fact("FROM item WHERE status = 'in_review'", many, 0)
        .fact("FROM item_proposal WHERE state = 'waiting'", 3, 0)
        .fact("FROM item WHERE validity_months = 6", 0, 3)
}

async fn rejection(test: &TestApp) -> Work {
    let team = Team::new(test).await;
    let made = learn::record(&team.staff, team.naloxone, "2026-06-01").await;
    let path = format!("/api/learning/completions/{}", made["id"].as_str().unwrap());
    team.employer.post(&format!("{path}/confirm"), &json!({})).await.expect(200);
    now(test);
    let employer = enter(test, "eilidh@example.org").await;
    let body = json!({ "reason": "The certificate is for another course" });
    Work::new(&employer, &format!("{path}/reject"), &body, "completion_event")
        .fact("FROM completion_verdict WHERE verdict = 'rejected'", 0, 1)
        .fact("FROM completion WHERE assurance = 'employer_verified'", 1, 0)
        .fact("FROM completion_event WHERE kind = 'rejected'", 0, 1)
}

async fn import(test: &TestApp) -> Work {
    let (_, place) = catalogue::provider(test).await;
    let new = NewAccount {
        email: "desk@example.org".to_owned(),
        role: Some(Role::Provider),
        organisation: Some(place.organisation),
        ..NewAccount::default()
    };
    test.account(new).await;
    now(test);
    let desk = enter(test, "desk@example.org").await;
    let mut work = Work::new(&desk, "/api/catalogue/imports", &json!({}), "search_outbox");
    let part = |name: &str, rest: &str, content: &[u8]| {
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n"].concat()
    };
    work.kind = "multipart/form-data; boundary=cut".to_owned();
    work.body = [
        part("mode", "", b"apply"),
        part("rows", "", b"all"),
        part("file", "; filename=\"items.csv\"\r\nContent-Type: text/csv", &file()),
        b"--cut--\r\n".to_vec(),
    ]
    .concat();
    let many = i64::try_from(MANY).unwrap();
    work.fact("FROM item", 0, many).fact("FROM item_import", 0, 1).fact("FROM item_import_row", 0, many)
}

on_both_databases! {
    async fn a_joining_that_is_killed_is_whole_or_not(test: TestApp) {
        killed_and_completed(&test, &joining(&test).await).await;
    }

    async fn a_joining_that_was_killed_over_its_answer_is_done(test: TestApp) {
        killed_and_done(&test, &joining(&test).await).await;
    }

    async fn a_merging_that_is_killed_is_whole_or_not(test: TestApp) {
        killed_and_completed(&test, &merging(&test).await).await;
    }

    async fn a_merging_that_was_killed_over_its_answer_is_done(test: TestApp) {
        killed_and_done(&test, &merging(&test).await).await;
    }

    async fn decisions_that_are_killed_are_whole_or_not(test: TestApp) {
        killed_and_completed(&test, &decision(&test).await).await;
    }

    async fn decisions_that_were_killed_over_their_answer_are_done(test: TestApp) {
        killed_and_done(&test, &decision(&test).await).await;
    }

    async fn a_rejection_that_is_killed_is_whole_or_not(test: TestApp) {
        killed_and_completed(&test, &rejection(&test).await).await;
    }

    async fn a_rejection_that_was_killed_over_its_answer_is_done(test: TestApp) {
        killed_and_done(&test, &rejection(&test).await).await;
    }

    async fn an_import_that_is_killed_is_whole_or_not(test: TestApp) {
        killed_and_completed(&test, &import(&test).await).await;
    }

    async fn an_import_that_was_killed_over_its_answer_is_done(test: TestApp) {
        killed_and_done(&test, &import(&test).await).await;
    }
}
