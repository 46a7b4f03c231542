//! The OpenAPI document, made whole: what any operation can answer besides its own answers (not
//! signed in, not allowed, too large, too many, busy) is said once and pointed to from each.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// Status, name among the components, and what it means.
const ANSWERS: [(&str, &str, &str); 15] = [
    ("400", "BadRequest", "The request cannot be read as what this operation takes"),
    ("401", "NotSignedIn", "Nobody is signed in, or the session has ended"),
    (
        "403",
        "NotAllowed",
        "The account may not do this, or must choose its own password first (`password_must_change`), or another site sent it",
    ),
    ("404", "NotFound", "There is nothing with this id that the account may see"),
    ("408", "TooSlow", "The body did not arrive in time"),
    ("409", "Conflict", "It clashes with what is there; `code` says how"),
    ("412", "ChangedMeanwhile", "Somebody else changed it since it was read (`If-Match`)"),
    ("413", "TooLarge", "The body is larger than we take"),
    (
        "415",
        "UnsupportedMediaType",
        "The body's type or its `Content-Encoding` is not one that we take; bodies are never compressed",
    ),
    ("422", "Invalid", "The request can be read, but a field needs to be put right; `fields` says which"),
    ("429", "TooManyTries", "Too many tries; `Retry-After` says when to go on"),
    ("500", "Internal", "A fault of ours, which has been logged"),
    ("503", "Busy", "Out of reach for a moment; `Retry-After` says when to try again"),
    ("507", "NoRoom", "There is no room left for files"),
    ("default", "Problem", "What went wrong, as a problem document"),
];

/// The document with these answers, pretty-printed.
pub fn whole(spec: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(spec) else { return spec.to_owned() };
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let all = ANSWERS.iter().map(|(_, name, description)| {
        let retry = json!({ "Retry-After": { "description": "Seconds to wait", "schema": { "type": "integer" } } });
        let mut answer = json!({ "description": description, "content": problem });
        if matches!(*name, "TooManyTries" | "Busy") {
            answer["headers"] = retry;
        }
        ((*name).to_owned(), answer)
    });
    document["components"]["responses"] = Value::Object(all.collect());
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::iter_mut);
    for (path, operations) in paths {
        for (method, operation) in operations.as_object_mut().into_iter().flat_map(Map::iter_mut) {
            let can = statuses(path, method, operation);
            let Some(answers) = operation["responses"].as_object_mut() else { continue };
            answers.remove("default"); // what poem says of it is what we say of it
            for (status, name, _) in ANSWERS.iter().filter(|(status, ..)| can(status)) {
                let reference = json!({ "$ref": format!("#/components/responses/{name}") });
                answers.entry((*status).to_owned()).or_insert(reference);
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_else(|_| spec.to_owned());
    text.push('\n');
    text
}

/// Which of the answers an operation can give.
fn statuses(path: &str, method: &str, operation: &Value) -> impl Fn(&str) -> bool + use<> {
    let writes = method != "get";
    let takes_body = operation.get("requestBody").is_some();
    let signed_in = operation.get("security").is_some();
    let takes_file =
        operation["requestBody"]["content"].as_object().is_some_and(|kinds| kinds.contains_key("multipart/form-data"));
    let named = path.contains('{');
    let guesses = ["sign_in", "change_my_password"].contains(&operation["operationId"].as_str().unwrap_or_default());
    let compares =
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "if-match"));
    move |status| match status {
        "401" => signed_in || guesses,
        "403" => signed_in || writes,
        "404" => named || takes_body,
        "408" | "413" => takes_body,
        "409" => writes,
        "412" => compares,
        "429" => guesses,
        "507" => takes_file,
        _ => true,
    }
}

/// Methods of each path, its parts apart; the document is of this program and does not change.
static METHODS: LazyLock<BTreeMap<Vec<String>, String>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(&super::spec()).unwrap_or_default();
    let paths = document["paths"].as_object().into_iter().flat_map(Map::iter);
    let methods = |operations: &Value| {
        let names = operations.as_object().into_iter().flat_map(Map::keys);
        let mut names: Vec<_> = names.map(|name| name.to_uppercase()).collect();
        if names.iter().any(|name| name == "GET") {
            names.push("HEAD".to_owned());
        }
        names.join(", ")
    };
    paths.map(|(path, operations)| (parts(path), methods(operations))).collect()
});

fn parts(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What `Allow` says of a path.
pub fn allowed(path: &str) -> String {
    let asked = parts(path.strip_prefix("/api").unwrap_or(path));
    let fits = |known: &&Vec<String>| {
        known.len() == asked.len()
            && known.iter().zip(&asked).all(|(known, part)| known.starts_with('{') || known == part)
    };
    // a fixed part beats a parameter
    let best =
        METHODS.keys().filter(fits).min_by_key(|known| known.iter().filter(|part| part.starts_with('{')).count());
    best.and_then(|known| METHODS.get(known)).cloned().unwrap_or_else(|| "GET, HEAD".to_owned())
}
