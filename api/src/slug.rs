//! Slugs: names of variants, keys of follow-up questions and of their options.

use crate::limits::MAX_SLUG;

/// Characters of a slug, as an error names them.
pub const SLUG_CHARACTERS: &str = "1 to 40 characters of a–z, 0–9, - and _";

/// Whether text is a slug: 1–40 of `a–z 0–9 - _`.
pub fn is_slug(text: &str) -> bool {
    (1..=MAX_SLUG).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}
