//! `POST /v1/sites/SITE/responses`: messages of visitors.

use api::limits::{MAX_PROPERTIES, MAX_UPDATE_BYTES, MAX_UPDATES};
use api::response_update::Received;
use api::{ResponseUpdate, ValidationError};
use collector_core::stored_response::NewResponse;
use collector_core::text_budget::MessageText;
use collector_core::{SiteId, json};
use serde_json::{Value, json};

use super::context::RequestContext;
use super::site_cache;
use super::site_client::{SiteClient, SiteReply};
use crate::environment;
use crate::http::{ApiResult, Problem, body, response};
use crate::identity::IdentityRule;
use crate::metrics::{self, Counter};
use crate::protocol::{Command, DEFERRED, DONE, Ingest, OTHER_IDENTITY, VisitorKey};

const TOO_LARGE: &str =
    "The body is larger than 256 KiB, which is the limit here. Send fewer messages at a time.";

/// A message as it was sent, and the result of reading it.
struct ReadMessage {
    id: Value,
    result: ApiResult<Received>,
}

/// Stores one message or an array of messages.
///
/// A batch is not all or nothing: each message gets its own result, so a bad message in a browser's
/// outbox cannot hold back the good ones. Only where none is good is the response an error.
pub async fn post(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<web_sys::Response> {
    let site = context.site(site)?;
    let visitor = context.visitor(&site)?;
    context.check_edge_limit(visitor).await?;
    let body = body::read(context, body_limit).await.map_err(|problem| match problem.status() {
        413 => problem.detailed(TOO_LARGE),
        // A browser keeps the message for another attempt, as it does not know what arrived.
        400 => problem.with("results", json!([{ "id": null, "status": "retry" }])),
        _ => problem,
    })?;
    let mut messages = Vec::new();
    for part in split(body::without_mark(&body))? {
        messages.push(read(context, &site, part).await);
    }
    let refused = messages.iter().filter(|message| message.result.is_err()).count();
    metrics::add(Counter::RefusedMessages, refused as u64);
    if refused == messages.len() {
        let results: Vec<Value> = messages.iter().map(result).collect();
        let first = messages.into_iter().find_map(|message| message.result.err());
        let first =
            first.unwrap_or_else(|| Problem::invalid(ValidationError::new("", "The body has no message.")));
        return Err(first.with("results", results));
    }
    let stored = store_accepted(context, &site, &mut messages, visitor).await;
    if !stored.as_ref().is_ok_and(|reply| matches!(reply.status(), DONE | DEFERRED)) {
        metrics::add(Counter::RefusedMessages, (messages.len() - refused) as u64);
    }
    let stored = stored?;
    let mut results: Vec<Value> = messages.iter().map(result).collect();
    match stored.status() {
        DONE => {}
        DEFERRED => {
            let positions: Vec<usize> = serde_json::from_str(stored.text()).map_err(Problem::internal)?;
            name_deferred(&mut results, &messages, &positions);
        }
        _ => return stored.into_runtime(),
    }
    response::json(200, &json!({ "results": results })).into_runtime()
}

/// Adds the deferred fields to the results of messages. The positions are among those that are
/// accepted.
fn name_deferred(results: &mut [Value], messages: &[ReadMessage], positions: &[usize]) {
    let results = results.iter_mut().zip(messages);
    let accepted = results.filter_map(|(result, message)| Some((result, message.result.as_ref().ok()?)));
    for (position, (result, received)) in accepted.enumerate() {
        if let (true, Some(result)) = (positions.contains(&position), result.as_object_mut()) {
            result.insert("deferred".to_owned(), json!(MessageText::measure(&received.update).fields));
        }
    }
}

/// Stores the messages that are accepted. A user who is not proven, where the site demands it, is
/// left out and named as ignored.
///
/// Only the site's object knows the rule. The Worker checks by the rule that it read last, and once
/// more where the object has another.
async fn store_accepted(
    context: &RequestContext,
    site: &SiteId,
    messages: &mut [ReadMessage],
    visitor: Option<VisitorKey>,
) -> ApiResult<SiteReply> {
    let secret = environment::secret(&context.env)?;
    let mut rule = site_cache::identity(site);
    for _ in 0..2 {
        let (mut updates, mut unproven) = (Vec::new(), Vec::new());
        for (position, message) in messages.iter().enumerate() {
            let Ok(received) = &message.result else { continue };
            let mut update = received.update.clone();
            let hash = received.user_hash.as_deref();
            if update.user.take_if(|user| !rule.admits((&secret, site), user, hash)).is_some() {
                unproven.push(position);
            }
            updates.push(update);
        }
        let has_user = !unproven.is_empty() || updates.iter().any(|update| update.user.is_some());
        let checked_by = has_user.then(|| rule.clone());
        let reply = store(context, site, updates, checked_by, (visitor, context.foreign_origin())).await?;
        if reply.status() != OTHER_IDENTITY {
            for position in unproven {
                if let Some(Ok(received)) = messages.get_mut(position).map(|message| &mut message.result) {
                    received.ignored.push("/user".to_owned());
                }
            }
            return Ok(reply);
        }
        rule = reply.json()?;
    }
    Err(Problem::busy())
}

/// Hands messages to the site's object. The origin is that of a foreign page, which the site must
/// admit.
pub async fn store(
    context: &RequestContext,
    site: &SiteId,
    mut messages: Vec<ResponseUpdate>,
    identity: Option<IdentityRule>,
    (visitor, origin): (Option<VisitorKey>, Option<String>),
) -> ApiResult<SiteReply> {
    if messages.iter().any(|message| message.user.is_some()) {
        let secret = environment::secret(&context.env)?;
        for message in &mut messages {
            message.user = message.user.take().map(|user| secret.hide_user(site, &user));
        }
    }
    let command = Command::Ingest(Ingest {
        count: i64::try_from(messages.len()).unwrap_or(i64::MAX),
        text_bytes: messages
            .iter()
            .map(|message| i64::try_from(MessageText::measure(message).bytes).unwrap_or(i64::MAX))
            .fold(0, i64::saturating_add),
        has_contact: messages.iter().any(|message| message.contact.is_some()),
        origin,
        visitor,
        identity,
    });
    let rows: Vec<String> =
        messages.into_iter().map(|message| NewResponse::from_message(message).to_row()).collect();
    let rows = format!("[{}]", rows.join(","));
    SiteClient::new(context, site).send(&command, Some(&rows)).await
}

/// Splits a body into its messages, so that each can be wrong by itself.
fn split(body: &[u8]) -> ApiResult<Vec<&[u8]>> {
    match json::elements(body) {
        Some(parts) if parts.is_empty() => {
            Err(Problem::bad_request("The array is empty. Send at least one message."))
        }
        Some(parts) if parts.len() > MAX_UPDATES => {
            let count = parts.len();
            let detail = format!("The array has {count} messages. Send at most {MAX_UPDATES} at a time.");
            Err(Problem::bad_request(detail))
        }
        Some(parts) => Ok(parts),
        // A single message has no others to hold back.
        None => {
            body::parse(body)?;
            Ok(vec![body])
        }
    }
}

/// Reads one message.
async fn read(context: &RequestContext, site: &SiteId, part: &[u8]) -> ReadMessage {
    let value = match body::parse(part) {
        Ok(value) => value,
        Err(problem) => return ReadMessage { id: Value::Null, result: Err(problem) },
    };
    let id = value.get("id").filter(|id| id.is_string()).cloned().unwrap_or_default();
    let properties = value.get("properties").and_then(Value::as_object).map_or(0, |given| given.len());
    // Few messages have so much that some properties may have to be left out.
    let preferred = match properties > MAX_PROPERTIES || part.len() > MAX_UPDATE_BYTES / 2 {
        true => preferred_properties(context, site, part).await,
        false => Vec::new(),
    };
    ReadMessage { id, result: ResponseUpdate::from_json(&value, &preferred).map_err(Problem::invalid_all) }
}

/// Returns the names of properties in the order in which they are kept: those that the site
/// declares, then those of the message.
///
/// The declared properties are those in this isolate's cache; where they are not to be had, no
/// message waits for them.
async fn preferred_properties(context: &RequestContext, site: &SiteId, part: &[u8]) -> Vec<String> {
    let cached = site_cache::get(context, site).await;
    let mut names = cached.map(|(site, _)| site.properties.clone()).unwrap_or_default();
    names.extend(json::names_within(part, "properties"));
    names
}

fn result(message: &ReadMessage) -> Value {
    let id = &message.id;
    match &message.result {
        Ok(received) if received.ignored.is_empty() => json!({ "id": id, "status": "stored" }),
        Ok(received) => json!({ "id": id, "status": "stored", "ignored": received.ignored }),
        Err(problem) => json!({ "id": id, "status": "invalid", "problem": problem.body() }),
    }
}
