//! `POST /v1/sites/SITE/responses`: what browsers say.

use nps::message::MAX_MESSAGES;
use nps::{Invalid, Message};
use serde_json::{Value, json};
use worker::Response;

use super::object::Ask;
use super::{Call, body};
use crate::reply::{self, Outcome, Problem};
use crate::row;

const LIMIT: usize = 256 * 1024;

/// Stores one message or an array of them. A batch is not all or nothing: each message gets its own result, so one
/// bad message in a browser's outbox cannot hold back the good ones. Only where none is good is the answer an error.
pub async fn store(call: &mut Call, site: &str) -> Outcome<Response> {
    let site = call.site(site)?;
    let visitor = call.visitor(&site)?;
    call.limited(visitor.as_deref()).await?;
    let given = match body::json(&mut call.request, LIMIT).await? {
        Value::Array(given) if given.is_empty() => {
            return Err(Problem::bad_request("The array holds no message."));
        }
        Value::Array(given) if given.len() > MAX_MESSAGES => {
            return Err(Problem::bad_request(format!(
                "The array holds {} messages; send at most {MAX_MESSAGES} at once.",
                given.len()
            )));
        }
        Value::Array(given) => given,
        one => vec![one],
    };
    let read: Vec<Result<Message, Invalid>> = given.iter().map(Message::from_json).collect();
    let mut good: Vec<Message> = read.iter().filter_map(|message| message.as_ref().ok().cloned()).collect();
    if good.is_empty() {
        let first =
            read.into_iter().find_map(Result::err).unwrap_or_else(|| Invalid::at("", "Says nothing."));
        let results: Vec<Value> =
            given.iter().map(|value| result(value, Message::from_json(value).err())).collect();
        return Err(Problem::invalid(first).with("results", results));
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
    let results: Vec<Value> =
        given.iter().zip(read).map(|(value, message)| result(value, message.err())).collect();
    reply::json(200, &json!({ "results": results }))
}

fn result(given: &Value, wrong: Option<Invalid>) -> Value {
    let id = given.get("id").filter(|id| id.is_string()).cloned().unwrap_or_default();
    match wrong {
        None => json!({ "id": id, "status": "stored" }),
        Some(wrong) => json!({ "id": id, "status": "invalid", "problem": Problem::invalid(wrong).body() }),
    }
}
