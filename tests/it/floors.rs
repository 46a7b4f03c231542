//! Holds the house together: imports go down only, rules know no database, stores no HTTP.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder is there") {
        let path = entry.expect("entry is there").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            into.push(path);
        }
    }
}

/// The text of a file without its comments and without its unit tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("file is there");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Module order in `lib.rs` is dependency order.
fn floors() -> HashMap<String, usize> {
    let text = std::fs::read_to_string(root().join("lib.rs")).expect("lib.rs is there");
    let modules = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.enumerate().map(|(floor, name)| (name.to_owned(), floor)).collect()
}

fn files() -> Vec<(PathBuf, String, String)> {
    let mut paths = Vec::new();
    sources(&root(), &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(root()).expect("inside src").to_path_buf();
            let first = inside.components().next().expect("has a name").as_os_str().to_string_lossy();
            let module = first.trim_end_matches(".rs").to_owned();
            (inside, module, code(&path))
        })
        .collect()
}

#[test]
fn imports_go_down_only() {
    let floors = floors();
    let mut wrong = Vec::new();
    for (path, module, code) in files() {
        let Some(own) = floors.get(&module) else { continue };
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if floors.get(&name).is_some_and(|floor| floor > own) {
                wrong.push(format!("{} uses crate::{name}, which stands above it in lib.rs", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is read by several statements is read at one moment: no function of these features asks
/// the pool twice. What only one statement reads, or what writes through a door of its own, may.
#[test]
fn answers_are_read_at_one_moment() {
    let features = ["people", "organisation", "account", "privacy", "home", "standing"];
    let doors =
        ["db::read(", "db::write(", "db::version(", "ledger::seen(", "events::note_alone(", "session::", "throttle::"];
    let mut wrong = Vec::new();
    for (path, module, code) in files() {
        // the follower of kept statuses asks whether there is something to do, in a loop
        if !features.contains(&module.as_str()) || path.ends_with("kept.rs") {
            continue;
        }
        for function in code.split("fn ").skip(1) {
            let asks = function.match_indices("&app.db").filter(|(at, _)| {
                let before = &function[..*at];
                !doors.iter().any(|door| before.rsplit_once(door).is_some_and(|(_, rest)| !rest.contains(')')))
                    && !doors.iter().any(|door| before.ends_with(door))
            });
            if asks.count() > 1 {
                let name = function.split('(').next().unwrap_or_default();
                wrong.push(format!("{}: {name} asks the pool more than once; use base::db::read", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rooms_keep_to_themselves() {
    let banned: [(&str, &[&str]); 3] =
        [("rules", &["poem", "sea_orm"]), ("store", &["poem::", "poem_openapi"]), ("wire", &["sea_orm"])];
    let mut wrong = Vec::new();
    for (path, _, code) in files() {
        for (room, words) in banned {
            let here =
                path.file_stem().is_some_and(|stem| stem == room) || path.parent().is_some_and(|p| p.ends_with(room));
            for word in words.iter().filter(|word| here && code.contains(**word)) {
                wrong.push(format!("{} names {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_over_four_hundred_lines() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "entity/src", "migration/src", "tests/it"] {
        sources(&manifest.join(folder), &mut paths);
    }
    let long: Vec<_> = paths
        .into_iter()
        .map(|path| (std::fs::read_to_string(&path).expect("file is there").lines().count(), path))
        .filter(|(lines, _)| *lines > 400)
        .collect();
    assert!(long.is_empty(), "split by meaning: {long:?}");
}

#[test]
fn every_table_has_its_place_in_the_list_of_domains() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("entity/src");
    let mut missing = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue; // closed sets of values: no tables
        }
        let text = std::fs::read_to_string(path).unwrap();
        for rest in text.split("table_name = \"").skip(1) {
            let table = rest.split('"').next().unwrap().to_owned();
            if !cairn::base::domain::TABLES.iter().any(|(known, _)| *known == table) {
                missing.push(table);
            }
        }
    }
    assert!(missing.is_empty(), "add to TABLES in src/base/domain.rs, with the domain or None: {missing:?}");
}
