//! Use cases of evidence. What a file is gets told by its content; it lies outside the web root
//! under a key of ours, and its name is only ever a name.

use chrono::TimeDelta;
use entity::evidence::Model;
use entity::id::{CompletionId, EvidenceId, OutsideLearningId};
use entity::value::{CompletionEventKind, CompletionState};
use poem::http::StatusCode;

use super::actions::{advance, own_step};
use super::facts;
use super::file_name::file_name;
use super::reach;
use super::rules;
use super::store::evidence::Home;
use super::store::outside::Which;
use super::store::{self, evidence as rows, outside};
use crate::access::ledger::Seen;
use crate::access::{Caller, OrgScope, SelfScope};
use crate::base::db;
use crate::base::error::ApiError;
use crate::base::hash::sha256;
use crate::files::{FileError, Key, Unfit, recognise};
use crate::state::App;

/// 10 MB.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Files that somebody may have lying about without a completion.
const MOST_WAITING: usize = 20;
/// How long a file may lie about without a completion.
const WAITING: TimeDelta = TimeDelta::hours(24);
/// 500 MB of evidence a person: some 1,500 photographs.
const MOST_OF_A_PERSON: i64 = 500 * 1024 * 1024;
/// Files that one pass of the sweep removes.
const SWEPT_AT_ONCE: u64 = 500;

/// Keeps a file for a completion of one's own that is still to be recorded or added to.
pub async fn upload(app: &App, scope: &SelfScope, name: Option<&str>, bytes: Vec<u8>) -> Result<Model, ApiError> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    let media = recognise(&bytes).map_err(unfit)?;
    let id: EvidenceId = app.clock.id();
    let key = key(&format!("evidence/{id}"))?;
    let row = Model {
        id,
        person_id: scope.person(),
        completion_id: None,
        outside_learning_id: None,
        file_key: key.to_string(),
        file_name: file_name(name.unwrap_or_default(), media),
        media_type: media.content_type().to_owned(),
        bytes: i32::try_from(bytes.len()).map_err(|error| ApiError::internal(&error))?,
        sha256: sha256(&bytes),
        uploaded_at: app.clock.now(),
        uploaded_by: Some(scope.account()),
        removed_at: None,
    };
    check_room(&rows::of_person(&app.db, scope).await?, row.bytes)?;
    app.files.put(&key, bytes).await.map_err(refused)?;
    match keep(app, scope, row.clone()).await {
        Ok(()) => Ok(row),
        Err(error) => {
            // without its row nobody can ever reach the file; the error that matters is the first one
            if let Err(left) = app.files.delete(&key).await {
                tracing::warn!(%left, %key, "a file without a row stays behind");
            }
            Err(error)
        }
    }
}

/// Counts and writes in one transaction that holds the person, so that the limits hold for
/// uploads that come together.
async fn keep(app: &App, scope: &SelfScope, row: Model) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    store::hold_person(&tx, scope).await?;
    check_room(&rows::of_person(&tx, scope).await?, row.bytes)?;
    rows::insert(&tx, row).await?;
    Ok(tx.commit().await?)
}

async fn forget(app: &App, id: EvidenceId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    rows::forget(&tx, id).await?;
    Ok(tx.commit().await?)
}

fn check_room(has: &rows::Room, more: i32) -> Result<(), ApiError> {
    if has.waiting >= MOST_WAITING {
        return Err(ApiError::conflict(
            "too_many_waiting",
            format!(
                "You have {MOST_WAITING} files that belong to no completion yet. Remove some of them under “Files not used yet” in My learning, or wait: what is not used goes after a day."
            ),
        ));
    }
    if has.bytes + i64::from(more) > MOST_OF_A_PERSON {
        return Err(ApiError::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "no_room_left",
            "Your evidence fills the 500 MB that one person can keep. Remove files that you need no more, or add this one as a smaller picture.",
        ));
    }
    Ok(())
}

fn unfit(why: Unfit) -> ApiError {
    let (code, text) = match why {
        Unfit::Empty => ("empty", "This file is empty. Look at it on your own device first."),
        Unfit::CutOff(_) => (
            "cut_off",
            "Almost nothing is in this file: it may have been cut off on its way. Open it on your own device first, and choose it again.",
        ),
        Unfit::Heic => (
            "heic",
            "This is an HEIC photograph, which many computers cannot open. Save it as JPEG and choose that: on an iPhone, Settings > Camera > Formats > Most Compatible, or send yourself the picture by e-mail.",
        ),
        Unfit::Other => (
            "not_accepted",
            "We can take PDF, PNG and JPEG files. This one is something else inside, whatever its name says.",
        ),
    };
    ApiError::field("file", code, text)
}

/// Files of one's own that belong to no completion yet, latest first.
pub async fn waiting(app: &App, scope: &SelfScope) -> Result<Vec<Model>, ApiError> {
    Ok(rows::waiting(&app.db, scope).await?)
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
    let read = db::read(&app.db).await?;
    let row = rows::attached(&read, id).await?.ok_or_else(nothing)?;
    let mut of: Vec<CompletionId> = row.completion_id.into_iter().collect();
    if let Some(learning) = row.outside_learning_id {
        if let Some(scope) = asked(&read, app, caller, learning).await? {
            drop(read);
            let seen = (scope.account(), scope.organisation());
            reach::noted(app, seen, row.person_id, Seen::Evidence).await?;
            return Ok(row);
        }
        let standing = outside::standing_for(&read, &[learning]).await?;
        of.extend(standing.iter().filter(|one| one.state == CompletionState::Live).map(|one| one.id));
    }
    for completion in of {
        match facts::find(app, &read, caller, completion).await {
            Ok(found) => {
                drop(read);
                reach::note(app, caller, &found.row, found.stand, Seen::Evidence).await?;
                return Ok(row);
            }
            Err(error) if error.status() == StatusCode::NOT_FOUND => {}
            Err(error) => return Err(error),
        }
    }
    Err(nothing())
}

/// As whom the caller may equate learning outside of the catalogue, if they may.
async fn asked(
    read: &db::Read,
    app: &App,
    caller: &Caller,
    learning: OutsideLearningId,
) -> Result<Option<OrgScope>, ApiError> {
    let which = Which { only: Some(learning), ..Which::default() };
    for scope in caller.organisations() {
        if !outside::of_team(read, &scope, app.clock.today(), which, None, 1).await?.is_empty() {
            return Ok(Some(scope));
        }
    }
    Ok(None)
}

/// Removes a file of one's own, unless somebody has already relied on it to confirm.
pub async fn remove(app: &App, scope: &SelfScope, id: EvidenceId) -> Result<(), ApiError> {
    let tx = db::write(&app.db).await?;
    let row = rows::own(&tx, scope, id).await?.ok_or_else(|| ApiError::not_found("this evidence"))?;
    let completion = match row.completion_id {
        Some(completion) => store::own_one(&tx, scope, completion).await?,
        None => None,
    };
    let counted = match row.outside_learning_id {
        Some(learning) => outside::standing_for(&tx, &[learning]).await?,
        None => Vec::new(),
    };
    let is_counted = counted.iter().any(|one| one.state == CompletionState::Live);
    if is_counted || completion.as_ref().is_some_and(|completion| rules::is_confirmed(completion.assurance)) {
        return Err(ApiError::conflict(
            "already_confirmed",
            "This completion has been confirmed on the strength of its evidence, so the file stays.",
        ));
    }
    rows::remove(&tx, scope, id, app.clock.now()).await?;
    if let Some(completion) = completion.filter(|completion| completion.state == CompletionState::Live) {
        let assurance = rules::own_assurance(rows::count(&tx, Home::Completion(completion.id, None)).await? > 0);
        let step = own_step(scope, CompletionEventKind::EvidenceRemoved, assurance, completion.state);
        advance(app, &tx, &completion, step).await?;
    }
    tx.commit().await?;
    if let Err(error) = discard(app, &row).await {
        // nobody can reach it any more; the row says that it is to be gone
        tracing::warn!(error = error.problem().detail, key = row.file_key, "a removed file stays behind");
    }
    Ok(())
}

/// Forgets files that belonged to nothing for a day, and what of removed ones was left behind. A
/// row goes after its file: whatever stops this in between, the next pass ends it.
pub async fn sweep(app: &App) -> Result<u64, ApiError> {
    let before = app.clock.now() - WAITING;
    let tx = db::write(&app.db).await?;
    for row in rows::abandoned(&tx, before, SWEPT_AT_ONCE).await? {
        // not one that somebody has attached a moment ago
        rows::mark_removed(&tx, row.id, app.clock.now()).await?;
    }
    tx.commit().await?;
    let mut gone = 0;
    for row in rows::removed_unattached(&app.db, SWEPT_AT_ONCE).await? {
        if let Err(error) = discard(app, &row).await {
            tracing::warn!(error = error.problem().detail, key = row.file_key, "a removed file stays behind for now");
            continue;
        }
        forget(app, row.id).await?;
        gone += 1;
    }
    Ok(gone)
}

async fn discard(app: &App, row: &Model) -> Result<(), ApiError> {
    app.files.delete(&key(&row.file_key)?).await.map_err(refused)
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
