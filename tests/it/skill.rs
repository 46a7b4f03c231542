//! Statuses through the API: matrix, explanation, one's own list; who may see which.

use entity::access_event;
use entity::id::{PersonId, RequirementId};
use entity::value::Assurance::{ManagerConfirmed, ProviderIssued, SelfDeclared};
use entity::value::{CompletionState, Level, Role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, day};
use crate::support::skill::{SURE, builds, client, completed, completed_as, id, module, team, worker};

/// The status of one person in one column, if it applies.
fn status(matrix: &Value, person: PersonId, requirement: RequirementId) -> Option<String> {
    let rows = matrix["items"].as_array().expect("rows");
    let row = rows.iter().find(|row| id(&row["person_id"]) == person.0)?;
    let cells = row["cells"].as_array().expect("cells");
    let cell = cells.iter().find(|cell| id(&cell["requirement_id"]) == requirement.0)?;
    cell["status"].as_str().map(str::to_owned)
}

fn explain(person: PersonId, requirement: RequirementId) -> String {
    format!("/api/people/{person}/status/{requirement}/explain")
}

async fn seen(test: &TestApp, person: PersonId) -> usize {
    let of = access_event::Entity::find().filter(access_event::Column::PersonId.eq(person));
    of.all(&test.app.db).await.expect("the ledger").len()
}

on_both_databases! {
    async fn every_status_is_reached_and_explained(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let place = &team.place;
        let role = "recovery_worker";
        let met = worker(&test, place, "Ann", role, "2024-01-08").await;
        completed(&test, met, team.naloxone, "2026-05-01", ManagerConfirmed).await;
        let expiring = worker(&test, place, "Ben", role, "2024-01-08").await;
        completed(&test, expiring, team.naloxone, "2025-08-01", ProviderIssued).await;
        let expired = worker(&test, place, "Cat", role, "2024-01-08").await;
        completed(&test, expired, team.naloxone, "2025-05-01", ManagerConfirmed).await;
        let due = worker(&test, place, "Dan", role, "2026-04-01").await;
        completed(&test, due, team.naloxone, "2026-05-01", SelfDeclared).await;
        let overdue = worker(&test, place, "Eve", role, "2024-01-08").await;
        completed_as(&test, overdue, team.naloxone, day("2026-05-01"), ProviderIssued, CompletionState::Rejected).await;
        let exempt = worker(&test, place, "Fay", role, "2024-01-08").await;
        let exemption = json!({"person_id": exempt, "reason": "On leave for a year.", "ends_on": "2026-12-31"});
        team.employer.post(&format!("/api/requirements/{rule}/exemptions"), &exemption).await.expect(201);

        let matrix = team.employer.get(&team.at("status")).await.expect(200);
        let wanted = [
            (met, "met"), (expiring, "expiring"), (expired, "expired"), (due, "due"), (overdue, "overdue"), (exempt, "exempt"),
        ];
        for (person, word) in wanted {
            assert_eq!(status(&matrix, person, rule).as_deref(), Some(word));
            let told = team.manager.get(&explain(person, rule)).await.expect(200);
            assert_eq!(told["status"], word, "{told}");
            assert_eq!(told["requirement_version"], 1);
        }
        let summary = json!({
            "people": 6, "people_asked": 6, "people_complete": 3, "people_late": 2, "people_soon": 2, "people_waiting": 1,
            "to_confirm": 1, "met": 1, "expiring": 1, "missing": 3, "exempt": 1,
        });
        assert_eq!(matrix["summary"], summary);
        assert_eq!((&matrix["as_at"], &matrix["total"]), (&json!("2026-06-30"), &json!(6)));

        let told = team.employer.get(&explain(expiring, rule)).await.expect(200);
        assert_eq!(told["headline"], "Ben’s training for “Naloxone” lapses after 31 July 2026, in 31 days.");
        assert_eq!((&told["next_change"]["on"], &told["next_change"]["to"]), (&json!("2026-08-01"), &json!("expired")));
        assert_eq!(told["counted"]["title"], "Naloxone in an hour");
        let titles: Vec<_> = told["options"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Naloxone in an hour", "Overdose awareness"]);

        let told = team.employer.get(&explain(due, rule)).await.expect(200);
        assert_eq!((&told["due_by"], &told["next_change"]["to"]), (&json!("2026-06-30"), &json!("overdue")));
        assert_eq!(told["not_counted"][0]["why_not"], "below_minimum");
        let told = team.employer.get(&explain(overdue, rule)).await.expect(200);
        assert_eq!(told["not_counted"][0]["why_not"], "rejected");
        assert!(told["counted"].is_null() && told["next_change"].is_null());
    }

    async fn the_matrix_filters_pages_and_keeps_its_numbers(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let mut nurse_rule = team.naloxone_rule();
        (nurse_rule["name"], nurse_rule["roles"]) = (json!("For nurses"), json!(["addictions_nurse"]));
        let nurses = team.ask(&nurse_rule).await;
        let nurse = worker(&test, &team.place, "Ann", "addictions_nurse", "2024-01-08").await;
        for name in ["Ben", "Cat", "Dan"] {
            let person = worker(&test, &team.place, name, "recovery_worker", "2024-01-08").await;
            completed(&test, person, team.overdose, "2026-05-01", ManagerConfirmed).await;
        }
        let get = async |query: &str| team.manager.get(&team.at(&format!("status{query}"))).await;
        let all = get("").await.expect(200);
        assert_eq!(status(&all, nurse, nurses).as_deref(), Some("overdue"));
        assert_eq!(all["items"][1]["cells"].as_array().unwrap().len(), 1, "a recovery worker is not asked what nurses are");
        let missing = get("?status=missing").await.expect(200);
        assert_eq!((missing["items"].as_array().unwrap().len(), &missing["total"]), (1, &json!(1)));
        assert_eq!(missing["summary"], all["summary"]);
        let hers = get(&format!("?person={nurse}")).await.expect(200);
        assert_eq!((&hers["items"][0]["person_id"], &hers["total"], &hers["summary"]), (&json!(nurse), &json!(1), &all["summary"]));
        let one = get(&format!("?requirement={rule}&status=met")).await.expect(200);
        assert_eq!((one["requirements"].as_array().unwrap().len(), &one["total"]), (1, &json!(3)));

        let first = get("?limit=3").await.expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = get(&format!("?limit=3&cursor={cursor}")).await.expect(200);
        let names = |page: &Value| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|row| row["given_name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((names(&first), names(&rest)), (vec!["Ann".into(), "Ben".into(), "Cat".into()], vec!["Dan".into()]));
        assert!(rest["next_cursor"].is_null());
        let before = seen(&test, nurse).await;
        let numbers = get("?limit=0").await.expect(200);
        assert_eq!((&numbers["items"], &numbers["summary"]), (&json!([]), &all["summary"]));
        assert_eq!(seen(&test, nurse).await, before, "numbers show nobody's record");
        let nobody = uuid::Uuid::nil();
        get(&format!("?requirement={nobody}")).await.expect_problem(404, "not_found");
        get(&format!("?service={nobody}")).await.expect_problem(404, "not_found");
        get("?status=perfect").await.expect(422);
    }

    async fn a_manager_sees_own_services_and_everybody_shown_can_read_it(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let own = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let elsewhere = build::service(team.place.organisation).name("Leith team").save(&test).await;
        let other = build::member(&test, elsewhere, "Ben").await;
        let seen_by_manager = team.manager.get(&team.at("status")).await.expect(200);
        assert_eq!((seen_by_manager["items"].as_array().unwrap().len(), &seen_by_manager["summary"]["people"]), (1, &json!(1)));
        team.manager.get(&team.at(&format!("status?service={elsewhere}"))).await.expect_problem(404, "not_found");
        team.manager.get(&explain(other, rule)).await.expect_problem(404, "not_found");
        assert_eq!((seen(&test, own).await, seen(&test, other).await), (1, 0));
        assert_eq!(team.employer.get(&team.at("status")).await.expect(200)["summary"]["people"], 2);
        team.employer.get(&explain(other, rule)).await.expect(200);
        // matrix and explanation within the hour are one look of the employer's
        assert_eq!((seen(&test, own).await, seen(&test, other).await), (2, 1));

        let stranger_place = build::place(&test).await;
        let stranger = client(&test, "stranger", Some(Role::Employer), &stranger_place, None).await;
        stranger.get(&team.at("status")).await.expect_problem(404, "not_found");
        stranger.get(&team.at("requirements")).await.expect_problem(404, "not_found");
        stranger.get(&explain(own, rule)).await.expect_problem(404, "not_found");
        stranger.get(&format!("/api/requirements/{rule}")).await.expect_problem(404, "not_found");
        let colleague = client(&test, "colleague", None, &team.place, Some(other)).await;
        colleague.get(&explain(own, rule)).await.expect_problem(404, "not_found");
    }

    async fn leaving_ends_what_an_employer_sees(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let person = build::person(&test, "Ann").await;
        let post = build::post(team.place.service).save(&test).await;
        build::appointment(person, post).until(Some(day("2026-06-29"))).save(&test).await;
        assert_eq!(team.employer.get(&team.at("status")).await.expect(200)["items"], json!([]));
        team.employer.get(&explain(person, rule)).await.expect_problem(404, "not_found");
    }

    async fn my_own_list_says_what_to_do_first_with_the_nearest_course(test: TestApp) {
        let team = team(&test).await;
        let rule = team.ask(&team.naloxone_rule()).await;
        let person = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        let safe = module(&test, &team.place, "asp-1", "Adult support", Some(24)).await;
        let asked = json!({"name": "Protection", "item_ids": [safe], "starts_on": "2026-06-01"});
        team.ask(&asked).await;
        completed(&test, person, team.naloxone, "2025-07-10", ManagerConfirmed).await;
        let me = client(&test, "ann", None, &team.place, Some(person)).await;
        let mine = me.get("/api/me/status").await.expect(200);
        let told: Vec<_> = mine["items"].as_array().unwrap().iter().map(|one| one["headline"].as_str().unwrap()).collect();
        assert_eq!(told, [
            "You have until 30 August 2026 to complete “Protection”.",
            "Your training for “Naloxone” lapses after 9 July 2026, in 9 days.",
        ]);
        assert_eq!(mine["items"][0]["options"][0]["title"], "Adult support");
        assert_eq!(mine["items"][0]["organisation_name"], "Clyde Recovery (synthetic)");
        let due = &me.get("/api/me").await.expect(200)["due"];
        assert_eq!(due, &mine["items"]);
        me.get(&explain(person, rule)).await.expect(200);
        assert_eq!(seen(&test, person).await, 0, "one's own view is not in the ledger");
        team.manager.get("/api/me/status").await.expect_problem(403, "not_allowed");
        assert_eq!(team.manager.get("/api/me").await.expect(200)["due"], json!([]));
    }

    async fn a_national_requirement_asks_for_a_theme_at_a_level_everywhere(test: TestApp) {
        let team = team(&test).await;
        let curator = client(&test, "curator", Some(Role::Curator), &team.place, None).await;
        let body = json!({
            "name": "Harm reduction", "theme": "harm-reduction", "level": "skilled", "starts_on": "2025-01-01", "confirmed": SURE,
        });
        let made = curator.post("/api/requirements", &body).await.expect(201);
        let rule: RequirementId = id(&made["id"]).into();
        builds(&test, team.naloxone, "harm-reduction", Level::Informed).await;
        builds(&test, team.overdose, "harm-reduction", Level::Enhanced).await;
        let low = worker(&test, &team.place, "Ann", "recovery_worker", "2024-01-08").await;
        completed(&test, low, team.naloxone, "2026-05-01", SelfDeclared).await;
        let high = worker(&test, &team.place, "Ben", "recovery_worker", "2024-01-08").await;
        completed(&test, high, team.overdose, "2026-05-01", SelfDeclared).await;
        let matrix = team.employer.get(&team.at("status")).await.expect(200);
        assert_eq!(status(&matrix, low, rule).as_deref(), Some("overdue"));
        assert_eq!(status(&matrix, high, rule).as_deref(), Some("met"));
        let path = format!("/api/requirements/{rule}");
        team.employer.patch(&path, &json!({"name": "Mine"})).await.expect_problem(403, "not_allowed");
        let exemption = json!({"person_id": low, "reason": "None."});
        team.employer.post(&format!("{path}/exemptions"), &exemption).await.expect_problem(403, "not_allowed");
        assert_eq!(team.manager.get(&team.at("requirements")).await.expect(200)["items"][0]["name"], "Harm reduction");
    }

    async fn the_matrix_takes_as_many_statements_for_sixty_as_for_five(test: TestApp) {
        let team = team(&test).await;
        team.ask(&team.naloxone_rule()).await;
        let people = async |from: usize, to: usize| {
            for number in from..to {
                let person = worker(&test, &team.place, &format!("N{number:02}"), "recovery_worker", "2024-01-08").await;
                completed(&test, person, team.naloxone, "2026-05-01", ManagerConfirmed).await;
            }
        };
        people(0, 5).await;
        let path = team.at("status?limit=100");
        let (few, for_few) = test.statements(team.employer.get(&path)).await;
        people(5, 60).await;
        let (many, for_many) = test.statements(team.employer.get(&path)).await;
        let count = |answer: &crate::support::client::Answer| answer.expect(200)["items"].as_array().unwrap().len();
        assert_eq!((count(&few), count(&many)), (5, 60));
        assert_eq!(for_few, for_many);
        // whom requirements name, terms of items, rejections and what each post was are facts of their own
        assert!(for_many <= 15, "{for_many} statements");
    }
}
