//! Meaning of an attempt for its delivery and for its endpoint.

use api::day::DAY_MS;

use super::retry::{delay_with_retry_after, requested_delay_ms};

/// Time after which an endpoint that has accepted nothing is paused. The retries of one delivery
/// last a little longer.
pub const MAX_FAILING_MS: i64 = 3 * DAY_MS;

/// Result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The receiver has the message.
    Delivered,
    /// The receiver wants no more messages.
    Gone,
    /// The receiver is at another URL.
    Moved,
    /// The receiver works, and refuses this message.
    Refused,
    /// The receiver did not respond, or has a fault.
    Failed,
}

impl AttemptOutcome {
    /// Returns the outcome of a response's status; `None` stands for no response.
    ///
    /// 302 and 303 follow a POST that was processed (RFC 9110, 15.4.4): hosts of scripts respond so
    /// by nature. 301, 307 and 308 ask for the same request elsewhere, so it was not.
    pub const fn from_status(status: Option<u16>) -> Self {
        match status {
            Some(200..=299 | 302 | 303) => Self::Delivered,
            Some(410) => Self::Gone,
            Some(301 | 307 | 308) => Self::Moved,
            // These three are about the moment.
            Some(408 | 425 | 429) => Self::Failed,
            Some(400..=499) => Self::Refused,
            _ => Self::Failed,
        }
    }
}

/// Failed attempt, with what decides about the next.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// Its outcome: `Refused` or `Failed`.
    pub outcome: AttemptOutcome,
    /// Number of attempts of the delivery, with this.
    pub attempts: u32,
    /// Time for which the endpoint has accepted nothing.
    pub failing_for_ms: i64,
    /// Whether the endpoint accepted none of two or more deliveries in that time.
    pub others_fail: bool,
    /// The receiver's `Retry-After` header.
    pub retry_after: Option<&'a str>,
}

/// Consequence of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The delivery is tried again.
    Retry {
        /// Time until then.
        delay_ms: i64,
    },
    /// The delivery is given up; its endpoint goes on.
    GiveUp,
    /// The endpoint is paused; its deliveries wait.
    Pause,
}

impl Failure<'_> {
    /// Returns the consequence. One message that is refused says nothing about the others, so it
    /// alone never pauses its endpoint.
    pub fn verdict(&self) -> Verdict {
        let is_endpoint = self.outcome != AttemptOutcome::Refused || self.others_fail;
        if is_endpoint && self.failing_for_ms >= MAX_FAILING_MS {
            return Verdict::Pause;
        }
        match delay_with_retry_after(self.attempts, self.retry_after.unwrap_or_default()) {
            Some(delay_ms) => Verdict::Retry { delay_ms },
            None => Verdict::GiveUp,
        }
    }
}

/// Returns the time in milliseconds for which an endpoint wants to be left alone. Only 429 (RFC
/// 6585) and 503 (RFC 9110) speak for the endpoint, and not for one message.
pub fn hold_ms(status: Option<u16>, retry_after: &str) -> i64 {
    if let Some(429 | 503) = status { requested_delay_ms(retry_after) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::retry_delay_ms;
    use proptest::prelude::*;

    #[test]
    fn redirects_after_the_post_are_deliveries_and_moves_are_not() {
        for (statuses, outcome) in [
            (&[200, 201, 202, 204, 299, 302, 303][..], AttemptOutcome::Delivered),
            (&[301, 307, 308], AttemptOutcome::Moved),
            (&[410], AttemptOutcome::Gone),
            (&[400, 401, 403, 404, 409, 413, 422, 451, 499], AttemptOutcome::Refused),
            (&[100, 300, 304, 305, 306, 408, 425, 429, 500, 502, 503, 599], AttemptOutcome::Failed),
        ] {
            for status in statuses {
                assert_eq!(AttemptOutcome::from_status(Some(*status)), outcome, "{status}");
            }
        }
        assert_eq!(AttemptOutcome::from_status(None), AttemptOutcome::Failed);
    }

    #[test]
    fn only_two_refused_messages_or_a_broken_endpoint_pause_after_three_days() {
        let refused = Failure {
            outcome: AttemptOutcome::Refused,
            attempts: 11,
            failing_for_ms: MAX_FAILING_MS,
            others_fail: false,
            retry_after: None,
        };
        assert_eq!(refused.verdict(), Verdict::GiveUp);
        assert_eq!(Failure { others_fail: true, ..refused }.verdict(), Verdict::Pause);
        assert_eq!(Failure { outcome: AttemptOutcome::Failed, ..refused }.verdict(), Verdict::Pause);
        let early = Failure { failing_for_ms: MAX_FAILING_MS - 1, others_fail: true, ..refused };
        assert_eq!(early.verdict(), Verdict::GiveUp);
        let first = Failure { attempts: 1, ..early };
        assert_eq!(first.verdict(), Verdict::Retry { delay_ms: 5_000 });
        let later = Failure { retry_after: Some("120"), ..first };
        assert_eq!(later.verdict(), Verdict::Retry { delay_ms: 120_000 });
    }

    #[test]
    fn only_429_and_503_hold_the_endpoint() {
        assert_eq!((hold_ms(Some(429), "60"), hold_ms(Some(503), " 5 ")), (60_000, 5_000));
        for (status, header) in
            [(Some(403), "60"), (Some(500), "60"), (None, "60"), (Some(429), ""), (Some(503), "soon")]
        {
            assert_eq!(hold_ms(status, header), 0, "{status:?} {header}");
        }
        assert_eq!(hold_ms(Some(429), "99999999999999999999"), DAY_MS);
    }

    proptest! {
        /// However a receiver responds, each delivery is tried at most eleven times.
        #[test]
        fn every_delivery_ends(statuses in proptest::collection::vec(proptest::option::of(100..600_u16), 11), header in any::<String>()) {
            let mut attempts = 0;
            for status in statuses {
                let outcome = AttemptOutcome::from_status(status);
                if !matches!(outcome, AttemptOutcome::Refused | AttemptOutcome::Failed) {
                    break;
                }
                attempts += 1;
                let failure = Failure { outcome, attempts, failing_for_ms: 0, others_fail: false, retry_after: Some(&header) };
                match failure.verdict() {
                    Verdict::Retry { delay_ms } => prop_assert!(Some(delay_ms) >= retry_delay_ms(attempts)),
                    Verdict::GiveUp => prop_assert_eq!(attempts, 11),
                    Verdict::Pause => prop_assert!(false, "paused without three days of failures"),
                }
            }
        }
    }
}
