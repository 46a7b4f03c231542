//! Posts of a person: appointing, ending, correcting and changing from a day on. Nothing is
//! overwritten: an entry that changes is superseded and stays.

use chrono::NaiveDate;
use entity::appointment;
use entity::id::{AppointmentId, PersonId, PostId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{ask, detail, held};
use crate::access::OrgScope;
use crate::base::day::in_words;
use crate::base::error::{ApiError, Fields};
use crate::base::{db, patch};
use crate::organisation;
use crate::organisation::rules::Hold;
use crate::people::rules::hours::{self, Doubt};
use crate::people::rules::{self, Fault, Span};
use crate::people::store;
use crate::people::wire::{
    AppointmentChangeIn, AppointmentEndIn, AppointmentIn, AppointmentPatch, LeavingReason, PersonDetailOut, Question,
};
use crate::state::App;

/// What is asked back: field, question, words.
pub type Asked = Vec<(String, Question, String)>;

/// An appointment that nothing is wrong with.
pub struct Checked {
    pub asked: Asked,
    /// Its post opens on its first day, which is earlier than was entered
    pub opens_earlier: bool,
}

/// A further appointment of somebody who is, or was, here.
pub async fn appoint(
    app: &App,
    scope: &OrgScope,
    id: PersonId,
    new: AppointmentIn,
) -> Result<(PersonDetailOut, String), ApiError> {
    let confirmed = new.confirmed.clone();
    let tx = db::write(&app.db).await?;
    let id = held(&tx, scope, id).await?.id;
    let row = AppointmentRow::new(id, new);
    let mut fields = Fields::default();
    let Checked { asked, opens_earlier } = check(&tx, scope, &row, "", None, &mut fields).await?;
    fields.check()?;
    ask(asked, &confirmed)?;
    begin(app, &tx, scope, row, opens_earlier).await?;
    let answer = detail(app, &tx, scope, id).await?;
    tx.commit().await?;
    Ok(answer)
}

pub async fn end(
    app: &App,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
    AppointmentEndIn { ends_on, reason }: AppointmentEndIn,
) -> Result<(PersonDetailOut, String), ApiError> {
    let ended =
        |row: AppointmentRow, _: &mut Fields| AppointmentRow { ends_on: Some(ends_on), reason: Some(reason), ..row };
    replace(app, scope, (person, id), &[], ended).await
}

/// Corrects an appointment: the entry as it was stays, superseded.
pub async fn correct(
    app: &App,
    scope: &OrgScope,
    of: (PersonId, AppointmentId),
    patched: AppointmentPatch,
) -> Result<(PersonDetailOut, String), ApiError> {
    let AppointmentPatch { post_id, starts_on, ends_on, weekly_minutes, leaving_reason, confirmed } = patched;
    replace(app, scope, of, &confirmed, |row, fields| AppointmentRow {
        person: row.person,
        post: patch::required(fields, "post_id", post_id, row.post),
        starts_on: patch::required(fields, "starts_on", starts_on, row.starts_on),
        ends_on: patch::optional(ends_on, row.ends_on),
        weekly_minutes: patch::required(fields, "weekly_minutes", weekly_minutes, row.weekly_minutes),
        reason: patch::optional(leaving_reason, row.reason),
    })
    .await
}

async fn replace(
    app: &App,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
    confirmed: &[Question],
    change: impl FnOnce(AppointmentRow, &mut Fields) -> AppointmentRow,
) -> Result<(PersonDetailOut, String), ApiError> {
    let tx = db::write(&app.db).await?;
    let was = standing(&tx, scope, (person, id)).await?;
    let mut fields = Fields::default();
    let row = change(was.clone(), &mut fields);
    let Checked { asked, opens_earlier } = check(&tx, scope, &row, "", Some((id, &was)), &mut fields).await?;
    if row.reason.is_some() && row.ends_on.is_none() {
        fields.push("leaving_reason", "not_ended", "Only an appointment that ends has a reason for leaving.");
    }
    fields.check()?;
    ask(asked, confirmed)?;
    let person = was.person;
    if row != was {
        if opens_earlier {
            organisation::open_by(app, &tx, scope, row.post, row.starts_on).await?;
        }
        supersede(app, &tx, id).await?;
        record(app, &tx, scope, row, Some(id)).await?;
    }
    let answer = detail(app, &tx, scope, person).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Other hours, or another post here, from a day on: the appointment closes the day before, and
/// the next one goes on from there. Nobody leaves by it.
pub async fn change_from(
    app: &App,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
    changed: AppointmentChangeIn,
) -> Result<(PersonDetailOut, String), ApiError> {
    let AppointmentChangeIn { from, weekly_minutes, post_id, confirmed } = changed;
    let tx = db::write(&app.db).await?;
    let was = standing(&tx, scope, (person, id)).await?;
    let mut fields = Fields::default();
    let last = from.pred_opt().filter(|last| *last >= was.starts_on);
    if last.is_none() {
        let message = "Choose a day after the first one. If it was entered wrongly from the start, correct it instead.";
        fields.push("from", "not_after_start", message);
    } else if was.ends_on.is_some_and(|ends_on| ends_on < from) {
        fields.push("from", "after_the_end", "This appointment has ended by then. Choose an earlier day.");
    }
    let post = post_id.unwrap_or(was.post);
    if (post, weekly_minutes) == (was.post, was.weekly_minutes) {
        fields.push("weekly_minutes", "unchanged", "These are the hours as they stand. Enter the new ones.");
    }
    let next = AppointmentRow { post, weekly_minutes, starts_on: from, ..was.clone() };
    let mut faults = Fields::default();
    let Checked { asked, opens_earlier } = check(&tx, scope, &next, "", Some((id, &was)), &mut faults).await?;
    let here = |field: String| if field == "starts_on" { "from".to_owned() } else { field };
    fields.extend(faults, here);
    fields.check()?;
    ask(asked.into_iter().map(|(field, question, words)| (here(field), question, words)).collect(), &confirmed)?;
    let person = was.person;
    let moved = (post != was.post).then_some(LeavingReason::MovedPost);
    supersede(app, &tx, id).await?;
    record(app, &tx, scope, AppointmentRow { ends_on: last, reason: moved, ..was }, Some(id)).await?;
    begin(app, &tx, scope, next, opens_earlier).await?;
    let answer = detail(app, &tx, scope, person).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The appointment as it stands, with the person held so that nobody else changes it meanwhile.
async fn standing<C: ConnectionTrait>(
    tx: &C,
    scope: &OrgScope,
    (person, id): (PersonId, AppointmentId),
) -> Result<AppointmentRow, ApiError> {
    let person = held(tx, scope, person).await?.id;
    let missing = || ApiError::not_found("this appointment");
    let row = store::appointment(tx, scope, person, id).await?.ok_or_else(missing)?;
    if row.superseded_at.is_some() {
        let detail = "This appointment has been changed since you opened it. Open the person again.";
        return Err(ApiError::conflict("superseded", detail));
    }
    Ok(AppointmentRow::from(&row))
}

async fn supersede<C: ConnectionTrait>(app: &App, tx: &C, id: AppointmentId) -> Result<(), ApiError> {
    appointment::Entity::update_many()
        .set(appointment::ActiveModel { superseded_at: Set(Some(app.clock.now())), ..Default::default() })
        .filter(appointment::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// An appointment as it is to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppointmentRow {
    person: PersonId,
    post: PostId,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    weekly_minutes: i32,
    reason: Option<LeavingReason>,
}

impl AppointmentRow {
    pub fn new(person: PersonId, new: AppointmentIn) -> Self {
        let AppointmentIn { post_id, starts_on, ends_on, weekly_minutes, confirmed: _ } = new;
        Self { person, post: post_id, starts_on, ends_on, weekly_minutes, reason: None }
    }
}

impl AppointmentRow {
    fn hold(&self) -> Hold {
        let Self { person, starts_on, ends_on, weekly_minutes, .. } = *self;
        Hold { person, starts_on, ends_on, weekly_minutes }
    }
}

impl From<&appointment::Model> for AppointmentRow {
    fn from(row: &appointment::Model) -> Self {
        Self {
            person: row.person_id,
            post: row.post_id,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            weekly_minutes: row.weekly_minutes,
            reason: row.leaving_reason.as_deref().and_then(LeavingReason::spelled),
        }
    }
}

/// Records a new appointment, in a post that was open by then.
pub async fn begin<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &OrgScope,
    row: AppointmentRow,
    opens_earlier: bool,
) -> Result<(), ApiError> {
    if opens_earlier {
        organisation::open_by(app, tx, scope, row.post, row.starts_on).await?;
    }
    record(app, tx, scope, row, None).await
}

async fn record<C: ConnectionTrait>(
    app: &App,
    tx: &C,
    scope: &OrgScope,
    row: AppointmentRow,
    supersedes: Option<AppointmentId>,
) -> Result<(), ApiError> {
    let AppointmentRow { person, post, starts_on, ends_on, weekly_minutes, reason } = row;
    let row = appointment::ActiveModel {
        id: Set(app.clock.id()),
        person_id: Set(person),
        post_id: Set(post),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        weekly_minutes: Set(weekly_minutes),
        leaving_reason: Set(reason.map(|reason| reason.spelling().to_owned())),
        recorded_at: Set(app.clock.now()),
        recorded_by: Set(Some(scope.account())),
        superseded_at: Set(None),
        supersedes: Set(supersedes),
    };
    appointment::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Notes what is wrong with an appointment, in the words of the form, and gives what is to be
/// asked back. Post and person are held first and read then: what is checked still holds when it
/// is written. What it comes `instead` of counts no longer, and is not asked about again.
pub async fn check<C: ConnectionTrait>(
    tx: &C,
    scope: &OrgScope,
    row: &AppointmentRow,
    at: &str,
    instead: Option<(AppointmentId, &AppointmentRow)>,
    fields: &mut Fields,
) -> Result<Checked, ApiError> {
    let unknown = |fields: &mut Fields| {
        fields.push(&format!("{at}post_id"), "unknown_post", "Choose one of your posts.");
        Ok(Checked { asked: Vec::new(), opens_earlier: false })
    };
    let Some((post, _)) = organisation::store::post(tx, scope, row.post).await? else { return unknown(fields) };
    if row.starts_on < post.opened_on {
        // it may open earlier with its service: always the service before its posts
        organisation::store::hold_service(tx, scope, post.service_id).await?;
    }
    let Some((post, service)) = organisation::store::hold_post(tx, scope, row.post).await? else {
        return unknown(fields);
    };
    store::hold(tx, row.person).await?;
    let facts = organisation::store::facts(tx, std::slice::from_ref(&post)).await?;
    let Some(facts) = facts.get(&post.id) else { return unknown(fields) };
    let others = store::stretches(tx, scope, row.person, instead.map(|(id, _)| id)).await?;
    let span = Span { starts_on: row.starts_on, ends_on: row.ends_on };
    let same_post: Vec<_> = others.iter().filter(|other| other.post == post.id).map(|other| other.span).collect();
    let mut asked = Vec::new();
    let mut opens_earlier = false;
    for fault in rules::faults(span, row.weekly_minutes, facts, &same_post) {
        if let Fault::PostNotOpenYet(opened_on) = fault {
            opens_earlier = true;
            let words = opened_later(opened_on, row.starts_on, row.starts_on < service.opened_on);
            asked.push((format!("{at}starts_on"), Question::OpenedLater, words));
            continue;
        }
        let (field, code, message) = said(fault, row.ends_on);
        fields.push(&format!("{at}{field}"), code, message);
    }
    if hours::together(span, row.weekly_minutes, &others) > hours::WHOLE_WEEK {
        fields.push(
            &format!("{at}weekly_minutes"),
            "too_many_hours",
            "With their other posts here, these are more hours than a week has.",
        );
    }
    let was = instead.map(|(_, was)| was);
    let same = |was: &AppointmentRow| {
        (was.weekly_minutes, was.starts_on, was.post) == (row.weekly_minutes, row.starts_on, row.post)
    };
    if !was.is_some_and(same) {
        let doubts = hours::doubts(span, row.weekly_minutes, post.volunteer, &others);
        let field = format!("{at}weekly_minutes");
        asked.extend(doubts.into_iter().map(|doubt| doubted(&field, doubt, !others.is_empty())));
    }
    let over = facts.most_over(row.hold());
    let before = was.filter(|was| was.post == row.post).map_or(0, |was| facts.most_over(was.hold()));
    if over > before {
        asked.push((format!("{at}post_id"), Question::BeyondFunding, organisation::beyond_funding(over)));
    }
    Ok(Checked { asked, opens_earlier })
}

fn doubted(field: &str, doubt: Doubt, more_posts: bool) -> (String, Question, String) {
    let (question, message) = match doubt {
        Doubt::Many(minutes) => {
            let hours = match (minutes / 60, minutes % 60) {
                (hours, 0) => format!("{hours} hours"),
                (hours, rest) => format!("{hours} hours and {rest} minutes"),
            };
            let together = if more_posts { "Together with their other posts here, these" } else { "These" };
            (Question::Over48Hours, format!("{together} are {hours} a week. Is that right?"))
        }
        Doubt::None => (
            Question::NoHours,
            "No contracted hours: is that right? Sessional and bank staff have none between shifts.".to_owned(),
        ),
    };
    (field.to_owned(), question, message)
}

fn opened_later(opened_on: NaiveDate, starts_on: NaiveDate, service_too: bool) -> String {
    let (what, first) = (if service_too { "The post and its service open" } else { "It opens" }, in_words(starts_on));
    format!("This post opened on {}. Was it open earlier? {what} on {first} then.", in_words(opened_on))
}

fn said(fault: Fault, ends_on: Option<NaiveDate>) -> (&'static str, &'static str, String) {
    match fault {
        Fault::EndsBeforeStart => {
            ("ends_on", "ends_before_start", "The last day cannot be before the first.".to_owned())
        }
        Fault::PostNotOpenYet(opens) => (
            "starts_on",
            "post_not_open",
            format!("This post opened on {}. Choose that day or a later one, or change the post.", in_words(opens)),
        ),
        Fault::PostClosed(closes) => (
            if ends_on.is_some() { "ends_on" } else { "post_id" },
            "post_closed",
            format!("This post is closed from {}; the last day must be before.", in_words(closes)),
        ),
        Fault::NoHours => {
            ("weekly_minutes", "out_of_range", "Enter the contracted hours a week, 0 or more.".to_owned())
        }
        Fault::TooManyHours => ("weekly_minutes", "out_of_range", "Enter at most 100 hours a week.".to_owned()),
        Fault::Overlaps => (
            "starts_on",
            "overlaps",
            "This person is in this post at that time already. Correct that appointment instead.".to_owned(),
        ),
    }
}
