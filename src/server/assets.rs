//! The frontend, embedded in the binary (read from disk in debug builds). Unknown paths get the
//! single page, whose router knows them; `/api` never comes here.

use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request, Response, endpoint::make_sync};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::base::hash::hex;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/frontend/dist"]
#[allow_missing = true]
struct Dist;

pub fn endpoint() -> impl Endpoint<Output = Response> {
    make_sync(|request: Request| {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "Files and pages are only read.");
        }
        let path = request.uri().path().trim_start_matches('/').to_owned();
        match (Dist::get(&path), path.is_empty() || !looks_like_a_file(&path)) {
            (Some(file), _) if !path.is_empty() => answer(&request, &path, file),
            (_, true) => match Dist::get("index.html") {
                Some(page) => answer(&request, "index.html", page),
                None => plain(
                    StatusCode::NOT_FOUND,
                    "The frontend is not built: run `make run`, or `npm run build` in frontend/.",
                ),
            },
            _ => plain(StatusCode::NOT_FOUND, "There is no such file."),
        }
    })
}

fn answer(request: &Request, path: &str, file: EmbeddedFile) -> Response {
    let tag = format!("\"{}\"", &hex(&file.metadata.sha256_hash())[..16]);
    // Hashed names never change their content; the page itself is asked for each time.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let response = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, cache);
    if request.header(header::IF_NONE_MATCH) == Some(&tag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    response.content_type(file.metadata.mimetype()).body(file.data.into_owned())
}

fn looks_like_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(text)
}
