//! `GET …/usage`: what the site costs, and where its tag was seen.

use serde_json::{Value, json};

use super::clock::iso;
use super::sightings::{self, SeenOrigin};
use super::state::SiteState;
use crate::http::{ApiResult, Response, response};

/// Returns the counters of the database, the origins whose pages requested the loader with the one
/// seen last in front, the number of invalid invitations, the origins whose messages were refused,
/// and the rate limits.
pub fn get(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let seen = sightings::read(site)?;
    let tag: Vec<Value> = seen
        .origins
        .iter()
        .map(|seen| described(seen, "loads", Some(settings.admits(&seen.origin))))
        .collect();
    let invalid = seen.invalid_invitations.as_ref();
    let invalid = json!({
        "count": invalid.map_or(0, |invalid| invalid.count),
        "last_at": invalid.map(|invalid| iso(invalid.last_ms)),
    });
    let refused: Vec<Value> = seen.refused().iter().map(|seen| described(seen, "messages", None)).collect();
    let mut usage = site.database.usage();
    if let Value::Object(usage) = &mut usage {
        usage.insert("tag".into(), tag.into());
        usage.insert("invalid_invitations".into(), invalid);
        usage.insert("refused_origins".into(), refused.into());
        usage.insert("limits".into(), site.limits.usage());
    }
    Ok(response::json(200, &usage))
}

/// Returns when an origin was seen, and how often under the name of what is counted. `is_listed`
/// says whether the site lists it, where that is asked.
fn described(seen: &SeenOrigin, counted: &str, is_listed: Option<bool>) -> Value {
    let seen_at = [("first_seen_at", seen.first_ms), ("last_seen_at", seen.last_ms)];
    let members = [("origin", seen.origin.as_str().into()), (counted, seen.loads.into())]
        .into_iter()
        .chain(seen_at.map(|(name, ms)| (name, iso(ms).into())))
        .chain(is_listed.map(|is_listed| ("listed", is_listed.into())));
    Value::Object(members.map(|(name, value): (&str, Value)| (name.to_owned(), value)).collect())
}
