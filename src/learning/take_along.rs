//! The record taken along: for other programs, for a spreadsheet, and on paper for the next
//! employer. Each says whose it is and of which day.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::id::{CompletionId, OrganisationId};
use entity::value::{Assurance, CompletionState, Spelled, Verdict};
use entity::{completion_verdict, outside_learning, person};

use super::outside::{self, COUNTS_FOR_NOTHING};
use super::present::Eye;
use super::rules::{self, Holding};
use super::store::dress::{self, Dressed, Told, dress};
use super::store::{self, verdicts};
use super::wire::outside::OutsideOut;
use super::wire::{CompletionOut, RecordLineOut, RecordOut, RecordedPersonOut};
use crate::access::SelfScope;
use crate::access::names::{self, full_name};
use crate::base::clock::london_date;
use crate::base::day::in_words;
use crate::base::db;
use crate::base::error::ApiError;
use crate::pdf::{self, About, Block, Table};
use crate::sheet::write::{Out, OutTable, to_csv};
use crate::state::App;

/// Everything that somebody recorded, as it stands at one moment.
struct Whole {
    person: person::Model,
    lines: Vec<Line>,
    outside: Vec<OutsideOut>,
}

struct Line {
    one: Dressed,
    history: Vec<Told>,
    /// Organisations that vouch for it, by name
    vouch: Vec<String>,
}

async fn whole(app: &App, scope: &SelfScope) -> Result<Whole, ApiError> {
    let read = db::read(&app.db).await?;
    let person = store::own_person(&read, scope).await?.ok_or_else(|| ApiError::not_found("your record"))?;
    let rows = store::own_page(&read, scope, None, None, None, store::MOST).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut histories = dress::histories(&read, &ids).await?;
    let said = verdicts::of(&read, &ids).await?;
    let called = names::organisations(&read, said.values().flatten().map(|word| word.organisation_id)).await?;
    let lines = dress(&read, rows, None).await?.into_iter().map(|one| Line {
        history: histories.remove(&one.row.id).unwrap_or_default(),
        vouch: vouch(&said, one.row.id, &called),
        one,
    });
    let outside = outside::told(&read, store::outside::own(&read, scope, true).await?, Eye::Owner).await?;
    Ok(Whole { person, lines: lines.collect(), outside })
}

/// Who confirmed it and has neither taken that back nor rejected it.
fn vouch(
    said: &HashMap<CompletionId, Vec<completion_verdict::Model>>,
    of: CompletionId,
    called: &HashMap<OrganisationId, String>,
) -> Vec<String> {
    let stands: Vec<_> = said.get(&of).into_iter().flatten().filter(|word| word.taken_back_at.is_none()).collect();
    let by =
        |verdict: Verdict| stands.iter().filter(move |word| word.verdict == verdict).map(|word| word.organisation_id);
    let confirmed = by(Verdict::Confirmed).filter(|who| by(Verdict::Rejected).all(|other| other != *who));
    let mut names: Vec<_> = confirmed.filter_map(|who| called.get(&who).cloned()).collect();
    names.sort();
    names.dedup();
    names
}

/// The whole record with every history.
pub async fn as_json(app: &App, scope: &SelfScope) -> Result<RecordOut, ApiError> {
    let Whole { person, lines, outside } = whole(app, scope).await?;
    let today = app.clock.today();
    let lines = lines.into_iter().map(|line| RecordLineOut {
        explanation: line.one.explanation(),
        completion: CompletionOut::shown(line.one, Eye::Owner, today),
        history: line.history.into_iter().map(Into::into).collect(),
    });
    Ok(RecordOut {
        person: RecordedPersonOut { id: person.id, name: full_name(&person) },
        made_at: app.clock.now(),
        as_at: today,
        completions: lines.collect(),
        outside_the_catalogue: outside,
    })
}

const HEADER: [&str; 17] = [
    "person",
    "as_at",
    "reference",
    "title",
    "kind",
    "provider",
    "completed_on",
    "valid_through",
    "assurance",
    "state",
    "note",
    "evidence",
    "recorded_on",
    "completion_id",
    "confirmed_by",
    "minutes",
    "outside_the_catalogue",
];

/// One line a completion, then one for each piece of learning outside of the catalogue; safe to open
/// in a spreadsheet program.
pub async fn as_csv(app: &App, scope: &SelfScope) -> Result<Vec<u8>, ApiError> {
    let Whole { person, lines, outside } = whole(app, scope).await?;
    let (name, today) = (full_name(&person), app.clock.today());
    let rows = lines.iter().map(|Line { one, vouch, .. }| {
        let files: Vec<_> = one.evidence.iter().map(|file| file.file_name.as_str()).collect();
        vec![
            Out::from(name.as_str()),
            Out::Date(today),
            Out::from(one.of.item.reference.as_str()),
            Out::from(one.of.item.title.as_str()),
            Out::from(one.of.item.kind.spelling()),
            Out::from(one.of.provider.as_str()),
            Out::Date(one.row.completed_on),
            one.valid_through().map_or(Out::Blank, Out::Date),
            Out::from(one.row.assurance.spelling()),
            Out::from(one.row.state.spelling()),
            Out::from(one.row.note.clone()),
            Out::from(files.join("; ").as_str()),
            Out::Date(london_date(one.row.recorded_at)),
            Out::Text(one.row.id.to_string()),
            Out::from(vouch.join("; ").as_str()),
            Out::Blank,
            one.outside.as_ref().map_or(Out::Blank, |row| Out::from(stands_for(row).as_str())),
        ]
    });
    let rows = rows.chain(outside.iter().map(|one| outside_row(one, &name, today)));
    let table = OutTable {
        name: "record".to_owned(),
        caption: format!("Record of learning: {name}, {}", in_words(today)),
        header: HEADER.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    Ok(to_csv(&table))
}

fn stands_for(row: &outside_learning::Model) -> String {
    format!("Stands for “{}”, {}", row.title, row.provider)
}

fn outside_row(one: &OutsideOut, name: &str, today: NaiveDate) -> Vec<Out> {
    let files: Vec<_> = one.evidence.iter().map(|file| file.file_name.as_str()).collect();
    let by: Vec<_> = one.equated.iter().map(|word| word.organisation.as_str()).collect();
    let state = if one.withdrawn_at.is_some() { CompletionState::Withdrawn } else { CompletionState::Live };
    vec![
        Out::from(name),
        Out::Date(today),
        Out::Blank,
        Out::from(one.title.as_str()),
        Out::from("outside_the_catalogue"),
        Out::from(one.provider.as_str()),
        Out::Date(one.completed_on),
        Out::Blank,
        Out::Blank,
        Out::from(state.spelling()),
        Out::from(one.note.clone()),
        Out::from(files.join("; ").as_str()),
        Out::Date(london_date(one.recorded_at)),
        Out::Blank,
        Out::from(by.join("; ").as_str()),
        one.minutes.map_or(Out::Blank, |minutes| Out::from(minutes.to_string().as_str())),
        Out::from(one.standing.as_str()),
    ]
}

/// How far something is trusted, for somebody who has never seen the ladder.
fn trusted(line: &Line) -> String {
    let how = match line.one.row.assurance {
        Assurance::SelfDeclared => return "Self-declared".to_owned(),
        Assurance::EvidenceAttached => return "Evidence attached".to_owned(),
        Assurance::ManagerConfirmed => "Manager confirmed",
        Assurance::EmployerVerified => "Employer verified",
        Assurance::ProviderIssued => "Provider issued",
    };
    match line.vouch.as_slice() {
        [] => how.to_owned(),
        names => format!("{how}: {}", names.join(", ")),
    }
}

/// A document that one would hand to an employer.
pub async fn as_pdf(app: &App, scope: &SelfScope) -> Result<Vec<u8>, ApiError> {
    let Whole { person, lines, outside } = whole(app, scope).await?;
    let (name, today) = (full_name(&person), app.clock.today());
    let standing = lines.iter().filter(|line| line.one.row.state == CompletionState::Live);
    let lapsed = |line: &&Line| rules::holding(line.one.valid_through(), today, rules::WINDOW_DAYS) == Holding::Expired;
    let (past, held): (Vec<&Line>, Vec<&Line>) = standing.partition(lapsed);
    let mut blocks = vec![
        Block::Title(name.clone()),
        Block::Text(format!("Record of learning on {}", in_words(today))),
        Block::Heading("Held".to_owned()),
    ];
    if held.is_empty() {
        blocks.push(Block::Text("Nothing is held on this day.".to_owned()));
    }
    blocks.push(completed(&held, "Valid until"));
    if !past.is_empty() {
        blocks.extend([Block::Heading("Held in the past".to_owned()), completed(&past, "Was valid until")]);
    }
    blocks.extend(beside(&outside));
    blocks.push(Block::Heading("How far a line is trusted".to_owned()));
    for line in [
        "Self-declared: the person says so. Evidence attached: with a certificate or the like, which nobody has confirmed.",
        "Manager confirmed, employer verified: the organisation that is named vouches for it. Provider issued: whoever gave the course does.",
        "Made from the person’s own record in Cairn. A copy can be changed: where it matters, ask the organisation that is named.",
    ] {
        blocks.push(Block::Small(line.to_owned()));
    }
    let about = About {
        title: format!("Record of learning: {name}"),
        foot: format!("{name}, record of learning on {}", in_words(today)),
        made_at: app.clock.now(),
    };
    let made = tokio::task::spawn_blocking(move || pdf::render(&about, &blocks)).await;
    made.map_err(|error| ApiError::internal(&error))?.map_err(|error| ApiError::internal(&error))
}

/// Learning outside of the catalogue, said to be that; nothing when there is none.
fn beside(outside: &[OutsideOut]) -> Vec<Block> {
    let rows: Vec<_> = outside.iter().filter(|one| one.withdrawn_at.is_none()).map(outside_line).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = [("Learning", 3.2), ("From", 2.2), ("Finished", 1.5), ("Took", 1.2), ("What it counts as", 2.7)];
    vec![
        Block::Heading("Learning that is not in the catalogue".to_owned()),
        Block::Text("As the person wrote it. It counts for nothing that is asked until somebody equates it with an item; then the item stands above too.".to_owned()),
        Block::Table(table(&columns, rows)),
    ]
}

fn outside_line(one: &OutsideOut) -> Vec<String> {
    let counts = if one.equated.is_empty() { COUNTS_FOR_NOTHING.to_owned() } else { one.standing.clone() };
    vec![
        one.title.clone(),
        one.provider.clone(),
        in_words(one.completed_on),
        one.minutes.map_or_else(|| "Not said".to_owned(), took),
        counts,
    ]
}

/// "6 hours 30 minutes".
fn took(minutes: i32) -> String {
    let part = |number: i32, one: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        many => Some(format!("{many} {one}s")),
    };
    [part(minutes / 60, "hour"), part(minutes % 60, "minute")].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn completed(rows: &[&Line], until: &str) -> Block {
    let columns = [("Learning", 3.2), ("From", 2.2), ("Finished", 1.5), (until, 1.6), ("How far trusted", 2.3)];
    let line = |line: &&Line| {
        let one = &line.one;
        vec![
            match &one.outside {
                Some(row) => format!("{} (for “{}”)", one.of.item.title, row.title),
                None => one.of.item.title.clone(),
            },
            one.of.provider.clone(),
            in_words(one.row.completed_on),
            one.valid_through().map_or_else(|| "Does not expire".to_owned(), in_words),
            trusted(line),
        ]
    };
    Block::Table(table(&columns, rows.iter().map(line).collect()))
}

fn table(columns: &[(&str, f32)], rows: Vec<Vec<String>>) -> Table {
    Table { columns: columns.iter().map(|(title, share)| ((*title).to_owned(), *share)).collect(), rows }
}
