//! Floor 2: what every handler and job shares. Names no feature; features are put together in
//! `server`.

use std::ops::Deref;
use std::sync::Arc;

use sea_orm::DatabaseConnection;

use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::files::Files;
use crate::search::SearchEngine;

/// The running application; cloning shares it.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

#[derive(Debug)]
pub struct Parts {
    pub db: DatabaseConnection,
    pub clock: Clock,
    pub config: Config,
    pub search: Arc<dyn SearchEngine>,
    pub files: Files,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
