//! From bytes to text: byte-order marks, UTF-16, and the Windows-1252 that older programs still save.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::read::ReadError;

/// Stands where a byte was no letter of the file's encoding.
pub(super) const LOST: char = '\u{fffd}';
/// Slips among the letters; with more, and more than one in a hundred bytes, a file is no text.
const SLIPS: usize = 5;

#[derive(Debug)]
pub(super) struct Decoded {
    pub text: String,
    /// The bytes were not UTF-8 and had no mark: accented letters may have come out wrong.
    pub guessed: bool,
}

/// A few wrong bytes in a file of UTF-8 become [`LOST`], a few control characters stay: both are named
/// at their cells when the rows are read. The end marks of DOS are dropped.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, ReadError> {
    let bytes = match bytes.iter().rposition(|byte| !matches!(byte, 0x1a | 0)) {
        // UTF-16 of plain letters may end in a zero
        Some(last) if Encoding::for_bom(bytes).is_none() && unmarked_utf16(bytes).is_none() => &bytes[..=last],
        _ => bytes,
    };
    let (text, guessed) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (strict(encoding, &bytes[mark..])?, false),
        None => match unmarked_utf16(bytes) {
            Some(encoding) => (strict(encoding, bytes)?, true),
            None => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), false),
                Err(_) if mostly_utf8(bytes) => (String::from_utf8_lossy(bytes).into_owned(), false),
                Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
            },
        },
    };
    let controls = text.chars().filter(|c| c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n')).count();
    if text.contains('\0') || (controls > SLIPS && controls.saturating_mul(100) > text.len()) {
        return Err(ReadError::NotASheet);
    }
    Ok(Decoded { text, guessed })
}

/// Whether letters beyond ASCII are mostly whole UTF-8: then the others are slips, as from a copied line.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    whole > 0 && whole >= wrong
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, ReadError> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(std::borrow::Cow::into_owned)
        .ok_or_else(|| ReadError::Broken(format!("its text is not valid {}", encoding.name())))
}

/// Headers are mostly ASCII, so UTF-16 without a mark shows as a zero in every second byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(200) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if half < 2 => None,
        () if odd * 10 >= half * 8 && even == 0 => Some(UTF_16LE),
        () if even * 10 >= half * 8 && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    }

    #[test]
    fn every_encoding_that_arrives() {
        let text = "name,role\nZoë,nurse\n";
        let windows = b"name,role\nZo\xeb,nurse\n";
        for (bytes, guessed) in [
            (text.as_bytes().to_vec(), false),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), false),
            (utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), false),
            (utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), false),
            (utf16(text, u16::to_le_bytes), true),
            (utf16(text, u16::to_be_bytes), true),
            (windows.to_vec(), true),
        ] {
            let decoded = decode(&bytes).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.guessed), (text, guessed));
        }
    }

    #[test]
    fn a_slip_among_utf8_is_lost_and_the_rest_is_whole() {
        let bytes = b"title\nM\xc3\xb2rag\nS\xc3\xacne\nAlcohol \x96 basics\n\x1a\0";
        let decoded = decode(bytes).unwrap();
        assert_eq!(
            (decoded.text.as_str(), decoded.guessed),
            ("title\nM\u{f2}rag\nS\u{ec}ne\nAlcohol \u{fffd} basics\n", false)
        );
        let tab = format!("title\n{}\nBad\u{b}tab\n", "a good row\n".repeat(20));
        assert!(decode(tab.as_bytes()).unwrap().text.contains('\u{b}'), "named at its cell, not here");
    }

    #[test]
    fn a_picture_is_not_text() {
        assert!(matches!(decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(ReadError::NotASheet)));
    }
}
