//! Payload of a webhook message.

use serde_json::Value;

use super::{Digest, Event, Format, slack};
use crate::iso8601;

/// Message to a webhook endpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WebhookMessage<'a> {
    /// The site's id.
    pub site: &'a str,
    /// The site's name.
    pub site_name: &'a str,
    /// URL of the owner's page without its slash, where the operator has set a public one.
    pub owner_page: Option<&'a str>,
    /// When it happened, in Unix milliseconds.
    pub at_ms: i64,
    /// Event and its data.
    pub event: EventPayload<'a>,
}

/// Payload of an event. A response and a case are in the shape in which the API lists them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EventPayload<'a> {
    /// A response of any score.
    Response(&'a Value),
    /// A response of a detractor.
    Detractor(&'a Value),
    /// A response of a promoter who agreed to be quoted or to give a reference.
    Promoter(&'a Value),
    /// A case is open longer than it should be.
    CaseOverdue(&'a Value),
    /// A week is over.
    Digest(Digest<'a>),
}

impl<'a> EventPayload<'a> {
    /// Which event it is.
    pub const fn event(&self) -> Event {
        match self {
            EventPayload::Response(_) => Event::Response,
            EventPayload::Detractor(_) => Event::Detractor,
            EventPayload::Promoter(_) => Event::Promoter,
            EventPayload::CaseOverdue(_) => Event::CaseOverdue,
            EventPayload::Digest(_) => Event::Digest,
        }
    }

    /// A response told as that event, as [`Events::of_response`](super::Events::of_response) chose
    /// it; `None` where the event is not of a response.
    pub const fn of_response(event: Event, response: &'a Value) -> Option<Self> {
        match event {
            Event::Response => Some(EventPayload::Response(response)),
            Event::Detractor => Some(EventPayload::Detractor(response)),
            Event::Promoter => Some(EventPayload::Promoter(response)),
            Event::CaseOverdue | Event::Digest => None,
        }
    }

    /// Returns the id of the response that it is about.
    fn response_id(&self) -> Option<&'a str> {
        match self {
            EventPayload::Response(it)
            | EventPayload::Detractor(it)
            | EventPayload::Promoter(it)
            | EventPayload::CaseOverdue(it) => it.get("id")?.as_str(),
            EventPayload::Digest(_) => None,
        }
    }

    /// Returns the data as JSON text.
    fn data(&self) -> String {
        match self {
            EventPayload::Response(it)
            | EventPayload::Detractor(it)
            | EventPayload::Promoter(it)
            | EventPayload::CaseOverdue(it) => it.to_string(),
            EventPayload::Digest(digest) => format!(
                r#"{{"from":"{}","to":"{}","line":{},"report":{}}}"#,
                digest.report.query.from,
                digest.report.query.to,
                Value::from(digest.line()),
                // A report holds nothing that JSON cannot say.
                serde_json::to_string(digest.report).unwrap_or_else(|_| "null".into()),
            ),
        }
    }
}

impl WebhookMessage<'_> {
    /// The body of the message in that format. It is made once and signed as it is: a receiver
    /// checks the bytes.
    pub fn body(&self, format: Format) -> String {
        match format {
            Format::Json => self.json(),
            Format::Slack => slack::body(self).to_string(),
        }
    }

    /// Returns the address of the response on the owner's page.
    pub(super) fn response_url(&self) -> Option<String> {
        let (base, id) = (self.owner_page?, self.event.response_id()?);
        Some(format!("{base}/?site={}&view=comments&range=all&response={id}", self.site))
    }

    /// `{"type", "timestamp", "site", "url", "data"}`; the type is the word of the event.
    fn json(&self) -> String {
        let url = self.response_url().map(|url| format!(r#""url":{},"#, Value::from(url)));
        format!(
            r#"{{"type":"{}","timestamp":"{}","site":{{"id":{},"name":{}}},{}"data":{}}}"#,
            self.event.event().as_str(),
            iso8601::format(self.at_ms),
            Value::from(self.site),
            Value::from(self.site_name),
            url.unwrap_or_default(),
            self.event.data(),
        )
    }
}
