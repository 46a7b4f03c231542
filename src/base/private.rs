//! Folders and files for their owner only: they hold people's records.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
const STICKY: u32 = 0o1000;

/// Makes a folder that is missing. One that is there is left to whoever made it.
pub fn folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER).create(path)
}

/// Makes an empty file if it is missing, and closes one that is there to everybody else.
pub fn file(path: &Path) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).mode(FILE).open(path)?;
    close(path, FILE)
}

/// Closes what is there to everybody else; what is not there is no fault.
pub fn close_file(path: &Path) -> io::Result<()> {
    if path.exists() { close(path, FILE) } else { Ok(()) }
}

/// Closes a folder that holds what is ours; never one that everybody shares, such as `/tmp`.
pub fn close_folder(path: &Path) -> io::Result<()> {
    let shared = fs::metadata(path)?.permissions().mode() & STICKY != 0;
    if shared { Ok(()) } else { close(path, FOLDER) }
}

fn close(path: &Path, mode: u32) -> io::Result<()> {
    let open = fs::metadata(path)?.permissions().mode() & 0o077 != 0;
    if open { fs::set_permissions(path, Permissions::from_mode(mode)) } else { Ok(()) }
}
