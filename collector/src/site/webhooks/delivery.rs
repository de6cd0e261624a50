//! Sending: one attempt at a time, each of them noted.

use std::time::Duration;

use api::ValidationError;
use collector_core::webhook::{delay_with_retry_after, headers, retry_delay_ms};
use futures_util::future::{Either, select};
use serde::Deserialize;
use serde_json::json;
use web_sys::{RequestInit, RequestRedirect};
use worker::{AbortController, Delay, Fetch, Headers, Request, Response};

use super::Webhook;
use crate::reply::{self, Outcome, Problem};
use crate::site::Inner;
use crate::site::asked::Asked;
use crate::site::clock::{iso_of, now};
use crate::site::due::Task;
use crate::site::responses::fitting;

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long deliveries are kept.
const KEPT_MS: i64 = 30 * 86_400_000;
/// The most deliveries of a page, and the most attempts of a delivery in it: the latest.
const PAGE: i64 = 50;
const ATTEMPTS: usize = 100;
const GONE: u16 = 410;

#[derive(Deserialize)]
struct Pending {
    id: i64,
    body: String,
    attempts: i64,
}

/// How an attempt went.
struct Attempt {
    status: Option<u16>,
    error: Option<String>,
    retry_after: Option<String>,
    ms: i64,
}

impl Inner {
    /// Sends what waits for an endpoint, the oldest first, until something fails.
    pub async fn deliver(&self, id: &str) -> Outcome<()> {
        let Ok(webhook) = self.webhook(id) else { return self.cancel(Task::Webhook, id) };
        let next = "SELECT json_object('id', id, 'body', body,
                'attempts', (SELECT count(*) FROM attempt WHERE delivery = delivery.id))
            FROM delivery WHERE webhook = ? AND state = 'pending' ORDER BY id LIMIT 1";
        let next = self.database.text(next, vec![id.into()])?;
        let (Some(next), None) = (next, webhook.paused) else { return self.cancel(Task::Webhook, id) };
        let pending: Pending = serde_json::from_str(&next).map_err(Problem::internal)?;
        let target = match self.target(&webhook) {
            Ok(target) => target,
            Err(wrong) => return self.pause(&webhook, &wrong.detail),
        };
        // Should the process end meanwhile, the task is still there, and the same id is sent again.
        let attempt = self.send(&webhook, &target, &pending).await;
        self.database.run(
            "INSERT OR REPLACE INTO attempt (delivery, number, at, status, error, ms) VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                pending.id.into(),
                (pending.attempts + 1).into(),
                now().into(),
                attempt.status.map(i32::from).into(),
                attempt.error.clone().into(),
                attempt.ms.into(),
            ],
        )?;
        // It may have been changed or deleted while the receiver thought.
        let Ok(webhook) = self.webhook(id) else { return self.cancel(Task::Webhook, id) };
        if attempt.status.is_some_and(|status| (200..300).contains(&status)) {
            self.database
                .run("UPDATE delivery SET state = 'delivered' WHERE id = ?", vec![pending.id.into()])?;
            self.note_failures(id, 0)?;
            return self.postpone(Task::Webhook, id, now());
        }
        if attempt.status == Some(GONE) {
            return self.pause(&webhook, "The receiver answered 410 Gone: it wants no more.");
        }
        let failures = webhook.failures.saturating_add(1);
        self.note_failures(id, failures)?;
        let pause = match &attempt.retry_after {
            Some(asked) => delay_with_retry_after(failures, asked),
            None => retry_delay_ms(failures),
        };
        match pause {
            Some(pause) => self.postpone(Task::Webhook, id, now() + pause),
            None => {
                let last = match (attempt.status, attempt.error) {
                    (Some(status), _) => format!("its last answer was {status}"),
                    (None, error) => error.unwrap_or_else(|| "it did not answer".into()),
                };
                self.pause(&webhook, &format!("It failed for three days; {last}."))
            }
        }
    }

    async fn send(
        &self,
        webhook: &Webhook,
        target: &collector_core::webhook::Target,
        pending: &Pending,
    ) -> Attempt {
        let begun = now();
        let (status, error, retry_after) = match self.answer(webhook, target, pending).await {
            Ok((status, retry_after)) => {
                let redirect = (300..400).contains(&status);
                (Some(status), redirect.then(|| "Redirects are not followed.".to_owned()), retry_after)
            }
            Err(why) => (None, Some(why.chars().take(200).collect()), None),
        };
        Attempt { status, error, retry_after, ms: now() - begun }
    }

    /// The receiver's status and its `Retry-After`.
    async fn answer(
        &self,
        webhook: &Webhook,
        target: &collector_core::webhook::Target,
        pending: &Pending,
    ) -> Result<(u16, Option<String>), String> {
        let broken = |problem: Problem| problem.body().to_string();
        let (secret, site) = (self.secret().map_err(broken)?, self.site().map_err(broken)?);
        let key = secret.webhook_key(&site, &webhook.id, webhook.generation);
        let before = secret.webhook_key(&site, &webhook.id, webhook.generation.saturating_sub(1));
        let both = webhook.rotated.is_some_and(|at| now() - at < super::BOTH_KEYS_MS);
        let keys: Vec<&[u8]> = if both { vec![&key, &before] } else { vec![&key] };
        let id = format!("msg_{}_{}", webhook.id, pending.id);

        let sent = Headers::new();
        let failed = |error: worker::Error| error.to_string();
        sent.set("content-type", "application/json").map_err(failed)?;
        sent.set("user-agent", "Grapevine-Webhooks/1").map_err(failed)?;
        for (name, value) in headers(&keys, &id, now() / 1_000, &pending.body) {
            sent.set(name, &value).map_err(failed)?;
        }
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&sent.0);
        init.set_redirect(RequestRedirect::Manual);
        init.set_body(&pending.body.as_str().into());
        let request = web_sys::Request::new_with_str_and_init(target.url(), &init);
        let request = Request::from(request.map_err(|error| failed(error.into()))?);
        let stop = AbortController::default();
        let signal = stop.signal();
        let answer = async {
            // The way into the private network is open for the hosts that are allowed, and for nothing else. Without it
            // only public addresses can be reached, whatever a name leads to.
            if target.is_allowed() {
                let way = self.env.service("INTRANET").map_err(failed)?;
                way.fetch_request(request).await.map_err(failed)
            } else {
                Fetch::Request(request).send_with_signal(&signal).await.map_err(failed)
            }
        };
        let answer = std::pin::pin!(answer);
        match select(answer, Delay::from(PATIENCE)).await {
            Either::Left((answer, _)) => {
                let answer = answer?;
                Ok((answer.status_code(), answer.headers().get("retry-after").ok().flatten()))
            }
            Either::Right(_) => {
                stop.abort();
                Err(format!("It did not answer within {} s.", PATIENCE.as_secs()))
            }
        }
    }

    fn note_failures(&self, id: &str, failures: u32) -> Outcome<()> {
        let note = "UPDATE webhook SET failures = ? WHERE id = ? AND failures <> ?";
        let failures = i64::from(failures);
        self.database.run(note, vec![failures.into(), id.into(), failures.into()])?;
        self.webhooks.replace(None);
        Ok(())
    }

    fn pause(&self, webhook: &Webhook, why: &str) -> Outcome<()> {
        let pause = "UPDATE webhook SET paused = ?, paused_why = ? WHERE id = ?";
        self.database.run(pause, vec![now().into(), why.into(), webhook.id.as_str().into()])?;
        self.webhooks.replace(None);
        self.cancel(Task::Webhook, &webhook.id)
    }

    /// Puts something in for an endpoint.
    pub(super) fn enqueue(&self, webhook: &Webhook, event: &str, subject: &str, body: &str) -> Outcome<()> {
        self.database.run(
            "INSERT INTO delivery (webhook, event, subject, body, created, state) VALUES (?, ?, ?, ?, ?, 'pending')",
            vec![webhook.id.as_str().into(), event.into(), subject.into(), body.into(), now().into()],
        )?;
        // A task that waits for the end of a pause goes on waiting.
        let idle = self.planned(Task::Webhook, &webhook.id)?.is_none();
        if idle && webhook.paused.is_none() {
            self.note_due(Task::Webhook, &webhook.id, now())
        } else {
            Ok(())
        }
    }

    /// The deliveries of an endpoint, newest first, each with its latest attempts.
    pub fn deliveries(&self, asked: &Asked, id: &str) -> Outcome<Response> {
        self.webhook(id)?;
        let mut before = i64::MAX;
        for (name, value) in asked.query() {
            match name.as_str() {
                "cursor" => {
                    let digits = value.bytes().all(|byte| byte.is_ascii_digit()).then_some(value);
                    let wrong =
                        || ValidationError::new("cursor", "Must be a next_cursor as it was answered.");
                    before = digits.and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
                }
                _ => {
                    return Err(ValidationError::new(
                        name,
                        "There is no parameter of this name. There is only cursor.",
                    )
                    .into());
                }
            }
        }
        // Numbers cross the border as f64, which holds this one.
        let before = before.min((1 << 53) - 1);
        let page = "SELECT json_group_array(json_array(id, bytes)) FROM (
            SELECT id, octet_length(body) AS bytes FROM delivery WHERE webhook = ? AND id < ? ORDER BY id DESC LIMIT ?)";
        let mut page: Vec<(i64, usize)> =
            self.database.json(page, vec![id.into(), before.into(), (PAGE + 1).into()])?;
        let found = page.len();
        page.truncate(fitting(page.iter().take(PAGE as usize).map(|(_, bytes)| *bytes)));
        let ids: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
        let query = format!(
            "SELECT json_object('id', CAST(id AS TEXT), 'event', event, 'state', state, 'created_at', {}, 'body', body,
                'attempts', (SELECT json_group_array(json_object('at', {}, 'status', status, 'error', error, 'ms', ms))
                    FROM (SELECT * FROM (SELECT * FROM attempt WHERE delivery = delivery.id ORDER BY number DESC LIMIT {ATTEMPTS})
                          ORDER BY number)))
             FROM delivery WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
            iso_of("created"),
            iso_of("at")
        );
        let mut listed = self.database.texts(&query, vec![json!(ids).to_string().into()])?;
        listed.truncate(fitting(listed.iter().map(String::len)));
        page.truncate(listed.len());
        // The last id of a page behind which there is more.
        let next = page.last().filter(|_| page.len() < found);
        let next = next.map_or("null".into(), |(id, _)| format!("\"{id}\""));
        let text = format!("{{\"deliveries\":[{}],\"next_cursor\":{next}}}", listed.join(","));
        reply::json_text(200, text.into_bytes())
    }

    /// Sends a delivery once more, under its own id.
    pub async fn replay(&self, id: &str, delivery: &str) -> Outcome<Response> {
        let webhook = self.webhook(id)?;
        if webhook.paused.is_some() {
            let detail =
                "This webhook is paused. Send {\"paused\": false} to it first; what waits is sent then.";
            return Err(Problem::conflict(detail));
        }
        let missing = || Problem::not_found("delivery of this id");
        let digits = delivery.bytes().all(|byte| byte.is_ascii_digit());
        let delivery: u32 = delivery.parse().ok().filter(|_| digits).ok_or_else(missing)?;
        let found = "SELECT 'there' FROM delivery WHERE id = ? AND webhook = ?";
        let key = || vec![i64::from(delivery).into(), id.into()];
        self.database.text(found, key())?.ok_or_else(missing)?;
        self.database.run("UPDATE delivery SET state = 'pending' WHERE id = ? AND webhook = ?", key())?;
        self.plan(Task::Webhook, id, now()).await?;
        reply::json(202, &json!({ "id": delivery.to_string(), "state": "pending" }))
    }

    /// Sends something to try the endpoint, whatever events it chose.
    pub async fn test_webhook(&self, id: &str) -> Outcome<Response> {
        let webhook = self.webhook(id)?;
        if webhook.paused.is_some() {
            return Err(Problem::conflict("This webhook is paused. Send {\"paused\": false} to it first."));
        }
        let body = self.test_body(&webhook)?;
        self.enqueue(&webhook, "test", "", &body)?;
        self.arm().await?;
        reply::json(202, &json!({ "state": "pending" }))
    }

    /// Forgets what was sent or given up long ago.
    pub fn forget_deliveries(&self, now: i64) -> Outcome<()> {
        self.database.run("DELETE FROM delivery WHERE created < ?", vec![(now - KEPT_MS).into()])?;
        Ok(())
    }
}
