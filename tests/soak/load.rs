//! Visitors, whose outbox sends a message again until it is acknowledged.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use reqwest::RequestBuilder;
use serde_json::Value;
use tests::client::try_send;
use tests::ids::timeless_id;
use tests::{DAY_MS, HttpResponse, Site, id_at, new_id, now_ms};
use tokio::time::sleep;

use super::ledger::{Ledger, Message, Sent};

/// Time limit of one attempt. The collector's own deadline is ten seconds.
const TIMEOUT: Duration = Duration::from_secs(11);
/// Attempts after which a visitor has left the page for good.
const MAX_ATTEMPTS: u32 = 60;
/// Attempts of which the network may cut the body off, so that the status is 400. It cuts off one
/// connection of ten.
const MAX_CUT_OFF: u32 = MAX_ATTEMPTS / 3;

/// Counts over all visitors.
#[derive(Default)]
pub struct Tally {
    requests: AtomicUsize,
    repeated: AtomicUsize,
    /// Messages.
    acknowledged: AtomicUsize,
}

impl Tally {
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let load = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        write!(
            f,
            "{} requests, {} of them repeated, {} messages acknowledged",
            load(&self.requests),
            load(&self.repeated),
            self.acknowledged()
        )
    }
}

/// All that was sent, from every visitor.
pub struct AllSent {
    pub ledgers: Vec<Ledger>,
    /// Responses that a correct message must not get.
    pub unexpected: Vec<String>,
}

impl AllSent {
    /// Puts the ledgers of visitors together, by the position of their site.
    pub fn gather(sites: usize, visitors: Vec<Visitor>) -> Self {
        let mut ledgers: Vec<Ledger> = std::iter::repeat_with(Ledger::default).take(sites).collect();
        let mut unexpected = Vec::new();
        for visitor in visitors {
            ledgers[visitor.position].merge(visitor.ledger);
            unexpected.extend(visitor.unexpected);
        }
        Self { ledgers, unexpected }
    }
}

/// Visitors of a site, one after another.
pub struct Visitor {
    /// Position of the site.
    position: usize,
    site: Site,
    rng: Rng,
    tally: Arc<Tally>,
    ledger: Ledger,
    unexpected: Vec<String>,
}

impl Visitor {
    pub fn new(position: usize, site: Site, rng: Rng, tally: Arc<Tally>) -> Self {
        Self { position, site, rng, tally, ledger: Ledger::default(), unexpected: Vec::new() }
    }

    /// Sends impressions until told to stop.
    pub async fn run(mut self, stop: Arc<AtomicBool>) -> Self {
        while !stop.load(Ordering::Relaxed) {
            let id = self.id();
            let mut messages = self.messages();
            if self.rng.u8(..3) == 0 {
                self.rng.shuffle(&mut messages);
            }
            let address = format!("198.18.{}.{}", self.rng.u8(..), self.rng.u8(..));
            let parts: Vec<Vec<Message>> = match self.rng.u8(..5) {
                0 => vec![messages],
                _ => messages.into_iter().map(|message| vec![message]).collect(),
            };
            let mut sent = Vec::new();
            for part in parts {
                let mut acknowledged = self.deliver(&id, &part, &address, &stop).await;
                if self.rng.u8(..10) == 0 {
                    // Of a second tab, or after an acknowledgement that was lost.
                    let again = self.deliver(&id, &part, &address, &stop).await;
                    acknowledged.iter_mut().zip(again).for_each(|(first, second)| *first |= second);
                }
                let part = part.into_iter().zip(acknowledged);
                sent.extend(part.map(|(message, is_acknowledged)| Sent { message, is_acknowledged }));
            }
            self.ledger.add(id, sent);
        }
        self
    }

    /// An id of now, of a message that waited for days, or without a time.
    fn id(&mut self) -> String {
        match self.rng.u8(..10) {
            0 => id_at(now_ms() - self.rng.u64(..3 * DAY_MS)),
            1 => timeless_id(),
            _ => new_id(),
        }
    }

    /// Messages as the widget sends them: shown, perhaps rated and rated anew, then commented or
    /// dismissed.
    fn messages(&mut self) -> Vec<Message> {
        let mut elapsed_ms = self.rng.u32(1..2_000);
        let mut messages = vec![Message { elapsed_ms, ..Message::default() }];
        let mut add = |message: Message, rng: &mut Rng| {
            elapsed_ms += rng.u32(1..5_000);
            messages.push(Message { elapsed_ms, ..message });
        };
        let rng = &mut self.rng;
        let ratings = rng.usize(..3);
        let mut score = None;
        for _ in 0..ratings {
            score = Some(rng.u8(..=10));
            add(Message { score, ..Message::default() }, rng);
        }
        match rng.u8(..3) {
            0 => add(Message { dismissed: true, ..Message::default() }, rng),
            1 => {
                let comment = Some(format!("Tea no {}", rng.u32(..1_000)));
                add(Message { score, comment, ..Message::default() }, rng);
            }
            _ => {}
        }
        messages
    }

    /// Sends messages until they are acknowledged or the visitor leaves. Returns which were
    /// acknowledged.
    async fn deliver(&mut self, id: &str, part: &[Message], address: &str, stop: &AtomicBool) -> Vec<bool> {
        let mut parts: Vec<Value> = part.iter().map(|message| message.json(id)).collect();
        let body = if parts.len() == 1 { parts.remove(0) } else { Value::Array(parts) };
        let request = |has_more: bool| -> RequestBuilder {
            let request = self.site.posting(body.to_string()).timeout(TIMEOUT);
            let connection = if has_more { "keep-alive" } else { "close" };
            request.header("x-forwarded-for", address).header("connection", connection)
        };
        let mut bad_requests = 0;
        let leaves_after = if self.rng.u8(..20) == 0 { 1 } else { MAX_ATTEMPTS };
        for attempt in 0..leaves_after {
            self.tally.requests.fetch_add(1, Ordering::Relaxed);
            if attempt > 0 {
                self.tally.repeated.fetch_add(1, Ordering::Relaxed);
            }
            if let Ok(answer) = try_send(request(self.rng.u8(..4) > 0)).await {
                match acknowledged(&answer, part) {
                    Ok(Some(acknowledged)) => {
                        let count = acknowledged.iter().filter(|it| **it).count();
                        self.tally.acknowledged.fetch_add(count, Ordering::Relaxed);
                        return acknowledged;
                    }
                    Ok(None) if answer.status == 400 => bad_requests += 1,
                    Ok(None) => {}
                    Err(unexpected) => {
                        self.unexpected.push(format!("{id}: {unexpected}, to {body}"));
                        break;
                    }
                }
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
            sleep(Duration::from_millis(self.rng.u64(10..=50))).await;
        }
        if bad_requests > MAX_CUT_OFF {
            self.unexpected.push(format!("{id}: {bad_requests} times status 400, to {body}"));
        }
        vec![false; part.len()]
    }
}

/// Returns which messages a response acknowledges; `None` where they are to be sent again.
///
/// # Errors
/// Fails where a correct message is refused for good.
fn acknowledged(answer: &HttpResponse, part: &[Message]) -> Result<Option<Vec<bool>>, String> {
    match answer.status {
        200 => {}
        // A body that was cut off, a limit, a full disk, or an object that has ended.
        400 | 429 | 503 | 507 => return Ok(None),
        _ => return Err(answer.to_string()),
    }
    let results = answer.json()["results"].as_array().cloned().unwrap_or_default();
    let is_stored = |result: &Value| result["status"] == "stored" && result["deferred"].is_null();
    if results.len() != part.len() || !results.iter().all(is_stored) {
        return Err(answer.to_string());
    }
    Ok(Some(vec![true; results.len()]))
}
