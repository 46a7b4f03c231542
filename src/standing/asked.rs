//! What is asked at an employer today, kept in memory until requirements or the catalogue change.

use std::sync::Arc;

use chrono::NaiveDate;
use entity::id::OrganisationId;

use super::store::requirements::{self, Asked, Which};
use super::store::terms::Worth;
use crate::base::cache::{self, Cache};
use crate::base::db::{Snapshot, Version};
use crate::base::domain::Domain;
use crate::base::error::ApiError;
use crate::state::{App, Instance};

/// Requirements in force, and what completions are worth to them.
#[derive(Debug)]
pub struct Today {
    pub asked: Vec<Asked>,
    pub worth: Worth,
}

type Key = (Instance, Version, NaiveDate, OrganisationId);

static KEPT: Cache<Key, Today> = Cache::new(|| cache::Inner::new("asked", MOST_BYTES, |_, today| today.bytes()));
const MOST_BYTES: u64 = 16 << 20;
const DEPENDS_ON: [Domain; 2] = [Domain::Requirements, Domain::Catalogue];

/// `version` was read in the same transaction and holds these domains.
pub async fn today<C: Snapshot>(
    app: &App,
    db: &C,
    version: &Version,
    organisation: OrganisationId,
    today: NaiveDate,
) -> Result<Arc<Today>, ApiError> {
    let key = (app.instance(), version.of(&DEPENDS_ON), today, organisation);
    let make = async {
        let organisations = [organisation];
        let which = Which { organisations: Some(&organisations), only: None, on: Some(today) };
        let (asked, worth) = requirements::asked(db, which, today).await?;
        Ok::<_, ApiError>(Today { asked, worth })
    };
    KEPT.get_or_make(key, make).await
}

impl Today {
    /// About how many bytes it takes.
    fn bytes(&self) -> usize {
        let items: usize = self.asked.iter().map(|asked| 16 * asked.items.len()).sum();
        items + 500 * self.asked.len() + 300 * self.worth.items().count()
    }
}
