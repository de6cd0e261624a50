//! Client of a site's object.

use std::time::Duration;

use collector_core::SiteId;
use web_sys::RequestInit;
use worker::js_sys::{Object, Reflect};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, Error, Response};

use crate::fetch::{FetchError, Fetcher, fetch};
use crate::http::{ApiResult, Problem};
use crate::json_object::{self, JsonObject};
use crate::protocol::{self, COMMAND_HEADER, Command, REPLY_HEADER};

/// Time within which an object has to reply. After it the caller is told to retry; ids make that
/// safe.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);
/// URL of every call. An object looks at the command only.
const SITE_URL: &str = "https://site/";

/// Client of the object of one site.
pub struct SiteClient<'a> {
    env: &'a Env,
    name: &'a str,
}

/// Reply of an object. Unless its status says otherwise it is a response for the caller.
pub struct SiteReply(web_sys::Response);

impl<'a> SiteClient<'a> {
    /// Creates a client. Nothing is sent yet.
    pub fn new(env: &'a Env, site: &'a SiteId) -> Self {
        Self::with_name(env, site.as_str())
    }

    /// Creates a client of an object that is no site's.
    pub fn with_name(env: &'a Env, name: &'a str) -> Self {
        Self { env, name }
    }

    /// Sends a command; fails with 503 after [`REPLY_TIMEOUT`] or where the object fails, and with
    /// 507 where its disk is full.
    pub async fn send(&self, command: &Command, body: Option<&str>) -> ApiResult<SiteReply> {
        let stub = self.env.durable_object("SITES")?.get_by_name(self.name)?;
        let headers = Object::new();
        let header = protocol::to_header(command);
        Reflect::set(&headers, &COMMAND_HEADER.into(), &header.into()).map_err(Error::from)?;
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        if let Some(body) = body {
            init.set_body(&body.into());
        }
        let stub = stub.into_rpc::<Fetcher>();
        match fetch(Some(&stub), SITE_URL, &init, REPLY_TIMEOUT).await {
            Ok(reply) => Ok(SiteReply(reply)),
            Err(FetchError::Failed(error)) => {
                worker::console_error!("the object of {} failed: {error}", self.name);
                Err(Problem::if_storage_full(&error).unwrap_or_else(Problem::unavailable))
            }
            Err(FetchError::TimedOut) => Err(Problem::busy()),
        }
    }
}

impl SiteReply {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status()
    }

    /// Returns the reply in [`REPLY_HEADER`].
    pub fn header<T: JsonObject>(&self) -> ApiResult<T> {
        let header = self.0.headers().get(REPLY_HEADER).map_err(Error::from)?;
        json_object::from_json(&header.unwrap_or_default())
    }

    /// Reads the body as text.
    pub async fn text(&self) -> ApiResult<String> {
        let text = JsFuture::from(self.0.text().map_err(Error::from)?).await.map_err(Error::from)?;
        text.as_string().ok_or_else(|| Problem::internal("a reply that is not text"))
    }

    /// Reads the body as a reply in JSON.
    pub async fn json<T: JsonObject>(&self) -> ApiResult<T> {
        json_object::from_json(&self.text().await?)
    }

    /// Returns the reply as the response to the caller.
    pub fn into_response(self) -> Response {
        self.0.into()
    }
}
