//! From when a change of what drives compliance holds, and whom it touches.

use chrono::{Days, NaiveDate};
use entity::id::ItemId;

use super::read::one_whole;
use crate::access::EditorScope;
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::fold::tidy;
use crate::catalogue::differences;
use crate::catalogue::rules::Content;
use crate::catalogue::store::terms::Since;
use crate::catalogue::store::{self, Whole};
use crate::catalogue::wire::{ItemPatch, TermsIn, TouchedOut};
use crate::catalogue::words::Hints;
use crate::state::App;

/// Further ahead is a slip.
const DAYS_AHEAD: Days = Days::new(2 * 366);

/// What was decided. Nobody who says nothing changes the past: it holds from today.
pub fn decided(asked: Option<&TermsIn>, today: NaiveDate) -> Result<Since, ApiError> {
    let Some(TermsIn { from, for_all, reason }) = asked else { return Ok(Since { day: Some(today), reason: None }) };
    let reason = reason.as_deref().map(tidy).filter(|reason| !reason.is_empty());
    let day = from.unwrap_or(today);
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 500) {
        return Err(ApiError::field("terms.reason", "too_long", "The reason must be at most 500 characters."));
    }
    if !for_all && (day < earliest() || day > today + DAYS_AHEAD) {
        let message = "Enter a day from 1990 on and at most two years ahead.";
        return Err(ApiError::field("terms.from", "out_of_range", message));
    }
    if reason.is_none() && (*for_all || day < today) {
        let message = "Say why it changes for completions of the past: figures that were published change with it.";
        return Err(ApiError::field("terms.reason", "missing", message));
    }
    Ok(Since { day: (!for_all).then_some(day), reason })
}

fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1990, 1, 1).unwrap_or_default()
}

/// Whom it would touch if an item said this.
pub async fn effects(app: &App, scope: &EditorScope, id: ItemId, patch: ItemPatch) -> Result<TouchedOut, ApiError> {
    let read = db::read(&app.db).await?;
    let row = store::by_id(&read, Some(scope), id).await?.ok_or_else(|| ApiError::not_found("this item"))?;
    let old = one_whole(&read, row).await?;
    let mut content = old.content.clone();
    patch.put_on(&mut content);
    content.settle(&mut Hints::default())?;
    touched(&read, &old, &content).await
}

pub async fn touched<C: Snapshot>(db: &C, old: &Whole, content: &Content) -> Result<TouchedOut, ApiError> {
    let changes_terms = !content.has_terms_of(&old.content);
    let (people, completions) = store::terms::holders(db, old.row.id).await?;
    let driving = ["validity_months", "level", "themes", "mat_standards"];
    let fields = differences::between(&old.content, content);
    let fields = fields.into_iter().filter(|difference| driving.contains(&difference.field));
    Ok(TouchedOut { changes_terms, people, completions, fields: fields.map(Into::into).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_changes_only_with_a_reason() {
        let today: NaiveDate = "2026-06-30".parse().unwrap();
        let asked = |from: Option<&str>, for_all, reason: Option<&str>| {
            let from = from.map(|day| day.parse().unwrap());
            decided(Some(&TermsIn { from, for_all, reason: reason.map(str::to_owned) }), today)
        };
        assert_eq!(decided(None, today).unwrap(), Since { day: Some(today), reason: None });
        assert_eq!(asked(None, false, None).unwrap().day, Some(today));
        assert!(asked(Some("2026-09-01"), false, None).is_ok());
        assert!(asked(Some("2026-06-29"), false, Some(" ")).is_err());
        assert!(asked(Some("2026-06-29"), false, Some("It was wrong")).is_ok());
        assert!(asked(None, true, None).is_err());
        assert_eq!(asked(None, true, Some("It was wrong")).unwrap().day, None);
        assert!(asked(Some("9999-01-01"), false, None).is_err());
    }
}
