//! What two states of an item differ in.

use entity::value::{Level, Spelled};

use super::rules::Content;

/// One thing that an edit changes, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: &'static str,
    pub from: String,
    pub to: String,
}

/// What differs; the provider is told by whether it is another one, its names are the caller's.
pub fn between(old: &Content, new: &Content) -> Vec<Difference> {
    let (before, after) = (spelled(old), spelled(new));
    before
        .into_iter()
        .zip(after)
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| Difference { field, from, to })
        .collect()
}

fn spelled(content: &Content) -> [(&'static str, String); 25] {
    fn number(value: Option<i32>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let Content {
        reference,
        kind,
        title,
        summary,
        description,
        provider,
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
    } = content;
    let level_text = |level: Option<Level>| level.map(|level| level.spelling().to_owned()).unwrap_or_default();
    let themes: Vec<String> = themes
        .iter()
        .map(|theme| match theme.level {
            Some(level) => format!("{}:{}", theme.slug, level.spelling()),
            None => theme.slug.clone(),
        })
        .collect();
    let standards: Vec<String> = mat_standards.iter().map(ToString::to_string).collect();
    [
        ("ref", reference.clone()),
        ("kind", kind.spelling().to_owned()),
        ("title", title.clone()),
        ("summary", summary.clone()),
        ("description", description.clone()),
        ("provider", provider.to_string()),
        ("url", url.clone().unwrap_or_default()),
        ("taking_part", taking_part.clone().unwrap_or_default()),
        ("topics", topics.join("; ")),
        ("themes", themes.join("; ")),
        ("mat_standards", standards.join("; ")),
        ("level", level_text(*level)),
        ("audience", audience.clone()),
        ("delivery", delivery.clone()),
        ("minutes", number(*minutes)),
        ("cost", cost.clone()),
        ("cost_pence", number(*cost_pence)),
        ("scqf_level", number(*scqf_level)),
        ("scqf_credit", number(*scqf_credit)),
        ("language", language.clone()),
        ("area", area.clone().unwrap_or_default()),
        ("licence", licence.clone().unwrap_or_default()),
        ("validity_months", number(*validity_months)),
        ("provenance", provenance.spelling().to_owned()),
        ("review_by", review_by.map(|date| date.to_string()).unwrap_or_default()),
    ]
}

/// What a proposal makes of an item that may have changed since: the fields that the proposal
/// changes, over what stands.
pub fn merged(base: &Content, proposed: &Content, standing: &Content) -> Result<Content, serde_json::Error> {
    let (base, proposed) = (serde_json::to_value(base)?, serde_json::to_value(proposed)?);
    let mut merged = serde_json::to_value(standing)?;
    for (field, value) in proposed.as_object().into_iter().flatten() {
        if base.get(field) != Some(value) {
            merged[field] = value.clone();
        }
    }
    serde_json::from_value(merged)
}
