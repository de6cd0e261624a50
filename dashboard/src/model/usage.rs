//! Usage of a site: the origins on which its tag was seen.

use serde::Deserialize;

/// Usage of a site, as far as an installation shows in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Usage {
    /// Origins whose pages requested the loader, the latest first.
    pub tag: Vec<TagOrigin>,
}

/// Origin whose pages requested the loader.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TagOrigin {
    /// Origin.
    pub origin: String,
    /// Time of the latest request.
    pub last_seen_at: String,
    /// Whether the site accepts the origin.
    pub listed: bool,
}

/// Page of impressions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImpressionPage {
    /// Impressions, the newest first.
    pub responses: Vec<Impression>,
}

/// Impression of the survey, as far as an installation shows in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Impression {
    /// Time, in UTC.
    pub at: String,
    /// Score.
    pub score: Option<u8>,
    /// `test` or `spam`, where it is in no figure.
    pub mark: Option<String>,
}
