//! Items as they are read.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{ChangeId, ItemId, OrganisationId};
use entity::value::{ItemKind, ItemStatus, Level, Provenance};
use entity::{change, item, organisation};
use poem_openapi::{Enum, Object};

use super::super::markdown;
use super::super::rules::{self, Content};
use super::super::store::Whole;
use super::review::ProposalOut;
use crate::reference::{area, vocabulary};

/// A word of a vocabulary with its name, such as a topic.
#[derive(Debug, Object)]
pub struct TopicOut {
    pub slug: String,
    pub label: String,
}

/// A theme of the Knowledge and Skills Framework that the item builds, at a level.
#[derive(Debug, Object)]
pub struct ThemeOut {
    pub slug: String,
    pub label: String,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
}

#[derive(Debug, Object)]
pub struct MatStandardOut {
    pub number: i32,
    pub label: String,
}

#[derive(Debug, Object)]
pub struct ProviderOut {
    pub id: OrganisationId,
    pub name: String,
}

#[derive(Debug, Object)]
pub struct ProvidersOut {
    pub items: Vec<ProviderOut>,
}

/// What the caller may do with an item.
#[derive(Debug, Default)]
pub struct EditorRights {
    pub may_edit: bool,
    pub held_back: bool,
    pub moves: Vec<ItemStatus>,
    pub proposal: Option<ProposalOut>,
}

/// In which order editors go through items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ListOrder {
    #[default]
    Title,
    /// Longest unchanged first: the order of a queue
    Oldest,
    Newest,
}

/// An item in a list.
#[derive(Debug, Object)]
pub struct ItemRowOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub summary: String,
    pub provider: String,
    pub provider_id: OrganisationId,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
    #[oai(skip_serializing_if_is_none)]
    pub minutes: Option<i32>,
    pub delivery: String,
    pub delivery_label: String,
    pub cost: String,
    pub cost_label: String,
    pub status: ItemStatus,
    #[oai(skip_serializing_if_is_none)]
    pub review_by: Option<NaiveDate>,
    pub updated_at: DateTime<Utc>,
}

/// An item with everything that its page shows.
#[derive(Debug, Object)]
pub struct ItemOut {
    pub id: ItemId,
    #[oai(rename = "ref")]
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub summary: String,
    /// Markdown, as written
    pub description: String,
    /// The description as HTML that is safe to show
    pub description_html: String,
    pub provider: String,
    pub provider_id: OrganisationId,
    #[oai(skip_serializing_if_is_none)]
    pub url: Option<String>,
    /// How one takes part, above all where there is no address
    #[oai(skip_serializing_if_is_none)]
    pub taking_part: Option<String>,
    pub topics: Vec<TopicOut>,
    pub themes: Vec<ThemeOut>,
    pub mat_standards: Vec<MatStandardOut>,
    #[oai(skip_serializing_if_is_none)]
    pub level: Option<Level>,
    pub audience: String,
    pub delivery: String,
    pub delivery_label: String,
    #[oai(skip_serializing_if_is_none)]
    pub minutes: Option<i32>,
    pub cost: String,
    pub cost_label: String,
    #[oai(skip_serializing_if_is_none)]
    pub cost_pence: Option<i32>,
    #[oai(skip_serializing_if_is_none)]
    pub scqf_level: Option<i32>,
    #[oai(skip_serializing_if_is_none)]
    pub scqf_credit: Option<i32>,
    pub language: String,
    pub language_label: String,
    /// An area's slug
    #[oai(skip_serializing_if_is_none)]
    pub area: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub area_name: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub licence: Option<String>,
    /// How long a completion counts; absent: it never lapses
    #[oai(skip_serializing_if_is_none)]
    pub validity_months: Option<i32>,
    pub provenance: Provenance,
    #[oai(skip_serializing_if_is_none)]
    pub review_by: Option<NaiveDate>,
    pub status: ItemStatus,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    /// Published items on the same topics
    pub similar: Vec<ItemRowOut>,
    /// For those who may write the item: a change of it that waits, or was sent back
    #[oai(skip_serializing_if_is_none)]
    pub proposal: Option<ProposalOut>,
    pub may_edit: bool,
    /// Whether what the caller changes waits for a curator
    pub held_back: bool,
    /// Statuses to which the caller may move it
    pub moves: Vec<ItemStatus>,
}

/// One field of an edit.
#[derive(Debug, Object)]
pub struct ItemFieldChangeOut {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// One step in an item's history.
#[derive(Debug, Object)]
pub struct ItemChangeOut {
    pub id: ChangeId,
    pub at: DateTime<Utc>,
    /// created, imported, edited, moved, import_undone, proposed, or proposal_accepted, _sent_back, _withdrawn
    pub action: String,
    /// Who did it, in words; curators see the account's address
    pub by: String,
    /// For a move: from which status
    #[oai(skip_serializing_if_is_none)]
    pub from: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub to: Option<String>,
    /// Why it was moved
    #[oai(skip_serializing_if_is_none)]
    pub note: Option<String>,
    /// For an edit: what changed
    pub fields: Vec<ItemFieldChangeOut>,
}

impl ItemChangeOut {
    pub fn new(row: change::Model, by: String) -> Self {
        let change::Model { id, at, account_id: _, subject: _, subject_id: _, action, detail } = row;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let said = |name: &str| detail.get(name).map(text).filter(|text| !text.is_empty());
        let fields = detail["fields"].as_array().into_iter().flatten();
        Self {
            id,
            at,
            by,
            from: said("from"),
            to: said("to"),
            note: said("note"),
            fields: fields
                .map(|one| ItemFieldChangeOut {
                    field: text(&one["field"]),
                    from: text(&one["from"]),
                    to: text(&one["to"]),
                })
                .collect(),
            action,
        }
    }
}

/// The name of a vocabulary's term; the slug itself for one that is no more.
pub fn label(vocabulary: &str, slug: &str) -> String {
    vocabulary::term(vocabulary, slug).map_or_else(|| slug.to_owned(), |term| term.label.clone())
}

fn sort(vocabulary: &str, slug: &str) -> i32 {
    vocabulary::term(vocabulary, slug).map_or(i32::MAX, |term| term.sort)
}

impl ItemRowOut {
    pub fn new(row: item::Model, provider: String) -> Self {
        Self {
            id: row.id,
            reference: row.reference,
            kind: row.kind,
            title: row.title,
            summary: row.summary,
            provider,
            provider_id: row.provider_id,
            level: row.level,
            minutes: row.minutes,
            delivery_label: label("delivery", &row.delivery),
            delivery: row.delivery,
            cost_label: label("cost", &row.cost),
            cost: row.cost,
            status: row.status,
            review_by: row.review_by,
            updated_at: row.updated_at,
        }
    }
}

impl ItemOut {
    pub fn new(whole: Whole, similar: Vec<ItemRowOut>, rights: EditorRights) -> Self {
        let Whole { row, provider, content } = whole;
        let Content { mut topics, mut themes, mat_standards, .. } = content;
        topics.sort_by_key(|slug| sort("topic", slug));
        themes.sort_by_key(|theme| sort("theme", &theme.slug));
        let EditorRights { may_edit, held_back, moves, proposal } = rights;
        let language = rules::LANGUAGES.iter().find(|(code, _)| *code == row.language);
        Self {
            id: row.id,
            reference: row.reference,
            kind: row.kind,
            title: row.title,
            summary: row.summary,
            description_html: markdown::html(&row.description),
            description: row.description,
            provider,
            provider_id: row.provider_id,
            url: row.url,
            taking_part: row.taking_part,
            topics: topics.into_iter().map(|slug| TopicOut { label: label("topic", &slug), slug }).collect(),
            themes: themes
                .into_iter()
                .map(|theme| ThemeOut { label: label("theme", &theme.slug), slug: theme.slug, level: theme.level })
                .collect(),
            mat_standards: mat_standards
                .into_iter()
                .map(|number| MatStandardOut { number, label: label("mat_standard", &number.to_string()) })
                .collect(),
            level: row.level,
            audience: row.audience,
            delivery_label: label("delivery", &row.delivery),
            delivery: row.delivery,
            minutes: row.minutes,
            cost_label: label("cost", &row.cost),
            cost: row.cost,
            cost_pence: row.cost_pence,
            scqf_level: row.scqf_level,
            scqf_credit: row.scqf_credit,
            language_label: language.map_or_else(|| row.language.clone(), |(_, label)| (*label).to_owned()),
            language: row.language,
            area_name: row.area.as_deref().map(area_name),
            area: row.area,
            licence: row.licence,
            validity_months: row.validity_months,
            provenance: row.provenance,
            review_by: row.review_by,
            status: row.status,
            created_at: row.created_at,
            updated_at: row.updated_at,
            published_at: row.published_at,
            similar,
            proposal,
            may_edit,
            held_back,
            moves,
        }
    }
}

pub fn area_name(slug: &str) -> String {
    area::all().get(slug).map_or_else(|| slug.to_owned(), |area| area.name.clone())
}

impl From<organisation::Model> for ProviderOut {
    fn from(row: organisation::Model) -> Self {
        let organisation::Model { id, name, .. } = row;
        Self { id, name }
    }
}
