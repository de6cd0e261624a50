//! Rate limits of a site, of each address and of each key.
//!
//! Messages of visitors, calls with a wrong key and calls with each key are counted apart, so that
//! a crowd of visitors or the readers of a shared link cannot lock the owner out. Each address has
//! a quota besides, under a digest that changes daily: for messages, and apart from them for the
//! question whether a user is due. All of it is in memory only, and gone when the object is
//! evicted.

use std::cell::{Cell, RefCell};

use api::Role;
use collector_core::rate_limit::{PerAddressWindows, Quota, RetryAfter, TokenBucket};
use serde_json::{Value, json};

use super::clock::now_ms;
use crate::http::{ApiResult, Problem};
use crate::protocol::{KeyDigest, VisitorKey};

/// Messages of all visitors, per minute.
const VISITORS: Quota = Quota::new("visitors", 120_000, 60);
/// Messages of one address, per minute. A lecture hall of 400 people who send two messages each may
/// be behind one address.
const ADDRESS: Quota = Quota::new("address", 2_000, 60);
/// Calls with each key, per minute.
const KEY: Quota = Quota::new("key", 6_000, 60);
/// Calls with each share key, per minute. Its link may be public.
const SHARE_KEY: Quota = Quota::new("share", 1_200, 60);
/// Calls with a wrong key: enough for a mistake in a program, too few to guess keys.
const FAILED_AUTH: Quota = Quota::new("strangers", 600, 60);

/// Every limit of a site.
const ALL: [Quota; 5] = [VISITORS, ADDRESS, KEY, SHARE_KEY, FAILED_AUTH];

/// The most addresses with a window each.
const MAX_ADDRESSES: usize = 10_000;
/// The most keys that are kept in memory, above the number of keys that a site may have at a time.
pub const MAX_KEYS: usize = 200;

/// Limits of a site.
pub struct RateLimits {
    visitors: RefCell<TokenBucket>,
    messages: RefCell<PerAddressWindows>,
    eligibility_checks: RefCell<PerAddressWindows>,
    keys: RefCell<Vec<(KeyDigest, TokenBucket)>>,
    failed_auth: RefCell<TokenBucket>,
    /// Requests that each limit has refused, in the order of [`ALL`].
    refused: [Cell<u32>; ALL.len()],
}

impl Default for RateLimits {
    fn default() -> Self {
        let full = |limit: &Quota| RefCell::new(TokenBucket::full(limit, now_ms()));
        let per_address = || RefCell::new(PerAddressWindows::new(ADDRESS, MAX_ADDRESSES));
        Self {
            visitors: full(&VISITORS),
            messages: per_address(),
            eligibility_checks: per_address(),
            keys: RefCell::default(),
            failed_auth: full(&FAILED_AUTH),
            refused: Default::default(),
        }
    }
}

impl RateLimits {
    /// Counts messages of a visitor.
    pub fn check_messages(&self, visitor: Option<VisitorKey>, count: u64) -> ApiResult<()> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.check_address(&self.messages, visitor, count)?;
        self.take(&self.visitors, &VISITORS, count)
    }

    /// Counts the question whether a user is due.
    pub fn check_eligibility(&self, visitor: Option<VisitorKey>) -> ApiResult<()> {
        self.check_address(&self.eligibility_checks, visitor, 1)?;
        self.take(&self.visitors, &VISITORS, 1)
    }

    /// Counts a call with a key of the site.
    pub fn check_key(&self, key: &KeyDigest, role: Role) -> ApiResult<()> {
        let limit = if role == Role::Share { &SHARE_KEY } else { &KEY };
        let (mut keys, now_ms) = (self.keys.borrow_mut(), now_ms());
        let known = keys.iter().position(|(known, _)| known == key);
        if known.is_none() {
            if keys.len() >= MAX_KEYS {
                keys.clear();
            }
            keys.push((key.clone(), TokenBucket::full(limit, now_ms)));
        }
        let place = known.unwrap_or(keys.len() - 1);
        let Some((_, bucket)) = keys.get_mut(place) else { return Ok(()) };
        bucket.take(limit, now_ms, 1).map(drop).map_err(|wait| self.refuse(limit, &wait))
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

    fn check_address(
        &self,
        windows: &RefCell<PerAddressWindows>,
        visitor: Option<VisitorKey>,
        cost: u32,
    ) -> ApiResult<()> {
        let Some(VisitorKey(key)) = visitor else { return Ok(()) };
        let taken = windows.borrow_mut().take(key, now_ms(), cost);
        taken.map(drop).map_err(|wait| self.refuse(&ADDRESS, &wait))
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
