//! What nobody means to send, in every field of every operation: the program neither fails nor
//! tells of its inside. Which fields there are is read from the API's description.

use cairn::account::NewAccount;
use entity::value::Role;
use poem::http::Method;
use sea_orm::EntityTrait;
use serde_json::{Map, Value, json};

use crate::on_both_databases;
use crate::support::client::Answer;
use crate::support::{Client, TestApp, build};

/// Words that only a library or a database would use.
const INSIDE: [&str; 16] = [
    "failed to parse",
    "occurred while parsing",
    "serde",
    "line 1 column",
    "Expected input",
    "MaybeUndefined",
    "optional_",
    "integer_int",
    "list_",
    "::",
    "sqlx",
    "SQLSTATE",
    "column \"",
    "constraint",
    "panicked",
    "invalid type",
];

struct Api {
    document: Value,
    clients: Vec<Client>,
    organisation: String,
}

impl Api {
    async fn new(test: &TestApp) -> Self {
        let place = build::place(test).await;
        let roles = [Role::Employer, Role::Curator, Role::Admin, Role::Planner, Role::Provider];
        let mut clients = vec![];
        for role in roles.map(Some).into_iter().chain([None]) {
            let email =
                format!("{}@example.org", role.map_or("staff".to_owned(), |role| format!("{role:?}").to_lowercase()));
            let mut new = NewAccount { email: email.clone(), role, ..NewAccount::default() };
            new.person = Some(build::person(test, &email).await);
            new.organisation = matches!(role, Some(Role::Employer | Role::Provider)).then_some(place.organisation);
            test.account(new).await;
            clients.push(test.sign_in(&email).await);
        }
        let document = serde_json::from_str(&cairn::server::spec()).unwrap();
        Self { document, clients, organisation: place.organisation.to_string() }
    }

    /// Every operation: its method, path with ids, parameters and body.
    fn operations(&self) -> Vec<(Method, String, Vec<Value>, Option<Value>)> {
        let mut all = Vec::new();
        for (path, operations) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                if operation["operationId"] == "sign_out" || operation["operationId"] == "sign_in" {
                    continue; // the tests below and those of accounts have them
                }
                let path = path.split('/').enumerate().map(|(at, part)| match part {
                    id if id.starts_with('{') && at == 2 && path.starts_with("/organisations/") => {
                        self.organisation.as_str()
                    }
                    id if id.starts_with('{') => "01900000-0000-7000-8000-000000000000",
                    word => word,
                });
                let path = format!("/api{}", path.collect::<Vec<_>>().join("/"));
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let parameters = parameters.into_iter().filter(|one| one["in"] == "query").collect();
                let content = operation["requestBody"]["content"].as_object();
                let body =
                    content.and_then(|kinds| kinds.iter().find(|(kind, _)| kind.starts_with("application/json")));
                all.push((
                    method.to_uppercase().parse().unwrap(),
                    path,
                    parameters,
                    body.map(|(_, body)| body["schema"].clone()),
                ));
            }
        }
        all
    }

    fn schema<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(name) => &self.document["components"]["schemas"][name.rsplit('/').next().unwrap()],
            None => schema["allOf"].get(0).map_or(schema, |first| self.schema(first)),
        }
    }

    /// A value of this shape that a form would send.
    fn plain(&self, schema: &Value) -> Value {
        let schema = self.schema(schema);
        if let Some(first) = schema["enum"].get(0) {
            return first.clone();
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("object"), _) => {
                let required = schema["required"].as_array().cloned().unwrap_or_default();
                let fields = required.iter().map(|name| {
                    (name.as_str().unwrap().to_owned(), self.plain(&schema["properties"][name.as_str().unwrap()]))
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            (Some("array"), _) => json!([self.plain(&schema["items"])]),
            (Some("integer" | "number"), _) => json!(60),
            (Some("boolean"), _) => json!(false),
            (_, Some("uuid")) => json!("01900000-0000-7000-8000-000000000000"),
            (_, Some("date" | "naive-date")) => json!("2026-06-01"),
            (_, Some("date-time")) => json!("2026-06-01T09:00:00Z"),
            (_, Some("email")) => json!("somebody@example.org"),
            _ => json!("something"),
        }
    }

    /// The bodies that differ from the plain one in one field.
    fn hostile_bodies(&self, schema: &Value) -> Vec<(String, Value)> {
        let plain = self.plain(schema);
        let mut bodies = vec![(String::new(), plain.clone())];
        let fields = self.schema(schema)["properties"].as_object().cloned().unwrap_or_default();
        for (name, of) in &fields {
            for value in self.hostile(of) {
                let mut body = plain.clone();
                body[name] = value;
                bodies.push((name.clone(), body));
            }
        }
        bodies
    }

    fn hostile(&self, schema: &Value) -> Vec<Value> {
        let schema = self.schema(schema);
        let odd = || vec![json!({ "a": { "b": [1] } }), json!([[null]]), Value::Null];
        let inside: Vec<Value> = match schema["type"].as_str() {
            Some("array") => self.hostile(&schema["items"]).into_iter().map(|value| json!([value])).collect(),
            Some("object") => self.hostile_bodies(schema).into_iter().map(|(_, body)| body).collect(),
            Some("integer" | "number") => {
                vec![
                    json!(i64::MAX),
                    json!(i64::MIN),
                    json!(u64::MAX),
                    json!(1e300),
                    json!(1.5),
                    json!(-1),
                    json!(i32::MAX),
                    json!("7"),
                ]
            }
            Some("boolean") => vec![json!("yes"), json!(2)],
            _ => texts().into_iter().map(Value::String).collect(),
        };
        inside.into_iter().chain(odd()).collect()
    }

    /// The first caller who may come in; asked once for an operation.
    async fn caller(&self, method: &Method, path: &str) -> &Client {
        let body = (*method != Method::GET).then(|| b"{}".to_vec());
        for client in &self.clients {
            if !matches!(client.send(method.clone(), path, &[], body.clone()).await.status.as_u16(), 401 | 403) {
                return client;
            }
        }
        &self.clients[0]
    }
}

fn texts() -> Vec<String> {
    let fixed = [
        "a\0b",
        "\u{1b}[31m",
        "\u{9f}",
        "\u{7f}",
        "-5000-03-15",
        "+12026-12-31",
        "0026-01-01",
        "2026-06-31",
        "-5000-03-15T00:00:00Z",
        "99999999999999999999",
        "",
        " \u{3164}\u{200b}",
        "../../etc/passwd",
        "%00",
        "'; --",
        "\u{202e}abc",
        "\u{ffff}",
    ];
    let mut all: Vec<String> = fixed.into_iter().map(str::to_owned).collect();
    all.push("x".repeat(1_000_000));
    all
}

fn held(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    let text = if answer.bytes.len() < 100_000 { answer.text() } else { String::new() };
    assert!(status < 500, "{what}: {status} {text}");
    if status < 400 {
        return;
    }
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {text}");
    for word in INSIDE {
        assert!(!text.contains(word), "{what} tells of the inside ({word}): {text}");
    }
    assert!(answer.bytes.len() < 20_000, "{what} is answered at length: {}", answer.bytes.len());
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(120).collect()
}

on_both_databases! {
    async fn no_field_of_a_body_brings_the_program_down(test: TestApp) {
        let api = Api::new(&test).await;
        let mut sent = 0;
        for (method, path, _, schema) in api.operations() {
            let Some(schema) = schema else { continue };
            let caller = api.caller(&method, &path).await;
            for (field, body) in api.hostile_bodies(&schema) {
                let answer = caller.send(method.clone(), &path, &[], Some(body.to_string().into_bytes())).await;
                held(&answer, &format!("{method} {path} {field}: {}", shown(&body[&field])));
                sent += 1;
            }
        }
        assert!(sent > 500, "the description has bodies: {sent}");
    }

    async fn no_parameter_brings_the_program_down(test: TestApp) {
        let api = Api::new(&test).await;
        test.settle_search().await;
        let texts = ["%00", "a%00b", "%1b", "-5000-03-15", "%2B12026-12-31", "0026-01-01", "99999999999999999999", "-1", "", "%ff%fe", "%2525", "a%0Ab"];
        for (method, path, parameters, _) in api.operations().into_iter().filter(|(method, ..)| *method == Method::GET) {
            let caller = api.caller(&method, &path).await;
            for parameter in parameters {
                let name = parameter["name"].as_str().unwrap();
                for text in texts.map(str::to_owned).into_iter().chain(["x".repeat(50_000)]) {
                    let answer = caller.get(&format!("{path}?{name}={text}")).await;
                    let text: String = text.chars().take(40).collect();
                    held(&answer, &format!("{path} {name}={text}"));
                    if name == "cursor" && !text.is_empty() && answer.status.as_u16() != 404 {
                        answer.expect_problem(400, "bad_cursor");
                    }
                }
            }
            for path in [path.replace("01900000", "%00"), path.replace("01900000", &"z".repeat(3000))] {
                held(&caller.get(&path).await, &path);
            }
        }
    }

    /// Of every list: what no list gave out, in the shapes that lists give out.
    async fn a_forged_cursor_is_a_bad_request_everywhere(test: TestApp) {
        let api = Api::new(&test).await;
        test.settle_search().await;
        let id = "01900000-0000-7000-8000-000000000000";
        let mut forged: Vec<Value> = vec![json!(null), json!(u64::MAX), json!(-1), json!({}), json!([]), json!("a\0b"), json!([[["x"]]])];
        for wild in ["a\0b", "-5000-03-15", "+12026-12-31", "+12026-12-31T00:00:00Z"] {
            forged.extend([json!([wild, id]), json!([wild, id, wild]), json!([wild, wild, id]), json!([id, wild]), json!(wild), json!([wild])]);
            forged.push(json!([false, wild, id]));
        }
        let mut lists = 0;
        for (method, path, parameters, _) in api.operations() {
            if !parameters.iter().any(|parameter| parameter["name"] == "cursor") {
                continue;
            }
            lists += 1;
            let caller = api.caller(&method, &path).await;
            for key in &forged {
                let cursor = cairn::base::page::cursor(key);
                let answer = caller.get(&format!("{path}?cursor={cursor}")).await;
                held(&answer, &format!("{path} {key}"));
                if answer.status.as_u16() != 404 && *key != json!(null) {
                    answer.expect(400);
                }
            }
        }
        assert!(lists > 10, "the description has lists: {lists}");
    }

    async fn whoever_signs_in_with_what_no_address_holds_is_only_wrong(test: TestApp) {
        let client = test.anonymous();
        for email in ["staff\0@example.org".to_owned(), format!("{}@example.org", "x".repeat(300)), "x".repeat(1_000_000), "\u{1b}".to_owned(), String::new()] {
            for password in ["x".to_owned(), "a\0b".to_owned(), "x".repeat(500_000)] {
                let body = json!({ "email": email, "password": password });
                let answer = client.post("/api/session", &body).await;
                assert!(matches!(answer.status.as_u16(), 401 | 429), "{}", answer.text());
            }
        }
        let kept = entity::sign_in_throttle::Entity::find().all(&test.app.db).await.unwrap();
        assert!(format!("{kept:?}").len() < 10_000, "nothing is kept of them but that somebody guessed");
    }

    async fn every_fault_of_a_body_is_told_at_once_and_at_its_field(test: TestApp) {
        let api = Api::new(&test).await;
        let employer = &api.clients[0];
        let body = json!({ "given_name": "Mary\0", "family_name": 7, "appointment": { "post_id": "x", "starts_on": "0026-01-01", "weekly_minutes": 1e300 } });
        let problem = employer.post(&format!("/api/organisations/{}/people", api.organisation), &body).await.expect_problem(422, "invalid");
        let fields: Vec<_> = problem["fields"].as_array().unwrap().iter().map(|one| (one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect();
        for fault in [("given_name", "control_character"), ("appointment.post_id", "not_an_id"), ("appointment.starts_on", "date_out_of_range")] {
            assert!(fields.contains(&fault), "{fault:?} is not in {fields:?}");
        }
        let problem = employer.post(&format!("/api/organisations/{}/people", api.organisation), &json!({ "given_name": "A" })).await.expect_problem(422, "invalid");
        assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!("appointment"), &json!("missing")));
    }
}
