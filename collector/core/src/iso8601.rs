//! Timestamps as ISO 8601.

use api::Day;
use api::day::DAY_MS;

/// Formats Unix milliseconds as ISO 8601 in UTC, such as `2026-11-22T14:30:00.000Z`.
pub fn format(unix_ms: i64) -> String {
    let ms = unix_ms.rem_euclid(DAY_MS);
    let (s, ms) = (ms / 1_000, ms % 1_000);
    let day = Day::from_unix_days(unix_ms.div_euclid(DAY_MS));
    format!("{day}T{:02}:{:02}:{:02}.{ms:03}Z", s / 3_600, s / 60 % 60, s % 60)
}

/// Returns the SQL that formats a column of Unix milliseconds as ISO 8601 in UTC.
pub fn sql(column: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch')")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_formatted_in_utc() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_357_800_007, "2026-11-22T14:30:00.007Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        ] {
            assert_eq!(format(at), text);
        }
        assert!(format(i64::MAX).starts_with("9999-12-31T") && format(i64::MIN).starts_with("0000-01-01T"));
    }
}
