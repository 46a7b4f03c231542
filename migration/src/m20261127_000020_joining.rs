//! A person as each organisation knows them, what persons answered to employers that say they
//! work there, and what moved from one person to another.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Addresses that employers typed become theirs; they never were the person's own word.
const ADDRESSES: &str = "INSERT INTO organisation_person \
     (id, organisation_id, person_id, given_name, family_name, name_folded, email, email_folded, version) \
     SELECT NEW_ID, known.* FROM (SELECT DISTINCT s.organisation_id, p.id, p.given_name, p.family_name, \
     p.name_folded, p.email, lower(p.email), p.version FROM person p JOIN appointment a ON a.person_id = p.id JOIN post t ON t.id = a.post_id \
     JOIN service s ON s.id = t.service_id \
     WHERE p.email IS NOT NULL AND NOT p.synthetic \
     AND NOT EXISTS (SELECT 1 FROM account c WHERE c.person_id = p.id)) known";
const FREED: &str = "UPDATE person SET email = NULL \
     WHERE NOT synthetic AND email IS NOT NULL AND id IN (SELECT person_id FROM organisation_person)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let known = Table::create()
            .table("organisation_person")
            .col(uuid("id").primary_key())
            .col(uuid("organisation_id"))
            .col(uuid("person_id"))
            .col(column::text("given_name"))
            .col(column::text("family_name"))
            .col(column::text("name_folded"))
            .col(column::text("email"))
            .col(column::text("email_folded"))
            .col(integer("version"))
            .foreign_key(ForeignKey::create().from("organisation_person", "organisation_id").to("organisation", "id"))
            .foreign_key(ForeignKey::create().from("organisation_person", "person_id").to("person", "id"))
            .take();
        manager.create_table(known).await?;
        let once = Index::create()
            .name("uq_organisation_person_organisation_id_person_id")
            .table("organisation_person")
            .col("organisation_id")
            .col("person_id")
            .unique()
            .take();
        manager.create_index(once).await?;
        for (name, of) in
            [("ix_organisation_person_person_id", "person_id"), ("ix_organisation_person_email_folded", "email_folded")]
        {
            manager.create_index(Index::create().name(name).table("organisation_person").col(of).take()).await?;
        }
        let answer = Table::create()
            .table("joining_answer")
            .col(uuid("id").primary_key())
            .col(uuid("organisation_id"))
            .col(uuid("person_id"))
            .col(uuid("account_id"))
            .col(column::text("answer"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("taken_back_at"))
            .foreign_key(ForeignKey::create().from("joining_answer", "organisation_id").to("organisation", "id"))
            .foreign_key(ForeignKey::create().from("joining_answer", "person_id").to("person", "id"))
            .foreign_key(ForeignKey::create().from("joining_answer", "account_id").to("account", "id"))
            .take();
        manager.create_table(answer).await?;
        for (name, of) in [("ix_joining_answer_person_id", "person_id"), ("ix_joining_answer_account_id", "account_id")]
        {
            manager.create_index(Index::create().name(name).table("joining_answer").col(of).take()).await?;
        }
        let moved = Table::create()
            .table("person_move")
            .col(uuid("id").primary_key())
            .col(uuid("organisation_id"))
            .col(uuid("from_person_id"))
            .col(uuid("into_person_id"))
            .col(column::text("why"))
            .col(json("moved"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid("account_id"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(uuid_null("undone_by"))
            .foreign_key(ForeignKey::create().from("person_move", "organisation_id").to("organisation", "id"))
            .foreign_key(ForeignKey::create().from("person_move", "from_person_id").to("person", "id"))
            .foreign_key(ForeignKey::create().from("person_move", "into_person_id").to("person", "id"))
            .foreign_key(ForeignKey::create().from("person_move", "account_id").to("account", "id"))
            .foreign_key(ForeignKey::create().from("person_move", "undone_by").to("account", "id"))
            .take();
        manager.create_table(moved).await?;
        for (name, of) in
            [("ix_person_move_from_person_id", "from_person_id"), ("ix_person_move_into_person_id", "into_person_id")]
        {
            manager.create_index(Index::create().name(name).table("person_move").col(of).take()).await?;
        }
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        let new_id = if backend == DbBackend::Postgres { "gen_random_uuid()" } else { "randomblob(16)" };
        for sql in [ADDRESSES.replace("NEW_ID", new_id).as_str(), FREED] {
            db.execute_unprepared(sql).await?;
        }
        if backend == DbBackend::Postgres {
            // in the order of its characters, as on SQLite, whatever language the server speaks
            for column in ["name_folded", "email_folded"] {
                let sql = format!("ALTER TABLE organisation_person ALTER COLUMN {column} TYPE text COLLATE \"C\"");
                db.execute_unprepared(&sql).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["person_move", "joining_answer", "organisation_person"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
