//! Client that calls operations by id, checks each response against the OpenAPI document, and
//! records the statuses.

use std::cell::RefCell;
use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use tests::client::{HttpResponse, send};
use tests::openapi::Document;
use tests::{Collector, Site};

use super::{PathParameters, address, asset, path_parameters};

/// Builder of a request to an operation.
#[derive(Default)]
pub struct OperationRequest {
    path_parameters: Vec<(&'static str, String)>,
    query: String,
    key: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl OperationRequest {
    pub fn param(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path_parameters.push((name, value.into()));
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

/// Returns an empty request.
pub fn request() -> OperationRequest {
    OperationRequest::default()
}

/// Calls operations and records the statuses that they returned.
pub struct OperationClient<'a> {
    pub collector: &'a Collector,
    pub document: &'a Document,
    pub site: &'a Site,
    /// Path parameters of requests that do not set their own.
    path_parameters: RefCell<PathParameters>,
    pub produced: RefCell<BTreeSet<(String, u16)>>,
}

impl<'a> OperationClient<'a> {
    pub fn new(collector: &'a Collector, document: &'a Document, site: &'a Site) -> Self {
        let path_parameters = RefCell::new(path_parameters(&site.id, &asset(collector)));
        Self { collector, document, site, path_parameters, produced: RefCell::default() }
    }

    /// Sends a request. Without a key of its own it carries the owner key or the admin token if the
    /// operation requires one.
    pub async fn send(&self, operation: &str, parts: OperationRequest) -> HttpResponse {
        let operations = self.document.operations();
        let found = operations.iter().find(|(_, _, it)| it["operationId"] == operation);
        let (path, method, described) = found.unwrap_or_else(|| panic!("there is no {operation}"));
        let mut path_parameters = self.path_parameters.borrow().clone();
        path_parameters.extend(parts.path_parameters);
        let url = format!("{}{}?{}", self.collector.url(), address(path, &path_parameters), parts.query);
        let mut request = self.collector.http().request(Method::clone(method), url.trim_end_matches('?'));
        let needs =
            |name: &str| described["security"].as_array().unwrap().iter().any(|one| one.get(name).is_some());
        let default_key = match () {
            () if needs("adminToken") => Some(self.collector.admin_token()),
            () if needs("ownerKey") => Some(self.site.owner.as_str()),
            () => None,
        };
        if let Some(key) = parts.key.as_deref().or(default_key) {
            request = request.bearer_auth(key);
        }
        for (name, value) in parts.headers {
            request = request.header(name, value);
        }
        if let Some(body) = parts.body {
            request = request.body(body);
        }
        send(request).await
    }

    /// Sends a request and asserts that its response has that status and matches the document.
    pub async fn expect(&self, operation: &str, status: u16, request: OperationRequest) -> HttpResponse {
        let response = self.send(operation, request).await;
        assert_eq!(response.status, status, "{operation}: {response}");
        self.document.check(operation, &response);
        self.produced.borrow_mut().insert((operation.to_owned(), status));
        response
    }

    /// Repeats a request until its response has that status.
    pub async fn until(
        &self,
        operation: &str,
        status: u16,
        request: impl Fn() -> OperationRequest,
    ) -> HttpResponse {
        for _ in 0..2_100 {
            let response = self.send(operation, request()).await;
            if response.status == status {
                self.document.check(operation, &response);
                self.produced.borrow_mut().insert((operation.to_owned(), status));
                return response;
            }
        }
        panic!("2,100 requests of {operation} have not produced {status}");
    }

    /// Repeats a request until the JSON of its 200 response matches. Fails after 30 seconds.
    pub async fn until_json(&self, operation: &str, matches: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..600 {
            let body = self.expect(operation, 200, request()).await.json();
            if matches(&body) {
                return body;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{operation} never returned the expected JSON");
    }

    /// Sets a path parameter of all later requests.
    pub fn set_param(&self, name: &'static str, value: &Value) {
        let value = value.as_str().unwrap_or_else(|| panic!("no {name}: {value}")).to_owned();
        self.path_parameters.borrow_mut().insert(name, value);
    }

    /// Returns the operations that describe a status.
    pub fn operations_with(&self, status: u16) -> Vec<String> {
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
