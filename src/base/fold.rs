//! Folding text for comparison: case, accents and runs of space do not matter. The databases'
//! own ways of comparing differ, so what is compared in SQL is kept folded in a column.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

use super::text;

/// Moves on with every change of what [`fold`] or [`email`] give: columns that hold folded text
/// are folded again at the next start.
pub const VERSION: i32 = 1;

/// Lower case, plain letters for those of the Latin, Greek, Cyrillic, Armenian and Georgian
/// alphabets, one space for runs of it. Other scripts have no one spelling in Latin letters:
/// different names would fall together, so they stay as they are.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return spaced(&text.to_ascii_lowercase());
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text::tidy(text).nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase) {
        match plain(letter) {
            // signs that only soften a letter are no letters of ours
            Some(plain) if letter.is_alphabetic() && letter != '\u{2bc}' => {
                folded.extend(plain.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase));
            }
            Some(plain) => folded.push_str(plain),
            None if is_accent(letter) => {}
            None => folded.push(letter),
        }
    }
    spaced(&folded.nfc().collect::<String>())
}

/// An e-mail address for comparison: case does not matter. Accents do: they make another address.
pub fn email(text: &str) -> String {
    text::tidy(text).to_lowercase().nfc().collect()
}

fn spaced(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// How it is spelled in plain letters.
fn plain(letter: char) -> Option<&'static str> {
    let spelled = match letter {
        '\0'..='\u{7f}' => false,
        // not the at sign that the library has for it
        '\u{259}' => return Some("e"),
        // dashes, quotation marks, the ellipsis
        '\u{2bc}' | '\u{2010}'..='\u{201f}' | '\u{2026}' | '\u{2032}'..='\u{2037}' | '\u{2044}' | '\u{2212}' => true,
        '\u{80}'..='\u{2af}'
        | '\u{370}'..='\u{58f}'
        | '\u{10a0}'..='\u{10ff}'
        | '\u{1c80}'..='\u{1cbf}'
        | '\u{1d00}'..='\u{1dbf}'
        | '\u{1e00}'..='\u{1fff}'
        | '\u{2c60}'..='\u{2c7f}'
        | '\u{2d00}'..='\u{2d2f}'
        | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}'
        | '\u{a720}'..='\u{a7ff}'
        | '\u{ab30}'..='\u{ab6f}' => letter.is_alphabetic(),
        _ => false,
    };
    if spelled { deunicode_char(letter) } else { None }
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// A LIKE pattern that finds the folded text anywhere; `\` is the escape character.
pub fn like_anywhere(text: &str) -> String {
    format!("%{}%", like_escaped(&fold(text)))
}

/// The text as it stands, as a part of a LIKE pattern; `\` is the escape character.
pub fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// One line of what cannot be refused; what is stored comes through the types of `base::text`.
pub fn tidy(text: &str) -> String {
    text::tidy(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        assert_eq!(fold("  Sìne\u{a0} NicDhòmhnaill "), "sine nicdhomhnaill");
        assert_eq!(fold("e\u{301}"), "e");
        assert_eq!(fold("O\u{2019}Neill"), "o'neill");
        assert_eq!(like_anywhere("50%_"), "%50\\%\\_%");
    }

    #[test]
    fn every_alphabet_with_a_usual_latin_spelling() {
        for (text, folded) in [
            ("Żaneta Łącka", "zaneta lacka"),
            ("Świątek", "swiatek"),
            ("Ŵyn Ŷstrad", "wyn ystrad"),
            ("Ștefan Țurcanu", "stefan turcanu"),
            ("Dvořák Šťastný", "dvorak stastny"),
            ("IĞDIR İzmir ılık", "igdir izmir ilik"),
            ("Straße STRASSE Æsop Øre Þór Đorđe", "strasse strasse aesop ore thor dorde"),
            ("Ünlü Nguyễn", "unlu nguyen"),
            ("Αθήνα", "athena"),
            ("Иванова Гоголь", "ivanova gogol"),
            ("Əliyev", "eliyev"),
            ("ﬁnance", "finance"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&text.nfd().collect::<String>()), folded, "{text} decomposed");
        }
        assert_eq!(fold("محمد 北京"), "محمد 北京");
        assert_ne!(fold("北京"), fold("背景"));
    }

    #[test]
    fn addresses_differ_by_their_accents_and_not_by_how_these_are_typed() {
        assert_eq!(email(" Zw\u{200b}@Example.org"), "zw@example.org");
        assert_eq!(email("cafe\u{301}@example.org"), email("café@example.org"));
        assert_ne!(email("café@example.org"), email("cafe@example.org"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), once);
        }
    }
}
