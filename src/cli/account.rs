//! `cairn account`.

use std::io::{BufRead, IsTerminal};

use cairn::access::SystemScope;
use cairn::access::password;
use cairn::account::{NewAccount, make};
use cairn::organisation;
use cairn::state::App;
use clap::{Args, Subcommand, ValueEnum};
use entity::id::{OrganisationId, ServiceId};
use entity::value::Role;
use uuid::Uuid;

use super::{Outcome, said};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account. The password is read from standard input, or made and printed once
    Create(CreateArgs),
}

#[derive(Debug, Args)]
pub struct CreateArgs {
    #[arg(long)]
    email: String,
    /// What the account may do; staff needs no more than an account
    #[arg(long, value_enum)]
    role: RoleArg,
    /// Name or id of the organisation, for employer, manager and provider
    #[arg(long)]
    organisation: Option<String>,
    /// Id of the service, for manager
    #[arg(long)]
    service: Option<Uuid>,
    /// Slug of the area, for adp
    #[arg(long)]
    area: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArg {
    Staff,
    Manager,
    Employer,
    Provider,
    Adp,
    Planner,
    Curator,
    Admin,
}

impl RoleArg {
    fn role(self) -> Option<Role> {
        Some(match self {
            Self::Staff => return None,
            Self::Manager => Role::Manager,
            Self::Employer => Role::Employer,
            Self::Provider => Role::Provider,
            Self::Adp => Role::Adp,
            Self::Planner => Role::Planner,
            Self::Curator => Role::Curator,
            Self::Admin => Role::Admin,
        })
    }
}

pub async fn run(app: &App, command: Command) -> Outcome {
    let Command::Create(args) = command;
    let piped = read_password()?;
    let password = piped.clone().unwrap_or_else(password::first);
    let organisation = match args.organisation {
        Some(text) => Some(organisation_of(app, &text).await?),
        None => None,
    };
    let new = NewAccount {
        email: args.email.clone(),
        password: password.clone(),
        person: None,
        role: args.role.role(),
        organisation,
        service: args.service.map(ServiceId),
        area: args.area,
        must_change: piped.is_none(),
    };
    let id = make(app, new).await.map_err(said)?;
    println!("Account {} made (id {id}).", args.email);
    if piped.is_none() {
        println!("Password, shown this once and to be changed at the first sign-in: {password}");
    }
    Ok(())
}

async fn organisation_of(app: &App, text: &str) -> Result<OrganisationId, String> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(OrganisationId(id));
    }
    let found = organisation::named(app, &SystemScope::program().installation(), text).await;
    found.map_err(|error| format!("{text}: {}", said(error)))
}

/// The first line of standard input, unless a person sits there or nothing comes.
fn read_password() -> std::io::Result<Option<String>> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok(Some(line.to_owned()).filter(|line| !line.is_empty()))
}
