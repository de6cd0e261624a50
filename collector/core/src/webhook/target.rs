//! A URL that may be sent to.
//!
//! An owner names the URL and the collector calls it from inside somebody's network, so a URL must
//! not lead to what only that network should reach. The parser takes less than a browser does: one
//! spelling of a scheme, a host of plain ASCII, an IPv4 address as four decimal numbers and in no
//! other notation. What it takes it reads as the URL standard does (a property test holds it to the
//! `url` crate), and it hands on its own spelling, so that what was checked is what is called.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::public_ip::{is_public_v4, is_public_v6};
use api::ValidationError;

/// The longest URL, in characters.
pub const MAX_URL: usize = 2_000;

/// Names that only a private network knows, with all below them.
const PRIVATE: [&str; 10] = [
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "localdomain",
    "lan",
    "home",
    "corp",
    "intranet",
    "private",
];

/// A URL that may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: String,
    host: Host,
    allowed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Target {
    /// Reads a URL, or says why it is not taken; errors are at `/url`.
    ///
    /// `allowed_hosts` are the hosts that whoever runs the collector allows in their own network,
    /// as `host` (any port) or `host:port`. For these a private host is taken, and plain `http`.
    pub fn parse(url: &str, allowed_hosts: &[&str]) -> Result<Self, ValidationError> {
        Self::read(url, allowed_hosts).map_err(|detail| ValidationError::new("/url", detail))
    }

    fn read(url: &str, allowed_hosts: &[&str]) -> Result<Self, String> {
        let length = url.chars().count();
        if length > MAX_URL {
            return Err(format!("Has {length} characters; the URL of an endpoint has at most {MAX_URL}."));
        }
        let (secure, rest) = match (after(url, "https://"), after(url, "http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err("Must begin with https://.".into()),
        };
        let (authority, path) =
            rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len())).unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(
                "Leave out the name and password before the @; each message is signed instead.".into()
            );
        }
        if !authority.is_ascii() {
            let detail = "Write the host in punycode, for example xn--bcher-kva.example for bücher.example.";
            return Err(detail.into());
        }
        check_path(path)?;
        let (host, port) = split(authority).ok_or(
            "The host must be a name such as hooks.example.com, an IPv4 address as four decimal \
                    numbers or an IPv6 address in brackets, and a port a number from 1 to 65535.",
        )?;
        let standard = if secure { 443 } else { 80 };
        let allowed = allowed_hosts.iter().any(|entry| allows(entry, &host, port.unwrap_or(standard)));
        if !allowed && !host.is_public() {
            let detail = "The host is in a private network, where nothing is sent. Use a public one, or \
                          have whoever runs the collector allow it.";
            return Err(detail.into());
        }
        if !allowed && !secure {
            let detail = "Must begin with https://; plain http is only for hosts that whoever runs the \
                          collector has allowed.";
            return Err(detail.into());
        }
        let scheme = if secure { "https" } else { "http" };
        let port = port.filter(|port| *port != standard).map(|port| format!(":{port}")).unwrap_or_default();
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self { url: format!("{scheme}://{}{port}{slash}{path}", host.text()), host, allowed })
    }

    /// The URL to call, in one spelling: scheme and host in lower case, no port that goes without
    /// saying.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is a host that whoever runs the collector allows, be it private or not.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// The host, to show to the owner; an IPv6 address in brackets.
    pub fn host(&self) -> String {
        self.host.text()
    }
}

/// Returns the rest of a URL after its scheme, which may be in capitals.
fn after<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    url.split_at_checked(scheme.len())
        .filter(|(start, _)| start.eq_ignore_ascii_case(scheme))
        .map(|(_, rest)| rest)
}

/// Path and query are handed on as they are, so each of their characters must stand for itself in a
/// URL (RFC 3986).
fn check_path(path: &str) -> Result<(), String> {
    if path.contains('#') {
        return Err("Leave out the # and what follows it: it is never sent.".into());
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?[]@!$&'()*+,;=%".contains(c);
    match path.chars().find(|c| !plain(*c)) {
        Some(wrong) => {
            let code = u32::from(wrong);
            Err(format!("The character `{wrong}` (U+{code:04X}) cannot stand in a URL; percent-encode it."))
        }
        None => Ok(()),
    }
}

/// The host and the port of `host` or `host:port`; `None` where it is neither.
fn split(authority: &str) -> Option<(Host, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (Host::V6(address.parse().ok()?), port)
        }
        None => {
            let (host, port) = authority.split_at_checked(authority.find(':').unwrap_or(authority.len()))?;
            (Host::parse(host)?, port)
        }
    };
    let digits = match port {
        "" => return Some((host, None)),
        port => port.strip_prefix(':')?,
    };
    // `parse` would take a sign too.
    let port = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    port.filter(|port| *port != 0).map(|port| (host, Some(port)))
}

impl Host {
    /// A name or a plain IPv4 address.
    fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Host::V4(address));
        }
        let name = text.to_ascii_lowercase();
        let last = name.rsplit('.').next()?;
        // The URL standard reads a host that ends in a number as an IPv4 address: 127.1,
        // 0x7f000001, 2130706433, 0177.0.0.1.
        let number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        (name.len() <= 253 && !number && name.split('.').all(is_label)).then_some(Host::Name(name))
    }

    fn is_public(&self) -> bool {
        match self {
            Host::V4(address) => is_public_v4(*address),
            Host::V6(address) => is_public_v6(*address),
            Host::Name(name) => {
                let below = |private: &str| {
                    name.strip_suffix(private).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                };
                name.contains('.') && !PRIVATE.iter().any(|private| below(private))
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Host::Name(name) => name.clone(),
            Host::V4(address) => address.to_string(),
            Host::V6(address) => format!("[{address}]"),
        }
    }
}

/// Whether the text is one label of a name. None ends in a hyphen: `xn--localhost-` is a way to
/// spell `localhost`.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether an entry of the allowed hosts is this host, and this port if it names one.
fn allows(entry: &str, host: &Host, port: u16) -> bool {
    let entry = entry.trim();
    let bare = entry.parse().ok().map(|address| (Host::V6(address), None));
    bare.or_else(|| split(entry))
        .is_some_and(|(allowed, at)| allowed == *host && at.is_none_or(|at| at == port))
}

#[cfg(test)]
mod tests;
