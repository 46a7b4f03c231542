//! The order in which people look for names: capitals beside small letters, accents beside plain
//! ones, numbers by their value. A key is plain ASCII where the alphabet has a usual Latin
//! spelling, so that every database sorts it the same way.

use super::fold::fold;

/// Numbers of more digits than this are no numbers.
const MOST_DIGITS: usize = 99;

/// A text to sort by: `Post 2` comes before `Post 10`. Each number is preceded by how many digits
/// it has; what is no letter, digit or space is a space.
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::with_capacity(folded.len() + 8);
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(length);
            let number = number.trim_start_matches('0');
            let digits = &number[..number.len().min(MOST_DIGITS)];
            key.push_str(&format!("{:02}{digits}", digits.len()));
            rest = after;
        } else {
            let plain = if first.is_alphanumeric() { first } else { ' ' };
            if plain != ' ' || !key.ends_with(' ') {
                key.push(plain);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    key.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_order(names: &[&str]) {
        for pair in names.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}: {} {}", key(pair[0]), key(pair[1]));
        }
    }

    #[test]
    fn numbers_by_value_and_letters_by_the_alphabet() {
        in_order(&["Post 1", "Post 2", "post 10", "Post 11", "Post 100", "Post A"]);
        in_order(&["alpha try", "Beta try", "Éire", "Łącka", "Recovery hub", "Żaneta"]);
        in_order(&["Team 2, floor 3", "Team 2, floor 12", "Team 10"]);
        assert_eq!(key("Post 002"), key("post  2"));
        assert_eq!(key("A-1 (north)"), "a 011 north");
    }

    proptest! {
        #[test]
        fn numbers_sort_as_numbers(a in 0u64..u64::MAX, b in 0u64..u64::MAX) {
            prop_assert_eq!(key(&format!("x {a}")).cmp(&key(&format!("x {b}"))), a.cmp(&b));
        }

        #[test]
        fn any_text_has_a_key(text in "\\PC{0,60}") {
            prop_assert!(!key(&text).contains("  "));
        }
    }
}
