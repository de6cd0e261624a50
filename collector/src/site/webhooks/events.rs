//! What happens, as deliveries to those who chose to hear of it.

use api::Period;
use api::report::{ScoreQuery, ScoreReport};
use collector_core::webhook::{Digest, Event, EventPayload, Events, Format, WebhookMessage, digest_due};
use nps::Category;
use serde_json::{Value, json};

use super::Webhook;
use crate::reply::{Outcome, Problem};
use crate::site::Inner;
use crate::site::clock::{iso, now};
use crate::site::due::Task;
use crate::site::people::hyphened;

/// The bits of `told`: that there was an answer, and that a promoter agreed to be named.
const ANSWERED: i64 = 1;
const AGREED: i64 = 2;
/// How many overdue cases are told at once.
const PAGE: i32 = 100;

impl Inner {
    /// Makes the deliveries of one response.
    pub fn tell_response(&self, id: &str) -> Outcome<()> {
        self.cancel(Task::Response, id)?;
        // Erased meanwhile: there is nothing to tell.
        let Ok(response) = self.response(&hyphened(id)) else { return Ok(()) };
        let value = told_of(&response)?;
        // A comment alone is no answer; its score may still come, and be told then.
        let category = value.get("category").and_then(Value::as_str).and_then(Category::parse);
        let Some(category) = category else { return Ok(()) };
        let told = "SELECT json_array(told) FROM response WHERE id = unhex(?)";
        let [told]: [i64; 1] = self.database.json(told, vec![id.into()])?;
        let consents = value.get("consents").and_then(Value::as_array).cloned().unwrap_or_default();
        let agreed = consents.iter().any(|word| word == "quote" || word == "reference");
        for webhook in self.webhooks()?.iter() {
            let again = told & ANSWERED != 0;
            let event = webhook.events().and_then(|events| events.of_response(Some(category), agreed));
            // What was told as an answer is told once more only to those who wait for promoters.
            let event = event.filter(|event| !again || (*event == Event::Promoter && told & AGREED == 0));
            if let Some(event) = event
                && let Some(data) = EventPayload::of_response(event, &value)
            {
                self.notify(webhook, data, id)?;
            }
        }
        let told = told | ANSWERED | if agreed { AGREED } else { 0 };
        let note = "UPDATE response SET told = ? WHERE id = unhex(?)";
        self.database.run(note, vec![told.into(), id.into()])?;
        Ok(())
    }

    /// Plans to look for overdue cases when the next one is due.
    pub fn arm_overdue(&self) -> Outcome<()> {
        if !self.webhooks()?.iter().any(|webhook| webhook.wants(Event::CaseOverdue)) {
            return self.cancel(Task::Overdue, "");
        }
        let query = "SELECT json_array(min(due)) FROM response WHERE state IN (0, 1) AND due > ?";
        let [due]: [Option<i64>; 1] = self.database.json(query, vec![self.overdue_told()?.into()])?;
        match due {
            Some(due) => self.note_due(Task::Overdue, "", due + 1),
            None => Ok(()),
        }
    }

    /// Up to when overdue cases have been told.
    fn overdue_told(&self) -> Outcome<i64> {
        Ok(self.meta("overdue_told")?.and_then(|at| at.parse().ok()).unwrap_or(0))
    }

    /// Makes the deliveries of cases that were due by now.
    pub fn tell_overdue(&self) -> Outcome<()> {
        self.cancel(Task::Overdue, "")?;
        let query = "SELECT json_group_array(json_array(lower(hex(id)), due)) FROM (
            SELECT id, due FROM response WHERE state IN (0, 1) AND due > ? AND due < ? ORDER BY due, id LIMIT ?)";
        let from = self.overdue_told()?;
        let found: Vec<(String, i64)> =
            self.database.json(query, vec![from.into(), now().into(), PAGE.into()])?;
        for (id, _) in &found {
            let value = told_of(&self.response(&hyphened(id))?)?;
            for webhook in self.webhooks()?.iter().filter(|it| it.wants(Event::CaseOverdue)) {
                self.notify(webhook, EventPayload::CaseOverdue(&value), id)?;
            }
        }
        if let Some((_, due)) = found.last() {
            self.set_meta("overdue_told", &due.to_string())?;
        }
        self.arm_overdue()
    }

    /// Plans the weekly digest, where somebody wants it.
    pub fn plan_digest(&self) -> Outcome<()> {
        if !self.webhooks()?.iter().any(|webhook| webhook.wants(Event::Digest)) {
            return self.cancel(Task::Digest, "");
        }
        self.postpone(Task::Digest, "", digest_due(&self.settings()?.zone, now()))
    }

    /// Makes the deliveries of the week that is over, Monday to Sunday.
    pub fn tell_digest(&self) -> Outcome<()> {
        let report = self.last_week()?;
        for webhook in self.webhooks()?.iter().filter(|it| it.wants(Event::Digest)) {
            let data = EventPayload::Digest(Digest { report: &report });
            self.notify(webhook, data, "")?;
        }
        self.plan_digest()
    }

    fn last_week(&self) -> Outcome<ScoreReport> {
        let settings = self.settings()?;
        let week = Period::last_week(self.today(&settings));
        let (from, to) = (week.first().to_string(), week.last().to_string());
        let week = [("from", from.as_str()), ("to", to.as_str()), ("compare", "previous")];
        self.report(&settings, &ScoreQuery::parse(week.into_iter())?)
    }

    fn notify(&self, webhook: &Webhook, event: EventPayload, subject: &str) -> Outcome<()> {
        let (site, settings) = (self.site()?, self.settings()?);
        let notice = WebhookMessage { site: site.as_str(), site_name: &settings.name, at_ms: now(), event };
        self.enqueue(webhook, event.event().as_str(), subject, &notice.body(webhook.format()))
    }

    /// The body of a try.
    pub fn test_body(&self, webhook: &Webhook) -> Outcome<String> {
        let settings = self.settings()?;
        let body = match webhook.format() {
            Format::Slack => {
                json!({ "text": format!("This is a test from Grapevine. {} is connected.", settings.name) })
            }
            Format::Json => json!({
                "type": "test",
                "timestamp": iso(now()),
                "site": { "id": self.site()?.as_str(), "name": settings.name },
                "data": { "message": "This is a test. Nothing happened." },
            }),
        };
        Ok(Value::to_string(&body))
    }
}

/// What is told of a response: all that the list has but how to reach the person, which stays here.
fn told_of(response: &str) -> Outcome<Value> {
    let mut value: Value = serde_json::from_str(response).map_err(Problem::internal)?;
    if let Some(members) = value.as_object_mut() {
        members.remove("contact");
    }
    Ok(value)
}

impl Webhook {
    /// The events that it chose. They were read like this when they were stored.
    fn events(&self) -> Option<Events> {
        Events::from_json(&json!(self.events))
    }

    fn format(&self) -> Format {
        Format::parse(&self.format).unwrap_or_default()
    }
}
