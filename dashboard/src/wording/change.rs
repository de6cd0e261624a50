//! Whether anything has changed.

use crate::format;
use crate::model::{Previous, Report};

/// Returns the sentence about the change since the previous period; `None` where the report was not
/// compared, or has no score itself.
pub fn change(report: &Report) -> Option<String> {
    let previous = report.previous.as_ref()?;
    report.score?;
    let before = before(report, previous);
    if previous.scored == 0 {
        return Some(format!("There are no responses in {before}, so there is nothing to compare with."));
    }
    let Some((difference, margin)) = report.change() else {
        return Some(format!("There are too few responses in {before} to compare with."));
    };
    let points = nps::round(difference.delta.abs(), 0);
    let moved = match difference.delta {
        _ if points == 0.0 => format!("The same as in {before}."),
        delta if delta > 0.0 => format!("Up {points} on {before}."),
        _ => format!("Down {points} on {before}."),
    };
    let scored = report.scored.unwrap_or(0);
    let responses = if previous.scored * 2 < scored {
        format!("With {} before and {} now", format::count(previous.scored), format::count(scored))
    } else {
        format!("With {}", format::counted(scored, "response"))
    };
    let news = if difference.significant {
        "That is more than chance usually explains.".to_owned()
    } else {
        let swing = nps::round(margin, 0).max(1.0);
        let treat = if points == 0.0 { "." } else { ", so treat this as no change." };
        format!("{responses} a swing of {swing} either way is normal{treat}")
    };
    Some(format!("{moved} {news}"))
}

/// Returns the name of the previous period.
fn before(report: &Report, previous: &Previous) -> String {
    let days = previous.to.number() - previous.from.number() + 1;
    if previous.to.number() + 1 == report.query.from.number() {
        return if days == 1 { "the day before".into() } else { format!("the {days} days before") };
    }
    "the same days a year before".into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::FromJson;

    fn report(now: [u64; 3], before: [u64; 3]) -> Report {
        let [detractors, passives, promoters] = now;
        let scored = detractors + passives + promoters;
        let score = (scored > 0).then(|| 100.0 * (promoters as f64 - detractors as f64) / scored as f64);
        let previous: Value = json!({
            "from": "2026-06-01", "to": "2026-08-29", "score": 1.0, "scored": before.iter().sum::<u64>(),
            "counts": { "detractors": before[0], "passives": before[1], "promoters": before[2] },
        });
        FromJson::from_json(&json!({
            "score": score, "scored": scored, "interval95": null,
            "distribution": [detractors, 0, 0, 0, 0, 0, 0, passives, 0, promoters, 0],
            "shown": 0, "answered": 0, "commented": 0, "response_rate": null, "median_seconds": null,
            "groups": [], "previous": previous,
            "query": { "from": "2026-08-30", "to": "2026-11-27", "timezone": "UTC" },
        }))
        .unwrap()
    }

    #[test]
    fn a_move_beyond_chance_is_news() {
        let text = change(&report([100, 300, 600], [200, 300, 500])).unwrap();
        assert_eq!(text, "Up 20 on the 90 days before. That is more than chance usually explains.");
        let text = change(&report([300, 300, 400], [200, 300, 500])).unwrap();
        assert!(text.starts_with("Down 20 on the 90 days before. That is more"), "{text}");
    }

    #[test]
    fn a_move_within_chance_names_the_swing_and_is_no_change() {
        let text = change(&report([71, 317, 501], [90, 330, 480])).unwrap();
        assert_eq!(
            text,
            "Up 5 on the 90 days before. With 889 responses a swing of 6 either way is normal, so treat this \
             as no change."
        );
        let text = change(&report([20, 60, 40], [20, 60, 40])).unwrap();
        assert!(
            text.starts_with("The same as in the 90 days before. With 120 responses a swing of"),
            "{text}"
        );
        assert!(text.ends_with("either way is normal."), "{text}");
        let text = change(&report([2, 6, 400], [5, 6, 9])).unwrap();
        assert!(text.contains("chance") || text.contains("With 20 before and 408 now"), "{text}");
    }

    #[test]
    fn without_anything_to_compare_with_it_says_so() {
        let text = change(&report([1, 2, 3], [0, 0, 0])).unwrap();
        assert!(text.starts_with("There are no responses in the 90 days before"), "{text}");
        assert_eq!(change(&report([0, 0, 0], [1, 2, 3])), None);
        let mut hidden = report([10, 20, 30], [1, 2, 1]);
        hidden.previous.as_mut().unwrap().counts = None;
        assert!(change(&hidden).unwrap().starts_with("There are too few responses in the 90 days before"));
    }

    #[test]
    fn a_comparison_with_a_year_ago_is_named() {
        let mut year = report([100, 300, 600], [200, 300, 500]);
        let previous = year.previous.as_mut().unwrap();
        (previous.from, previous.to) = (previous.from.plus(-200), previous.to.plus(-200));
        assert!(change(&year).unwrap().starts_with("Up 20 on the same days a year before."));
    }
}
