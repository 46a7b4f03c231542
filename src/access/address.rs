//! Where a request comes from: the peer, or what a trusted proxy says of it. A proxy appends the
//! address that it saw, so the last entry that is no trusted proxy itself is the client; what stands
//! before it was written by the client and counts for nothing.

use std::net::{IpAddr, SocketAddr};

use poem::http::HeaderMap;
use poem::{FromRequest, Request, RequestBody};

use crate::base::network::{self, Network};
use crate::state::App;

/// The client as it is counted, as text; empty when there is none (tests without a socket).
#[derive(Clone, Debug)]
pub struct Address(pub String);

impl<'a> FromRequest<'a> for Address {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(request))
    }
}

impl Address {
    pub fn of(request: &Request) -> Self {
        let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
        let trusted = request.data::<App>().map_or(&[][..], |app| &app.config.trusted_proxies);
        let client = peer.map(|peer| client(peer, request.headers(), trusted));
        Self(client.map_or_else(String::new, |ip| network::client(ip).to_string()))
    }
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_proxy = |ip: IpAddr| trusted.iter().any(|network| network.contains(ip));
    let mut nearest = peer;
    // several lines are one list, in their order
    let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
    let mut entries = lines.iter().rev().flat_map(|line| line.to_str().unwrap_or("unreadable").rsplit(','));
    while is_proxy(nearest) {
        // a proxy that does not say from whom it came is as far as we can see
        let Some(before) = entries.next().and_then(entry) else { break };
        nearest = before;
    }
    nearest
}

/// `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn entry(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(seen("198.51.100.1", &["203.0.113.7"]), "198.51.100.1");
        assert_eq!(seen("10.0.0.2", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.2", &[]), "10.0.0.2");
    }

    #[test]
    fn the_last_entry_that_is_no_proxy_counts_over_all_lines() {
        assert_eq!(seen("10.0.0.2", &["8.8.8.8, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.2", &["8.8.8.8", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.2", &["8.8.8.8", "203.0.113.7, 10.0.0.3", "10.1.1.1"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.2", &["10.0.0.4"]), "10.0.0.4");
    }

    #[test]
    fn forms_with_a_port_are_read_and_what_cannot_be_read_is_never_skipped() {
        assert_eq!(seen("10.0.0.2", &["203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(seen("fd00::2", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(seen("fd00::2", &["8.8.8.8, [2001:db8::1]"]), "2001:db8::1");
        assert_eq!(seen("fd00::2", &["2001:db8::1"]), "2001:db8::1");
        // the entry before the unreadable one is the client's own invention
        assert_eq!(seen("10.0.0.2", &["8.8.8.8, unknown"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &["8.8.8.8, "]), "10.0.0.2");
    }
}
