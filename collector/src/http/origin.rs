//! Web origins (RFC 6454), parsed by the runtime as browsers do.

use api::OriginPattern;
use web_sys::Url;

/// Returns the origin as browsers serialize it, if the text is one: without a path, a query or a
/// user name.
pub fn parse(text: &str) -> Option<String> {
    let url = Url::new(text).ok()?;
    let is_bare = url.pathname() == "/"
        && [url.search(), url.hash(), url.username(), url.password()].iter().all(String::is_empty)
        && !text.contains(['?', '#']);
    (is_bare && matches!(url.protocol().as_str(), "http:" | "https:")).then(|| url.origin())
}

/// Reads a pattern of origins, or says what is wrong with it. A host in letters beyond ASCII
/// becomes what browsers make of it: `münchen.example` is `xn--mnchen-3ya.example`.
pub fn parse_pattern(text: &str) -> Result<OriginPattern, &'static str> {
    let encoded = if text.is_ascii() { None } else { parse(text) };
    OriginPattern::parse(encoded.as_deref().unwrap_or(text))
}
