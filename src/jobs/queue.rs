//! The queue table: enqueue, claim with one statement, retry with growing pauses, keep the dead.

use chrono::TimeDelta;
use entity::job::{ActiveModel, Entity, Model};
use entity::value::JobState;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement};

use super::registry::{Job, Registry};
use crate::state::App;

/// After this many tries a job is dead and waits for an administrator.
const TRIES: i32 = 8;
/// A job claimed longer than this ago belongs to a process that died.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Puts a job into the queue, within the caller's transaction.
pub async fn enqueue<C: ConnectionTrait, J: Job>(app: &App, db: &C, job: &J) -> Result<(), DbErr> {
    enqueue_after(app, db, job, TimeDelta::zero()).await
}

/// As [`enqueue`], but not to be run before `pause` has passed.
pub async fn enqueue_after<C: ConnectionTrait, J: Job>(
    app: &App,
    db: &C,
    job: &J,
    pause: TimeDelta,
) -> Result<(), DbErr> {
    let now = app.clock.now();
    let row = ActiveModel {
        id: Set(app.clock.id()),
        kind: Set(J::KIND.to_owned()),
        payload: Set(serde_json::to_value(job).map_err(|error| DbErr::Custom(error.to_string()))?),
        state: Set(JobState::Waiting),
        run_at: Set(now + pause),
        attempts: Set(0),
        locked_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
        finished_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Runs every job that is due, one after another; tells how many.
pub async fn run_due(app: &App, registry: &Registry) -> Result<u32, DbErr> {
    let mut count = 0;
    while let Some(job) = claim(app).await? {
        let outcome = registry.run(app.clone(), &job.kind, job.payload.clone()).await;
        finish(app, job, outcome).await?;
        count += 1;
    }
    Ok(count)
}

async fn claim(app: &App) -> Result<Option<Model>, DbErr> {
    let backend = app.db.get_database_backend();
    let skip = if backend == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let now = app.clock.now();
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, locked_until = $2 WHERE id = (\
         SELECT id FROM job WHERE (state = 'waiting' AND run_at <= $1) OR (state = 'running' AND locked_until <= $1) \
         ORDER BY run_at, id LIMIT 1 {skip}) RETURNING *"
    );
    let statement = Statement::from_sql_and_values(backend, sql, [now.into(), (now + LEASE).into()]);
    Entity::find().from_raw_sql(statement).one(&app.db).await
}

async fn finish(app: &App, job: Model, outcome: Result<(), String>) -> Result<(), DbErr> {
    let now = app.clock.now();
    let attempts = job.attempts;
    let mut row = ActiveModel { id: Set(job.id), locked_until: Set(None), ..Default::default() };
    match outcome {
        Ok(()) => {
            row.state = Set(JobState::Done);
            row.finished_at = Set(Some(now));
            row.last_error = Set(None);
        }
        Err(error) => {
            tracing::warn!(kind = job.kind, attempts, %error, "job failed");
            let dead = attempts >= TRIES;
            row.state = Set(if dead { JobState::Dead } else { JobState::Waiting });
            row.run_at = Set(now + pause_after(attempts));
            row.last_error = Set(Some(error));
        }
    }
    row.update_without_returning(&app.db).await.map(|_| ())
}

/// 2, 4, 8, ... seconds, at most an hour.
fn pause_after(attempts: i32) -> TimeDelta {
    let exponent = u32::try_from(attempts.clamp(1, 12)).unwrap_or(12);
    TimeDelta::seconds(2_i64.pow(exponent).min(3600))
}
