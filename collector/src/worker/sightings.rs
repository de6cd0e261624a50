//! Origins whose pages requested the loader, and invitations that did not verify, counted in the
//! isolate's memory until the site's object is called for the settings.
//!
//! Only the origin of a page is kept, never its path or query.

use std::cell::RefCell;
use std::collections::BTreeMap;

use api::OriginPattern;
use collector_core::SiteId;
use worker::Date;

use super::context::RequestContext;
use crate::protocol::{LoaderRequests, Occurrences, ReadConfig};

/// The most sites of an isolate; beyond it all counts are dropped.
const MAX_SITES: usize = 1_000;
/// The most origins of a report; further ones are not counted.
const MAX_ORIGINS: usize = 20;
/// The longest origin that is counted, in bytes: a host has at most 253.
const MAX_ORIGIN: usize = 267;

/// Number of occurrences, and time of the last.
#[derive(Default)]
struct Tally {
    count: i64,
    last_ms: u64,
}

/// Counts of a site since its last report.
#[derive(Default)]
struct SiteCounts {
    loads: BTreeMap<String, Tally>,
    invalid_invitations: Tally,
}

thread_local! {
    static COUNTS: RefCell<BTreeMap<SiteId, SiteCounts>> = const { RefCell::new(BTreeMap::new()) };
}

impl Tally {
    fn increment(&mut self) {
        self.count += 1;
        self.last_ms = Date::now().as_millis();
    }

    fn into_occurrences(self) -> Occurrences {
        let age_ms = Date::now().as_millis().saturating_sub(self.last_ms);
        Occurrences { count: self.count, age_ms: i64::try_from(age_ms).unwrap_or(i64::MAX) }
    }
}

/// Counts a request for the loader by the origin in its header `Referer`, unless that is our own.
pub fn count_load(context: &RequestContext, site: &SiteId) {
    let origin = context.header("referer").and_then(|referer| origin_of(&referer));
    let Some(origin) = origin.filter(|origin| !context.is_same_origin(origin)) else { return };
    with_counts(site, |counts| {
        if counts.loads.len() < MAX_ORIGINS || counts.loads.contains_key(&origin) {
            counts.loads.entry(origin).or_default().increment();
        }
    });
}

/// Counts a request with an invitation that did not verify.
pub fn count_invalid_invitation(site: &SiteId) {
    with_counts(site, |counts| counts.invalid_invitations.increment());
}

/// Takes the counts of a site, for a report.
pub fn take(site: &SiteId) -> ReadConfig {
    let counts = COUNTS.with_borrow_mut(|all| all.remove(site)).unwrap_or_default();
    let loads = counts.loads.into_iter();
    let invalid = Some(counts.invalid_invitations).filter(|invalid| invalid.count > 0);
    ReadConfig {
        loads: loads
            .map(|(origin, tally)| LoaderRequests { origin, requests: tally.into_occurrences() })
            .collect(),
        invalid_invitations: invalid.map(Tally::into_occurrences),
    }
}

fn with_counts(site: &SiteId, count: impl FnOnce(&mut SiteCounts)) {
    COUNTS.with_borrow_mut(|all| {
        if all.len() >= MAX_SITES && !all.contains_key(site) {
            all.clear();
        }
        count(all.entry(site.clone()).or_default());
    });
}

/// Returns the origin of a URL in the form in which browsers send it.
fn origin_of(referer: &str) -> Option<String> {
    let (scheme, rest) = referer.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let origin = format!("{scheme}://{authority}");
    if origin.len() > MAX_ORIGIN || origin.contains('*') {
        return None;
    }
    OriginPattern::parse(&origin).ok().map(|origin| origin.to_string())
}
