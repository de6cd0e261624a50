//! Asking a site's object.

use std::time::Duration;

use collector_core::SiteId;
use futures_util::future::{Either, select};
use web_sys::RequestInit;
use worker::{Delay, Env, Headers, Request, Response};

use crate::reply::{Outcome, Problem};

/// How long an object may take. A caller waits no longer and is told to come back; ids make that safe.
const DEADLINE: Duration = Duration::from_secs(10);

/// A question for the object of a site.
pub struct Ask<'a> {
    site: &'a SiteId,
    path: String,
    method: &'a str,
    headers: Headers,
    body: Option<String>,
}

impl<'a> Ask<'a> {
    /// A question of ours: one of those that `site::Inner::route` knows by this word, with a query or without.
    pub fn new(site: &'a SiteId, word: impl Into<String>) -> Self {
        Self { site, path: word.into(), method: "POST", headers: Headers::new(), body: None }
    }

    /// What a caller asked. The path goes in a header, as it came: in a URL it would be read once more, and `..` or a backslash
    /// in it could make it another one.
    pub fn forward(site: &'a SiteId, method: &'a str, path: &str, query: &str) -> Outcome<Self> {
        Self { method, ..Self::new(site, format!("?{query}")) }.with_header("x-path", Some(path.to_owned()))
    }

    /// With the key that the caller showed, as its digest: the key itself goes no further.
    pub fn with_key(self, key: Option<String>) -> Outcome<Self> {
        let digest = key.map(|key| collector_core::api_key::key_digest(&key));
        self.with_header("x-key", digest)
    }

    pub fn with_header(self, name: &str, value: Option<String>) -> Outcome<Self> {
        if let Some(value) = value {
            self.headers.set(name, &value)?;
        }
        Ok(self)
    }

    pub fn with_body(self, body: String) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The object's answer, which is meant for the caller as it is; 503 after the deadline.
    pub async fn send(self, env: &Env) -> Outcome<Response> {
        let stub = env.durable_object("SITES")?.get_by_name(self.site.as_str())?;
        let init = RequestInit::new();
        init.set_method(self.method);
        init.set_headers(&self.headers.0);
        if let Some(body) = self.body {
            init.set_body(&body.into());
        }
        let url = format!("https://site/{}", self.path);
        let request = web_sys::Request::new_with_str_and_init(&url, &init);
        let request = Request::from(request.map_err(worker::Error::from)?);
        let answer = std::pin::pin!(stub.fetch_with_request(request));
        match select(answer, Delay::from(DEADLINE)).await {
            Either::Left((Ok(response), _)) => Ok(response),
            Either::Left((Err(error), _)) => {
                worker::console_error!("the object of {} failed: {error}", self.site);
                Err(Problem::internal("the object's failure, reported above"))
            }
            Either::Right(_) => Err(Problem::busy()),
        }
    }
}
