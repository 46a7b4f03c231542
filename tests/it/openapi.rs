//! The committed OpenAPI document is the program's, and whole.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

fn committed() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    std::fs::read_to_string(path).expect("openapi/openapi.json is there")
}

#[test]
fn the_committed_document_is_the_programs() {
    assert!(committed() == cairn::server::spec(), "openapi/openapi.json is out of date: run `make gen` and commit it");
}

/// One path in two Api structs would be a duplicate JSON key, of which parsers keep the last.
#[test]
fn no_path_is_declared_twice() {
    let text = committed();
    let document: Value = serde_json::from_str(&text).unwrap();
    let declared = text.lines().filter(|line| line.starts_with("    \"/")).count();
    assert_eq!(declared, document["paths"].as_object().unwrap().len());
}

#[test]
fn every_operation_has_an_id_a_tag_and_a_summary() {
    let document: Value = serde_json::from_str(&committed()).unwrap();
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            assert!(!id.is_empty(), "{method} {path} has no operation_id");
            assert!(ids.insert(id.to_owned()), "operation_id {id} stands twice");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{id} has not one tag");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id} has no doc comment");
        }
    }
}
