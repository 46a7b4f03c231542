//! How a text is cleaned, one rule for every way in: composed (NFC), breaks and spaces as one
//! means them, without characters that nobody sees and that carry nothing.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use crate::base::fault::Fault;

/// One line: every break, tab and run of space is one space, none stands around it.
pub fn line(text: &str) -> Result<String, Fault> {
    let kept = visible(text, ' ', " ")?;
    let mut clean = String::with_capacity(kept.len());
    for word in kept.split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(word);
    }
    Ok(clean)
}

/// Several lines: breaks are `\n`, a tab is four spaces, no empty lines stand around it.
pub fn lines(text: &str) -> Result<String, Fault> {
    Ok(visible(text, '\n', "    ")?.trim().to_owned())
}

/// One line of what cannot be refused, such as words of a search: controls become a space.
pub fn tidy(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line(&spaced).unwrap_or_default()
}

fn visible(text: &str, line_break: char, tab: &str) -> Result<String, Fault> {
    let mut kept = String::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\t' => kept.push_str(tab),
            '\r' if letters.peek() == Some(&'\n') => continue,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push(line_break),
            c if c.is_control() => return Err(control(c, &kept)),
            '\u{200c}' | '\u{200d}' => {
                if !joins(c, before, letters.peek().copied()) {
                    continue;
                }
                kept.push(c);
            }
            // the flags of Scotland, England and Wales are a black flag and letters that nobody sees
            '\u{e0020}'..='\u{e007f}' if matches!(before, Some('\u{1f3f4}' | '\u{e0020}'..='\u{e007e}')) => {
                kept.push(c);
            }
            c if carries_nothing(c) => continue,
            c => kept.push(c),
        }
        before = Some(c);
    }
    Ok(if kept.is_ascii() { kept } else { kept.nfc().collect() })
}

fn control(c: char, kept: &str) -> Fault {
    let start = kept.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    let after = kept[start..].trim();
    let mut message = format!("A character stands here that cannot be shown (U+{:04X})", u32::from(c));
    if !after.is_empty() {
        // writing to a String cannot fail
        let _ = write!(message, ", after “{after}”");
    }
    message.push_str(". Type that part again.");
    Fault::new("control_character", message)
}

/// Soft hyphens, zero-width spaces, byte-order marks, fillers, stray tags, and what turns the
/// direction of writing: nobody sees them, and a word with them is not found.
fn carries_nothing(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A joiner or non-joiner means something between letters of scripts that join, and a joiner
/// between emoji.
fn joins(c: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let script = |c: char| {
        matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10a00}'..='\u{11fff}')
    };
    let emoji = |c: char| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    (script(before) && script(after)) || (c == '\u{200d}' && emoji(before) && emoji(after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_and_tabs_within_a_line_become_one_space() {
        for text in
            ["Naloxone\nbasics", "Naloxone\r\n basics", " Naloxone\t\u{a0}basics\u{2028}", "Naloxone\u{b}basics"]
        {
            assert_eq!(line(text).unwrap(), "Naloxone basics", "{text:?}");
        }
        assert_eq!(lines("one\r\ntwo\rthree\n\n  four\n\n").unwrap(), "one\ntwo\nthree\n\n  four");
        assert_eq!(lines("- a\n\t- b").unwrap(), "- a\n    - b");
    }

    #[test]
    fn what_nobody_sees_goes() {
        for text in [
            "Quetz\u{ad}alcoatl",
            "\u{feff}Quetzal\u{200b}coatl",
            "Quetzal\u{200d}coatl\u{2060}",
            "\u{202e}Quetzalcoatl\u{2069}",
        ] {
            assert_eq!(line(text).unwrap(), "Quetzalcoatl", "{text:?}");
        }
        for blank in ["\u{3164}", "\u{200b} \u{ad}", "\u{e0041}", "\u{200f}"] {
            assert_eq!(line(blank).unwrap(), "", "{blank:?}");
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "Zoë 👩🏽‍⚕️",
            "👨‍👩‍👧",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "محمد",
            "می‌خواهم",
            "क्‍ष",
            "O’Neill",
            "Seonaidh NicDhòmhnaill",
            "Łącka",
            "½ day",
        ] {
            assert_eq!(line(text).unwrap(), text);
        }
        assert_eq!(line("Zaz\u{307}o\u{301}łc\u{301}").unwrap(), "Zażółć");
    }

    #[test]
    fn controls_are_refused_with_the_place() {
        for text in ["a\0b", "a\u{1a}", "\u{1b}[31m", "a\u{9f}b", "a\u{7f}"] {
            assert_eq!(line(text).unwrap_err().code, "control_character", "{text:?}");
            assert_eq!(lines(text).unwrap_err().code, "control_character", "{text:?}");
        }
        let fault = line("Naloxone basics\0").unwrap_err();
        assert_eq!(
            fault.message,
            "A character stands here that cannot be shown (U+0000), after “Naloxone basics”. Type that part again."
        );
        assert_eq!(tidy("naloxone\0kit\t\u{ad}"), "naloxone kit");
    }

    proptest! {
        #[test]
        fn clean_text_is_clean(text in "\\PC{0,40}") {
            for clean in [line, lines] {
                if let Ok(once) = clean(&text) {
                    prop_assert_eq!(clean(&once).unwrap(), once);
                }
            }
            prop_assert!(!line(&text).unwrap_or_default().contains("  "));
        }
    }
}
