//! Passwords: argon2id off the async threads, a few at a time, because each takes 19 MiB and
//! tens of milliseconds of a core. Unknown accounts cost as much as known ones.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use rand::Rng;
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

use crate::base::error::{ApiError, Fields};
use crate::base::turns::Turns;

/// Shortest password; OWASP ASVS 5.0 asks for at least 8 and favours 15, with no rules on kinds.
pub const SHORTEST: usize = 12;
/// Longest password, so that hashing cannot be used to exhaust the server.
pub const LONGEST: usize = 128;

/// A hundred million guesses at least.
const ENOUGH: Score = Score::Three;
/// So many letters and digits must be neither the owner's name and address nor Cairn's.
const OWN_LETTERS: usize = 6;

static TURNS: Turns = Turns::new();

/// A hash of no password, so that an unknown account takes as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    hasher().hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

/// A password to begin with: four groups of four signs that are not mistaken for one another, 80 bits.
pub fn first() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut group = || -> String { (0..4).map(|_| char::from(SIGNS[(rng.next_u32() % 32) as usize])).collect() };
    [group(), group(), group(), group()].join("-")
}

/// A password as it is hashed (OpaqueString of RFC 8265): composed, every kind of space a plain
/// one, nothing else changed, so that it is the same from every keyboard. A space that was copied
/// along with a made password is no part of it.
pub fn normalised(password: &str) -> String {
    let space =
        |c: char| matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}');
    let plain: String = password.chars().map(|c| if space(c) { ' ' } else { c }).nfc().collect();
    if is_made(plain.trim()) { plain.trim().to_owned() } else { plain }
}

/// Whether it has the shape that [`first`] gives.
fn is_made(text: &str) -> bool {
    let group = |group: &str| group.len() == 4 && group.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.split('-').count() == 4 && text.split('-').all(group)
}

/// Says what is wrong with a new password of somebody with this address. What is among the first
/// things that somebody would try is refused: common passwords and words, sequences, repetitions, the
/// own address, Cairn's name. The lists come with the program; nobody is asked.
pub fn check_new(fields: &mut Fields, field: &str, password: &str, email: &str) {
    if is_far_too_long(password) {
        return fields.push(field, "too_long", format!("Choose a password of at most {LONGEST} characters."));
    }
    let password = normalised(password);
    let length = password.chars().count();
    if password.chars().any(char::is_control) {
        fields.push(field, "control_character", "Choose a password of characters that can be typed, without tabs.");
    } else if length < SHORTEST {
        fields.push(
            field,
            "too_short",
            format!("Choose a password of at least {SHORTEST} characters; three random words do well."),
        );
    } else if length > LONGEST {
        fields.push(field, "too_long", format!("Choose a password of at most {LONGEST} characters."));
    } else if is_common(&password, email) {
        fields.push(
            field,
            "too_common",
            "This is among the first passwords that somebody would try. Choose three or more words that have nothing to \
             do with one another, with you or with Cairn.",
        );
    }
}

fn is_common(password: &str, email: &str) -> bool {
    let name = email.split('@').next().unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let parts = email.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 2);
    let known: Vec<&str> = parts.chain([email, name.as_str(), "cairn", "password", "scotland"]).collect();
    zxcvbn(password, &known).score() < ENOUGH || left_over(password, &known) < OWN_LETTERS
}

/// Letters and digits of a password that are not words which everybody knows of its owner.
fn left_over(password: &str, known: &[&str]) -> usize {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut words: Vec<String> = known.iter().map(|word| plain(word)).filter(|word| word.chars().count() > 2).collect();
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().fold(plain(password), |rest, word| rest.replace(word, "")).chars().count()
}

/// Longer than any password in any way of writing it: refused before work is done on it.
fn is_far_too_long(password: &str) -> bool {
    password.len() > LONGEST * 16
}

pub async fn hash(password: String) -> Result<String, ApiError> {
    in_turn(move || hash_now(&normalised(&password))).await?.map_err(|error| ApiError::internal(&error))
}

/// What holding a password against its hash showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, but hashed with older parameters: hash it again
    RightButOld,
}

/// Holds a password against a hash; without one it takes as long and is always wrong. Hashes from
/// before passwords were normalised are of what was typed: that is tried too.
pub async fn verify(password: String, hash: Option<String>) -> Result<Verdict, ApiError> {
    if is_far_too_long(&password) {
        return Ok(Verdict::Wrong);
    }
    in_turn(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.clone());
        let Ok(parsed) = PasswordHash::new(&text) else { return Verdict::Wrong };
        let is = |password: &str| hasher().verify_password(password.as_bytes(), &parsed).is_ok();
        let plain = normalised(&password);
        let right = is(&plain);
        let as_typed = !right && plain != password && is(&password);
        match (known && (right || as_typed), right && is_current(&parsed)) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOld,
        }
    })
    .await
}

fn is_current(hash: &PasswordHash) -> bool {
    let wanted = Params::default();
    hash.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(hash).is_ok_and(|found| {
            (found.m_cost(), found.t_cost(), found.p_cost()) == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
        })
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    TURNS.take(work).await.map_err(|error| ApiError::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_would_try_first_is_refused() {
        let codes = |password: &str| {
            let mut fields = Fields::default();
            check_new(&mut fields, "password", password, "Ailsa.Kerr@clyde-recovery.example.org");
            let problem = fields.check().err();
            problem.map(|error| error.problem().fields[0].code.clone()).unwrap_or_default()
        };
        for common in [
            "123456789012",
            "aaaaaaaaaaaa",
            "passwordpassword",
            "Password1234",
            "qwertyuiop123",
            "cairncairncairn",
            "CairnCairn2026",
            "            ",
            "\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}",
            "abcabcabcabc",
            "Ailsa.Kerr@clyde-recovery.example.org",
            "ailsakerr2026",
            "ailsa.kerr1!",
            "clyde-recovery",
            "letmeinletmein",
        ] {
            assert_eq!(codes(common), "too_common", "{common:?}");
        }
        for good in ["three random words", "quiet loch evening", "stones-on-stones-42", "Taigh-òsta ri taobh na mara"]
        {
            assert_eq!(codes(good), "", "{good}");
        }
        for _ in 0..20 {
            assert_eq!(codes(&first()), "", "a first password");
        }
        assert_eq!((codes("short"), codes(&"long words ".repeat(12))), ("too_short".to_owned(), "too_long".to_owned()));
    }

    #[tokio::test]
    async fn right_wrong_and_nobody() {
        let stored = hash("correct horse battery".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        let held = |password: &str, hash| verify(password.to_owned(), hash);
        assert_eq!(held("correct horse battery", Some(stored.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(held("wrong", Some(stored)).await.unwrap(), Verdict::Wrong);
        assert_eq!(held("nobody has this password", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_password_is_the_same_from_every_keyboard() {
        let (composed, decomposed) = ("caf\u{e9} longer words 72", "cafe\u{301}\u{a0}longer words 72");
        let stored = hash(decomposed.to_owned()).await.unwrap();
        for typed in [composed, decomposed] {
            assert_eq!(verify(typed.to_owned(), Some(stored.clone())).await.unwrap(), Verdict::Right, "{typed}");
        }
        let before = hash_now(decomposed).unwrap();
        assert_eq!(verify(decomposed.to_owned(), Some(before.clone())).await.unwrap(), Verdict::RightButOld);
        assert_eq!(verify(composed.to_owned(), Some(before)).await.unwrap(), Verdict::Wrong);
        let made = first();
        let stored = hash(made.clone()).await.unwrap();
        assert_eq!(verify(format!(" {made}\n"), Some(stored)).await.unwrap(), Verdict::Right);
        assert_eq!(normalised(" a b "), " a b ");
    }

    #[tokio::test]
    async fn an_old_hash_is_right_but_to_be_renewed() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let old = weak.hash_password(b"correct horse battery").unwrap().to_string();
        assert_eq!(verify("correct horse battery".to_owned(), Some(old)).await.unwrap(), Verdict::RightButOld);
    }
}
