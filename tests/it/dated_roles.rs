//! A post's role changes from a day: what is asked of its holder changes on that day, and nothing
//! that was before.

use cairn::standing::kept;
use chrono::{Days, NaiveDate};
use entity::id::{PersonId, PostId, RequirementId};
use entity::value::Status;
use entity::{post, post_version, requirement_status, role_grant};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::on_both_databases;
use crate::support::TestApp;
use crate::support::build::{self, day};
use crate::support::skill::{Team, team};

/// Somebody in a recovery worker's post since January 2024, and what is asked of nurses alone.
struct Case {
    team: Team,
    ann: PersonId,
    post: PostId,
    of_nurses: RequirementId,
}

async fn case(test: &TestApp, until: Option<NaiveDate>) -> Case {
    let team = team(test).await;
    let ann = build::person(test, "Ann").await;
    let post = build::post(team.place.service).save(test).await;
    build::appointment(ann, post).from(day("2024-01-08")).until(until).save(test).await;
    let rule = json!({"name": "Of nurses", "roles": ["addictions_nurse"], "item_ids": [team.overdose], "starts_on": "2024-01-01"});
    let of_nurses = team.ask(&rule).await;
    Case { team, ann, post, of_nurses }
}

impl Case {
    async fn patch(&self, body: Value) -> Value {
        self.team.employer.patch(&self.team.at(&format!("posts/{}", self.post)), &body).await.expect(200)
    }

    async fn becomes(&self, role: &str, on: &str) -> Value {
        self.patch(json!({"role": role, "changed_on": on})).await
    }

    /// Status, since when they are under it, and by when it is due.
    async fn told(&self) -> Option<(String, String, String)> {
        let path = format!("/api/people/{}/status/{}/explain", self.ann, self.of_nurses);
        let answer = self.team.employer.get(&path).await;
        if answer.status == 404 {
            return None;
        }
        let why = answer.expect(200);
        let text = |name: &str| why[name].as_str().unwrap_or_default().to_owned();
        Some((text("status"), text("under_since"), text("due_by")))
    }

    /// How many are asked something, from the facts and from what is kept.
    async fn overdue(&self) -> (Value, Value) {
        let numbers = async |limit: u32| {
            let page = self.team.employer.get(&self.team.at(&format!("status?limit={limit}"))).await.expect(200);
            page["summary"]["missing"].clone()
        };
        (numbers(10).await, numbers(0).await)
    }
}

fn told(status: &str, under_since: &str, due_by: &str) -> Option<(String, String, String)> {
    Some((status.to_owned(), under_since.to_owned(), due_by.to_owned()))
}

async fn kept(test: &TestApp) -> Vec<requirement_status::Model> {
    kept::settle(&test.app).await.expect("settled");
    let rows = requirement_status::Entity::find().order_by_asc(requirement_status::Column::RequirementId);
    rows.all(&test.app.db).await.expect("rows")
}

async fn histories(test: &TestApp, post: PostId) -> Vec<(Option<NaiveDate>, String)> {
    use post_version::Column::{PostId, SupersededAt};
    let rows = post_version::Entity::find().filter(PostId.eq(post)).filter(SupersededAt.is_null());
    let rows = rows.all(&test.app.db).await.expect("rows");
    let mut all: Vec<_> = rows.into_iter().map(|row| (row.valid_from, row.role)).collect();
    all.sort();
    all
}

on_both_databases! {
    async fn what_is_asked_of_a_role_is_asked_from_the_day_of_the_role(test: TestApp) {
        let case = case(&test, None).await;
        assert_eq!(case.told().await, None);
        case.becomes("addictions_nurse", "2026-06-01").await;
        assert_eq!(case.told().await, told("due", "2026-06-01", "2026-08-30"), "not since 2024: nobody was a nurse then");
        assert_eq!(case.overdue().await, (json!(1), json!(1)));
        // entered wrongly from the start: that is another thing
        case.patch(json!({"role": "social_worker", "correction": true})).await;
        assert_eq!(case.told().await, None);
        let row = kept(&test).await;
        assert_eq!(row, [], "nothing was ever asked of a social worker");
        case.becomes("addictions_nurse", "2026-06-30").await;
        assert_eq!(case.told().await, told("due", "2026-06-30", "2026-09-28"));
    }

    async fn a_correction_rights_what_was_before_too(test: TestApp) {
        let case = case(&test, None).await;
        case.patch(json!({"role": "addictions_nurse", "correction": true})).await;
        assert_eq!(case.told().await, told("overdue", "2024-01-08", "2024-04-07"));
        assert_eq!(kept(&test).await[0].status, Some(Status::Overdue));
    }

    async fn there_and_back_on_one_day_never_was(test: TestApp) {
        let case = case(&test, None).await;
        case.becomes("addictions_nurse", "2026-06-30").await;
        case.becomes("recovery_worker", "2026-06-30").await;
        assert_eq!(case.told().await, None);
        assert_eq!(histories(&test, case.post).await, [(None, "recovery_worker".to_owned())]);
        assert_eq!(kept(&test).await, []);
        // two days between are an absence too short to begin anew
        case.becomes("addictions_nurse", "2026-03-01").await;
        case.becomes("recovery_worker", "2026-06-01").await;
        case.becomes("addictions_nurse", "2026-06-03").await;
        assert_eq!(case.told().await, told("overdue", "2026-03-01", "2026-05-30"));
        // and in between nothing is asked
        case.becomes("recovery_worker", "2026-06-29").await;
        assert_eq!(case.told().await, None);
    }

    async fn a_role_of_the_very_last_day_is_asked_for_on_that_day_alone(test: TestApp) {
        let case = case(&test, Some(day("2026-06-30"))).await;
        case.becomes("addictions_nurse", "2026-06-30").await;
        assert_eq!(case.told().await, told("due", "2026-06-30", "2026-09-28"));
        let rows = kept(&test).await;
        assert_eq!((rows[0].status, rows[0].next_change_on), (Some(Status::Due), Some(day("2026-07-01"))));
        test.app.clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(kept(&test).await, [], "who has left is asked nothing");
    }

    async fn a_role_that_begins_later_is_kept_in_mind(test: TestApp) {
        let case = case(&test, None).await;
        let begins = test.app.clock.today() + Days::new(20);
        // no form takes a later day yet, but what is kept goes by the facts
        for (from, role) in [(None, "recovery_worker"), (Some(begins), "addictions_nurse")] {
            let row = post_version::ActiveModel {
                id: Set(test.app.clock.id()),
                post_id: Set(case.post),
                valid_from: Set(from),
                role: Set(role.to_owned()),
                peer_role: Set(false),
                volunteer: Set(false),
                pay_framework: Set("agenda_for_change".to_owned()),
                recorded_at: Set(test.app.clock.now()),
                recorded_by: Set(None),
                superseded_at: Set(None),
            };
            test.put(post_version::Entity::insert(row)).await;
        }
        let rows = kept(&test).await;
        assert_eq!((rows[0].status, rows[0].next_change_on), (None, Some(begins)), "a history alone makes statuses stale");
        test.app.clock.advance(chrono::TimeDelta::days(20));
        let rows = kept(&test).await;
        assert_eq!((rows[0].status, rows[0].since), (Some(Status::Due), Some(begins)));
    }

    async fn a_leavers_post_is_told_as_it_was(test: TestApp) {
        let case = case(&test, Some(day("2026-05-31"))).await;
        case.becomes("addictions_nurse", "2026-06-01").await;
        let person = case.team.employer.get(&case.team.at(&format!("people/{}", case.ann))).await.expect(200);
        assert_eq!((&person["posts"][0]["state"], &person["posts"][0]["role"]), (&json!("ended"), &json!("recovery_worker")));
    }

    async fn twenty_changes_at_once_leave_one_history(test: TestApp) {
        let case = case(&test, None).await;
        let path = case.team.at(&format!("posts/{}", case.post));
        let roles = ["addictions_nurse", "social_worker", "recovery_worker", "peer_support_worker"];
        let bodies: Vec<_> = (0..20_u64)
            .map(|n| {
                let role = roles[usize::try_from(n % 4).unwrap()];
                let on = day("2026-06-01") + Days::new(n % 7);
                if n % 5 == 0 { json!({"role": role, "correction": true}) } else { json!({"role": role, "changed_on": on.to_string()}) }
            })
            .collect();
        let answers = join_all(bodies.iter().map(|body| case.team.employer.patch(&path, body))).await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert!(answers.iter().all(|answer| [200, 412, 503].contains(&answer.status.as_u16())) && done > 0);
        let history = histories(&test, case.post).await;
        let days: std::collections::BTreeSet<_> = history.iter().map(|(from, _)| *from).collect();
        assert!(days.len() == history.len() && days.contains(&None), "one value a day: {history:?}");
        assert!(history.windows(2).all(|pair| pair[0].1 != pair[1].1), "each is a change: {history:?}");
        let row = post::Entity::find_by_id(case.post).one(&test.app.db).await.unwrap().unwrap();
        assert_eq!(Some(&row.role), history.last().map(|(_, role)| role));
        assert_eq!(i64::from(row.version) - 1, i64::try_from(done).unwrap());
        let rows = kept(&test).await;
        kept::rebuild(&test.app, |_, _| {}).await.expect("found anew");
        assert_eq!(rows, kept(&test).await);
    }

    async fn who_may_no_longer_writes_no_history(test: TestApp) {
        let case = case(&test, None).await;
        let path = case.team.at(&format!("posts/{}", case.post));
        let body = json!({"role": "addictions_nurse", "changed_on": "2026-06-01"});
        case.team.manager.patch(&path, &body).await.expect_problem(403, "not_allowed");
        let gone = role_grant::ActiveModel { revoked_at: Set(Some(test.app.clock.now())), ..Default::default() };
        role_grant::Entity::update_many().set(gone).filter(role_grant::Column::Role.eq(entity::value::Role::Employer)).exec(&test.app.db).await.unwrap();
        let answer = case.team.employer.patch(&path, &body).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{}", answer.text());
        assert_eq!(histories(&test, case.post).await, []);
    }
}
