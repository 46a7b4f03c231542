//! What one employer has: a thing of every kind that a path, a query or a body can name.
//! A new kind of thing gets a name here, made as its users make it.

use std::collections::HashMap;
use std::ops::Index;

use cairn::account::NewAccount;
use entity::id::ServiceId;
use entity::value::Role;
use serde_json::{Value, json};

use super::world::{Employer, World, enter};
use crate::support::build::{self, day};
use crate::support::catalogue::{import, item, path};
use crate::support::{Client, TestApp};

/// Whose things a call names; see the legend.
pub const WHOSE: [&str; 5] = ["own", "neighbour", "foreign", "mixed", "past"];

pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";

/// Ids by the name of the thing.
#[derive(Debug, Default)]
pub struct Side(HashMap<&'static str, String>);

impl Index<&str> for Side {
    type Output = String;
    fn index(&self, thing: &str) -> &String {
        self.0.get(thing).unwrap_or_else(|| panic!("nothing called {thing:?}: make it in access_matrix/side.rs"))
    }
}

impl Side {
    pub fn has(&self, thing: &str) -> bool {
        self.0.contains_key(thing)
    }

    fn put(&mut self, thing: &'static str, id: &impl ToString) {
        assert!(self.0.insert(thing, id.to_string()).is_none(), "{thing} twice");
    }
}

/// The ids of one call: the first of its path may be of another side than the rest.
pub struct Ids<'a> {
    pub first: &'a Side,
    pub rest: &'a Side,
}

impl<'a> Ids<'a> {
    pub fn of(world: &'a World, whose: &str) -> Option<Self> {
        let (first, rest) = match whose {
            "own" => (&world.own, &world.own),
            "neighbour" => (&world.neighbour, &world.neighbour),
            "foreign" => (&world.foreign, &world.foreign),
            "mixed" => (&world.own, &world.foreign),
            "past" => (&world.past, &world.own),
            _ => return None,
        };
        Some(Self { first, rest })
    }
}

/// Who makes what is needed.
pub struct Desks {
    pub admin: Client,
    pub curator: Client,
}

impl Desks {
    pub async fn open(test: &TestApp) -> Self {
        Self { admin: enter(test, "admin-2@example.org").await, curator: enter(test, "curator-2@example.org").await }
    }
}

/// How a side is made.
pub struct Plan<'a> {
    pub name: &'static str,
    pub employer: &'a Employer,
    pub service: ServiceId,
    /// The account that writes for it as a provider
    pub desk: &'static str,
    /// Employers that say that the person works there: one asks, one was refused
    pub asking: [&'a Employer; 2],
}

impl Plan<'_> {
    fn email(&self) -> String {
        format!("{}@example.org", self.name)
    }
}

/// An employer alone.
pub fn employer(of: &Employer) -> Side {
    let mut side = Side::default();
    side.put("organisation", &of.organisation);
    side.put("organisation_name", &of.name);
    side
}

/// Somebody of whom the employer says that they work there, and who said that it is not them.
pub async fn refused(test: &TestApp, plan: &Plan<'_>) -> String {
    let email = format!("not-{}@example.org", plan.name);
    let (person, employer) = (build::person(test, "Rhona").await, enter(test, &plan.employer.email).await);
    test.account(NewAccount { email: email.clone(), person: Some(person), ..NewAccount::default() }).await;
    let shadow = said_to_work(test, &employer, plan.employer, plan.service, ("Rhona", &email)).await;
    let body = json!({ "answer": "not_me" });
    let path = format!("/api/me/employers/questions/{shadow}");
    enter(test, &email).await.post(&path, &body).await.expect(200);
    shadow
}

async fn said_to_work(
    test: &TestApp,
    employer: &Client,
    of: &Employer,
    service: ServiceId,
    (name, email): (&str, &str),
) -> String {
    let post = build::post(service).save(test).await;
    let body = json!({
        "given_name": name, "family_name": "Testperson", "email": email, "confirmed": ["maybe_same"],
        "appointment": { "post_id": post, "starts_on": "2026-04-01", "weekly_minutes": 600 },
    });
    id(&employer.post(&format!("/api/organisations/{}/people", of.organisation), &body).await.expect(201))
}

pub fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap_or_else(|| panic!("no id in {answer}")).to_owned()
}

/// Everything that an employer and its service have.
pub async fn side(test: &TestApp, desks: &Desks, plan: &Plan<'_>, refused: String) -> Side {
    let mut side = employer(plan.employer);
    let lead = enter(test, &plan.employer.email).await;
    side.put("service", &plan.service);
    side.put("refused", &refused);
    catalogue(test, desks, plan, &mut side).await;
    workforce(test, plan, &lead, &mut side).await;
    let worker = enter(test, &plan.email()).await;
    joining(test, plan, &worker, &mut side).await;
    learning(plan, (&lead, &worker), &mut side).await;
    accounts(test, desks, plan, &mut side).await;
    figures(plan, &lead, &mut side).await;
    side
}

async fn workforce(test: &TestApp, plan: &Plan<'_>, lead: &Client, side: &mut Side) {
    let people = format!("/api/organisations/{}/people", plan.employer.organisation);
    let person = build::member(test, plan.service, plan.name).await;
    let account = test.account(NewAccount { email: plan.email(), person: Some(person), ..NewAccount::default() }).await;
    side.put("person", &person);
    side.put("account", &account);
    side.put("post", &build::post(plan.service).save(test).await);
    let page = lead.get(&format!("{people}/{person}")).await.expect(200);
    side.put("appointment", &id(&page["posts"][0]));
    for (thing, name) in
        [("colleague", "Catriona"), ("kept", "Kate"), ("twin", "Katie"), ("stays", "Sorcha"), ("went", "Wilma")]
    {
        side.put(thing, &build::member(test, plan.service, &format!("{name} {}", plan.name)).await);
    }
    let (leaver, left) = (build::person(test, "Una").await, build::post(plan.service).save(test).await);
    build::appointment(leaver, left).until(day("2026-06-10")).save(test).await;
    side.put("leaver", &leaver);
    let merge = format!("{people}/{}/merges/{}", side["stays"], side["went"]);
    lead.send(poem::http::Method::POST, &merge, &[], None).await.expect(200);
}

async fn joining(test: &TestApp, plan: &Plan<'_>, worker: &Client, side: &mut Side) {
    for (thing, employer) in ["question", "answered"].into_iter().zip(plan.asking) {
        let lead = enter(test, &employer.email).await;
        side.put(thing, &said_to_work(test, &lead, employer, employer.service, (plan.name, &plan.email())).await);
    }
    let path = format!("/api/me/employers/questions/{}", side["answered"]);
    worker.post(&path, &json!({ "answer": "no" })).await.expect(200);
}

async fn learning(plan: &Plan<'_>, (lead, worker): (&Client, &Client), side: &mut Side) {
    let requirement = json!({ "name": format!("Asked of {}", plan.name), "item_ids": [side["item"]] });
    let path = format!("/api/organisations/{}/requirements", plan.employer.organisation);
    side.put("requirement", &id(&lead.post(&path, &requirement).await.expect(201)));
    let exempt = json!({ "person_id": side["colleague"], "reason": "Works at the fixed site only" });
    let path = format!("/api/requirements/{}/exemptions", side["requirement"]);
    side.put("exemption", &id(&lead.post(&path, &exempt).await.expect(201)));

    for (thing, name) in [("evidence", "certificate.pdf"), ("loose", "letter.pdf")] {
        let bytes = [PDF, name.as_bytes()].concat();
        side.put(thing, &id(&worker.upload("/api/learning/evidence", &[], ("file", name, &bytes)).await.expect(201)));
    }
    let record = async |body: Value| id(&worker.post("/api/learning/completions", &body).await.expect(201));
    let with = json!({ "item_id": side["item"], "completed_on": "2026-06-01", "evidence_ids": [side["evidence"]] });
    side.put("completion", &record(with).await);
    let outside = json!({
        "title": "A day in house", "provider": plan.name, "completed_on": "2026-06-02", "ask_employers": true,
    });
    side.put("outside", &id(&worker.post("/api/learning/outside", &outside).await.expect(201)));
    side.put("rejected", &record(json!({ "item_id": side["item"], "completed_on": "2026-05-01" })).await);
    let path = format!("/api/learning/completions/{}/reject", side["rejected"]);
    lead.post(&path, &json!({ "reason": "The course was another one" })).await.expect(200);
    let told = worker.get("/api/learning/rejections").await.expect(200);
    side.put("verdict", &told["items"][0]["verdict_id"].as_str().unwrap_or_else(|| panic!("no verdict in {told}")));
}

async fn catalogue(test: &TestApp, desks: &Desks, plan: &Plan<'_>, side: &mut Side) {
    let desk = enter(test, &format!("{}@example.org", plan.desk)).await;
    let make = async |title: &str| {
        let mut body = item(&format!("{title} by {}", plan.name));
        body.as_object_mut().unwrap().remove("provider");
        body["provider_id"] = json!(plan.employer.organisation);
        id(&desk.post("/api/catalogue/items", &body).await.expect(201))
    };
    let submit = async |item: &str| {
        desk.patch(&path(item), &json!({ "status": "in_review" })).await.expect(200);
    };
    for thing in ["item", "proposed"] {
        let made = make(thing).await;
        submit(&made).await;
        let publish = json!({ "decision": "publish", "items": [{ "item_id": made }] });
        desks.curator.post("/api/catalogue/queue/decisions", &publish).await.expect(200);
        side.put(thing, &made);
    }
    desk.patch(&path(&side["proposed"]), &json!({ "validity_months": 12 })).await.expect(200);
    side.put("draft", &make("draft").await);
    side.put("waiting", &make("waiting").await);
    submit(&side["waiting"]).await;
    let rows = table(&format!("came-{}", plan.name), &plan.employer.name);
    let answer = import(&desk, "apply", "all", &rows).await.expect(200);
    side.put("import", &answer["import_id"].as_str().unwrap_or_else(|| panic!("no import in {answer}")));
}

/// A file with one new item of that provider.
pub fn table(reference: &str, provider: &str) -> Vec<u8> {
    format!(
        "ref,kind,title,provider,topic,minutes,delivery,cost\n{reference},module,{reference},{provider},alcohol,45,elearning,free\n"
    )
    .into_bytes()
}

async fn accounts(test: &TestApp, desks: &Desks, plan: &Plan<'_>, side: &mut Side) {
    let email = format!("holder-{}@example.org", plan.name);
    let holder = test
        .account(NewAccount {
            email,
            role: Some(Role::Manager),
            organisation: Some(plan.employer.organisation),
            service: Some(plan.service),
            ..NewAccount::default()
        })
        .await;
    let page = desks.admin.get(&format!("/api/accounts/{holder}")).await.expect(200);
    side.put("holder", &holder);
    side.put("grant", &id(&page["roles"][0]));
}

async fn figures(plan: &Plan<'_>, lead: &Client, side: &mut Side) {
    let question = json!({
        "as_at": "2026-06-30", "measures": ["headcount"], "rows": ["role"], "organisation": plan.employer.organisation,
    });
    let answer = lead.post("/api/mapping/tables", &question).await.expect(200);
    side.put(
        "release",
        &format!("{}.csv", answer["manifest"].as_str().unwrap_or_else(|| panic!("no release in {answer}"))),
    );
}
