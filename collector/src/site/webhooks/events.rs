//! Events, as deliveries to the webhooks that subscribe to them.

use api::report::{ScoreQuery, ScoreReport};
use api::{Period, ResponseId};
use collector_core::case_state;
use collector_core::webhook::{Digest, Event, EventPayload, WebhookMessage, digest_due};
use nps::Category;
use serde_json::Value;

use super::queue::{NewDelivery, enqueue};
use super::store::Webhook;
use crate::http::{ApiResult, Problem};
use crate::log;
use crate::public_url::PublicUrl;
use crate::site::clock::now_ms;
use crate::site::responses::get_response;
use crate::site::scheduler::Task;
use crate::site::state::SiteState;
use crate::site::{meta, score};

/// Bit of `told`: the event of the response was sent.
const RESPONSE_SENT: i64 = 1;
/// Bit of `told`: the event of a promoter that agrees to be named was sent.
const PROMOTER_SENT: i64 = 2;
/// The most responses of one run, besides that of the task.
const RESPONSE_PAGE: i32 = 49;
/// Delay after which the events of a response are tried again.
const RETRY_MS: i64 = 30_000;
/// The most overdue cases of one run.
const PAGE: i32 = 100;
/// The name in `meta` of the time up to which events of overdue cases were sent.
const OVERDUE_UPTO: &str = "overdue_told";

/// Enqueues the events of a response and of others that are due, the oldest first, so that the
/// newest delivery is of the newest response.
pub fn enqueue_due_response_events(site: &SiteState, first: &str) -> ApiResult<()> {
    let others = "SELECT json_group_array(subject) FROM ( \
        SELECT subject FROM due WHERE kind = ? AND at <= ? ORDER BY at LIMIT ?)";
    let values = vec![Task::ResponseEvents.as_str().into(), now_ms().into(), RESPONSE_PAGE.into()];
    let mut ids: Vec<String> = site.database.json(others, values)?;
    ids.insert(0, first.to_owned());
    for id in &ids {
        // One that fails is tried again alone, and undoes none of the others.
        if let Err(problem) = site.transaction(|| enqueue_response_events(site, id)) {
            log::problem("events-failed", id, &problem);
            site.scheduler.reschedule(Task::ResponseEvents, id, now_ms() + RETRY_MS)?;
        }
    }
    Ok(())
}

fn enqueue_response_events(site: &SiteState, id: &str) -> ApiResult<()> {
    site.scheduler.cancel(Task::ResponseEvents, id)?;
    // Erased meanwhile: there is nothing to send.
    let Ok(response) = find_response(site, id) else { return Ok(()) };
    let view = webhook_view(&response)?;
    // A comment alone is no response yet; its score may still come, and is sent then.
    let category = view.get("category").and_then(Value::as_str).and_then(Category::parse);
    let Some(category) = category else { return Ok(()) };
    // Marked as a test or as spam: it is sent if the mark is taken back.
    if view.get("mark").is_some_and(Value::is_string) {
        return Ok(());
    }
    let sent = "SELECT json_array(told) FROM response WHERE id = unhex(?)";
    let sent = site.database.number(sent, vec![id.into()])?.unwrap_or_default();
    let consents = view.get("consents").and_then(Value::as_array).cloned().unwrap_or_default();
    let has_agreed = consents.iter().any(|consent| consent == "quote" || consent == "reference");
    for webhook in site.webhooks.list()?.iter() {
        let is_repeated = sent & RESPONSE_SENT != 0;
        let event = webhook.subscribed().of_response(Some(category), has_agreed);
        // A response that was sent is sent once more only to webhooks that wait for promoters.
        let event =
            event.filter(|event| !is_repeated || (*event == Event::Promoter && sent & PROMOTER_SENT == 0));
        if let Some(event) = event
            && let Some(data) = EventPayload::of_response(event, &view)
        {
            enqueue_event(site, webhook, data, id, Some(category))?;
        }
    }
    let sent = sent | RESPONSE_SENT | if has_agreed { PROMOTER_SENT } else { 0 };
    let update = "UPDATE response SET told = ? WHERE id = unhex(?)";
    site.database.run(update, vec![sent.into(), id.into()])?;
    Ok(())
}

/// Schedules the events of overdue cases for the time when the next case is overdue.
pub fn schedule_overdue(site: &SiteState) -> ApiResult<()> {
    if !site.webhooks.any_wants(Event::CaseOverdue)? {
        return site.scheduler.cancel(Task::OverdueEvents, "");
    }
    let is_unfinished = case_state::is_unfinished_sql();
    let query = format!(
        "SELECT json_array(min(due)) FROM response WHERE {is_unfinished} AND mark IS NULL AND due > ?"
    );
    match site.database.number(&query, vec![overdue_upto_ms(site)?.into()])? {
        Some(due_ms) => site.scheduler.schedule(Task::OverdueEvents, "", due_ms + 1),
        None => Ok(()),
    }
}

/// Enqueues the events of cases that are overdue by now.
pub fn enqueue_overdue_events(site: &SiteState) -> ApiResult<()> {
    site.scheduler.cancel(Task::OverdueEvents, "")?;
    let query = format!(
        "SELECT json_group_array(json_array(lower(hex(id)), due)) FROM ( \
        SELECT id, due FROM response WHERE {} AND mark IS NULL AND due > ? AND due < ? \
        ORDER BY due, id LIMIT ?)",
        case_state::is_unfinished_sql()
    );
    let values = vec![overdue_upto_ms(site)?.into(), now_ms().into(), PAGE.into()];
    let found: Vec<(String, i64)> = site.database.json(&query, values)?;
    for (id, _) in &found {
        let view = webhook_view(&find_response(site, id)?)?;
        for webhook in site.webhooks.list()?.iter().filter(|webhook| webhook.wants(Event::CaseOverdue)) {
            enqueue_event(site, webhook, EventPayload::CaseOverdue(&view), id, None)?;
        }
    }
    if let Some((_, due_ms)) = found.last() {
        meta::set(&site.database, OVERDUE_UPTO, &due_ms.to_string())?;
    }
    schedule_overdue(site)
}

/// Schedules the weekly digest, where a webhook subscribes to it.
pub fn schedule_digest(site: &SiteState) -> ApiResult<()> {
    if !site.webhooks.any_wants(Event::Digest)? {
        return site.scheduler.cancel(Task::Digest, "");
    }
    site.scheduler.reschedule(Task::Digest, "", digest_due(&site.settings()?.zone, now_ms()))
}

/// Enqueues the digest of the last whole week, Monday to Sunday.
pub fn enqueue_digest(site: &SiteState) -> ApiResult<()> {
    let report = last_week(site)?;
    for webhook in site.webhooks.list()?.iter().filter(|webhook| webhook.wants(Event::Digest)) {
        let data = EventPayload::Digest(Digest { report: &report });
        enqueue_event(site, webhook, data, "", None)?;
    }
    schedule_digest(site)
}

fn last_week(site: &SiteState) -> ApiResult<ScoreReport> {
    let week = Period::last_week(site.today()?);
    let (from, to) = (week.first().to_string(), week.last().to_string());
    let week = [("from", from.as_str()), ("to", to.as_str()), ("compare", "previous")];
    score::report(site, &ScoreQuery::parse(week.into_iter())?)
}

fn enqueue_event(
    site: &SiteState,
    webhook: &Webhook,
    payload: EventPayload,
    subject: &str,
    category: Option<Category>,
) -> ApiResult<()> {
    let (site_id, settings) = (site.site_id()?, site.settings()?);
    let at_ms = now_ms();
    // A wrong address is told to every request, and holds no event up.
    let owner_page = PublicUrl::configured(&site.env).ok().flatten().map(|url| url.as_base());
    let message = WebhookMessage {
        site: site_id.as_str(),
        site_name: &settings.name,
        owner_page: owner_page.as_deref(),
        at_ms,
        event: payload,
    };
    let body = message.body(webhook.payload_format());
    let event = payload.event().stored();
    enqueue(site, webhook, &NewDelivery { event, subject, body: &body, category })?;
    Ok(())
}

/// Returns the time up to which events of overdue cases were sent.
fn overdue_upto_ms(site: &SiteState) -> ApiResult<i64> {
    let stored = meta::get(&site.database, OVERDUE_UPTO)?;
    Ok(stored.and_then(|at_ms| at_ms.parse().ok()).unwrap_or(0))
}

/// Returns a response as JSON, given its hexadecimal id.
fn find_response(site: &SiteState, hex_id: &str) -> ApiResult<String> {
    let id = ResponseId::from_hex(hex_id).ok_or_else(|| Problem::not_found("response with this id"))?;
    get_response(&site.database, &id.to_string())
}

/// Returns a response as webhooks get it: all that the list has but contact details, which stay
/// here.
fn webhook_view(response: &str) -> ApiResult<Value> {
    let mut view: Value = serde_json::from_str(response).map_err(Problem::internal)?;
    if let Some(members) = view.as_object_mut() {
        members.remove("contact");
    }
    Ok(view)
}
