//! What a file of evidence is called: readable, short, with the ending of what it is.

use crate::base::fold::tidy;
use crate::files::MediaType;

/// Endings that files of these kinds have, or that say of a file that it is another kind than it is.
const ENDINGS: [&str; 34] = [
    "pdf", "png", "jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp", "heic", "heif", "gif", "bmp", "tif", "tiff", "webp",
    "svg", "doc", "docx", "odt", "rtf", "txt", "xls", "xlsx", "ppt", "pptx", "htm", "html", "xml", "zip", "exe", "com",
    "bat", "js", "php",
];
/// Longest name without its ending, in characters.
const LONGEST: usize = 80;

/// The last part of what the browser called it, with the ending of what it is.
pub fn file_name(given: &str, media: MediaType) -> String {
    let given = unescaped(given);
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let tidied = tidy(last);
    let stem = match tidied.rsplit_once('.') {
        Some((stem, ending)) if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) => stem,
        _ => &tidied,
    };
    let kept: String = stem.chars().filter(|c| !is_treacherous(*c)).take(LONGEST).collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem = kept.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "evidence" } else { stem };
    format!("{stem}.{}", media.extension())
}

/// Browsers write quotes and breaks in a form's file names as these (HTML, multipart/form-data);
/// other signs of percent stand for themselves.
fn unescaped(given: &str) -> String {
    given.replace("%22", "\"").replace("%0D", " ").replace("%0A", " ").replace("%0d", " ").replace("%0a", " ")
}

/// What has a meaning in a header or a file system, or turns the direction of writing.
fn is_treacherous(c: char) -> bool {
    matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | ';' | '%' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `attachment` with the name for old and new browsers (RFC 6266).
pub fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let encoded = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            text.push(char::from(byte));
        } else {
            use std::fmt::Write as _;
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_what_it_is() {
        for (given, name) in [
            ("certificate.pdf", "certificate.pdf"),
            ("certificate.exe", "certificate.pdf"),
            ("card.jfif", "card.pdf"),
            ("Level 1.5 award", "Level 1.5 award.pdf"),
            ("Level 1.5 award.pdf", "Level 1.5 award.pdf"),
            ("v1.2", "v1.2.pdf"),
            ("say %22hi%22.pdf", "say hi.pdf"),
            ("100% attendance.pdf", "100 attendance.pdf"),
            ("two%0D%0Alines.pdf", "two lines.pdf"),
            ("C:\\fakepath\\Naloxone 2026.PDF", "Naloxone 2026.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("a\"; filename=\"evil.html", "a filename=evil.pdf"),
            ("gpj.\u{202e}exe.pdf", "gpj.exe.pdf"),
            ("", "evidence.pdf"),
            ("...", "evidence.pdf"),
        ] {
            assert_eq!(file_name(given, MediaType::Pdf), name, "{given:?}");
        }
    }

    #[test]
    fn names_travel_in_both_spellings() {
        assert_eq!(
            disposition("Teisteanas à.pdf"),
            "attachment; filename=\"Teisteanas _.pdf\"; filename*=UTF-8''Teisteanas%20%C3%A0.pdf"
        );
    }
}
