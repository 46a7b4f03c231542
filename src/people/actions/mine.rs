//! A person's own side: employers that say they work there, the answers, and their own name.
//! What an employer says is found by the address at the moment of reading: nothing is looked up
//! when an employer writes it, so nothing can be told from that.

use std::collections::{BTreeMap, HashSet};

use entity::id::{JoiningAnswerId, OrganisationId, PersonId};
use entity::joining_answer::Model as Answer;
use entity::person;
use entity::value::{JoiningReply, MoveReason};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::add::insert_person;
use super::moving::{self, Going};
use crate::access::{Caller, SelfScope, ledger};
use crate::account::PersonOut;
use crate::base::contact::{check_names, name_folded};
use crate::base::db;
use crate::base::error::{ApiError, Fields};
use crate::base::fold::{self, tidy};
use crate::organisation::wire::label;
use crate::people::known::Known;
use crate::people::rules::{Span, State, may_ask_again};
use crate::people::store::joining::Claimed;
use crate::people::store::{self, joining, known};
use crate::people::wire::{AnsweredOut, ClaimOut, ClaimedPostOut, MyEmployerOut, MyEmployersOut, MyNameIn};
use crate::state::App;

pub async fn mine(app: &App, caller: &Caller) -> Result<MyEmployersOut, ApiError> {
    shown(app, &db::read(&app.db).await?, caller, caller.person()).await
}

async fn shown<C: ConnectionTrait>(
    app: &App,
    db: &C,
    caller: &Caller,
    person: Option<PersonId>,
) -> Result<MyEmployersOut, ApiError> {
    let answers = joining::answers(db, caller.account()).await?;
    let claimed = joining::claimed(db, &fold::email(caller.email()), app.clock.today()).await?;
    let questions = open(app, claimed, &answers).into_iter().map(question).collect();
    let refused: Vec<_> = answers.into_iter().filter(|answer| answer.answer != JoiningReply::Yes).collect();
    let ids = refused.iter().map(|answer| answer.organisation_id).collect();
    let names = joining::organisations(db, ids).await?;
    let answered = refused.into_iter().map(|answer| AnsweredOut {
        id: answer.person_id,
        organisation_name: names.get(&answer.organisation_id).cloned().unwrap_or_default(),
        organisation_id: answer.organisation_id,
        answer: answer.answer,
        at: answer.at,
    });
    let employers = match person {
        Some(person) => employers(app, db, person).await?,
        None => Vec::new(),
    };
    Ok(MyEmployersOut { questions, answered: answered.collect(), employers })
}

/// What is asked now: one question an employer, none where an answer stands or was given lately.
fn open(app: &App, claimed: Vec<Claimed>, answers: &[Answer]) -> Vec<Claimed> {
    let now = app.clock.now();
    let mut asking: HashSet<OrganisationId> = HashSet::new();
    let quiet = |one: &Claimed| {
        let of_them =
            |answer: &&Answer| answer.organisation_id == one.organisation.id && answer.answer != JoiningReply::Yes;
        answers.iter().filter(of_them).any(|answer| answer.person_id == one.person || !may_ask_again(answer.at, now))
    };
    let open = claimed.into_iter().filter(|one| !one.posts.is_empty() && !quiet(one));
    open.filter(|one| asking.insert(one.organisation.id)).collect()
}

fn question(claimed: Claimed) -> ClaimOut {
    let Claimed { person, organisation, posts } = claimed;
    let post = |placed: crate::people::wire::Placed| ClaimedPostOut {
        role_label: label("role", &placed.post.role),
        volunteer: placed.post.volunteer,
        starts_on: placed.appointment.starts_on,
    };
    ClaimOut {
        id: person,
        organisation_id: organisation.id,
        organisation_name: organisation.name,
        posts: posts.into_iter().map(post).collect(),
    }
}

async fn employers<C: ConnectionTrait>(app: &App, db: &C, person: PersonId) -> Result<Vec<MyEmployerOut>, ApiError> {
    let today = app.clock.today();
    let mut spans: BTreeMap<OrganisationId, Vec<Span>> = BTreeMap::new();
    for placed in joining::everywhere(db, person).await? {
        let span = Span { starts_on: placed.appointment.starts_on, ends_on: placed.appointment.ends_on };
        spans.entry(placed.service.organisation_id).or_default().push(span);
    }
    let names = joining::organisations(db, spans.keys().copied().collect()).await?;
    let mut employers = Vec::new();
    for (organisation, spans) in spans {
        let people = store::known::people(organisation).filter(person::Column::Id.eq(person));
        let Some(known) = known::read(db, people).await?.pop() else { continue };
        let Some(since) = spans.iter().map(|span| span.starts_on).min() else { continue };
        employers.push(MyEmployerOut {
            organisation_id: organisation,
            organisation_name: names.get(&organisation).cloned().unwrap_or_default(),
            since,
            here_now: spans.iter().any(|span| span.state(today) != State::Ended),
            written_as: known.full_name(),
        });
    }
    employers.sort_by_key(|one| (!one.here_now, one.since));
    Ok(employers)
}

/// Answers an employer. Yes: its own person becomes the one who answers, whole and at once. The
/// same answer given again is the same answer.
pub async fn answer(
    app: &App,
    caller: &Caller,
    about: PersonId,
    reply: JoiningReply,
) -> Result<MyEmployersOut, ApiError> {
    if reply == JoiningReply::Left {
        return Err(ApiError::field("answer", "not_an_answer", "Answer yes, no or not me."));
    }
    let tx = db::write(&app.db).await?;
    store::hold(&tx, about).await?;
    let answers = joining::answers(&tx, caller.account()).await?;
    let mut person = own_person(&tx, caller).await?;
    match answers.iter().find(|answer| answer.person_id == about) {
        Some(given) if given.answer == reply => {}
        Some(_) => {
            let detail = "You have answered this already. Take that answer back first.";
            return Err(ApiError::conflict("answered_already", detail));
        }
        None => {
            let claimed = joining::claimed(&tx, &fold::email(caller.email()), app.clock.today()).await?;
            let claim = open(app, claimed, &answers).into_iter().find(|claim| claim.person == about);
            let gone = || ApiError::not_found("this question. The employer may have taken it back");
            let claim = claim.ok_or_else(gone)?;
            let organisation = claim.organisation.id;
            if reply == JoiningReply::Yes {
                let into = match person {
                    Some(person) => person,
                    None => become_person(app, &tx, caller, &claim).await?,
                };
                person = Some(into);
                store::hold(&tx, into).await?;
                let (why, account) = (MoveReason::Joined, caller.account());
                moving::go(app, &tx, Going { organisation, from: about, into, why, account }).await?;
            }
            note(app, &tx, caller, (organisation, about), reply).await?;
        }
    }
    let out = shown(app, &tx, caller, person).await?;
    tx.commit().await?;
    Ok(out)
}

async fn own_person<C: ConnectionTrait>(tx: &C, caller: &Caller) -> Result<Option<PersonId>, ApiError> {
    let account = entity::account::Entity::find_by_id(caller.account()).one(tx).await?;
    Ok(account.and_then(|account| account.person_id))
}

/// An account that was nobody's record so far becomes a person, named as the employer wrote it;
/// the name is theirs to change.
async fn become_person<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    caller: &Caller,
    claim: &Claimed,
) -> Result<PersonId, ApiError> {
    let people = known::people(claim.organisation.id).filter(person::Column::Id.eq(claim.person));
    let named = known::read(tx, people).await?.pop().ok_or_else(|| ApiError::not_found("this question"))?;
    let id: PersonId = app.clock.id();
    insert_person(app, tx, id, (&named.given_name, &named.family_name)).await?;
    joining::link(tx, caller.account(), id).await?;
    Ok(id)
}

async fn note<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    caller: &Caller,
    (organisation, about): (OrganisationId, PersonId),
    reply: JoiningReply,
) -> Result<(), ApiError> {
    let id: JoiningAnswerId = app.clock.id();
    let row = Answer {
        id,
        organisation_id: organisation,
        person_id: about,
        account_id: caller.account(),
        answer: reply,
        at: app.clock.now(),
        taken_back_at: None,
    };
    joining::insert(tx, row).await?;
    let said = json!({ "organisation_id": organisation, "answer": reply });
    Ok(ledger::changed(tx, &app.clock, caller.account(), ("person", about.0), "employer_answered", said).await?)
}

/// Takes an answer back that was not yes: the employer's question stands again.
pub async fn take_back(app: &App, caller: &Caller, about: PersonId) -> Result<MyEmployersOut, ApiError> {
    let tx = db::write(&app.db).await?;
    store::hold(&tx, about).await?;
    let answers = joining::answers(&tx, caller.account()).await?;
    let given = answers.iter().find(|one| one.person_id == about && one.answer != JoiningReply::Yes);
    let given = given.ok_or_else(|| ApiError::not_found("this answer"))?;
    joining::take_back(&tx, given, app.clock.now()).await?;
    let said = json!({ "organisation_id": given.organisation_id });
    ledger::changed(&tx, &app.clock, caller.account(), ("person", about.0), "answer_taken_back", said).await?;
    let out = shown(app, &tx, caller, own_person(&tx, caller).await?).await?;
    tx.commit().await?;
    Ok(out)
}

/// No longer: the employer keeps a person of its own with the posts that it gave and the
/// exemptions that it granted; the record, and who looked at it, stay the person's.
pub async fn leave(
    app: &App,
    caller: &Caller,
    own: &SelfScope,
    organisation: OrganisationId,
) -> Result<MyEmployersOut, ApiError> {
    let tx = db::write(&app.db).await?;
    let person = own.person();
    store::hold(&tx, person).await?;
    if !joining::is_at(&tx, organisation, person).await? {
        return Err(ApiError::not_found("this employer"));
    }
    let theirs = moving::separate(app, &tx, (organisation, person), caller.account()).await?;
    for given in joining::answers(&tx, caller.account()).await? {
        if given.organisation_id == organisation {
            joining::take_back(&tx, &given, app.clock.now()).await?;
        }
    }
    note(app, &tx, caller, (organisation, theirs), JoiningReply::Left).await?;
    let out = shown(app, &tx, caller, Some(person)).await?;
    tx.commit().await?;
    Ok(out)
}

/// The own name; how employers write it stays theirs.
pub async fn rename(app: &App, own: &SelfScope, name: MyNameIn) -> Result<PersonOut, ApiError> {
    let MyNameIn { given_name, family_name } = name;
    let (given, family) = (tidy(&given_name), tidy(&family_name));
    let mut fields = Fields::default();
    check_names(&mut fields, &given, &family);
    fields.check()?;
    let tx = db::write(&app.db).await?;
    let id = own.person();
    store::hold(&tx, id).await?;
    let old = person::Entity::find_by_id(id).one(&tx).await?.ok_or_else(|| ApiError::not_found("your record"))?;
    keep_spellings(app, &tx, &old).await?;
    let new = person::ActiveModel {
        name_folded: Set(name_folded(&given, &family)),
        given_name: Set(given.clone()),
        family_name: Set(family.clone()),
        version: Set(old.version + 1),
        ..Default::default()
    };
    person::Entity::update_many().set(new).filter(person::Column::Id.eq(id)).exec(&tx).await?;
    ledger::changed(&tx, &app.clock, own.account(), ("person", id.0), "renamed", json!({})).await?;
    tx.commit().await?;
    Ok(PersonOut { id, given_name: given, family_name: family })
}

/// Employers where somebody works know them by the name of before: lists do not change under them.
async fn keep_spellings<C: ConnectionTrait>(app: &App, tx: &C, old: &person::Model) -> Result<(), ApiError> {
    let mut at: Vec<_> = joining::everywhere(tx, old.id).await?.iter().map(|one| one.service.organisation_id).collect();
    at.sort_unstable();
    at.dedup();
    for organisation in at {
        if known::written(tx, organisation, old.id).await?.is_none() {
            let known = Known {
                id: old.id,
                given_name: old.given_name.clone(),
                family_name: old.family_name.clone(),
                name_folded: String::new(),
                email: None,
                version: 1,
            };
            known::write(tx, &app.clock, organisation, &known).await?;
        }
    }
    Ok(())
}
