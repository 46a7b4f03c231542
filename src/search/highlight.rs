//! Which parts of a title and summary matched, as segments of text: never as markup, so that
//! nothing an author wrote can become HTML.

use std::collections::HashSet;

use super::words;

/// Markers that Meilisearch puts around matches; private-use characters, so not in anyone's text.
pub const OPEN: char = '\u{e000}';
pub const CLOSE: char = '\u{e001}';

/// Summaries longer than this many words are cut to a window around the first match.
pub const SUMMARY_WORDS: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    pub is_match: bool,
}

/// Concatenated, the segments of the title are the title; those of the summary are the summary or
/// a part of it, with an ellipsis where it was cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlights {
    pub title: Vec<Segment>,
    pub summary: Vec<Segment>,
}

/// Marks the words whose stem is wanted, and cuts the text when it is longer than `longest` words.
pub fn mark(text: &str, stems: &HashSet<String>, longest: Option<usize>) -> Vec<Segment> {
    let words = words::words(text);
    // a stem begins as its word does, and looking is cheaper than finding the stem
    let begins = |word: &str| stems.iter().any(|stem| stem.chars().next() == word.chars().next());
    let is_hit = |word: &str| begins(word) && stems.contains(&words::stem(word));
    let hits: Vec<bool> = words.iter().map(|word| is_hit(&word.text)).collect();
    let (first, end) = window(&hits, longest);
    let cut_front = first > 0;
    let cut_back = end < words.len();
    let start_at = if cut_front { words[first].from } else { 0 };
    let end_at = if cut_back { words[end - 1].to } else { text.len() };

    let mut segments = Vec::new();
    let mut at = start_at;
    if cut_front {
        push(&mut segments, "\u{2026}", false);
    }
    for (word, &is_match) in words.iter().zip(&hits).skip(first).take(end - first) {
        push(&mut segments, &text[at..word.from], false);
        push(&mut segments, &text[word.from..word.to], is_match);
        at = word.to;
    }
    push(&mut segments, &text[at..end_at], false);
    if cut_back {
        push(&mut segments, "\u{2026}", false);
    }
    segments
}

/// Reads text in which matches stand between [`OPEN`] and [`CLOSE`].
pub fn from_markers(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut is_match = false;
    for part in text.split_inclusive([OPEN, CLOSE]) {
        push(&mut segments, part.trim_end_matches([OPEN, CLOSE]), is_match);
        is_match = match part.chars().next_back() {
            Some(OPEN) => true,
            Some(CLOSE) => false,
            _ => is_match,
        };
    }
    segments
}

/// The text without markers, so that what an author typed is never mistaken for one.
pub fn without_markers(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

fn window(hits: &[bool], longest: Option<usize>) -> (usize, usize) {
    match longest {
        Some(longest) if hits.len() > longest => {
            let first_hit = hits.iter().position(|&hit| hit).unwrap_or(0);
            // a few words of lead-in, and never past the end
            let first = first_hit.saturating_sub(longest / 4).min(hits.len() - longest);
            (first, first + longest)
        }
        _ => (0, hits.len()),
    }
}

fn push(segments: &mut Vec<Segment>, text: &str, is_match: bool) {
    if text.is_empty() {
        return;
    }
    match segments.last_mut() {
        Some(last) if last.is_match == is_match => last.text.push_str(text),
        _ => segments.push(Segment { text: text.to_owned(), is_match }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(words: &[&str]) -> HashSet<String> {
        words.iter().map(|word| words::stem(word)).collect()
    }

    fn joined(segments: &[Segment]) -> String {
        segments.iter().map(|segment| segment.text.as_str()).collect()
    }

    #[test]
    fn segments_add_up_to_the_text() {
        let text = "Overdose: <b>prevention</b> & na\u{ef}ve overdoses";
        let segments = mark(text, &stems(&["overdose", "naive"]), None);
        assert_eq!(joined(&segments), text);
        let matched: Vec<&str> = segments.iter().filter(|s| s.is_match).map(|s| s.text.as_str()).collect();
        assert_eq!(matched, ["Overdose", "na\u{ef}ve", "overdoses"]);
    }

    #[test]
    fn long_text_is_cut_around_the_first_match() {
        let text = format!("{} naloxone {}", "before ".repeat(50), "after ".repeat(50));
        let segments = mark(&text, &stems(&["naloxone"]), Some(20));
        let shown = joined(&segments);
        assert!(shown.starts_with('\u{2026}') && shown.ends_with('\u{2026}'));
        assert!(shown.contains("naloxone"));
        assert_eq!(words::words(&shown).len(), 20);
    }

    #[test]
    fn markers_become_segments() {
        let marked = format!("The {OPEN}nalox{CLOSE}one kit");
        let segments = from_markers(&marked);
        assert_eq!(joined(&segments), "The naloxone kit");
        assert_eq!(segments[1], Segment { text: "nalox".into(), is_match: true });
        assert!(from_markers("").is_empty());
    }
}
