//! How much one site, and one visitor of it, may ask for.
//!
//! Three buckets are apart, so that a crowd of visitors cannot lock the owner out: visitors' messages, calls with a key, and
//! calls with a wrong one. Each visitor has a small bucket besides, under a digest of the address that changes with the day. All of
//! it is in memory only, and gone when the object rests.

use std::cell::RefCell;

use collector_core::rate_limit::{PerVisitorBuckets, Quota, RetryAfter, TokenBucket};

use super::Inner;
use super::asked::Asked;
use super::clock::now;
use crate::reply::{Outcome, Problem};

/// What visitors of one site may send: messages, a minute.
const VISITORS: Quota = Quota::new("visitors", 120_000, 60);
/// What one visitor may send: requests. A visit needs about five.
const VISITOR: Quota = Quota::new("visitor", 120, 60);
/// Calls with a key.
const OWNER: Quota = Quota::new("owner", 6_000, 60);
/// Calls with a wrong key: enough for a mistake in a program, too few to try keys.
const STRANGERS: Quota = Quota::new("strangers", 600, 60);

/// How many visitors are told apart at once.
const MOST_VISITORS: usize = 10_000;

/// The buckets of a site.
pub struct Limits {
    visitors: RefCell<TokenBucket>,
    each: RefCell<PerVisitorBuckets>,
    owner: RefCell<TokenBucket>,
    strangers: RefCell<TokenBucket>,
}

impl Default for Limits {
    fn default() -> Self {
        let full = |limit: &Quota| RefCell::new(TokenBucket::full(limit, now()));
        Self {
            visitors: full(&VISITORS),
            each: RefCell::new(PerVisitorBuckets::new(VISITOR, MOST_VISITORS)),
            owner: full(&OWNER),
            strangers: full(&STRANGERS),
        }
    }
}

impl Inner {
    /// Counts messages of a visitor.
    pub fn limit_visitor(&self, asked: &Asked, messages: usize) -> Outcome<()> {
        if let Some(visitor) = &asked.visitor {
            let mut each = self.limits.each.borrow_mut();
            each.take(*visitor, now(), 1).map_err(|wait| refused(&VISITOR, &wait))?;
        }
        take(&self.limits.visitors, &VISITORS, u32::try_from(messages).unwrap_or(u32::MAX))
    }

    /// Counts a call with a key.
    pub fn limit_owner(&self) -> Outcome<()> {
        take(&self.limits.owner, &OWNER, 1)
    }

    /// Counts a call with a wrong key.
    pub fn limit_strangers(&self) -> Outcome<()> {
        take(&self.limits.strangers, &STRANGERS, 1)
    }
}

fn take(bucket: &RefCell<TokenBucket>, limit: &Quota, cost: u32) -> Outcome<()> {
    match bucket.borrow_mut().take(limit, now(), cost) {
        Ok(_) => Ok(()),
        Err(wait) => Err(refused(limit, &wait)),
    }
}

fn refused(limit: &Quota, wait: &RetryAfter) -> Problem {
    Problem::too_many(wait.retry_after_seconds(), limit.policy_header(), wait.remaining.header(limit))
}
