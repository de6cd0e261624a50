//! Entity tags (RFC 9110, section 8.8.3).

use collector_core::api_key::key_digest;

/// Returns the tag of a JSON text. Equal texts have equal tags.
pub fn of_text(text: &str) -> String {
    let digest = key_digest(text);
    format!("\"{}\"", digest.get(..20).unwrap_or(&digest))
}

/// Whether a header such as `If-None-Match` lists the tag. Weak and strong tags count as equal.
pub fn etag_matches(header: &str, etag: &str) -> bool {
    let bare = etag.trim_start_matches("W/");
    header.split(',').any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == bare)
}
