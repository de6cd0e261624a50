//! Summary of responses for a chat that is behind.

use super::slack;
use crate::iso8601;

/// The most deliveries that wait for a chat before they become one summary.
pub const MAX_CHAT_BACKLOG: u32 = 50;

/// Responses of a period, counted by category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Number of responses of detractors.
    pub detractors: u64,
    /// Number of responses of passives.
    pub passives: u64,
    /// Number of responses of promoters.
    pub promoters: u64,
    /// Time of the first event, in Unix milliseconds.
    pub from_ms: i64,
    /// Time of the last event, in Unix milliseconds.
    pub to_ms: i64,
}

impl Summary {
    /// Names of the event: stored, and in the API.
    pub const NAMES: (&str, &str) = ("summary", "responses.summary");

    /// Returns the body for Slack, given the site's name.
    pub fn slack(&self, site_name: &str) -> String {
        let counts = [
            count(self.detractors, "detractor"),
            count(self.passives, "passive"),
            count(self.promoters, "promoter"),
        ];
        let total = count(self.detractors + self.passives + self.promoters, "response");
        let headline = format!("{total}: {}", counts.join(", "));
        let period = format!("{} to {}", iso8601::format(self.from_ms), iso8601::format(self.to_ms));
        slack::message(site_name, &headline, None, vec![period]).to_string()
    }
}

fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_summary_has_counts_and_the_period_and_no_link() {
        let summary = Summary {
            detractors: 40,
            passives: 1,
            promoters: 12,
            from_ms: 1_795_357_800_000,
            to_ms: 1_795_361_400_000,
        };
        let text = summary.slack("Tea <!channel> & more");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            body["text"],
            "Tea &lt;!channel&gt; &amp; more: 53 responses: 40 detractors, 1 passive, 12 promoters"
        );
        assert_eq!(
            body["blocks"][1]["elements"][0]["text"],
            "Tea &lt;!channel&gt; &amp; more · 2026-11-22T14:30:00.000Z to 2026-11-22T15:30:00.000Z"
        );
        assert!(!text.contains("http") && !text.contains('<'), "{text}");
    }
}
