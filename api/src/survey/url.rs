//! URLs to which the survey sends visitors.

use crate::limits::MAX_URL;
use crate::validation::{Errors, ObjectReader};

/// A member that is an address.
pub(super) fn read(reader: &ObjectReader, errors: &mut Errors, name: &str) -> Option<String> {
    let url = reader.string(errors, name, MAX_URL)?;
    if !is_url(&url) {
        let detail = "Must be an address such as https://shop.example/review, without a user name. \
                      Only localhost and 127.0.0.1 may do without https.";
        reader.error(errors, name, detail);
        return None;
    }
    Some(url)
}

/// Whether a visitor may be sent there: an absolute `https` address without a user name and without
/// spaces, or an `http` one of the own machine, so that an owner can try it out.
pub fn is_url(text: &str) -> bool {
    let (rest, own_machine_only) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let own_machine = ["localhost", "127.0.0.1"].contains(&host);
    host.split('.').all(label)
        && (own_machine || !own_machine_only)
        && port.is_none_or(|port| !port.starts_with('+') && port.parse::<u16>().is_ok())
        && !text.contains(|c: char| c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c))
}
