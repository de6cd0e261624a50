//! Audit log: who changed, exported or erased what.

use super::json::from_json;

/// Page of the audit log, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    /// Entries.
    pub entries: Vec<AuditEntry>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
}

from_json!(AuditPage { entries, next_cursor });

/// Entry of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Time.
    pub at: String,
    /// Action, such as `key.revoked`.
    pub action: String,
    /// Id of what it was done to.
    pub object: Option<String>,
    /// Role of the key; `admin` for the operator.
    pub role: String,
    /// Id of the key.
    pub key_id: Option<String>,
    /// Name of the key at that time.
    pub key_name: Option<String>,
}

from_json!(AuditEntry { at, action, object, role, key_id, key_name });

impl AuditEntry {
    /// Returns who did it.
    pub fn actor(&self) -> String {
        match (&self.key_name, &self.key_id) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some(id)) => format!("{} key {id}", self.role),
            (_, None) => "the operator".into(),
        }
    }
}
