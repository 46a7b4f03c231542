//! Columns of folded text, made again when the rule of folding has changed. Every process does it
//! at its start, in batches, each under a lock; doing it twice does no harm.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult};
use uuid::Uuid;

use super::contact::name_folded;
use super::db::{self, Turn};
use super::fold;

/// Rows at a time: what waits for a lock waits for this many.
const BATCH: u64 = 1000;

/// A column of folded text and what it is made from.
pub struct Folded {
    pub table: &'static str,
    pub column: &'static str,
    from: &'static [&'static str],
    fold: fn(&[String]) -> String,
    /// Two rows that now read the same: the later one keeps what it had, and that is logged
    unique: bool,
}

/// Every column that holds folded text; a test holds the list against the schema.
pub const COLUMNS: [Folded; 6] = [
    Folded { table: "organisation", column: "name_folded", from: &["name"], fold: plain, unique: false },
    Folded { table: "item", column: "title_folded", from: &["title"], fold: plain, unique: false },
    Folded { table: "person", column: "name_folded", from: &["given_name", "family_name"], fold: name, unique: false },
    Folded { table: "account", column: "email_folded", from: &["email"], fold: email, unique: true },
    Folded {
        table: "organisation_person",
        column: "name_folded",
        from: &["given_name", "family_name"],
        fold: name,
        unique: false,
    },
    Folded { table: "organisation_person", column: "email_folded", from: &["email"], fold: email, unique: false },
];

fn plain(parts: &[String]) -> String {
    parts.first().map(|text| fold::fold(text)).unwrap_or_default()
}

fn name(parts: &[String]) -> String {
    match parts {
        [given, family] => name_folded(given, family),
        _ => String::new(),
    }
}

fn email(parts: &[String]) -> String {
    parts.first().map(|text| fold::email(text)).unwrap_or_default()
}

/// Brings every folded column up to today's rule.
pub async fn bring_up(db: &DatabaseConnection) -> Result<(), DbErr> {
    if version(db).await? >= fold::VERSION {
        return Ok(());
    }
    for column in &COLUMNS {
        let mut after = None;
        let mut changed = 0;
        while let Some((last, count)) = batch(db, column, after).await? {
            after = Some(last);
            changed += count;
        }
        if changed > 0 {
            tracing::info!(table = column.table, column = column.column, changed, "folded text made again");
        }
    }
    let tx = db::write(db).await?;
    tx.execute_unprepared(&format!("UPDATE folding SET version = {}", fold::VERSION)).await?;
    tx.commit().await
}

async fn version(db: &DatabaseConnection) -> Result<i32, DbErr> {
    let asked = Query::select().column(Alias::new("version")).from(Alias::new("folding")).to_owned();
    let row = db.query_one(&asked).await?;
    row.map_or(Ok(fold::VERSION), |row| row.try_get_by_index(0))
}

/// The next rows after an id: the last of them and how many changed; `None` when there are none.
async fn batch(db: &DatabaseConnection, of: &Folded, after: Option<Uuid>) -> Result<Option<(Uuid, u64)>, DbErr> {
    let tx = db::write(db).await?;
    db::turn(&tx, Turn::Folding).await?;
    let mut asked = Query::select();
    asked.column(Alias::new("id")).column(Alias::new(of.column)).from(Alias::new(of.table));
    asked.columns(of.from.iter().map(|name| Alias::new(*name)));
    if let Some(after) = after {
        asked.and_where(Expr::col(Alias::new("id")).gt(after));
    }
    asked.order_by(Alias::new("id"), sea_orm::Order::Asc).limit(BATCH);
    let rows = tx.query_all(&asked).await?;
    let (mut last, mut changed) = (None, 0);
    for row in &rows {
        let id: Uuid = row.try_get_by_index(0)?;
        last = Some(id);
        // what was never given is not folded either
        let Some(held) = row.try_get_by_index::<Option<String>>(1)? else { continue };
        let right = (of.fold)(&parts(row, of.from.len())?);
        if held == right {
            continue;
        }
        if of.unique && is_taken(&tx, of, id, &right).await? {
            tracing::warn!(table = of.table, %id, "reads like another now and keeps its folded text");
            continue;
        }
        let mut update = Query::update();
        update
            .table(Alias::new(of.table))
            .value(Alias::new(of.column), right)
            .and_where(Expr::col(Alias::new("id")).eq(id));
        tx.execute(&update).await?;
        changed += 1;
    }
    tx.commit().await?;
    Ok(last.map(|last| (last, changed)))
}

fn parts(row: &QueryResult, count: usize) -> Result<Vec<String>, DbErr> {
    (2..2 + count).map(|at| row.try_get_by_index::<Option<String>>(at).map(Option::unwrap_or_default)).collect()
}

async fn is_taken<C: ConnectionTrait>(tx: &C, of: &Folded, id: Uuid, folded: &str) -> Result<bool, DbErr> {
    let mut asked = Query::select();
    asked.column(Alias::new("id")).from(Alias::new(of.table));
    asked.and_where(Expr::col(Alias::new(of.column)).eq(folded)).and_where(Expr::col(Alias::new("id")).ne(id)).limit(1);
    Ok(tx.query_one(&asked).await?.is_some())
}
