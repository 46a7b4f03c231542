//! Bringing the embedded reference data into the database: what differs is written, what is
//! the same is left alone, so a second start writes nothing. Terms are never deleted, because
//! older rows speak of them.

use std::collections::HashMap;
use std::hash::Hash;

use entity::id::AreaLinkId;
use entity::{area, area_link, term, vocabulary};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelBehavior, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, QueryFilter,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::area::{Area, Link};
use super::vocabulary::{Term, Vocabulary};
use crate::base::clock::Clock;
use crate::base::db;

/// Makes the tables say what the embedded files say.
pub async fn load(database: &DatabaseConnection, clock: &Clock) -> Result<(), DbErr> {
    let areas = super::area::all();
    let vocabularies = super::vocabulary::all();
    let terms = vocabularies.iter().flat_map(|of| of.terms.iter().map(move |term| term_row(&of.id, term)));
    let links: Vec<area_link::Model> = areas.links.iter().map(link_row).collect();

    let held = term::Entity::find().all(database).await?;
    let terms = differing(terms.collect(), held, |row| (row.vocabulary.clone(), row.slug.clone()));
    let held = area::Entity::find().all(database).await?;
    let areas = differing(areas.areas.iter().map(area_row).collect(), held, |row| row.slug.clone());
    let held_links = area_link::Entity::find().all(database).await?;
    let gone: Vec<AreaLinkId> =
        held_links.iter().map(|row| row.id).filter(|id| links.iter().all(|link| link.id != *id)).collect();
    let links = differing(links, held_links, |row| row.id);
    let held = vocabulary::Entity::find().all(database).await?;
    let heads: Vec<vocabulary::Model> = vocabularies
        .iter()
        .filter(|of| !held.iter().any(|row| row.id == of.id && row.version == of.version && row.source == of.source))
        .map(|of| head_row(of, clock))
        .collect();
    if terms.is_empty() && areas.is_empty() && links.is_empty() && gone.is_empty() && heads.is_empty() {
        return Ok(());
    }

    let tx = db::write(database).await?;
    let keys = [vocabulary::Column::Id];
    upsert::<vocabulary::Entity, _>(&tx, heads, &keys).await?;
    upsert::<term::Entity, _>(&tx, terms, &[term::Column::Vocabulary, term::Column::Slug]).await?;
    upsert::<area::Entity, _>(&tx, areas, &[area::Column::Slug]).await?;
    upsert::<area_link::Entity, _>(&tx, links, &[area_link::Column::Id]).await?;
    if !gone.is_empty() {
        area_link::Entity::delete_many().filter(area_link::Column::Id.is_in(gone)).exec(&tx).await?;
    }
    tx.commit().await
}

/// Rows that the database lacks or holds otherwise.
fn differing<M: PartialEq, K: Eq + Hash>(wanted: Vec<M>, held: Vec<M>, key: impl Fn(&M) -> K) -> Vec<M> {
    let held: HashMap<K, M> = held.into_iter().map(|row| (key(&row), row)).collect();
    wanted.into_iter().filter(|row| held.get(&key(row)) != Some(row)).collect()
}

async fn upsert<E, C>(tx: &C, rows: Vec<E::Model>, keys: &[E::Column]) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelBehavior + Send,
    C: ConnectionTrait,
{
    let columns: Vec<E::Column> =
        E::Column::iter().filter(|column| keys.iter().all(|key| key.as_str() != column.as_str())).collect();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let part: Vec<E::ActiveModel> = rows.by_ref().take(db::chunk(columns.len() + keys.len())).collect();
        if part.is_empty() {
            return Ok(());
        }
        let renew = OnConflict::columns(keys.iter().copied()).update_columns(columns.iter().copied()).to_owned();
        E::insert_many(part).on_conflict(renew).exec_without_returning(tx).await?;
    }
}

fn head_row(of: &Vocabulary, clock: &Clock) -> vocabulary::Model {
    vocabulary::Model {
        id: of.id.clone(),
        version: of.version.clone(),
        source: of.source.clone(),
        loaded_at: clock.now(),
    }
}

fn term_row(vocabulary: &str, term: &Term) -> term::Model {
    let Term { slug, label, parent, sort, period, aliases, note, extra } = term;
    term::Model {
        vocabulary: vocabulary.to_owned(),
        slug: slug.clone(),
        label: label.clone(),
        parent: parent.clone(),
        sort: *sort,
        valid_from: period.from,
        valid_to: period.to,
        attributes: json!({ "aliases": aliases, "note": note, "more": extra }),
    }
}

fn area_row(area: &Area) -> area::Model {
    let Area { slug, kind, name, official_code, other_code, former_codes: _, aliases: _, period } = area;
    area::Model {
        slug: slug.clone(),
        kind: *kind,
        name: name.clone(),
        official_code: official_code.clone(),
        other_code: other_code.clone(),
        valid_from: period.from,
        valid_to: period.to,
    }
}

/// The id comes from what the link says, so that it is the same in every installation.
fn link_row(link: &Link) -> area_link::Model {
    let Link { area, within, period } = link;
    let hash = Sha256::digest(format!("{area} {within} {:?}", period.from));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    area_link::Model {
        id: AreaLinkId(uuid::Builder::from_custom_bytes(bytes).into_uuid()),
        area: area.clone(),
        within: within.clone(),
        valid_from: period.from,
        valid_to: period.to,
    }
}
