//! Origins whose pages requested the loader, invitations that did not verify, and origins whose
//! messages were refused.
//!
//! Isolates report the first two when they read the settings (see [`ReadConfig`]), about once a
//! minute. A report is merged in memory and stored as one value: at once where it has an origin
//! that is not stored yet, or else an hour after what is stored. So a tag on one origin costs one
//! row an hour, and what is lost with the object's memory is the count of an hour at most.

use api::OriginPattern;

use super::clock::now_ms;
use super::meta;
use super::state::SiteState;
use crate::http::ApiResult;
use crate::json_object::{from_json, json_object, to_json};
use crate::protocol::{LoaderRequests, Occurrences, ReadConfig};

/// The most origins of a site. The one that was seen longest ago makes room for a new one.
const MAX_ORIGINS: usize = 20;
/// The longest origin that is counted, in bytes: a host has at most 253.
const MAX_ORIGIN: usize = 267;
/// Origin of a page that has none, for example in a sandboxed frame.
const OPAQUE: &str = "null";
/// Age of a stored time after which a later one is stored.
const STORED_FOR_MS: i64 = 60 * 60 * 1_000;

json_object! {
    /// Origins whose pages requested the loader, and invitations that did not verify.
    Sightings {
        /// The one that was seen last comes first.
        origins: Vec<SeenOrigin>,
        invalid_invitations: Option<InvalidInvitations>,
        /// Origins whose messages were refused, the one that was seen last first. What was stored
        /// by an earlier version has none.
        refused: Option<Vec<SeenOrigin>>,
    }
}

json_object! {
    /// Origin whose pages requested the loader, or sent messages that were refused.
    SeenOrigin {
        origin: String,
        /// Requests for the loader that reached the collector, or messages.
        loads: i64,
        first_ms: i64,
        last_ms: i64,
    }
}

json_object! {
    /// Requests with an invitation that did not verify.
    InvalidInvitations {
        count: i64,
        last_ms: i64,
    }
}

/// Sightings in the object's memory, and as they were last stored.
pub struct KnownSightings {
    current: Sightings,
    stored: Sightings,
}

impl Sightings {
    const NONE: Self = Self { origins: Vec::new(), invalid_invitations: None, refused: None };

    /// Adds a report of an isolate.
    fn add(&mut self, report: ReadConfig, now_ms: i64) {
        for LoaderRequests { origin, requests } in report.loads {
            let at_ms = now_ms.saturating_sub(requests.age_ms);
            add_to(&mut self.origins, origin, requests.count, at_ms);
        }
        if let Some(Occurrences { count, age_ms }) = report.invalid_invitations {
            let last_ms = now_ms.saturating_sub(age_ms);
            let before = self.invalid_invitations.take().unwrap_or(InvalidInvitations { count: 0, last_ms });
            self.invalid_invitations = Some(InvalidInvitations {
                count: before.count.saturating_add(count),
                last_ms: before.last_ms.max(last_ms),
            });
        }
    }

    /// Returns the origins whose messages were refused.
    pub fn refused(&self) -> &[SeenOrigin] {
        self.refused.as_deref().unwrap_or_default()
    }
}

/// Counts requests of an origin.
fn add_to(origins: &mut Vec<SeenOrigin>, origin: String, count: i64, at_ms: i64) {
    let mut seen = match origins.iter().position(|seen| seen.origin == origin) {
        Some(position) => origins.remove(position),
        None => SeenOrigin { origin, loads: 0, first_ms: at_ms, last_ms: at_ms },
    };
    seen.loads = seen.loads.saturating_add(count);
    seen.last_ms = seen.last_ms.max(at_ms);
    let position = origins.iter().position(|other| other.last_ms <= seen.last_ms);
    origins.insert(position.unwrap_or(origins.len()), seen);
    origins.truncate(MAX_ORIGINS);
}

/// Returns the time at which an origin was last seen. Where there was no room for one, the times of
/// the others stand for it: or else a site of many origins would store each of them anew.
fn last_seen_ms(origins: &[SeenOrigin], origin: &str) -> Option<i64> {
    let exact = origins.iter().find(|seen| seen.origin == origin);
    let latest = origins.first().filter(|_| origins.len() >= MAX_ORIGINS);
    exact.or(latest).map(|seen| seen.last_ms)
}

impl KnownSightings {
    /// Whether the current sightings say something that is worth a row.
    fn should_store(&self) -> bool {
        let is_new = |stored_ms: Option<i64>, last_ms: i64| {
            stored_ms.is_none_or(|stored_ms| last_ms.saturating_sub(stored_ms) >= STORED_FOR_MS)
        };
        let invalid_ms = |seen: &Sightings| seen.invalid_invitations.as_ref().map(|it| it.last_ms);
        let has_new = |current: &[SeenOrigin], stored: &[SeenOrigin]| {
            current.iter().any(|seen| is_new(last_seen_ms(stored, &seen.origin), seen.last_ms))
        };
        has_new(&self.current.origins, &self.stored.origins)
            || has_new(self.current.refused(), self.stored.refused())
            || invalid_ms(&self.current).is_some_and(|last_ms| is_new(invalid_ms(&self.stored), last_ms))
    }
}

/// Adds a report of an isolate. A failure is only logged, since the settings must not fail with it.
pub fn add(site: &SiteState, report: ReadConfig) {
    if report.loads.is_empty() && report.invalid_invitations.is_none() {
        return;
    }
    // Making the problem has logged it.
    let _logged = change(site, &mut |current| current.add(report.clone(), now_ms()));
}

/// Counts messages from a page whose origin is refused. What is no origin is not counted.
pub fn count_refused(site: &SiteState, origin: &str, messages: i64) {
    let origin = match OriginPattern::parse(origin) {
        Ok(pattern) if origin.len() <= MAX_ORIGIN && !origin.contains('*') => pattern.to_string(),
        _ if origin == OPAQUE => OPAQUE.to_owned(),
        _ => return,
    };
    let _logged = change(site, &mut |current| {
        add_to(current.refused.get_or_insert_default(), origin.clone(), messages, now_ms());
    });
}

fn change(site: &SiteState, change: &mut dyn FnMut(&mut Sightings)) -> ApiResult<()> {
    let mut known = take(site)?;
    change(&mut known.current);
    if known.should_store() {
        meta::set(&site.database, meta::SIGHTINGS, &to_json(&known.current))?;
        known.stored = known.current.clone();
    }
    site.sightings.replace(Some(known));
    Ok(())
}

/// Returns the current sightings.
pub fn read(site: &SiteState) -> ApiResult<Sightings> {
    let known = take(site)?;
    let current = known.current.clone();
    site.sightings.replace(Some(known));
    Ok(current)
}

/// Takes the sightings from memory, or reads those that are stored.
fn take(site: &SiteState) -> ApiResult<KnownSightings> {
    if let Some(known) = site.sightings.take() {
        return Ok(known);
    }
    let stored = match meta::get(&site.database, meta::SIGHTINGS)? {
        Some(stored) => from_json(&stored)?,
        None => Sightings::NONE,
    };
    Ok(KnownSightings { current: stored.clone(), stored })
}
