//! Adding a person with a first appointment. Whoever signs in with the address is asked whether
//! they work here; until they say yes it is this employer's own person, with nothing of theirs,
//! and whether there is such an account is not even looked up.

use entity::id::PersonId;
use entity::person;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use serde_json::json;

use super::appoint::{self, AppointmentRow, Checked};
use super::{ask, detail, dress};
use crate::access::OrgScope;
use crate::access::ledger;
use crate::base::contact::{check_email, check_names, name_folded};
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::base::fold::{self, fold, tidy};
use crate::organisation;
use crate::people::known::Known;
use crate::people::rules::matching::{Likeness, Name, likeness};
use crate::people::store::{self, known};
use crate::people::wire::{MatchOut, MatchesIn, MatchesOut, PersonDetailOut, PersonIn, Question};
use crate::state::App;

/// More than these would not be looked through.
const MOST_MATCHES: usize = 5;

/// Whom an employer means: the name in its spelling, and the address it was given.
pub struct Meant {
    pub given_name: String,
    pub family_name: String,
    pub email: Option<String>,
}

impl Meant {
    /// Tidied; what is wrong is noted.
    pub fn new(fields: &mut Fields, given_name: &str, family_name: &str, email: Option<String>) -> Self {
        let (given_name, family_name) = (tidy(given_name), tidy(family_name));
        let email = email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        check_names(fields, &given_name, &family_name);
        if let Some(email) = &email {
            check_email(fields, email);
        }
        Self { given_name, family_name, email }
    }
}

pub async fn add(app: &App, scope: &OrgScope, new: PersonIn) -> Result<(PersonDetailOut, String), ApiError> {
    let PersonIn { given_name, family_name, email, appointment, mut confirmed } = new;
    confirmed.extend(appointment.confirmed.iter().copied());
    let mut fields = Fields::default();
    let meant = Meant::new(&mut fields, &given_name, &family_name, email);
    let tx = db::write(&app.db).await?;
    // one at a time: whom the one adds, the other finds
    organisation::store::hold(&tx, scope.organisation()).await?;
    let alike = alike(&tx, scope, &meant, None).await?;
    if let Some((here, _)) = alike.iter().find(|(here, _)| is_same(here, &meant)) {
        let detail =
            "Somebody in your organisation goes by this name and address. Open their page to add an appointment.";
        return Err(ApiError::conflict("already_here", detail).with_existing(path(scope, here.id)));
    }
    let id: PersonId = app.clock.id();
    let row = AppointmentRow::new(id, appointment);
    let Checked { mut asked, opens_earlier } =
        appoint::check(&tx, scope, &row, "appointment.", None, &mut fields).await?;
    fields.check()?;
    if let Some((here, why)) = alike.first() {
        let field = if *why == Likeness::SameEmail { "email" } else { "given_name" };
        asked.push((field.to_owned(), Question::MaybeSame, question(here, *why)));
    }
    let existing = alike.first().map(|(here, _)| path(scope, here.id));
    ask(asked, &confirmed).map_err(|error| match existing {
        Some(path) => error.with_existing(path),
        None => error,
    })?;
    insert(app, &tx, scope, id, &meant).await?;
    appoint::begin(app, &tx, scope, row, opens_earlier).await?;
    ledger::changed(&tx, &app.clock, scope.account(), ("person", id.0), "added", json!({})).await?;
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

fn path(scope: &OrgScope, id: PersonId) -> String {
    format!("/api/organisations/{}/people/{id}", scope.organisation())
}

fn question(here: &Known, why: Likeness) -> String {
    let name = here.full_name();
    match why {
        Likeness::SameEmail => format!("{name} in your organisation goes by this address. Is this the same person?"),
        Likeness::SameName => format!("There is a {name} in your organisation already. Is this the same person?"),
        Likeness::NearName => format!("There is a {name} in your organisation. Is this the same person?"),
    }
}

/// An employer's own person.
pub async fn insert<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &OrgScope,
    id: PersonId,
    meant: &Meant,
) -> Result<(), DbErr> {
    let Meant { given_name, family_name, email } = meant;
    insert_person(app, tx, id, (given_name, family_name)).await?;
    let known = Known {
        id,
        given_name: given_name.clone(),
        family_name: family_name.clone(),
        name_folded: String::new(),
        email: email.clone(),
        version: 1,
    };
    known::write(tx, &app.clock, scope.organisation(), &known).await
}

pub async fn insert_person<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    id: PersonId,
    (given_name, family_name): (&str, &str),
) -> Result<(), DbErr> {
    let row = person::ActiveModel {
        id: Set(id),
        given_name: Set(given_name.to_owned()),
        family_name: Set(family_name.to_owned()),
        name_folded: Set(name_folded(given_name, family_name)),
        email: Set(None),
        date_of_birth: Set(None),
        synthetic: Set(false),
        version: Set(1),
        created_at: Set(app.clock.now()),
    };
    person::Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

fn has_address(here: &Known, meant: &Meant) -> bool {
    match (&here.email, &meant.email) {
        (Some(here), Some(meant)) => fold::email(here) == fold::email(meant),
        _ => false,
    }
}

fn is_same(here: &Known, meant: &Meant) -> bool {
    has_address(here, meant) && here.name_folded == name_folded(&meant.given_name, &meant.family_name)
}

/// Who, of those who are or were here, may be the one who is meant; the likeliest first.
pub async fn alike<C: ConnectionTrait>(
    db: &C,
    scope: &OrgScope,
    meant: &Meant,
    without: Option<PersonId>,
) -> Result<Vec<(Known, Likeness)>, DbErr> {
    let (given, family) = (fold(&meant.given_name), fold(&meant.family_name));
    let wanted = Name { given: &given, family: &family };
    let like = |here: Known| {
        if has_address(&here, meant) {
            return Some((here, Likeness::SameEmail));
        }
        let (given, family) = (fold(&here.given_name), fold(&here.family_name));
        let found = likeness(wanted, Name { given: &given, family: &family })?;
        Some((here, found))
    };
    let everybody = store::everybody(db, scope).await?.into_iter().filter(|here| Some(here.id) != without);
    let mut found: Vec<_> = everybody.filter_map(like).collect();
    found.sort_by_key(|(here, why)| (*why, here.id));
    found.truncate(MOST_MATCHES);
    Ok(found)
}

/// The same for a screen that asks before it adds.
pub async fn matches(app: &App, scope: &OrgScope, asked: MatchesIn) -> Result<MatchesOut, ApiError> {
    let MatchesIn { given_name, family_name, email } = asked;
    let mut fields = Fields::default();
    let meant = Meant::new(&mut fields, &given_name, &family_name, email);
    fields.check()?;
    let read = db::read(&app.db).await?;
    let (people, whys): (Vec<_>, Vec<_>) = alike(&read, scope, &meant, None).await?.into_iter().unzip();
    let people = dress(app, &read, scope, people).await?;
    drop(read);
    let seen: Vec<_> = people.iter().map(|person| person.id).collect();
    ledger::seen(&app.db, &app.clock, scope, &seen, ledger::Seen::Posts).await?;
    let items = people.into_iter().zip(whys).map(|(person, why)| MatchOut { person, why: why.into() });
    Ok(MatchesOut { items: items.collect() })
}
