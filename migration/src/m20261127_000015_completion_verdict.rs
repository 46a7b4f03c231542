//! What each organisation says of a completion, taken from the history of what was said so far.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// An organisation's word, from the events that tell of it. The event's id becomes the verdict's.
const CONFIRMED: &str = "INSERT INTO completion_verdict \
     (id, completion_id, organisation_id, account_id, verdict, assurance, reason, at) \
     SELECT e.id, e.completion_id, e.organisation_id, e.account_id, 'confirmed', e.assurance, NULL, e.at \
     FROM completion_event e JOIN organisation o ON o.id = e.organisation_id WHERE e.kind = 'confirmed'";

/// What a provider issued was recorded so from the start.
const ISSUED: &str = "INSERT INTO completion_verdict \
     (id, completion_id, organisation_id, account_id, verdict, assurance, reason, at) \
     SELECT e.id, e.completion_id, i.provider_id, e.account_id, 'confirmed', e.assurance, NULL, e.at \
     FROM completion_event e JOIN completion c ON c.id = e.completion_id JOIN item i ON i.id = c.item_id \
     WHERE e.kind = 'recorded' AND e.assurance = 'provider_issued'";

/// Who rejected then is not known by rung: the lowest, so that each of the organisation's people
/// who may confirm can take it back.
const REJECTED: &str = "INSERT INTO completion_verdict \
     (id, completion_id, organisation_id, account_id, verdict, assurance, reason, at) \
     SELECT e.id, e.completion_id, e.organisation_id, e.account_id, 'rejected', 'manager_confirmed', e.reason, e.at \
     FROM completion_event e JOIN organisation o ON o.id = e.organisation_id WHERE e.kind = 'rejected'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let verdict = Table::create()
            .table("completion_verdict")
            .col(uuid("id").primary_key())
            .col(uuid("completion_id"))
            .col(uuid("organisation_id"))
            .col(uuid_null("account_id"))
            .col(column::text("verdict"))
            .col(column::text("assurance"))
            .col(column::text_null("reason"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("taken_back_at"))
            .col(uuid_null("taken_back_by"))
            .col(timestamp_with_time_zone_null("dismissed_at"))
            .foreign_key(ForeignKey::create().from("completion_verdict", "completion_id").to("completion", "id"))
            .foreign_key(ForeignKey::create().from("completion_verdict", "organisation_id").to("organisation", "id"))
            .take();
        manager.create_table(verdict).await?;
        let of_completion = Index::create()
            .name("ix_completion_verdict_completion_id")
            .table("completion_verdict")
            .col("completion_id")
            .take();
        manager.create_index(of_completion).await?;
        // rejections are few: this finds an organisation's without reading its confirmations
        let of_organisation = Index::create()
            .name("ix_completion_verdict_organisation_id")
            .table("completion_verdict")
            .col("organisation_id")
            .col("verdict")
            .take();
        manager.create_index(of_organisation).await?;
        let db = manager.get_connection();
        for sql in [CONFIRMED, ISSUED, REJECTED] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("completion_verdict").take()).await
    }
}
