//! Sites of a collector, for its operator.

use serde::Deserialize;

/// Page of the list of sites.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SiteList {
    /// Sites.
    pub sites: Vec<ListedSite>,
    /// Cursor of the next page.
    pub next_cursor: Option<String>,
}

/// Site in the list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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

/// Site that was just created.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CreatedSite {
    /// Id.
    pub site: String,
    /// Keys, which cannot be shown again.
    pub keys: SiteKeys,
}

/// Keys of a new site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SiteKeys {
    /// Owner key.
    pub owner: String,
    /// Read key.
    pub read: String,
}

/// Key that was just created.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CreatedKey {
    /// The key, which cannot be shown again.
    pub key: String,
}
