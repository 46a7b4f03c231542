//! Ids of others in bodies: real ones, of things that are there. Each is refused, and nothing is
//! written. (Ids in paths: `access_matrix`.)

use poem::http::Method;
use serde_json::{Value, json};

use crate::access_matrix::side::{Side, table};
use crate::access_matrix::world::World;
use crate::on_both_databases;
use crate::support::all::everything;
use crate::support::catalogue::{import, item};

/// Who asks for what, and how it is refused: the status and, for 422, the field.
type Refused = (&'static str, Method, String, Value, u16, &'static str);

fn at(world: &World, rest: &str) -> String {
    format!("/api/organisations/{}{rest}", world.own["organisation"])
}

/// A service, a post, a person of another organisation.
fn workforce(world: &World) -> Vec<Refused> {
    let (own, foreign) = (&world.own, &world.foreign);
    let people = |rest: &str| at(world, &format!("/people/{rest}"));
    let person = |rest: &str| people(&format!("{}{rest}", own["person"]));
    let appointment = |rest: &str| person(&format!("/appointments/{}{rest}", own["appointment"]));
    let merge = |one: &str, other: &str| people(&format!("{one}/merges/{other}"));
    let exempt = format!("/api/requirements/{}/exemptions", own["requirement"]);
    let other = || json!({ "post_id": foreign["post"], "starts_on": "2026-06-01", "weekly_minutes": 300 });
    let added = json!({ "given_name": "Una", "appointment": other() });
    let changed = json!({ "from": "2026-06-15", "weekly_minutes": 300, "post_id": foreign["post"] });
    let corrected = json!({ "post_id": foreign["post"] });
    let exempted = json!({ "person_id": foreign["person"], "reason": "Not here" });
    let post = json!({
        "service_id": foreign["service"], "role": "recovery_worker", "establishment_thousandths": 1000,
        "opened_on": "2024-04-01",
    });
    vec![
        ("employer", Method::POST, at(world, "/posts"), post, 422, "service_id"),
        ("employer", Method::POST, at(world, "/people"), added, 422, "appointment.post_id"),
        ("employer", Method::POST, person("/appointments"), other(), 422, "post_id"),
        ("employer", Method::POST, appointment("/change"), changed, 422, "post_id"),
        ("employer", Method::PATCH, appointment(""), corrected, 422, "post_id"),
        ("employer", Method::POST, exempt, exempted, 422, "person_id"),
        ("employer", Method::POST, merge(&own["kept"], &foreign["twin"]), json!({}), 404, ""),
        ("employer", Method::POST, merge(&foreign["kept"], &own["twin"]), json!({}), 404, ""),
    ]
}

/// Drafts that nobody but their provider can see, and figures of another organisation.
fn asked(world: &World) -> Vec<Refused> {
    let (own, foreign) = (&world.own, &world.foreign);
    let items = |items: &[&String]| json!({ "name": "Asked", "item_ids": items });
    let (of_own, one) = (at(world, "/requirements"), format!("/api/requirements/{}", own["requirement"]));
    let national = "/api/requirements".to_owned();
    let figures = |more: &[(&str, &String)]| {
        let mut question = json!({ "as_at": "2026-06-30", "measures": ["compliance"], "rows": ["role"] });
        for (name, value) in more {
            question[*name] = json!(value);
        }
        question
    };
    let tables = || "/api/mapping/tables".to_owned();
    let theirs = figures(&[("organisation", &foreign["organisation"])]);
    let by_theirs = figures(&[("organisation", &own["organisation"]), ("requirement", &foreign["requirement"])]);
    let (by_one, of_one) =
        (figures(&[("requirement", &own["requirement"])]), figures(&[("organisation", &own["organisation"])]));
    vec![
        ("employer", Method::POST, of_own.clone(), items(&[&foreign["draft"]]), 422, "item_ids"),
        ("employer", Method::POST, of_own, items(&[&own["item"], &foreign["waiting"]]), 422, "item_ids"),
        ("employer", Method::PATCH, one, items(&[&foreign["draft"]]), 422, "item_ids"),
        ("curator", Method::POST, national, items(&[&foreign["draft"]]), 422, "item_ids"),
        ("employer", Method::POST, tables(), theirs, 404, ""),
        ("employer", Method::POST, tables(), by_theirs, 422, "requirement"),
        ("planner", Method::POST, tables(), by_one, 422, "requirement"),
        ("planner", Method::POST, tables(), of_one, 404, ""),
    ]
}

/// Evidence of another person, what is no public item, what another person is asked.
fn learning(world: &World) -> Vec<Refused> {
    let (own, neighbour, foreign) = (&world.own, &world.neighbour, &world.foreign);
    let completions = || "/api/learning/completions".to_owned();
    let files = |of: &str| format!("/api/learning/completions/{of}/evidence");
    let done = |item: &String, files: &[&String]| json!({ "item_id": item, "completed_on": "2026-06-21", "evidence_ids": files });
    let more = |files: &[&String]| json!({ "evidence_ids": files });
    let (mine, item) = (&own["loose"], &own["item"]);
    let question = |of: &str| format!("/api/me/employers/questions/{of}");
    let yes = || json!({ "answer": "yes" });
    vec![
        ("staff", Method::POST, completions(), done(item, &[&foreign["loose"]]), 404, ""),
        ("staff", Method::POST, completions(), done(item, &[mine, &neighbour["loose"]]), 404, ""),
        ("staff", Method::POST, completions(), done(item, &[&foreign["evidence"]]), 404, ""),
        ("staff", Method::POST, completions(), done(&foreign["draft"], &[]), 422, "item_id"),
        ("staff", Method::POST, files(&own["completion"]), more(&[&neighbour["loose"]]), 404, ""),
        ("staff", Method::POST, files(&own["completion"]), more(&[mine, &foreign["loose"]]), 404, ""),
        ("staff", Method::POST, files(&foreign["completion"]), more(&[mine]), 404, ""),
        ("staff", Method::POST, question(&foreign["question"]), yes(), 404, ""),
        ("employer", Method::POST, question(&own["question"]), yes(), 404, ""),
    ]
}

/// Items in another provider's name, and a manager of a service that another organisation has.
fn written(world: &World) -> Vec<Refused> {
    let (own, foreign) = (&world.own, &world.foreign);
    let mut by_id = item("Brief interventions");
    by_id.as_object_mut().unwrap().remove("provider");
    by_id["provider_id"] = json!(foreign["organisation"]);
    let mut by_name = item("Brief interventions");
    by_name["provider"] = json!(foreign["organisation_name"]);
    let (items, one) = ("/api/catalogue/items".to_owned(), |id: &str| format!("/api/catalogue/items/{id}"));
    let to = |side: &Side| json!({ "provider_id": side["organisation"] });
    let role = json!({ "role": "manager", "organisation_id": own["organisation"], "service_id": foreign["service"] });
    let mut account = role.clone();
    account["email"] = json!("new@example.org");
    let grants = |of: &str| format!("/api/accounts/{of}/grants");
    let revoked = format!("{}/{}", grants(&own["holder"]), foreign["grant"]);
    vec![
        ("provider", Method::POST, items.clone(), by_id, 422, "provider_id"),
        ("provider", Method::POST, items, by_name, 422, "provider"),
        ("provider", Method::PATCH, one(&own["draft"]), to(foreign), 422, "provider_id"),
        ("provider", Method::PATCH, one(&own["proposed"]), to(foreign), 422, "provider_id"),
        ("provider", Method::PATCH, one(&foreign["draft"]), to(own), 404, ""),
        ("admin", Method::POST, grants(&own["account"]), role, 422, "service_id"),
        ("admin", Method::POST, "/api/accounts".to_owned(), account, 422, "service_id"),
        ("admin", Method::DELETE, revoked, Value::Null, 404, ""),
    ]
}

on_both_databases! {
    async fn real_ids_of_others_are_refused_and_nothing_is_written(test: TestApp) {
        let world = World::new(test).await;
        let before = everything(&world.test).await;
        let refused = [workforce(&world), asked(&world), learning(&world), written(&world)].concat();
        for (caller, method, path, body, status, field) in refused {
            let sent = Some(body).filter(|body| !body.is_null()).map(|body| body.to_string().into_bytes());
            let said = sent.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            let answer = world.caller(caller).send(method.clone(), &path, &[], sent).await;
            assert_eq!(answer.status.as_u16(), status, "{caller} {method} {path} {said}: {}", answer.text());
            if status == 422 {
                let fields: Vec<_> = answer.json()["fields"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
                let named = fields.iter().any(|one| one.as_str().is_some_and(|name| name.starts_with(field)));
                assert!(named, "{caller} {method} {path} {said}: {}", answer.text());
            }
            assert!(everything(&world.test).await == before, "{caller} {method} {path} {said}: something was written");
        }
    }

    async fn a_file_changes_no_item_of_another_provider(test: TestApp) {
        let world = World::new(test).await;
        let curator = world.caller("curator");
        let theirs = curator.get(&format!("/api/catalogue/items/{}", world.foreign["item"])).await.expect(200);
        let before = everything(&world.test).await;
        let reference = theirs["ref"].as_str().unwrap();
        for provider in ["foreign", "own"] {
            let side = if provider == "own" { &world.own } else { &world.foreign };
            let rows = table(reference, &side["organisation_name"]);
            let answer = import(world.caller("provider"), "apply", "all", &rows).await;
            assert_eq!(answer.status.as_u16(), 422, "{provider}: {}", answer.text());
            assert!(everything(&world.test).await == before, "{provider}: something was written");
        }
    }
}
