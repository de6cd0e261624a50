//! Asks operations by their ids, holds each answer to the description, and notes which there were.

use std::cell::RefCell;
use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use tests::client::{Answer, send};
use tests::openapi::Document;
use tests::{Collector, Site};

use super::{Things, address, asset, things};

/// A request to an operation, before its parts are put together.
#[derive(Default)]
pub struct Call {
    things: Vec<(&'static str, String)>,
    query: String,
    key: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub fn thing(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.things.push((name, value.into()));
        self
    }

    pub fn query(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    pub fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn json(self, body: Value) -> Self {
        self.bytes(body.to_string())
    }

    pub fn bytes(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }
}

/// A request without anything of its own.
pub fn call() -> Call {
    Call::default()
}

/// Asks operations and notes which answers there were.
pub struct Asker<'a> {
    pub collector: &'a Collector,
    pub document: &'a Document,
    pub site: &'a Site,
    /// Path parameters of the requests, unless a request has its own.
    things: RefCell<Things>,
    pub produced: RefCell<BTreeSet<(String, u16)>>,
}

impl<'a> Asker<'a> {
    pub fn new(collector: &'a Collector, document: &'a Document, site: &'a Site) -> Self {
        let things = RefCell::new(things(&site.id, &asset(collector)));
        Self { collector, document, site, things, produced: RefCell::default() }
    }

    /// Sends a request; with the owner's key or the admin's token where the operation needs one and
    /// no other is given.
    pub async fn send(&self, operation: &str, call: Call) -> Answer {
        let operations = self.document.operations();
        let found = operations.iter().find(|(_, _, it)| it["operationId"] == operation);
        let (path, method, described) = found.unwrap_or_else(|| panic!("there is no {operation}"));
        let mut things = self.things.borrow().clone();
        things.extend(call.things);
        let url = format!("{}{}?{}", self.collector.url(), address(path, &things), call.query);
        let mut request = self.collector.http().request(Method::clone(method), url.trim_end_matches('?'));
        let needs =
            |name: &str| described["security"].as_array().unwrap().iter().any(|one| one.get(name).is_some());
        let own = match () {
            () if needs("adminToken") => Some(self.collector.admin_token()),
            () if needs("ownerKey") => Some(self.site.owner.as_str()),
            () => None,
        };
        if let Some(key) = call.key.as_deref().or(own) {
            request = request.bearer_auth(key);
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.body(body);
        }
        send(request).await
    }

    /// Sends a request, and asserts that it is answered with that status and as described.
    pub async fn ask(&self, operation: &str, status: u16, call: Call) -> Answer {
        let answer = self.send(operation, call).await;
        assert_eq!(answer.status, status, "{operation}: {answer}");
        self.document.check(operation, &answer);
        self.produced.borrow_mut().insert((operation.to_owned(), status));
        answer
    }

    /// Asks again and again, until the answer has that status.
    pub async fn until(&self, operation: &str, status: u16, call: impl Fn() -> Call) -> Answer {
        for _ in 0..2_000 {
            let answer = self.send(operation, call()).await;
            if answer.status == status {
                self.document.check(operation, &answer);
                self.produced.borrow_mut().insert((operation.to_owned(), status));
                return answer;
            }
        }
        panic!("two thousand requests of {operation} have not brought about {status}");
    }

    /// Asks until the answer, 200, is so; fails after half a minute.
    pub async fn until_json(&self, operation: &str, come: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..600 {
            let body = self.ask(operation, 200, call()).await.json();
            if come(&body) {
                return body;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{operation} did not come to it");
    }

    /// Sets a path parameter of all later requests.
    pub fn now(&self, name: &'static str, value: &Value) {
        let value = value.as_str().unwrap_or_else(|| panic!("no {name}: {value}")).to_owned();
        self.things.borrow_mut().insert(name, value);
    }

    /// The operations that describe a status.
    pub fn with(&self, status: u16) -> Vec<String> {
        let ids = self
            .document
            .operations()
            .into_iter()
            .map(|(_, _, it)| it["operationId"].as_str().unwrap().to_owned());
        ids.filter(|id| self.document.statuses(id).contains(&status)).collect()
    }

    pub fn has_body(&self, operation: &str) -> bool {
        self.document.operation(operation).get("requestBody").is_some()
    }
}
