//! Where a request comes from: the peer, or what a trusted proxy says of it.

use std::net::IpAddr;

use poem::web::RemoteAddr;
use poem::{FromRequest, Request, RequestBody};

use crate::state::App;

/// The client's IP address as text; empty when there is none (tests without a socket).
pub struct Address(pub String);

impl<'a> FromRequest<'a> for Address {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let peer = ip(request.remote_addr());
        let trusted = request.data::<App>().map_or(&[][..], |app| &app.config.trusted_proxies);
        let Some(peer) = peer else { return Ok(Self(String::new())) };
        if !trusted.contains(&peer) {
            return Ok(Self(peer.to_string()));
        }
        let forwarded = request.header("x-forwarded-for").unwrap_or_default();
        let client = forwarded
            .rsplit(',')
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            .find(|ip| !trusted.contains(ip));
        Ok(Self(client.unwrap_or(peer).to_string()))
    }
}

fn ip(address: &RemoteAddr) -> Option<IpAddr> {
    address.as_socket_addr().map(std::net::SocketAddr::ip)
}
