//! Endpoints that hear of what happens.
//!
//! What happens becomes a delivery for each endpoint that chose it, in the order in which it happened. Each endpoint has one task
//! in the table of what is due: it sends its oldest delivery until that is taken, and only then the next, so an endpoint hears of
//! things in order. An endpoint that fails is tried again after growing pauses, and after three days it is paused and says so; its
//! deliveries wait. A delivery carries the same id at each attempt, so a receiver can tell what it has had already.
//!
//! Nothing secret is stored: the key that signs is made from the collector's secret, the endpoint's id and how often its key was replaced.

mod delivery;
mod events;

use std::rc::Rc;

use api::ValidationError;

use collector_core::webhook::{Endpoint, Event, Target, format_secret};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use super::Inner;
use super::asked::Asked;
use super::clock::{iso_of, now};
use super::due::Task;
use crate::reply::{self, Outcome, Problem};
use crate::{random, setting};

/// How many endpoints a site may have.
const MAX_WEBHOOKS: usize = 20;
/// After a key was replaced the old one signs as well, so that the receiver need not change in the same instant.
const BOTH_KEYS_MS: i64 = 86_400_000;

/// An endpoint.
#[derive(Debug, Clone, Deserialize)]
pub struct Webhook {
    id: String,
    name: Option<String>,
    url: String,
    events: Vec<String>,
    format: String,
    generation: u32,
    rotated: Option<i64>,
    failures: u32,
    paused: Option<i64>,
    paused_why: Option<String>,
}

/// An endpoint as the owner sees it.
fn shown() -> String {
    format!(
        "json_object('id', id, 'name', name, 'url', url, 'events', json(events), 'format', format, 'created_at', {},
            'status', CASE WHEN paused IS NOT NULL THEN 'paused' WHEN failures > 0 THEN 'failing' ELSE 'active' END,
            'failures', failures, 'paused_at', {}, 'paused_why', paused_why,
            'pending', (SELECT count(*) FROM delivery WHERE webhook = webhook.id AND state = 'pending'))",
        iso_of("created"),
        iso_of("paused")
    )
}

impl Webhook {
    fn wants(&self, event: Event) -> bool {
        self.events.iter().any(|word| word == event.as_str())
    }
}

impl Inner {
    /// The endpoints; read once.
    fn webhooks(&self) -> Outcome<Rc<Vec<Webhook>>> {
        if let Some(webhooks) = self.webhooks.borrow().clone() {
            return Ok(webhooks);
        }
        let found: Vec<Webhook> = self.database.json(
            "SELECT json_group_array(json_object('id', id, 'name', name, 'url', url, 'events', json(events), 'format', format,
                'generation', generation, 'rotated', rotated, 'failures', failures, 'paused', paused,
                'paused_why', paused_why))
             FROM (SELECT * FROM webhook ORDER BY created, id)",
            vec![],
        )?;
        let found = Rc::new(found);
        self.webhooks.replace(Some(found.clone()));
        Ok(found)
    }

    fn webhook(&self, id: &str) -> Outcome<Webhook> {
        let found = self.webhooks()?.iter().find(|webhook| webhook.id == id).cloned();
        found.ok_or_else(|| Problem::not_found("webhook of this id"))
    }

    /// Whether any endpoint hears of anything.
    pub fn hears(&self) -> bool {
        self.webhooks().is_ok_and(|webhooks| !webhooks.is_empty())
    }

    /// The hosts of a private network that whoever runs the collector allows as endpoints.
    fn allowed_hosts(&self) -> String {
        setting(&self.env, "GRAPEVINE_WEBHOOK_HOSTS").unwrap_or_default()
    }

    /// An endpoint as the owner sees it, with a secret where it is new.
    fn shown_webhook(&self, status: u16, id: &str, secret: Option<String>) -> Outcome<Response> {
        let query = format!(
            "SELECT json_patch({}, iif(?2 IS NULL, '{{}}', json_object('secret', ?2))) FROM webhook WHERE id = ?1",
            shown()
        );
        self.database.answer(status, &query, vec![id.into(), secret.into()])
    }

    fn new_secret(&self, id: &str) -> Outcome<String> {
        let generation = self.webhook(id)?.generation;
        Ok(format_secret(&self.secret()?.webhook_key(&self.site()?, id, generation)))
    }

    pub fn list_webhooks(&self) -> Outcome<Response> {
        let query = format!(
            "SELECT json_object('webhooks', json_group_array(json(row))) FROM (SELECT {} AS row FROM webhook ORDER BY created, id)",
            shown()
        );
        self.database.answer(200, &query, vec![])
    }

    pub fn one_webhook(&self, id: &str) -> Outcome<Response> {
        self.webhook(id)?;
        self.shown_webhook(200, id, None)
    }

    pub async fn create_webhook(&self, asked: &Asked) -> Outcome<Response> {
        let endpoint = self.endpoint(&asked.json()?)?;
        if self.webhooks()?.len() >= MAX_WEBHOOKS {
            return Err(Problem::conflict(format!(
                "A site has at most {MAX_WEBHOOKS} webhooks. Delete one that is not used."
            )));
        }
        let id = collector_core::id::new_id(&random()?);
        self.database.run(
            "INSERT INTO webhook (id, name, url, events, format, generation, created) VALUES (?, ?, ?, ?, ?, 0, ?)",
            vec![
                id.as_str().into(),
                endpoint.name.into(),
                endpoint.url.into(),
                words(&endpoint.events).into(),
                endpoint.format.as_str().into(),
                now().into(),
            ],
        )?;
        self.after_change().await?;
        self.shown_webhook(201, &id, Some(self.new_secret(&id)?))
    }

    /// Changes what is named and leaves the rest; `"paused": false` sends what waits.
    pub async fn patch_webhook(&self, asked: &Asked, id: &str) -> Outcome<Response> {
        let old = self.webhook(id)?;
        let Value::Object(mut fields) = asked.json()? else {
            return Err(
                ValidationError::new("", "Must be an object, for example {\"paused\": false}.").into()
            );
        };
        let paused = match fields.remove("paused") {
            None => old.paused.is_some(),
            Some(Value::Bool(paused)) => paused,
            Some(_) => return Err(ValidationError::new("/paused", "Must be true or false.").into()),
        };
        // As a whole, so that what stays is checked beside what changes.
        let mut whole = Map::new();
        whole.insert("url".into(), old.url.clone().into());
        whole.insert("events".into(), json!(old.events));
        whole.insert("format".into(), old.format.clone().into());
        whole.insert("name".into(), old.name.clone().into());
        whole.extend(fields);
        let endpoint = self.endpoint(&Value::Object(whole))?;
        let (since, why) = match (paused, old.paused) {
            (false, _) => (None, None),
            (true, Some(since)) => (Some(since), old.paused_why),
            (true, None) => (Some(now()), Some("Paused by the owner.".to_owned())),
        };
        let failures = if old.paused.is_some() && !paused { 0 } else { old.failures };
        self.database.run(
            "UPDATE webhook SET name = ?, url = ?, events = ?, format = ?, paused = ?, paused_why = ?, failures = ? WHERE id = ?",
            vec![
                endpoint.name.into(),
                endpoint.url.into(),
                words(&endpoint.events).into(),
                endpoint.format.as_str().into(),
                since.into(),
                why.into(),
                i64::from(failures).into(),
                id.into(),
            ],
        )?;
        if !paused {
            self.postpone(Task::Webhook, id, now())?;
        }
        self.after_change().await?;
        self.shown_webhook(200, id, None)
    }

    pub fn delete_webhook(&self, id: &str) -> Outcome<Response> {
        self.webhook(id)?;
        self.cancel(Task::Webhook, id)?;
        self.database.run("DELETE FROM delivery WHERE webhook = ?", vec![id.into()])?;
        self.database.run("DELETE FROM webhook WHERE id = ?", vec![id.into()])?;
        self.webhooks.replace(None);
        reply::empty(204)
    }

    /// Replaces the key that signs. For a day both sign.
    pub fn rotate_webhook(&self, id: &str) -> Outcome<Response> {
        self.webhook(id)?;
        let rotate = "UPDATE webhook SET generation = generation + 1, rotated = ? WHERE id = ?";
        self.database.run(rotate, vec![now().into(), id.into()])?;
        self.webhooks.replace(None);
        self.shown_webhook(200, id, Some(self.new_secret(id)?))
    }

    fn endpoint(&self, given: &Value) -> Outcome<Endpoint> {
        let allowed = self.allowed_hosts();
        let allowed: Vec<&str> = allowed.split([',', ' ']).filter(|host| !host.is_empty()).collect();
        Ok(Endpoint::from_json(given, &allowed)?)
    }

    /// The endpoint's address, checked anew: what is allowed may have changed since it was set.
    fn target(&self, webhook: &Webhook) -> Result<Target, ValidationError> {
        let allowed = self.allowed_hosts();
        let allowed: Vec<&str> = allowed.split([',', ' ']).filter(|host| !host.is_empty()).collect();
        Target::parse(&webhook.url, &allowed)
    }

    async fn after_change(&self) -> Outcome<()> {
        self.webhooks.replace(None);
        self.plan_digest()?;
        self.arm_overdue()?;
        self.arm().await
    }
}

fn words(events: &collector_core::webhook::Events) -> String {
    json!(events).to_string()
}
