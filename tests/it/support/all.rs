//! Everything that the product keeps, to be held against itself later.

use cairn::base::domain;
use sea_orm::{FromQueryResult, JsonValue, Statement};

use super::TestApp;

/// A line for each row of each table with a domain, and of the history of changes.
pub async fn everything(test: &TestApp) -> Vec<String> {
    let tables = domain::TABLES.iter().filter(|(name, domain)| domain.is_some() || *name == "change");
    let mut all = Vec::new();
    for (table, _) in tables {
        let sql = Statement::from_string(test.app.db.get_database_backend(), format!("SELECT * FROM {table}"));
        let rows = JsonValue::find_by_statement(sql).all(&test.app.db).await.expect("the rows");
        all.extend(rows.iter().map(|row| format!("{table} {row}")));
    }
    all.sort();
    all
}
