//! The commands: what each takes, and the call that does it.

mod account;
mod backup;
mod demo;
mod import;
mod organisation;
mod reindex;
mod serve;
mod statuses;

use std::error::Error;
use std::sync::Arc;

use cairn::base::config::Config;
use cairn::base::error::ApiError;
use cairn::base::{clock::Clock, db, private};
use cairn::files::LocalFiles;
use cairn::search;
use cairn::sheet::Reader;
use cairn::state::{App, Parts};
use clap::{Args, Parser};
use tracing_subscriber::EnvFilter;

type Outcome = Result<(), Box<dyn Error>>;

/// Cairn: training, skills and workforce mapping for Scotland's drug and alcohol workforce.
///
/// Settings come from config.default.toml, then cairn.toml, then CAIRN_* in the environment.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub enum Command {
    /// Serve the web application and the API, and work off jobs
    Serve(ServeArgs),
    /// Work off jobs without serving; for several processes over one PostgreSQL
    Worker,
    /// Bring the database schema up to date and stop
    Migrate,
    /// Fill an empty data folder with a synthetic sector
    Demo(demo::DemoArgs),
    /// Build the search index anew beside the live one
    Reindex,
    /// Find everybody's requirement statuses anew from the facts, as if none had been kept
    Statuses,
    /// Bring in a table: CSV, XLSX or ODS
    #[command(subcommand)]
    Import(import::Command),
    /// Make organisations
    #[command(subcommand)]
    Organisation(organisation::Command),
    /// Make accounts
    #[command(subcommand)]
    Account(account::Command),
    /// Copy database and evidence files into a folder, while Cairn may go on running
    Backup(backup::FolderArg),
    /// Fill an empty data folder from a backup
    Restore(backup::FolderArg),
    /// Print the OpenAPI document
    Openapi,
    /// Read a table from standard input, within limits; for Cairn itself
    #[command(hide = true)]
    ReadTable,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Fill an empty data folder with a synthetic sector and demo accounts
    #[arg(long)]
    demo: bool,
}

pub async fn run(command: Command) -> Outcome {
    if matches!(command, Command::Openapi) {
        print!("{}", cairn::server::spec());
        return Ok(());
    }
    if matches!(command, Command::ReadTable) {
        return Ok(cairn::sheet::child::answer(std::io::stdin().lock(), std::io::stdout().lock())?);
    }
    let config = Config::load()?;
    tracing_subscriber::fmt().with_env_filter(EnvFilter::try_new(&config.log)?).with_writer(std::io::stderr).init();
    let command = match command {
        Command::Backup(args) => return backup::backup(config, args).await,
        Command::Restore(args) => return backup::restore(&config, &args),
        other => other,
    };
    let app = open(config).await?;
    match command {
        Command::Serve(args) => serve::serve(app, args.demo).await,
        Command::Worker => serve::worker(app).await,
        Command::Migrate => {
            println!("The database schema is up to date.");
            Ok(())
        }
        Command::Demo(args) => demo::run(&app, args).await,
        Command::Reindex => reindex::run(&app).await,
        Command::Statuses => statuses::run(&app).await,
        Command::Import(command) => import::run(&app, command).await,
        Command::Organisation(command) => organisation::run(&app, command).await,
        Command::Account(command) => account::run(&app, command).await,
        Command::Backup(_) | Command::Restore(_) | Command::Openapi | Command::ReadTable => Ok(()),
    }
}

/// Opens database and parts; schema and reference data are brought up to date.
async fn open(config: Config) -> Result<App, Box<dyn Error>> {
    private::folder(&config.data_dir).map_err(|error| format!("data folder {}: {error}", config.data_dir.display()))?;
    let db = db::open(&config).await?;
    let clock = Clock::system();
    cairn::reference::load(&db, &clock).await?;
    let search = search::from_config(search_options(&config)).await?;
    let files = Arc::new(LocalFiles::open(&config.data_dir.join("evidence"))?);
    let sheets = Reader::of_this_program()?;
    Ok(App::new(Parts { db, clock, config, search, files, sheets }))
}

/// The embedded index lives in the data folder; a Meilisearch server is shared by all processes.
fn search_options(config: &Config) -> search::Options {
    match &config.meilisearch_url {
        Some(url) => search::Options::Remote {
            url: url.clone(),
            key: config.meilisearch_key.clone(),
            index: "cairn_items".to_owned(),
        },
        None => search::Options::Embedded { dir: config.data_dir.join("index") },
    }
}

/// What went wrong, in words for the person at the terminal.
fn said(error: ApiError) -> String {
    let problem = error.problem();
    if problem.fields.is_empty() {
        return problem.detail.clone();
    }
    problem.fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(" ")
}
