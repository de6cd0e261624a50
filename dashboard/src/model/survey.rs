//! Survey of a site.

use super::json::from_json;

/// Version of the survey, as far as its change is a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyVersion {
    /// Number; the first is 1.
    pub version: u64,
    /// Time at which it became active.
    pub changed_at: String,
}

from_json!(SurveyVersion { version, changed_at });
