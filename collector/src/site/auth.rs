//! Authentication and authorization by API key.

use api::Role;

use super::clock::now_ms;
use super::state::SiteState;
use crate::http::{ApiResult, Problem};
use crate::protocol::KeyDigest;
use crate::route::Access;

/// Interval at which the last use of a key is stored at most, so that reading does not write each
/// time.
const LAST_USE_INTERVAL_MS: i64 = 3_600_000;

/// A key as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct KnownKey {
    role: Role,
    /// Time of its last use that was stored; 0 for none.
    used_ms: i64,
    /// Time from which it is wrong; 0 for never.
    expires_ms: i64,
}

/// Checks the access that an endpoint demands. Returns the role of the caller's key where a key is
/// needed.
pub fn authorize(site: &SiteState, access: Access, key: Option<&KeyDigest>) -> ApiResult<Option<Role>> {
    match access {
        Access::Public => Ok(None),
        // The Worker checks the admin token, which no object has to do with.
        Access::Admin => Err(Problem::forbidden()),
        Access::Key(needed) | Access::KeyOrAdmin(needed) => {
            let role = authenticate(site, key)?;
            if role.covers(needed) { Ok(Some(role)) } else { Err(Problem::forbidden()) }
        }
    }
}

/// Returns the role of a key, within the rate limits of this key and of wrong keys.
fn authenticate(site: &SiteState, key: Option<&KeyDigest>) -> ApiResult<Role> {
    match find_role(site, key) {
        Ok((digest, role)) => {
            site.limits.check_key(digest, role)?;
            Ok(role)
        }
        Err(problem) => {
            site.limits.check_failed_auth()?;
            Err(problem)
        }
    }
}

/// Looks up the role of a key. A key of another site is a wrong key: it is not in this database.
fn find_role<'a>(site: &SiteState, key: Option<&'a KeyDigest>) -> ApiResult<(&'a KeyDigest, Role)> {
    let digest = key.ok_or_else(Problem::unauthorized)?;
    let now_ms = now_ms();
    let known = site.known_keys.get(&site.database, digest);
    let mut key = known.map_or_else(|| read_key(site, digest), Ok)?;
    if key.expires_ms != 0 && key.expires_ms <= now_ms {
        return Err(Problem::unauthorized());
    }
    if now_ms - key.used_ms >= LAST_USE_INTERVAL_MS {
        let update = "UPDATE key SET used = ? WHERE digest = ?";
        site.database.run(update, vec![now_ms.into(), digest.as_str().into()])?;
        key.used_ms = now_ms;
        site.known_keys.put(&site.database, digest, key);
    } else if known.is_none() {
        site.known_keys.put(&site.database, digest, key);
    }
    Ok((digest, key.role))
}

fn read_key(site: &SiteState, digest: &str) -> ApiResult<KnownKey> {
    let query = "SELECT json_array(role, ifnull(used, 0), ifnull(expires, 0)) FROM key WHERE digest = ?";
    let found = site.database.text(query, vec![digest.into()])?.ok_or_else(Problem::unauthorized)?;
    let (role, used_ms, expires_ms): (String, i64, i64) =
        serde_json::from_str(&found).map_err(Problem::internal)?;
    let role = Role::parse(&role).ok_or_else(Problem::unauthorized)?;
    Ok(KnownKey { role, used_ms, expires_ms })
}
