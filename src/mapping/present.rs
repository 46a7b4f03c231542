//! An answer as it goes out: its cells with their marks, what must be known beside them, who answered.

use disclosure::Rule;

use super::answer::{self, Answer, Given, Mark};
use super::question::Question;
use super::store::Response;
use super::wire::{DimensionOut, FigureOut, MarkerOut, ResponseOut, TableOut};
use crate::state::App;

pub fn table(
    app: &App,
    question: &Question,
    answer: &Answer,
    response: Response,
    left_out: u64,
    rule: &Rule,
) -> TableOut {
    let protected = question.organisation.is_none();
    TableOut {
        manifest: app.clock.id(),
        title: question.sentence(None),
        as_at: question.as_at,
        rows: question.rows.clone(),
        columns: question.columns.clone(),
        measures: question.measures.iter().map(|measure| (*measure).into()).collect(),
        dimensions: question.dimensions().map(DimensionOut::from).collect(),
        cells: answer.cells.iter().map(cell).collect(),
        protected,
        notes: notes(question, answer, left_out, rule),
        response: ResponseOut {
            employers: response.asked,
            answered: response.answered,
            unknown: response.unknown,
            rate: (response.asked > 0 && response.unknown == 0)
                .then(|| answer::share_percent(response.answered, response.asked)),
            oldest: response.oldest,
            newest: response.newest,
        },
        rule_version: rule.version.clone(),
        released_at: app.clock.now(),
    }
}

fn cell(given: &Given) -> FigureOut {
    FigureOut {
        measure: given.measure,
        keys: given.keys.iter().map(|(by, value)| (by.id().to_owned(), value.clone())).collect(),
        value: given.value,
        marker: given.marker.map(|mark| match mark {
            Mark::Confidential => MarkerOut::C,
            Mark::Unavailable => MarkerOut::X,
            Mark::NotApplicable => MarkerOut::Z,
        }),
    }
}

fn notes(question: &Question, answer: &Answer, left_out: u64, rule: &Rule) -> Vec<String> {
    let mut notes = Vec::new();
    if question.organisation.is_some() {
        notes.push("Your own organisation's real figures. They are not protected and not for publication.".to_owned());
    } else {
        notes.push(format!(
            "Protected by disclosure rule {}: [c] stands for a figure held back so that nobody can be recognised, or so that another figure cannot be worked out. A true zero is shown as 0.",
            rule.version
        ));
        let hidden: u64 = answer.hidden.values().sum();
        notes.push(format!("{hidden} of {} figures are held back.", answer.cells.len()));
    }
    notes.push("Figures are what employers have recorded; nothing is grossed up for those who have not.".to_owned());
    notes.push("Each figure is rounded by itself, so parts may differ from totals in the last decimal.".to_owned());
    if left_out > 0 {
        notes.push(format!(
            "{left_out} posts are left out because their place or role is not in the current vocabularies."
        ));
    }
    notes
}
