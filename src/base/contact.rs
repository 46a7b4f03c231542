//! What a person's name and e-mail address look like; the same wherever somebody types them.

use super::error::Fields;
use super::fold::fold;

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
    let shape = email.split_once('@');
    let right = shape.is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !email.contains(|c: char| c.is_whitespace() || c.is_control())
    });
    if !right {
        fields.push("email", "not_an_email", "Enter an e-mail address, such as name@example.org.");
    }
    fields.longest("email", "the e-mail address", email, 254);
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
