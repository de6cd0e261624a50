//! Origins whose pages requested the loader, and invitations that did not verify, counted in the
//! isolate's memory until the site's object is called for the settings.
//!
//! Only the origin of a page is kept, never its path or query.

use std::cell::RefCell;

use api::OriginPattern;
use collector_core::SiteId;
use worker::Date;

use super::context::RequestContext;
use crate::protocol::{LoaderRequests, Occurrences, ReadConfig};

/// The most sites of an isolate; beyond it all counts are dropped.
const MAX_SITES: usize = 200;
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
struct SiteCounts {
    site: SiteId,
    loads: Vec<(String, Tally)>,
    invalid_invitations: Tally,
}

thread_local! {
    /// Mostly a few sites and few origins each, so these are lists and not maps.
    static COUNTS: RefCell<Vec<SiteCounts>> = const { RefCell::new(Vec::new()) };
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
    with_counts(site, &mut |counts| {
        let has_room = counts.loads.len() < MAX_ORIGINS;
        match counts.loads.iter_mut().find(|(known, _)| *known == origin) {
            Some((_, tally)) => tally.increment(),
            None if has_room => {
                let mut tally = Tally::default();
                tally.increment();
                counts.loads.push((origin.clone(), tally));
            }
            None => {}
        }
    });
}

/// Counts a request with an invitation that did not verify.
pub fn count_invalid_invitation(site: &SiteId) {
    with_counts(site, &mut |counts| counts.invalid_invitations.increment());
}

/// Takes the counts of a site, for a report.
pub fn take(site: &SiteId) -> ReadConfig {
    let counts = COUNTS.with_borrow_mut(|all| {
        let position = all.iter().position(|counts| counts.site == *site)?;
        Some(all.swap_remove(position))
    });
    let Some(SiteCounts { loads, invalid_invitations, .. }) = counts else {
        return ReadConfig { loads: Vec::new(), invalid_invitations: None };
    };
    let invalid = Some(invalid_invitations).filter(|invalid| invalid.count > 0);
    ReadConfig {
        loads: loads
            .into_iter()
            .map(|(origin, tally)| LoaderRequests { origin, requests: tally.into_occurrences() })
            .collect(),
        invalid_invitations: invalid.map(Tally::into_occurrences),
    }
}

fn with_counts(site: &SiteId, count: &mut dyn FnMut(&mut SiteCounts)) {
    COUNTS.with_borrow_mut(|all| {
        if let Some(counts) = all.iter_mut().find(|counts| counts.site == *site) {
            return count(counts);
        }
        if all.len() >= MAX_SITES {
            all.clear();
        }
        let mut counts =
            SiteCounts { site: site.clone(), loads: Vec::new(), invalid_invitations: Tally::default() };
        count(&mut counts);
        all.push(counts);
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
