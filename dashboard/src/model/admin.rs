//! Sites of a collector, for its operator.

use super::json::from_json;

/// Page of the list of sites.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteList {
    /// Sites.
    pub sites: Vec<ListedSite>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
}

from_json!(SiteList { sites, next_cursor });

/// Site in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedSite {
    /// Id.
    pub site: String,
    /// Name.
    pub name: String,
    /// Time of its creation.
    pub created_at: String,
    /// Time of its deletion.
    pub deleted_at: Option<String>,
}

from_json!(ListedSite { site, name, created_at, deleted_at });

/// Site that was just created.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatedSite {
    /// Id.
    pub site: String,
    /// Keys, which cannot be shown again.
    pub keys: SiteKeys,
}

from_json!(CreatedSite { site, keys });

/// Keys of a new site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteKeys {
    /// Owner key.
    pub owner: String,
    /// Read key.
    pub read: String,
}

from_json!(SiteKeys { owner, read });

/// Key that was just created.
#[derive(Debug, Clone, PartialEq)]
pub struct CreatedKey {
    /// The key, which cannot be shown again.
    pub key: String,
}

from_json!(CreatedKey { key });
