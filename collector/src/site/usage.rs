//! `GET …/usage`: what the site costs, and where its tag was seen.

use serde_json::{Value, json};
use worker::Response;

use super::clock::iso;
use super::sightings;
use super::state::SiteState;
use crate::http::{ApiResult, response};

/// Returns the counters of the database, the origins whose pages requested the loader with the one
/// seen last in front, the number of invalid invitations, the origins whose messages were refused,
/// and the rate limits.
pub fn get(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let seen = sightings::read(site)?;
    let tag: Vec<Value> = seen
        .origins
        .iter()
        .map(|seen| {
            json!({
                "origin": seen.origin,
                "first_seen_at": iso(seen.first_ms),
                "last_seen_at": iso(seen.last_ms),
                "loads": seen.loads,
                "listed": settings.admits(&seen.origin),
            })
        })
        .collect();
    let invalid = seen.invalid_invitations.as_ref();
    let invalid = json!({
        "count": invalid.map_or(0, |invalid| invalid.count),
        "last_at": invalid.map(|invalid| iso(invalid.last_ms)),
    });
    let refused: Vec<Value> = seen
        .refused()
        .iter()
        .map(|seen| {
            json!({
                "origin": seen.origin,
                "first_seen_at": iso(seen.first_ms),
                "last_seen_at": iso(seen.last_ms),
                "messages": seen.loads,
            })
        })
        .collect();
    let mut usage = site.database.usage();
    if let Value::Object(usage) = &mut usage {
        usage.insert("tag".into(), tag.into());
        usage.insert("invalid_invitations".into(), invalid);
        usage.insert("refused_origins".into(), refused.into());
        usage.insert("limits".into(), site.limits.usage());
    }
    response::json(200, &usage)
}
