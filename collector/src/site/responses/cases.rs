//! Cases: what the owner does about a response. Tags, a note, an assignee and a state.

use api::CaseState;
use api::{ResponseId, ValidationError};
use collector_core::case_state;
use serde_json::{Map, Value, json};
use worker::SqlStorageValue;

use super::{get_response, marks, sql_id};
use crate::http::{ApiResult, Problem, Response, etag, response};
use crate::site::clock::{iso_sql, now_ms};
use crate::site::fields::{known_fields, optional_line};
use crate::site::request::ApiRequest;
use crate::site::state::SiteState;
use crate::site::webhooks::events;

const MAX_TAGS: usize = 20;
/// The longest tag, in characters.
const MAX_TAG: usize = 40;
/// The longest note, in characters.
const MAX_NOTE: usize = 2_000;
/// The longest name of an assignee, in characters.
const MAX_ASSIGNEE: usize = 100;
const FIELDS: [&str; 5] = ["tags", "note", "state", "assignee", "mark"];

/// `PATCH …/responses/ID`: changes the fields that are given and leaves the others (JSON Merge
/// Patch, RFC 7396); `null` clears a field.
pub async fn patch(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    let before = get_response(&site.database, id)?;
    request.check_if_match(&etag::of_text(&before))?;
    let given = request.json()?;
    let fields = known_fields(&given, &FIELDS, r#"{"state": "done"}"#)?;
    let key = ResponseId::parse(id).ok_or_else(|| Problem::not_found("response with this id"))?;
    let (mut set, mut values): (Vec<String>, Vec<SqlStorageValue>) = (vec![], vec![]);
    if fields.contains_key("tags") {
        set.push("tags = ?".into());
        values.push(tags(fields)?.into());
    }
    if fields.contains_key("note") {
        set.push("note = ?".into());
        values.push(note(fields)?.into());
    }
    if fields.contains_key("assignee") {
        set.push("assignee = ?".into());
        values.push(optional_line(fields, "assignee", MAX_ASSIGNEE)?.into());
    }
    if let Some(state) = fields.get("state") {
        let state = state.as_str().and_then(CaseState::parse).ok_or_else(|| {
            let names = CaseState::ALL.map(CaseState::as_str).join(", ");
            ValidationError::new("/state", format!("`state` must be one of: {names}."))
        })?;
        let scored = "SELECT 'yes' FROM response WHERE id = ? AND score IS NOT NULL";
        if site.database.text(scored, vec![sql_id(key)])?.is_none() {
            return Err(ValidationError::new("/state", "Only a response with a score can be a case.").into());
        }
        let state = state.number();
        // The first step away from open is the first contact.
        set.push(
            "state = ?, contacted = CASE WHEN ? > 0 THEN ifnull(contacted, ?) ELSE contacted END".into(),
        );
        let deadline = case_state::deadline_sql("");
        set.push(format!("due = iif(state IS NULL, ifnull({deadline}, due), due)"));
        values.extend([state.into(), state.into(), now_ms().into()]);
    }
    let mark = fields.get("mark").map(marks::read).transpose()?;
    site.transaction(|| {
        if !set.is_empty() {
            values.push(sql_id(key));
            let update = format!("UPDATE response SET {} WHERE id = ?", set.join(", "));
            site.database.run(&update, values)?;
        }
        if let Some(mark) = mark {
            marks::set(site, &[key.to_hex()], mark)?;
        }
        events::schedule_overdue(site)
    })?;
    let patched = response::tagged(get_response(&site.database, id)?, None);
    site.scheduler.set_alarm().await?;
    Ok(patched)
}

/// `GET …/cases`: the number of cases, and how soon people hear from the owner.
pub fn summary(site: &SiteState) -> ApiResult<Response> {
    let counts = CaseState::ALL
        .map(|state| format!("'{}', count(*) FILTER (WHERE {})", state.as_str(), case_state::is_sql(state)))
        .join(", ");
    let is_unfinished = case_state::is_unfinished_sql();
    // The median is the middle value, or the mean of the two in the middle.
    let query = format!(
        "WITH waited AS (SELECT contacted - at AS ms FROM response WHERE state IS NOT NULL \
            AND mark IS NULL AND contacted IS NOT NULL), \
            middle AS (SELECT ms FROM waited ORDER BY ms LIMIT 2 - (SELECT count(*) FROM waited) % 2 \
                       OFFSET (SELECT (count(*) - 1) / 2 FROM waited)) \
        SELECT json_object( \
            {counts}, \
            'overdue', count(*) FILTER (WHERE {is_unfinished} AND due < ?), \
            'next_due_at', {}, \
            'contacted', (SELECT count(*) FROM waited), \
            'median_hours_to_first_contact', (SELECT avg(ms) / 3600000.0 FROM middle)) \
        FROM response WHERE state IS NOT NULL AND mark IS NULL",
        iso_sql(&format!("min(due) FILTER (WHERE {is_unfinished})"))
    );
    site.database.json_response(200, &query, vec![now_ms().into()])
}

/// Returns the tags as the JSON text that is stored; `None` for none.
fn tags(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    let given = match fields.get("tags") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(given)) if given.len() <= MAX_TAGS => given,
        Some(_) => {
            let detail = format!("`tags` must be an array of at most {MAX_TAGS} tags.");
            return Err(ValidationError::new("/tags", detail));
        }
    };
    let mut tags: Vec<&str> = Vec::new();
    for (index, tag) in given.iter().enumerate() {
        let tag = tag.as_str().map(str::trim).unwrap_or_default();
        if tag.is_empty() || tag.chars().count() > MAX_TAG || tag.chars().any(char::is_control) {
            let detail = format!("A tag must be text of 1 to {MAX_TAG} characters.");
            return Err(ValidationError::new(format!("/tags/{index}"), detail));
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok((!tags.is_empty()).then(|| json!(tags).to_string()))
}

fn note(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    match fields.get("note") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(note)) if note.chars().count() <= MAX_NOTE && !note.contains('\0') => {
            Ok((!note.trim().is_empty()).then(|| note.clone()))
        }
        Some(_) => Err(ValidationError::new(
            "/note",
            format!("`note` must be text of at most {MAX_NOTE} characters."),
        )),
    }
}
