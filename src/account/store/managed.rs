//! Queries of an administrator: accounts with their persons and roles, granted and revoked.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AccountId, OrganisationId, PersonId, RoleGrantId, ServiceId};
use entity::value::Role;
use entity::{account, appointment, organisation, organisation_person, person, post, role_grant, service};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};

use crate::access::AdminScope;
use crate::account::rules::Reach;
use crate::base::db::Snapshot;
use crate::base::fold::like_anywhere;

/// Which accounts are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Each must be found in the address or in the person's name
    pub words: Vec<String>,
    pub role: Option<Role>,
}

/// Revoked grants that are still shown.
const MOST_FORMER: u64 = 100;

fn account_person() -> RelationDef {
    account::Entity::belongs_to(person::Entity).from(account::Column::PersonId).to(person::Column::Id).into()
}

fn with_person() -> Select<account::Entity> {
    account::Entity::find().join(JoinType::LeftJoin, account_person())
}

fn standing() -> Select<role_grant::Entity> {
    role_grant::Entity::find().filter(role_grant::Column::RevokedAt.is_null())
}

/// Accounts in the order of their addresses, and how many there are in all.
pub async fn list<C: Snapshot>(
    db: &C,
    _: &AdminScope,
    wanted: &Wanted,
    after: Option<String>,
    limit: u64,
) -> Result<(Vec<(account::Model, Option<person::Model>)>, u64), DbErr> {
    use account::Column::{EmailFolded, Id};
    let mut rows = with_person();
    for word in &wanted.words {
        let like = || LikeExpr::new(like_anywhere(word)).escape('\\');
        let found = Condition::any().add(EmailFolded.like(like())).add(person::Column::NameFolded.like(like()));
        rows = rows.filter(found);
    }
    if let Some(role) = wanted.role {
        let holders = standing().filter(role_grant::Column::Role.eq(role));
        let holders = holders.select_only().column(role_grant::Column::AccountId).into_query();
        rows = rows.filter(Id.in_subquery(holders));
    }
    let total = rows.clone().count(db).await?;
    if let Some(address) = after {
        rows = rows.filter(EmailFolded.gt(address));
    }
    let rows = rows.order_by_asc(EmailFolded).limit(limit).select_also(person::Entity).all(db).await?;
    Ok((rows, total))
}

pub async fn find<C: ConnectionTrait>(
    db: &C,
    _: &AdminScope,
    id: AccountId,
) -> Result<Option<(account::Model, Option<person::Model>)>, DbErr> {
    with_person().filter(account::Column::Id.eq(id)).select_also(person::Entity).one(db).await
}

/// Standing grants of these accounts, oldest first.
pub async fn grants<C: ConnectionTrait>(db: &C, accounts: &[AccountId]) -> Result<Vec<role_grant::Model>, DbErr> {
    let rows = standing().filter(role_grant::Column::AccountId.is_in(accounts.iter().copied()));
    rows.order_by_asc(role_grant::Column::Id).all(db).await
}

pub async fn former_grants<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<role_grant::Model>, DbErr> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::RevokedAt.is_not_null());
    rows.order_by_desc(role_grant::Column::RevokedAt)
        .order_by_desc(role_grant::Column::Id)
        .limit(MOST_FORMER)
        .all(db)
        .await
}

/// A grant of this account that stands.
pub async fn grant<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
    id: RoleGrantId,
) -> Result<Option<role_grant::Model>, DbErr> {
    standing().filter(role_grant::Column::AccountId.eq(account)).filter(role_grant::Column::Id.eq(id)).one(db).await
}

pub async fn insert_grant<C: ConnectionTrait>(
    tx: &C,
    (id, account): (RoleGrantId, AccountId),
    reach: Reach,
    (by, at): (Option<AccountId>, DateTime<Utc>),
) -> Result<(), DbErr> {
    let Reach { role, organisation, service, area } = reach;
    let row = role_grant::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        role: Set(role),
        organisation_id: Set(organisation),
        service_id: Set(service),
        area: Set(area),
        granted_at: Set(at),
        granted_by: Set(by),
        revoked_at: Set(None),
    };
    role_grant::Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// The grant stays, with the moment from which it no longer counts.
pub async fn revoke<C: ConnectionTrait>(tx: &C, id: RoleGrantId, at: DateTime<Utc>) -> Result<(), DbErr> {
    let row = role_grant::ActiveModel { id: Set(id), revoked_at: Set(Some(at)), ..Default::default() };
    row.update_without_returning(tx).await.map(|_| ())
}

pub async fn set_disabled<C: ConnectionTrait>(tx: &C, id: AccountId, at: Option<DateTime<Utc>>) -> Result<(), DbErr> {
    let row = account::ActiveModel { id: Set(id), disabled_at: Set(at), ..Default::default() };
    row.update_without_returning(tx).await.map(|_| ())
}

/// Administrators who can sign in, without this one.
pub async fn other_admins<C: ConnectionTrait>(db: &C, without: AccountId) -> Result<u64, DbErr> {
    let admins = standing().filter(role_grant::Column::Role.eq(Role::Admin));
    account::Entity::find()
        .filter(
            account::Column::Id.in_subquery(admins.select_only().column(role_grant::Column::AccountId).into_query()),
        )
        .filter(account::Column::Id.ne(without))
        .filter(account::Column::DisabledAt.is_null())
        .count(db)
        .await
}

pub async fn organisation<C: ConnectionTrait>(
    db: &C,
    id: OrganisationId,
) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(id).one(db).await
}

/// A service of this organisation.
pub async fn service<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    id: entity::id::ServiceId,
) -> Result<Option<service::Model>, DbErr> {
    service::Entity::find_by_id(id).filter(service::Column::OrganisationId.eq(organisation)).one(db).await
}

/// Persons who are in a post of this organisation, or of one service of it.
pub async fn people_in_post<C: ConnectionTrait>(
    db: &C,
    organisation: OrganisationId,
    service: Option<ServiceId>,
    today: NaiveDate,
) -> Result<Vec<PersonId>, DbErr> {
    use appointment::Column::{EndsOn, PersonId as Person, PostId, StartsOn, SupersededAt};
    let services = service::Entity::find().filter(service::Column::OrganisationId.eq(organisation));
    let services = service.into_iter().fold(services, |all, one| all.filter(service::Column::Id.eq(one)));
    let services = services.select_only().column(service::Column::Id).into_query();
    let posts = post::Entity::find().filter(post::Column::ServiceId.in_subquery(services));
    let posts = posts.select_only().column(post::Column::Id).into_query();
    let held = appointment::Entity::find()
        .filter(PostId.in_subquery(posts))
        .filter(SupersededAt.is_null())
        .filter(StartsOn.lte(today))
        .filter(Condition::any().add(EndsOn.is_null()).add(EndsOn.gte(today)));
    held.select_only().column(Person).distinct().into_tuple().all(db).await
}

/// The first few persons who have this address, and whom no employer holds as its own.
pub async fn persons_by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Vec<person::Model>, DbErr> {
    let appointed = appointment::Entity::find().select_only().column(appointment::Column::PersonId);
    let joined = account::Entity::find()
        .select_only()
        .column(account::Column::PersonId)
        .filter(account::Column::PersonId.is_not_null());
    let nobodys = Condition::any()
        .add(person::Column::Id.in_subquery(joined.into_query()))
        .add(person::Column::Id.not_in_subquery(appointed.into_query()));
    person::Entity::find()
        .filter(Expr::expr(Func::lower(Expr::col(person::Column::Email))).eq(email.to_lowercase()))
        .filter(nobodys)
        .order_by_asc(person::Column::Id)
        .limit(10)
        .all(db)
        .await
}

/// How employers write the name of whoever has this address: each way once.
pub async fn written_names<C: ConnectionTrait>(db: &C, email_folded: &str) -> Result<Vec<(String, String)>, DbErr> {
    use organisation_person::Column::{EmailFolded, FamilyName, GivenName};
    let rows = organisation_person::Entity::find()
        .select_only()
        .columns([GivenName, FamilyName])
        .filter(EmailFolded.eq(email_folded))
        .distinct()
        .limit(10);
    rows.into_tuple().all(db).await
}

pub async fn account_of<C: ConnectionTrait>(db: &C, person: PersonId) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::PersonId.eq(person)).one(db).await
}
