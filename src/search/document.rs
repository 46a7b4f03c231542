//! What is indexed of a catalogue item, and the texts derived from it that both engines search.

use chrono::NaiveDate;
use uuid::Uuid;

/// A catalogue item as the engines see it. Plain text only: the caller strips Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub id: Uuid,
    /// The item's own reference, such as `demo-013`; searchable.
    pub reference: String,
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub body: String,
    /// The provider's id; the value of the facet.
    pub provider: String,
    pub provider_name: String,
    /// Topic slugs, the values of the facet.
    pub topics: Vec<String>,
    /// Their names, in the same order.
    pub topic_names: Vec<String>,
    pub themes: Vec<String>,
    pub level: Option<String>,
    pub delivery: Option<String>,
    pub cost: Option<String>,
    pub audience: Vec<String>,
    /// Numbers as text: "1" to "10".
    pub mat_standards: Vec<String>,
    /// Area slugs.
    pub areas: Vec<String>,
    pub minutes: Option<u32>,
    pub published_on: Option<NaiveDate>,
    /// Other names under which people look for it.
    pub aliases: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    Kind,
    Topic,
    Theme,
    Level,
    Provider,
    Delivery,
    Cost,
    Audience,
    MatStandard,
    Area,
}

impl Facet {
    pub const ALL: [Self; 10] = [
        Self::Kind,
        Self::Topic,
        Self::Theme,
        Self::Level,
        Self::Provider,
        Self::Delivery,
        Self::Cost,
        Self::Audience,
        Self::MatStandard,
        Self::Area,
    ];

    /// The name in queries, answers and indexes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Topic => "topic",
            Self::Theme => "theme",
            Self::Level => "level",
            Self::Provider => "provider",
            Self::Delivery => "delivery",
            Self::Cost => "cost",
            Self::Audience => "audience",
            Self::MatStandard => "mat_standard",
            Self::Area => "area",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }
}

impl Document {
    /// The values by which a facet counts and filters this document.
    pub fn values(&self, facet: Facet) -> Vec<&str> {
        fn many(values: &[String]) -> Vec<&str> {
            let mut values: Vec<&str> = values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
            values.sort_unstable();
            values.dedup(); // a value counts once
            values
        }
        fn one(value: Option<&str>) -> Vec<&str> {
            value.into_iter().filter(|value| !value.is_empty()).collect()
        }
        match facet {
            Facet::Kind => one(Some(&self.kind)),
            Facet::Topic => many(&self.topics),
            Facet::Theme => many(&self.themes),
            Facet::Level => one(self.level.as_deref()),
            Facet::Provider => one(Some(&self.provider)),
            Facet::Delivery => one(self.delivery.as_deref()),
            Facet::Cost => one(self.cost.as_deref()),
            Facet::Audience => many(&self.audience),
            Facet::MatStandard => many(&self.mat_standards),
            Facet::Area => many(&self.areas),
        }
    }

    /// What the item is about, in words that are not its own: topics and other names.
    pub(super) fn labels(&self) -> String {
        let slugs = self.topics.iter().chain(&self.themes).map(|slug| slug.replace(['-', '_'], " "));
        let names = self.topic_names.iter().chain(&self.aliases).cloned();
        sentence(names.chain(slugs))
    }

    /// Everything else that someone may type: reference, who it is for, how it is delivered. A
    /// module is "training" and a "course" even where its title says neither.
    pub(super) fn tags(&self) -> String {
        let kind = match self.kind.as_str() {
            "module" => "module course training",
            "pathway" => "pathway programme",
            "resource" => "resource guidance document",
            other => other,
        };
        let spaced = |value: &String| value.replace(['-', '_'], " ");
        let parts = [kind.to_owned(), self.reference.clone()]
            .into_iter()
            .chain(self.audience.iter().cloned())
            .chain(self.level.iter().map(spaced))
            .chain(self.delivery.iter().map(spaced))
            .chain(self.cost.iter().map(spaced))
            .chain(self.areas.iter().map(spaced))
            .chain(self.mat_standards.iter().map(|number| format!("MAT standard {number}")));
        sentence(parts)
    }

    /// `slug` and name of each topic, as one string: see `suggest`.
    pub(super) fn topic_pairs(&self) -> Vec<String> {
        self.topics.iter().zip(&self.topic_names).map(|(slug, name)| super::suggest::pair(slug, name)).collect()
    }

    pub(super) fn provider_pair(&self) -> Option<String> {
        (!self.provider.is_empty() && !self.provider_name.is_empty())
            .then(|| super::suggest::pair(&self.provider, &self.provider_name))
    }
}

/// Full stops keep a phrase from running over the edge of a label.
fn sentence(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}
