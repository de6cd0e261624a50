//! When a failed delivery is tried again.
//!
//! The pauses grow, and add up to three days: a receiver that is down over a weekend misses
//! nothing, one that is gone is not called for ever.

use api::day::DAY_S;

/// The longest pause that a receiver may ask for, in seconds.
const MAX_RETRY_AFTER_S: i64 = DAY_S;

/// The pause after each failure, in seconds: 75 hours and 36 minutes in all.
const PAUSES_S: [i64; 10] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, DAY_S];

/// Returns the delay in milliseconds after that many failures in a row; `None` to give up, after
/// eleven.
pub fn retry_delay_ms(failures: u32) -> Option<i64> {
    match failures.checked_sub(1) {
        None => Some(0),
        Some(before) => PAUSES_S.get(usize::try_from(before).ok()?).map(|seconds| seconds * 1_000),
    }
}

/// Returns the longer of the retry delay and the receiver's `Retry-After` header, so that a
/// receiver is never called before it wants to be. Of the header's two forms the number of seconds
/// is read, up to `MAX_RETRY_AFTER_S`; a date is ignored.
pub fn delay_with_retry_after(failures: u32, retry_after: &str) -> Option<i64> {
    retry_delay_ms(failures).map(|pause| pause.max(requested_delay_ms(retry_after)))
}

/// Returns the delay in milliseconds that a `Retry-After` header asks for; 0 where it is ignored.
pub(super) fn requested_delay_ms(retry_after: &str) -> i64 {
    let digits = retry_after.trim();
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Digits that overflow are a very long time.
    if number { digits.parse().unwrap_or(i64::MAX).min(MAX_RETRY_AFTER_S) * 1_000 } else { 0 }
}

#[cfg(test)]
mod tests {
    use api::day::DAY_MS;

    use super::*;

    #[test]
    fn pauses_grow_and_end_after_three_days() {
        let pauses: Vec<i64> = (1..).map_while(retry_delay_ms).collect();
        assert_eq!(pauses.len(), 10);
        assert!(pauses.is_sorted() && pauses.iter().all(|pause| *pause <= MAX_RETRY_AFTER_S * 1_000));
        let hours = pauses.iter().sum::<i64>() / 3_600_000;
        assert!((72..=76).contains(&hours), "{hours}");
        assert_eq!((retry_delay_ms(0), retry_delay_ms(1)), (Some(0), Some(5_000)));
        assert_eq!((retry_delay_ms(11), retry_delay_ms(u32::MAX)), (None, None));
    }

    #[test]
    fn retry_after_lengthens_a_pause_and_never_shortens_it() {
        for (failures, header, expected) in [
            (1, "120", Some(120_000)),
            (1, " 7 ", Some(7_000)),
            (3, "10", Some(300_000)),
            (1, "999999", Some(DAY_MS)),
            (1, "99999999999999999999999", Some(DAY_MS)),
            (1, "", Some(5_000)),
            (1, "-9", Some(5_000)),
            (1, "+9", Some(5_000)),
            (1, "1.5", Some(5_000)),
            (1, "Wed, 21 Oct 2026 07:28:00 GMT", Some(5_000)),
            (11, "60", None),
        ] {
            assert_eq!(delay_with_retry_after(failures, header), expected, "{failures} {header:?}");
        }
    }
}
