//! Files in a folder of this machine.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{Answer, FileError, FileStore, Key};

/// Unfinished files lie here, on the same disk, so that moving one into place is a single step.
const UNFINISHED: &str = ".unfinished";
/// Other processes may share the folder; what they are writing now is younger than this.
const ABANDONED: Duration = Duration::from_hours(1);

#[derive(Clone, Debug)]
pub struct LocalFiles {
    root: PathBuf,
}

impl LocalFiles {
    /// Opens the folder, making it if need be, readable by this user only. Sweeps away what a crash left
    /// unfinished. Blocks: for start-up only.
    pub fn open(root: &Path) -> Result<Self, FileError> {
        let unfinished = root.join(UNFINISHED);
        private_folder(&unfinished)?;
        for entry in fs::read_dir(&unfinished)? {
            let entry = entry?;
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > ABANDONED {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }
}

impl FileStore for LocalFiles {
    fn put<'a>(&'a self, key: &'a Key, bytes: Vec<u8>) -> Answer<'a, ()> {
        let target = self.path(key);
        let unfinished = self.root.join(UNFINISHED).join(format!("{:032x}", rand::random::<u128>()));
        Box::pin(off_thread(move || {
            let written = write(&unfinished, &target, &bytes);
            if written.is_err() {
                // what is left of it takes space; the error that matters is the first one
                let _ = fs::remove_file(&unfinished);
            }
            Ok(written?)
        }))
    }

    fn get<'a>(&'a self, key: &'a Key) -> Answer<'a, Vec<u8>> {
        let path = self.path(key);
        Box::pin(off_thread(move || Ok(fs::read(path)?)))
    }

    fn delete<'a>(&'a self, key: &'a Key) -> Answer<'a, ()> {
        let path = self.path(key);
        Box::pin(off_thread(move || match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(sync_folder(&path)?),
        }))
    }
}

fn write(unfinished: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private_file(unfinished)?;
    file.write_all(bytes)?;
    // a full disk shows here at the latest, before the file has its name
    file.sync_all()?;
    if let Some(folder) = target.parent() {
        private_folder(folder)?;
    }
    fs::rename(unfinished, target)?;
    sync_folder(target)
}

/// Makes the new or removed name itself survive a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(FileError::Other(io::Error::other(error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn unfinished(root: &Path) -> usize {
        fs::read_dir(root.join(UNFINISHED)).unwrap().count()
    }

    #[tokio::test]
    async fn what_was_put_is_got_until_it_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(&folder.path().join("files")).unwrap();
        let key = key("evidence/a.pdf");
        assert!(matches!(files.get(&key).await, Err(FileError::NotFound)));
        files.put(&key, b"one".to_vec()).await.unwrap();
        files.put(&key, b"two".to_vec()).await.unwrap();
        assert_eq!(files.get(&key).await.unwrap(), b"two");
        files.delete(&key).await.unwrap();
        files.delete(&key).await.unwrap();
        assert!(matches!(files.get(&key).await, Err(FileError::NotFound)));
        assert_eq!(unfinished(&folder.path().join("files")), 0);
    }

    #[tokio::test]
    async fn a_failed_put_leaves_what_was_there_and_no_rest() {
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(folder.path()).unwrap();
        files.put(&key("a"), b"kept".to_vec()).await.unwrap();
        // "a" is a file, so it cannot become the folder of "a/b"
        assert!(files.put(&key("a/b"), b"x".to_vec()).await.is_err());
        assert_eq!(files.get(&key("a")).await.unwrap(), b"kept");
        assert_eq!(unfinished(folder.path()), 0);
    }

    #[tokio::test]
    async fn opening_sweeps_away_what_a_crash_left() {
        let folder = tempfile::tempdir().unwrap();
        LocalFiles::open(folder.path()).unwrap();
        let half = |name| File::create(folder.path().join(UNFINISHED).join(name)).unwrap();
        half("being-written");
        half("abandoned").set_modified(std::time::UNIX_EPOCH).unwrap();
        LocalFiles::open(folder.path()).unwrap();
        assert_eq!(unfinished(folder.path()), 1, "only the one that nobody is writing any more");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_on_the_machine_can_read_evidence() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(folder.path()).unwrap();
        files.put(&key("evidence/a"), b"x".to_vec()).await.unwrap();
        let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("evidence"), mode("evidence/a")), (0o700, 0o600));
    }

    /// `/dev/full` answers every write with "no space left": the same errno as a full disk.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_of_its_own() {
        let mut full = File::options().write(true).open("/dev/full").unwrap();
        let error = full.write_all(&[0; 10]).unwrap_err();
        assert!(matches!(FileError::from(error), FileError::DiskFull));
    }
}
