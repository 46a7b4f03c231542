//! Writes must come from our own pages: browsers say where a request comes from in `Origin`
//! and `Sec-Fetch-Site`; programs without a browser say nothing and carry no ambient cookie.

use poem::Request;
use poem::http::{Method, header};

use super::session::{COOKIE, SECURE_COOKIE};
use crate::base::config::Config;
use crate::base::error::ApiError;

/// Refuses a write that a foreign page made a browser send.
pub fn check(request: &Request, config: &Config) -> Result<(), ApiError> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let refused = || {
        Err(ApiError::new(
            poem::http::StatusCode::FORBIDDEN,
            "foreign_origin",
            "This request came from another site and was refused.",
        ))
    };
    if request.header("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return refused();
    }
    let Some(origin) = request.header(header::ORIGIN) else { return Ok(()) };
    let own = config.public_url.as_deref().is_some_and(|url| url.trim_end_matches('/') == origin);
    let host = request.header(header::HOST).unwrap_or_default();
    let same_host = origin.split_once("://").is_some_and(|(_, rest)| !host.is_empty() && rest == host);
    if own || same_host { Ok(()) } else { refused() }
}

/// Over TLS the session travels as `__Host-session`; inside the program it has one name.
pub fn rename_secure_cookie(request: &mut Request) {
    let Some(cookies) = request.header(header::COOKIE) else { return };
    if !cookies.contains(SECURE_COOKIE) {
        return;
    }
    let kept: Vec<String> = cookies
        .split(';')
        .map(str::trim)
        .filter(|pair| !pair.starts_with(&format!("{COOKIE}=")))
        .map(|pair| pair.strip_prefix("__Host-").filter(|rest| rest.starts_with("session=")).unwrap_or(pair).to_owned())
        .collect();
    if let Ok(value) = poem::http::HeaderValue::from_str(&kept.join("; ")) {
        request.headers_mut().insert(header::COOKIE, value);
    }
}
