//! Webhooks.

use super::json::from_json;

/// List of webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookList {
    /// Webhooks.
    pub webhooks: Vec<Webhook>,
}

from_json!(WebhookList { webhooks });

/// Endpoint that receives events, as far as its failure is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub url: String,
    /// Time at which it was paused.
    pub paused_at: Option<String>,
    /// Reason for the pause, where there is one.
    pub paused_why: Option<String>,
}

from_json!(Webhook { id, name, url, paused_at, paused_why });
