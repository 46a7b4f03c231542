//! Where everybody stands with what is asked of them, kept; and what of it has to be found anew.
//! Triggers note the latter in the transaction that causes it, whoever writes: nobody can forget.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, kind of what its rows make stale, and the column that says which.
const SOURCES: [(&str, &str, &str); 8] = [
    ("appointment", "person", "person_id"),
    ("completion", "person", "person_id"),
    ("exemption", "person", "person_id"),
    ("requirement", "requirement", "id"),
    ("requirement_item", "requirement", "requirement_id"),
    ("item_terms", "item", "item_id"),
    ("completion_verdict", "completion", "completion_id"),
    // another role or service of a post, for whoever has or had it
    ("post", "post", "id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kept = Table::create()
            .table("requirement_status")
            .col(uuid("person_id"))
            .col(uuid("requirement_id"))
            .col(uuid("organisation_id"))
            .col(column::text_null("status"))
            .col(date_null("since"))
            .col(date_null("valid_through"))
            .col(date_null("due_by"))
            .col(uuid_null("waiting_completion_id"))
            .col(date_null("waiting_since"))
            .col(date_null("next_change_on"))
            .primary_key(Index::create().col("person_id").col("requirement_id").col("organisation_id"))
            .take();
        manager.create_table(kept).await?;
        for column in ["organisation_id", "next_change_on"] {
            let name = format!("ix_requirement_status_{column}");
            let index = Index::create().name(&name).table("requirement_status").col(column).take();
            manager.create_index(index).await?;
        }
        let stale = Table::create()
            .table("status_stale")
            .col(big_integer("seq").primary_key().auto_increment())
            .col(column::text("kind"))
            .col(uuid_null("subject"))
            .take();
        manager.create_table(stale).await?;
        let db = manager.get_connection();
        // nothing is kept yet
        db.execute_unprepared("INSERT INTO status_stale (kind) VALUES ('everything')").await?;
        for (table, kind, column) in SOURCES {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                for statement in trigger(manager.get_database_backend(), table, event, kind, column) {
                    db.execute_unprepared(&statement).await?;
                }
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for (table, ..) in SOURCES {
            for event in ["insert", "update", "delete"] {
                let statement = if backend == DbBackend::Postgres {
                    format!("DROP FUNCTION status_stale_{table}_{event} CASCADE")
                } else {
                    format!("DROP TRIGGER status_stale_{table}_{event}")
                };
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        for table in ["status_stale", "requirement_status"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

pub fn trigger(backend: DbBackend, table: &str, event: &str, kind: &str, column: &str) -> Vec<String> {
    let name = format!("status_stale_{table}_{}", event.to_lowercase());
    if backend == DbBackend::Postgres {
        // once a statement, however many rows it has; what a row said before is stale too
        let (old, new) = ("OLD TABLE AS old_rows", "NEW TABLE AS new_rows");
        let (rows, from) = match event {
            "INSERT" => (new.to_owned(), format!("SELECT {column} FROM new_rows")),
            "DELETE" => (old.to_owned(), format!("SELECT {column} FROM old_rows")),
            _ => (format!("{old} {new}"), format!("SELECT {column} FROM new_rows UNION SELECT {column} FROM old_rows")),
        };
        return vec![
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 INSERT INTO status_stale (kind, subject) \
                 SELECT DISTINCT '{kind}', found.subject FROM ({from}) AS found (subject); RETURN NULL; END $$"
            ),
            format!(
                "CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} \
                 FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            ),
        ];
    }
    let row = if event == "DELETE" { "OLD" } else { "NEW" };
    let before = if event == "UPDATE" {
        format!(
            " INSERT INTO status_stale (kind, subject) \
             SELECT '{kind}', OLD.{column} WHERE OLD.{column} IS NOT NEW.{column};"
        )
    } else {
        String::new()
    };
    vec![format!(
        "CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN \
         INSERT INTO status_stale (kind, subject) VALUES ('{kind}', {row}.{column});{before} END"
    )]
}
