//! `cairn organisation`.

use cairn::access::SystemScope;
use cairn::organisation::{self, wire::OrganisationIn};
use cairn::state::App;
use clap::{Args, Subcommand};

use super::{Outcome, said};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an organisation: an employer, a training provider, or both
    Create(CreateArgs),
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    #[arg(long)]
    name: String,
    /// Code of its sector, such as nhs, local_authority, third_sector; all of them are at /codes
    #[arg(long)]
    sector: String,
    /// It employs people
    #[arg(long, required_unless_present = "provider")]
    employer: bool,
    /// It offers training
    #[arg(long)]
    provider: bool,
    /// Code of its pay framework; without it, the usual one of its sector
    #[arg(long)]
    pay_framework: Option<String>,
}

pub async fn run(app: &App, command: Command) -> Outcome {
    let Command::Create(CreateArgs { name, sector, employer, provider, pay_framework }) = command;
    let new = OrganisationIn { name, sector, is_employer: employer, is_provider: provider, pay_framework };
    let (made, _) = organisation::add(app, &SystemScope::program().installation(), new).await.map_err(said)?;
    println!("{} made (id {}).", made.name, made.id);
    Ok(())
}
