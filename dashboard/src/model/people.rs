//! Data of one user.

use super::json::from_json;

/// Histories of the users that were looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct UserHistories {
    /// Histories.
    pub users: Vec<UserHistory>,
}

from_json!(UserHistories { users });

/// Counts of how often a user was asked and responded.
#[derive(Debug, Clone, PartialEq)]
pub struct UserHistory {
    /// Id that the owner's site uses.
    pub user: String,
    /// Number of impressions.
    pub showings: u64,
    /// Number of responses with a score.
    pub answers: u64,
    /// Number of dismissals.
    pub dismissals: u64,
    /// Time of the last impression.
    pub last_shown_at: Option<String>,
}

from_json!(UserHistory { user, showings, answers, dismissals, last_shown_at });

/// Result of an erasure.
#[derive(Debug, Clone, PartialEq)]
pub struct Erased {
    /// Number of erased responses.
    pub erased: u64,
}

from_json!(Erased { erased });
