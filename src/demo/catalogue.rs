//! The sample catalogue as rows. Providers are real bodies and marked as such; what is said of
//! their courses is labelled as sample data by each item's provenance.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::id::{ItemId, OrganisationId};
use entity::value::{ItemKind, ItemStatus, Level, Provenance};
use entity::{item, item_mat_standard, item_terms, item_theme, item_topic, organisation};
use sea_orm::ActiveEnum;
use serde_json::json;

use super::dice::{Dice, at};
use crate::base::fold::fold;

const FILE: &str = include_str!("../catalogue/data/catalogue.csv");
/// What is not published yet, so that the curator has something to decide.
const WAITING: &str = include_str!("data/waiting.csv");

#[derive(Debug, Default)]
pub struct Catalogue {
    pub providers: Vec<organisation::Model>,
    pub items: Vec<item::Model>,
    pub topics: Vec<item_topic::Model>,
    pub themes: Vec<item_theme::Model>,
    pub standards: Vec<item_mat_standard::Model>,
    pub terms: Vec<item_terms::Model>,
}

/// Published since `since`, some in the months before `as_at`, and a few that wait.
pub fn read(dice: &mut Dice, since: NaiveDate, as_at: NaiveDate) -> Result<Catalogue, csv::Error> {
    let mut catalogue = Catalogue::default();
    let mut providers = BTreeMap::new();
    let files = [FILE, WAITING].map(|file| csv::Reader::from_reader(file.as_bytes()).into_deserialize());
    for row in files.into_iter().flatten() {
        let row = Row(row?);
        let name = row.text("provider");
        let provider_id =
            *providers.entry(name.clone()).or_insert_with(|| catalogue.provider(dice.id(since), &name, since));
        let id = dice.id(since);
        let published = row.listed_lately(catalogue.items.len(), as_at).unwrap_or(since);
        let item = row.item(id, provider_id, since, published);
        let lists = row.list("topics").map(|topic| item_topic::Model { item_id: id, topic: topic.to_owned() });
        catalogue.topics.extend(lists);
        catalogue.themes.extend(row.list("themes").map(|part| {
            let (theme, level) = part.split_once(':').unwrap_or((part, ""));
            item_theme::Model { item_id: id, theme: theme.to_owned(), level: spelled(level).or(item.level) }
        }));
        let numbers = row.list("mat_standards").filter_map(|number| number.parse().ok());
        catalogue.standards.extend(numbers.map(|mat_standard| item_mat_standard::Model { item_id: id, mat_standard }));
        let terms = catalogue.terms_of(&item);
        catalogue.terms.push(terms);
        catalogue.items.push(item);
    }
    Ok(catalogue)
}

impl Catalogue {
    /// The terms of an item whose lists were just read, since ever.
    fn terms_of(&self, item: &item::Model) -> item_terms::Model {
        let themes: Vec<_> = self.themes.iter().filter(|row| row.item_id == item.id).collect();
        let themes: Vec<_> = themes.iter().map(|row| json!({ "slug": row.theme, "level": row.level })).collect();
        let standards = self.standards.iter().filter(|row| row.item_id == item.id);
        let standards: Vec<i32> = standards.map(|row| row.mat_standard).collect();
        item_terms::Model {
            // as the migration has it: the first terms of an item bear its id
            id: item.id.0.into(),
            item_id: item.id,
            from_day: None,
            validity_months: item.validity_months,
            level: item.level,
            themes: json!(themes).to_string(),
            mat_standards: json!(standards).to_string(),
            reason: None,
            import_id: None,
            recorded_at: item.created_at,
            recorded_by: None,
            superseded_at: None,
            superseded_by: None,
        }
    }

    fn provider(&mut self, id: OrganisationId, name: &str, since: NaiveDate) -> OrganisationId {
        self.providers.push(organisation::Model {
            id,
            name: name.to_owned(),
            name_folded: fold(name),
            sector: "other".to_owned(),
            is_employer: false,
            is_provider: true,
            pay_framework: "own_scale".to_owned(),
            synthetic: name.starts_with("Sample"),
            version: 1,
            created_at: at(since),
        });
        id
    }
}

struct Row(BTreeMap<String, String>);

impl Row {
    fn text(&self, column: &str) -> String {
        self.0.get(column).cloned().unwrap_or_default()
    }

    fn some(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    fn number(&self, column: &str) -> Option<i32> {
        self.0.get(column)?.parse().ok()
    }

    fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.0.get(column).map_or("", String::as_str).split(';').filter(|part| !part.is_empty())
    }

    /// Resources and some courses, which may have been taught before anybody listed them, came to the
    /// catalogue between five days and half a year ago, so that something is new.
    fn listed_lately(&self, number: usize, as_at: NaiveDate) -> Option<NaiveDate> {
        let lately = self.text("kind") == "resource" || number % 9 == 4;
        let days = u64::try_from(number * 29 % 170).unwrap_or_default() + 5;
        lately.then(|| as_at - Days::new(days))
    }

    fn item(&self, id: ItemId, provider_id: OrganisationId, since: NaiveDate, published: NaiveDate) -> item::Model {
        let title = self.text("title");
        let status = spelled(&self.text("status")).unwrap_or(ItemStatus::Published);
        item::Model {
            id,
            reference: self.text("ref"),
            kind: spelled(&self.text("kind")).unwrap_or(ItemKind::Resource),
            title_folded: fold(&title),
            title,
            summary: self.text("summary"),
            description: self.text("description"),
            provider_id,
            url: self.some("url"),
            taking_part: self.some("taking_part"),
            level: spelled::<Level>(&self.text("level")),
            audience: self.text("audience"),
            delivery: self.text("delivery"),
            minutes: self.number("minutes"),
            cost: self.text("cost"),
            cost_pence: self.number("cost_pence"),
            scqf_level: self.number("scqf_level"),
            scqf_credit: self.number("scqf_credit"),
            language: self.text("language"),
            area: self.some("area"),
            licence: self.some("licence"),
            validity_months: self.number("validity_months"),
            provenance: spelled(&self.text("provenance")).unwrap_or(Provenance::Sample),
            review_by: self.some("review_by").and_then(|date| date.parse().ok()),
            status,
            version: 1,
            created_at: at(since),
            updated_at: at(published),
            published_at: (status == ItemStatus::Published).then(|| at(published)),
            created_by: None,
        }
    }
}

fn spelled<T: ActiveEnum<Value = String>>(text: &str) -> Option<T> {
    T::try_from_value(&text.to_owned()).ok()
}
