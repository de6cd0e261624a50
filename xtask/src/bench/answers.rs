//! Generated responses for the benchmark, the same for every run on one day.

use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use fastrand::Rng;

/// Milliseconds of a day in UTC.
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const PLANS: [&str; 5] = ["free", "starter", "team", "pro", "enterprise"];
const WORDS: [&str; 16] = [
    "good", "tea", "slow", "quick", "delivery", "nice", "shop", "price", "again", "never", "support", "kind",
    "broken", "parcel", "love", "it",
];

/// Header of the columns that [`row`] writes.
pub const HEADER: &str = "at,score,comment,plan,country\n";

/// Returns the last midnight in UTC, in Unix milliseconds. All generated responses are older.
pub fn midnight() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    u64::try_from(now).unwrap_or(0) / DAY_MS * DAY_MS
}

/// Writes one line of CSV, from the 364 days before midnight, with one of five plans and one of 30
/// countries. Every fifth line has a comment.
pub fn row(out: &mut String, midnight: u64, rng: &mut Rng) {
    let timestamp_ms = midnight - 1 - rng.u64(..364 * DAY_MS);
    // Most are promoters and passives, as in real surveys.
    let score = [0, 2, 4, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10][rng.usize(..16)];
    write_time(out, timestamp_ms);
    let _ = write!(out, ",{score},");
    if rng.u8(..5) == 0 {
        for nth in 0..4 + rng.u8(..12) {
            let blank = if nth > 0 { " " } else { "" };
            let _ = write!(out, "{blank}{}", WORDS[rng.usize(..16)]);
        }
    }
    let country = rng.u8(..30);
    let letters = (char::from(b'A' + country / 6), char::from(b'A' + country % 6));
    let _ = writeln!(out, ",{},{}{}", PLANS[rng.usize(..5)], letters.0, letters.1);
}

/// Writes Unix milliseconds as ISO 8601, after Howard Hinnant's `civil_from_days`.
fn write_time(out: &mut String, ms: u64) {
    let days = ms / DAY_MS + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (s, milli) = (ms % DAY_MS / 1_000, ms % 1_000);
    let _ = write!(
        out,
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{milli:03}Z",
        s / 3_600,
        s / 60 % 60,
        s % 60
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_calendar_dates() {
        for (ms, iso) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_732_662_861_853, "2024-11-26T23:14:21.853Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
        ] {
            let mut out = String::new();
            write_time(&mut out, ms);
            assert_eq!(out, iso);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let file = || {
            let (mut out, mut rng) = (String::new(), Rng::with_seed(1));
            (0..10_000).for_each(|_| row(&mut out, 1_767_225_600_000, &mut rng));
            out
        };
        let lines = file();
        assert_eq!(lines, file());
        let cells: Vec<Vec<&str>> = lines.lines().map(|line| line.split(',').collect()).collect();
        assert!(cells.iter().all(|line| line.len() == 5));
        let different = |column: usize| {
            cells.iter().map(|line| line[column]).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((different(0), different(1), different(3), different(4)), (10_000, 8, 5, 30));
        let comments = cells.iter().filter(|line| !line[2].is_empty()).count();
        assert!((1_800..2_200).contains(&comments), "{comments}");
    }
}
