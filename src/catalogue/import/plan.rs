//! What a table would do to the catalogue, row by row.

use std::collections::{HashMap, HashSet};

use entity::id::{ItemId, ItemImportId, OrganisationId};
use entity::organisation;
use entity::value::ItemStatus;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::read::Filler;
use crate::base::error::ApiError;
use crate::base::fold::{fold, tidy};
use crate::catalogue::actions::Actor;
use crate::catalogue::actions::proposal::{is_held_back, merged};
use crate::catalogue::differences::{self, Difference};
use crate::catalogue::provider;
use crate::catalogue::rules::Content;
use crate::catalogue::store::{self, Whole, proposals};
use crate::catalogue::wire::{PlannedAction, PlannedOut};
use crate::catalogue::words::Hints;
use crate::sheet::{Cell, Finding, Row, Table};
use crate::state::App;

/// A row that can be applied.
#[derive(Debug)]
pub struct Planned {
    pub row: u32,
    pub id: ItemId,
    /// What stands, for a row that speaks of an item that is there
    pub old: Option<Whole>,
    pub content: Content,
    pub differences: Vec<Difference>,
    /// Whether a change of it waits for a curator
    held_back: bool,
}

#[derive(Debug)]
pub struct Outcome {
    /// The import by which it was written, if anything was
    pub applied: Option<ItemImportId>,
    pub findings: Vec<Finding>,
    pub planned: Vec<Planned>,
    pub new_providers: Vec<organisation::Model>,
    /// Organisations that become providers
    pub to_mark: Vec<organisation::Model>,
    /// Of how many items what drives compliance changes though somebody holds them, and how many do
    pub touched: (u64, u64),
    is_curator: bool,
    rows: u64,
    rejected: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub rows: u64,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejected: u64,
    pub goes_live: u64,
    pub goes_to_review: u64,
    pub proposed: u64,
    pub stays_draft: u64,
}

impl Planned {
    pub fn is_new(&self) -> bool {
        self.old.is_none()
    }

    pub fn is_change(&self) -> bool {
        self.old.is_some() && !self.differences.is_empty()
    }

    /// A change that waits for a curator, while the item stands as it is.
    pub fn is_proposal(&self) -> bool {
        self.is_change() && self.held_back
    }

    pub fn is_direct_change(&self) -> bool {
        self.is_change() && !self.held_back
    }

    fn status(&self) -> Option<ItemStatus> {
        self.old.as_ref().map(|old| old.row.status)
    }

    pub fn out(self) -> Option<PlannedOut> {
        let action = match (&self.old, self.differences.is_empty()) {
            (None, _) => PlannedAction::Create,
            (Some(_), false) => PlannedAction::Change,
            (Some(_), true) => return None,
        };
        Some(PlannedOut {
            row: self.row,
            reference: self.content.reference,
            title: self.content.title,
            action,
            item_id: self.old.map(|old| old.row.id),
            fields: self.differences.into_iter().map(Into::into).collect(),
        })
    }
}

impl Outcome {
    pub fn counts(&self) -> Counts {
        let count = |which: fn(&Planned) -> bool| self.planned.iter().filter(|row| which(row)).count() as u64;
        let (created, changed) = (count(Planned::is_new), count(Planned::is_change));
        let unchanged = self.planned.len() as u64 - created - changed;
        let proposed = count(Planned::is_proposal);
        let (mut live, mut review, mut draft) = if self.is_curator { (created, 0, 0) } else { (0, created, 0) };
        for row in self.planned.iter().filter(|row| row.is_direct_change()) {
            match row.status() {
                Some(ItemStatus::Published) => live += 1,
                Some(ItemStatus::InReview) => review += 1,
                Some(ItemStatus::Draft | ItemStatus::Retired) | None => draft += 1,
            }
        }
        Counts {
            rows: self.rows,
            created,
            changed,
            unchanged,
            rejected: self.rejected,
            goes_live: live,
            goes_to_review: review,
            proposed,
            stays_draft: draft,
        }
    }

    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// A column is missing or twice there: no row can be trusted.
    pub fn file_is_wrong(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.is_error() && matches!(finding.code.as_ref(), "missing_column" | "duplicate_column"))
    }
}

/// What stands of that which a table speaks of. Read first; what is made of it needs no database.
pub struct Standing {
    existing: HashMap<String, Whole>,
    /// What a provider has proposed already, on which its next file builds
    proposed: HashMap<ItemId, Content>,
    /// By folded name
    providers: HashMap<String, organisation::Model>,
}

pub async fn standing<C: ConnectionTrait>(db: &C, actor: &Actor, table: &Table) -> Result<Standing, ApiError> {
    let texts = |name: &'static str| -> Vec<String> {
        let mut texts: Vec<String> =
            table.rows().filter_map(|row| row.cell(name).text().ok().flatten()).map(|text| tidy(&text)).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    let existing = store::by_references(db, &texts("ref")).await?;
    let existing = store::whole(db, existing).await?;
    let mut proposed = HashMap::new();
    if !actor.is_curator() {
        let ids: Vec<ItemId> = existing.iter().map(|whole| whole.row.id).collect();
        let waiting = proposals::waiting(db, &ids).await?;
        for whole in &existing {
            if let Some(proposal) = waiting.get(&whole.row.id) {
                proposed.insert(whole.row.id, merged(proposal, &whole.content)?);
            }
        }
    }
    let existing = existing.into_iter().map(|whole| (whole.row.reference.clone(), whole)).collect();
    let names: Vec<String> = texts("provider").iter().map(|name| fold(name)).collect();
    Ok(Standing { existing, proposed, providers: provider::by_names(db, &names).await? })
}

/// What would become of each row; keeps a core busy.
pub fn plan(app: &App, actor: &Actor, table: &Table, standing: Standing) -> Outcome {
    let Standing { existing, proposed, providers } = standing;
    let mut planner = Planner {
        app,
        actor,
        existing,
        proposed,
        providers,
        seen: HashSet::new(),
        broken: table.broken_rows(),
        hints: Hints::default(),
        dead_ends: 0,
        outcome: Outcome {
            applied: None,
            findings: table.findings.clone(),
            planned: Vec::new(),
            new_providers: Vec::new(),
            to_mark: Vec::new(),
            touched: (0, 0),
            is_curator: actor.is_curator(),
            rows: table.rows().len() as u64,
            rejected: 0,
        },
    };
    if planner.outcome.file_is_wrong() {
        planner.outcome.rejected = planner.outcome.rows;
        return planner.outcome;
    }
    for row in table.rows() {
        planner.row(table, row);
    }
    planner.name_providers();
    planner.name_dead_ends();
    planner.outcome
}

struct Planner<'a> {
    app: &'a App,
    actor: &'a Actor,
    existing: HashMap<String, Whole>,
    proposed: HashMap<ItemId, Content>,
    /// By folded name; new ones are added as they are met.
    providers: HashMap<String, organisation::Model>,
    seen: HashSet<String>,
    /// Rows that reading alone found wrong
    broken: HashSet<u32>,
    hints: Hints,
    /// New items that say nowhere how to take part
    dead_ends: u64,
    outcome: Outcome,
}

impl Planner<'_> {
    fn row(&mut self, table: &Table, row: Row<'_>) {
        let mut filler = Filler { table, row, findings: Vec::new() };
        let planned = self.one(&mut filler);
        let broken = self.broken.contains(&row.number) || filler.findings.iter().any(Finding::is_error);
        self.outcome.findings.append(&mut filler.findings);
        match planned {
            Some(planned) if !broken => self.outcome.planned.push(planned),
            _ => self.outcome.rejected += 1,
        }
    }

    /// Everything that is wrong with a row is said at once, so nothing ends the reading early.
    fn one(&mut self, filler: &mut Filler<'_>) -> Option<Planned> {
        let reference = match filler.row.cell("ref").must(Cell::text) {
            Ok(text) => tidy(&text),
            Err(finding) => {
                filler.findings.push(finding);
                String::new()
            }
        };
        if !reference.is_empty() && !self.seen.insert(reference.clone()) {
            let twice = filler.row.cell("ref").error("duplicate_ref", "another row above has this reference");
            filler.findings.push(twice.right("one row for each reference"));
        }
        let mut old = self.existing.get(&reference).cloned();
        let provider = self.provider(filler);
        if let Some(whole) = old.take_if(|whole| !self.actor.may_write(whole.row.provider_id)) {
            // whose it is, is said of what everybody sees
            let message = match whole.row.status {
                ItemStatus::Published => format!("this is the reference of an item of {}", whole.provider),
                _ => "this reference is in use".to_owned(),
            };
            let finding = filler.row.cell("ref").error("not_your_item", message);
            filler.findings.push(finding.right("a reference of your own that is not in use"));
        }
        let start = old.as_ref().map(|whole| self.proposed.get(&whole.row.id).unwrap_or(&whole.content).clone());
        let mut content = match &start {
            Some(start) => start.clone(),
            None => Content::empty(reference, provider.unwrap_or(OrganisationId(Uuid::nil()))),
        };
        if let Some(provider) = provider {
            content.provider = provider;
        }
        filler.fill(&mut content);
        if let Err(error) = content.settle(&mut self.hints) {
            for field in &error.problem().fields {
                if !filler.has_named(&field.field) {
                    filler.refused(&field.field, &field.code, &field.message);
                }
            }
        }
        if filler.findings.iter().any(Finding::is_error) {
            return None;
        }
        let differences = start.as_ref().map(|start| differences::between(start, &content)).unwrap_or_default();
        let held_back = old.as_ref().is_some_and(|old| is_held_back(self.actor.is_curator(), old.row.status));
        if old.is_none() && content.check_public().is_err() {
            self.dead_ends += 1;
        }
        let id = old.as_ref().map_or_else(|| self.app.clock.id(), |whole| whole.row.id);
        Some(Planned { row: filler.row.number, id, old, content, differences, held_back })
    }

    /// The provider by name; a new one is planned for those who may make them.
    fn provider(&mut self, filler: &mut Filler<'_>) -> Option<OrganisationId> {
        let name = match filler.row.cell("provider").must(|cell| cell.text_within(200)) {
            Ok(text) => tidy(&text),
            Err(finding) => {
                filler.findings.push(finding);
                return None;
            }
        };
        if let Some(known) = self.providers.get(&fold(&name)) {
            if self.actor.may_write(known.id) {
                if !known.is_provider && self.outcome.to_mark.iter().all(|row| row.id != known.id) {
                    self.outcome.to_mark.push(known.clone());
                }
                return Some(known.id);
            }
            let finding = filler.row.cell("provider").error("not_your_provider", "this is another provider");
            filler.findings.push(finding.right("the name of your own organisation"));
            return None;
        }
        if !self.actor.is_curator() {
            let finding = filler.row.cell("provider").error("unknown_provider", "this provider is not known");
            filler.findings.push(finding.right("the name of your own organisation, as Cairn has it"));
            return None;
        }
        let row = provider::new(self.app, &name);
        let id = row.id;
        self.providers.insert(fold(&name), row.clone());
        self.outcome.new_providers.push(row);
        Some(id)
    }

    /// One word about all of them: a file that has no such column has none anywhere.
    fn name_dead_ends(&mut self) {
        if self.dead_ends == 0 {
            return;
        }
        let message =
            format!("of the new items {} have neither a web address nor say how to take part", self.dead_ends);
        let finding = Finding::warning("no_way_to_take_part", message);
        self.outcome.findings.push(finding.right("a column taking_part: whom to write to or call, or what to do"));
    }

    /// A provider of whom every row was refused is not made; ids in differences become names.
    fn name_providers(&mut self) {
        let used: HashSet<OrganisationId> = self.outcome.planned.iter().map(|row| row.content.provider).collect();
        self.outcome.new_providers.retain(|row| used.contains(&row.id));
        self.outcome.to_mark.retain(|row| used.contains(&row.id));
        let names: HashMap<OrganisationId, &str> =
            self.providers.values().map(|row| (row.id, row.name.as_str())).collect();
        for planned in &mut self.outcome.planned {
            let old = planned.old.as_ref().map(|whole| whole.provider.clone()).unwrap_or_default();
            for difference in planned.differences.iter_mut().filter(|difference| difference.field == "provider") {
                difference.from.clone_from(&old);
                difference.to = names.get(&planned.content.provider).map(ToString::to_string).unwrap_or_default();
            }
        }
    }
}
