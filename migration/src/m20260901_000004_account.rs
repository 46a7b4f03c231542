//! Accounts, what they may do, their sessions; the jobs table.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("account")
                    .col(uuid("id").primary_key())
                    .col(column::text("email"))
                    .col(column::text("email_folded"))
                    .col(column::text_null("password_hash"))
                    .col(uuid_null("person_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("disabled_at"))
                    .foreign_key(ForeignKey::create().from("account", "person_id").to("person", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_account_person_id").table("account").col("person_id").take())
            .await?;
        manager
            .create_index(
                Index::create().name("uq_account_email_folded").table("account").col("email_folded").unique().take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("role_grant")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(column::text("role"))
                    .col(uuid_null("organisation_id"))
                    .col(uuid_null("service_id"))
                    .col(column::text_null("area"))
                    .col(timestamp_with_time_zone("granted_at"))
                    .col(uuid_null("granted_by"))
                    .col(timestamp_with_time_zone_null("revoked_at"))
                    .foreign_key(ForeignKey::create().from("role_grant", "account_id").to("account", "id"))
                    .foreign_key(ForeignKey::create().from("role_grant", "organisation_id").to("organisation", "id"))
                    .foreign_key(ForeignKey::create().from("role_grant", "service_id").to("service", "id"))
                    .foreign_key(ForeignKey::create().from("role_grant", "area").to("area", "slug"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_role_grant_account_id").table("role_grant").col("account_id").take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(uuid("id").primary_key())
                    .col(column::text("token_hash"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_seen_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(ForeignKey::create().from("session", "account_id").to("account", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_session_account_id").table("session").col("account_id").take())
            .await?;
        manager
            .create_index(
                Index::create().name("uq_session_token_hash").table("session").col("token_hash").unique().take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_throttle")
                    .col(column::text("key").primary_key())
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone("window_started_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("job")
                    .col(uuid("id").primary_key())
                    .col(column::text("kind"))
                    .col(json("payload"))
                    .col(column::text("state"))
                    .col(timestamp_with_time_zone("run_at"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .col(column::text_null("last_error"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .take(),
            )
            .await?;
        manager.create_index(Index::create().name("ix_job_state").table("job").col("state").take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("change")
                    .col(uuid("id").primary_key())
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("account_id"))
                    .col(column::text("subject"))
                    .col(uuid("subject_id"))
                    .col(column::text("action"))
                    .col(json("detail"))
                    .foreign_key(ForeignKey::create().from("change", "account_id").to("account", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_index(Index::create().name("ix_change_subject_id").table("change").col("subject_id").take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency")
                    .col(column::text("key").primary_key())
                    .col(column::text("request_hash"))
                    .col(integer_null("status"))
                    .col(column::text_null("etag"))
                    .col(column::text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .take(),
            )
            .await?;
        let by_age = Index::create().name("ix_idempotency_created_at").table("idempotency").col("created_at").take();
        manager.create_index(by_age).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["idempotency", "change", "job", "sign_in_throttle", "session", "role_grant", "account"] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}
