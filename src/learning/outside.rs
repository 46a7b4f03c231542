//! Reading learning that is not in the catalogue: one's own, and what an organisation may equate.

use std::collections::{BTreeMap, HashMap};

use entity::id::{CompletionId, ItemId, OutsideLearningId, PersonId};
use entity::outside_learning::Model;
use entity::value::{CompletionState, ItemKind, ItemStatus, Verdict};
use entity::{completion, completion_verdict};

use super::present::Eye;
use super::reach;
use super::store::dress::{self, DressedItem};
use super::store::outside::{self as rows, AskedKey, Which};
use super::store::{self, verdicts};
use super::wire::RecordedPersonOut;
use super::wire::outside::{
    EquatableOut, EquatedNoticeOut, EquatedOut, OutsideAct, OutsideOut, OutsidesOut, TeamOutsideOut,
};
use crate::access::ledger::{self, Seen};
use crate::access::names::{self as accounts, full_name};
use crate::access::{OrgScope, SelfScope};
use crate::base::clock::london_date;
use crate::base::day::in_words;
use crate::base::db::{self, Snapshot};
use crate::base::error::ApiError;
use crate::base::page::{self, Page};
use crate::people::names;
use crate::standing::standing;
use crate::standing::store::requirements::{self, Which as Rules};
use crate::standing::store::{Whose, people};
use crate::state::App;

/// Items that are suggested for one person.
const MOST_SUGGESTIONS: usize = 12;
/// What every screen and file says of it.
pub const COUNTS_FOR_NOTHING: &str = "Counts for nothing that is asked until somebody equates it with an item.";

/// One's own, latest first.
pub async fn own(app: &App, scope: &SelfScope) -> Result<OutsidesOut, ApiError> {
    let read = db::read(&app.db).await?;
    let found = rows::own(&read, scope, false).await?;
    Ok(OutsidesOut { items: told(&read, found, Eye::Owner).await? })
}

pub async fn own_by_id(app: &App, scope: &SelfScope, id: OutsideLearningId) -> Result<OutsideOut, ApiError> {
    let read = db::read(&app.db).await?;
    let row = rows::own_one(&read, scope, id).await?.ok_or_else(|| ApiError::not_found("this learning"))?;
    own_one(&read, row).await
}

/// One of one's own.
pub async fn own_one<C: Snapshot>(db: &C, row: Model) -> Result<OutsideOut, ApiError> {
    told(db, vec![row], Eye::Owner).await?.pop().ok_or_else(|| ApiError::not_found("this learning"))
}

/// What people in reach let their employers see; each of them can read that it was seen.
pub async fn team_page(
    app: &App,
    scope: &OrgScope,
    which: Which,
    after: Option<AskedKey>,
    limit: u64,
) -> Result<Page<TeamOutsideOut>, ApiError> {
    let read = db::read(&app.db).await?;
    let found = rows::of_team(&read, scope, app.clock.today(), which, after, limit + 1).await?;
    let (shown, next_cursor) = page::shown(found, limit, rows::asked_key);
    let persons: Vec<_> = shown.iter().map(|row| row.person_id).collect();
    let items = for_team(app, &read, scope, shown).await?;
    drop(read);
    ledger::seen(&app.db, &app.clock, scope, &persons, Seen::Learning).await?;
    Ok(Page { items, next_cursor, total: None })
}

/// One of them, inside the transaction that equated it.
pub async fn team_one(app: &App, tx: &db::Write, scope: &OrgScope, row: Model) -> Result<TeamOutsideOut, ApiError> {
    let mut one = for_team(app, tx, scope, vec![row]).await?;
    one.pop().ok_or_else(|| ApiError::not_found("this learning"))
}

async fn for_team<C: Snapshot>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    found: Vec<Model>,
) -> Result<Vec<TeamOutsideOut>, ApiError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut persons: Vec<_> = found.iter().map(|row| row.person_id).collect();
    persons.sort_unstable();
    persons.dedup();
    let suggestions = suggestions(app, db, scope, &persons).await?;
    let called = names::called(db, scope.organisation(), &persons).await?;
    let out = told(db, found, Eye::Voice(reach::voice(scope))).await?.into_iter().map(|mut learning| {
        let person = learning.person.id;
        if let Some(name) = called.get(&person) {
            learning.person.name.clone_from(name);
        }
        let is_own = scope.own_person() == Some(person);
        let said_so = learning.equated.iter().any(|one| one.organisation_id == scope.organisation());
        TeamOutsideOut {
            may: if is_own || said_so { Vec::new() } else { vec![OutsideAct::Equate] },
            suggestions: suggestions.get(&person).cloned().unwrap_or_default(),
            learning,
        }
    });
    Ok(out.collect())
}

/// Items that meet what the organisation asks of each person today.
async fn suggestions<C: Snapshot>(
    app: &App,
    db: &C,
    scope: &OrgScope,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<EquatableOut>>, ApiError> {
    let (today, organisations) = (app.clock.today(), [scope.organisation()]);
    let which = Rules { organisations: Some(&organisations), only: None, on: Some(today) };
    let (asked, _) = requirements::asked(db, which, today).await?;
    let held = people::held(db, Whose::These(persons)).await?;
    let exemptions = people::exemptions(db, Whose::These(persons)).await?;
    let mut wanted: HashMap<PersonId, Vec<ItemId>> = HashMap::new();
    for person in persons {
        let mut held = held.get(person).cloned().unwrap_or_default();
        held.retain(|held| held.organisation == scope.organisation());
        let applies =
            asked.iter().filter(|asked| standing(asked, *person, &held, &[], &exemptions).under_since(today).is_some());
        wanted.insert(*person, applies.flat_map(|asked| asked.items.iter().copied()).collect());
    }
    let mut every: Vec<_> = wanted.values().flatten().copied().collect();
    every.sort_unstable();
    every.dedup();
    let mut by_title: Vec<_> = dress::items(db, every).await?.into_values().collect();
    by_title.retain(|of| of.item.status == ItemStatus::Published && of.item.kind != ItemKind::Resource);
    by_title.sort_by(|a, b| (&a.item.title_folded, a.item.id).cmp(&(&b.item.title_folded, b.item.id)));
    let of_one = |wanted: Vec<ItemId>| {
        let fits = by_title.iter().filter(|of| wanted.contains(&of.item.id)).take(MOST_SUGGESTIONS);
        fits.map(suggestion).collect()
    };
    Ok(wanted.into_iter().map(|(person, wanted)| (person, of_one(wanted))).collect())
}

fn suggestion(of: &DressedItem) -> EquatableOut {
    EquatableOut { item_id: of.item.id, title: of.item.title.clone(), provider: of.provider.clone() }
}

/// What is needed to tell of words of organisations.
struct Words {
    standing: Vec<completion::Model>,
    said: HashMap<CompletionId, Vec<completion_verdict::Model>>,
    items: HashMap<ItemId, DressedItem>,
    organisations: HashMap<entity::id::OrganisationId, String>,
    accounts: HashMap<entity::id::AccountId, String>,
}

impl Words {
    async fn of<C: Snapshot>(db: &C, ids: &[OutsideLearningId]) -> Result<Self, ApiError> {
        let standing = rows::standing_for(db, ids).await?;
        let completions: Vec<_> = standing.iter().map(|row| row.id).collect();
        if completions.is_empty() {
            return Ok(Self::none());
        }
        let said = verdicts::of(db, &completions).await?;
        let every = || said.values().flatten();
        Ok(Self {
            organisations: accounts::organisations(db, every().map(|word| word.organisation_id)).await?,
            accounts: accounts::accounts(db, every().filter_map(|word| word.account_id)).await?,
            items: dress::items(db, standing.iter().map(|row| row.item_id).collect()).await?,
            said,
            standing,
        })
    }

    fn none() -> Self {
        Self {
            standing: Vec::new(),
            said: HashMap::new(),
            items: HashMap::new(),
            organisations: HashMap::new(),
            accounts: HashMap::new(),
        }
    }

    fn title(&self, row: &completion::Model) -> String {
        self.items.get(&row.item_id).map(|of| of.item.title.clone()).unwrap_or_default()
    }

    fn organisation(&self, word: &completion_verdict::Model) -> String {
        self.organisations.get(&word.organisation_id).cloned().unwrap_or_default()
    }

    fn by(&self, word: &completion_verdict::Model) -> Option<String> {
        word.account_id.and_then(|id| self.accounts.get(&id).cloned())
    }

    /// Words that hold a completion up, with it.
    fn confirmed(&self) -> impl Iterator<Item = (&completion::Model, &completion_verdict::Model)> {
        let words = |row: &completion::Model| self.said.get(&row.id).map_or(&[][..], Vec::as_slice);
        let of_row = move |row| words(row).iter().map(move |word| (row, word));
        self.standing.iter().flat_map(of_row).filter(|(_, word)| word.verdict == Verdict::Confirmed)
    }

    fn equated(&self, row: &Model, eye: Eye) -> Vec<EquatedOut> {
        let of = |one: &completion::Model| {
            one.outside_learning_id == Some(row.id)
                && one.person_id == row.person_id
                && one.state == CompletionState::Live
        };
        let standing = self.confirmed().filter(|(one, word)| of(one) && word.taken_back_at.is_none());
        let told = standing.map(|(one, word)| EquatedOut {
            verdict_id: word.id,
            completion_id: one.id,
            item_id: one.item_id,
            title: self.title(one),
            organisation_id: word.organisation_id,
            organisation: self.organisation(word),
            by: self.by(word).filter(|_| !eye.is_foreign(word.organisation_id)),
            at: word.at,
            assurance: word.assurance,
            may_take_back: eye.may_take_back(word),
        });
        told.collect()
    }
}

/// Rows that a scope has let through, told.
pub async fn told<C: Snapshot>(db: &C, found: Vec<Model>, eye: Eye) -> Result<Vec<OutsideOut>, ApiError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let words = Words::of(db, &ids).await?;
    let mut files = rows::files(db, &ids).await?;
    let persons = store::persons(db, found.iter().map(|row| row.person_id).collect()).await?;
    let out = found.into_iter().map(|row| {
        let equated = words.equated(&row, eye);
        let name = persons.get(&row.person_id).map(full_name).unwrap_or_default();
        OutsideOut {
            standing: in_sentences(&row, &equated, eye),
            equated,
            person: RecordedPersonOut { id: row.person_id, name },
            evidence: files.remove(&row.id).unwrap_or_default().into_iter().map(Into::into).collect(),
            id: row.id,
            title: row.title,
            provider: row.provider,
            minutes: row.minutes,
            completed_on: row.completed_on,
            note: row.note,
            recorded_at: row.recorded_at,
            asked_at: row.asked_at,
            withdrawn_at: row.withdrawn_at,
        }
    });
    Ok(out.collect())
}

fn in_sentences(row: &Model, equated: &[EquatedOut], eye: Eye) -> String {
    if row.withdrawn_at.is_some() {
        return "Withdrawn; it counts for nothing.".to_owned();
    }
    if !equated.is_empty() {
        // one sentence an item, however many said so
        let mut items: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for one in equated {
            let on = in_words(london_date(one.at));
            let who = one.by.iter().chain([&one.organisation]).cloned().collect::<Vec<_>>().join(", ");
            items.entry(&one.title).or_default().push(format!("{who}, on {on}"));
        }
        let said = items.into_iter().map(|(title, by)| format!("Equated with “{title}” by {}.", by.join("; ")));
        return said.collect::<Vec<_>>().join(" ");
    }
    match (row.asked_at, eye) {
        (_, Eye::Voice(_)) => COUNTS_FOR_NOTHING.to_owned(),
        (None, Eye::Owner) => format!("{COUNTS_FOR_NOTHING} Nobody but you sees it."),
        (Some(at), Eye::Owner) => {
            format!("{COUNTS_FOR_NOTHING} Your employers can see it since {}.", in_words(london_date(at)))
        }
    }
}

/// What others did with one's own learning and the person has not laid aside, latest first.
pub async fn notices<C: Snapshot>(db: &C, scope: &SelfScope) -> Result<Vec<EquatedNoticeOut>, ApiError> {
    let found = rows::own(db, scope, false).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = found.iter().map(|row| row.id).collect();
    let words = Words::of(db, &ids).await?;
    let mut told = Vec::new();
    for (one, word) in words.confirmed() {
        let Some(row) = found.iter().find(|row| Some(row.id) == one.outside_learning_id) else { continue };
        let since = word.taken_back_at.unwrap_or(word.at);
        let is_news = word.dismissed_at.is_none_or(|at| at < since);
        // one's own withdrawal is no news
        let stands = one.state == CompletionState::Live || word.taken_back_at.is_some();
        if is_news && stands && one.person_id == row.person_id {
            told.push(EquatedNoticeOut {
                verdict_id: word.id,
                learning_id: row.id,
                learning: row.title.clone(),
                completion_id: one.id,
                item_id: one.item_id,
                title: words.title(one),
                organisation: words.organisation(word),
                by: words.by(word),
                at: word.at,
                taken_back_at: word.taken_back_at,
            });
        }
    }
    told.sort_by_key(|one| std::cmp::Reverse((one.taken_back_at.unwrap_or(one.at), one.verdict_id)));
    Ok(told)
}
