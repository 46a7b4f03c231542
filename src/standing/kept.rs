//! Statuses kept, so that numbers of thousands of people need not be found from facts each time.
//! Triggers note in the transaction of every change whose statuses it makes stale; a follower
//! finds those anew within a second, and every row's own `next_change_on` says when a day alone
//! changes it. Who reads is told whether anything in reach is stale, and then asks the facts
//! instead: a kept answer is never an old one.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::NaiveDate;
use entity::id::{CompletionId, OrganisationId, PersonId, RequirementId};
use entity::value::Status;
use entity::{appointment, completion, person, post, requirement, requirement_status, service, status_stale};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use status::{Appointment, Completed};
use uuid::Uuid;

use super::store::people::{self, in_reach, to_post, to_service};
use super::store::requirements::{self, Asked, Which};
use super::store::terms::Worth;
use super::store::{Whose, completions};
use super::{Exemptions, standing};
use crate::access::OrgScope;
use crate::base::db::{self, Turn};
use crate::state::App;

/// How many people are found anew in one transaction.
const BATCH: u64 = 2_000;
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How long to wait after an error.
const PATIENCE: Duration = Duration::from_secs(3);

/// Keeps statuses in step until the future is dropped. Of several processes one at a time works.
pub async fn follow(app: App) {
    loop {
        let pause = match settle(&app).await {
            Ok(_) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(%error, "statuses cannot be kept in step; trying again until they can");
                PATIENCE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Finds anew what is stale; gives how many people that concerned.
pub async fn settle(app: &App) -> Result<u64, DbErr> {
    let mut people = 0;
    loop {
        let rows =
            status_stale::Entity::find().order_by_asc(status_stale::Column::Seq).limit(BATCH).all(&app.db).await?;
        if rows.is_empty() {
            break;
        }
        if rows.iter().any(|row| row.kind == "everything") {
            people += rebuild(app, |_, _| {}).await?;
            continue;
        }
        let concerned = concerned(&app.db, &rows).await?;
        people += find_anew(app, &concerned).await?;
        let done = status_stale::Column::Seq.is_in(rows.iter().map(|row| row.seq));
        let tx = db::write(&app.db).await?;
        status_stale::Entity::delete_many().filter(done).exec(&tx).await?;
        tx.commit().await?;
    }
    // what the day has changed
    loop {
        let due: Vec<PersonId> = requirement_status::Entity::find()
            .select_only()
            .column(requirement_status::Column::PersonId)
            .distinct()
            .filter(requirement_status::Column::NextChangeOn.lte(app.clock.today()))
            .limit(BATCH)
            .into_tuple()
            .all(&app.db)
            .await?;
        if due.is_empty() {
            return Ok(people);
        }
        people += find_anew(app, &due).await?;
    }
}

/// Finds everybody's statuses from facts, as if nothing had been kept; `progress` gets how many
/// people are done and how many there are. Gives the number of people.
pub async fn rebuild(app: &App, mut progress: impl FnMut(u64, u64)) -> Result<u64, DbErr> {
    let begun = begin(app).await?;
    let today = app.clock.today();
    let which = Which { organisations: None, only: None, on: None };
    let (asked, worth) = requirements::asked(&app.db, which, today).await?;
    let rules = Rules::new(asked, worth);
    let all: i64 = appointment::Entity::find()
        .select_only()
        .column_as(Expr::cust("count(DISTINCT person_id)"), "people")
        .filter(appointment::Column::SupersededAt.is_null())
        .into_tuple()
        .one(&app.db)
        .await?
        .unwrap_or_default();
    let (mut last, mut done) = (PersonId(Uuid::nil()), 0);
    loop {
        let people: Vec<PersonId> = appointment::Entity::find()
            .select_only()
            .column(appointment::Column::PersonId)
            .distinct()
            .filter(appointment::Column::SupersededAt.is_null())
            .filter(appointment::Column::PersonId.gt(last))
            .order_by_asc(appointment::Column::PersonId)
            .limit(BATCH)
            .into_tuple()
            .all(&app.db)
            .await?;
        let tx = db::write(&app.db).await?;
        db::turn(&tx, Turn::Statuses).await?;
        // whoever has no post any more lies between those who have
        let mut between = Condition::all().add(requirement_status::Column::PersonId.gt(last));
        if let Some(end) = people.last() {
            between = between.add(requirement_status::Column::PersonId.lte(*end));
        }
        requirement_status::Entity::delete_many().filter(between).exec(&tx).await?;
        let rows = from_facts(&tx, &rules, &people, today).await?;
        insert(&tx, rows).await?;
        tx.commit().await?;
        let Some(end) = people.last() else { break };
        last = *end;
        done += people.len() as u64;
        progress(done, u64::try_from(all).unwrap_or_default());
    }
    let tx = db::write(&app.db).await?;
    status_stale::Entity::delete_many().filter(status_stale::Column::Seq.is_in(begun)).exec(&tx).await?;
    tx.commit().await?;
    Ok(done)
}

/// What was stale is part of everything; that everything is stale stands until all is done.
async fn begin(app: &App) -> Result<Vec<i64>, DbErr> {
    use status_stale::Column::Kind;
    let tx = db::write(&app.db).await?;
    db::turn(&tx, Turn::Statuses).await?;
    tx.execute_unprepared("INSERT INTO status_stale (kind) VALUES ('everything')").await?;
    status_stale::Entity::delete_many().filter(Kind.ne("everything")).exec(&tx).await?;
    let rows = status_stale::Entity::find().filter(Kind.eq("everything")).all(&tx).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| row.seq).collect())
}

/// Whose statuses these changes may have changed.
async fn concerned<C: ConnectionTrait>(db: &C, rows: &[status_stale::Model]) -> Result<Vec<PersonId>, DbErr> {
    let of = |kind: &str| -> Vec<Uuid> {
        rows.iter().filter(|row| row.kind == kind).filter_map(|row| row.subject).collect()
    };
    let mut people: Vec<PersonId> = of("person").into_iter().map(PersonId).collect();
    let (items, posts, asked, said) = (of("item"), of("post"), of("requirement"), of("completion"));
    if !said.is_empty() {
        let done = completion::Entity::find()
            .select_only()
            .column(completion::Column::PersonId)
            .distinct()
            .filter(completion::Column::Id.is_in(said));
        people.extend(done.into_tuple::<PersonId>().all(db).await?);
    }
    if !items.is_empty() {
        let done = completion::Entity::find()
            .select_only()
            .column(completion::Column::PersonId)
            .distinct()
            .filter(completion::Column::ItemId.is_in(items));
        people.extend(done.into_tuple::<PersonId>().all(db).await?);
    }
    let holders = || appointment::Entity::find().select_only().column(appointment::Column::PersonId).distinct();
    if !posts.is_empty() {
        let held = holders().filter(appointment::Column::PostId.is_in(posts));
        people.extend(held.into_tuple::<PersonId>().all(db).await?);
    }
    if !asked.is_empty() {
        let employers: Vec<Option<OrganisationId>> = requirement::Entity::find()
            .select_only()
            .column(requirement::Column::OrganisationId)
            .filter(requirement::Column::Id.is_in(asked))
            .into_tuple()
            .all(db)
            .await?;
        let national = employers.iter().any(Option::is_none);
        let mut held = holders()
            .join(JoinType::InnerJoin, to_post())
            .join(JoinType::InnerJoin, to_service())
            .filter(appointment::Column::SupersededAt.is_null());
        if !national {
            held = held.filter(service::Column::OrganisationId.is_in(employers.into_iter().flatten()));
        }
        people.extend(held.into_tuple::<PersonId>().all(db).await?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

async fn find_anew(app: &App, people: &[PersonId]) -> Result<u64, DbErr> {
    let today = app.clock.today();
    for part in people.chunks(usize::try_from(BATCH).unwrap_or(1)) {
        let tx = db::write(&app.db).await?;
        db::turn(&tx, Turn::Statuses).await?;
        let employers: Vec<OrganisationId> = service_of(part, &tx).await?;
        let which = Which { organisations: Some(&employers), only: None, on: None };
        let (asked, worth) = requirements::asked(&tx, which, today).await?;
        let rows = from_facts(&tx, &Rules::new(asked, worth), part, today).await?;
        let theirs = requirement_status::Column::PersonId.is_in(part.iter().copied());
        requirement_status::Entity::delete_many().filter(theirs).exec(&tx).await?;
        insert(&tx, rows).await?;
        tx.commit().await?;
    }
    Ok(people.len() as u64)
}

/// Everybody for whom these people work or worked.
async fn service_of<C: ConnectionTrait>(people: &[PersonId], db: &C) -> Result<Vec<OrganisationId>, DbErr> {
    post::Entity::find()
        .select_only()
        .column(service::Column::OrganisationId)
        .distinct()
        .join(JoinType::InnerJoin, to_service())
        .join_rev(JoinType::InnerJoin, to_post())
        .filter(appointment::Column::PersonId.is_in(people.iter().copied()))
        .filter(appointment::Column::SupersededAt.is_null())
        .into_tuple()
        .all(db)
        .await
}

/// Requirements by who asks.
struct Rules {
    asked: Vec<Asked>,
    worth: Worth,
    of: HashMap<OrganisationId, Vec<usize>>,
    national: Vec<usize>,
}

impl Rules {
    fn new(asked: Vec<Asked>, worth: Worth) -> Self {
        let (mut of, mut national): (HashMap<_, Vec<usize>>, _) = (HashMap::new(), Vec::new());
        for (place, asked) in asked.iter().enumerate() {
            match asked.requirement.applies.organisation {
                Some(organisation) => of.entry(organisation).or_default().push(place),
                None => national.push(place),
            }
        }
        Self { asked, worth, of, national }
    }

    /// What an employer's people are asked.
    fn at(&self, organisation: OrganisationId) -> impl Iterator<Item = &Asked> {
        let own = self.of.get(&organisation).map_or(&[][..], Vec::as_slice);
        own.iter().chain(&self.national).map(|place| &self.asked[*place])
    }
}

async fn from_facts<C: ConnectionTrait>(
    db: &C,
    rules: &Rules,
    people: &[PersonId],
    today: NaiveDate,
) -> Result<Vec<requirement_status::Model>, DbErr> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let held = people::held(db, Whose::These(people)).await?;
    let exemptions = people::exemptions(db, Whose::These(people)).await?;
    let done = completions::live_of(db, Whose::These(people), &rules.worth).await?;
    let mut rows = Vec::new();
    for (person, held) in &held {
        let done = done.get(person).map_or(&[][..], Vec::as_slice);
        rows.extend(of_person(rules, *person, held, done, &exemptions, today));
    }
    Ok(rows)
}

fn of_person(
    rules: &Rules,
    person: PersonId,
    held: &[Appointment],
    done: &[Completed],
    exemptions: &Exemptions,
    today: NaiveDate,
) -> Vec<requirement_status::Model> {
    let mut employers: Vec<OrganisationId> = held.iter().map(|held| held.organisation).collect();
    employers.sort_unstable();
    employers.dedup();
    let mut rows = Vec::new();
    for organisation in employers {
        let here = held.iter().filter(|held| held.organisation == organisation);
        for asked in rules.at(organisation) {
            let standing = standing(asked, person, here.clone(), done, exemptions);
            let (cell, next) = (standing.cell(today), standing.next_change(today));
            if cell.is_none() && next.is_none() {
                continue;
            }
            let waiting = cell.and_then(|cell| cell.waiting);
            rows.push(requirement_status::Model {
                person_id: person,
                requirement_id: asked.requirement.rule.id,
                organisation_id: organisation,
                status: cell.map(|cell| cell.status),
                since: standing.since(today),
                valid_through: cell.and_then(|cell| cell.through),
                due_by: cell.and_then(|cell| cell.due_by),
                waiting_completion_id: waiting.map(|waiting| waiting.completion),
                waiting_since: waiting.map(|waiting| waiting.since),
                next_change_on: next.map(|next| next.on),
            });
        }
    }
    rows
}

/// PostgreSQL takes a document of rows many times faster than as many bound values.
const INSERT_POSTGRES: &str = "INSERT INTO requirement_status (person_id, requirement_id, organisation_id, status, \
     since, valid_through, due_by, waiting_completion_id, waiting_since, next_change_on) \
     SELECT * FROM json_to_recordset(CAST($1 AS json)) AS row (person_id uuid, requirement_id uuid, \
     organisation_id uuid, status text, since date, valid_through date, due_by date, waiting_completion_id uuid, \
     waiting_since date, next_change_on date)";

async fn insert<C: ConnectionTrait>(tx: &C, rows: Vec<requirement_status::Model>) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = serde_json::to_string(&rows).map_err(|error| DbErr::Custom(error.to_string()))?;
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, INSERT_POSTGRES, [text.into()]);
        return tx.execute_raw(statement).await.map(|_| ());
    }
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let part: Vec<requirement_status::ActiveModel> = rows.by_ref().take(db::chunk(10)).collect();
        requirement_status::Entity::insert_many(part).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What is kept of everybody in reach.
pub struct Counts {
    /// People with a post in reach, those of whom nothing is asked included
    pub people: u64,
    /// How many cells of each status a person has
    pub cells: Vec<(PersonId, Status, i64)>,
    /// What somebody in reach is asked
    pub requirements: HashSet<RequirementId>,
    /// What waits for confirmation
    pub waiting: Vec<(PersonId, RequirementId, CompletionId)>,
}

/// The numbers of everybody in reach; `None` when something in reach is stale, and the facts have
/// to be asked.
pub async fn counts<C: ConnectionTrait>(db: &C, scope: &OrgScope, today: NaiveDate) -> Result<Option<Counts>, DbErr> {
    use requirement_status::Column;
    let here = Condition::all().add(Column::OrganisationId.eq(scope.organisation()));
    let kept = || {
        requirement_status::Entity::find()
            .select_only()
            .filter(here.clone())
            .filter(Column::Status.is_not_null())
            .filter(Column::PersonId.in_subquery(in_reach(scope, today)))
    };
    let cells = kept()
        .columns([Column::PersonId, Column::Status])
        .column_as(Column::RequirementId.count(), "cells")
        .group_by(Column::PersonId)
        .group_by(Column::Status)
        .into_tuple()
        .all(db)
        .await?;
    let requirements: Vec<RequirementId> = kept().column(Column::RequirementId).distinct().into_tuple().all(db).await?;
    let waiting = kept()
        .columns([Column::PersonId, Column::RequirementId, Column::WaitingCompletionId])
        .filter(Column::WaitingCompletionId.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let people =
        person::Entity::find().filter(person::Column::Id.in_subquery(in_reach(scope, today))).count(db).await?;
    // asked after: what was noted and settled in between was read a moment ago, and true then
    let over = requirement_status::Entity::find().filter(here).filter(Column::NextChangeOn.lte(today));
    let over = over.limit(1).one(db).await?;
    let stale = status_stale::Entity::find().filter(touches(in_reach(scope, today))).limit(1).one(db).await?;
    let found = Counts { people, cells, requirements: requirements.into_iter().collect(), waiting };
    Ok((over.is_none() && stale.is_none()).then_some(found))
}

/// Changes that may concern these people; all but those of other people alone.
fn touches(people: SelectStatement) -> Condition {
    Condition::any().add(status_stale::Column::Kind.ne("person")).add(status_stale::Column::Subject.in_subquery(people))
}
