//! `cairn backup DIR` and `cairn restore DIR`: the data folder with an embedded database.
//! The search index is left out; it is built again from the database. PostgreSQL has its own tools.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cairn::base::config::Config;
use cairn::base::{db, private};
use clap::Args;
use sea_orm::{ConnectionTrait, Statement};

use super::Outcome;

const DATABASE: &str = "cairn.sqlite";
/// Folders of the data folder whose files are kept as they are.
const FOLDERS: [&str; 1] = ["evidence"];

#[derive(Debug, Args)]
pub struct FolderArg {
    /// The folder of the backup: new or empty for `backup`, made by `backup` for `restore`
    folder: PathBuf,
}

/// Copies database and evidence files while Cairn may go on running.
pub async fn backup(config: Config, args: FolderArg) -> Outcome {
    embedded(&config)?;
    let to = args.folder;
    private::folder(&to)?;
    if fs::read_dir(&to)?.next().is_some() {
        return Err(format!("{} is not empty", to.display()).into());
    }
    let database = db::open(&config).await?;
    let copy = to.join(DATABASE).display().to_string();
    let statement = Statement::from_sql_and_values(database.get_database_backend(), "VACUUM INTO $1", [copy.into()]);
    database.execute_raw(statement).await?;
    private::close_file(&to.join(DATABASE))?;
    for folder in FOLDERS {
        copy_folder(&config.data_dir.join(folder), &to.join(folder))?;
    }
    println!("Backed up {} to {}.", config.data_dir.display(), to.display());
    Ok(())
}

/// Fills an empty data folder from a backup.
pub fn restore(config: &Config, args: &FolderArg) -> Outcome {
    embedded(config)?;
    let from = &args.folder;
    if !from.join(DATABASE).is_file() {
        return Err(format!("{} holds no backup: there is no {DATABASE}", from.display()).into());
    }
    if config.data_dir.join(DATABASE).exists() {
        return Err(format!(
            "{} already holds a database; choose an empty data folder (CAIRN_DATA_DIR)",
            config.data_dir.display()
        )
        .into());
    }
    private::folder(&config.data_dir)?;
    for folder in FOLDERS {
        copy_folder(&from.join(folder), &config.data_dir.join(folder))?;
    }
    // The database last: a restore that was cut short can simply be run again.
    let unfinished = config.data_dir.join("cairn.sqlite.restoring");
    fs::copy(from.join(DATABASE), &unfinished)?;
    fs::rename(unfinished, config.data_dir.join(DATABASE))?;
    println!("Restored {} from {}.", config.data_dir.display(), from.display());
    Ok(())
}

fn embedded(config: &Config) -> Result<(), String> {
    match &config.database_url {
        Some(url) if !url.expose().starts_with("sqlite:") => {
            Err("the database is PostgreSQL: back it up with pg_dump, and the folder evidence/ beside it".to_owned())
        }
        Some(_) => Err("the database has an address of its own; copy it with sqlite3's .backup".to_owned()),
        None => Ok(()),
    }
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    private::folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
