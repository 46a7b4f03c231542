//! `cairn import`.

use std::path::PathBuf;

use cairn::access::SystemScope;
use cairn::base::error::ApiError;
use cairn::catalogue::{self, Actor, Choice, Outcome as Imported};
use cairn::state::App;
use clap::{Args, Subcommand};

use super::Outcome;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Catalogue items; what a file does not mention is left alone, the same file twice changes nothing
    Catalogue(CatalogueArgs),
}

#[derive(Debug, Args)]
pub struct CatalogueArgs {
    /// CSV, XLSX or ODS with a header row; the columns ref, title and provider must be there
    file: PathBuf,
    /// Say what would happen and write nothing
    #[arg(long)]
    preview: bool,
    /// Apply the rows that are right and leave out the others; without it, one wrong row stops all
    #[arg(long, conflicts_with = "preview")]
    good_rows: bool,
}

pub async fn run(app: &App, command: Command) -> Outcome {
    let Command::Catalogue(CatalogueArgs { file, preview, good_rows }) = command;
    let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let actor = Actor::Program(SystemScope::program());
    let choice = match (preview, good_rows) {
        (true, _) => Choice::Preview,
        (false, true) => Choice::GoodRows,
        (false, false) => Choice::AllRows,
    };
    let outcome = catalogue::import_bytes(app, &actor, bytes, choice).await.map_err(refused)?;
    for finding in &outcome.findings {
        println!("{finding}");
    }
    println!("{}", in_words(&outcome, choice));
    if outcome.has_errors() { Err("some rows are wrong; see above".into()) } else { Ok(()) }
}

fn in_words(outcome: &Imported, choice: Choice) -> String {
    let counts = outcome.counts();
    let (made, would) = if choice == Choice::Preview { ("would be ", "Nothing was written: ") } else { ("", "") };
    format!(
        "{would}{} rows; {} {made}new, {} {made}changed, {} as they are, {} wrong.",
        counts.rows, counts.created, counts.changed, counts.unchanged, counts.rejected
    )
}

/// Every finding on a line of its own.
fn refused(error: ApiError) -> String {
    let problem = error.problem();
    let lines: Vec<_> = problem.fields.iter().map(|field| field.message.clone()).collect();
    if lines.is_empty() {
        return problem.detail.clone();
    }
    format!("nothing was written:\n{}", lines.join("\n"))
}
