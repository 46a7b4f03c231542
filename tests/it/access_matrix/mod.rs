//! Every operation x whose ids it is sent x every kind of caller -> status, held against
//! `access_matrix.txt`. Each call is whole: a valid body, ids of things that are there. So a refusal
//! comes from a check of rights, and a check that was deleted shows as another status or length of a list.
//!
//! A new operation with a body needs its call in `calls.rs`; one whose path names something new
//! needs that thing in `side.rs`.

mod calls;
mod rewind;
pub mod side;
pub mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use poem::http::Method;
use serde_json::Value;

use self::calls::{Body, Call};
use self::rewind::Rewind;
use self::side::{Ids, WHOSE};
use self::world::World;
use crate::support::client::Answer;
use crate::support::{Client, TestApp};

/// Where a call of somebody with the right is meant to be refused, and why.
const MEANT: &[(&str, &str, &str)] = &[];

/// Lists whose length says nothing of who may see what.
const NOT_COUNTED: &[&str] = &["list_security_events"];

/// One operation of the API's description.
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub has_body: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&cairn::server::spec()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

async fn send(client: &Client, operation: &Operation, call: &Call) -> Answer {
    let path = format!("/api{}{}", call.path, call.query);
    match &call.body {
        Body::Nothing => client.send(operation.method.clone(), &path, &[], None).await,
        Body::Json(body) => {
            client.send(operation.method.clone(), &path, &[], Some(body.to_string().into_bytes())).await
        }
        Body::File { texts, name, bytes } => client.upload(&path, texts, ("file", name, bytes)).await,
    }
}

/// The status; of a list of records also how many there are.
fn cell(operation: &Operation, answer: &Answer) -> String {
    let status = answer.status.as_u16();
    let is_json = answer.header("content-type").starts_with("application/json");
    let is_of_records = operation.method == Method::GET
        && !operation.path.starts_with("/reference/")
        && !NOT_COUNTED.contains(&operation.id.as_str());
    if !(answer.status.is_success() && is_json && is_of_records) {
        return status.to_string();
    }
    match answer.json()["items"].as_array() {
        Some(items) => format!("{status}:{}", items.len()),
        None => status.to_string(),
    }
}

/// What must not happen, whatever is written in the file: an answer that says nothing of rights.
fn fault(operation: &Operation, whose: &str, caller: &str, answer: &Answer) -> Option<String> {
    let status = answer.status.as_u16();
    let own = matches!(whose, "own" | "-");
    let meant = MEANT.iter().any(|(id, who, _)| *id == operation.id && *who == caller);
    // an id in a body that is nobody's business may be 422 at its field; one's own never
    let says_nothing = match status {
        400 | 405 | 406 | 413 | 415 | 428 | 500.. => true,
        409 | 412 | 422 => own && !meant,
        _ => false,
    };
    says_nothing.then(|| format!("{} {whose} {caller}: {status} {}", operation.id, answer.text()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_and_caller_is_as_written() {
    let world = World::new(TestApp::sqlite().await).await;
    world.test.settle_search().await;
    let mut rewind = Rewind::of(&world.test).await;
    let (mut rows, mut faults) = (BTreeMap::new(), Vec::new());
    // to look at what some operations answer, and at nothing else
    let only = std::env::var("CAIRN_ACCESS_MATRIX_ONLY").ok();
    let asked = |id: &str| only.as_ref().is_none_or(|only| only.split(',').any(|one| one == id));
    for operation in operations().into_iter().filter(|operation| asked(&operation.id)) {
        let (mut sent, mut may) = (Vec::new(), false);
        for (place, whose) in WHOSE.into_iter().enumerate() {
            let Some(ids) = Ids::of(&world, whose) else { continue };
            let call = match calls::call(&operation, &ids) {
                Ok(call) => call,
                Err(missing) => {
                    faults.push(missing);
                    break;
                }
            };
            let Some(label) = calls::label(&call, whose) else { continue };
            if sent.contains(&call) {
                continue;
            }
            rewind.back().await;
            let mut row = Vec::new();
            for (caller, client) in &world.callers {
                let answer = send(client, &operation, &call).await;
                faults.extend(fault(&operation, label, caller, &answer));
                if only.is_some() {
                    println!("{} {label} {caller}: {} {}", operation.id, answer.status.as_u16(), answer.text());
                }
                may |= answer.status.is_success();
                row.push(cell(&operation, &answer));
                if answer.status.is_success() && operation.method != Method::GET {
                    rewind.back().await;
                }
            }
            rows.insert((operation.id.clone(), place), (label, row));
            sent.push(call);
        }
        if !may {
            faults.push(format!("{}: nobody may, so its call in access_matrix/calls.rs is not right", operation.id));
        }
    }
    let text = table(&world, &rows);
    assert!(faults.is_empty(), "{} calls say nothing of rights:\n{}\n\n{text}", faults.len(), faults.join("\n"));
    match only {
        Some(_) => println!("{text}"),
        None => hold(&text),
    }
}

type Rows = BTreeMap<(String, usize), (&'static str, Vec<String>)>;

fn table(world: &World, rows: &Rows) -> String {
    let widths: Vec<usize> = world.callers.iter().map(|(name, _)| name.len().max(6)).collect();
    let line = |first: &str, whose: &str, cells: &[&str]| {
        let mut line = format!("{first:<30} {whose:<9}");
        for (cell, width) in cells.iter().zip(&widths) {
            write!(line, " {cell:<width$}").unwrap();
        }
        line.trim_end().to_owned() + "\n"
    };
    let names: Vec<&str> = world.callers.iter().map(|(name, _)| *name).collect();
    let mut text = world::LEGEND.to_owned() + &line("# operation", "ids", &names);
    for ((id, _), (whose, cells)) in rows {
        text += &line(id, whose, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text
}

fn hold(text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access_matrix.txt");
    if std::env::var_os("CAIRN_WRITE_ACCESS_MATRIX").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let (before, now): (Vec<_>, Vec<_>) = (written.lines().collect(), text.lines().collect());
    let mut differences = String::new();
    for line in before.iter().filter(|line| !now.contains(line)) {
        writeln!(differences, "- {line}").unwrap();
    }
    for line in now.iter().filter(|line| !before.contains(line)) {
        writeln!(differences, "+ {line}").unwrap();
    }
    assert!(
        written == text,
        "who may call what has changed. Look at every difference; if it is meant, write the file with\n\
         CAIRN_WRITE_ACCESS_MATRIX=1 cargo nextest run access_matrix\n\n{differences}"
    );
}
