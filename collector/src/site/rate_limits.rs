//! Rate limits of a site and of each visitor.
//!
//! Three buckets are apart, so that a crowd of visitors cannot lock the owner out: messages of
//! visitors, calls with a key, and calls with a wrong key. Each visitor has a small bucket besides,
//! under a digest of the IP address that changes daily. All of it is in memory only, and gone when
//! the object is evicted.

use std::cell::{Cell, RefCell};

use collector_core::rate_limit::{PerVisitorBuckets, Quota, RetryAfter, TokenBucket};
use serde_json::{Value, json};

use super::clock::now_ms;
use crate::http::{ApiResult, Problem};
use crate::protocol::VisitorKey;

/// Messages of all visitors, per minute.
const VISITORS: Quota = Quota::new("visitors", 120_000, 60);
/// Requests of one visitor, per minute. A visit needs about five.
const VISITOR: Quota = Quota::new("visitor", 120, 60);
/// Calls with a key.
const OWNER: Quota = Quota::new("owner", 6_000, 60);
/// Calls with a wrong key: enough for a mistake in a program, too few to guess keys.
const FAILED_AUTH: Quota = Quota::new("strangers", 600, 60);

/// Every limit of a site.
const ALL: [Quota; 4] = [VISITORS, VISITOR, OWNER, FAILED_AUTH];

/// The most visitors with a bucket each.
const MAX_VISITORS: usize = 10_000;

/// Buckets of a site.
pub struct RateLimits {
    visitors: RefCell<TokenBucket>,
    each_visitor: RefCell<PerVisitorBuckets>,
    owner: RefCell<TokenBucket>,
    failed_auth: RefCell<TokenBucket>,
    /// Requests that each limit has refused, in the order of [`ALL`].
    refused: [Cell<u32>; ALL.len()],
}

impl Default for RateLimits {
    fn default() -> Self {
        let full = |limit: &Quota| RefCell::new(TokenBucket::full(limit, now_ms()));
        Self {
            visitors: full(&VISITORS),
            each_visitor: RefCell::new(PerVisitorBuckets::new(VISITOR, MAX_VISITORS)),
            owner: full(&OWNER),
            failed_auth: full(&FAILED_AUTH),
            refused: Default::default(),
        }
    }
}

impl RateLimits {
    /// Counts a request of a visitor with so many messages.
    pub fn check_visitor(&self, visitor: Option<VisitorKey>, messages: u64) -> ApiResult<()> {
        if let Some(VisitorKey(key)) = visitor {
            let mut each = self.each_visitor.borrow_mut();
            each.take(key, now_ms(), 1).map_err(|wait| self.refuse(&VISITOR, &wait))?;
        }
        self.take(&self.visitors, &VISITORS, u32::try_from(messages).unwrap_or(u32::MAX))
    }

    /// Counts a call with a key.
    pub fn check_owner(&self) -> ApiResult<()> {
        self.take(&self.owner, &OWNER, 1)
    }

    /// Counts a call with a wrong key.
    pub fn check_failed_auth(&self) -> ApiResult<()> {
        self.take(&self.failed_auth, &FAILED_AUTH, 1)
    }

    /// Returns each limit, with the number of requests that it has refused since the object was
    /// started.
    pub fn usage(&self) -> Value {
        let limits = ALL.iter().zip(&self.refused).map(|(limit, refused)| {
            json!({
                "name": limit.name(),
                "quota": limit.capacity() as u32,
                "window_seconds": limit.window_s(),
                "refused": refused.get(),
            })
        });
        limits.collect()
    }

    fn take(&self, bucket: &RefCell<TokenBucket>, limit: &Quota, cost: u32) -> ApiResult<()> {
        match bucket.borrow_mut().take(limit, now_ms(), cost) {
            Ok(_) => Ok(()),
            Err(wait) => Err(self.refuse(limit, &wait)),
        }
    }

    fn refuse(&self, limit: &Quota, wait: &RetryAfter) -> Problem {
        let counters = ALL.iter().zip(&self.refused).filter(|(other, _)| *other == limit);
        counters.for_each(|(_, refused)| refused.update(|count| count.saturating_add(1)));
        Problem::too_many(wait.retry_after_seconds(), limit.policy_header(), wait.remaining.header(limit))
    }
}
