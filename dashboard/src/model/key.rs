//! Keys of a site.

use super::json::from_json;
use api::Day;

use crate::model::Role;

/// List of keys.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyList {
    /// Keys.
    pub keys: Vec<Key>,
}

from_json!(KeyList { keys });

/// Key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// First digits of its digest.
    pub id: String,
    /// Permissions.
    pub role: Role,
    /// Name.
    pub name: Option<String>,
    /// Time of its creation.
    pub created_at: Option<String>,
    /// Time of its last use, to the hour.
    pub last_used_at: Option<String>,
    /// Time at which it ends.
    pub expires_at: Option<String>,
    /// Whether this page uses it.
    pub current: bool,
}

from_json!(Key { id, role, name, created_at, last_used_at, expires_at, current });

impl Key {
    /// Returns the name by which the list shows the key.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.id)
    }

    /// Returns the last day, in UTC, on which the key works: it ends with the midnight after that.
    pub fn last_day(&self) -> Option<Day> {
        last_day(self.expires_at.as_deref()?)
    }
}

/// The key that the page uses, as any key may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentKey {
    /// Time at which it ends.
    pub expires_at: Option<String>,
}

from_json!(CurrentKey { expires_at });

impl CurrentKey {
    /// Returns the last day, in UTC, on which the key works.
    pub fn last_day(&self) -> Option<Day> {
        last_day(self.expires_at.as_deref()?)
    }
}

fn last_day(expires_at: &str) -> Option<Day> {
    Day::parse(expires_at.get(..10)?).map(|day| day.plus(-1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::json::FromJson;
    use super::*;

    #[test]
    fn the_last_day_is_the_one_before_the_end_and_a_name_stands_for_the_id() {
        let key = |name: Option<&str>, expires_at: Option<&str>| -> Key {
            FromJson::from_json(&json!({
                "id": "0644e02d5bd3", "role": "share", "name": name, "created_at": null,
                "last_used_at": null, "expires_at": expires_at, "current": false,
            }))
            .unwrap()
        };
        let board = key(Some("Board"), Some("2027-01-01T00:00:00.000Z"));
        assert_eq!((board.label(), board.last_day()), ("Board", Day::parse("2026-12-31")));
        assert_eq!((key(Some(""), None).label(), key(None, None).last_day()), ("0644e02d5bd3", None));
    }
}
