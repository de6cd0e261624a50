//! Rate limits by token bucket.
//!
//! A bucket holds so many tokens and fills at a steady pace; each request takes some out. So a
//! burst passes, and what goes on for longer than a burst is held to the pace. A bucket is two
//! numbers and takes the time as an argument; who keeps it, and for whom, is for others to say.
//! A [`Window`] is the stricter form: no more than the quota passes in any window of one caller.
//! [`PerAddressWindows`] keeps one for each client address in memory.
//!
//! The clock of a runtime may go back. Neither then fills or waits for the clock to catch
//! up.

mod per_address;
mod window;

pub use per_address::{AddressKey, PerAddressWindows, address_key};
pub use window::Window;

/// So much of a token is no token: what is lost in rounding must not cost a caller another wait.
const NEARLY: f64 = 1e-6;

/// Quota: the capacity of a bucket and the rate at which it fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    name: &'static str,
    quota: u32,
    window_s: u32,
}

impl Quota {
    /// A bucket of `quota` tokens, which an empty one gains back in `window_s` seconds; both count
    /// as at least 1. The name stands in headers: letters, digits, `-` and `_`.
    pub const fn new(name: &'static str, quota: u32, window_s: u32) -> Self {
        // `Ord::max` is not const.
        let (quota, window_s) =
            (if quota == 0 { 1 } else { quota }, if window_s == 0 { 1 } else { window_s });
        Self { name, quota, window_s }
    }

    /// Returns the number of tokens in a full bucket.
    pub fn capacity(&self) -> f64 {
        f64::from(self.quota)
    }

    /// Returns the number of tokens that a bucket gains in a second.
    pub fn per_second(&self) -> f64 {
        f64::from(self.quota) / f64::from(self.window_s)
    }

    /// Returns the name that stands in headers.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the length of a window in seconds.
    pub fn window_s(&self) -> u32 {
        self.window_s
    }

    /// Returns the length of a window.
    fn window_ms(&self) -> i64 {
        i64::from(self.window_s) * 1_000
    }

    /// The value of a `RateLimit-Policy` header: `"visitors";q=600;w=60`
    /// (draft-ietf-httpapi-ratelimit-headers).
    pub fn policy_header(&self) -> String {
        format!("\"{}\";q={};w={}", self.name, self.quota, self.window_s)
    }
}

/// Token bucket of one caller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenBucket {
    tokens: f64,
    at: i64,
}

/// Remaining quota after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    /// Whole tokens in the bucket.
    pub tokens: u32,
    /// Seconds until it is full, rounded up.
    pub full_in_s: u32,
}

/// There was not enough left, and nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter {
    /// Milliseconds until the same request would pass.
    pub ms: i64,
    /// Remaining quota.
    pub remaining: Remaining,
}

impl TokenBucket {
    /// A full bucket.
    pub fn full(limit: &Quota, now_ms: i64) -> Self {
        Self { tokens: limit.capacity(), at: now_ms }
    }

    /// Takes `cost` tokens, or none and says how long to wait. What costs more than a bucket holds
    /// takes all of a full one, since it would else never pass.
    pub fn take(&mut self, limit: &Quota, now_ms: i64, cost: u32) -> Result<Remaining, RetryAfter> {
        self.tokens = self.tokens_at(limit, now_ms);
        self.at = now_ms;
        let cost = f64::from(cost).min(limit.capacity());
        let missing = cost - self.tokens;
        if missing <= NEARLY {
            self.tokens = (self.tokens - cost).max(0.0);
            return Ok(self.remaining(limit));
        }
        // At most the window, so the cast is exact enough.
        let ms = (missing / limit.per_second() * 1_000.0).ceil() as i64;
        Err(RetryAfter { ms, remaining: self.remaining(limit) })
    }

    /// Returns the number of tokens at that time.
    fn tokens_at(&self, limit: &Quota, now_ms: i64) -> f64 {
        let passed = now_ms.saturating_sub(self.at).max(0) as f64 / 1_000.0;
        (self.tokens + passed * limit.per_second()).min(limit.capacity())
    }

    fn remaining(&self, limit: &Quota) -> Remaining {
        let full_in = (limit.capacity() - self.tokens) / limit.per_second();
        // A cast from a float stops at the ends of the type.
        Remaining { tokens: (self.tokens + NEARLY) as u32, full_in_s: (full_in - NEARLY).ceil() as u32 }
    }
}

impl Remaining {
    /// The value of a `RateLimit` header: `"visitors";r=12;t=3`
    /// (draft-ietf-httpapi-ratelimit-headers).
    pub fn header(&self, limit: &Quota) -> String {
        format!("\"{}\";r={};t={}", limit.name, self.tokens, self.full_in_s)
    }
}

impl RetryAfter {
    /// The value of a `Retry-After` header: whole seconds, at least 1.
    pub fn retry_after_seconds(&self) -> u32 {
        u32::try_from(self.ms.max(1).saturating_add(999) / 1_000).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ten tokens, one a second.
    const LIMIT: Quota = Quota::new("visitors", 10, 10);

    #[test]
    fn a_burst_passes_and_then_the_rate_applies() {
        let mut bucket = TokenBucket::full(&LIMIT, 0);
        for left in (0..10).rev() {
            let remaining = Remaining { tokens: left, full_in_s: 10 - left };
            assert_eq!(bucket.take(&LIMIT, 0, 1), Ok(remaining));
        }
        let wait = bucket.take(&LIMIT, 0, 1).unwrap_err();
        assert_eq!((wait.ms, wait.remaining.tokens, wait.retry_after_seconds()), (1_000, 0, 1));
        assert!(bucket.take(&LIMIT, 999, 1).is_err(), "asking too early takes nothing and delays nothing");
        assert!(bucket.take(&LIMIT, 1_000, 1).is_ok());
        assert_eq!(bucket.take(&LIMIT, 1_000, 4).unwrap_err().ms, 4_000);
        assert_eq!(bucket.take(&LIMIT, 1_000_000, 0), Ok(Remaining { tokens: 10, full_in_s: 0 }));
    }

    #[test]
    fn a_clock_set_back_neither_refills_nor_blocks() {
        let mut bucket = TokenBucket::full(&LIMIT, 1_000_000);
        assert!(bucket.take(&LIMIT, 1_000_000, 10).is_ok());
        assert_eq!(bucket.take(&LIMIT, 0, 1).unwrap_err().ms, 1_000);
        assert!(bucket.take(&LIMIT, 1_000, 1).is_ok());
        let mut edge = TokenBucket::full(&LIMIT, i64::MAX);
        assert!(edge.take(&LIMIT, i64::MIN, 10).is_ok() && edge.take(&LIMIT, i64::MAX, 10).is_ok());
    }

    #[test]
    fn a_cost_above_the_capacity_passes_a_full_bucket() {
        let mut bucket = TokenBucket::full(&LIMIT, 0);
        assert_eq!(bucket.take(&LIMIT, 0, u32::MAX).map(|left| left.tokens), Ok(0));
        assert_eq!(bucket.take(&LIMIT, 0, u32::MAX).unwrap_err().ms, 10_000);
    }

    #[test]
    fn headers_match_the_ietf_draft() {
        let limit = Quota::new("visitors", 600, 60);
        assert_eq!(limit.policy_header(), r#""visitors";q=600;w=60"#);
        assert_eq!(Remaining { tokens: 12, full_in_s: 3 }.header(&limit), r#""visitors";r=12;t=3"#);
        let wait =
            |ms| RetryAfter { ms, remaining: Remaining { tokens: 0, full_in_s: 0 } }.retry_after_seconds();
        assert_eq!([0, 1, 1_000, 1_001, i64::MAX].map(wait), [1, 1, 1, 2, u32::MAX]);
        assert_eq!(Quota::new("none", 0, 0).policy_header(), r#""none";q=1;w=1"#);
    }

    proptest! {
        /// However requests come, no more pass than a full bucket and what it gained; and whoever
        /// waits as told passes.
        #[test]
        fn passed_costs_never_exceed_the_limit(
            quota in 1..1_000_u32, window in 1..1_000_u32, asked in prop::collection::vec((0..5_000_i64, 0..20_u32), 1..200),
        ) {
            let limit = Quota::new("x", quota, window);
            let (mut bucket, mut now, mut passed) = (TokenBucket::full(&limit, 0), 0, 0.0);
            for (step, cost) in asked {
                now += step;
                match bucket.take(&limit, now, cost) {
                    Ok(_) => passed += f64::from(cost.min(quota)),
                    Err(wait) => {
                        prop_assert!(wait.ms > 0);
                        let mut later = bucket;
                        prop_assert!(later.take(&limit, now + wait.ms, cost).is_ok());
                    }
                }
                let most = limit.capacity() + limit.per_second() * now as f64 / 1_000.0;
                prop_assert!(passed <= most + 0.001, "{} of {}", passed, most);
            }
        }
    }
}
