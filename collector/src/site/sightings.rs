//! Origins whose pages requested the loader, and invitations that did not verify.
//!
//! Isolates report both when they read the settings (see [`ReadConfig`]), about once a minute. A
//! report is merged in memory and stored as one value: at once where it has an origin that is not
//! stored yet, or else an hour after what is stored. So a tag on one origin costs one row an hour,
//! and what is lost with the object's memory is the count of an hour at most.

use super::clock::now_ms;
use super::meta;
use super::state::SiteState;
use crate::http::ApiResult;
use crate::json_object::{from_json, json_object, to_json};
use crate::protocol::{LoaderRequests, Occurrences, ReadConfig};

/// The most origins of a site. The one that was seen longest ago makes room for a new one.
const MAX_ORIGINS: usize = 20;
/// Age of a stored time after which a later one is stored.
const STORED_FOR_MS: i64 = 60 * 60 * 1_000;

json_object! {
    /// Origins whose pages requested the loader, and invitations that did not verify.
    Sightings {
        /// The one that was seen last comes first.
        origins: Vec<SeenOrigin>,
        invalid_invitations: Option<InvalidInvitations>,
    }
}

json_object! {
    /// Origin whose pages requested the loader.
    SeenOrigin {
        origin: String,
        /// Requests that reached the collector.
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
    const NONE: Self = Self { origins: Vec::new(), invalid_invitations: None };

    /// Adds a report of an isolate.
    fn add(&mut self, report: ReadConfig, now_ms: i64) {
        for LoaderRequests { origin, requests } in report.loads {
            let at_ms = now_ms.saturating_sub(requests.age_ms);
            let mut seen = match self.origins.iter().position(|seen| seen.origin == origin) {
                Some(position) => self.origins.remove(position),
                None => SeenOrigin { origin, loads: 0, first_ms: at_ms, last_ms: at_ms },
            };
            seen.loads = seen.loads.saturating_add(requests.count);
            seen.last_ms = seen.last_ms.max(at_ms);
            let position = self.origins.iter().position(|other| other.last_ms <= seen.last_ms);
            self.origins.insert(position.unwrap_or(self.origins.len()), seen);
        }
        self.origins.truncate(MAX_ORIGINS);
        if let Some(Occurrences { count, age_ms }) = report.invalid_invitations {
            let last_ms = now_ms.saturating_sub(age_ms);
            let before = self.invalid_invitations.take().unwrap_or(InvalidInvitations { count: 0, last_ms });
            self.invalid_invitations = Some(InvalidInvitations {
                count: before.count.saturating_add(count),
                last_ms: before.last_ms.max(last_ms),
            });
        }
    }

    /// Returns the time at which an origin was last seen. Where there was no room for one, the
    /// times of the others stand for it: or else a site of many origins would store each of them
    /// anew.
    fn last_seen_ms(&self, origin: &str) -> Option<i64> {
        let exact = self.origins.iter().find(|seen| seen.origin == origin);
        let latest = self.origins.first().filter(|_| self.origins.len() >= MAX_ORIGINS);
        exact.or(latest).map(|seen| seen.last_ms)
    }
}

impl KnownSightings {
    /// Whether the current sightings say something that is worth a row.
    fn should_store(&self) -> bool {
        let is_new = |stored_ms: Option<i64>, last_ms: i64| {
            stored_ms.is_none_or(|stored_ms| last_ms.saturating_sub(stored_ms) >= STORED_FOR_MS)
        };
        let invalid_ms = |seen: &Sightings| seen.invalid_invitations.as_ref().map(|it| it.last_ms);
        let mut origins = self.current.origins.iter();
        origins.any(|seen| is_new(self.stored.last_seen_ms(&seen.origin), seen.last_ms))
            || invalid_ms(&self.current).is_some_and(|last_ms| is_new(invalid_ms(&self.stored), last_ms))
    }
}

/// Adds a report of an isolate. A failure is only logged, since the settings must not fail with it.
pub fn add(site: &SiteState, report: ReadConfig) {
    if report.loads.is_empty() && report.invalid_invitations.is_none() {
        return;
    }
    // Making the problem has logged it.
    let _logged = try_add(site, report);
}

fn try_add(site: &SiteState, report: ReadConfig) -> ApiResult<()> {
    let mut known = take(site)?;
    known.current.add(report, now_ms());
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
