//! Authorization by the admin token.
//!
//! Wrong tokens are limited for each client address, in the memory of the isolate: on one box there
//! is one isolate, on Cloudflare each has its own count. An address beyond the limit is refused
//! even with the right token, since its next guess could be right.

use std::cell::RefCell;

use collector_core::SiteId;
use collector_core::api_key::AdminTokens;
use collector_core::rate_limit::{AddressKey, PerAddressWindows, Quota, RetryAfter};

use super::context::RequestContext;
use crate::environment::{secret, variable};
use crate::http::{ApiResult, Problem};
use crate::site::clock::now_ms;

const VARIABLE: &str = "GRAPEVINE_ADMIN_TOKEN";
/// Wrong tokens of a client address.
const WRONG_TOKENS: Quota = Quota::new("admin", 30, 60);
/// The most addresses that are counted.
const MAX_ADDRESSES: usize = 1_000;
/// Beginning of every key of a site.
const KEY_PREFIX: &str = "grapevine_";

thread_local! {
    static ATTEMPTS: RefCell<PerAddressWindows> =
        RefCell::new(PerAddressWindows::new(WRONG_TOKENS, MAX_ADDRESSES));
}

/// Returns the configured tokens; 503 where there is none or one is too short.
pub fn tokens(context: &RequestContext) -> ApiResult<AdminTokens> {
    let configured = variable(&context.env, VARIABLE).unwrap_or_default();
    AdminTokens::parse(&configured).ok_or_else(|| {
        Problem::unconfigured(VARIABLE, &format!(" to at least {} random characters", AdminTokens::MIN))
    })
}

/// Refuses a request without the admin token.
pub fn authorize(context: &RequestContext) -> ApiResult<()> {
    secret(&context.env)?;
    let tokens = tokens(context)?;
    let shown = context.bearer().ok_or_else(Problem::not_admin)?;
    let address = address(context)?;
    ATTEMPTS.with_borrow_mut(|attempts| {
        attempts.check(address, now_ms()).map_err(too_many)?;
        if tokens.contains(&shown) {
            return Ok(());
        }
        attempts.take(address, now_ms(), 1).map_err(too_many)?;
        Err(Problem::not_admin())
    })
}

/// Whether the request has the admin token, where a key of the site would do as well. What looks
/// like a key is left to the site.
pub fn is_admin(context: &RequestContext) -> ApiResult<bool> {
    match context.bearer() {
        Some(shown) if !shown.starts_with(KEY_PREFIX) => authorize(context).map(|()| true),
        _ => Ok(false),
    }
}

/// Returns the digest of the client's address. It is that of an id that no site has: the token is
/// of the collector as a whole.
fn address(context: &RequestContext) -> ApiResult<AddressKey> {
    let collector = SiteId::issue([0; 8], &secret(&context.env)?);
    Ok(context.visitor(&collector)?.map_or_else(AddressKey::default, |visitor| visitor.0))
}

fn too_many(wait: RetryAfter) -> Problem {
    let state = wait.remaining.header(&WRONG_TOKENS);
    Problem::too_many(wait.retry_after_seconds(), WRONG_TOKENS.policy_header(), state)
}
