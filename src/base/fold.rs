//! Folding text for comparison: case, accents and runs of space do not matter.
//! SQLite's LIKE and PostgreSQL's differ, so what is compared in SQL is kept folded in a column.

/// Lower case, Latin accents removed, white space runs to one space, trimmed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase).filter_map(unaccented));
    }
    folded
}

/// A LIKE pattern that finds the folded text anywhere; `\` is the escape character.
pub fn like_anywhere(text: &str) -> String {
    format!("%{}%", like_escaped(&fold(text)))
}

/// The text as it stands, as a part of a LIKE pattern; `\` is the escape character.
pub fn like_escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// What a person types around: zero-width and control characters carry no meaning in a name.
pub fn tidy(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() && *c != '\u{feff}').collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unaccented(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ç' => 'c',
        'ñ' => 'n',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        assert_eq!(fold("  Sìne\u{a0} NicDhòmhnaill "), "sine nicdhomhnaill");
        assert_eq!(fold("e\u{301}"), "e");
        assert_eq!(like_anywhere("50%_"), "%50\\%\\_%");
    }
}
