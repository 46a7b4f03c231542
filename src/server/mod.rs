//! Floor 4: every route on one screen, the middleware around them, and the job registry.

mod assets;
mod document;
mod guard;
mod letters;
mod limit;
pub mod listen;
mod once;
mod outside;
mod problem;
mod trail;

use poem::endpoint::{BoxEndpoint, make_sync};
use poem::middleware::{CatchPanic, Compression};
use poem::web::CompressionLevel;
use poem::{EndpointExt, IntoResponse, Route, get};
use poem_openapi::{OpenApi, OpenApiService};

use crate::jobs::Registry;
use crate::state::App;
use crate::{account, catalogue, home, learning, mapping, organisation, people, privacy, reference, skill};

const ABOUT: &str = "Training, skills and workforce mapping for Scotland's drug and alcohol workforce.

Refusals are problem documents (RFC 9457) with a stable `code`. A POST may carry an `Idempotency-Key` of its client's making: \
sent again with the same key within a day, it is not carried out again but answered as before (`idempotency-replayed: true`), or with 409 `shown_once` when the answer held a secret, \
or with 409 `done_already` when the answer was lost with the process that did the work. \
Edits that may clash take `If-Match` with the `ETag` of what was read.";

/// Every API of the program. One path belongs to one struct; tuples take up to 16 and nest.
fn apis() -> impl OpenApi + 'static {
    (
        account::apis(),
        reference::apis(),
        organisation::apis(),
        people::apis(),
        catalogue::apis(),
        learning::apis(),
        skill::apis(),
        mapping::apis(),
        privacy::apis(),
        home::apis(),
    )
}

/// Every kind of job that the program runs.
pub fn registry() -> Registry {
    Registry::default()
}

fn service() -> OpenApiService<impl OpenApi + 'static, ()> {
    OpenApiService::new(apis(), "Cairn", env!("CARGO_PKG_VERSION")).description(ABOUT).server("/api")
}

/// The OpenAPI document, pretty-printed, as committed in `openapi/openapi.json`.
pub fn spec() -> String {
    // the framework has a name of its own for a date
    document::whole(&service().spec().replace("\"naive-date\"", "\"date\""))
}

/// The whole program as one endpoint.
pub fn routes(app: &App) -> BoxEndpoint<'static> {
    let service = service();
    let document = spec();
    let api = Route::new()
        .at("/openapi.json", get(make_sync(move |_| document.clone().with_content_type("application/json"))))
        .nest("/docs", service.swagger_ui())
        .nest("/", service)
        .with(CatchPanic::new().with_handler(problem::from_panic))
        .around(once::around)
        .catch_all_error(problem::from_error);
    Route::new()
        .nest("/api", api)
        .at("/healthz", get(outside::healthz))
        .at("/readyz", get(outside::readyz))
        .at("/metrics", get(outside::no_metrics))
        .nest("/", assets::endpoint())
        .with(Compression::new().with_quality(CompressionLevel::Fastest))
        .around(guard::around)
        .data(app.clone())
        .boxed()
}

/// What is served at `metrics_listen`.
pub fn metrics_routes() -> BoxEndpoint<'static> {
    Route::new().at("/metrics", get(outside::metrics)).boxed()
}

/// Starts counting for `/metrics`, and goes on for as long as it is polled.
pub async fn keep_metrics() {
    outside::upkeep().await;
}
