//! Databases that were there before: rows as they were are carried over as what they meant.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tempfile::tempdir;

use crate::support::db;

/// A database as it was before a step.
async fn before(db: &DatabaseConnection, step: &str) {
    let steps = Migrator::migrations();
    let place = steps.iter().position(|migration| migration.name() == step).expect("a step");
    Migrator::up(db, u32::try_from(place).ok()).await.expect("the steps before");
}

fn uuid(db: &DatabaseConnection, number: u128) -> String {
    let id = uuid::Uuid::from_u128(number);
    if db.get_database_backend() == DbBackend::Postgres { format!("'{id}'") } else { format!("X'{}'", id.simple()) }
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.expect(sql);
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql.to_owned())).await.expect(sql)
}

/// The one field that said when an employer last confirmed its figures becomes a row that says
/// so, and that nothing is known of earlier times; who never did has none.
async fn confirmations(db: &DatabaseConnection) {
    before(db, "m20261127_000030_figures_confirmation").await;
    for (number, reviewed) in [(1, "'2026-02-01'"), (2, "NULL"), (3, "'2025-12-31'")] {
        let id = uuid(db, number);
        run(
            db,
            &format!(
                "INSERT INTO organisation (id, name, name_folded, sector, is_employer, is_provider, pay_framework, \
                 synthetic, reviewed_on, version, created_at) VALUES ({id}, 'Employer {number}', 'employer {number}', \
                 'third_sector', TRUE, FALSE, 'agenda_for_change', TRUE, {reviewed}, 1, '2025-01-01T00:00:00+00:00')"
            ),
        )
        .await;
    }
    Migrator::up(db, None).await.expect("the steps after");
    let sql = "SELECT organisation_id, CAST(on_day AS text) AS on_day, earlier_unknown FROM figures_confirmation ORDER BY on_day";
    let found = rows(db, sql).await;
    let read = |row: &sea_orm::QueryResult| {
        let id: uuid::Uuid = row.try_get("", "organisation_id").expect("an id");
        let on: String = row.try_get("", "on_day").expect("a day");
        (id.as_u128(), on, row.try_get::<bool>("", "earlier_unknown").expect("a truth"))
    };
    let found: Vec<_> = found.iter().map(read).collect();
    assert_eq!(found, [(3, "2025-12-31".to_owned(), true), (1, "2026-02-01".to_owned(), true)]);
    assert_eq!(rows(db, "SELECT id FROM organisation").await.len(), 3, "nobody is lost");
}

/// Posts and services that were there before histories are what they were, and have none.
async fn histories(db: &DatabaseConnection) {
    before(db, "m20261127_000031_versions").await;
    let (organisation, service, post) = (uuid(db, 1), uuid(db, 2), uuid(db, 3));
    let when = "'2025-01-01T00:00:00+00:00'";
    run(db, &format!(
        "INSERT INTO organisation (id, name, name_folded, sector, is_employer, is_provider, pay_framework, synthetic, \
         version, created_at) VALUES ({organisation}, 'E', 'e', 'third_sector', TRUE, FALSE, 'agenda_for_change', TRUE, 1, {when})"
    )).await;
    run(db, "INSERT INTO area (slug, kind, name) VALUES ('council-fife', 'council', 'Fife')").await;
    run(db, &format!(
        "INSERT INTO service (id, organisation_id, name, area, service_type, tier, sector, opened_on, version, created_at) \
         VALUES ({service}, {organisation}, 'S', 'council-fife', 'community_recovery', '3', 'third_sector', '2020-04-01', 1, {when})"
    )).await;
    run(db, &format!(
        "INSERT INTO post (id, service_id, reference, role, peer_role, volunteer, pay_framework, opened_on, version, created_at) \
         VALUES ({post}, {service}, 'Post 1', 'recovery_worker', FALSE, FALSE, 'agenda_for_change', '2020-04-01', 1, {when})"
    )).await;
    Migrator::up(db, None).await.expect("the steps after");
    let id = entity::id::PostId(uuid::Uuid::from_u128(3));
    let roles = cairn::organisation::store::versions::roles(db, &[id]).await.expect("histories");
    assert!(roles.is_empty(), "one value since ever needs no row");
    assert_eq!(rows(db, "SELECT id FROM service_version").await.len(), 0);
    // everything is found anew once, now that statuses go by dated roles
    assert!(!rows(db, "SELECT seq FROM status_stale WHERE kind = 'everything'").await.is_empty());
}

#[tokio::test]
async fn an_employers_last_confirmation_is_kept_on_sqlite() {
    confirmations(&db::empty_sqlite(&tempdir().expect("a folder")).await).await;
}

#[tokio::test]
async fn an_employers_last_confirmation_is_kept_on_postgres() {
    if let Some(db) = db::empty_postgres().await {
        confirmations(&db).await;
    }
}

#[tokio::test]
async fn what_was_there_before_histories_is_what_it_was_on_sqlite() {
    histories(&db::empty_sqlite(&tempdir().expect("a folder")).await).await;
}

#[tokio::test]
async fn what_was_there_before_histories_is_what_it_was_on_postgres() {
    if let Some(db) = db::empty_postgres().await {
        histories(&db).await;
    }
}
