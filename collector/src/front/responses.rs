//! `POST /v1/sites/SITE/responses`: what browsers say.

use api::limits::{MAX_PROPERTIES, MAX_UPDATE_BYTES, MAX_UPDATES};
use api::response_update::Received;
use api::{ResponseUpdate, ValidationError};
use collector_core::{SiteId, json};
use serde_json::{Value, json};
use worker::Response;

use super::object::Ask;
use super::{Call, body, loader};
use crate::reply::{self, Outcome, Problem};
use crate::row;

/// The most bytes of a body. A legal message has at most 64 KiB in UTF-8 and three times as much where a program escapes every
/// letter, so any one of them fits. An array of the largest ones does not, and has to be sent in parts.
const LIMIT: usize = 256 * 1024;
const TOO_LARGE: &str = "A body has at most 256 KiB here. Send fewer messages at a time.";

/// One message as it was sent, and what came of reading it.
struct Given {
    id: Value,
    read: Outcome<Received>,
}

/// Stores one message or an array of them. A batch is not all or nothing: each message gets its own result, so one
/// bad message in a browser's outbox cannot hold back the good ones. Only where none is good is the answer an error.
pub async fn store(call: &mut Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let visitor = call.visitor(&site)?;
    call.limited(visitor.as_deref()).await?;
    let body = body::read(&mut call.request, LIMIT).await.map_err(|problem| match problem.status() {
        413 => problem.detailed(TOO_LARGE),
        _ => problem,
    })?;
    let parts = match json::elements(&body) {
        Some(parts) if parts.is_empty() => return Err(Problem::bad_request("The array holds no message.")),
        Some(parts) if parts.len() > MAX_UPDATES => {
            let detail =
                format!("The array holds {} messages; send at most {MAX_UPDATES} at once.", parts.len());
            return Err(Problem::bad_request(detail));
        }
        Some(parts) => parts,
        // With one message there is nothing that it could hold back.
        None => {
            body::parse(&body)?;
            vec![body.as_slice()]
        }
    };
    let mut given = Vec::with_capacity(parts.len());
    for part in parts {
        given.push(read(call, &site, part).await);
    }
    let kept = given.iter().filter_map(|given| given.read.as_ref().ok());
    let mut good: Vec<ResponseUpdate> = kept.map(|received| received.update.clone()).collect();
    if good.is_empty() {
        let results: Vec<Value> = given.iter().map(result).collect();
        let first = given.into_iter().find_map(|given| given.read.err());
        let first = first.unwrap_or_else(|| Problem::invalid(ValidationError::new("", "Says nothing.")));
        return Err(first.with("results", results));
    }
    if good.iter().any(|message| message.user.is_some()) {
        let secret = call.secret()?;
        for message in &mut good {
            message.user = message.user.take().map(|user| secret.hide_user(&site, &user));
        }
    }
    let contacts = good.iter().any(|message| message.contact.is_some()).then(|| "1".to_owned());
    let count = good.len().to_string();
    let rows: Vec<String> = good.into_iter().map(row::of_page).collect();
    let ask = Ask::new(&site, "_ingest")
        .with_header("x-origin", call.foreign_origin())?
        .with_header("x-visitor", visitor)?
        .with_header("x-count", Some(count))?
        .with_header("x-contacts", contacts)?
        .with_body(format!("[{}]", rows.join(",")));
    let stored = ask.send(&call.env).await?;
    if stored.status_code() != 200 {
        return Ok(stored);
    }
    let results: Vec<Value> = given.iter().map(result).collect();
    reply::json(200, &json!({ "results": results }))
}

/// Reads one message by itself.
async fn read(call: &Call, site: &SiteId, part: &[u8]) -> Given {
    let value = match body::parse(part) {
        Ok(value) => value,
        Err(problem) => return Given { id: Value::Null, read: Err(problem) },
    };
    let id = value.get("id").filter(|id| id.is_string()).cloned().unwrap_or_default();
    let properties = value.get("properties").and_then(Value::as_object).map_or(0, |given| given.len());
    // Few messages have so much that a part of it may have to be left out.
    let preferred = match properties > MAX_PROPERTIES || part.len() > MAX_UPDATE_BYTES / 2 {
        true => preferred(call, site, part).await,
        false => Vec::new(),
    };
    Given { id, read: ResponseUpdate::from_json(&value, &preferred).map_err(Problem::invalid_all) }
}

/// The names of properties in the order in which they are kept: those that the site declares, then those of the message. What a
/// site declares is what this isolate knows of it; if it cannot be found out, no message waits for it.
async fn preferred(call: &Call, site: &SiteId, part: &[u8]) -> Vec<String> {
    let known = loader::of(call, site).await;
    let mut names = known.map(|(loader, _)| loader.declared.clone()).unwrap_or_default();
    names.extend(json::names_within(part, "properties"));
    names
}

fn result(given: &Given) -> Value {
    let id = &given.id;
    match &given.read {
        Ok(received) if received.ignored.is_empty() => json!({ "id": id, "status": "stored" }),
        Ok(received) => json!({ "id": id, "status": "stored", "ignored": received.ignored }),
        Err(problem) => json!({ "id": id, "status": "invalid", "problem": problem.body() }),
    }
}
