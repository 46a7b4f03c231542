//! A rejection takes back the rejecting organisation's trust and nothing else: completions that
//! stood rejected stand again as their person's, trusted as far as they or others vouch for them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::{Date, Uuid};
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Recorded anew for the same day meanwhile: the old one makes way, as if it had been withdrawn.
const RECORDED_AGAIN: &str = "UPDATE completion SET state = 'withdrawn' WHERE state = 'rejected' AND EXISTS ( \
     SELECT 1 FROM completion other WHERE other.state = 'live' AND other.person_id = completion.person_id \
     AND other.item_id = completion.item_id AND other.completed_on = completion.completed_on)";

/// Rejected twice for the same day: the latest stands for both.
const REJECTED_TWICE: &str = "UPDATE completion SET state = 'withdrawn' WHERE state = 'rejected' AND EXISTS ( \
     SELECT 1 FROM completion other WHERE other.state = 'rejected' AND other.person_id = completion.person_id \
     AND other.item_id = completion.item_id AND other.completed_on = completion.completed_on \
     AND other.id > completion.id)";

/// The best that is left: confirmations of organisations that do not reject, then the evidence.
const TRUST: &str = "UPDATE completion SET assurance = CASE \
     WHEN EXISTS (SELECT 1 FROM completion_verdict v WHERE v.completion_id = completion.id \
       AND v.verdict = 'confirmed' AND v.assurance = 'provider_issued' AND {alone}) THEN 'provider_issued' \
     WHEN EXISTS (SELECT 1 FROM completion_verdict v WHERE v.completion_id = completion.id \
       AND v.verdict = 'confirmed' AND v.assurance = 'employer_verified' AND {alone}) THEN 'employer_verified' \
     WHEN EXISTS (SELECT 1 FROM completion_verdict v WHERE v.completion_id = completion.id \
       AND v.verdict = 'confirmed' AND v.assurance = 'manager_confirmed' AND {alone}) THEN 'manager_confirmed' \
     WHEN EXISTS (SELECT 1 FROM evidence e WHERE e.completion_id = completion.id AND e.removed_at IS NULL) \
       THEN 'evidence_attached' \
     ELSE 'self_declared' END WHERE state = 'rejected'";

const ALONE: &str = "NOT EXISTS (SELECT 1 FROM completion_verdict r WHERE r.completion_id = v.completion_id \
     AND r.organisation_id = v.organisation_id AND r.verdict = 'rejected')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [RECORDED_AGAIN, REJECTED_TWICE, &TRUST.replace("{alone}", ALONE)] {
            db.execute_unprepared(sql).await?;
        }
        // `person:item:day`, as the program writes it
        let rows = "SELECT id, person_id, item_id, completed_on FROM completion WHERE state = 'rejected'";
        for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), rows)).await? {
            let id: Uuid = row.try_get("", "id")?;
            let person: Uuid = row.try_get("", "person_id")?;
            let item: Uuid = row.try_get("", "item_id")?;
            let day: Date = row.try_get("", "completed_on")?;
            let stands = Query::update()
                .table("completion")
                .value("state", "live")
                .value("live_key", format!("{person}:{item}:{day}"))
                .and_where(Expr::col("id").eq(id))
                .take();
            db.execute(&stands).await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}
