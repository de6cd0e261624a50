//! The week in a few sentences, each Monday morning.

use crate::Zone;
use api::day::{DAY_MS, DAY_S};
use api::report::{Interval, LOW_SAMPLE, Previous, ScoreReport};
use api::survey::STANDARD;
use nps::round;

/// 08:00 on the owner's clock, when the working week begins.
const DIGEST_TIME_S: i64 = 8 * 3_600;

/// The report of one week, Monday to Sunday, compared with the week before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Digest<'a> {
    /// The report of [`Period::last_week`](api::Period::last_week), asked for with
    /// `compare=previous`.
    pub report: &'a ScoreReport,
}

impl Digest<'_> {
    /// The numbers in words, for example: "Last week: NPS 41 (between 33 and 49), 120 responses,
    /// response rate 34 %. The week before: 38. The difference is not significant."
    pub fn line(&self) -> String {
        let report = self.report;
        let mut sentences = vec![match report.score {
            None => "No responses last week.".to_owned(),
            Some(score) => {
                let rate = report
                    .response_rate
                    .map(|rate| format!(", response rate {} %", whole_number(100.0 * rate)));
                let scored = report.scored.unwrap_or(0);
                let responses = if scored == 1 { "response" } else { "responses" };
                let (name, score, sure) = (self.name(), whole_number(score), between(report.interval95));
                let rate = rate.unwrap_or_default();
                format!("Last week: {name} {score}{sure}, {scored} {responses}{rate}.")
            }
        }];
        if report.score.is_some() && report.low_sample {
            sentences.push(format!(
                "Fewer than {LOW_SAMPLE} responses are a low sample: the score may be far off."
            ));
        }
        if let Some(before) = &report.previous {
            sentences.extend(compared(before));
        }
        sentences.join(" ")
    }

    /// Returns the name of the number: only the standard question makes it NPS.
    pub(super) fn name(&self) -> &'static str {
        if self.report.query.variant == STANDARD { "NPS" } else { "Score" }
    }
}

fn compared(before: &Previous) -> Vec<String> {
    let score = match before.score {
        None => "No responses in the week before.".to_owned(),
        Some(score) => format!("The week before: {}.", whole_number(score)),
    };
    let difference = before.significant.map(|significant| match significant {
        true => "The difference is significant.".to_owned(),
        false => "The difference is not significant.".to_owned(),
    });
    [Some(score), difference].into_iter().flatten().collect()
}

fn between(interval: Option<Interval>) -> String {
    let text = |it: Interval| format!(" (between {} and {})", whole_number(it.low), whole_number(it.high));
    interval.map(text).unwrap_or_default()
}

/// Formats a number without decimals, with a minus sign instead of a hyphen.
fn whole_number(value: f64) -> String {
    round(value, 0).to_string().replace('-', "−")
}

/// When the next digest is due: the first Monday 08:00 on the site's clock after `now_ms`, in Unix
/// milliseconds.
pub fn digest_due(zone: &Zone, now_ms: i64) -> i64 {
    let monday = zone.day_of(now_ms).week_start();
    let start_ms =
        |week: i32| zone.to_unix_ms(i64::from(monday.plus(7 * week).number()) * DAY_S + DIGEST_TIME_S);
    // This week's may be past, and where the clock jumped over a day even the next; the last is
    // past at the calendar's end only.
    (0..3).map(start_ms).find(|due| *due > now_ms).unwrap_or_else(|| now_ms.saturating_add(7 * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike, Offset, TimeZone, Timelike};
    use chrono_tz::Tz;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn zone(tz: Tz) -> Zone {
        let offset = |at| {
            let utc = DateTime::from_timestamp(at, 0).unwrap().naive_utc();
            Ok::<_, Infallible>(tz.offset_from_utc_datetime(&utc).fix().local_minus_utc())
        };
        Zone::probe(tz.name(), 1_262_304_000, 1_893_456_000, offset).unwrap()
    }

    fn ms(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn the_digest_is_due_on_monday_at_eight_across_clock_changes() {
        for (tz, now, due) in [
            (Tz::UTC, "2026-11-22T12:00:00Z", "2026-11-23T08:00:00Z"),
            (Tz::UTC, "2026-11-23T07:59:59.999Z", "2026-11-23T08:00:00Z"),
            (Tz::UTC, "2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"),
            // Summer time begins on Sunday, 29 March, and ends on Sunday, 25 October.
            (Tz::Europe__Warsaw, "2026-03-23T08:00:00+01:00", "2026-03-30T08:00:00+02:00"),
            (Tz::Europe__Warsaw, "2026-03-28T23:00:00+01:00", "2026-03-30T08:00:00+02:00"),
            (Tz::Europe__Warsaw, "2026-10-19T08:00:00+02:00", "2026-10-26T08:00:00+01:00"),
            (Tz::America__New_York, "2026-03-07T12:00:00-05:00", "2026-03-09T08:00:00-04:00"),
            // It is Monday there already.
            (Tz::Pacific__Auckland, "2026-11-22T12:00:00Z", "2026-11-23T08:00:00+13:00"),
            // Samoa skipped 30 December 2011.
            (Tz::Pacific__Apia, "2011-12-29T12:00:00-10:00", "2012-01-02T08:00:00+14:00"),
        ] {
            assert_eq!(digest_due(&zone(tz), ms(now)), ms(due), "{tz} {now}");
        }
        for edge in [i64::MIN, i64::MAX - 1] {
            assert!(digest_due(&Zone::utc(), edge) > edge);
        }
    }

    proptest! {
        #[test]
        fn the_digest_is_always_due_on_the_next_monday_at_eight(now in 1_300_000_000_000..1_890_000_000_000_i64, index in 0..4_usize) {
            let tz = [Tz::Europe__Warsaw, Tz::America__New_York, Tz::Australia__Lord_Howe, Tz::Asia__Kathmandu][index];
            let due = digest_due(&zone(tz), now);
            let local = tz.from_utc_datetime(&DateTime::from_timestamp_millis(due).unwrap().naive_utc());
            prop_assert_eq!((local.weekday(), local.hour(), local.minute()), (chrono::Weekday::Mon, 8, 0));
            prop_assert!(due > now && due - now <= 7 * DAY_MS + 3_600_000);
        }
    }
}
