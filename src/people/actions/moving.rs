//! What an organisation has of one person goes over to another, with the way back.

use entity::id::{AccountId, OrganisationId, PersonId, PersonMoveId};
use entity::person_move::Model;
use entity::value::MoveReason;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::add::insert_person;
use crate::access::ledger;
use crate::base::error::ApiError;
use crate::people::known::Known;
use crate::people::rules::Span;
use crate::people::store::moving::{self, Rows};
use crate::people::store::{joining, known};
use crate::state::App;

/// Whose things go to whom, at which organisation, by whose word.
#[derive(Clone, Copy, Debug)]
pub struct Going {
    pub organisation: OrganisationId,
    pub from: PersonId,
    pub into: PersonId,
    pub why: MoveReason,
    pub account: AccountId,
}

/// What moved, and what the organisation had written of the one who went.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Moved {
    pub rows: Rows,
    pub written: Option<Written>,
    /// Appointments that both had, of which one is now superseded
    pub dropped: Vec<Uuid>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Written {
    pub given_name: String,
    pub family_name: String,
    pub email: Option<String>,
}

impl Written {
    fn known(self, id: PersonId) -> Known {
        let Self { given_name, family_name, email } = self;
        Known { id, given_name, family_name, email, name_folded: String::new(), version: 1 }
    }
}

/// Moves everything, in the transaction that the caller holds both persons in.
pub async fn go<C: ConnectionTrait>(app: &App, tx: &C, going: Going) -> Result<(), ApiError> {
    let Going { organisation, from, into, why, account } = going;
    let rows = moving::rows_of(tx, organisation, (from, into)).await?;
    let dropped = drop_twice(app, tx, organisation, (from, into)).await?;
    moving::carry(tx, &rows, (from, into)).await?;
    let written = known::written(tx, organisation, from).await?;
    let written = written.map(|row| Written {
        given_name: row.given_name,
        family_name: row.family_name,
        email: Some(row.email).filter(|email| !email.is_empty()),
    });
    if let Some(row) = &written
        && known::written(tx, organisation, into).await?.is_none()
    {
        let spelled = Written {
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            email: row.email.clone(),
        };
        known::write(tx, &app.clock, organisation, &spelled.known(into)).await?;
    }
    known::forget(tx, organisation, from).await?;
    let moved = serde_json::to_value(Moved { rows, written, dropped }).map_err(|error| ApiError::internal(&error))?;
    let id: PersonMoveId = app.clock.id();
    let row = Model {
        id,
        organisation_id: organisation,
        from_person_id: from,
        into_person_id: into,
        why,
        moved,
        at: app.clock.now(),
        account_id: account,
        undone_at: None,
        undone_by: None,
    };
    moving::insert(tx, row).await?;
    let said = json!({ "organisation_id": organisation, "from": from, "into": into });
    let action = match why {
        MoveReason::Joined => "joined",
        MoveReason::Merged => "merged",
    };
    for person in [from, into] {
        ledger::changed(tx, &app.clock, account, ("person", person.0), action, said.clone()).await?;
    }
    Ok(())
}

/// Stretches that both have in one post at one time are one: that of the one who goes is superseded.
async fn drop_twice<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    organisation: OrganisationId,
    (from, into): (PersonId, PersonId),
) -> Result<Vec<Uuid>, ApiError> {
    let ids = overlapping(tx, organisation, (from, into)).await?;
    entity::appointment::Entity::update_many()
        .set(entity::appointment::ActiveModel { superseded_at: Set(Some(app.clock.now())), ..Default::default() })
        .filter(entity::appointment::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(ids)
}

/// Appointments of `from` to posts in which `into` is at the same time.
pub async fn overlapping<C: ConnectionTrait>(
    tx: &C,
    organisation: OrganisationId,
    (from, into): (PersonId, PersonId),
) -> Result<Vec<Uuid>, ApiError> {
    let theirs = joining::everywhere(tx, into).await?;
    let span = |row: &entity::appointment::Model| Span { starts_on: row.starts_on, ends_on: row.ends_on };
    let twice = joining::everywhere(tx, from).await?.into_iter().filter(|one| {
        one.service.organisation_id == organisation
            && theirs
                .iter()
                .any(|other| other.post.id == one.post.id && span(&other.appointment).overlaps(span(&one.appointment)))
    });
    Ok(twice.map(|one| one.appointment.id.0).collect())
}

/// Takes a move back: every row that moved goes back, and what the organisation had written.
pub async fn back<C: ConnectionTrait>(app: &App, tx: &C, done: &Model, by: AccountId) -> Result<(), ApiError> {
    let moved = read(done)?;
    let Model { id, organisation_id, from_person_id, into_person_id, .. } = done;
    moving::carry(tx, &moved.rows, (*into_person_id, *from_person_id)).await?;
    if let Some(written) = moved.written {
        known::write(tx, &app.clock, *organisation_id, &written.known(*from_person_id)).await?;
    }
    entity::appointment::Entity::update_many()
        .set(entity::appointment::ActiveModel { superseded_at: Set(None), ..Default::default() })
        .filter(entity::appointment::Column::Id.is_in(moved.dropped))
        .exec(tx)
        .await?;
    moving::set_undone(tx, *id, (by, app.clock.now())).await?;
    let said = json!({ "organisation_id": organisation_id, "from": from_person_id, "into": into_person_id });
    for person in [from_person_id, into_person_id] {
        ledger::changed(tx, &app.clock, by, ("person", person.0), "moved_back", said.clone()).await?;
    }
    Ok(())
}

pub fn read(done: &Model) -> Result<Moved, ApiError> {
    serde_json::from_value(done.moved.clone()).map_err(|error| ApiError::internal(&error))
}

/// Takes out of a person what is an organisation's: its appointments, and the exemptions that are
/// its own or came along. They go to the one from whom they came, or to a new person of its own.
pub async fn separate<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    (organisation, person): (OrganisationId, PersonId),
    account: AccountId,
) -> Result<PersonId, ApiError> {
    let people = known::people(organisation).filter(entity::person::Column::Id.eq(person));
    let named = known::read(tx, people).await?.pop().ok_or_else(|| ApiError::not_found("this person"))?;
    let moves = moving::all_into(tx, organisation, person).await?;
    let came = moves.iter().find(|done| done.why == MoveReason::Joined).map(|done| done.from_person_id);
    let theirs = match came {
        Some(id) => id,
        None => {
            let id: PersonId = app.clock.id();
            insert_person(app, tx, id, (&named.given_name, &named.family_name)).await?;
            id
        }
    };
    let mut rows = moving::own_rows(tx, organisation, person).await?;
    for done in &moves {
        let came = read(done)?.rows.remove("exemption").unwrap_or_default();
        rows.entry("exemption".to_owned()).or_default().extend(came);
        moving::set_undone(tx, done.id, (account, app.clock.now())).await?;
    }
    moving::carry(tx, &rows, (person, theirs)).await?;
    known::write(tx, &app.clock, organisation, &Known { id: theirs, ..named }).await?;
    known::forget(tx, organisation, person).await?;
    let said = json!({ "organisation_id": organisation, "from": person, "into": theirs });
    ledger::changed(tx, &app.clock, account, ("person", theirs.0), "separated", said).await?;
    Ok(theirs)
}
