//! Origins of the pages of a site (RFC 6454), as the owner writes them: one origin, or every
//! subdomain of a host.
//!
//! The loader, the collector and the policy of the frame go by the same patterns. The loader's half
//! is `matchesGlob` in `widget/js/eligibility.js`. Both are tested with `tests/cases/origins.json`.

use std::fmt::{self, Display};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Start of a pattern's host that stands for every subdomain, at any depth.
const WILDCARD: &str = "*.";

/// Pattern of origins, in the form in which browsers write them: `https://shop.example`,
/// `http://localhost:3000`, or `https://*.shop.example` for every subdomain of `shop.example` at
/// any depth, but not for that host itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: &'static str,
    wildcard: bool,
    /// The host after the wildcard, and the port unless it is the scheme's default.
    authority: String,
}

impl OriginPattern {
    /// Reads a pattern, or says what is wrong with it.
    ///
    /// # Errors
    /// Returns what is allowed, where the text is no pattern or one that no origin can match.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.to_ascii_lowercase();
        let (scheme, default_port, rest) = if let Some(rest) = text.strip_prefix("https://") {
            ("https", 443, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            ("http", 80, rest)
        } else {
            return Err("Must begin with https:// or http://, for example https://shop.example.");
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '@', '\\']) {
            return Err("Must be an origin without user, path, query or fragment, for example \
                        https://shop.example.");
        }
        let (host, port) = split_port(rest)?;
        let wildcard = host.starts_with(WILDCARD);
        let host = host.strip_prefix(WILDCARD).unwrap_or(host);
        let host = if let Some(address) = host.strip_prefix('[') {
            canonical_ipv6(address).filter(|_| !wildcard).ok_or("Must have an IPv6 address in brackets.")?
        } else {
            check_host(host, wildcard)?;
            host.to_owned()
        };
        let authority = match port {
            Some(port) if port != default_port => format!("{host}:{port}"),
            _ => host,
        };
        Ok(Self { scheme, wildcard, authority })
    }

    /// Whether an origin matches, as a browser writes it in the header `Origin`.
    pub fn matches(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let Some(authority) = origin.strip_prefix(self.scheme).and_then(|rest| rest.strip_prefix("://"))
        else {
            return false;
        };
        if !self.wildcard {
            return authority == self.authority;
        }
        let subdomain = authority.strip_suffix(&self.authority).and_then(|rest| rest.strip_suffix('.'));
        subdomain.is_some_and(|name| !name.is_empty())
    }

    /// Returns the pattern as a source of a content security policy, which means the same there.
    /// `None` for an IPv6 address, which a policy cannot name.
    pub fn to_csp_source(&self) -> Option<String> {
        (!self.authority.starts_with('[')).then(|| self.to_string())
    }
}

impl Display for OriginPattern {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let wildcard = if self.wildcard { WILDCARD } else { "" };
        write!(out, "{}://{wildcard}{}", self.scheme, self.authority)
    }
}

/// Splits host and port. Colons within brackets belong to the host.
fn split_port(text: &str) -> Result<(&str, Option<u16>), &'static str> {
    let host_end = text.find(']').map_or(0, |end| end + 1);
    let Some(colon) = text.get(host_end..).and_then(|rest| rest.find(':')) else { return Ok((text, None)) };
    let (host, port) = text.split_at(host_end + colon);
    let digits = port.get(1..).filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = digits.and_then(|port| port.parse().ok()).ok_or("Must have a port from 0 to 65535.")?;
    Ok((host, Some(port)))
}

/// Checks a host that is a name or an IPv4 address.
fn check_host(host: &str, wildcard: bool) -> Result<(), &'static str> {
    if host.contains('*') {
        return Err("Has a star that is not its first label: * may only stand in front of a host, as in \
                    https://*.shop.example.");
    }
    if !host.is_ascii() {
        return Err("Must have its host as browsers write it, for example xn--mnchen-3ya.example for \
                    münchen.example.");
    }
    // A policy would end at `;` or `,`, and no name has any other character.
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let mut labels = host.strip_suffix('.').unwrap_or(host).split('.');
    if !labels.all(|label| !label.is_empty() && label.bytes().all(is_allowed)) {
        return Err("Must have a host, for example shop.example. https://*.shop.example stands for each \
                    of its subdomains.");
    }
    // A host whose last label is a number is an IPv4 address.
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    let is_address = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    if is_address && (wildcard || host.parse::<Ipv4Addr>().is_err()) {
        return Err("Must have an IPv4 address such as 192.168.0.1, which has no subdomains.");
    }
    Ok(())
}

/// Returns an IPv6 address in brackets as browsers write it; `address` begins after the bracket.
fn canonical_ipv6(address: &str) -> Option<String> {
    let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
    // Browsers never write the last part as an IPv4 address.
    if address.to_ipv4_mapped().is_some() {
        let [.., high, low] = address.segments();
        return Some(format!("[::ffff:{high:x}:{low:x}]"));
    }
    Some(format!("[{address}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_the_shared_table() {
        let table: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../tests/cases/origins.json")).unwrap();
        assert!(table.len() > 60, "{} cases", table.len());
        for case in table {
            let text = case["pattern"].as_str().unwrap();
            let pattern = OriginPattern::parse(text);
            if case["invalid"] == true {
                assert!(pattern.is_err_and(|error| error.ends_with('.')), "{case}");
                continue;
            }
            let pattern = pattern.unwrap();
            assert_eq!(pattern.matches(case["origin"].as_str().unwrap()), case["matches"], "{case}");
            let canonical = case["canonical"].as_str().unwrap_or(text);
            assert_eq!(pattern.to_string(), canonical);
            assert_eq!(OriginPattern::parse(canonical), Ok(pattern.clone()));
            let csp =
                (!case.get("csp").is_some_and(serde_json::Value::is_null)).then(|| canonical.to_owned());
            assert_eq!(pattern.to_csp_source(), csp, "{case}");
        }
    }

    #[test]
    fn addresses_are_written_as_browsers_do() {
        for (text, canonical) in [
            ("http://[::FFFF:1.2.3.4]", "http://[::ffff:102:304]"),
            ("http://[2001:db8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]"),
            ("http://127.0.0.1:0080", "http://127.0.0.1"),
        ] {
            assert_eq!(OriginPattern::parse(text).unwrap().to_string(), canonical);
            assert_eq!(url::Url::parse(text).unwrap().origin().ascii_serialization(), canonical);
        }
    }
}
