//! Items as they are written.

use chrono::NaiveDate;
use entity::id::OrganisationId;
use entity::value::{ItemKind, ItemStatus, Level, Provenance};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use super::super::rules::{Content, Theme};
use super::review::TermsIn;

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ThemeIn {
    /// A theme's slug or name
    pub slug: String,
    pub level: Option<Level>,
}

/// A new item; it begins as a draft. Topics, themes, delivery and cost by slug or by name.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct ItemIn {
    /// Made when left out
    #[oai(rename = "ref")]
    pub reference: Option<String>,
    pub kind: ItemKind,
    pub title: String,
    #[oai(default)]
    pub summary: String,
    /// Markdown
    #[oai(default)]
    pub description: String,
    /// The provider by id, or by name in `provider`; may be left out by an editor of one provider
    pub provider_id: Option<OrganisationId>,
    /// A name that is not known makes a new provider, for curators
    pub provider: Option<String>,
    pub url: Option<String>,
    /// How one takes part: whom to write to or to call, or what to do; what is published has this or a `url`
    pub taking_part: Option<String>,
    #[oai(default)]
    pub topics: Vec<String>,
    #[oai(default)]
    pub themes: Vec<ThemeIn>,
    #[oai(default)]
    pub mat_standards: Vec<i32>,
    pub level: Option<Level>,
    #[oai(default)]
    pub audience: String,
    pub delivery: String,
    pub minutes: Option<i32>,
    pub cost: String,
    pub cost_pence: Option<i32>,
    pub scqf_level: Option<i32>,
    pub scqf_credit: Option<i32>,
    #[oai(default = "english")]
    pub language: String,
    pub area: Option<String>,
    pub licence: Option<String>,
    pub validity_months: Option<i32>,
    #[oai(default = "known")]
    pub provenance: Provenance,
    pub review_by: Option<NaiveDate>,
}

fn english() -> String {
    "en".to_owned()
}

fn known() -> Provenance {
    Provenance::Known
}

/// What is to change; what is left out stays, `null` empties.
#[derive(Clone, Debug, Default, Object)]
#[oai(deny_unknown_fields)]
pub struct ItemPatch {
    #[oai(rename = "ref")]
    pub reference: MaybeUndefined<String>,
    pub kind: MaybeUndefined<ItemKind>,
    pub title: MaybeUndefined<String>,
    pub summary: MaybeUndefined<String>,
    pub description: MaybeUndefined<String>,
    pub provider_id: MaybeUndefined<OrganisationId>,
    pub provider: MaybeUndefined<String>,
    pub url: MaybeUndefined<String>,
    pub taking_part: MaybeUndefined<String>,
    pub topics: MaybeUndefined<Vec<String>>,
    pub themes: MaybeUndefined<Vec<ThemeIn>>,
    pub mat_standards: MaybeUndefined<Vec<i32>>,
    pub level: MaybeUndefined<Level>,
    pub audience: MaybeUndefined<String>,
    pub delivery: MaybeUndefined<String>,
    pub minutes: MaybeUndefined<i32>,
    pub cost: MaybeUndefined<String>,
    pub cost_pence: MaybeUndefined<i32>,
    pub scqf_level: MaybeUndefined<i32>,
    pub scqf_credit: MaybeUndefined<i32>,
    pub language: MaybeUndefined<String>,
    pub area: MaybeUndefined<String>,
    pub licence: MaybeUndefined<String>,
    pub validity_months: MaybeUndefined<i32>,
    pub provenance: MaybeUndefined<Provenance>,
    pub review_by: MaybeUndefined<NaiveDate>,
    /// Moves the item: draft, in_review, published, retired
    pub status: MaybeUndefined<ItemStatus>,
    /// Why it is sent back or retired; kept with the change
    pub note: MaybeUndefined<String>,
    /// For a curator who changes what drives compliance: from when it holds; from today when left out
    pub terms: Option<TermsIn>,
}

impl ItemIn {
    /// What it says, apart from reference and provider, which the caller has found.
    pub fn content(self, reference: String, provider: OrganisationId) -> Content {
        let Self {
            reference: _,
            kind,
            title,
            summary,
            description,
            provider_id: _,
            provider: _,
            url,
            taking_part,
            topics,
            themes,
            mat_standards,
            level,
            audience,
            delivery,
            minutes,
            cost,
            cost_pence,
            scqf_level,
            scqf_credit,
            language,
            area,
            licence,
            validity_months,
            provenance,
            review_by,
        } = self;
        Content {
            reference,
            kind,
            title,
            summary,
            description,
            provider,
            url,
            taking_part,
            topics,
            themes: themes.into_iter().map(ThemeIn::theme).collect(),
            mat_standards,
            level,
            audience,
            delivery,
            minutes,
            cost,
            cost_pence,
            scqf_level,
            scqf_credit,
            language,
            area,
            licence,
            validity_months,
            provenance,
            review_by,
        }
    }
}

impl ThemeIn {
    fn theme(self) -> Theme {
        let Self { slug, level } = self;
        Theme { slug, level }
    }
}

impl ItemPatch {
    /// Puts what it says over the content. Provider, status and note are the caller's to look at.
    pub fn put_on(self, content: &mut Content) {
        let Self {
            reference,
            kind,
            title,
            summary,
            description,
            provider_id: _,
            provider: _,
            url,
            taking_part,
            topics,
            themes,
            mat_standards,
            level,
            audience,
            delivery,
            minutes,
            cost,
            cost_pence,
            scqf_level,
            scqf_credit,
            language,
            area,
            licence,
            validity_months,
            provenance,
            review_by,
            status: _,
            note: _,
            terms: _,
        } = self;
        must(&mut content.reference, reference);
        must(&mut content.title, title);
        must(&mut content.summary, summary);
        must(&mut content.description, description);
        must(&mut content.audience, audience);
        must(&mut content.delivery, delivery);
        must(&mut content.cost, cost);
        must(&mut content.language, language);
        must(&mut content.topics, topics);
        must(&mut content.mat_standards, mat_standards);
        may(&mut content.url, url);
        may(&mut content.taking_part, taking_part);
        may(&mut content.level, level);
        may(&mut content.minutes, minutes);
        may(&mut content.cost_pence, cost_pence);
        may(&mut content.scqf_level, scqf_level);
        may(&mut content.scqf_credit, scqf_credit);
        may(&mut content.area, area);
        may(&mut content.licence, licence);
        may(&mut content.validity_months, validity_months);
        may(&mut content.review_by, review_by);
        match themes {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => content.themes.clear(),
            MaybeUndefined::Value(themes) => content.themes = themes.into_iter().map(ThemeIn::theme).collect(),
        }
        if let MaybeUndefined::Value(kind) = kind {
            content.kind = kind;
        }
        if let MaybeUndefined::Value(provenance) = provenance {
            content.provenance = provenance;
        }
    }
}

/// `null` empties; whether it may be empty is for the rules to say.
fn must<T: Default>(into: &mut T, value: MaybeUndefined<T>) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *into = T::default(),
        MaybeUndefined::Value(value) => *into = value,
    }
}

fn may<T>(into: &mut Option<T>, value: MaybeUndefined<T>) {
    match value {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *into = None,
        MaybeUndefined::Value(value) => *into = Some(value),
    }
}
