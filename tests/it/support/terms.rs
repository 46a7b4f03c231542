//! The terms of items that a test wrote straight into the tables.

use entity::id::ItemId;
use entity::{item, item_mat_standard, item_terms, item_theme};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::TestApp;

/// What the item and its lists say now holds since ever, in the place of what was said before.
pub async fn since_ever(test: &TestApp, id: ItemId) {
    let db = &test.app.db;
    let item = item::Entity::find_by_id(id).one(db).await.expect("a query").expect("the item");
    let themes = item_theme::Entity::find().filter(item_theme::Column::ItemId.eq(id));
    let themes = themes.order_by_asc(item_theme::Column::Theme).all(db).await.expect("its themes");
    let themes: Vec<Value> =
        themes.iter().map(|row| json!({"slug": row.theme, "level": row.level.or(item.level)})).collect();
    let standards = item_mat_standard::Entity::find().filter(item_mat_standard::Column::ItemId.eq(id));
    let standards = standards.all(db).await.expect("its standards");
    let standards: Vec<i32> = standards.iter().map(|row| row.mat_standard).collect();
    let row = item_terms::Model {
        id: test.app.clock.id(),
        item_id: id,
        from_day: None,
        validity_months: item.validity_months,
        level: item.level,
        themes: json!(themes).to_string(),
        mat_standards: json!(standards).to_string(),
        reason: None,
        import_id: None,
        recorded_at: test.app.clock.now(),
        recorded_by: None,
        superseded_at: None,
        superseded_by: None,
    };
    item_terms::Entity::delete_many().filter(item_terms::Column::ItemId.eq(id)).exec(db).await.expect("a delete");
    test.put(item_terms::Entity::insert(item_terms::ActiveModel::from(row))).await;
}
