//! For the machines around us: is it alive, is it ready, how is it doing.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::base::db;
use crate::state::App;

/// How often the samples of histograms are summed up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The process answers.
#[handler]
pub fn healthz() -> &'static str {
    "ok"
}

/// The process can do its work: its database answers.
#[handler]
pub async fn readyz(app: Data<&App>) -> (StatusCode, &'static str) {
    match db::ready(&app.db).await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is out of reach")
        }
    }
}

/// Figures in Prometheus' text format.
#[handler]
pub fn metrics() -> Response {
    let text = recorder().map_or_else(String::new, PrometheusHandle::render);
    Response::builder().content_type("text/plain; version=0.0.4").body(text)
}

/// Where the figures used to be, and where others look for them first.
#[handler]
pub fn no_metrics() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Figures are not served here: CAIRN_METRICS_LISTEN gives them an address of their own.\n")
}

/// Keeps the figures small for as long as nobody fetches them.
pub async fn upkeep() {
    while let Some(recorder) = recorder() {
        tokio::time::sleep(UPKEEP_EVERY).await;
        recorder.run_upkeep();
    }
}

/// Installs the recorder once a process; figures made before are not counted.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}
