//! Rows of items and of their history.

use entity::id::{AccountId, ItemId};
use entity::value::ItemStatus;
use entity::{change, item};
use serde_json::{Value, json};

use crate::catalogue::differences::Difference;
use crate::catalogue::rules::Content;
use crate::catalogue::store;
use crate::state::App;

pub fn new_row(
    app: &App,
    id: ItemId,
    content: &Content,
    status: ItemStatus,
    created_by: Option<AccountId>,
) -> item::Model {
    let now = app.clock.now();
    let mut row = item::Model {
        id,
        reference: String::new(),
        kind: content.kind,
        title: String::new(),
        title_folded: String::new(),
        summary: String::new(),
        description: String::new(),
        provider_id: content.provider,
        url: None,
        taking_part: None,
        level: None,
        audience: String::new(),
        delivery: String::new(),
        minutes: None,
        cost: String::new(),
        cost_pence: None,
        scqf_level: None,
        scqf_credit: None,
        language: String::new(),
        area: None,
        licence: None,
        validity_months: None,
        provenance: content.provenance,
        review_by: None,
        status,
        version: 1,
        created_at: now,
        updated_at: now,
        published_at: (status == ItemStatus::Published).then_some(now),
        created_by,
    };
    store::put(content, &mut row);
    row
}

/// One line of an item's history.
pub fn changed(app: &App, account: Option<AccountId>, id: ItemId, action: &str, detail: Value) -> change::Model {
    change::Model {
        id: app.clock.id(),
        at: app.clock.now(),
        account_id: account,
        subject: "item".to_owned(),
        subject_id: id.0,
        action: action.to_owned(),
        detail,
    }
}

/// What changed, each text cut to what a history needs.
pub fn detail(differences: &[Difference]) -> Value {
    let cut = |text: &str| text.chars().take(300).collect::<String>();
    let fields: Vec<Value> = differences
        .iter()
        .map(|Difference { field, from, to }| json!({"field": field, "from": cut(from), "to": cut(to)}))
        .collect();
    json!({ "fields": fields })
}
