//! The workforce map, asked as its users ask it, over a synthetic sector.

use std::collections::{BTreeMap, BTreeSet};

use cairn::demo::{self, Plan};
use entity::requirement;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::app::PASSWORD;
use crate::support::{Client, TestApp};

const DATE: &str = "2026-06-30";

/// A sector of 700 people and the demo accounts, all with the tests' password.
async fn sector(test: &TestApp) {
    let plan = Plan { people: 700, seed: 7, as_at: DATE.parse().unwrap() };
    demo::load(&test.app, plan, &|_, _| {}).await.expect("the sector loads");
    std::fs::write(test.app.config.data_dir.join("demo-password.txt"), PASSWORD).unwrap();
    demo::accounts(&test.app).await.unwrap().expect("the demo's people are there");
}

async fn ask(client: &Client, question: Value) -> Value {
    client.post("/api/mapping/tables", &question).await.expect(200)
}

/// The cells of one measure by their keys, totals as "*".
fn cells(table: &Value, measure: &str) -> BTreeMap<Vec<String>, (Option<f64>, Option<String>)> {
    let order: Vec<String> = ["rows", "columns"]
        .iter()
        .flat_map(|part| table[*part].as_array().unwrap())
        .map(|by| by.as_str().unwrap().to_owned())
        .collect();
    let of_measure = table["cells"].as_array().unwrap().iter().filter(|cell| cell["measure"] == measure);
    of_measure
        .map(|cell| {
            let key = order.iter().map(|by| cell["keys"][by].as_str().unwrap_or("*").to_owned()).collect();
            (key, (cell["value"].as_f64(), cell["marker"].as_str().map(str::to_owned)))
        })
        .collect()
}

/// Kinds of tables that planners ask for.
fn questions() -> Vec<Value> {
    vec![
        json!({"as_at": DATE, "measures": ["headcount"], "rows": ["adp"]}),
        json!({"as_at": DATE, "measures": ["headcount", "posts"], "rows": ["adp"], "columns": ["role_family"]}),
        json!({"as_at": DATE, "measures": ["headcount"], "rows": ["health_board"], "columns": ["sector"]}),
        json!({"as_at": DATE, "measures": ["headcount"], "rows": ["sector"], "columns": ["role_family"]}),
        json!({"as_at": DATE, "measures": ["headcount"], "rows": ["role"]}),
    ]
}

on_both_databases! {
    async fn small_counts_are_never_shown_and_zeros_always(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        for question in questions() {
            let table = ask(&planner, question.clone()).await;
            assert_eq!(table["protected"], true);
            for (key, (value, marker)) in cells(&table, "headcount") {
                match value {
                    Some(value) => assert!(value == 0.0 || value >= 5.0, "{key:?} shows {value} in {question}"),
                    None => assert_eq!(marker.as_deref(), Some("c"), "{key:?} in {question}"),
                }
            }
        }
    }

    async fn no_hidden_figure_is_the_only_one_of_its_row_or_column(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        for question in questions() {
            let table = ask(&planner, question.clone()).await;
            let cells = cells(&table, "headcount");
            let mut lines: BTreeMap<(usize, Vec<String>), (u32, u32)> = BTreeMap::new();
            for (key, (value, _)) in &cells {
                for place in 0..key.len() {
                    let mut line = key.clone();
                    "+".clone_into(&mut line[place]);
                    let counts = lines.entry((place, line)).or_default();
                    counts.0 += u32::from(value.is_none());
                    counts.1 += u32::from(value.is_some_and(|value| value > 0.0));
                }
            }
            for (line, (hidden, _)) in lines {
                assert_ne!(hidden, 1, "one hidden figure stands alone in {line:?} of {question}");
            }
        }
    }

    async fn boards_adps_and_councils_that_are_one_place_tell_the_same(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let by = async |area: &str| {
            let question = json!({"as_at": DATE, "measures": ["headcount"], "rows": [area], "columns": ["role_family"]});
            cells(&ask(&planner, question).await, "headcount")
        };
        let (boards, adps, councils) = (by("health_board").await, by("adp").await, by("council").await);
        let places = [
            ("nhs-fife", "adp-fife", "council-fife"),
            ("nhs-orkney", "adp-orkney", "council-orkney-islands"),
            ("nhs-borders", "adp-borders", "council-scottish-borders"),
        ];
        for (board, adp, council) in places {
            let row = |cells: &BTreeMap<Vec<String>, (Option<f64>, Option<String>)>, area: &str| -> Vec<_> {
                cells.iter().filter(|(key, _)| key[0] == area).map(|(key, cell)| (key[1].clone(), cell.clone())).collect()
            };
            let expected = row(&boards, board);
            assert!(!expected.is_empty());
            assert_eq!(row(&adps, adp), expected, "{adp}");
            assert_eq!(row(&councils, council), expected, "{council}");
        }
    }

    async fn no_table_can_be_held_against_another(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let dimensions = ["adp", "sector", "role_family"];
        let measures = ["headcount", "posts", "coverage", "compliance"];
        let mut tables = Vec::new();
        for chosen in 1_u32..8 {
            let rows: Vec<&str> = (0..3).filter(|at| chosen & (1 << at) != 0).map(|at| dimensions[at]).collect();
            let question = json!({"as_at": DATE, "measures": measures, "rows": rows, "assurance": "self_declared"});
            tables.push((rows, ask(&planner, question).await));
        }
        let mut compared = 0;
        for measure in measures {
            for (rows, table) in &tables {
                for (inner, smaller) in tables.iter().filter(|(inner, _)| inner.len() < rows.len() && inner.iter().all(|by| rows.contains(by))) {
                    let shown = cells(smaller, measure);
                    for (key, cell) in cells(table, measure) {
                        let is_margin = rows.iter().zip(&key).all(|(by, value)| inner.contains(by) || value == "*");
                        let short: Vec<String> = rows.iter().zip(&key).filter(|(by, _)| inner.contains(by)).map(|(_, value)| value.clone()).collect();
                        if !is_margin || short.iter().any(|value| value == "*") {
                            continue;
                        }
                        compared += 1;
                        if cell != shown[&short] {
                            // a larger table may hide more of its margins, never less
                            let may = rows.len() == 3 || matches!(measure, "coverage" | "compliance");
                            assert!(may && cell.0.is_none() && cell.1.as_deref() == Some("c"), "{measure} of {short:?} in {rows:?} and in {inner:?}");
                        }
                    }
                }
            }
        }
        assert!(compared > 1000, "{compared}");
    }

    async fn the_same_question_gets_the_same_release_and_a_new_fact_a_new_one(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let question = json!({"as_at": DATE, "measures": ["headcount"], "rows": ["adp"]});
        let first = ask(&planner, question.clone()).await;
        let (again, statements) = test.statements(ask(&planner, question.clone())).await;
        assert_eq!(first, again);
        assert!(statements <= 8, "a known question took {statements} statements");
        let reordered = json!({"rows": ["adp"], "measures": ["headcount", "headcount"], "as_at": DATE, "filters": {"sector": []}});
        assert_eq!(ask(&planner, reordered).await["manifest"], first["manifest"]);
    }

    async fn an_employer_sees_its_own_real_figures_and_nobody_elses(test: TestApp) {
        sector(&test).await;
        let employer = test.sign_in("employer@example.org").await;
        let me = employer.get("/api/me").await.expect(200);
        let own = me["roles"][0]["organisation_id"].as_str().unwrap().to_owned();
        let measures = ["headcount", "posts", "establishment_wte", "in_post_wte", "vacant_wte", "vacancy_rate"];
        let question = json!({"as_at": DATE, "organisation": own, "measures": measures, "rows": ["role"]});
        let table = ask(&employer, question.clone()).await;
        assert_eq!(table["protected"], false);
        assert!(table["cells"].as_array().unwrap().iter().all(|cell| cell["marker"] != "c"));
        for (key, (establishment, _)) in cells(&table, "establishment_wte") {
            let of = |measure| cells(&table, measure)[&key].0.unwrap();
            let parts = of("in_post_wte") + of("vacant_wte");
            assert!((establishment.unwrap() - parts).abs() < 0.11, "{key:?}");
        }
        let by_default = ask(&employer, json!({"as_at": DATE, "measures": measures, "rows": ["role"]})).await;
        assert_eq!(by_default["manifest"], table["manifest"]);

        let planner = test.sign_in("planner@example.org").await;
        planner.post("/api/mapping/tables", &question).await.expect_problem(404, "not_found");
        let file = format!("/api/mapping/releases/{}.csv", table["manifest"].as_str().unwrap());
        planner.get(&file).await.expect_problem(404, "not_found");
        assert_eq!(employer.get(&file).await.status.as_u16(), 200);
    }

    async fn an_adp_sees_its_area_only(test: TestApp) {
        sector(&test).await;
        let adp = test.sign_in("adp@example.org").await;
        let table = ask(&adp, json!({"as_at": DATE, "measures": ["headcount"], "rows": ["adp"]})).await;
        let keys: BTreeSet<_> = cells(&table, "headcount").into_keys().collect();
        assert_eq!(keys, BTreeSet::from([vec!["*".to_owned()], vec!["adp-fife".to_owned()]]));
        let other = json!({"as_at": DATE, "measures": ["headcount"], "filters": {"adp": ["adp-glasgow"]}});
        adp.post("/api/mapping/tables", &other).await.expect_problem(403, "not_allowed");
    }

    async fn coverage_and_compliance_are_shares_of_a_large_enough_base(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let theme = json!({"as_at": DATE, "measures": ["coverage"], "rows": ["health_board"], "theme": "harm-reduction", "level": "informed"});
        let anything = cells(&ask(&planner, theme.clone()).await, "coverage")[&vec!["*".to_owned()]].0.unwrap();
        let mut stricter = theme;
        stricter["assurance"] = json!("employer_verified");
        let verified = cells(&ask(&planner, stricter).await, "coverage")[&vec!["*".to_owned()]].0.unwrap();
        assert!(0.0 < verified && verified < anything && anything < 100.0, "{verified} {anything}");
        let table = ask(&planner, json!({"as_at": DATE, "measures": ["compliance"], "rows": ["role_family"]})).await;
        assert!(cells(&table, "compliance")[&vec!["*".to_owned()]].0.is_some_and(|rate| rate > 0.0 && rate < 100.0));
    }

    async fn questions_that_cannot_be_answered_say_why(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let wrong = async |question: Value, code: &str| {
            let problem = planner.post("/api/mapping/tables", &question).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["code"], code, "{problem}");
        };
        wrong(json!({"measures": [], "rows": ["adp"]}), "missing").await;
        wrong(json!({"measures": ["headcount"], "rows": ["adp", "council"]}), "same_axis_twice").await;
        wrong(json!({"measures": ["headcount"], "as_at": "2031-01-01"}), "in_the_future").await;
        wrong(json!({"measures": ["headcount"], "filters": {"planet": ["mars"]}}), "unknown_dimension").await;
        wrong(json!({"measures": ["headcount"], "filters": {"sector": ["mars"]}}), "unknown_value").await;
        wrong(json!({"measures": ["coverage"], "theme": "stigma"}), "half").await;
        let four = json!({"measures": ["headcount"], "rows": ["adp", "role"], "columns": ["sector"], "filters": {"tier": ["3"]}});
        wrong(four, "too_many_dimensions").await;
        planner.post("/api/mapping/tables", &json!({"measures": ["happiness"]})).await.expect_problem(422, "invalid");
        // one employer's own requirement is for that employer's own figures
        let own = requirement::Entity::find().filter(requirement::Column::OrganisationId.is_not_null()).one(&test.app.db).await.unwrap().unwrap();
        let body = json!({"as_at": DATE, "measures": ["coverage"], "rows": ["adp"], "requirement": own.id});
        let problem = planner.post("/api/mapping/tables", &body).await.expect_problem(422, "invalid");
        assert_eq!(problem["fields"][0]["field"], "requirement");
        let national = requirement::Entity::find().filter(requirement::Column::OrganisationId.is_null()).one(&test.app.db).await.unwrap().unwrap();
        let body = json!({"as_at": DATE, "measures": ["coverage"], "rows": ["sector"], "requirement": national.id, "assurance": "manager_confirmed"});
        let title = ask(&planner, body).await["title"].as_str().unwrap().to_owned();
        assert!(title.ends_with(&format!("({}; at least manager confirmed)", national.name)), "{title}");
        test.anonymous().post("/api/mapping/tables", &json!({})).await.expect_problem(401, "not_signed_in");
        let staff = test.sign_in("staff@example.org").await;
        staff.post("/api/mapping/tables", &json!({"measures": ["headcount"]})).await.expect_problem(403, "not_allowed");
    }

    async fn a_release_opens_in_other_programs(test: TestApp) {
        sector(&test).await;
        let planner = test.sign_in("planner@example.org").await;
        let question = json!({"as_at": DATE, "measures": ["headcount", "vacancy_rate"], "rows": ["health_board"], "columns": ["role_family"]});
        let table = ask(&planner, question).await;
        let path = format!("/api/mapping/releases/{}", table["manifest"].as_str().unwrap());

        let file = planner.get(&format!("{path}.csv")).await;
        assert!(file.header("content-disposition").starts_with("attachment"));
        let text = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
        let mut reader = csv::Reader::from_reader(text);
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|title| title == name).unwrap();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), table["cells"].as_array().unwrap().len());
        for row in &rows {
            let (value, marker) = (&row[column("value")], &row[column("marker")]);
            assert_ne!(value.is_empty(), marker.is_empty(), "{row:?}");
        }

        let file = planner.get(&format!("{path}.xlsx")).await;
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(file.bytes)).unwrap();
        let names = calamine::Reader::sheet_names(&book);
        assert_eq!(names.len(), 4, "cover, notes and a sheet a measure: {names:?}");
        let sheet = calamine::Reader::worksheet_range(&mut book, &names[2]).unwrap();
        let whole = cells(&table, "headcount")[&vec!["*".to_owned(), "*".to_owned()]].0.unwrap();
        let numbers = sheet.rows().flatten().filter_map(calamine::DataType::get_float);
        assert!(numbers.into_iter().any(|number| (number - whole).abs() < 0.001), "the grand total is a real number");

        planner.get(&format!("{path}.json")).await.expect(200);
        planner.get(&format!("{path}.pptx")).await.expect_problem(404, "not_found");
        planner.get("/api/mapping/releases/nothing.csv").await.expect_problem(404, "not_found");
    }
}
