//! Limits of a number.

use crate::format;
use crate::model::Report;

/// With fewer responses a score is hidden where it could single somebody out.
pub const MIN_SHOWN: u64 = 5;

/// Returns the sentence about a small sample; `None` for an ordinary one.
pub fn sample(report: &Report) -> Option<String> {
    let scored = report.scored.unwrap_or(0);
    let responses = format::counted(scored, "response");
    if report.hidden {
        return Some(format!("{responses}. Shown from {MIN_SHOWN} on, so that nobody can be singled out."));
    }
    if !is_small(report) {
        return None;
    }
    let interval = report.interval95?;
    Some(format!(
        "{responses} so far. The real score is somewhere between {} and {}. Wait for about {} before you \
         act on the number; the comments count already.",
        format::score(interval.low),
        format::score(interval.high),
        api::report::LOW_SAMPLE,
    ))
}

/// Whether there are responses, but too few to act on the score.
pub fn is_small(report: &Report) -> bool {
    (1..api::report::LOW_SAMPLE).contains(&report.scored.unwrap_or(0))
}

/// Returns the sentence about those who did not answer; `None` where most did, or nobody was asked.
pub fn low_response(report: &Report) -> Option<String> {
    let rate = report.response_rate.filter(|rate| *rate < 0.5)?;
    let answered = format::percent(rate);
    let others = format::percent(1.0 - nps::round(rate, 2));
    Some(format!("{answered} answered. The other {others} may think otherwise."))
}

/// Returns the remarks about those who were asked, each a sentence.
pub fn funnel(report: &Report) -> Vec<String> {
    let imported = report.scored.unwrap_or(0).saturating_sub(report.answered);
    let imported = (imported > 0).then(|| {
        format!("{} came by an import, without being asked here.", format::counted(imported, "response"))
    });
    let seconds = report.median_seconds.map(|seconds| {
        format!("Half of them took less than {} s to choose.", nps::round(seconds, 0).max(1.0))
    });
    low_response(report).into_iter().chain(imported).chain(seconds).collect()
}

/// Returns the number of responses a period from which a change of so many points shows up in four
/// of five cases, to two digits: n = 15.7 · σ² / δ², where σ² = p + d − (p − d)².
pub fn plan(report: &Report, points: f64) -> Option<u64> {
    let histogram = report.histogram()?;
    let scored = histogram.scored();
    if scored == 0 {
        return None;
    }
    let share = |part: u64| part as f64 / scored as f64;
    let (promoters, detractors) = (share(histogram.promoters()), share(histogram.detractors()));
    let variance = promoters + detractors - (promoters - detractors).powi(2);
    let needed = 15.7 * variance / (points / 100.0).powi(2);
    let digits = 10_f64.powf((needed.max(10.0).log10().floor() - 1.0).max(0.0));
    Some(((needed / digits).round() * digits) as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    fn report(distribution: [u64; 11], interval: [f64; 2], rate: Option<f64>) -> Report {
        FromJson::from_json(&json!({
            "score": 1.0, "scored": distribution.iter().sum::<u64>(),
            "interval95": { "low": interval[0], "high": interval[1], "method": "x" },
            "distribution": distribution, "shown": 0, "answered": 0, "commented": 0,
            "response_rate": rate, "median_seconds": null, "groups": [], "previous": null,
            "query": { "from": "2026-08-30", "to": "2026-11-27", "timezone": "UTC" },
        }))
        .unwrap()
    }

    #[test]
    fn a_small_sample_is_described_with_its_range() {
        let mut few = report([0, 0, 0, 0, 0, 0, 4, 3, 0, 7, 0], [-4.7, 61.2], None);
        assert_eq!(
            sample(&few).unwrap(),
            "14 responses so far. The real score is somewhere between −5 and 61. Wait for about 30 before \
             you act on the number; the comments count already."
        );
        (few.scored, few.hidden) = (Some(3), true);
        assert_eq!(sample(&few).unwrap(), "3 responses. Shown from 5 on, so that nobody can be singled out.");
        assert_eq!(sample(&report([0, 0, 0, 0, 0, 0, 10, 10, 0, 10, 0], [0.0, 1.0], None)), None);
    }

    #[test]
    fn those_who_did_not_answer_are_named() {
        let text = |rate| low_response(&report([1; 11], [0.0, 1.0], rate));
        assert_eq!(text(Some(0.1733)).unwrap(), "17% answered. The other 83% may think otherwise.");
        assert_eq!([text(None), text(Some(0.8))], [None, None]);
        let mut mixed = report([1; 11], [0.0, 1.0], Some(0.1));
        (mixed.answered, mixed.median_seconds) = (3, Some(4.2));
        let remarks = [
            "10% answered. The other 90% may think otherwise.",
            "8 responses came by an import, without being asked here.",
            "Half of them took less than 4 s to choose.",
        ];
        assert_eq!(funnel(&mixed), remarks);
    }

    #[test]
    fn planning_follows_the_variance() {
        let balanced = report([0, 0, 0, 0, 0, 0, 71, 317, 0, 501, 0], [0.0, 1.0], None);
        assert_eq!([plan(&balanced, 10.0), plan(&balanced, 5.0)], [Some(640), Some(2_600)]);
        assert_eq!(plan(&report([0; 11], [0.0, 1.0], None), 10.0), None);
    }
}
