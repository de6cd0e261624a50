//! Network address of a client: where a request comes from.
//!
//! A header is a claim of its sender. So the peer's own address counts, unless the peer is a
//! [trusted proxy](TrustedProxies) and the operator has named the [`AddressHeader`] in which it
//! passes the address on.

mod address_header;
mod trusted_proxies;

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

pub use address_header::AddressHeader;
pub use trusted_proxies::TrustedProxies;

/// Network address of a client, as far as it tells one subscriber from another.
///
/// An IPv6 address counts by its first 64 bits, the least that one subscriber has, or else one
/// machine would be 2^64 clients. An IPv4 address within IPv6 counts as IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Takes an address.
    pub fn new(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(six) => Self(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into()),
            four => Self(four),
        }
    }

    /// Finds the client behind a peer. `listed` is the value of the header in which proxies pass on
    /// addresses, if the request has one.
    ///
    /// Each proxy adds the address of its own peer at the right end. So the list is read from the
    /// right for as long as the address found is that of a trusted proxy, and whatever a client has
    /// written itself is further to the left. Where the list is not readable, the last address that
    /// was found stays.
    pub fn behind(
        peer: IpAddr,
        listed: Option<&str>,
        header: &AddressHeader,
        trusted: &TrustedProxies,
    ) -> Self {
        let mut address = peer;
        let mut entries = listed.unwrap_or_default().rsplit(',');
        while trusted.contains(address) {
            match entries.next().and_then(|entry| header.address(entry)) {
                Some(next) => address = next,
                None => break,
            }
        }
        Self::new(address)
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Parses an address as peers and headers write it: with or without a port, an IPv6 address with or
/// without brackets and zone.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    let bare = match text.strip_prefix('[') {
        Some(rest) => {
            let (bare, port) = rest.split_once(']')?;
            let is_port =
                |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
            if !(port.is_empty() || port.strip_prefix(':').is_some_and(is_port)) {
                return None;
            }
            bare
        }
        None => text,
    };
    let bare = bare.split_once('%').map_or(bare, |(bare, _)| bare);
    bare.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

#[cfg(test)]
mod tests;
