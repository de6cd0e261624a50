//! Client of a site's object.

use std::time::Duration;

use collector_core::{Jurisdiction, SiteId};
use wasm_bindgen::prelude::*;
use worker::js_sys::Promise;
use worker::{Error, ObjectNamespace, Stub, wasm_bindgen};

use super::context::RequestContext;
use crate::fetch::{FetchError, within};
use crate::http::{ApiResult, Problem, response, text};
use crate::json_object::{self, JsonObject, to_json};
use crate::log;
use crate::protocol::{Command, DONE, REPLY_HEADER};
use crate::timer::Deadline;

/// Time within which an object has to reply. After it the caller is told to retry; ids make that
/// safe.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Namespace of objects, for the function that the `worker` crate does not bind.
    type JurisdictionalNamespace;

    #[wasm_bindgen(method, catch)]
    fn jurisdiction(this: &JurisdictionalNamespace, name: &str) -> Result<JsValue, JsValue>;

    /// Stub of an object of ours.
    type ObjectStub;

    /// Calls the object by the runtime's RPC. A `fetch` would need a request, headers and a
    /// response for each call, all of which cross into WebAssembly.
    #[wasm_bindgen(method, catch)]
    fn handle(this: &ObjectStub, command: &str, body: &str) -> Result<Promise, JsValue>;
}

/// Client of the object of one site.
pub struct SiteClient<'a> {
    context: &'a RequestContext,
    name: &'a str,
    jurisdiction: Option<Jurisdiction>,
}

/// Reply of an object: nothing where it did what it was told, or a response, which is for the
/// caller unless its status says otherwise.
pub struct SiteReply(Option<web_sys::Response>);

impl<'a> SiteClient<'a> {
    /// Creates a client. Nothing is sent yet.
    pub fn new(context: &'a RequestContext, site: &'a SiteId) -> Self {
        Self { context, name: site.as_str(), jurisdiction: site.jurisdiction() }
    }

    /// Creates a client of an object that is no site's.
    pub fn with_name(context: &'a RequestContext, name: &'a str) -> Self {
        Self { context, name, jurisdiction: None }
    }

    /// Sends a command; fails with 503 after [`REPLY_TIMEOUT`] or where the object fails, and with
    /// 507 where its disk is full.
    pub async fn send(&self, command: &Command, body: Option<&str>) -> ApiResult<SiteReply> {
        let call = Call { name: self.name, deadline: &self.context.deadline, timeout: REPLY_TIMEOUT };
        call.send(self.stub()?, &to_json(command), body).await
    }

    /// Returns the stub of the object. This is the one place that names a site's object.
    fn stub(&self) -> ApiResult<Stub> {
        let mut namespace = self.context.env.durable_object("SITES")?;
        if let Some(jurisdiction) = self.jurisdiction {
            namespace = within_jurisdiction(namespace, jurisdiction)?;
        }
        Ok(namespace.get_by_name(self.name)?)
    }
}

/// Returns the part of the namespace whose objects stay in the jurisdiction. Plain workerd has one
/// machine and no jurisdictions: there the namespace itself is returned.
fn within_jurisdiction(namespace: ObjectNamespace, jurisdiction: Jurisdiction) -> ApiResult<ObjectNamespace> {
    let inner: &JurisdictionalNamespace = namespace.as_ref().unchecked_ref();
    match inner.jurisdiction(jurisdiction.as_str()) {
        Ok(part) => Ok(ObjectNamespace::unchecked_from_js(part)),
        Err(error) if Error::from(error.clone()).to_string().contains("not implemented in workerd") => {
            Ok(namespace)
        }
        Err(error) => Err(Error::from(error).into()),
    }
}

/// Call to an object with that name.
pub struct Call<'a> {
    pub name: &'a str,
    pub deadline: &'a Deadline,
    pub timeout: Duration,
}

impl Call<'_> {
    /// Sends a command; fails with 503 after the timeout.
    pub async fn send(&self, stub: Stub, command: &str, body: Option<&str>) -> ApiResult<SiteReply> {
        let stub = stub.into_rpc::<ObjectStub>();
        let reply = stub.handle(command, body.unwrap_or_default());
        match within(self.deadline, reply, self.timeout).await {
            Ok(reply) => Ok(SiteReply((!reply.is_undefined()).then(|| reply.unchecked_into()))),
            Err(FetchError::Failed(error)) => {
                log::error("object-failed", self.name, &error);
                Err(Problem::if_storage_full(&error).unwrap_or_else(Problem::unavailable))
            }
            Err(FetchError::TimedOut) => Err(Problem::busy()),
        }
    }
}

impl SiteReply {
    /// Returns the HTTP status; [`DONE`] where the reply is nothing.
    pub fn status(&self) -> u16 {
        self.0.as_ref().map_or(DONE, web_sys::Response::status)
    }

    /// Returns the reply in [`REPLY_HEADER`].
    pub fn header<T: JsonObject>(&self) -> ApiResult<T> {
        let header = self.response()?.headers().get(REPLY_HEADER).map_err(Error::from)?;
        json_object::from_json(&header.unwrap_or_default())
    }

    /// Reads the body as text.
    pub async fn text(&self) -> ApiResult<String> {
        text::read(self.response()?).await
    }

    /// Reads the body as a reply in JSON.
    pub async fn json<T: JsonObject>(&self) -> ApiResult<T> {
        json_object::from_json(&self.text().await?)
    }

    /// Returns the reply as the response to the caller.
    pub fn into_response(self) -> ApiResult<web_sys::Response> {
        self.0.map_or_else(|| Ok(response::empty(DONE)?.into()), Ok)
    }

    /// Returns the response.
    pub fn response(&self) -> ApiResult<&web_sys::Response> {
        self.0.as_ref().ok_or_else(|| Problem::internal("a reply without a response"))
    }
}
