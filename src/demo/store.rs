//! Writing a generated sector: all of it in one transaction, in large statements.

use entity::id::OrganisationId;
use entity::value::{ItemKind, ItemStatus, Level};
use entity::{
    account, appointment, completion, completion_event, completion_verdict, exemption, item, item_mat_standard,
    item_terms, item_theme, item_topic, organisation, organisation_person, outside_learning, person, post,
    post_establishment, requirement, requirement_item, requirement_scope, search_outbox, service,
};
use entity::{figures_confirmation, post_version};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelBehavior, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use super::catalogue::Catalogue;
use super::rows::{Course, Rows};
use crate::base::db;
use crate::base::fold::{self, fold};

/// Whether anybody is in the database yet.
pub async fn is_empty<C: ConnectionTrait>(database: &C) -> Result<bool, DbErr> {
    Ok(person::Entity::find().count(database).await? == 0)
}

/// Writes the sample catalogue and asks the search engine to take it in.
pub async fn insert_catalogue<C: ConnectionTrait>(tx: &C, catalogue: Catalogue) -> Result<(), DbErr> {
    let Catalogue { providers, items, topics, themes, standards, terms } = catalogue;
    let outbox: Vec<search_outbox::ActiveModel> = items
        .iter()
        .map(|item| search_outbox::ActiveModel {
            item_id: Set(item.id),
            created_at: Set(item.created_at),
            ..Default::default()
        })
        .collect();
    let quietly = |_| {};
    put::<organisation::Entity, _>(tx, providers, &quietly).await?;
    put::<item::Entity, _>(tx, items, &quietly).await?;
    put::<item_topic::Entity, _>(tx, topics, &quietly).await?;
    put::<item_theme::Entity, _>(tx, themes, &quietly).await?;
    put::<item_mat_standard::Entity, _>(tx, standards, &quietly).await?;
    put::<item_terms::Entity, _>(tx, terms, &quietly).await?;
    search_outbox::Entity::insert_many(outbox).exec_without_returning(tx).await.map(|_| ())
}

/// Published items, in the order of their references.
pub async fn courses<C: ConnectionTrait>(database: &C) -> Result<Vec<Course>, DbErr> {
    let items = item::Entity::find()
        .filter(item::Column::Status.eq(ItemStatus::Published))
        .filter(item::Column::Kind.ne(ItemKind::Pathway))
        .order_by_asc(item::Column::Reference)
        .all(database)
        .await?;
    let themes = item_theme::Entity::find().order_by_asc(item_theme::Column::Theme).all(database).await?;
    let of_item = |id| -> Vec<(String, Option<Level>)> {
        themes.iter().filter(|row| row.item_id == id).map(|row| (row.theme.clone(), row.level)).collect()
    };
    let course = |row: item::Model| Course {
        id: row.id,
        themes: of_item(row.id),
        reference: row.reference,
        provider: row.provider_id,
        kind: row.kind,
        minutes: row.minutes.unwrap_or_default(),
        validity_months: row.validity_months,
    };
    Ok(items.into_iter().map(course).collect())
}

/// Writes every row; `wrote` hears of each lot.
pub async fn insert<C: ConnectionTrait>(tx: &C, rows: Rows, wrote: &(dyn Fn(usize) + Sync)) -> Result<(), DbErr> {
    let Rows {
        organisations,
        confirmations,
        services,
        posts,
        establishments,
        post_versions,
        persons,
        known,
        appointments,
        completions,
        events,
        verdicts,
        outside,
        requirements,
        requirement_items,
        requirement_scopes,
        exemptions,
    } = rows;
    put::<organisation::Entity, _>(tx, organisations, wrote).await?;
    put::<figures_confirmation::Entity, _>(tx, confirmations, wrote).await?;
    put::<service::Entity, _>(tx, services, wrote).await?;
    put::<post::Entity, _>(tx, posts, wrote).await?;
    put::<post_establishment::Entity, _>(tx, establishments, wrote).await?;
    put::<post_version::Entity, _>(tx, post_versions, wrote).await?;
    put::<person::Entity, _>(tx, persons, wrote).await?;
    put::<organisation_person::Entity, _>(tx, known, wrote).await?;
    put::<appointment::Entity, _>(tx, appointments, wrote).await?;
    put::<outside_learning::Entity, _>(tx, outside, wrote).await?;
    put::<completion::Entity, _>(tx, completions, wrote).await?;
    put::<completion_event::Entity, _>(tx, events, wrote).await?;
    put::<completion_verdict::Entity, _>(tx, verdicts, wrote).await?;
    put::<requirement::Entity, _>(tx, requirements, wrote).await?;
    put::<requirement_item::Entity, _>(tx, requirement_items, wrote).await?;
    put::<requirement_scope::Entity, _>(tx, requirement_scopes, wrote).await?;
    put::<exemption::Entity, _>(tx, exemptions, wrote).await
}

async fn put<E, C>(tx: &C, rows: Vec<E::Model>, wrote: &(dyn Fn(usize) + Sync)) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
    C: ConnectionTrait,
{
    let size = db::chunk(E::Column::iter().count()).min(1000);
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let part: Vec<E::ActiveModel> = rows.by_ref().take(size).collect();
        if part.is_empty() {
            return Ok(());
        }
        let count = part.len();
        E::insert_many(part).exec_without_returning(tx).await?;
        wrote(count);
    }
}

/// The person behind a demo account, and the service in which they work.
pub async fn cast<C: ConnectionTrait>(
    database: &C,
    email: &str,
) -> Result<Option<(person::Model, Option<service::Model>)>, DbErr> {
    let Some(person) = person::Entity::find()
        .filter(person::Column::Email.eq(email))
        .filter(person::Column::Synthetic.eq(true))
        .one(database)
        .await?
    else {
        return Ok(None);
    };
    let held = appointment::Entity::find()
        .filter(appointment::Column::PersonId.eq(person.id))
        .filter(appointment::Column::EndsOn.is_null())
        .one(database)
        .await?;
    let Some(held) = held else { return Ok(Some((person, None))) };
    let post = post::Entity::find_by_id(held.post_id).one(database).await?;
    let service = match post {
        Some(post) => service::Entity::find_by_id(post.service_id).one(database).await?,
        None => None,
    };
    Ok(Some((person, service)))
}

/// The provider of the entries that are sample data through and through.
pub async fn sample_provider<C: ConnectionTrait>(database: &C) -> Result<Option<OrganisationId>, DbErr> {
    let found = organisation::Entity::find()
        .filter(organisation::Column::NameFolded.eq(fold("Sample provider")))
        .one(database)
        .await?;
    Ok(found.map(|row| row.id))
}

pub async fn account<C: ConnectionTrait>(database: &C, email: &str) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find().filter(account::Column::EmailFolded.eq(fold::email(email))).one(database).await
}
