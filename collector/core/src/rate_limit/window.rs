//! Fixed window of one caller.

use super::{Quota, Remaining, RetryAfter};

/// Use of a quota in a window that begins with the first request.
///
/// A token bucket lets a burst and what it gains meanwhile pass. A window is exact: with 2,000 a
/// minute the next request of that minute is refused, however slowly the requests came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    started_ms: i64,
    used: u32,
}

impl Window {
    /// Starts a window in which nothing is used.
    pub fn starting(now_ms: i64) -> Self {
        Self { started_ms: now_ms, used: 0 }
    }

    /// Takes `cost` from the quota, or nothing and says how long to wait. What costs more than the
    /// quota takes all of it, since it would else never pass.
    pub fn take(&mut self, limit: &Quota, now_ms: i64, cost: u32) -> Result<Remaining, RetryAfter> {
        if self.has_ended(limit, now_ms) || self.used == 0 {
            *self = Self::starting(now_ms);
        }
        // A clock that was set back moves the window with it.
        self.started_ms = self.started_ms.min(now_ms);
        let cost = cost.min(limit.quota);
        let is_within = cost <= limit.quota - self.used.min(limit.quota);
        if is_within {
            self.used += cost;
        }
        let left_ms = limit.window_ms() - (now_ms - self.started_ms);
        let remaining = Remaining {
            tokens: limit.quota - self.used.min(limit.quota),
            // At most the window, which is a number of this type.
            full_in_s: if self.used == 0 { 0 } else { (left_ms + 999).div_euclid(1_000) as u32 },
        };
        if is_within { Ok(remaining) } else { Err(RetryAfter { ms: left_ms, remaining }) }
    }

    /// Returns the start of the window.
    pub(super) fn started_ms(&self) -> i64 {
        self.started_ms
    }

    /// Whether the window is over, so that the whole quota is there again.
    pub(super) fn has_ended(&self, limit: &Quota, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.started_ms) >= limit.window_ms()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: Quota = Quota::new("address", 10, 60);

    #[test]
    fn the_quota_passes_once_a_window_however_slowly() {
        let mut window = Window::starting(0);
        for nth in 0..10 {
            let now_ms = i64::from(nth) * 5_000;
            let remaining = Remaining { tokens: 9 - nth, full_in_s: 60 - 5 * nth };
            assert_eq!(window.take(&LIMIT, now_ms, 1), Ok(remaining));
        }
        let wait = window.take(&LIMIT, 59_001, 1).unwrap_err();
        assert_eq!((wait.ms, wait.retry_after_seconds(), wait.remaining.tokens), (999, 1, 0));
        assert_eq!(window.take(&LIMIT, 60_000, 4).map(|left| left.tokens), Ok(6));
        assert!(window.take(&LIMIT, 60_000, 7).is_err(), "what does not fit takes nothing");
        assert!(window.take(&LIMIT, 60_000, 6).is_ok());
    }

    #[test]
    fn a_window_begins_with_the_first_request_that_counts() {
        let mut window = Window::starting(0);
        assert_eq!(window.take(&LIMIT, 0, 0), Ok(Remaining { tokens: 10, full_in_s: 0 }));
        assert!(window.take(&LIMIT, 50_000, 10).is_ok());
        assert_eq!(window.take(&LIMIT, 60_000, 1).unwrap_err().ms, 50_000);
    }

    #[test]
    fn a_clock_set_back_neither_refills_nor_blocks() {
        let mut window = Window::starting(1_000_000);
        assert!(window.take(&LIMIT, 1_000_000, 10).is_ok());
        assert_eq!(window.take(&LIMIT, 0, 1).unwrap_err().ms, 60_000);
        assert!(window.take(&LIMIT, 60_000, 1).is_ok());
        let mut edge = Window::starting(i64::MIN);
        assert!(edge.take(&LIMIT, i64::MAX, u32::MAX).is_ok() && edge.take(&LIMIT, i64::MAX, 1).is_err());
    }

    proptest! {
        /// In no window does more pass than the quota; and whoever waits as told passes.
        #[test]
        fn passed_costs_never_exceed_the_quota(
            quota in 1..100_u32, asked in prop::collection::vec((0..9_000_i64, 0..20_u32), 1..200),
        ) {
            let limit = Quota::new("x", quota, 60);
            let (mut window, mut now_ms, mut passed) = (Window::starting(0), 0, Vec::new());
            for (step_ms, cost) in asked {
                now_ms += step_ms;
                match window.take(&limit, now_ms, cost) {
                    Ok(_) => passed.push((window.started_ms, u64::from(cost.min(quota)))),
                    Err(wait) => {
                        prop_assert!(wait.ms > 0);
                        let mut later = window;
                        prop_assert!(later.take(&limit, now_ms + wait.ms, cost).is_ok());
                    }
                }
                let of_this = passed.iter().filter(|(start, _)| *start == window.started_ms);
                prop_assert!(of_this.map(|(_, cost)| cost).sum::<u64>() <= u64::from(quota));
            }
        }
    }
}
