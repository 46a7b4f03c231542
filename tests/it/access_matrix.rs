//! Every operation x every kind of caller -> status, held against `access_matrix.txt`.
//! Paths are filled with ids that do not exist, bodies are empty: what the matrix shows is who
//! gets past the door (401 and 403 against anything else).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use cairn::account::NewAccount;
use entity::value::Role;
use poem::http::Method;
use serde_json::Value;

use crate::support::{Client, TestApp, build};

const KINDS: [&str; 9] =
    ["anonymous", "staff", "manager", "employer", "provider", "adp", "planner", "curator", "admin"];

async fn clients(test: &TestApp) -> Vec<Client> {
    let place = build::place(test).await;
    let mut clients = vec![test.anonymous()];
    for kind in &KINDS[1..] {
        let mut new = NewAccount { email: format!("{kind}@example.org"), ..NewAccount::default() };
        new.person = Some(build::person(test, kind).await);
        new.role = match *kind {
            "manager" => Some(Role::Manager),
            "employer" => Some(Role::Employer),
            "provider" => Some(Role::Provider),
            "adp" => Some(Role::Adp),
            "planner" => Some(Role::Planner),
            "curator" => Some(Role::Curator),
            "admin" => Some(Role::Admin),
            _ => None,
        };
        new.organisation = matches!(*kind, "manager" | "employer" | "provider").then_some(place.organisation);
        new.service = (*kind == "manager").then_some(place.service);
        new.area = (*kind == "adp").then(|| place.adp.clone());
        test.account(new).await;
        clients.push(test.sign_in(&format!("{kind}@example.org")).await);
    }
    clients
}

/// `/items/{id}` with an id that nothing has; other parameters get a word.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            id if id.starts_with('{') && id.ends_with("id}") => "01900000-0000-7000-8000-000000000000",
            word if word.starts_with('{') => "nothing",
            other => other,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_and_caller_is_as_written() {
    let test = TestApp::sqlite().await;
    let clients = clients(&test).await;
    test.settle_search().await;
    let document: Value = serde_json::from_str(&cairn::server::spec()).unwrap();
    let mut found = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            if id == "sign_out" {
                continue; // it would end the sessions that the matrix needs; tests/it/account.rs has it
            }
            let verb: Method = method.to_uppercase().parse().unwrap();
            let body = matches!(method.as_str(), "post" | "patch" | "put").then(|| b"{}".to_vec());
            let mut row = String::new();
            for client in &clients {
                let answer = client.send(verb.clone(), &format!("/api{}", filled(path)), &[], body.clone()).await;
                assert!(answer.status.as_u16() != 500, "{id}: {}", answer.text());
                write!(row, " {}", answer.status.as_u16()).unwrap();
            }
            found.insert(format!("{id:<36}"), row);
        }
    }
    let mut text = format!("{:<36} {}\n", "# operation", KINDS.join(" "));
    for (id, row) in &found {
        writeln!(text, "{id}{row}").unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access_matrix.txt");
    if std::env::var_os("CAIRN_WRITE_ACCESS_MATRIX").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == text,
        "who may call what has changed. Look at every difference; if it is meant, write the file with\n\
         CAIRN_WRITE_ACCESS_MATRIX=1 cargo nextest run access_matrix\n\nwritten:\n{written}\nfound:\n{text}"
    );
}
