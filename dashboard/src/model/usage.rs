//! Usage of a site: the origins on which its tag was seen.

use super::json::from_json;

/// Usage of a site, as far as an installation shows in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// Origins whose pages requested the loader, the latest first.
    pub tag: Vec<TagOrigin>,
}

from_json!(Usage { tag });

/// Origin whose pages requested the loader.
#[derive(Debug, Clone, PartialEq)]
pub struct TagOrigin {
    /// Origin.
    pub origin: String,
    /// Time of the latest request.
    pub last_seen_at: String,
    /// Whether the site accepts the origin.
    pub listed: bool,
}

from_json!(TagOrigin { origin, last_seen_at, listed });

/// Page of impressions.
#[derive(Debug, Clone, PartialEq)]
pub struct ImpressionPage {
    /// Impressions, the newest first.
    pub responses: Vec<Impression>,
}

from_json!(ImpressionPage { responses });

/// Impression of the survey, as far as an installation shows in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Impression {
    /// Time, in UTC.
    pub at: String,
    /// Score.
    pub score: Option<u8>,
    /// `test` or `spam`, where it is in no figure.
    pub mark: Option<String>,
}

from_json!(Impression { at, score, mark });
