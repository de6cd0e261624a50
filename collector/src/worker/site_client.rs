//! Client of a site's object.

use std::time::Duration;

use collector_core::{Jurisdiction, SiteId};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;
use worker::js_sys::{Object, Reflect};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, Error, ObjectNamespace, Response, Stub, wasm_bindgen};

use crate::fetch::{FetchError, Fetcher, fetch};
use crate::http::{ApiResult, Problem};
use crate::json_object::{self, JsonObject};
use crate::protocol::{self, COMMAND_HEADER, Command, REPLY_HEADER};

/// Time within which an object has to reply. After it the caller is told to retry; ids make that
/// safe.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);
/// URL of every call. An object looks at the command only.
const SITE_URL: &str = "https://site/";

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Namespace of objects, for the function that the `worker` crate does not bind.
    type JurisdictionalNamespace;

    #[wasm_bindgen(method, catch)]
    fn jurisdiction(this: &JurisdictionalNamespace, name: &str) -> Result<JsValue, JsValue>;
}

/// Client of the object of one site.
pub struct SiteClient<'a> {
    env: &'a Env,
    name: &'a str,
    jurisdiction: Option<Jurisdiction>,
}

/// Reply of an object. Unless its status says otherwise it is a response for the caller.
pub struct SiteReply(web_sys::Response);

impl<'a> SiteClient<'a> {
    /// Creates a client. Nothing is sent yet.
    pub fn new(env: &'a Env, site: &'a SiteId) -> Self {
        Self { env, name: site.as_str(), jurisdiction: site.jurisdiction() }
    }

    /// Creates a client of an object that is no site's.
    pub fn with_name(env: &'a Env, name: &'a str) -> Self {
        Self { env, name, jurisdiction: None }
    }

    /// Sends a command; fails with 503 after [`REPLY_TIMEOUT`] or where the object fails, and with
    /// 507 where its disk is full.
    pub async fn send(&self, command: &Command, body: Option<&str>) -> ApiResult<SiteReply> {
        call(self.stub()?, &protocol::to_header(command), body, (self.name, REPLY_TIMEOUT)).await
    }

    /// Returns the stub of the object. This is the one place that names a site's object.
    fn stub(&self) -> ApiResult<Stub> {
        let mut namespace = self.env.durable_object("SITES")?;
        if let Some(jurisdiction) = self.jurisdiction {
            namespace = within(namespace, jurisdiction)?;
        }
        Ok(namespace.get_by_name(self.name)?)
    }
}

/// Returns the part of the namespace whose objects stay in the jurisdiction. Plain workerd has one
/// machine and no jurisdictions: there the namespace itself is returned.
fn within(namespace: ObjectNamespace, jurisdiction: Jurisdiction) -> ApiResult<ObjectNamespace> {
    let inner: &JurisdictionalNamespace = namespace.as_ref().unchecked_ref();
    match inner.jurisdiction(jurisdiction.as_str()) {
        Ok(part) => Ok(ObjectNamespace::unchecked_from_js(part)),
        Err(error) if Error::from(error.clone()).to_string().contains("not implemented in workerd") => {
            Ok(namespace)
        }
        Err(error) => Err(Error::from(error).into()),
    }
}

/// Sends a command to an object with that name; fails with 503 after the timeout.
pub async fn call(
    stub: Stub,
    command: &str,
    body: Option<&str>,
    (name, timeout): (&str, Duration),
) -> ApiResult<SiteReply> {
    let headers = Object::new();
    Reflect::set(&headers, &COMMAND_HEADER.into(), &command.into()).map_err(Error::from)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    if let Some(body) = body {
        init.set_body(&body.into());
    }
    let stub = stub.into_rpc::<Fetcher>();
    match fetch(&stub, SITE_URL, &init, timeout).await {
        Ok(reply) => Ok(SiteReply(reply)),
        Err(FetchError::Failed(error)) => {
            worker::console_error!("the object of {name} failed: {error}");
            Err(Problem::if_storage_full(&error).unwrap_or_else(Problem::unavailable))
        }
        Err(FetchError::TimedOut) => Err(Problem::busy()),
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
