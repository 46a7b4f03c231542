//! The rules of primary suppression: which single figures must not be shown.
//!
//! Sources: `domain.md` 4.1 (PHS Statistical Disclosure Control Protocol v2.1; NES disclosure
//! policy; thresholds commonly used in UK official statistics). All numbers are configuration,
//! and the version goes into the manifest of every release.

/// Why a figure is not shown. For the manifest only: a reader must never be told which of
/// these hid a cell, because "small count" would say that the value is 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A count of 1 to 4 (1 to 9 on a special-category dimension), or its complement.
    SmallCount,
    /// Fewer than three employers stand behind the figure.
    TooFewEmployers,
    /// One employer holds more than 85 % of the figure.
    DominantEmployer,
    /// A share of fewer than 10 people (20 on a special-category dimension).
    SmallBase,
    /// 0 % or 100 % of a small group says something about each of its members.
    AllOrNothing,
    /// An earlier release hid this figure; showing it now would undo that.
    EarlierRelease,
    /// Not disclosive in itself: shown, it would reveal one that is.
    Complementary,
}

impl Reason {
    /// The word used in manifests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SmallCount => "small_count",
            Self::TooFewEmployers => "too_few_employers",
            Self::DominantEmployer => "dominant_employer",
            Self::SmallBase => "small_base",
            Self::AllOrNothing => "all_or_nothing",
            Self::EarlierRelease => "earlier_release",
            Self::Complementary => "complementary",
        }
    }
}

/// One threshold for ordinary dimensions and one for special-category ones
/// (UK GDPR article 9; lived experience is treated as such).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    pub ordinary: u64,
    pub special: u64,
}

impl Threshold {
    pub const fn of(self, special: bool) -> u64 {
        if special { self.special } else { self.ordinary }
    }
}

/// The thresholds in force, with the version that manifests name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub version: String,
    /// Counts from 1 up to and including this are hidden.
    pub small_count: Threshold,
    /// A share needs at least this many people beneath the line.
    pub base: Threshold,
    /// 0 % and 100 % are hidden when fewer people than this stand beneath the line.
    pub all_or_nothing_below: Threshold,
    /// An area figure needs at least this many employers.
    pub employers: usize,
    /// No employer may hold more than this share of an area figure.
    pub dominance_percent: u64,
    /// What a reader can work out about any hidden cell must leave `highest - lowest` at least
    /// this wide.
    pub span: u64,
    /// How many dimensions a question may cross.
    pub dimensions: usize,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            version: "2026.1".to_owned(),
            small_count: Threshold { ordinary: 4, special: 9 },
            base: Threshold { ordinary: 10, special: 20 },
            all_or_nothing_below: Threshold { ordinary: 20, special: 40 },
            employers: 3,
            dominance_percent: 85,
            span: 3,
            dimensions: 3,
        }
    }
}

impl Rule {
    /// Is this count of people too small to show? A true zero is not.
    pub fn sensitive_count(&self, count: u64, special: bool) -> Option<Reason> {
        (1..=self.small_count.of(special)).contains(&count).then_some(Reason::SmallCount)
    }

    /// Does the figure say too much about one employer? `contributions` holds what each employer
    /// adds to it; employers that add nothing do not count.
    pub fn dominance(&self, contributions: &[u64]) -> Option<Reason> {
        let total: u128 = contributions.iter().map(|&part| u128::from(part)).sum();
        let largest = u128::from(contributions.iter().copied().max().unwrap_or(0));
        if total == 0 {
            None
        } else if contributions.iter().filter(|&&part| part > 0).count() < self.employers {
            Some(Reason::TooFewEmployers)
        } else if largest * 100 > total * u128::from(self.dominance_percent) {
            Some(Reason::DominantEmployer)
        } else {
            None
        }
    }

    /// May `numerator` of `base` people be shown, as a number or as a percentage? A base of zero
    /// has no share (`[z]`) and nothing to hide.
    pub fn sensitive_share(&self, numerator: u64, base: u64, special: bool) -> Option<Reason> {
        let rest = base.saturating_sub(numerator);
        if base == 0 {
            None
        } else if base < self.base.of(special) {
            Some(Reason::SmallBase)
        } else if (numerator == 0 || rest == 0) && base < self.all_or_nothing_below.of(special) {
            Some(Reason::AllOrNothing)
        } else {
            self.sensitive_count(numerator, special).or_else(|| self.sensitive_count(rest, special))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_one_to_four_are_sensitive_and_to_nine_on_special_dimensions() {
        let rule = Rule::default();
        let hidden = |special| (0..=11).filter(|&n| rule.sensitive_count(n, special).is_some()).collect::<Vec<_>>();
        assert_eq!(hidden(false), [1, 2, 3, 4]);
        assert_eq!(hidden(true), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn dominance_needs_three_employers_and_none_above_85_percent() {
        let rule = Rule::default();
        assert_eq!(rule.dominance(&[]), None);
        assert_eq!(rule.dominance(&[0, 0]), None);
        assert_eq!(rule.dominance(&[50, 50]), Some(Reason::TooFewEmployers));
        assert_eq!(rule.dominance(&[50, 50, 0]), Some(Reason::TooFewEmployers));
        assert_eq!(rule.dominance(&[85, 10, 5]), None);
        assert_eq!(rule.dominance(&[86, 9, 5]), Some(Reason::DominantEmployer));
        assert_eq!(rule.dominance(&[u64::MAX, 1, 1]), Some(Reason::DominantEmployer));
    }

    #[test]
    fn shares_need_a_base_and_are_neither_all_nor_nothing_in_a_small_group() {
        let rule = Rule::default();
        assert_eq!(rule.sensitive_share(0, 0, false), None);
        assert_eq!(rule.sensitive_share(5, 9, false), Some(Reason::SmallBase));
        assert_eq!(rule.sensitive_share(5, 10, false), None);
        assert_eq!(rule.sensitive_share(0, 19, false), Some(Reason::AllOrNothing));
        assert_eq!(rule.sensitive_share(19, 19, false), Some(Reason::AllOrNothing));
        assert_eq!(rule.sensitive_share(0, 20, false), None);
        assert_eq!(rule.sensitive_share(20, 20, false), None);
        assert_eq!(rule.sensitive_share(4, 30, false), Some(Reason::SmallCount));
        assert_eq!(rule.sensitive_share(26, 30, false), Some(Reason::SmallCount));
        assert_eq!(rule.sensitive_share(10, 19, true), Some(Reason::SmallBase));
        assert_eq!(rule.sensitive_share(10, 20, true), None);
        assert_eq!(rule.sensitive_share(9, 60, true), Some(Reason::SmallCount));
    }
}
