//! How each operation is called so that only rights can stand in the way: which thing stands for
//! each id of its path, and a query and a body that are valid.

use serde_json::{Value, json};

use super::Operation;
use super::side::{Ids, PDF, table};
use crate::support::app::PASSWORD;
use crate::support::catalogue::item;

#[derive(Debug, PartialEq)]
pub enum Body {
    Nothing,
    Json(Value),
    File { texts: &'static [(&'static str, &'static str)], name: &'static str, bytes: Vec<u8> },
}

#[derive(Debug, PartialEq)]
pub struct Call {
    pub path: String,
    pub query: String,
    pub body: Body,
    /// How many ids the path has, and whether query or body have some
    ids: (usize, bool),
    /// Whether the path begins with an organisation
    of_organisation: bool,
}

/// What stands for an id after this part of a path, unless the operation wants another thing.
const THINGS: &[(&str, &str)] = &[
    ("accounts", "account"),
    ("appointments", "appointment"),
    ("completions", "completion"),
    ("employers", "organisation"),
    ("evidence", "evidence"),
    ("exemptions", "exemption"),
    ("grants", "grant"),
    ("imports", "import"),
    ("items", "item"),
    ("merges", "twin"),
    ("organisations", "organisation"),
    ("outside", "outside"),
    ("outside-learning", "outside"),
    ("people", "person"),
    ("posts", "post"),
    ("questions", "question"),
    ("releases", "release"),
    ("requirements", "requirement"),
    ("services", "service"),
    ("status", "requirement"),
    ("verdicts", "verdict"),
];

/// Operations that want another thing than the one in `THINGS`.
const OTHERWISE: &[(&str, &[(&str, &str)])] = &[
    ("ask_person_again", &[("person", "refused")]),
    ("edit_item", &[("item", "draft")]),
    ("get_item", &[("item", "draft")]),
    ("leaver_copies", &[("person", "leaver")]),
    ("list_item_changes", &[("item", "draft")]),
    ("merge_people", &[("person", "kept")]),
    ("preview_merge", &[("person", "kept")]),
    ("remove_evidence", &[("evidence", "loose")]),
    ("review_item", &[("item", "waiting")]),
    ("revoke_role", &[("account", "holder")]),
    ("take_back_answer", &[("question", "answered")]),
    ("undo_merge", &[("person", "stays"), ("twin", "went")]),
    ("withdraw_proposal", &[("item", "proposed")]),
];

/// Queries that name somebody or something: what is answered must not grow by it.
fn query(operation: &str, ids: &Ids<'_>) -> String {
    let rest = ids.rest;
    match operation {
        "list_items" => format!("?provider={}&status=draft", rest["organisation"]),
        "list_my_completions" => format!("?item_id={}", rest["item"]),
        "list_people" | "list_posts" => format!("?service={}", rest["service"]),
        "list_queue" => format!("?provider={}", rest["organisation"]),
        "list_exemptions" => format!("?person={}", rest["colleague"]),
        "list_security_events" => format!("?account={}", rest["account"]),
        "list_team_completions" => format!("?person={}", rest["person"]),
        "organisation_status" => format!("?service={}&person={}", rest["service"], rest["person"]),
        "suggest_catalogue" | "search_catalogue" => "?q=item".to_owned(),
        _ => String::new(),
    }
}

/// A valid body of every operation that takes one. Ids in it are those of `ids.rest`.
fn body(operation: &str, ids: &Ids<'_>) -> Option<Body> {
    let of = |thing: &str| json!(ids.rest[thing]);
    let file = |texts, name, bytes| Some(Body::File { texts, name, bytes });
    let items = || table("new-1", &ids.rest["organisation_name"]);
    Some(Body::Json(match operation {
        "add_account" => json!({
            "email": "new@example.org", "given_name": "Una", "family_name": "New",
            "role": "manager", "organisation_id": of("organisation"), "service_id": of("service"),
        }),
        "add_appointment" => json!({ "post_id": of("post"), "starts_on": "2026-06-01", "weekly_minutes": 300 }),
        "add_organisation" => json!({
            "name": "Tay Recovery (synthetic)", "sector": "third_sector", "is_employer": true,
            "pay_framework": "agenda_for_change",
        }),
        "add_person" => json!({
            "given_name": "Una", "family_name": "New",
            "appointment": { "post_id": of("post"), "starts_on": "2026-06-01", "weekly_minutes": 300 },
        }),
        "add_post" => json!({
            "service_id": of("service"), "role": "recovery_worker", "establishment_thousandths": 1000,
            "opened_on": "2024-04-01",
        }),
        "add_service" => json!({
            "name": "Leith team", "area": "council-glasgow-city", "service_type": "community_recovery", "tier": "3",
            "sector": "third_sector", "opened_on": "2024-04-01",
        }),
        "annotate_catalogue_import" => return file(&[], "items.csv", items()),
        "answer_employer" => json!({ "answer": "yes" }),
        "ask_table" => json!({
            "as_at": "2026-06-30", "measures": ["headcount"], "rows": ["role"], "organisation": of("organisation"),
        }),
        "ask_to_equate" => json!({ "ask_employers": true }),
        "attach_evidence" | "attach_outside_evidence" => json!({ "evidence_ids": [of("loose")] }),
        "change_appointment" => json!({ "from": "2026-06-15", "weekly_minutes": 1200, "post_id": of("post") }),
        "change_my_password" => json!({ "current_password": PASSWORD, "new_password": "quiet loch evening" }),
        "change_organisation" => json!({ "name": "Renamed (synthetic)" }),
        "change_post" => json!({ "reference": "P-1" }),
        "change_requirement" | "preview_change" => json!({ "name": "Asked otherwise", "item_ids": [of("item")] }),
        "change_service" => json!({ "name": "Renamed team" }),
        "confirm_completions" => json!({ "completion_ids": [of("completion")] }),
        "correct_appointment" => json!({ "weekly_minutes": 1200, "post_id": of("post") }),
        "create_item" => {
            let mut body = item("Brief interventions");
            body.as_object_mut()?.remove("provider");
            body["provider_id"] = of("organisation");
            body
        }
        "create_national_requirement"
        | "create_requirement"
        | "preview_national_requirement"
        | "preview_requirement" => {
            json!({ "name": "Asked of everybody", "item_ids": [of("item")] })
        }
        "decide_queue" => json!({ "decision": "publish", "items": [{ "item_id": of("waiting") }] }),
        "edit_item" => json!({ "title": "Another title", "provider_id": of("organisation") }),
        "end_appointment" => json!({ "ends_on": "2026-06-29", "reason": "other" }),
        "equate_learning" => json!({ "item_id": of("item") }),
        "exempt" => json!({ "person_id": of("person"), "reason": "Works at the fixed site only" }),
        "grant_role" => json!({
            "role": "manager", "organisation_id": of("organisation"), "service_id": of("service"),
        }),
        "import_catalogue" => return file(&[("mode", "apply"), ("rows", "all")], "items.csv", items()),
        "item_effects" => json!({ "validity_months": 6 }),
        "match_person" => json!({ "given_name": "Kate", "family_name": "Testperson" }),
        "preview_description" => json!({ "description": "**Bring** a kit." }),
        "record_completion" => json!({
            "item_id": of("item"), "completed_on": "2026-06-20", "evidence_ids": [of("loose")],
        }),
        "record_outside_learning" => json!({
            "title": "A day in house", "provider": "Clyde", "completed_on": "2026-06-20", "evidence_ids": [of("loose")],
        }),
        "reject_completion" => json!({ "reason": "The certificate is for another course" }),
        "rename_me" => json!({ "given_name": "Ishbel", "family_name": "Testperson" }),
        "rename_person" => json!({ "given_name": "Ishbel" }),
        "sign_in" => json!({ "email": "ailsa@example.org", "password": PASSWORD }),
        "upload_evidence" => return file(&[], "certificate.pdf", PDF.to_vec()),
        _ => return None,
    }))
}

/// The call of an operation with these ids, or what is missing for it.
pub fn call(operation: &Operation, ids: &Ids<'_>) -> Result<Call, String> {
    let id = operation.id.as_str();
    let otherwise = OTHERWISE.iter().find(|(of, _)| *of == id).map_or(&[][..], |(_, things)| *things);
    let (mut path, mut count, mut last) = (String::new(), 0, "");
    for part in operation.path.split('/').skip(1) {
        path.push('/');
        if !part.starts_with('{') {
            path += part;
            last = part;
            continue;
        }
        if last == "vocabularies" {
            path += "delivery";
            continue;
        }
        let missing = || format!("{id}: say in THINGS of access_matrix/calls.rs what stands for the id after /{last}/");
        let thing = THINGS.iter().find(|(after, _)| *after == last).ok_or_else(missing)?.1;
        let thing = otherwise.iter().find(|(usual, _)| *usual == thing).map_or(thing, |(_, other)| *other);
        let side = if count == 0 { ids.first } else { ids.rest };
        let found = if side.has(thing) { &side[thing] } else { &ids.rest[thing] };
        path += found;
        count += 1;
    }
    let body = match body(id, ids) {
        Some(body) => body,
        None if operation.has_body => {
            return Err(format!("{id}: give it a valid body in `body` of access_matrix/calls.rs"));
        }
        None => Body::Nothing,
    };
    let query = query(id, ids);
    let named = match &body {
        Body::Nothing => false,
        Body::Json(body) => names_something(body),
        Body::File { bytes, .. } => bytes.starts_with(b"ref,"),
    };
    let of_organisation = operation.path.starts_with("/organisations/{");
    Ok(Call { path, ids: (count, named || query.split(['=', '&']).any(is_id)), query, body, of_organisation })
}

fn is_id(text: &str) -> bool {
    text.parse::<uuid::Uuid>().is_ok()
}

/// Whether an id stands in it.
fn names_something(body: &Value) -> bool {
    match body {
        Value::String(text) => is_id(text),
        Value::Array(all) => all.iter().any(names_something),
        Value::Object(all) => all.values().any(names_something),
        _ => false,
    }
}

/// What the row is called; nothing when these ids make no sense for the call.
pub fn label(call: &Call, whose: &'static str) -> Option<&'static str> {
    let (path, rest) = call.ids;
    let (any, several) = (path > 0 || rest, path > 1 || (path > 0 && rest));
    match whose {
        "own" if !any => Some("-"),
        "own" => Some("own"),
        "mixed" => several.then_some(whose),
        "past" => (several && call.of_organisation).then_some(whose),
        _ => any.then_some(whose),
    }
}
