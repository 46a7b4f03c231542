//! Writes must come from our own pages: browsers say where a request comes from in `Origin`
//! and `Sec-Fetch-Site`; programs without a browser say nothing and carry no ambient cookie.

use poem::Request;
use poem::http::{HeaderValue, Method, header};

use super::session::{COOKIE, DEVICE, SECURE_PREFIX};
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
    let host = request.header(header::HOST).unwrap_or_default();
    if own(origin, host, config.public_url.as_deref()) { Ok(()) } else { refused() }
}

/// Our own page: where people reach Cairn, or the host that was asked. Once we know how people reach
/// us, a page of the same host over another scheme is not ours.
fn own(origin: &str, host: &str, public_url: Option<&str>) -> bool {
    let Some((scheme, rest)) = origin.split_once("://") else { return false };
    let public = public_url.and_then(|url| url.split_once("://"));
    let authority = |(_, rest): (&str, &str)| rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let same_scheme = public.is_none_or(|(public, _)| public.eq_ignore_ascii_case(scheme));
    let rest = rest.to_ascii_lowercase();
    let known = (!host.is_empty() && rest == host.to_ascii_lowercase()) || public.map(authority) == Some(rest);
    same_scheme && known
}

/// Over TLS our cookies travel as `__Host-session` and `__Host-device`, which no other site of the
/// domain can set, and the plain names count for nothing. Inside the program they have one name each.
/// Several `Cookie` lines, as HTTP/2 makes them, are one.
pub fn own_cookies(request: &mut Request, secure: bool) {
    let ours = |name: &&str| [COOKIE, DEVICE].contains(name);
    let lines = request.headers().get_all(header::COOKIE).iter();
    let pairs = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).map(str::trim);
    let kept: Vec<String> = pairs
        .filter_map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let key = key.trim();
            match (key.strip_prefix(SECURE_PREFIX).filter(ours), ours(&key)) {
                (Some(name), _) => secure.then(|| format!("{name}={value}")),
                (None, true) if secure => None,
                (None, _) => Some(format!("{key}={value}")),
            }
        })
        .collect();
    request.headers_mut().remove(header::COOKIE);
    if !kept.is_empty()
        && let Ok(value) = HeaderValue::from_str(&kept.join("; "))
    {
        request.headers_mut().insert(header::COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_ours_is_told_from_others() {
        let public = Some("https://Cairn.example.scot/");
        assert!(own("https://cairn.example.scot", "cairn.example.scot", public));
        assert!(own("https://cairn.example.scot", "10.0.0.7:8080", public), "the proxy may name us otherwise");
        for foreign in
            ["http://cairn.example.scot", "https://cairn.example.scot.evil.example", "null", "https://evil.example", ""]
        {
            assert!(!own(foreign, "cairn.example.scot", public), "{foreign}");
        }
        assert!(own("http://127.0.0.1:8080", "127.0.0.1:8080", None));
        assert!(!own("http://127.0.0.1:8080", "127.0.0.1:8081", None) && !own("http://", "", None));
    }

    fn cookies(lines: &[&str], secure: bool) -> String {
        let mut request = Request::builder().finish();
        for line in lines {
            request.headers_mut().append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        own_cookies(&mut request, secure);
        assert!(request.headers().get_all(header::COOKIE).iter().count() <= 1);
        request.header(header::COOKIE).unwrap_or_default().to_owned()
    }

    #[test]
    fn over_tls_only_the_host_cookie_is_the_session() {
        assert_eq!(cookies(&["a=b; __Host-session=mine; session=planted"], true), "a=b; session=mine");
        assert_eq!(cookies(&["session=planted; device=planted"], true), "");
        assert_eq!(cookies(&["__Host-device=mine"], true), "device=mine");
        assert_eq!(cookies(&["a=b", "__Host-session=mine"], true), "a=b; session=mine");
        assert_eq!(cookies(&["session=mine; __Host-session=odd"], false), "session=mine");
        assert_eq!(cookies(&[], true), "");
    }
}
