//! Webhooks of the site, read once and then kept in memory.

use std::cell::RefCell;
use std::rc::Rc;

use api::ValidationError;
use collector_core::webhook::{Endpoint, Event, Events, Format, PausedBy, Target};
use serde_json::{Value, json};
use worker::SqlStorageValue;

use crate::environment::variable;
use crate::http::{ApiResult, Problem};
use crate::json_object::json_object;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::state::SiteState;

json_object! {
    /// Webhook, as stored.
    Webhook {
        id: String,
        name: Option<String>,
        url: String,
        /// Stored names of the events that it subscribes to.
        events: Vec<String>,
        format: String,
        /// Number of times that the signing key was rotated.
        generation: i64,
        /// Time of the last rotation.
        rotated: Option<i64>,
        /// Number of failed attempts since the last success.
        failures: i64,
        /// Time at which it was paused.
        paused: Option<i64>,
        paused_why: Option<String>,
        /// Stored name of the one that paused it.
        paused_by: Option<String>,
        /// Time of the first failure since the last success.
        failing_since: Option<i64>,
        /// Time until which the receiver wants no requests.
        held_until: Option<i64>,
    }
}

/// Store of the webhooks.
pub struct WebhookStore {
    database: Rc<Database>,
    cache: RefCell<Option<Rc<Vec<Webhook>>>>,
}

impl Webhook {
    /// Whether it subscribes to an event.
    pub fn wants(&self, event: Event) -> bool {
        self.subscribed().contains(event)
    }

    /// Returns the number of times that the signing key was rotated.
    pub fn generation(&self) -> u32 {
        u32::try_from(self.generation).unwrap_or(u32::MAX)
    }

    /// Returns the number of failed attempts since the last success.
    pub fn failures(&self) -> u32 {
        u32::try_from(self.failures).unwrap_or(u32::MAX)
    }

    /// Returns the events that it subscribes to.
    pub fn subscribed(&self) -> Events {
        Events::from_stored(&self.events)
    }

    /// Whether a delivery that is accepted ends its pause.
    pub fn ends_pause_with_success(&self) -> bool {
        let cause = self.paused_by.as_deref().and_then(PausedBy::parse);
        cause.is_some_and(PausedBy::ends_with_success)
    }

    /// Returns the format of its payloads.
    pub fn payload_format(&self) -> Format {
        Format::parse(&self.format).unwrap_or_default()
    }
}

impl WebhookStore {
    /// Creates the store of an object that was just started.
    pub fn new(database: Rc<Database>) -> Self {
        Self { database, cache: RefCell::new(None) }
    }

    /// Forgets what it has read.
    pub fn forget(&self) {
        self.cache.replace(None);
    }

    /// Returns all webhooks, the oldest first.
    pub fn list(&self) -> ApiResult<Rc<Vec<Webhook>>> {
        if let Some(webhooks) = self.cache.borrow().clone() {
            return Ok(webhooks);
        }
        let found: Vec<Webhook> = self.database.objects(
            "SELECT json_group_array(json_object('id', id, 'name', name, 'url', url, \
                'events', json(events), 'format', format, 'generation', generation, 'rotated', rotated, \
                'failures', failures, 'paused', paused, 'paused_why', paused_why, 'paused_by', paused_by, \
                'failing_since', failing_since, 'held_until', held_until)) \
             FROM (SELECT * FROM webhook ORDER BY created, id)",
            vec![],
        )?;
        let found = Rc::new(found);
        self.cache.replace(Some(found.clone()));
        Ok(found)
    }

    /// Returns a webhook; 404 where there is none with this id.
    pub fn find(&self, id: &str) -> ApiResult<Webhook> {
        let found = self.list()?.iter().find(|webhook| webhook.id == id).cloned();
        found.ok_or_else(|| Problem::not_found("webhook with this id"))
    }

    /// Whether there are webhooks.
    pub fn has_any(&self) -> bool {
        self.list().is_ok_and(|webhooks| !webhooks.is_empty())
    }

    /// Whether a webhook subscribes to an event.
    pub fn any_wants(&self, event: Event) -> ApiResult<bool> {
        Ok(self.list()?.iter().any(|webhook| webhook.wants(event)))
    }

    /// Inserts a webhook.
    pub fn insert(&self, id: &str, endpoint: Endpoint) -> ApiResult<()> {
        self.database.run(
            "INSERT INTO webhook (id, name, url, events, format, generation, created) \
                VALUES (?, ?, ?, ?, ?, 0, ?)",
            vec![
                id.into(),
                endpoint.name.into(),
                endpoint.url.into(),
                events_json(&endpoint.events).into(),
                endpoint.format.as_str().into(),
                now_ms().into(),
            ],
        )?;
        self.forget();
        Ok(())
    }

    /// Updates the settings of a webhook.
    pub fn update(&self, id: &str, endpoint: Endpoint) -> ApiResult<()> {
        self.change(
            "UPDATE webhook SET name = ?, url = ?, events = ?, format = ? WHERE id = ?",
            vec![
                endpoint.name.into(),
                endpoint.url.into(),
                events_json(&endpoint.events).into(),
                endpoint.format.as_str().into(),
                id.into(),
            ],
        )
    }

    /// Deletes a webhook with its deliveries.
    pub fn delete(&self, id: &str) -> ApiResult<()> {
        self.database.run("DELETE FROM delivery WHERE webhook = ?", vec![id.into()])?;
        self.database.run("DELETE FROM webhook WHERE id = ?", vec![id.into()])?;
        self.forget();
        Ok(())
    }

    /// Replaces the key that signs.
    pub fn rotate_key(&self, id: &str) -> ApiResult<()> {
        let rotate = "UPDATE webhook SET generation = generation + 1, rotated = ? WHERE id = ?";
        self.change(rotate, vec![now_ms().into(), id.into()])
    }

    /// Counts a failed attempt.
    pub fn count_failure(&self, id: &str) -> ApiResult<()> {
        let update = "UPDATE webhook SET failures = failures + 1, failing_since = ifnull(failing_since, ?) \
            WHERE id = ?";
        self.change(update, vec![now_ms().into(), id.into()])
    }

    /// Forgets the failures of a webhook whose receiver has accepted a delivery.
    pub fn reset_failures(&self, webhook: &Webhook) -> ApiResult<()> {
        if webhook.failures == 0 {
            return Ok(());
        }
        let update = "UPDATE webhook SET failures = 0, failing_since = NULL WHERE id = ?";
        self.change(update, vec![webhook.id.as_str().into()])
    }

    /// Begins the time anew after which a failing webhook is paused.
    pub fn restart_failing(&self, id: &str) -> ApiResult<()> {
        self.change("UPDATE webhook SET failing_since = ? WHERE id = ?", vec![now_ms().into(), id.into()])
    }

    /// Sends nothing to a webhook for some time.
    pub fn hold(&self, id: &str, hold_ms: i64) -> ApiResult<()> {
        let update = "UPDATE webhook SET held_until = max(ifnull(held_until, 0), ?) WHERE id = ?";
        self.change(update, vec![(now_ms() + hold_ms).into(), id.into()])
    }

    /// Pauses a webhook; its deliveries wait.
    pub fn pause(&self, id: &str, cause: PausedBy, reason: &str) -> ApiResult<()> {
        let update = "UPDATE webhook SET paused = ?, paused_by = ?, paused_why = ? WHERE id = ?";
        self.change(update, vec![now_ms().into(), cause.as_str().into(), reason.into(), id.into()])
    }

    /// Ends the pause of a webhook and forgets its failures.
    pub fn resume(&self, id: &str) -> ApiResult<()> {
        let update = "UPDATE webhook SET paused = NULL, paused_by = NULL, paused_why = NULL, failures = 0, \
            failing_since = NULL, held_until = NULL WHERE id = ?";
        self.change(update, vec![id.into()])
    }

    fn change(&self, statement: &str, values: Vec<SqlStorageValue>) -> ApiResult<()> {
        self.database.run(statement, values)?;
        self.forget();
        Ok(())
    }
}

/// Reads an endpoint from untrusted JSON.
pub fn read_endpoint(site: &SiteState, given: &Value) -> ApiResult<Endpoint> {
    Ok(with_private_hosts(site, |hosts| Endpoint::from_json(given, hosts))?)
}

/// Checks the URL of a webhook anew: the hosts that are allowed may have changed since it was
/// stored.
pub fn target(site: &SiteState, webhook: &Webhook) -> Result<Target, ValidationError> {
    with_private_hosts(site, |hosts| Target::parse(&webhook.url, hosts))
}

/// Calls a function with the hosts of a private network that the operator allows.
fn with_private_hosts<T>(site: &SiteState, check: impl FnOnce(&[&str]) -> T) -> T {
    let hosts = variable(&site.env, "GRAPEVINE_WEBHOOK_HOSTS").unwrap_or_default();
    let hosts: Vec<&str> = hosts.split([',', ' ']).filter(|host| !host.is_empty()).collect();
    check(&hosts)
}

fn events_json(events: &Events) -> String {
    json!(events.stored()).to_string()
}
