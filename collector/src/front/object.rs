//! Asking a site's object.

use std::time::Duration;

use futures_util::future::{Either, select};
use nps::{SiteId, site_id};
use worker::{Delay, Env, Headers, Method, Request, RequestInit, Response};

use crate::reply::{Outcome, Problem};

/// How long an object may take. A caller waits no longer and is told to come back; ids make that safe.
const DEADLINE: Duration = Duration::from_secs(10);

/// A question for the object of a site.
pub struct Ask<'a> {
    site: &'a SiteId,
    path: String,
    headers: Headers,
    body: Option<String>,
}

impl<'a> Ask<'a> {
    /// `path` is one of those in `site::Site::route`, with its query.
    pub fn new(site: &'a SiteId, path: impl Into<String>) -> Self {
        Self { site, path: path.into(), headers: Headers::new(), body: None }
    }

    /// With the key that the caller showed, as its digest: the key itself goes no further.
    pub fn with_key(self, key: Option<String>) -> Outcome<Self> {
        let key = key.ok_or_else(Problem::unauthorized)?;
        self.headers.set("x-key", &site_id::key_digest(&key))?;
        Ok(self)
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
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_headers(self.headers).with_body(self.body.map(Into::into));
        let request = Request::new_with_init(&format!("https://site/{}", self.path), &init)?;
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
