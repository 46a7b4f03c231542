//! What drives compliance of an item, dated. Items that are there get the terms that they have now,
//! since ever; a theme without a level of its own gets the item's.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::column;

#[derive(DeriveMigrationName)]
pub struct Migration;

const THEME_LEVELS: &str = "UPDATE item_theme SET level = (SELECT item.level FROM item WHERE item.id = item_theme.item_id) \
                            WHERE level IS NULL";

/// The first terms of an item bear the item's own id.
const FIRST: &str = "INSERT INTO item_terms (id, item_id, validity_months, level, themes, mat_standards, recorded_at) \
                     SELECT item.id, item.id, item.validity_months, item.level, ";

const SQLITE: &str = "(SELECT json_group_array(json_object('slug', theme, 'level', level)) FROM \
                      (SELECT theme, level FROM item_theme WHERE item_id = item.id ORDER BY theme)), \
                      (SELECT json_group_array(mat_standard) FROM \
                      (SELECT mat_standard FROM item_mat_standard WHERE item_id = item.id ORDER BY mat_standard)), \
                      item.created_at FROM item";

const POSTGRES: &str = "COALESCE((SELECT json_agg(json_build_object('slug', theme, 'level', level) ORDER BY theme) \
                        FROM item_theme WHERE item_id = item.id), '[]'::json)::text, \
                        COALESCE((SELECT json_agg(mat_standard ORDER BY mat_standard) \
                        FROM item_mat_standard WHERE item_id = item.id), '[]'::json)::text, \
                        item.created_at FROM item";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("item_terms")
            .col(uuid("id").primary_key())
            .col(uuid("item_id"))
            .col(date_null("from_day"))
            .col(integer_null("validity_months"))
            .col(column::text_null("level"))
            .col(column::text("themes"))
            .col(column::text("mat_standards"))
            .col(column::text_null("reason"))
            .col(uuid_null("import_id"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(uuid_null("recorded_by"))
            .col(timestamp_with_time_zone_null("superseded_at"))
            .col(uuid_null("superseded_by"))
            .foreign_key(ForeignKey::create().from("item_terms", "item_id").to("item", "id"))
            .foreign_key(ForeignKey::create().from("item_terms", "import_id").to("item_import", "id"))
            .foreign_key(ForeignKey::create().from("item_terms", "recorded_by").to("account", "id"))
            .take();
        manager.create_table(table).await?;
        manager
            .create_index(Index::create().name("ix_item_terms_item_id").table("item_terms").col("item_id").take())
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(THEME_LEVELS).await?;
        let lists = if manager.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        connection.execute_unprepared(&format!("{FIRST}{lists}")).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("item_terms").take()).await
    }
}
