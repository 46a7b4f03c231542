//! How text becomes words: one answer for documents, queries and highlights, in both engines.
//!
//! Words are folded as everywhere (`base::fold`), possessives and apostrophes dropped, then
//! (embedded engine only) stemmed with the English Snowball stemmer. Letters and a number written
//! together are two words, so that MAT4 is MAT 4.

use tantivy::tokenizer::{
    Language, RawTokenizer, RemoveLongFilter, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

use crate::base::fold::fold;

/// Words of a query that count; Meilisearch looks at ten as well.
pub const MAX_QUERY_WORDS: usize = 10;
/// Longer "words" (encoded data, mostly) are not indexed.
const LONGEST: usize = 64;

/// A word and where it stood in the text it came from (byte offsets).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub from: usize,
    pub to: usize,
}

/// Words that carry no meaning in a question to a training catalogue. Kept in the index (phrases
/// need them), dropped from queries unless nothing else is left.
pub const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "after",
    "am",
    "an",
    "and",
    "any",
    "anyone",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "doing",
    "dont",
    "find",
    "for",
    "from",
    "get",
    "give",
    "has",
    "have",
    "having",
    "he",
    "her",
    "him",
    "his",
    "how",
    "i",
    "if",
    "im",
    "in",
    "into",
    "is",
    "it",
    "its",
    "ive",
    "know",
    "learn",
    "like",
    "me",
    "my",
    "need",
    "of",
    "on",
    "or",
    "our",
    "she",
    "should",
    "so",
    "some",
    "somebody",
    "someone",
    "something",
    "tell",
    "that",
    "the",
    "their",
    "them",
    "there",
    "they",
    "this",
    "those",
    "to",
    "us",
    "want",
    "was",
    "we",
    "were",
    "what",
    "whats",
    "when",
    "where",
    "which",
    "who",
    "whose",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// Plain words: folded, not stemmed.
pub fn plain_analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(WordTokenizer).filter(RemoveLongFilter::limit(LONGEST)).build()
}

/// Folded and stemmed.
pub fn stem_analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(WordTokenizer)
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    plain_analyzer().token_stream(text).process(&mut |token| {
        found.push(Word { text: token.text.clone(), from: token.offset_from, to: token.offset_to });
    });
    found
}

/// The stem of a word that `words` returned.
pub fn stem(word: &str) -> String {
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
    let mut stream = analyzer.token_stream(word);
    if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
}

/// For sorting by title, as all lists are.
pub fn sort_key(text: &str) -> String {
    crate::base::order::key(text)
}

/// Typos forgiven in a word: none below five letters, one from five, two from nine; none in
/// anything with a digit in it, where a typo is another thing (MAT 4, MAT 5; demo-012, demo-013).
pub fn typos_allowed(word: &str) -> u8 {
    if word.chars().any(|c| c.is_ascii_digit()) {
        return 0;
    }
    match word.chars().count() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// What of a query is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// Without stop words, at most [`MAX_QUERY_WORDS`].
    pub words: Vec<String>,
    /// The last of `words` may be the beginning of a longer one.
    pub last_is_prefix: bool,
}

/// Reads a query as typed. The last word counts as unfinished unless something follows it.
pub fn asked(text: &str) -> Asked {
    let all = words(text);
    let unfinished = all.last().is_some_and(|last| last.to == text.len());
    let is_stop = |word: &Word| STOP_WORDS.binary_search(&word.text.as_str()).is_ok();
    let last_is_stop = all.last().is_some_and(is_stop);
    let mut kept: Vec<String> = all.iter().filter(|word| !is_stop(word)).map(|word| word.text.clone()).collect();
    let only_stop_words = kept.is_empty();
    if only_stop_words {
        kept = all.into_iter().map(|word| word.text).collect();
    }
    let cut = kept.len() > MAX_QUERY_WORDS;
    kept.truncate(MAX_QUERY_WORDS);
    Asked { last_is_prefix: unfinished && !cut && !kept.is_empty() && (only_stop_words || !last_is_stop), words: kept }
}

/// Splits at everything that is not a letter, digit or combining mark; an apostrophe inside a word
/// does not split it.
#[derive(Clone, Default)]
pub struct WordTokenizer;

pub struct WordStream {
    tokens: std::vec::IntoIter<Token>,
    current: Token,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { tokens: split(text).into_iter(), current: Token::default() }
    }
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.current = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

/// Combining marks, and what nobody sees: soft hyphens, zero-width spaces and joiners.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}')
}

fn split(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = c.is_alphanumeric()
            || (start.is_some()
                && (is_combining(c)
                    || (is_apostrophe(c) && chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric()))));
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                push(&mut tokens, text, from, at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        push(&mut tokens, text, from, text.len());
    }
    tokens
}

fn push(tokens: &mut Vec<Token>, text: &str, from: usize, to: usize) {
    let raw = &text[from..to];
    let possessive = raw.strip_suffix(['s', 'S']).filter(|rest| rest.ends_with(is_apostrophe)).unwrap_or(raw);
    let (letters, number) = parted(possessive);
    let mut add = |part: &str, from: usize, to: usize| {
        let kept: String = part.chars().filter(|&c| !is_combining(c) && !is_apostrophe(c)).collect();
        let text = fold(&kept);
        tokens.push(Token { offset_from: from, offset_to: to, position: tokens.len(), text, position_length: 1 });
    };
    if number.is_empty() {
        return add(letters, from, to);
    }
    add(letters, from, from + letters.len());
    add(number, from + letters.len(), to);
}

/// Letters and a number of up to three digits behind them, as in MAT4 or COVID19.
fn parted(word: &str) -> (&str, &str) {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &word[letters.len()..];
    let parts =
        (1..=3).contains(&number.len()) && letters.chars().nth(1).is_some() && letters.chars().all(char::is_alphabetic);
    if parts { (letters, number) } else { (word, "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_are_folded_and_possessives_dropped() {
        assert_eq!(
            texts("Young people\u{2019}s services: A&E, na\u{ef}ve Gr\u{e0}mhor re\u{301}sum\u{e9}"),
            ["young", "people", "services", "a", "e", "naive", "gramhor", "resume"]
        );
        assert_eq!(texts("don't \u{1f600} \u{202e}abc"), ["dont", "abc"]);
        assert_eq!(
            texts("Quetz\u{ad}alcoatl Ptero\u{200b}dactyl \u{141}\u{105}cka"),
            ["quetzalcoatl", "pterodactyl", "lacka"]
        );
    }

    #[test]
    fn offsets_point_into_the_original() {
        let text = "\u{c9}quipe d\u{2019}aide";
        for word in words(text) {
            assert!(text.is_char_boundary(word.from) && text.is_char_boundary(word.to));
        }
        assert_eq!(&text[words(text)[0].from..words(text)[0].to], "\u{c9}quipe");
    }

    #[test]
    fn a_number_behind_letters_is_a_word_of_its_own() {
        assert_eq!(texts("MAT4 MAT 4 covid19"), ["mat", "4", "mat", "4", "covid", "19"]);
        assert_eq!(texts("b12 v300gphcx 2026 demo20261"), ["b12", "v300gphcx", "2026", "demo20261"]);
        let (text, words) = ("a MAT4", words("a MAT4"));
        assert_eq!((&text[words[1].from..words[1].to], &text[words[2].from..words[2].to]), ("MAT", "4"));
    }

    #[test]
    fn stop_words_are_sorted_for_the_binary_search() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn questions_keep_their_meaningful_words() {
        let question = asked("What do I do if someone overdoses?");
        assert_eq!(question.words, ["overdoses"]);
        assert!(!question.last_is_prefix, "a question mark ends the word");
        assert!(asked("naloxone tr").last_is_prefix);
        assert!(!asked("naloxone ").last_is_prefix);
        assert!(!asked("naloxone for").last_is_prefix);
        assert_eq!(asked("what to do").words, ["what", "to", "do"]);
        assert_eq!(asked("").words, Vec::<String>::new());
    }

    #[test]
    fn typos_by_length() {
        let allowed: Vec<u8> = ["nalo", "nalox", "naloxone", "overdoses", "v300gphcx"].map(typos_allowed).into();
        assert_eq!(allowed, [0, 1, 1, 2, 0]);
    }

    #[test]
    fn stems_bring_forms_together() {
        assert_eq!(stem("overdoses"), stem("overdosing"));
        assert_eq!(stem("recognising"), stem("recognised"));
    }
}
