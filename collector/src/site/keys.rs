//! API keys of the site.

use api::Role;
use api::{Day, ValidationError};
use collector_core::api_key::{key_digest, new_key};
use serde_json::{Map, Value};

use super::clock::{DAY_MS, iso_sql, now_ms};
use super::fields::{known_fields, optional_line};
use super::request::ApiRequest;
use super::state::SiteState;
use crate::environment::random;
use crate::http::{ApiResult, Problem, Response, response};

/// The most keys of a site.
const MAX_KEYS: u64 = 100;
/// The longest name of a key, in characters.
const MAX_NAME: usize = 100;

/// Key to create.
struct NewKey {
    role: Role,
    name: Option<String>,
    expires_ms: Option<i64>,
}

/// SQL of a key as the owner sees it; its first parameter is the digest of the calling key. The id
/// of a key is the beginning of its digest.
fn key_json() -> String {
    format!(
        "json_object('id', substr(digest, 1, 12), 'role', role, 'name', name, 'created_at', {}, \
            'last_used_at', {}, 'expires_at', {}, \
            'current', json(iif(digest = ?, 'true', 'false')))",
        iso_sql("created"),
        iso_sql("used"),
        iso_sql("expires")
    )
}

/// `GET …/keys`
pub fn list(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let query = format!(
        "SELECT json_object('keys', json_group_array(json(key))) FROM (SELECT {} AS key FROM key \
            ORDER BY created, digest)",
        key_json()
    );
    site.database.json_response(200, &query, vec![request.call.key.clone().into()])
}

/// `GET …/keys/current`: the role of the calling key, and when it expires. A share link is for
/// strangers, so the owner's name of the key is left out.
pub fn current(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let expires_at = iso_sql("expires");
    let query =
        format!("SELECT json_object('role', role, 'expires_at', {expires_at}) FROM key WHERE digest = ?");
    site.database.json_response(200, &query, vec![request.call.key.clone().into()])
}

/// `POST …/keys`: creates a key and shows it, this once.
pub fn create(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let new = NewKey::read(&request.json()?, now_ms())?;
    // The operator's key opens a site whose keys are lost, so there is always room for it.
    let count = site.database.count("SELECT json_array(count(*)) FROM key", vec![])?;
    if count >= MAX_KEYS && !request.call.is_admin {
        let detail = format!("A site has at most {MAX_KEYS} keys. Revoke an unused key first.");
        return Err(Problem::conflict(detail));
    }
    let key = new_key(new.role, &random()?);
    let digest = key_digest(&key);
    site.database.run(
        "INSERT INTO key (digest, role, name, created, expires) VALUES (?, ?, ?, ?, ?)",
        vec![
            digest.as_str().into(),
            new.role.as_str().into(),
            new.name.into(),
            now_ms().into(),
            new.expires_ms.into(),
        ],
    )?;
    request.set_created(digest.get(..12).unwrap_or(&digest));
    let query = format!("SELECT json_set({}, '$.key', ?) FROM key WHERE digest = ?", key_json());
    let values = vec![request.call.key.clone().into(), key.into(), digest.into()];
    site.database.json_response(201, &query, values)
}

/// `DELETE …/keys/ID`: revokes a key, at once and for good.
pub fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    // A key that expires by itself does not keep a site manageable.
    let query = "SELECT json_array(role = 'owner' AND expires IS NULL \
            AND (SELECT count(*) FROM key WHERE role = 'owner' AND expires IS NULL) = 1) \
        FROM key WHERE substr(digest, 1, 12) = ?";
    let found = site.database.text(query, vec![id.into()])?;
    if found.ok_or_else(|| Problem::not_found("key with this id"))? == "[1]" {
        let detail = "This is the last owner key that does not expire. Create another one first.";
        return Err(Problem::conflict(detail));
    }
    site.database.run("DELETE FROM key WHERE substr(digest, 1, 12) = ?", vec![id.into()])?;
    Ok(response::empty(204))
}

impl NewKey {
    fn read(given: &Value, now_ms: i64) -> Result<Self, ValidationError> {
        let example = r#"{"role": "read", "name": "Dashboard"}"#;
        let fields = known_fields(given, &["role", "name", "expires"], example)?;
        let role = fields.get("role").and_then(Value::as_str).and_then(Role::parse);
        let role =
            role.ok_or_else(|| ValidationError::new("/role", "`role` must be one of: owner, read, share."))?;
        let name = optional_line(fields, "name", MAX_NAME)?;
        Ok(Self { role, name, expires_ms: expires_ms(fields, now_ms)? })
    }
}

/// Reads the last day of a key, in UTC, as the instant at which the key expires.
fn expires_ms(fields: &Map<String, Value>, now_ms: i64) -> Result<Option<i64>, ValidationError> {
    match fields.get("expires") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(Day::parse)
            .map(|day| (i64::from(day.number()) + 1) * DAY_MS)
            .filter(|expires| *expires > now_ms)
            .map(Some)
            .ok_or_else(|| {
                ValidationError::new(
                    "/expires",
                    "`expires` must be the last day of the key as YYYY-MM-DD, today or later.",
                )
            }),
    }
}
