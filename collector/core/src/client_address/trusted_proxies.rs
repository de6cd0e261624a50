//! Networks whose word about the address of a client counts.

use std::net::IpAddr;

/// Loopback, private use (RFC 1918), unique local (RFC 4193) and link-local networks.
const PRIVATE: &str = "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7, \
                       169.254.0.0/16, fe80::/10";

/// Networks of the operator's own proxies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// Block of addresses that share their first bits. Both families count as IPv6, so an IPv4 address
/// within IPv6 is the same address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: u128,
    bits: u32,
}

impl TrustedProxies {
    /// Parses networks as in `10.0.0.0/8, fd00::/8, 192.0.2.1`.
    ///
    /// # Errors
    /// Returns the entry that is no network.
    pub fn parse(text: &str) -> Result<Self, &str> {
        text.split(',')
            .map(|entry| Network::parse(entry).ok_or(entry.trim()))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the address is that of a trusted proxy.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = to_bits(address);
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Default for TrustedProxies {
    /// Trusts this machine and private networks.
    fn default() -> Self {
        Self(PRIVATE.split(',').filter_map(Network::parse).collect())
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.trim())),
            None => (text, None),
        };
        let address = address.trim().parse::<IpAddr>().ok()?;
        let family = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse::<u32>().ok()?,
            Some(_) => return None,
            None => family,
        };
        (length <= family).then(|| Self { address: to_bits(address), bits: 128 - family + length })
    }

    fn contains(self, address: u128) -> bool {
        // A shift by all 128 bits leaves nothing to compare.
        let different = (self.address ^ address).checked_shr(128 - self.bits);
        different.unwrap_or(0) == 0
    }
}

fn to_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped().to_bits(),
        IpAddr::V6(six) => six.to_bits(),
    }
}
