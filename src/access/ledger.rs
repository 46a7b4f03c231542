//! Who saw and who changed what. A view of a person's record by somebody else is written before
//! it is answered: no entry, no view. The person reads the entries at `/api/me/access`.

use std::collections::HashSet;

use chrono::TimeDelta;
use entity::id::{AccessEventId, AccountId, OrganisationId, PersonId};
use entity::{access_event, change};
use poem_openapi::Enum;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use serde_json::Value;
use uuid::Uuid;

use super::OrgScope;
use crate::base::clock::Clock;

/// What of a person was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum Seen {
    /// Name and posts
    Posts,
    /// Completions and what they count for
    Learning,
    Evidence,
    /// Requirement statuses and why
    Status,
    /// Part of a file that was taken away
    Export,
    /// Nothing yet: an administrator gave themselves a role that reaches the record
    Role,
}

impl Seen {
    pub const ALL: [Self; 6] = [Self::Posts, Self::Learning, Self::Evidence, Self::Status, Self::Export, Self::Role];

    pub fn spelling(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Learning => "learning",
            Self::Evidence => "evidence",
            Self::Status => "status",
            Self::Export => "export",
            Self::Role => "role",
        }
    }

    pub fn spelled(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seen| seen.spelling() == text)
    }
}

/// A second look by the same account at the same thing within this time is the same look: a page
/// reloaded is not news to the person, and it spares the database a write.
const ONE_LOOK: TimeDelta = TimeDelta::hours(1);

/// Notes that the scope's account saw these persons' records; one's own are left out.
pub async fn seen<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    scope: &OrgScope,
    persons: &[PersonId],
    what: Seen,
) -> Result<(), DbErr> {
    let others: Vec<_> = persons.iter().copied().filter(|person| scope.own_person() != Some(*person)).collect();
    seen_by(db, clock, (scope.account(), scope.organisation()), &others, what).await
}

/// The same for an account that acts for an organisation without its workforce in reach, such as
/// a provider confirming a completion of its own course.
pub async fn seen_by<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    (account, organisation): (AccountId, OrganisationId),
    persons: &[PersonId],
    what: Seen,
) -> Result<(), DbErr> {
    use access_event::Column as Event;
    let at = clock.now();
    if let [person] = persons {
        return seen_one(db, clock, (account, organisation), *person, what).await;
    }
    let mut known: HashSet<PersonId> = HashSet::new();
    for part in persons.chunks(crate::base::db::chunk(1)) {
        let lately = access_event::Entity::find()
            .select_only()
            .column(Event::PersonId)
            .filter(Event::AccountId.eq(account))
            .filter(Event::At.gt(at - ONE_LOOK))
            .filter(Event::At.lte(at))
            .filter(Event::OrganisationId.eq(organisation))
            .filter(Event::What.eq(what.spelling()))
            .filter(Event::PersonId.is_in(part.iter().copied()));
        known.extend(lately.into_tuple::<PersonId>().all(db).await?);
    }
    let news: Vec<PersonId> = persons.iter().copied().filter(|person| known.insert(*person)).collect();
    let row = |person: &PersonId| access_event::ActiveModel {
        id: Set(clock.id()),
        at: Set(at),
        account_id: Set(account),
        organisation_id: Set(Some(organisation)),
        person_id: Set(*person),
        what: Set(what.spelling().to_owned()),
    };
    for part in news.chunks(crate::base::db::chunk(6)) {
        access_event::Entity::insert_many(part.iter().map(row)).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The same of one person, in one statement.
async fn seen_one<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    (account, organisation): (AccountId, OrganisationId),
    person: PersonId,
    what: Seen,
) -> Result<(), DbErr> {
    use access_event::Column as Event;
    let at = clock.now();
    let lately = access_event::Entity::find()
        .select_only()
        .column(Event::Id)
        .filter(Event::AccountId.eq(account))
        .filter(Event::At.gt(at - ONE_LOOK))
        .filter(Event::At.lte(at))
        .filter(Event::OrganisationId.eq(organisation))
        .filter(Event::What.eq(what.spelling()))
        .filter(Event::PersonId.eq(person))
        .into_query();
    let id: AccessEventId = clock.id();
    let row = Query::select()
        .exprs([
            Expr::value(id),
            Expr::value(at),
            Expr::value(account),
            Expr::value(organisation),
            Expr::value(person),
            Expr::value(what.spelling()),
        ])
        .and_where(Expr::exists(lately).not())
        .take();
    let columns = [Event::Id, Event::At, Event::AccountId, Event::OrganisationId, Event::PersonId, Event::What];
    let mut insert = Query::insert();
    insert.into_table(access_event::Entity).columns(columns);
    insert.select_from(row).map_err(|error| DbErr::Custom(error.to_string()))?;
    db.execute(&insert).await.map(|_| ())
}

/// Notes who changed a piece of shared data, and how; nobody is the program itself.
pub async fn changed<C: ConnectionTrait>(
    db: &C,
    clock: &Clock,
    account: impl Into<Option<AccountId>>,
    (subject, id): (&str, Uuid),
    action: &str,
    detail: Value,
) -> Result<(), DbErr> {
    let row = change::ActiveModel {
        id: Set(clock.id()),
        at: Set(clock.now()),
        account_id: Set(account.into()),
        subject: Set(subject.to_owned()),
        subject_id: Set(id),
        action: Set(action.to_owned()),
        detail: Set(detail),
    };
    change::Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}
