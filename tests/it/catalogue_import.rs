//! Importing tables of items: the first real input, findings by cell, bad files, and all or nothing.

use cairn::access::SystemScope;
use cairn::catalogue::{Actor, Choice, SAMPLE, import_bytes};
use entity::{item, organisation, search_outbox};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait};
use serde_json::Value;

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::catalogue::{REAL, curator, import, provider};

async fn items(test: &TestApp) -> u64 {
    item::Entity::find().count(&test.app.db).await.unwrap()
}

fn findings(answer: &Value) -> Vec<(&str, u64, &str)> {
    let list = answer["findings"].as_array().unwrap();
    list.iter()
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default();
            (text("code"), finding["row"].as_u64().unwrap_or_default(), text("column"))
        })
        .collect()
}

/// A header and one good row, to be varied.
const HEADER: &str = "ref,kind,title,provider,topic,minutes,delivery,cost";

fn file(rows: &str) -> Vec<u8> {
    format!("{HEADER}\n{rows}\n").into_bytes()
}

on_both_databases! {
    async fn the_first_real_input_is_previewed_applied_and_then_changes_nothing(test: TestApp) {
        let curator = curator(&test).await;
        let preview = import(&curator, "preview", "all", REAL).await.expect(200);
        assert_eq!((preview["rows"].as_u64(), preview["created"].as_u64(), preview["rejected"].as_u64()), (Some(60), Some(60), Some(0)), "{preview}");
        assert_eq!(preview["new_providers"].as_array().unwrap().len(), 20);
        assert_eq!((items(&test).await, organisation::Entity::find().count(&test.app.db).await.unwrap()), (0, 0), "a preview writes nothing");

        let applied = import(&curator, "apply", "all", REAL).await.expect(200);
        assert_eq!((applied["applied"].as_bool(), applied["created"].as_u64(), items(&test).await), (Some(true), Some(60), 60));
        let written = search_outbox::Entity::find().count(&test.app.db).await.unwrap();
        let again = import(&curator, "apply", "all", REAL).await.expect(200);
        assert_eq!((again["applied"].as_bool(), again["unchanged"].as_u64()), (Some(false), Some(60)));
        assert_eq!(search_outbox::Entity::find().count(&test.app.db).await.unwrap(), written);
        let read = test.anonymous().get("/api/catalogue/items/demo-003").await.expect(200);
        assert_eq!((read["title"].as_str(), read["audience"].as_str(), read["minutes"].as_u64()), (Some("Naloxone peer educator T4T"), Some("peers, prison"), Some(840)));
        assert_eq!(read["themes"][0]["level"], "skilled");
    }

    async fn a_richer_file_changes_what_differs_and_leaves_alone_what_it_does_not_mention(test: TestApp) {
        let program = Actor::Program(SystemScope::program());
        let run = async |bytes: &[u8]| import_bytes(&test.app, &program, bytes.to_vec(), Choice::AllRows).await.unwrap();
        run(REAL).await;
        let richer = run(SAMPLE).await;
        assert!(richer.counts().rejected == 0 && richer.counts().changed > 50, "{:?}", richer.counts());
        let back = run(REAL).await.counts();
        assert_eq!((back.created, back.rejected), (0, 0));
        let read = test.anonymous().get("/api/catalogue/items/demo-001").await.expect(200);
        assert!(read["summary"].as_str().is_some_and(|text| !text.is_empty()), "no summary column, so the summary stays");
        assert_eq!(read["validity_months"], 36);
        assert_eq!(run(REAL).await.counts().unchanged, 60);
    }

    async fn every_wrong_cell_is_named_with_what_would_be_right(test: TestApp) {
        let curator = curator(&test).await;
        let file = file("a-1,modul,Good title,SDF,naloxone-overdos,ninety,elearning,free\n\
            a-2,module,,SDF,,45,elearning,free\n\
            a-2,module,Twice,SDF,,-5,elearning,gratis\n\
            a-4,module,Right,SDF,naloxone-overdose,45,elearning,free");
        let preview = import(&curator, "preview", "all", &file).await.expect(200);
        let found = findings(&preview);
        assert!(found.contains(&("unknown_value", 2, "B")), "{found:?}");
        assert!(found.contains(&("unknown_value", 2, "E")), "{found:?}");
        assert!(found.contains(&("not_a_whole_number", 2, "F")), "{found:?}");
        assert!(found.contains(&("missing", 3, "C")), "{found:?}");
        for all_at_once in [("duplicate_ref", 4, "A"), ("out_of_range", 4, "F"), ("unknown_value", 4, "H")] {
            assert!(found.contains(&all_at_once), "{all_at_once:?} in {found:?}");
        }
        let kind = preview["findings"].as_array().unwrap().iter().find(|one| one["column"] == "B").unwrap();
        assert_eq!((kind["value"].as_str(), kind["right"].as_str(), kind["header"].as_str()), (Some("modul"), Some("module"), Some("kind")));

        let refused = import(&curator, "apply", "all", &file).await.expect_problem(422, "invalid");
        assert!(refused["fields"].as_array().unwrap().iter().any(|field| field["message"].as_str().unwrap().contains("F2")), "{refused}");
        assert_eq!(items(&test).await, 0, "nothing is half-written");
        let good = import(&curator, "apply", "good", &file).await.expect(200);
        assert_eq!((good["created"].as_u64(), good["rejected"].as_u64(), items(&test).await), (Some(1), Some(3), 1));
    }

    async fn files_as_programs_write_them_are_understood(test: TestApp) {
        let curator = curator(&test).await;
        let rows = "a-1,module,\"Caf\u{e9}, and more\",SDF,naloxone-overdose,45,elearning,free";
        let utf8 = file(rows);
        let crlf = String::from_utf8(utf8.clone()).unwrap().replace('\n', "\r\n");
        let bom = format!("\u{feff}{crlf}").into_bytes();
        let semicolons = "ref;kind;title;provider;topic;minutes;delivery;cost\r\na-1;module;Caf\u{e9}, and more;SDF;naloxone-overdose;45;elearning;free\r\n";
        let latin1: Vec<u8> = semicolons.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        for (name, bytes) in [("plain", utf8), ("BOM and CRLF", bom), ("semicolons", semicolons.as_bytes().to_vec()), ("Latin-1", latin1)] {
            let answer = import(&curator, "apply", "all", &bytes).await.expect(200);
            assert_eq!(answer["rejected"], 0, "{name}: {answer}");
            let read = test.anonymous().get("/api/catalogue/items/a-1").await.expect(200);
            assert_eq!(read["title"], "Caf\u{e9}, and more", "{name}");
        }
        assert_eq!(items(&test).await, 1);
    }

    async fn a_file_that_cannot_be_trusted_is_refused_with_the_reason(test: TestApp) {
        let curator = curator(&test).await;
        let open_quote = file("a-1,module,\"never closed,SDF,,45,elearning,free\na-2,module,B,SDF,,45,elearning,free");
        for (name, bytes, code) in [
            ("an unclosed quote", open_quote, "unclosed_quote"),
            ("an empty file", Vec::new(), "empty_file"),
            ("a PDF", b"%PDF-1.7 not a table".to_vec(), "not_a_sheet"),
        ] {
            let problem = import(&curator, "preview", "all", &bytes).await.expect_problem(422, "invalid");
            assert_eq!(problem["fields"][0]["code"], code, "{name}: {problem}");
        }
        let no_title = b"ref,kind,provider\na-1,module,SDF\n";
        let preview = import(&curator, "preview", "all", no_title).await.expect(200);
        assert_eq!((findings(&preview)[0].0, preview["rejected"].as_u64()), ("missing_column", Some(1)));
        import(&curator, "apply", "good", no_title).await.expect_problem(422, "invalid");
        let wide = |extra: usize| {
            let names: String = (0..extra).map(|number| format!(",extra {number}")).collect();
            format!("{HEADER}{names}\na-1,module,Title,SDF,,45,elearning,free{}\n", ",x".repeat(extra))
        };
        let unknown = import(&curator, "preview", "all", wide(200).as_bytes()).await.expect(200);
        assert_eq!((unknown["created"].as_u64(), unknown["rejected"].as_u64()), (Some(1), Some(0)), "200 unknown columns are named and not read");
        import(&curator, "preview", "all", wide(400).as_bytes()).await.expect_problem(422, "invalid");
        assert_eq!(items(&test).await, 0);
        curator.post("/api/catalogue/imports", &serde_json::json!({})).await.expect(415);
    }

    async fn a_formula_in_a_title_is_text_like_any_other(test: TestApp) {
        let curator = curator(&test).await;
        let bytes = file("a-1,module,\"=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\",SDF,,45,elearning,free");
        import(&curator, "apply", "all", &bytes).await.expect(200);
        let read = test.anonymous().get("/api/catalogue/items/a-1").await.expect(200);
        assert_eq!(read["title"], "=HYPERLINK(\"http://evil.example\",\"x\")");
    }

    async fn a_provider_brings_in_its_own_items_for_review_and_nobody_elses(test: TestApp) {
        let curator = curator(&test).await;
        let (provider, _) = provider(&test).await;
        import(&curator, "apply", "all", &file("a-1,module,Of SDF,SDF,,45,elearning,free")).await.expect(200);
        let own = "Clyde Recovery (synthetic)";
        let rows = format!("a-1,module,Taken over,{own},,45,elearning,free\nb-1,module,New,{own},,45,elearning,free\nb-2,module,Foreign,SDF,,45,elearning,free\nb-3,module,Unknown,Nobody knows,,45,elearning,free");
        let preview = import(&provider, "preview", "all", &file(&rows)).await.expect(200);
        let codes: Vec<_> = findings(&preview).into_iter().map(|finding| (finding.0, finding.1)).collect();
        assert_eq!(codes, [("not_your_item", 2), ("not_your_provider", 4), ("unknown_provider", 5)]);
        import(&provider, "apply", "good", &file(&rows)).await.expect(200);
        assert_eq!(provider.get("/api/catalogue/items/b-1").await.expect(200)["status"], "in_review");
        assert_eq!(provider.get("/api/catalogue/items/a-1").await.expect(200)["title"], "Of SDF");
    }

    async fn an_import_that_breaks_in_the_middle_leaves_nothing_behind(test: TestApp) {
        let db = &test.app.db;
        // the statement after the items fails, as if the process had died there
        let trap = match db.get_database_backend() {
            DbBackend::Postgres => "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trap'; END $$;\
                CREATE TRIGGER trap BEFORE INSERT ON item_theme FOR EACH ROW EXECUTE FUNCTION trap();",
            _ => "CREATE TRIGGER trap BEFORE INSERT ON item_theme BEGIN SELECT RAISE(ABORT, 'trap'); END;",
        };
        db.execute_unprepared(trap).await.unwrap();
        let curator = curator(&test).await;
        import(&curator, "apply", "all", REAL).await.expect_problem(500, "internal");
        assert_eq!((items(&test).await, organisation::Entity::find().count(db).await.unwrap()), (0, 0));
        assert_eq!(search_outbox::Entity::find().count(db).await.unwrap(), 0);
        let release = match db.get_database_backend() {
            DbBackend::Postgres => "DROP TRIGGER trap ON item_theme",
            _ => "DROP TRIGGER trap",
        };
        db.execute_unprepared(release).await.unwrap();
        assert_eq!(import(&curator, "apply", "all", REAL).await.expect(200)["created"], 60, "and it can be done again");
    }

    async fn a_longer_file_does_not_cost_more_statements(test: TestApp) {
        let curator = curator(&test).await;
        let rows = |count: usize| {
            let rows: Vec<_> = (0..count).map(|number| format!("r-{number},module,Title {number},SDF,,45,elearning,free")).collect();
            file(&rows.join("\n"))
        };
        let (_, few) = test.statements(import(&curator, "preview", "all", &rows(3))).await;
        let (_, many) = test.statements(import(&curator, "preview", "all", &rows(300))).await;
        assert_eq!(few, many);
    }
}
