//! Which table belongs to which domain of data, and which tables a statement writes: a commit moves
//! the versions of these domains on, so that nothing kept in memory outlives what it was made of.

use std::collections::BTreeSet;

/// Data that changes for the same reasons. The order is that in which their versions are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// Services, posts, people and who holds which post
    Workforce,
    /// Organisations alone: what they are called and that they provide learning
    Organisations,
    /// Completions, evidence, what others said of them
    Learning,
    /// What is asked of people, and exemptions
    Requirements,
    /// Items and what they build
    Catalogue,
    /// Areas and vocabularies
    Reference,
    /// Accounts and their roles
    Accounts,
}

impl Domain {
    pub const ALL: [Self; 7] = [
        Self::Workforce,
        Self::Organisations,
        Self::Learning,
        Self::Requirements,
        Self::Catalogue,
        Self::Reference,
        Self::Accounts,
    ];

    pub const fn spelling(self) -> &'static str {
        match self {
            Self::Workforce => "workforce",
            Self::Organisations => "organisations",
            Self::Learning => "learning",
            Self::Requirements => "requirements",
            Self::Catalogue => "catalogue",
            Self::Reference => "reference",
            Self::Accounts => "accounts",
        }
    }

    pub const fn place(self) -> usize {
        self as usize
    }
}

/// The one list of tables. `None`: nothing that is kept in memory depends on it (traces, queues,
/// sessions, kept answers). A table that is not here moves every domain on, and fails a test.
pub const TABLES: &[(&str, Option<Domain>)] = &[
    ("service", Some(Domain::Workforce)),
    ("service_area", Some(Domain::Workforce)),
    ("post", Some(Domain::Workforce)),
    ("post_establishment", Some(Domain::Workforce)),
    ("service_version", Some(Domain::Workforce)),
    ("post_version", Some(Domain::Workforce)),
    ("organisation_person", Some(Domain::Workforce)),
    ("joining_answer", Some(Domain::Workforce)),
    ("person_move", Some(Domain::Workforce)),
    ("person", Some(Domain::Workforce)),
    ("appointment", Some(Domain::Workforce)),
    ("collection", Some(Domain::Workforce)),
    ("collection_return", Some(Domain::Workforce)),
    ("organisation", Some(Domain::Organisations)),
    ("figures_confirmation", Some(Domain::Organisations)),
    ("completion", Some(Domain::Learning)),
    ("completion_verdict", Some(Domain::Learning)),
    ("completion_event", Some(Domain::Learning)),
    ("evidence", Some(Domain::Learning)),
    ("outside_learning", Some(Domain::Learning)),
    ("requirement", Some(Domain::Requirements)),
    ("requirement_item", Some(Domain::Requirements)),
    ("requirement_scope", Some(Domain::Requirements)),
    ("exemption", Some(Domain::Requirements)),
    ("leaver_copy", None),
    ("item", Some(Domain::Catalogue)),
    ("item_terms", Some(Domain::Catalogue)),
    ("item_proposal", Some(Domain::Catalogue)),
    ("item_import", Some(Domain::Catalogue)),
    ("item_import_row", Some(Domain::Catalogue)),
    ("item_mat_standard", Some(Domain::Catalogue)),
    ("item_theme", Some(Domain::Catalogue)),
    ("item_topic", Some(Domain::Catalogue)),
    ("pathway_step", Some(Domain::Catalogue)),
    ("area", Some(Domain::Reference)),
    ("area_link", Some(Domain::Reference)),
    ("term", Some(Domain::Reference)),
    ("vocabulary", Some(Domain::Reference)),
    ("account", Some(Domain::Accounts)),
    ("role_grant", Some(Domain::Accounts)),
    ("access_event", None),
    ("change", None),
    ("data_version", None),
    ("folding", None),
    ("idempotency", None),
    ("job", None),
    ("release", None),
    ("requirement_status", None),
    ("search_outbox", None),
    ("search_position", None),
    ("security_event", None),
    ("status_stale", None),
    ("session", None),
    ("sign_in_throttle", None),
];

/// The domains that a statement writes.
pub fn written(sql: &str) -> BTreeSet<Domain> {
    let mut found = BTreeSet::new();
    for table in tables_written(sql) {
        match TABLES.iter().find(|(known, _)| *known == table) {
            Some((_, domain)) => found.extend(*domain),
            None => {
                tracing::error!(table, "a table without a domain was written");
                found.extend(Domain::ALL);
            }
        }
    }
    found
}

/// The tables after INSERT INTO, UPDATE and DELETE FROM, wherever they stand in the statement.
fn tables_written(sql: &str) -> Vec<String> {
    // most statements only read
    if sql.trim_start().get(..6).is_some_and(|verb| verb.eq_ignore_ascii_case("select")) {
        return Vec::new();
    }
    let words = words(sql);
    let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let mut tables = Vec::new();
    for at in 0..words.len() {
        let before = |word: &str| at > 0 && is(at - 1, word);
        let named = if is(at, "into") || (is(at, "from") && before("delete")) || is(at, "truncate") {
            at + 1
        } else if is(at, "update") && !["for", "do", "key", "on"].into_iter().any(before) {
            // UPDATE OR IGNORE on SQLite
            if is(at + 1, "or") { at + 3 } else { at + 1 }
        } else {
            continue;
        };
        let named = if is(named, "only") || is(named, "table") { named + 1 } else { named };
        tables.extend(words.get(named).map(|name| name.trim_matches('"').to_ascii_lowercase()));
    }
    tables
}

/// The words of a statement, without its texts; of a name with its schema the last part.
fn words(sql: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            _ if is_of_word(first) => rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        if first == '"' || is_of_word(first) {
            let follows_a_dot = sql[..sql.len() - rest.len()].ends_with('.');
            if follows_a_dot {
                words.pop();
            }
            words.push(word);
        }
        rest = after;
    }
    words
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_wherever_a_statement_writes() {
        for (sql, tables) in [
            (r#"INSERT INTO "item" ("id", "title") VALUES ($1, 'insert into post') RETURNING "id""#, "item"),
            (r#"UPDATE "post" SET "role" = $1 WHERE "id" = $2"#, "post"),
            (r#"DELETE FROM "role_grant" WHERE "id" = $1"#, "role_grant"),
            ("update only public.item set title = 'x'", "item"),
            (r#"SELECT "id" FROM "post" WHERE "id" = $1 FOR UPDATE"#, ""),
            (r#"INSERT INTO "release" ("id") VALUES ($1) ON CONFLICT ("id") DO UPDATE SET "id" = $1"#, "release"),
            ("WITH gone AS (DELETE FROM post RETURNING id) INSERT INTO job SELECT id FROM gone", "post job"),
            ("WITH held AS (SELECT 1 FROM item FOR NO KEY UPDATE) UPDATE person SET name = 'delete from x'", "person"),
            ("insert or ignore into account values (1)", "account"),
            ("UPDATE OR IGNORE session SET id = 1", "session"),
            ("SELECT pg_advisory_xact_lock(1)", ""),
            ("PRAGMA foreign_keys", ""),
        ] {
            assert_eq!(tables_written(sql).join(" "), tables, "{sql}");
        }
    }

    #[test]
    fn what_is_written_moves_its_domain_and_what_is_unknown_moves_all() {
        assert_eq!(written(r#"UPDATE "completion" SET "state" = $1"#), BTreeSet::from([Domain::Learning]));
        assert_eq!(written(r#"INSERT INTO "session" ("id") VALUES ($1)"#), BTreeSet::new());
        assert_eq!(written("UPDATE brand_new SET x = 1").len(), Domain::ALL.len());
        assert!(Domain::ALL.iter().enumerate().all(|(at, domain)| domain.place() == at));
    }
}
