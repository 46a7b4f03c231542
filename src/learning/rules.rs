//! The rules of completions, pure: how far one is trusted, who may raise that, and which dates can
//! be true. How long one is valid is the status engine's to say, and told on here.

use crate::base::day::in_words;
use chrono::{Datelike, Days, NaiveDate};
use entity::id::OrganisationId;
use entity::value::{Assurance, Verdict};
pub use status::validity::{Holding, WINDOW_DAYS, days_left, holding, rank, valid_through};

/// Nothing before this is believed; a typing slip far more likely than a record.
pub const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1950, 1, 1).expect("a day of the calendar");
/// Youngest age at which a completion can have been earned.
pub const YOUNGEST: i32 = 14;

/// Who raises the assurance of a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confirmer {
    /// Manager of a service where the person is appointed
    Manager,
    /// Employer of the person
    Employer,
    /// Provider of the item
    Provider,
}

impl Confirmer {
    /// The rung of the ladder that this confirmer may raise a completion to.
    pub fn rung(self) -> Assurance {
        match self {
            Self::Manager => Assurance::ManagerConfirmed,
            Self::Employer => Assurance::EmployerVerified,
            Self::Provider => Assurance::ProviderIssued,
        }
    }
}

/// Which organisation says something of a completion, and through whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    pub confirmer: Confirmer,
    pub organisation: OrganisationId,
}

/// What an organisation says of a completion, as far as it has not been taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    pub organisation: OrganisationId,
    pub verdict: Verdict,
    pub rung: Assurance,
}

/// How far a completion is trusted: its own evidence, or the best that organisations vouch for.
/// One that rejects it does not vouch for it, whatever it confirmed before.
pub fn trust(has_evidence: bool, said: &[Said]) -> Assurance {
    let vouched = said.iter().filter(|one| one.verdict == Verdict::Confirmed && !refuses(said, one.organisation));
    vouched.map(|one| one.rung).fold(own_assurance(has_evidence), Assurance::max)
}

/// Whether an organisation has confirmed a completion.
pub fn vouches(said: &[Said], organisation: OrganisationId) -> bool {
    said.iter().any(|one| one.organisation == organisation && one.verdict == Verdict::Confirmed)
}

/// Whether anybody vouches for it: one that rejects it does not, whatever it confirmed before.
pub fn is_vouched(said: &[Said]) -> bool {
    said.iter().any(|one| one.verdict == Verdict::Confirmed && !refuses(said, one.organisation))
}

/// Whether an organisation does not accept a completion.
pub fn refuses(said: &[Said], organisation: OrganisationId) -> bool {
    refusal(said, organisation).is_some()
}

/// The weight of an organisation's rejection.
fn refusal(said: &[Said], organisation: OrganisationId) -> Option<Assurance> {
    let own = said.iter().filter(|one| one.organisation == organisation && one.verdict == Verdict::Rejected);
    own.map(|one| one.rung).max()
}

/// Whether a confirmation would add to what is trusted: the organisation has not vouched as far
/// itself, and the provider has not said so already. A rejection of the organisation's own ends with
/// it, unless its word weighs more.
pub fn may_confirm(voice: Voice, said: &[Said]) -> bool {
    match refusal(said, voice.organisation) {
        Some(rung) => rung <= voice.confirmer.rung(),
        None => heaviest(voice.organisation, said).is_none_or(|rung| rung < voice.confirmer.rung()),
    }
}

/// Whether an organisation may reject through this confirmer: nobody goes against a word of their
/// own organisation, or of the provider, that weighs more than theirs. Others' trust is not touched.
pub fn may_reject(voice: Voice, said: &[Said]) -> bool {
    !refuses(said, voice.organisation)
        && heaviest(voice.organisation, said).is_none_or(|rung| rung <= voice.confirmer.rung())
}

/// The heaviest confirmation that binds an organisation: its own or the provider's.
fn heaviest(organisation: OrganisationId, said: &[Said]) -> Option<Assurance> {
    let binding = said.iter().filter(|one| {
        one.verdict == Verdict::Confirmed && (one.organisation == organisation || one.rung == Assurance::ProviderIssued)
    });
    binding.map(|one| one.rung).max()
}

/// Whether somebody may take back what was said: people of the same organisation whose word weighs as much.
pub fn may_take_back(voice: Voice, said: Said) -> bool {
    said.organisation == voice.organisation && said.rung <= voice.confirmer.rung()
}

/// Whether somebody other than the owner has vouched for a completion.
pub fn is_confirmed(assurance: Assurance) -> bool {
    assurance >= Assurance::ManagerConfirmed
}

/// Where a completion starts, or falls back to when its last evidence is removed.
pub fn own_assurance(has_evidence: bool) -> Assurance {
    if has_evidence { Assurance::EvidenceAttached } else { Assurance::SelfDeclared }
}

/// Why a completion date cannot be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    Future,
    /// Before the birthday on which the person turned 14
    TooYoung(NaiveDate),
    TooEarly,
}

/// Holds a completion date against today (in Scotland) and the person's birth date if known.
pub fn check_date(
    completed_on: NaiveDate,
    today: NaiveDate,
    date_of_birth: Option<NaiveDate>,
) -> Result<(), DateFault> {
    if completed_on > today {
        return Err(DateFault::Future);
    }
    if completed_on < EARLIEST {
        return Err(DateFault::TooEarly);
    }
    match date_of_birth.map(|born| birthday(born, YOUNGEST)) {
        Some(birthday) if completed_on < birthday => Err(DateFault::TooYoung(birthday)),
        _ => Ok(()),
    }
}

/// The day on which somebody turns `age`. Who was born on 29 February has it on 1 March in other
/// years (Age of Legal Capacity (Scotland) Act 1991, section 6(2)).
fn birthday(born: NaiveDate, age: i32) -> NaiveDate {
    let year = born.year() + age;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// Why a completion is valid for as long as it is, in words.
pub fn explain(completed_on: NaiveDate, validity_months: Option<u32>, fixed_expiry: Option<NaiveDate>) -> String {
    let completed = in_words(completed_on);
    if let Some(last) = fixed_expiry {
        return format!(
            "Completed on {completed}. The provider gave it a fixed end, so it is valid through {}.",
            in_words(last)
        );
    }
    let (Some(months), Some(last)) = (validity_months, valid_through(completed_on, validity_months, None)) else {
        return format!("Completed on {completed}. It does not expire.");
    };
    let span = if months == 1 { "1 month".to_owned() } else { format!("{months} months") };
    let anniversary = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let clamped = if anniversary.day() == completed_on.day() {
        String::new()
    } else {
        format!(" ({} has no day {})", anniversary.format("%B %Y"), completed_on.day())
    };
    format!("Completed on {completed} and valid for {span}{clamped}: the last valid day is {}.", in_words(last))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
