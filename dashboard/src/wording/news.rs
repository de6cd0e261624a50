//! Responses that have just come.

use crate::model::Report;

/// Returns which scores a report has more than an earlier one of the same days and filter; `None`
/// where there are none, or where the days or the filter are others.
pub fn news(before: &Report, now: &Report) -> Option<String> {
    if before.query != now.query {
        return None;
    }
    let (before, now) = (before.distribution?, now.distribution?);
    // Another filter or an erasure is no news.
    if before.iter().zip(&now).any(|(before, now)| now < before) {
        return None;
    }
    let came: Vec<String> = before
        .iter()
        .zip(&now)
        .enumerate()
        .filter(|(_, (before, now))| now > before)
        .map(|(score, (before, now))| match now - before {
            1 => format!("{} {score}", if score == 8 { "an" } else { "a" }),
            more => format!("{more} times {score}"),
        })
        .collect();
    (!came.is_empty() && came.len() <= 5).then(|| format!("Just now: {}", came.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    fn report(distribution: [u64; 11], to: &str) -> Report {
        FromJson::from_json(&json!({
            "score": 1.0, "scored": 1, "interval95": null, "distribution": distribution, "shown": 0,
            "answered": 0, "commented": 0, "response_rate": null, "median_seconds": null, "groups": [],
            "previous": null, "query": { "from": "2026-01-01", "to": to, "timezone": "UTC" },
        }))
        .unwrap()
    }

    #[test]
    fn new_scores_are_named_and_other_days_are_no_news() {
        let before = report([0, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0], "2026-02-01");
        let now = report([1, 0, 0, 0, 0, 0, 0, 0, 3, 7, 0], "2026-02-01");
        assert_eq!(news(&before, &now).unwrap(), "Just now: a 0, an 8, 2 times 9");
        assert_eq!(news(&now, &before), None);
        assert_eq!(news(&now, &now), None);
        assert_eq!(news(&before, &report([9; 11], "2026-02-02")), None);
    }
}
