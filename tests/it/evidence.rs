//! Evidence: told by content, kept apart, shown to few, gone when it may go.

use std::sync::Arc;

use cairn::files::{Answer, FileError, FileStore, Key};
use entity::{access_event, evidence};
use poem::http::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::learn::Team;
use crate::support::{Client, TestApp};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
const MOST: usize = 10 * 1024 * 1024;

async fn upload(client: &Client, name: &str, bytes: &[u8]) -> Value {
    client.upload("/api/learning/evidence", &[], ("file", name, bytes)).await.expect(201)
}

async fn with_evidence(team: &Team, files: &[&Value]) -> Value {
    let ids: Vec<_> = files.iter().map(|file| file["id"].clone()).collect();
    let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01", "evidence_ids": ids});
    team.staff.post("/api/learning/completions", &body).await.expect(201)
}

fn at(file: &Value) -> String {
    format!("/api/learning/evidence/{}", file["id"].as_str().expect("an id"))
}

fn completion(made: &Value, act: &str) -> String {
    format!("/api/learning/completions/{}{act}", made["id"].as_str().expect("an id"))
}

on_both_databases! {
    async fn evidence_lifts_a_completion_and_comes_back_as_a_file(test: TestApp) {
        let team = Team::new(&test).await;
        let file = upload(&team.staff, "Teisteanas naloxone.pdf", PDF).await;
        let made = with_evidence(&team, &[&file]).await;
        assert_eq!(made["assurance"], "evidence_attached");
        assert_eq!(made["evidence"][0]["file_name"], "Teisteanas naloxone.pdf");
        let back = team.staff.get(&at(&file)).await;
        assert_eq!((back.status.as_u16(), back.bytes.as_slice()), (200, PDF));
        assert_eq!(back.header("content-type"), "application/octet-stream");
        assert_eq!(back.header("x-content-type-options"), "nosniff");
        assert!(back.header("content-disposition").starts_with("attachment; filename=\"Teisteanas naloxone.pdf\""));
        assert!(back.header("cache-control").contains("no-store"));
    }

    async fn evidence_can_come_later_and_does_not_lower_what_is_trusted_more(test: TestApp) {
        let team = Team::new(&test).await;
        let made = team.record(team.naloxone, "2026-06-01").await;
        let attach = async |file: &Value| {
            team.staff.post(&completion(&made, "/evidence"), &json!({"evidence_ids": [file["id"]]})).await
        };
        let first = upload(&team.staff, "a.png", PNG).await;
        let raised = attach(&first).await.expect(200);
        assert_eq!((&raised["assurance"], &raised["history"][1]["kind"]), (&json!("evidence_attached"), &json!("evidence_attached")));
        attach(&first).await.expect_problem(404, "not_found");
        team.manager.post(&completion(&made, "/confirm"), &json!({})).await.expect(200);
        let second = attach(&upload(&team.staff, "b.png", PNG).await).await.expect(200);
        assert_eq!((&second["assurance"], second["evidence"].as_array().unwrap().len()), (&json!("manager_confirmed"), 2));
        team.staff.post(&completion(&made, "/evidence"), &json!({"evidence_ids": []})).await.expect_problem(422, "invalid");
    }

    async fn content_decides_not_the_name(test: TestApp) {
        let team = Team::new(&test).await;
        let kept = upload(&team.staff, "certificate.exe", PDF).await;
        assert_eq!((&kept["file_name"], &kept["media_type"]), (&json!("certificate.pdf"), &json!("application/pdf")));
        let wrong: [(&str, &[u8], &str); 9] = [
            ("certificate.pdf", b"MZ\x90\0\x03\0\0\0", "not_accepted"),
            ("certificate.pdf", b"<html><script>alert(1)</script>", "not_accepted"),
            ("picture.png", b"GIF89a", "not_accepted"),
            ("archive.jpg", b"PK\x03\x04", "not_accepted"),
            ("empty.pdf", b"", "empty"),
            ("stub.pdf", b"%PDF-1.7", "cut_off"),
            ("stub.jpg", b"\xff\xd8\xff\xe0", "cut_off"),
            ("IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
            ("IMG_0001.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "heic"),
        ];
        for (name, bytes, code) in wrong {
            let answer = team.staff.upload("/api/learning/evidence", &[], ("file", name, bytes)).await;
            let problem = answer.expect_problem(422, "invalid");
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("file"), &json!(code)));
        }
        assert_eq!(evidence::Entity::find().count(&test.app.db).await.unwrap(), 1);
    }

    async fn only_the_owner_and_those_who_may_vouch_can_open_it(test: TestApp) {
        let team = Team::new(&test).await;
        let waiting = upload(&team.staff, "w.pdf", PDF).await;
        let file = upload(&team.staff, "a.pdf", PDF).await;
        let made = with_evidence(&team, &[&file]).await;
        for client in [&team.manager, &team.employer, &team.desk] {
            assert_eq!(client.get(&at(&file)).await.status.as_u16(), 200);
            client.get(&at(&waiting)).await.expect_problem(404, "not_found");
            client.delete(&at(&file)).await.expect_problem(404, "not_found");
        }
        assert_eq!(access_event::Entity::find().count(&test.app.db).await.unwrap(), 3);
        let stranger = team.stranger(&test).await;
        stranger.get(&at(&file)).await.expect_problem(404, "not_found");
        test.anonymous().get(&at(&file)).await.expect_problem(401, "not_signed_in");
        // another's file cannot be made one's own
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-02", "evidence_ids": [waiting["id"]]});
        stranger.post("/api/learning/completions", &body).await.expect_problem(404, "not_found");
        let none = stranger.get("/api/learning/completions").await.expect(200);
        assert_eq!(none["items"], json!([]), "nothing is half-written");
        team.manager.post(&completion(&made, "/evidence"), &json!({"evidence_ids": [file["id"]]})).await.expect_problem(404, "not_found");
    }

    async fn the_owner_can_take_it_away_until_somebody_has_relied_on_it(test: TestApp) {
        let team = Team::new(&test).await;
        let (a, b) = (upload(&team.staff, "a.pdf", PDF).await, upload(&team.staff, "b.pdf", PDF).await);
        let made = with_evidence(&team, &[&a, &b]).await;
        let remove = async |file: &Value| team.staff.send(Method::DELETE, &at(file), &[], None).await;
        assert_eq!(remove(&a).await.status.as_u16(), 204);
        let one_left = team.staff.get(&completion(&made, "")).await.expect(200);
        assert_eq!((&one_left["assurance"], one_left["evidence"].as_array().unwrap().len()), (&json!("evidence_attached"), 1));
        remove(&a).await.expect_problem(404, "not_found");
        team.staff.get(&at(&a)).await.expect_problem(404, "not_found");
        assert_eq!(remove(&b).await.status.as_u16(), 204);
        let none_left = team.staff.get(&completion(&made, "")).await.expect(200);
        assert_eq!((&none_left["assurance"], &none_left["history"][2]["kind"]), (&json!("self_declared"), &json!("evidence_removed")));

        let c = upload(&team.staff, "c.pdf", PDF).await;
        team.staff.post(&completion(&made, "/evidence"), &json!({"evidence_ids": [c["id"]]})).await.expect(200);
        team.employer.post(&completion(&made, "/confirm"), &json!({})).await.expect(200);
        remove(&c).await.expect_problem(409, "already_confirmed");
        assert_eq!(team.staff.get(&at(&c)).await.status.as_u16(), 200);
    }

    async fn twenty_wait_at_most_whoever_is_quick(test: TestApp) {
        let team = Team::new(&test).await;
        let send = || team.staff.upload("/api/learning/evidence", &[], ("file", "a.pdf", PDF));
        let answers = futures_util::future::join_all((0..45).map(|_| send())).await;
        let kept = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 201 | 409 | 503)));
        assert_eq!(u64::try_from(kept).unwrap(), evidence::Entity::find().count(&test.app.db).await.unwrap());
        let busy = answers.iter().filter(|answer| answer.status.as_u16() == 503).count();
        assert!(kept == 20 || (kept < 20 && busy > 25), "{kept} kept, {busy} to be tried again");
    }
}

#[tokio::test]
async fn ten_megabytes_are_taken_and_one_byte_more_is_not() {
    let test = TestApp::sqlite().await;
    let team = Team::new(&test).await;
    let mut bytes = PDF.to_vec();
    bytes.resize(MOST, b'\n');
    upload(&team.staff, "large.pdf", &bytes).await;
    for more in [1, 3 * 1024 * 1024] {
        bytes.resize(MOST + more, b'\n');
        let answer = team.staff.upload("/api/learning/evidence", &[], ("file", "larger.pdf", &bytes)).await;
        answer.expect_problem(413, "too_large");
    }
    assert_eq!(evidence::Entity::find().count(&test.app.db).await.unwrap(), 1);
}

/// A disk without room.
#[derive(Debug)]
struct Full;

impl FileStore for Full {
    fn put<'a>(&'a self, _: &'a Key, _: Vec<u8>) -> Answer<'a, ()> {
        Box::pin(async { Err(FileError::DiskFull) })
    }
    fn get<'a>(&'a self, _: &'a Key) -> Answer<'a, Vec<u8>> {
        Box::pin(async { Err(FileError::NotFound) })
    }
    fn delete<'a>(&'a self, _: &'a Key) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn a_full_disk_says_so_and_nothing_is_half_written() {
    let test = TestApp::sqlite().await;
    let team = Team::new(&test).await;
    let full = test.with_files(Arc::new(Full));
    let client = Client::new(&full).with_cookie(team.staff.cookie().expect("signed in"));
    let answer = client.upload("/api/learning/evidence", &[], ("file", "a.pdf", PDF)).await;
    answer.expect_problem(507, "disk_full");
    assert_eq!(evidence::Entity::find().count(&test.app.db).await.unwrap(), 0);
}

#[tokio::test]
async fn names_stay_what_people_wrote() {
    let test = TestApp::sqlite().await;
    let team = Team::new(&test).await;
    let before = [b"\xef\xbb\xbf", PDF].concat();
    for (given, kept) in
        [("say %22hi%22.pdf", "say hi.pdf"), ("Level 1.5 award", "Level 1.5 award.pdf"), ("card.jfif", "card.pdf")]
    {
        assert_eq!(upload(&team.staff, given, &before).await["file_name"], kept);
    }
}

#[tokio::test]
async fn files_that_belong_to_nothing_do_not_pile_up() {
    let test = TestApp::sqlite().await;
    let team = Team::new(&test).await;
    for _ in 0..20 {
        upload(&team.staff, "a.pdf", PDF).await;
    }
    let answer = team.staff.upload("/api/learning/evidence", &[], ("file", "a.pdf", PDF)).await;
    answer.expect_problem(409, "too_many_waiting");

    let waiting = team.staff.get("/api/learning/evidence").await.expect(200);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 20);
    let gone = team.staff.delete(&at(&waiting["items"][0])).await;
    assert_eq!(gone.status.as_u16(), 204);
    let used = upload(&team.staff, "used.pdf", PDF).await;
    with_evidence(&team, &[&used]).await;

    test.app.clock.advance(chrono::TimeDelta::hours(25));
    assert_eq!(cairn::learning::evidence::sweep(&test.app).await.unwrap(), 20, "the one removed by hand among them");
    assert_eq!(cairn::learning::evidence::sweep(&test.app).await.unwrap(), 0);
    let left = evidence::Entity::find().all(&test.app.db).await.unwrap();
    assert_eq!(left.iter().map(|row| row.file_name.as_str()).collect::<Vec<_>>(), ["used.pdf"]);
    let staff = test.sign_in("ailsa@example.org").await;
    assert_eq!(staff.get(&at(&used)).await.status.as_u16(), 200, "what is used stays");
    upload(&staff, "new.pdf", PDF).await;
}
