//! Providers of learning: organisations found by name, and made by curators when new.

use std::collections::HashMap;

use entity::id::OrganisationId;
use entity::organisation;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::access::EditorScope;
use crate::base::db::{self, Turn};
use crate::base::fold::fold;
use crate::state::App;

/// What nobody has said of a new provider yet; its own people can correct it.
const SECTOR: &str = "other";
const PAY_FRAMEWORK: &str = "own_scale";

/// Providers that an editor may write items for, by name: all of them for a curator.
pub async fn of<C: ConnectionTrait>(db: &C, scope: &EditorScope) -> Result<Vec<organisation::Model>, DbErr> {
    let mut query = organisation::Entity::find().filter(organisation::Column::IsProvider.eq(true));
    if !scope.is_curator() {
        query = query.filter(organisation::Column::Id.is_in(scope.providers().to_vec()));
    }
    query.order_by_asc(organisation::Column::NameFolded).order_by_asc(organisation::Column::Id).all(db).await
}

pub async fn by_id<C: ConnectionTrait>(db: &C, id: OrganisationId) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(id).one(db).await
}

/// Organisations by folded name; where two share one, the provider wins, then the older.
pub async fn by_names<C: ConnectionTrait>(
    db: &C,
    names: &[String],
) -> Result<HashMap<String, organisation::Model>, DbErr> {
    let mut found = HashMap::new();
    for part in names.chunks(db::chunk(1)) {
        let query = organisation::Entity::find().filter(organisation::Column::NameFolded.is_in(part.to_vec()));
        let rows = query
            .order_by_asc(organisation::Column::IsProvider)
            .order_by_desc(organisation::Column::Id)
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.name_folded.clone(), row)));
    }
    Ok(found)
}

/// A provider that is not in the database yet.
pub fn new(app: &App, name: &str) -> organisation::Model {
    organisation::Model {
        id: app.clock.id(),
        name: name.to_owned(),
        name_folded: fold(name),
        sector: SECTOR.to_owned(),
        is_employer: false,
        is_provider: true,
        pay_framework: PAY_FRAMEWORK.to_owned(),
        synthetic: false,
        version: 1,
        created_at: app.clock.now(),
    }
}

/// Makes providers. False, and nothing is made, when somebody else has made one of that name since
/// it was looked for: who makes organisations takes turns at their names.
pub async fn insert<C: ConnectionTrait>(tx: &C, rows: Vec<organisation::Model>) -> Result<bool, DbErr> {
    if rows.is_empty() {
        return Ok(true);
    }
    db::turn(tx, Turn::Organisations).await?;
    let names: Vec<String> = rows.iter().map(|row| row.name_folded.clone()).collect();
    if !by_names(tx, &names).await?.is_empty() {
        return Ok(false);
    }
    for part in rows.chunks(db::chunk(11)) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        organisation::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(true)
}

/// An employer that offers learning is a provider from now on.
pub async fn mark<C: ConnectionTrait>(tx: &C, row: &organisation::Model) -> Result<(), DbErr> {
    if row.is_provider {
        return Ok(());
    }
    let marked = organisation::ActiveModel { id: Set(row.id), is_provider: Set(true), ..Default::default() };
    marked.update_without_returning(tx).await.map(|_| ())
}

/// What all providers are called.
pub async fn names<C: ConnectionTrait>(db: &C) -> Result<Vec<(OrganisationId, String)>, DbErr> {
    let query = organisation::Entity::find()
        .select_only()
        .columns([organisation::Column::Id, organisation::Column::Name])
        .filter(organisation::Column::IsProvider.eq(true));
    query.into_tuple().all(db).await
}
