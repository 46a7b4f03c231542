//! Floor 2: work after the request. A job is a row written in the transaction that needs it,
//! so it is neither lost nor done for nothing. Payloads are ids only; jobs are idempotent,
//! because a job whose process died is claimed again.

mod queue;
mod registry;

pub use queue::{enqueue, enqueue_after, run_due};
pub use registry::{Job, Registry};

use std::time::Duration;

use crate::state::App;

/// How long the runner rests when nothing is due.
const REST: Duration = Duration::from_millis(500);

/// Works off jobs until the future is dropped.
pub async fn work(app: App, registry: Registry) {
    loop {
        match run_due(&app, &registry).await {
            Ok(0) => tokio::time::sleep(REST).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "jobs: database out of reach");
                tokio::time::sleep(REST * 4).await;
            }
        }
    }
}
