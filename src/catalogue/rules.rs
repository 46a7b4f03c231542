//! What an item says, what it must be to be kept, and how it moves through its life.

use chrono::NaiveDate;
use entity::id::OrganisationId;
use entity::value::{ItemKind, ItemStatus, Level, Provenance, Spelled};
use serde::{Deserialize, Serialize};

use crate::base::error::{ApiError, Fields};
use crate::base::fold::tidy;
use crate::reference::area::{self, Area};
use crate::reference::lookup::Lookup;
use crate::reference::vocabulary::{self, Term};

/// Everything that an item says, apart from its life: ids are slugs of the vocabularies. Written down
/// beside an import, so that it can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub reference: String,
    pub kind: ItemKind,
    pub title: String,
    pub summary: String,
    pub description: String,
    pub provider: OrganisationId,
    pub url: Option<String>,
    pub topics: Vec<String>,
    pub themes: Vec<Theme>,
    pub mat_standards: Vec<i32>,
    pub level: Option<Level>,
    pub audience: String,
    pub delivery: String,
    pub minutes: Option<i32>,
    pub cost: String,
    pub cost_pence: Option<i32>,
    pub scqf_level: Option<i32>,
    pub scqf_credit: Option<i32>,
    pub language: String,
    pub area: Option<String>,
    pub licence: Option<String>,
    pub validity_months: Option<i32>,
    pub provenance: Provenance,
    pub review_by: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Theme {
    pub slug: String,
    pub level: Option<Level>,
}

/// A word that no vocabulary has, with what would be right.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    pub right: String,
}

/// Languages of learning offered in Scotland; British Sign Language by its ISO 639-3 code.
pub const LANGUAGES: [(&str, &str); 8] = [
    ("en", "English"),
    ("gd", "Gaelic"),
    ("bfi", "British Sign Language"),
    ("sco", "Scots"),
    ("pl", "Polish"),
    ("uk", "Ukrainian"),
    ("ar", "Arabic"),
    ("ur", "Urdu"),
];

impl Content {
    /// A new item before anyone has said anything of it.
    pub fn empty(reference: String, provider: OrganisationId) -> Self {
        Self {
            reference,
            kind: ItemKind::Module,
            title: String::new(),
            summary: String::new(),
            description: String::new(),
            provider,
            url: None,
            topics: Vec::new(),
            themes: Vec::new(),
            mat_standards: Vec::new(),
            level: None,
            audience: String::new(),
            delivery: String::new(),
            minutes: None,
            cost: String::new(),
            cost_pence: None,
            scqf_level: None,
            scqf_credit: None,
            language: "en".to_owned(),
            area: None,
            licence: None,
            validity_months: None,
            provenance: Provenance::Known,
            review_by: None,
        }
    }

    /// Cleans texts, puts lists in order and words into their slugs; then says what is wrong.
    pub fn settle(&mut self) -> Result<(), ApiError> {
        for line in [&mut self.reference, &mut self.title, &mut self.summary, &mut self.audience] {
            *line = tidy(line);
        }
        self.description = tidy_block(&self.description);
        for line in [&mut self.url, &mut self.licence] {
            *line = line.as_deref().map(tidy).filter(|text| !text.is_empty());
        }
        self.language = tidy(&self.language).to_lowercase();
        let mut fields = Fields::default();
        self.check_words(&mut fields);
        self.check_texts(&mut fields);
        self.check_numbers(&mut fields);
        fields.check()
    }

    fn check_words(&mut self, fields: &mut Fields) {
        let mut settle = |field: &str, vocabulary: &str, text: &mut String| match term(vocabulary, text) {
            Ok(term) => text.clone_from(&term.slug),
            Err(unknown) if text.trim().is_empty() => fields.push(field, "missing", unknown.right),
            Err(unknown) => fields.push(field, "unknown_value", unknown.say(text)),
        };
        settle("delivery", "delivery", &mut self.delivery);
        settle("cost", "cost", &mut self.cost);
        for topic in &mut self.topics {
            settle("topics", "topic", topic);
        }
        for theme in &mut self.themes {
            settle("themes", "theme", &mut theme.slug);
        }
        self.topics.sort();
        self.topics.dedup();
        self.themes.sort();
        self.themes.dedup_by(|a, b| a.slug == b.slug);
        self.mat_standards.sort_unstable();
        self.mat_standards.dedup();
        if let Some(text) = self.area.take().filter(|text| !text.trim().is_empty()) {
            match an_area(&text) {
                Ok(area) => self.area = Some(area.slug.clone()),
                Err(unknown) => fields.push("area", "unknown_value", unknown.say(&text)),
            }
        }
    }

    fn check_texts(&self, fields: &mut Fields) {
        fields.text("ref", "a reference", &self.reference, 60);
        if !self.reference.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            let message = "A reference has letters, digits, full stops, hyphens and underscores only.";
            fields.push("ref", "not_a_reference", message);
        }
        fields.text("title", "a title", &self.title, 200);
        fields.longest("summary", "the summary", &self.summary, 500);
        fields.longest("description", "the description", &self.description, 20_000);
        fields.longest("audience", "the audience", &self.audience, 200);
        if let Some(licence) = &self.licence {
            fields.longest("licence", "the licence", licence, 100);
        }
        if let Some(url) = &self.url
            && !is_web_address(url)
        {
            fields.push("url", "not_a_url", "Enter a web address that begins with https:// or http://.");
        }
        if !LANGUAGES.iter().any(|(code, _)| *code == self.language) {
            let codes: Vec<_> = LANGUAGES.iter().map(|(code, label)| format!("{code} ({label})")).collect();
            fields.push("language", "unknown_value", format!("Choose one of {}.", codes.join(", ")));
        }
        for (count, field, most) in [(self.topics.len(), "topics", 12), (self.themes.len(), "themes", 5)] {
            if count > most {
                fields.push(field, "too_many", format!("Choose at most {most}."));
            }
        }
    }

    fn check_numbers(&self, fields: &mut Fields) {
        if matches!(self.cost.as_str(), "free" | "free_to_sector") && self.cost_pence.is_some_and(|pence| pence > 0) {
            fields.push("cost_pence", "not_free", "What is free has no price: leave it out, or choose another cost.");
        }
        let ranges = [
            ("minutes", self.minutes, 1, 200_000),
            ("cost_pence", self.cost_pence, 0, 10_000_000),
            ("scqf_level", self.scqf_level, 1, 12),
            ("scqf_credit", self.scqf_credit, 1, 600),
            ("validity_months", self.validity_months, 1, 600),
        ];
        let standards = self.mat_standards.iter().map(|number| ("mat_standards", Some(*number), 1, 10));
        for (field, number, least, most) in ranges.into_iter().chain(standards) {
            if number.is_some_and(|number| !(least..=most).contains(&number)) {
                fields.push(field, "out_of_range", format!("Enter a whole number from {least} to {most}."));
            }
        }
    }
}

impl Unknown {
    fn say(&self, seen: &str) -> String {
        let seen: String = seen.chars().take(60).collect();
        format!("“{seen}” is not known here. {}", self.right)
    }
}

/// A vocabulary's term by slug, label or another name.
pub fn term(vocabulary: &str, text: &str) -> Result<&'static Term, Unknown> {
    let nothing = || Unknown { right: String::new() };
    let list = vocabulary::get(vocabulary).ok_or_else(nothing)?;
    match list.find(text) {
        Lookup::Found(term) => Ok(term),
        Lookup::DidYouMean(term) => Err(Unknown { right: format!("Did you mean {} ({})?", term.slug, term.label) }),
        Lookup::Unknown if list.terms.len() <= 16 => {
            let slugs: Vec<_> = list.terms.iter().map(|term| term.slug.as_str()).collect();
            Err(Unknown { right: format!("Choose one of {}.", slugs.join(", ")) })
        }
        Lookup::Unknown => Err(Unknown { right: format!("See the list of {} for what fits.", list.label) }),
    }
}

fn an_area(text: &str) -> Result<&'static Area, Unknown> {
    use entity::value::AreaKind::{Adp, Council, HealthBoard, Scotland};
    if let Some(area) = area::all().get(text.trim()) {
        return Ok(area);
    }
    let mut near = None;
    for kind in [Council, Adp, HealthBoard, Scotland] {
        match area::all().find(kind, text) {
            Lookup::Found(area) => return Ok(area),
            Lookup::DidYouMean(area) => near = near.or(Some(area)),
            Lookup::Unknown => {}
        }
    }
    let right = near.map_or_else(
        || "Enter a health board, council or ADP, such as council-fife.".to_owned(),
        |area| format!("Did you mean {} ({})?", area.slug, area.name),
    );
    Err(Unknown { right })
}

/// Text of several lines: line ends as `\n`, no other control characters.
fn tidy_block(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    kept.trim().to_owned()
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    url.len() <= 2000
        && !url.contains(|c: char| c.is_whitespace() || "\"<>\\^`{|}".contains(c))
        && host.is_some_and(|host| host.contains('.') && !host.contains('@') && !host.starts_with('.'))
}

/// Where an item may go from here, for a curator or for the provider whose item it is.
pub fn moves(from: ItemStatus, curator: bool) -> &'static [ItemStatus] {
    use ItemStatus::{Draft, InReview, Published, Retired};
    match (from, curator) {
        (Draft, true) => &[InReview, Published],
        (Draft, false) => &[InReview],
        (InReview, true) => &[Published, Draft],
        (InReview, false) => &[Draft],
        (Published, true) => &[Retired],
        (Retired, true) => &[Published, Draft],
        (Published | Retired, false) => &[],
    }
}

/// One thing that an edit changes, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: &'static str,
    pub from: String,
    pub to: String,
}

/// What differs; the provider is told by whether it is another one, its names are the caller's.
pub fn differences(old: &Content, new: &Content) -> Vec<Difference> {
    let (before, after) = (spelled(old), spelled(new));
    before
        .into_iter()
        .zip(after)
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| Difference { field, from, to })
        .collect()
}

fn spelled(content: &Content) -> [(&'static str, String); 24] {
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

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
