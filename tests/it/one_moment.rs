//! Reading at one moment, and versions that move exactly with what was written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cairn::base::db::{self, Version};
use cairn::base::domain::Domain;
use entity::value::Role;
use entity::{appointment, person, post};
use poem::http::Method;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::on_both_databases;
use crate::support::build::{self, day};
use crate::support::learn::{self, Team};
use crate::support::{TestApp, skill};

async fn each(test: &TestApp) -> Vec<(Domain, Version)> {
    let mut all = Vec::new();
    for domain in Domain::ALL {
        all.push((domain, db::version(&test.app.db, &[domain]).await.unwrap()));
    }
    all
}

/// The domains whose version moved while `work` was done.
async fn moved(test: &TestApp, work: impl Future<Output = ()>) -> Vec<Domain> {
    let before = each(test).await;
    work.await;
    let after = each(test).await;
    before.into_iter().zip(after).filter(|(one, other)| one != other).map(|((domain, _), _)| domain).collect()
}

on_both_databases! {
    async fn a_read_transaction_sees_one_moment(test: TestApp) {
        build::place(&test).await;
        let read = db::read(&test.app.db).await.unwrap();
        let before = person::Entity::find().count(&read).await.unwrap();
        let version = db::version(&read, &Domain::ALL).await.unwrap();
        build::person(&test, "Una").await;
        assert_eq!(person::Entity::find().count(&read).await.unwrap(), before);
        assert_eq!(db::version(&read, &Domain::ALL).await.unwrap(), version);
        drop(read);
        assert_eq!(person::Entity::find().count(&test.app.db).await.unwrap(), before + 1);
        assert_ne!(db::version(&test.app.db, &Domain::ALL).await.unwrap(), version);
    }

    async fn a_commit_in_between_does_not_tear_an_answer(test: TestApp) {
        let place = build::place(&test).await;
        let employer = skill::client(&test, "lead", Some(Role::Employer), &place, None).await;
        // the one person moves between two posts, of which one is open at a time
        let [one, other] = [
            build::post(place.service).opened_on(day("2024-04-01")).save(&test).await,
            build::post(place.service).opened_on(day("2024-04-01")).closed_on(day("2025-01-01")).save(&test).await,
        ];
        let person = build::person(&test, "Una").await;
        let held = build::appointment(person, one).save(&test).await;
        let stop = Arc::new(AtomicBool::new(false));
        let mover = tokio::spawn({
            let (app, stop) = (test.app.clone(), Arc::clone(&stop));
            async move {
                let (mut open, mut closed) = (other, one);
                let mut moves = 0_u32;
                while !stop.load(Ordering::Relaxed) {
                    let tx = db::write(&app.db).await.unwrap();
                    for (post, on) in [(closed, Some(day("2025-01-01"))), (open, None)] {
                        let set = post::ActiveModel { id: Set(post), closed_on: Set(on), ..Default::default() };
                        post::Entity::update(set).exec(&tx).await.unwrap();
                    }
                    appointment::Entity::update_many()
                        .col_expr(appointment::Column::PostId, Expr::value(open.0))
                        .filter(appointment::Column::Id.eq(held))
                        .exec(&tx)
                        .await
                        .unwrap();
                    tx.commit().await.unwrap();
                    moves += 1;
                    (open, closed) = (closed, open);
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
                moves
            }
        });
        for asked in 0..60_u32 {
            let question = json!({
                "as_at": "2026-06-30", "measures": ["headcount"], "rows": ["role"], "organisation": place.organisation.0,
            });
            let table = employer.post("/api/mapping/tables", &question).await.expect(200);
            let total = table["cells"].as_array().unwrap().iter().find(|cell| cell["keys"]["role"].is_null());
            assert_eq!(total.unwrap()["value"], 1.0, "asked {asked}: {}", table["cells"]);
        }
        stop.store(true, Ordering::Relaxed);
        assert!(mover.await.unwrap() > 1);
    }

    async fn a_write_moves_the_versions_of_what_it_wrote_and_no_others(test: TestApp) {
        let team = Team::new(&test).await;
        let body = json!({"item_id": team.naloxone.0, "completed_on": "2026-06-01"});
        let record = async { drop(learn::record(&team.staff, team.naloxone, "2026-06-01").await) };
        assert_eq!(moved(&test, record).await, [Domain::Learning]);
        let refused = async { drop(team.staff.post("/api/learning/completions", &body).await.expect(409)) };
        assert!(moved(&test, refused).await.is_empty());
        let looks = async {
            test.sign_in("eilidh@example.org").await;
            let path = format!("/api/organisations/{}", team.place.organisation);
            for part in ["people", "status", "completions"] {
                team.employer.get(&format!("{path}/{part}")).await.expect(200);
            }
            team.staff.get("/api/me").await.expect(200);
        };
        assert!(moved(&test, looks).await.is_empty(), "signing in and looking change nothing that is kept");
        let service = async {
            let path = format!("/api/organisations/{}/services/{}", team.place.organisation, team.place.service);
            let tag = team.employer.get(&path).await.header("etag").to_owned();
            team.employer.patch_if(&path, &tag, &json!({"name": "Another name"})).await.expect(200);
        };
        assert_eq!(moved(&test, service).await, [Domain::Workforce]);
        let password = async {
            let body = json!({"current_password": crate::support::app::PASSWORD, "new_password": "four quite random words"});
            let answer = team.staff.send(Method::POST, "/api/me/password", &[], Some(body.to_string().into_bytes())).await;
            assert!(answer.status.is_success(), "{}", answer.text());
        };
        assert_eq!(moved(&test, password).await, [Domain::Accounts]);
    }
}
