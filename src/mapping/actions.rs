//! Use cases of the workforce map: ask for a table, take a release away as a file.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use disclosure::Rule;
use entity::id::{OrganisationId, ReleaseId};
use entity::release;
use entity::value::{Assurance, Spelled};
use poem::http::StatusCode;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde_json::json;
use uuid::Uuid;

use super::answer::{self, Answer, NoAnswer, Patterns};
use super::axes::{self, Axis, AxisKind, By};
use super::export::{self, File};
use super::facts::Facts;
use super::measures::Pattern;
use super::plans::{self, Basis};
use super::present::table;
use super::question::{Question, Skill, Wrong};
use super::skills;
use super::store::{self, Base, Response};
use super::tally::Tally;
use super::wire::{DimensionOut, QuestionIn, TableOut, ValueOut};
use crate::access::FiguresScope;
use crate::base::cache::{self, Cache};
use crate::base::db::{self, Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::{ApiError, FieldProblem};
use crate::base::hash::sha256;
use crate::base::rendered::Rendered;
use crate::base::turns;
use crate::reference::vocabulary;
use crate::state::{App, Instance};

/// Answers of late. The version of the data is part of the key, so that none is out of date.
static ANSWERED: Cache<(Instance, Version, Question), Rendered<TableOut>> =
    Cache::new(|| cache::Inner::new("table", MOST_BYTES, |_, table| table.bytes()));
const MOST_BYTES: u64 = 32 << 20;
const DEPENDS_ON: [Domain; 5] =
    [Domain::Workforce, Domain::Organisations, Domain::Learning, Domain::Requirements, Domain::Catalogue];

/// Answers a question; the same question of the same facts gets the release made before.
pub async fn ask(app: &App, scope: &FiguresScope, body: QuestionIn) -> Result<Rendered<TableOut>, ApiError> {
    let rule = Rule::default();
    let question = within(scope, read(app, body).await?)?;
    let question = question.check(app.clock.today(), rule.dimensions).map_err(invalid)?;
    let key = (app.instance(), db::version(&app.db, &DEPENDS_ON).await?, question.clone());
    let table = ANSWERED.get_or_make(key, Box::pin(answered(app, scope, question, &rule))).await?;
    Ok((*table).clone())
}

/// Which skill is looked at, in words. One employer's own requirement is not for everybody's
/// tables: they would be figures of that employer alone.
async fn skill_asked<C: Snapshot>(db: &C, question: &Question) -> Result<Option<String>, ApiError> {
    let skill = match &question.skill {
        Skill::Everything => "everything that is required".to_owned(),
        Skill::Theme(theme, level) => {
            let label = vocabulary::term("theme", theme).map_or(theme.as_str(), |term| term.label.as_str());
            format!("{label} at level {}", level.spelling())
        }
        Skill::Requirement(id) => {
            let asked = store::requirement(db, *id).await?;
            let asked = asked.filter(|row| row.organisation_id.is_none_or(|own| question.organisation == Some(own)));
            let unknown = "Choose a national requirement, or one of your own organisation for its own figures.";
            asked.ok_or_else(|| ApiError::field("requirement", "unknown", unknown))?.name
        }
    };
    let trusted = question.assurance.spelling().replace('_', " ");
    Ok(question.is_about_skill().then(|| format!("{skill}; at least {trusted}")))
}

async fn read(app: &App, body: QuestionIn) -> Result<Question, ApiError> {
    let QuestionIn {
        collection,
        as_at,
        known_at,
        measures,
        rows,
        columns,
        filters,
        assurance,
        requirement,
        theme,
        level,
        organisation,
    } = body;
    let as_at = match (&collection, as_at) {
        (Some(_), Some(_)) => {
            return Err(ApiError::field("as_at", "one_of_two", "Give a collection or a date, not both."));
        }
        (Some(slug), None) => {
            let found = store::collection(&app.db, slug).await?;
            let unknown = || ApiError::field("collection", "unknown", "There is no such collection.");
            found.ok_or_else(unknown)?.as_at
        }
        (None, date) => date.unwrap_or_else(|| app.clock.today()),
    };
    let mut by_dimension = BTreeMap::new();
    for (dimension, values) in filters {
        let Some(by) = By::ALL.into_iter().find(|by| by.id() == dimension) else {
            let message = format!("{dimension:?} is not a dimension; see /api/mapping/dimensions.");
            return Err(ApiError::field("filters", "unknown_dimension", message));
        };
        by_dimension.insert(by, values);
    }
    let skill = match (requirement, theme, level) {
        (None, None, None) => Skill::Everything,
        (Some(id), None, None) => Skill::Requirement(id),
        (None, Some(theme), Some(level)) if vocabulary::term("theme", &theme).is_some() => Skill::Theme(theme, level),
        (None, Some(_), Some(_)) => return Err(ApiError::field("theme", "unknown", "There is no such theme.")),
        _ => return Err(ApiError::field("theme", "half", "Give a requirement, or a theme together with a level.")),
    };
    let assurance = assurance.unwrap_or(Assurance::SelfDeclared);
    Ok(Question { as_at, known_at, measures, rows, columns, filters: by_dimension, skill, assurance, organisation })
}

/// Holds the question to what the caller may see: planners everything protected, employers their
/// own as it is, ADP co-ordinators their area.
fn within(scope: &FiguresScope, mut question: Question) -> Result<Question, ApiError> {
    if let Some(organisation) = question.organisation {
        let own = scope.organisations().contains(&organisation);
        return if own { Ok(question) } else { Err(ApiError::not_found("this organisation")) };
    }
    if scope.is_national() {
        return Ok(question);
    }
    if scope.areas().is_empty() {
        question.organisation = scope.organisations().first().copied();
        return Ok(question);
    }
    let asked = question.filters.entry(By::Adp).or_default();
    if asked.iter().any(|area| !scope.areas().contains(area)) {
        return Err(ApiError::not_allowed("You can ask for figures of your own Alcohol and Drug Partnership."));
    }
    if asked.is_empty() {
        *asked = scope.areas().to_vec();
    }
    Ok(question)
}

/// The dimensions with the values that a question of this caller can name: for an ADP co-ordinator
/// only places that have something in common with their area.
pub fn offered(scope: &FiguresScope, today: NaiveDate) -> Vec<DimensionOut> {
    let all = By::ALL.into_iter().map(DimensionOut::from);
    if scope.is_national() || scope.areas().is_empty() || !scope.organisations().is_empty() {
        return all.collect();
    }
    let own = (By::Adp, scope.areas().to_vec());
    let within = |by: By, value: &ValueOut| {
        by.axis() != AxisKind::Area
            || !axes::leaves_nothing(AxisKind::Area, today, &[own.clone(), (by, vec![value.id.clone()])])
    };
    all.map(|mut dimension| {
        dimension.values.retain(|value| within(dimension.id, value));
        dimension
    })
    .collect()
}

fn invalid(wrong: Vec<Wrong>) -> ApiError {
    let field = |wrong: Wrong| FieldProblem {
        field: wrong.field.to_owned(),
        code: wrong.code.to_owned(),
        message: wrong.message,
    };
    ApiError::invalid(wrong.into_iter().map(field).collect())
}

/// What tells a release from all others: the question, the facts and the rules.
fn hash(question: &Question, facts: &str, response: &Response, rule: &Rule) -> Result<String, serde_json::Error> {
    let whole = (question, facts, response, &rule.version, vocabulary::fingerprint());
    serde_json::to_string(&whole).map(sha256)
}

async fn answered(
    app: &App,
    scope: &FiguresScope,
    question: Question,
    rule: &Rule,
) -> Result<Rendered<TableOut>, ApiError> {
    let internal = |error: serde_json::Error| ApiError::internal(&error);
    let axes = axes(&question, &question.axes())?;
    let read = db::read(&app.db).await?;
    let skill = skill_asked(&read, &question).await?;
    let services = store::services(&read, &question).await?;
    let skills = skills::load(&read, &question, app.clock.now()).await?;
    let books = store::books(&read, &question, &services).await?;
    let response = response(&read, &question, &axes, &services).await?;
    drop(read);
    let date = question.as_at;
    let work = move || {
        let facts = store::facts(books, date, &services, &skills);
        facts.fingerprint().map(|fingerprint| (facts, fingerprint))
    };
    let (facts, fingerprint) = off(work).await?.map_err(internal)?;
    let hash = hash(&question, &fingerprint, &response, rule).map_err(internal)?;
    if let Some(kept) = store::release_of(&app.db, &hash).await? {
        return written(table_of(&kept)?).await;
    }
    let rule_for_work = rule.clone();
    let work = move || make(&question, axes, &facts, &rule_for_work).map(|made| (question, made));
    let (question, (answer, left_out)) = off(work).await?.map_err(refused)?;
    let mut table = table(app, &question, &answer, response, left_out, rule);
    table.title = question.sentence(skill.as_deref());
    keep(app, scope, &question, &table, &answer, fingerprint, &hash, rule).await?;
    // Of two that asked at once, both get what was kept first.
    match store::release_of(&app.db, &hash).await? {
        Some(kept) => written(table_of(&kept)?).await,
        None => written(table).await,
    }
}

async fn written(table: TableOut) -> Result<Rendered<TableOut>, ApiError> {
    off(move || Rendered::new(&table)).await
}

/// Off the async threads: facts of a nation and tables of thousands of cells keep a core busy.
async fn off<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    turns::compute(work).await.map_err(|error| ApiError::internal(&error))
}

fn axes(question: &Question, kinds: &[AxisKind]) -> Result<Vec<Axis>, ApiError> {
    kinds
        .iter()
        .map(|kind| Axis::new(*kind, question.as_at, &question.chosen(*kind)))
        .collect::<Result<_, _>>()
        .map_err(|refusal| ApiError::internal(&refusal))
}

/// Counts and protects; off the async threads.
fn make(question: &Question, axes: Vec<Axis>, facts: &Facts, rule: &Rule) -> Result<(Answer, u64), NoAnswer> {
    let mut patterns = Patterns::none();
    if question.organisation.is_none() {
        let plain = facts.without_skills().fingerprint().map_err(|error| NoAnswer::Broken(error.to_string()))?;
        let basis = Basis { facts: plain, as_at: question.as_at };
        let mut asked: Vec<Pattern> = question.measures.iter().map(|measure| measure.pattern()).collect();
        asked.sort_unstable();
        asked.dedup();
        for pattern in asked {
            patterns = patterns.with(pattern, plans::hidden(pattern, question, facts, &basis, rule)?);
        }
    }
    let tally = Tally::new(axes, facts);
    let answer = answer::give(question, &tally, &patterns)?;
    Ok((answer, tally.left_out))
}

fn refused(no: NoAnswer) -> ApiError {
    match no {
        NoAnswer::TooLarge => ApiError::field(
            "rows",
            "too_large",
            "This table would be too large to read. Choose fewer dimensions, or filter.",
        ),
        NoAnswer::WouldReveal => ApiError::new(
            StatusCode::CONFLICT,
            "would_reveal",
            "Nothing of this table can be shown without letting somebody be recognised. Ask with fewer dimensions or coarser ones.",
        ),
        NoAnswer::Broken(cause) => ApiError::internal(&cause),
    }
}

async fn response<C: Snapshot>(
    db: &C,
    question: &Question,
    axes: &[Axis],
    services: &[Base],
) -> Result<Response, ApiError> {
    let counted = |service: &&Base| {
        axes.iter().all(|axis| {
            let (Some(value), Some(whole)) = (service.value(axis.kind), axis.chosen(&question.chosen(axis.kind)))
            else {
                return true;
            };
            axis.atom(value).is_some_and(|atom| axis.lies_within(atom, whole))
        })
    };
    let mut employers: Vec<OrganisationId> =
        services.iter().filter(counted).map(|service| service.organisation).collect();
    employers.sort_unstable();
    employers.dedup();
    Ok(store::response(db, question, &employers).await?)
}

#[expect(clippy::too_many_arguments, reason = "everything that a manifest records")]
async fn keep(
    app: &App,
    scope: &FiguresScope,
    question: &Question,
    table: &TableOut,
    answer: &Answer,
    facts: String,
    hash: &str,
    rule: &Rule,
) -> Result<(), ApiError> {
    let internal = |error: serde_json::Error| ApiError::internal(&error);
    let json = table.to_json().unwrap_or_default();
    let vocabularies: BTreeMap<&str, &str> =
        vocabulary::all().iter().map(|found| (found.id.as_str(), found.version.as_str())).collect();
    let sha256 = sha256(json.to_string());
    let manifest = json!({
        "rule": rule.version,
        "vocabularies": vocabularies,
        "facts": facts,
        "hidden": answer.hidden,
        "protected": table.protected,
    });
    let row = release::Model {
        id: table.manifest,
        question_hash: hash.to_owned(),
        question: serde_json::to_value(question).map_err(internal)?,
        table: json,
        manifest,
        sha256,
        rule_version: rule.version.clone(),
        created_at: table.released_at,
        created_by: Some(scope.account()),
    };
    store::keep(&app.db, row).await?;
    Ok(())
}

fn table_of(kept: &release::Model) -> Result<TableOut, ApiError> {
    TableOut::parse_from_json(Some(kept.table.clone())).map_err(|error| ApiError::internal(&error.into_message()))
}

/// A release as a file, by `{id}.{kind}`; only to those who could have asked for it.
pub async fn file(app: &App, scope: &FiguresScope, name: &str) -> Result<File, ApiError> {
    let unknown = || ApiError::not_found("this release");
    let (id, kind) = name.rsplit_once('.').ok_or_else(unknown)?;
    let id = ReleaseId(Uuid::from_str(id).map_err(|_| unknown())?);
    let kept = store::release(&app.db, id).await?.ok_or_else(unknown)?;
    let question: Question =
        serde_json::from_value(kept.question.clone()).map_err(|error| ApiError::internal(&error))?;
    let same = within(scope, question.clone()).map_err(|_| unknown())?;
    if same != question {
        return Err(unknown());
    }
    let table = table_of(&kept)?;
    match kind {
        "csv" => Ok(export::csv(&table)),
        "xlsx" => export::xlsx(&table, &kept.sha256).map_err(|error| ApiError::internal(&error)),
        "json" => Ok(export::json(&table, &kept)),
        _ => Err(ApiError::not_found("a file of this kind: there are .csv, .xlsx and .json")),
    }
}
