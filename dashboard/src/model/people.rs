//! Data of one user.

use serde::Deserialize;

/// Histories of the users that were looked up.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UserHistories {
    /// Histories.
    pub users: Vec<UserHistory>,
}

/// Counts of how often a user was asked and responded.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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

/// Result of an erasure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Erased {
    /// Number of erased responses.
    pub erased: u64,
}
