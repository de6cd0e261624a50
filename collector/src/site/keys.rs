//! The site's keys: who may do what, and since when.

use api::validation::pointer;
use api::{Day, ValidationError};
use collector_core::Role;
use serde_json::{Map, Value};
use worker::Response;

use super::Inner;
use super::asked::Asked;
use super::clock::{iso_of, now};
use crate::random;
use crate::reply::{self, Outcome, Problem};

/// How many keys a site may have.
const MAX_KEYS: u64 = 100;
/// A key's last use is noted this often at most, so that reading does not write each time.
const USED_MS: i64 = 3_600_000;
/// A key as the owner sees it; the first value is the digest of the key that asks. Its id is the beginning of its digest.
fn shown() -> String {
    format!(
        "json_object('id', substr(digest, 1, 12), 'role', role, 'name', name, 'created_at', {}, 'last_used_at', {}, 'expires_at', {},
            'current', json(iif(digest = ?, 'true', 'false')))",
        iso_of("created"),
        iso_of("used"),
        iso_of("expires")
    )
}

impl Inner {
    /// The role of the key that was shown. A key of another site is a wrong key: it is not in this database.
    pub fn role(&self, asked: &Asked) -> Outcome<Role> {
        let digest = asked.key.as_deref().ok_or_else(Problem::unauthorized)?;
        let query = "SELECT json_array(role, ifnull(used, 0), ifnull(expires, 0)) FROM key WHERE digest = ?";
        let found = self.database.text(query, vec![digest.into()])?.ok_or_else(Problem::unauthorized)?;
        let (role, used, expires): (String, i64, i64) =
            serde_json::from_str(&found).map_err(Problem::internal)?;
        let now = now();
        if expires != 0 && expires <= now {
            return Err(Problem::unauthorized());
        }
        if now - used >= USED_MS {
            let note = "UPDATE key SET used = ? WHERE digest = ?";
            self.database.run(note, vec![now.into(), digest.into()])?;
        }
        Role::parse(&role).ok_or_else(Problem::unauthorized)
    }

    pub fn list_keys(&self, asked: &Asked) -> Outcome<Response> {
        let query = format!(
            "SELECT json_object('keys', json_group_array(json(key))) FROM (SELECT {} AS key FROM key ORDER BY created, digest)",
            shown()
        );
        self.database.answer(200, &query, vec![asked.key.clone().into()])
    }

    /// Makes a key and shows it, this once.
    pub fn create_key(&self, asked: &Asked) -> Outcome<Response> {
        let wish = Wish::read(&asked.json()?, now())?;
        if self.database.number("SELECT json_array(count(*)) FROM key", vec![])? >= MAX_KEYS {
            return Err(Problem::conflict(format!(
                "A site has at most {MAX_KEYS} keys. Revoke one that is not used."
            )));
        }
        let key = collector_core::api_key::new_key(wish.role, &random()?);
        let digest = collector_core::api_key::key_digest(&key);
        self.database.run(
            "INSERT INTO key (digest, role, name, created, expires) VALUES (?, ?, ?, ?, ?)",
            vec![
                digest.as_str().into(),
                wish.role.as_str().into(),
                wish.name.into(),
                now().into(),
                wish.expires.into(),
            ],
        )?;
        let query = format!("SELECT json_set({}, '$.key', ?) FROM key WHERE digest = ?", shown());
        self.database.answer(201, &query, vec![asked.key.clone().into(), key.into(), digest.into()])
    }

    /// Takes a key's power away, at once and for good.
    pub fn revoke_key(&self, id: &str) -> Outcome<Response> {
        // A key that ends by itself is none to rely on.
        let query = "SELECT json_array(role = 'owner' AND expires IS NULL
                AND (SELECT count(*) FROM key WHERE role = 'owner' AND expires IS NULL) = 1)
            FROM key WHERE substr(digest, 1, 12) = ?";
        let found = self.database.text(query, vec![id.into()])?;
        if found.ok_or_else(|| Problem::not_found("key of this id"))? == "[1]" {
            let detail = "This is the last owner key that does not expire. Create another one first, or nobody could manage the site.";
            return Err(Problem::conflict(detail));
        }
        self.database.run("DELETE FROM key WHERE substr(digest, 1, 12) = ?", vec![id.into()])?;
        reply::empty(204)
    }
}

/// A key that somebody wishes for.
struct Wish {
    role: Role,
    name: Option<String>,
    expires: Option<i64>,
}

impl Wish {
    fn read(given: &Value, now: i64) -> Result<Self, ValidationError> {
        let Value::Object(fields) = given else {
            return Err(ValidationError::new(
                "",
                "Must be an object, for example {\"role\": \"read\", \"name\": \"Dashboard\"}.",
            ));
        };
        if let Some(unknown) =
            fields.keys().find(|name| !["role", "name", "expires"].contains(&name.as_str()))
        {
            let detail = "There is no field of this name. The fields are role, name, expires.";
            return Err(ValidationError::new(pointer("", unknown), detail));
        }
        let role = fields.get("role").and_then(Value::as_str).and_then(Role::parse);
        let role = role.ok_or_else(|| ValidationError::new("/role", "Must be owner, read or share."))?;
        Ok(Self { role, name: short(fields, "name", 100)?, expires: expires(fields, now)? })
    }
}

/// The last day of a key, in UTC, as the instant at which it ends.
fn expires(fields: &Map<String, Value>, now: i64) -> Result<Option<i64>, ValidationError> {
    match fields.get("expires") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(Day::parse)
            .map(|day| (i64::from(day.number()) + 1) * 86_400_000)
            .filter(|at| *at > now)
            .map(Some)
            .ok_or_else(|| {
                ValidationError::new("/expires", "Must be the key's last day as YYYY-MM-DD, today or later.")
            }),
    }
}

/// Text of at most so many characters, of one line; `None` where it is absent or empty.
pub fn short(fields: &Map<String, Value>, name: &str, max: usize) -> Result<Option<String>, ValidationError> {
    let wrong = || {
        ValidationError::new(
            pointer("", name),
            format!("Must be text of one line and at most {max} characters."),
        )
    };
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let text = text.trim();
            let fits = text.chars().count() <= max && !text.chars().any(char::is_control);
            if fits { Ok((!text.is_empty()).then(|| text.to_owned())) } else { Err(wrong()) }
        }
        Some(_) => Err(wrong()),
    }
}
