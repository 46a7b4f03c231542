//! What an item says, what it must be to be kept, and how it moves through its life.

use chrono::NaiveDate;
use entity::id::OrganisationId;
use entity::value::{ItemKind, ItemStatus, Level, Provenance};
use serde::{Deserialize, Serialize};

use super::words::{Hints, an_area, term};
use crate::base::error::{ApiError, Fields};
use crate::base::fold::tidy;

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
    /// How one takes part: whom to write to or to call, or what to do
    #[serde(default)]
    pub taking_part: Option<String>,
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

/// Words of one list that are looked at: several times what may be kept.
const MOST_WORDS: usize = 60;

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
    /// What is shown to everybody must not be a dead end.
    pub fn check_public(&self) -> Result<(), ApiError> {
        if self.url.is_some() || self.taking_part.is_some() {
            return Ok(());
        }
        let message = "Enter a web address, or how people take part: whom they write to or call, or what they do.";
        Err(ApiError::field("taking_part", "missing", message))
    }

    /// Whether both drive compliance in the same way.
    pub fn has_terms_of(&self, other: &Self) -> bool {
        (self.validity_months, self.level) == (other.validity_months, other.level)
            && (&self.themes, &self.mat_standards) == (&other.themes, &other.mat_standards)
    }

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
            taking_part: None,
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

    /// Cleans texts, puts lists in order and words into their slugs, gives themes without a level the
    /// item's own; then says what is wrong.
    pub fn settle(&mut self, hints: &mut Hints) -> Result<(), ApiError> {
        for line in [&mut self.reference, &mut self.title, &mut self.summary, &mut self.audience] {
            *line = tidy(line);
        }
        self.description = tidy_block(&self.description);
        for line in [&mut self.url, &mut self.taking_part, &mut self.licence] {
            *line = line.as_deref().map(tidy).filter(|text| !text.is_empty());
        }
        self.language = tidy(&self.language).to_lowercase();
        let mut fields = Fields::default();
        self.check_words(&mut fields, hints);
        self.check_texts(&mut fields);
        self.check_numbers(&mut fields);
        fields.check()
    }

    fn check_words(&mut self, fields: &mut Fields, hints: &mut Hints) {
        let counts = [
            (self.topics.len(), "topics", MOST_WORDS),
            (self.themes.len(), "themes", MOST_WORDS),
            (self.mat_standards.len(), "mat_standards", MOST_WORDS),
        ];
        for (_, field, _) in counts.into_iter().filter(|(count, _, most)| count > most) {
            fields.push(field, "too_many", format!("Enter at most {MOST_WORDS}."));
        }
        // more than could be meant: what would be dropped anyway is not looked up
        self.topics.truncate(MOST_WORDS);
        self.themes.truncate(MOST_WORDS);
        self.mat_standards.truncate(MOST_WORDS);
        let mut settle = |field: &str, vocabulary: &'static str, text: &mut String| match term(vocabulary, text, hints)
        {
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
        for theme in &mut self.themes {
            theme.level = theme.level.or(self.level);
        }
        self.topics.sort();
        self.topics.dedup();
        self.themes.sort();
        self.themes.dedup_by(|a, b| a.slug == b.slug);
        self.mat_standards.sort_unstable();
        self.mat_standards.dedup();
        if let Some(text) = self.area.take().filter(|text| !text.trim().is_empty()) {
            match an_area(&text, hints) {
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
        if let Some(text) = &self.taking_part {
            fields.longest("taking_part", "how to take part", text, 300);
        }
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

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
