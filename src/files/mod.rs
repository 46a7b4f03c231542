//! Evidence and export files: bytes under a key, kept outside the web root.
//!
//! A port with one implementation for now, a local folder. What a file is gets told by its first bytes,
//! never by its name. Knows no feature, no database and no HTTP.

mod local;
mod media;

use std::{fmt, future::Future, io, pin::Pin, str::FromStr, sync::Arc};

pub use local::LocalFiles;
pub use media::{MediaType, Unfit, recognise};

/// What every part of the application holds: which store it is does not matter to it.
pub type Files = Arc<dyn FileStore>;
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, FileError>> + Send + 'a>>;

/// Keeps bytes under a key.
pub trait FileStore: fmt::Debug + Send + Sync {
    /// All or nothing: after success the bytes survive a power cut; after an error, or a crash in the
    /// middle, whatever stood under the key before is untouched. Replaces what was there.
    fn put<'a>(&'a self, key: &'a Key, bytes: Vec<u8>) -> Answer<'a, ()>;
    /// `NotFound` when there is nothing under the key.
    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Vec<u8>>;
    /// Deleting what is not there succeeds.
    fn delete<'a>(&'a self, key: &'a Key) -> Answer<'a, ()>;
}

/// Where a file lies: `evidence/0198c2...`. One to four parts of `a-z 0-9 - _ .`, none of them hidden,
/// so that no key made from anything can leave the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Key {
    type Err = FileError;

    fn from_str(text: &str) -> Result<Self, FileError> {
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        let part = |p: &str| !p.is_empty() && p.len() <= 100 && !p.starts_with('.') && p.chars().all(lawful);
        if text.split('/').count() <= 4 && text.split('/').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FileError::BadKey(text.chars().take(100).collect()))
        }
    }
}

#[derive(Debug)]
pub enum FileError {
    BadKey(String),
    NotFound,
    /// No space left, or the folder's quota is used up. Nothing was written; free space and try again.
    DiskFull,
    /// The folder is read-only or belongs to somebody else.
    Denied,
    Other(io::Error),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadKey(key) => write!(f, "{key:?} is not a file key"),
            Self::NotFound => f.write_str("there is no such file"),
            Self::DiskFull => f.write_str("there is no space left for files"),
            Self::Denied => f.write_str("the folder for files may not be written or read"),
            Self::Other(error) => write!(f, "files: {error}"),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Other(error) = self { Some(error) } else { None }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            _ => Self::Other(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_cannot_leave_the_store() {
        for good in ["evidence/0198c2e0-7f", "exports/2026/release.xlsx", "a"] {
            assert_eq!(good.parse::<Key>().unwrap().as_str(), good);
        }
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "A", "a\\b", "a/b/c/d/e", "ü", "a\0"]
        {
            assert!(bad.parse::<Key>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_full_disk_is_told_from_other_faults() {
        // 28 is ENOSPC and 122 EDQUOT on Linux
        assert!(matches!(FileError::from(io::Error::from_raw_os_error(28)), FileError::DiskFull));
        #[cfg(target_os = "linux")]
        assert!(matches!(FileError::from(io::Error::from_raw_os_error(122)), FileError::DiskFull));
    }
}
