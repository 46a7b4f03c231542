//! Whether two entries may be one human: the same address, or a name that one letter, a short
//! form or "Mac" for "Mc" could turn into the other. A doubt is asked, never decided here.

/// Why somebody who is here already may be the one that is being added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    SameEmail,
    SameName,
    NearName,
}

/// Given and family name, folded.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    pub given: &'a str,
    pub family: &'a str,
}

/// Names longer than this are compared by their beginnings.
const COMPARED: usize = 60;
/// From this likeness (0 to 1, Jaro-Winkler) on, a given name may be the other's short form.
const SHORT_FORM: f64 = 0.84;

pub fn likeness(one: Name<'_>, other: Name<'_>) -> Option<Likeness> {
    if (one.given, one.family) == (other.given, other.family) {
        return Some(Likeness::SameName);
    }
    let swapped = Name { given: other.family, family: other.given };
    let both = !one.family.is_empty() && !other.family.is_empty();
    let near = is_near(one, other) || (both && (one.given, one.family) == (swapped.given, swapped.family));
    near.then_some(Likeness::NearName)
}

fn is_near(one: Name<'_>, other: Name<'_>) -> bool {
    let (family, other_family) = (mac(one.family), mac(other.family));
    let (given, other_given) = (beginning(one.given), beginning(other.given));
    family_near(&family, &other_family) && (given_near(&given, &other_given))
}

fn family_near(one: &str, other: &str) -> bool {
    one == other || is_a_slip(one, other)
}

fn given_near(one: &str, other: &str) -> bool {
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    one == other
        || is_a_slip(one, other)
        || initial(one, other)
        || initial(other, one)
        || strsim::jaro_winkler(one, other).max(strsim::jaro_winkler(other, one)) >= SHORT_FORM
}

/// One letter more, less, other or swapped; two in long words.
fn is_a_slip(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    let allowed = match shorter {
        0..=2 => return false,
        3..=7 => 1,
        _ => 2,
    };
    one.len().abs_diff(other.len()) <= 4 * allowed && strsim::osa_distance(one, other) <= allowed
}

/// "mckay", "mackay" and "mac kay" are written for each other.
fn mac(family: &str) -> String {
    let plain: String = beginning(family).chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.strip_prefix("mac").or_else(|| plain.strip_prefix("mc")) {
        Some(rest) if rest.chars().count() > 1 => format!("mc{rest}"),
        _ => plain,
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(COMPARED).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn like(one: (&str, &str), other: (&str, &str)) -> Option<Likeness> {
        likeness(Name { given: one.0, family: one.1 }, Name { given: other.0, family: other.1 })
    }

    #[test]
    fn what_a_hurried_hand_writes_is_near() {
        for (one, other) in [
            (("kate", "reid"), ("katherine", "reid")),
            (("kate", "reid"), ("kaet", "reid")),
            (("isla", "fraser"), ("isla", "frazer")),
            (("ailsa", "mackay"), ("ailsa", "mckay")),
            (("ailsa", "mac kay"), ("ailsa", "mckay")),
            (("j", "reid"), ("john", "reid")),
            (("reid", "kate"), ("kate", "reid")),
            (("chris", "macdonald"), ("christine", "mcdonald")),
        ] {
            assert_eq!(like(one, other), Some(Likeness::NearName), "{one:?} {other:?}");
            assert_eq!(like(other, one), Some(Likeness::NearName), "{other:?} {one:?}");
        }
        assert_eq!(like(("kate", "reid"), ("kate", "reid")), Some(Likeness::SameName));
    }

    #[test]
    fn others_are_not() {
        for (one, other) in [
            (("kate", "reid"), ("morag", "reid")),
            (("kate", "reid"), ("kate", "fraser")),
            (("ian", "kay"), ("ian", "may hew")),
            (("li", "wu"), ("li", "xu")),
            (("mo", ""), ("bo", "")),
        ] {
            assert_eq!(like(one, other), None, "{one:?} {other:?}");
        }
    }

    proptest! {
        #[test]
        fn it_does_not_matter_who_came_first(a in "\\PC{0,12}", b in "\\PC{0,12}", c in "\\PC{0,12}", d in "\\PC{0,12}") {
            prop_assert_eq!(like((&a, &b), (&c, &d)), like((&c, &d), (&a, &b)));
        }
    }
}
