//! The folder of the embedded index: one sub-folder a build, and a file that names the live one.
//!
//! `CURRENT` is replaced by renaming, so a build becomes live all at once or not at all; a process
//! that did not build it (`cairn reindex` beside a running server) is noticed by reading it again.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::search::SCHEMA;

const CURRENT: &str = "CURRENT";

#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// A build: the schema it was made with and its number, as in `v1-000007`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    pub schema: u32,
    number: u32,
}

impl Build {
    fn parse(name: &str) -> Option<Self> {
        let (schema, number) = name.trim().strip_prefix('v')?.split_once('-')?;
        Some(Self { schema: schema.parse().ok()?, number: number.parse().ok()? })
    }

    fn name(self) -> String {
        format!("v{}-{:06}", self.schema, self.number)
    }
}

impl Folder {
    pub fn open(root: PathBuf) -> io::Result<Self> {
        crate::base::private::folder(&root)?;
        Ok(Self { root })
    }

    pub fn path(&self, build: Build) -> PathBuf {
        self.root.join(build.name())
    }

    /// The live build, if one is named and there.
    pub fn current(&self) -> Option<Build> {
        let name = fs::read_to_string(self.root.join(CURRENT)).ok()?;
        Build::parse(&name)
    }

    /// An empty folder for a new build.
    pub fn create(&self) -> io::Result<Build> {
        let mut number = self.builds()?.into_iter().map(|build| build.number).max().unwrap_or(0);
        loop {
            number += 1;
            let build = Build { schema: SCHEMA, number };
            match fs::create_dir(self.path(build)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(build),
            }
        }
    }

    /// Makes this build the live one.
    pub fn point_at(&self, build: Build) -> io::Result<()> {
        let fresh = self.root.join(format!("{CURRENT}.{}", build.name()));
        let mut file = File::create(&fresh)?;
        file.write_all(build.name().as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, self.root.join(CURRENT))?;
        sync(&self.root)
    }

    /// Removes builds older than the live one. Newer ones may be being built by another process.
    pub fn tidy(&self) {
        let Some(current) = self.current() else {
            return;
        };
        for build in self.builds().unwrap_or_default() {
            if build.number < current.number {
                self.remove(build);
            }
        }
    }

    /// Best effort: what stays is removed by a later `tidy`.
    pub fn remove(&self, build: Build) {
        if let Err(error) = fs::remove_dir_all(self.path(build)) {
            tracing::debug!(%error, build = build.name(), "old search index stays for now");
        }
    }

    fn builds(&self) -> io::Result<Vec<Build>> {
        let mut builds = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            builds.extend(entry?.file_name().to_str().and_then(Build::parse));
        }
        Ok(builds)
    }
}

/// A rename survives a power cut only once its folder is on disk too.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
