//! Use cases of evidence. What a file is gets told by its content; it lies outside the web root
//! under a key of ours, and its name is only ever a name.

use entity::evidence::Model;
use entity::id::EvidenceId;
use entity::value::CompletionEventKind;
use poem::http::StatusCode;
use sea_orm::DbErr;

use super::actions::own_step;
use super::reach;
use super::rules;
use super::store::{self, evidence as rows};
use crate::access::ledger::Seen;
use crate::access::{Caller, SelfScope};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::base::hash::sha256;
use crate::files::{FileError, Key, MediaType, recognise};
use crate::state::App;

/// 10 MB.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Files that somebody may have lying about without a completion.
const MOST_WAITING: u64 = 20;

/// Keeps a file for a completion of one's own that is still to be recorded or added to.
pub async fn upload(app: &App, scope: &SelfScope, name: Option<&str>, bytes: Vec<u8>) -> Result<Model, ApiError> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let media = recognise(&bytes).ok_or_else(|| {
        ApiError::field(
            "file",
            "not_accepted",
            "We can take PDF, PNG and JPEG files. This one is something else inside, whatever its name says.",
        )
    })?;
    if rows::waiting(&app.db, scope).await? >= MOST_WAITING {
        return Err(ApiError::conflict(
            "too_many_waiting",
            format!(
                "You have {MOST_WAITING} files that belong to no completion yet. Use or remove some of them first."
            ),
        ));
    }
    let id: EvidenceId = app.clock.id();
    let key = key(&format!("evidence/{id}"))?;
    let row = Model {
        id,
        person_id: scope.person(),
        completion_id: None,
        file_key: key.to_string(),
        file_name: file_name(name.unwrap_or_default(), media),
        media_type: media.content_type().to_owned(),
        bytes: i32::try_from(bytes.len()).map_err(|error| ApiError::internal(&error))?,
        sha256: sha256(&bytes),
        uploaded_at: app.clock.now(),
        uploaded_by: Some(scope.account()),
        removed_at: None,
    };
    app.files.put(&key, bytes).await.map_err(refused)?;
    if let Err(error) = keep(app, row.clone()).await {
        // without its row nobody can ever reach the file; the error that matters is the first one
        if let Err(left) = app.files.delete(&key).await {
            tracing::warn!(%left, %key, "a file without a row stays behind");
        }
        return Err(error.into());
    }
    Ok(row)
}

async fn keep(app: &App, row: Model) -> Result<(), DbErr> {
    let tx = db::write(&app.db).await?;
    rows::insert(&tx, row).await?;
    tx.commit().await
}

/// A file with its bytes, for its owner and for those who may vouch for its completion.
pub async fn read(app: &App, caller: &Caller, id: EvidenceId) -> Result<(Model, Vec<u8>), ApiError> {
    let row = reachable(app, caller, id).await?;
    let bytes = app.files.get(&key(&row.file_key)?).await.map_err(refused)?;
    Ok((row, bytes))
}

async fn reachable(app: &App, caller: &Caller, id: EvidenceId) -> Result<Model, ApiError> {
    if let Ok(own) = caller.own()
        && let Some(row) = rows::own(&app.db, &own, id).await?
    {
        return Ok(row);
    }
    let nothing = || ApiError::not_found("this evidence");
    let (row, completion) = rows::attached(&app.db, id).await?.ok_or_else(nothing)?;
    let (completion, stand) = reach::find(app, caller, completion)
        .await
        .map_err(|error| if error.status() == StatusCode::NOT_FOUND { nothing() } else { error })?;
    reach::note(app, caller, &completion, stand, Seen::Evidence).await?;
    Ok(row)
}

/// Removes a file of one's own, unless somebody has already relied on it to confirm.
pub async fn remove(app: &App, scope: &SelfScope, id: EvidenceId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    let row = rows::own(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this evidence"))?;
    let completion = match row.completion_id {
        Some(completion) => store::own_one(&tx, scope, completion).await?,
        None => None,
    };
    if completion.as_ref().is_some_and(|completion| rules::is_confirmed(completion.assurance)) {
        return Err(ApiError::conflict(
            "already_confirmed",
            "This completion has been confirmed on the strength of its evidence, so the file stays.",
        ));
    }
    rows::remove(&tx, scope, id, app.clock.now()).await?;
    if let Some(completion) = completion {
        let assurance = rules::own_assurance(rows::count(&tx, completion.id).await? > 0);
        let step = own_step(scope, CompletionEventKind::EvidenceRemoved, assurance, completion.state);
        if !store::step(&tx, &app.clock, &completion, step).await? {
            return Err(ApiError::busy());
        }
    }
    tx.commit().await?;
    if let Err(error) = app.files.delete(&key(&row.file_key)?).await {
        // nobody can reach it any more; the row says that it is to be gone
        tracing::warn!(%error, key = row.file_key, "a removed file stays behind");
    }
    Ok(())
}

pub fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "This file is over 10 MB. A photograph at a lower resolution, or only the page that matters, will do.",
    )
}

fn key(text: &str) -> Result<Key, ApiError> {
    text.parse().map_err(|error: FileError| ApiError::internal(&error))
}

fn refused(error: FileError) -> ApiError {
    match error {
        FileError::DiskFull => ApiError::disk_full(),
        FileError::NotFound => ApiError::not_found("this file"),
        other => ApiError::internal(&other),
    }
}

/// The last part of what the browser called it, readable and short, with the ending of what it is.
fn file_name(given: &str, media: MediaType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let tidied = tidy(last);
    let stem = tidied.rsplit_once('.').map_or(tidied.as_str(), |(stem, _)| stem);
    let kept: String = stem.chars().filter(|c| !is_treacherous(*c)).take(80).collect();
    let stem = kept.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "evidence" } else { stem };
    format!("{stem}.{}", media.extension())
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
