//! For the machines around us: is it alive, is it ready, how is it doing.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::base::db;
use crate::state::App;

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

/// Installs the recorder once a process; figures made before are not counted.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}
