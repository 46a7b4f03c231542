//! What a person's name and e-mail address look like; the same wherever somebody types them.

use super::error::Fields;
use super::fold::fold;
use super::text::Email;

const LONGEST_NAME: usize = 100;

/// How a name is ordered and searched: family name first, folded.
pub fn name_folded(given_name: &str, family_name: &str) -> String {
    fold(&format!("{family_name} {given_name}"))
}

pub fn check_names(fields: &mut Fields, given_name: &str, family_name: &str) {
    fields.text("given_name", "a first name", given_name, LONGEST_NAME);
    fields.longest("family_name", "the family name", family_name, LONGEST_NAME);
}

pub fn check_email(fields: &mut Fields, email: &str) {
    if let Err(fault) = Email::new(email) {
        fields.push("email", &fault.code, fault.message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_family_name() {
        assert_eq!(name_folded("Sìne", "NicDhòmhnaill"), "nicdhomhnaill sine");
        assert_eq!(name_folded("Björk", ""), "bjork");
    }
}
