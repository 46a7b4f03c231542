//! `cairn demo`, and what `serve --demo` loads.

use std::time::Duration;

use cairn::demo::{self, Plan};
use cairn::state::App;
use chrono::NaiveDate;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Outcome, said};

/// People of the sector that `serve --demo` makes.
const PEOPLE: u32 = 1200;
const SEED: u64 = 1;

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// People in post, 30 or more; those who have left come on top
    #[arg(long, default_value_t = PEOPLE, value_parser = clap::value_parser!(u32).range(30..=100_000))]
    people: u32,
    /// The same seed, people and day give the same data
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// The day on which the data stands, as YYYY-MM-DD; today unless given
    #[arg(long)]
    as_at: Option<NaiveDate>,
}

/// Fills an empty data folder.
pub async fn run(app: &App, args: DemoArgs) -> Outcome {
    let DemoArgs { people, seed, as_at } = args;
    let plan = Plan { people: people as usize, seed, as_at: as_at.unwrap_or_else(|| app.clock.today()) };
    let rows = load(app, plan).await?;
    println!("A synthetic sector of {people} people in post as at {} ({rows} rows, seed {seed}).", plan.as_at);
    println!("`cairn serve --demo` adds accounts to look at it.");
    Ok(())
}

/// Fills the data folder when nobody is in it, makes the accounts and says how to get in.
pub async fn prepare(app: &App) -> Result<Option<String>, Box<dyn std::error::Error>> {
    if demo::is_empty(app).await.map_err(said)? {
        load(app, Plan { people: PEOPLE as usize, seed: SEED, as_at: app.clock.today() }).await?;
    }
    let Some((accounts, password)) = demo::accounts(app).await.map_err(said)? else {
        return Ok(None);
    };
    let mut text = String::from("Demo accounts (synthetic people and organisations):\n");
    for account in accounts {
        text += &format!("  {:<22} {}\n", account.email, account.can);
    }
    text += &format!("Password of all of them: {password}");
    Ok(Some(text))
}

async fn load(app: &App, plan: Plan) -> Result<usize, Box<dyn std::error::Error>> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{msg} {bar:40} {percent}% of {len} rows, {elapsed}")?);
    bar.set_message("Making a synthetic sector");
    bar.enable_steady_tick(Duration::from_millis(200));
    let loaded = demo::load(app, plan, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })
    .await;
    bar.finish_and_clear();
    Ok(loaded.map_err(said)?)
}
