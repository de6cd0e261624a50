//! Times of the sample responses: more on weekdays, by day and before Christmas, and growing.

use anyhow::Result;
use chrono::{DateTime, Datelike, Timelike, Utc, Weekday};
use serde::Deserialize;

use super::random::Random;

/// Days in which the vouchers fail.
pub const LATELY_DAYS: i64 = 21;
const DAYS: i64 = 365;
const HOUR_SECONDS: i64 = 3_600;
/// Weight of each hour in UTC.
const HOURS: [u32; 24] =
    [2, 1, 1, 1, 1, 3, 7, 12, 15, 15, 14, 14, 16, 15, 13, 12, 12, 14, 17, 20, 20, 16, 10, 5];

/// Part of the year in which a comment makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// 8 January to 10 February, when the presents have been tried.
    AfterChristmas,
    /// The last three weeks.
    Lately,
}

/// Full hours of the year before a moment, with their weights.
pub struct Calendar {
    earlier: Vec<(i64, u32)>,
    lately: Vec<(i64, u32)>,
    after_christmas: Vec<(i64, u32)>,
}

impl Calendar {
    /// Weighs the hours before `now`, in Unix seconds.
    pub fn before(now: i64) -> Self {
        let hour = now.div_euclid(HOUR_SECONDS);
        let hours = |days: std::ops::Range<i64>| {
            let starts = (days.start * 24 + 1..=days.end * 24).map(|ago| (hour - ago) * HOUR_SECONDS);
            starts.filter_map(|start| Some((start, weight(start, now)?))).collect::<Vec<_>>()
        };
        let earlier = hours(LATELY_DAYS..DAYS);
        let after_christmas =
            earlier.iter().copied().filter(|(start, _)| is_after_christmas(*start)).collect();
        Self { lately: hours(0..LATELY_DAYS), earlier, after_christmas }
    }

    /// Returns a time in a season, or else before the last three weeks.
    pub fn pick(&self, season: Option<Season>, random: &mut Random) -> Result<i64> {
        let hours = match season {
            None => &self.earlier,
            Some(Season::AfterChristmas) => &self.after_christmas,
            Some(Season::Lately) => &self.lately,
        };
        Ok(random.pick(hours)? + i64::from(random.below(HOUR_SECONDS as u32)))
    }
}

fn weight(start: i64, now: i64) -> Option<u32> {
    let time = DateTime::<Utc>::from_timestamp(start, 0)?;
    let day = match time.weekday() {
        Weekday::Sat | Weekday::Sun => 6,
        _ => 10,
    };
    let season = match (time.month(), time.day()) {
        (11, 20..) | (12, ..=22) => 17,
        (12, 24..=26) => 4,
        _ => 10,
    };
    let age_days = u32::try_from((now - start) / (24 * HOUR_SECONDS)).ok()?;
    let growth = 1_000u32.saturating_sub(age_days);
    Some(HOURS.get(time.hour() as usize)? * day * season * growth / 1_000)
}

fn is_after_christmas(start: i64) -> bool {
    let time = DateTime::<Utc>::from_timestamp(start, 0);
    matches!(time.map(|time| (time.month(), time.day())), Some((1, 8..) | (2, ..=10)))
}
