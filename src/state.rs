//! Floor 2: what every handler and job shares. Names no feature; features are put together in
//! `server`.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::DatabaseConnection;

use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::files::Files;
use crate::search::SearchEngine;
use crate::sheet::Reader;

/// The running application; cloning shares it.
#[derive(Clone, Debug)]
pub struct App(Arc<(Parts, Instance)>);

/// Tells applications of one process apart, for what is kept between requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance(u64);

#[derive(Debug)]
pub struct Parts {
    pub db: DatabaseConnection,
    pub clock: Clock,
    pub config: Config,
    pub search: Arc<dyn SearchEngine>,
    pub files: Files,
    /// Reads tables that others made
    pub sheets: Reader,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        Self(Arc::new((parts, Instance(MADE.fetch_add(1, Ordering::Relaxed)))))
    }

    pub fn instance(&self) -> Instance {
        self.0.1
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0.0
    }
}
