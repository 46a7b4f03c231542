//! Editors of the catalogue, and items with everything but what a test is about filled in.

use cairn::account::NewAccount;
use entity::value::Role;
use serde_json::{Value, json};

use super::build::{self, Place};
use super::{Client, TestApp};

/// The first real input, as it came.
pub const REAL: &[u8] = include_bytes!("../../data/catalogue.csv");

pub async fn curator(test: &TestApp) -> Client {
    let new =
        NewAccount { email: "curator@example.org".to_owned(), role: Some(Role::Curator), ..NewAccount::default() };
    test.account(new).await;
    test.sign_in("curator@example.org").await
}

/// Someone who writes for "Clyde Recovery (synthetic)".
pub async fn provider(test: &TestApp) -> (Client, Place) {
    let place = build::place(test).await;
    let new = NewAccount {
        email: "provider@example.org".to_owned(),
        role: Some(Role::Provider),
        organisation: Some(place.organisation),
        ..NewAccount::default()
    };
    test.account(new).await;
    (test.sign_in("provider@example.org").await, place)
}

pub fn item(title: &str) -> Value {
    json!({
        "kind": "module", "title": title, "provider": "Scottish Drugs Forum",
        "topics": ["naloxone-overdose"], "delivery": "elearning", "cost": "free",
        "taking_part": "Write to training@example.org",
    })
}

/// Made by a curator and published; gives its id.
pub async fn published(curator: &Client, body: &Value) -> String {
    let made = curator.post("/api/catalogue/items", body).await.expect(201);
    let id = made["id"].as_str().expect("an id").to_owned();
    curator.patch(&path(&id), &json!({"status": "published"})).await.expect(200);
    id
}

pub fn path(id: &str) -> String {
    format!("/api/catalogue/items/{id}")
}

pub async fn import(client: &Client, mode: &str, rows: &str, file: &[u8]) -> super::client::Answer {
    client.upload("/api/catalogue/imports", &[("mode", mode), ("rows", rows)], ("file", "items.csv", file)).await
}

/// Everything of a list, page by page.
pub async fn all(client: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}&cursor={cursor}")).await.expect(200);
        items.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return items,
        }
    }
}
