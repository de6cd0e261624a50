//! HTTP client for a site's endpoints, as a browser and as an owner's program.

use std::fmt;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, RequestBuilder, Url};
use serde_json::{Value, json};

/// Maximum number of responses per page of the list.
const PAGE: usize = 200;

/// Polls every 20 ms until there is a result and returns it. Panics after ten seconds.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed().as_secs() < 10, "it did not come to this: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// A complete HTTP response.
#[derive(Debug)]
pub struct HttpResponse {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Sends a request and reads the whole response.
pub async fn send(request: RequestBuilder) -> HttpResponse {
    try_send(request).await.unwrap_or_else(|error| panic!("no answer: {error:?}"))
}

/// Sends a request that may fail without a response.
pub async fn try_send(request: RequestBuilder) -> Result<HttpResponse, reqwest::Error> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(HttpResponse { status, headers, body: response.bytes().await?.into() })
}

impl HttpResponse {
    /// Returns a header as text, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    /// Parses the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {self}"))
    }

    /// Returns the JSON of a response that must be 200.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self}");
        self.json()
    }

    /// Asserts that this is a complete problem of RFC 9457 with that status, and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        assert_eq!(self.header("access-control-allow-origin"), "*", "a page must be able to read it: {self}");
        let problem = self.json();
        assert_problem(&problem, status);
        problem
    }

    /// Asserts that this is a 422 with that pointer, and returns the problem.
    #[track_caller]
    pub fn invalid_at(&self, pointer: &str) -> Value {
        let problem = self.problem(422);
        assert_eq!(problem["pointer"].as_str().unwrap_or(""), pointer, "{problem}");
        problem
    }
}

impl fmt::Display for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {}", self.status, body.chars().take(600).collect::<String>())
    }
}

/// Asserts that a JSON value has the members of a problem.
#[track_caller]
pub fn assert_problem(problem: &Value, status: u16) {
    assert_eq!(problem["status"], status, "{problem}");
    for member in ["type", "title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {problem}");
    }
    let detail = problem["detail"].as_str().unwrap_or_default();
    assert!(detail.ends_with('.'), "a sentence: {detail}");
}

/// A site with its keys.
#[derive(Debug, Clone)]
pub struct Site {
    pub id: String,
    pub owner: String,
    pub read: String,
    http: Client,
    collector: String,
}

impl Site {
    /// Creates the client from the response to the site's creation.
    pub fn created(http: Client, collector: String, answer: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text in {answer}")).to_owned();
        let keys = &answer["keys"];
        Self {
            id: text(&answer["site"]),
            owner: text(&keys["owner"]),
            read: text(&keys["read"]),
            http,
            collector,
        }
    }

    /// Returns the site at a collector with another URL.
    pub fn at(&self, collector: String) -> Self {
        Self { collector, ..self.clone() }
    }

    /// Returns a client with another site id in its requests.
    pub fn with_id(&self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self.clone() }
    }

    /// Returns a client with another key in place of the owner key.
    pub fn with_owner_key(&self, key: &str) -> Self {
        Self { owner: key.to_owned(), ..self.clone() }
    }

    /// Returns the URL of an endpoint, with or without a query. An empty endpoint is the site
    /// itself.
    pub fn url(&self, endpoint: &str) -> String {
        let slash = if endpoint.is_empty() || endpoint.starts_with('?') { "" } else { "/" };
        format!("{}/v1/sites/{}{slash}{endpoint}", self.collector, self.id)
    }

    /// Builds a request to an endpoint. An empty key sends no `Authorization` header.
    pub fn asking(&self, method: &str, endpoint: &str, key: &str) -> RequestBuilder {
        let method: Method = method.parse().expect("a method");
        let request = self.http.request(method, self.url(endpoint));
        if key.is_empty() { request } else { request.bearer_auth(key) }
    }

    /// Sends a request with the owner key, and with a JSON body unless `body` is `null`.
    pub async fn owner_request(&self, method: &str, endpoint: &str, body: Value) -> HttpResponse {
        let request = self.asking(method, endpoint, &self.owner);
        send(if body.is_null() { request } else { request.json(&body) }).await
    }

    /// Returns the JSON of an endpoint, read with the owner key.
    pub async fn owner_get(&self, endpoint: &str) -> Value {
        self.get(endpoint, &self.owner).await.ok()
    }

    /// Returns the result of `due` for a user, requested as a page does.
    pub async fn due(&self, user: &str) -> Value {
        let mut url = Url::parse(&self.url("due")).expect("a URL");
        url.query_pairs_mut().append_pair("user", user);
        send(self.http.get(url)).await.ok()
    }

    /// Changes the settings and returns them. The change must be accepted.
    pub async fn patch_settings(&self, body: Value) -> Value {
        self.owner_request("PATCH", "", body).await.ok()
    }

    /// Waits until no background work is in progress and returns the settings.
    pub async fn settled(&self) -> Value {
        until("nothing in progress", async || {
            let site = self.owner_get("").await;
            (site["in_progress"] == json!({ "properties": [], "timezone": false })).then_some(site)
        })
        .await
    }

    /// Returns the URL of the site's loader.
    pub fn loader_url(&self) -> String {
        format!("{}/e/{}.js", self.collector, self.id)
    }

    /// Builds a POST to `responses` as a page sends it: `text/plain`, without a key.
    pub fn posting(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.http.post(self.url("responses")).header(CONTENT_TYPE, "text/plain;charset=UTF-8").body(body)
    }

    /// Sends a message, or an array of them.
    pub async fn post(&self, message: &Value) -> HttpResponse {
        send(self.posting(message.to_string())).await
    }

    /// Sends a message, or an array of them, each of which must be stored.
    #[track_caller]
    pub fn store(&self, message: Value) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post(&message).await;
            assert_eq!(answer.status, 200, "{caller}: {answer}");
            let results = answer.json()["results"].take();
            let sent = message.as_array().map_or(1, Vec::len);
            assert_eq!(results.as_array().map(Vec::len), Some(sent), "{caller}: {results}");
            for result in results.as_array().into_iter().flatten() {
                assert_eq!(result["status"], "stored", "{caller}: {result}");
            }
        }
    }

    /// Gets an endpoint with a key.
    pub async fn get(&self, endpoint: &str, key: &str) -> HttpResponse {
        send(self.http.get(self.url(endpoint)).header(AUTHORIZATION, format!("Bearer {key}"))).await
    }

    /// Posts to one of the site's endpoints with the owner key.
    pub async fn owner_post(&self, endpoint: &str, body: &Value) -> HttpResponse {
        send(self.http.post(self.url(endpoint)).bearer_auth(&self.owner).body(body.to_string())).await
    }

    /// Requests the score with the read key. The query may be empty.
    pub async fn try_score(&self, query: &str) -> HttpResponse {
        self.get(&format!("score?{query}"), &self.read).await
    }

    /// Returns the score for a valid query.
    pub async fn score(&self, query: &str) -> Value {
        self.try_score(query).await.ok()
    }

    /// Waits until the score matches and returns it. Panics after ten seconds.
    pub async fn score_when(&self, what: &str, come: impl Fn(&Value) -> bool) -> Value {
        until(what, async || Some(self.score("").await).filter(&come)).await
    }

    /// Requests a page of the responses with the owner key.
    pub async fn page(&self, query: &str) -> HttpResponse {
        self.get(&format!("responses?{query}"), &self.owner).await
    }

    /// Returns every response, newest first, over all pages.
    pub async fn responses(&self) -> Vec<Value> {
        self.responses_of("", PAGE).await
    }

    /// Returns the responses that match a filter, requested in pages of `limit` responses.
    pub async fn responses_of(&self, filter: &str, limit: usize) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.page(&format!("limit={limit}{cursor}&{filter}")).await.ok();
            match page["responses"].take() {
                Value::Array(responses) => all.extend(responses),
                other => panic!("no responses: {other}"),
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }

    /// Returns everything that an owner can see, to compare before with after.
    pub async fn state(&self) -> Value {
        json!({ "score": self.score("").await, "responses": self.responses().await })
    }

    /// Imports a file with the owner key. The query may be empty.
    pub async fn import(
        &self,
        body: impl Into<reqwest::Body>,
        query: &str,
        content_type: &str,
    ) -> HttpResponse {
        let url = self.url(&format!("import?{query}"));
        send(self.http.post(url).bearer_auth(&self.owner).header(CONTENT_TYPE, content_type).body(body)).await
    }

    /// Imports CSV without a rejected line and returns the counts.
    pub async fn import_csv(&self, csv: impl Into<reqwest::Body>, query: &str) -> Value {
        let imported = self.import(csv, query, "text/csv").await.ok();
        assert_eq!(imported["rejected"], 0, "{imported}");
        imported
    }

    /// Returns the usage of the site's object since it started.
    pub async fn usage(&self) -> Value {
        self.get("usage", &self.owner).await.ok()
    }
}
