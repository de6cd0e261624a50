//! Header in which a proxy passes on the address of a client.

use std::net::IpAddr;

use super::parse_address;

/// Name of the header in which the operator's proxies pass on addresses: `X-Forwarded-For` and its
/// like, or `Forwarded` (RFC 7239).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressHeader(String);

impl AddressHeader {
    /// Parses the name of a header: a token (RFC 9110, section 5.6.2).
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        (!name.is_empty() && name.bytes().all(is_token)).then(|| Self(name.to_ascii_lowercase()))
    }

    /// Returns the name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address in one entry of the header's list; `None` for a name, `unknown` or
    /// anything else.
    pub(super) fn address(&self, entry: &str) -> Option<IpAddr> {
        if self.0 != "forwarded" {
            return parse_address(entry);
        }
        let mut pairs = entry.split(';').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        let value = value.trim();
        let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        parse_address(quoted.unwrap_or(value))
    }
}
