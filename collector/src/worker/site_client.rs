//! Client of a site's object.

use std::cell::OnceCell;
use std::time::Duration;

use collector_core::{Jurisdiction, SiteId};
use wasm_bindgen::prelude::*;
use worker::js_sys::Promise;
use worker::{Error, ObjectNamespace, Stub, wasm_bindgen};

use super::context::RequestContext;
use crate::fetch::{FetchError, within};
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object::{self, JsonObject, to_json};
use crate::log;
use crate::protocol::{Command, DONE};
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

thread_local! {
    /// Objects of all sites. The binding takes longer to find than to use.
    static SITES: OnceCell<ObjectNamespace> = const { OnceCell::new() };
}

/// Client of the object of one site.
pub struct SiteClient<'a> {
    context: &'a RequestContext,
    name: &'a str,
    jurisdiction: Option<Jurisdiction>,
}

/// Reply of an object.
pub enum SiteReply {
    /// The command is carried out, and there is nothing to say.
    Done,
    /// A response, which is for the caller unless its status says otherwise.
    Text(Response),
    /// Page of an export, with a [`REPLY_HEADER`](crate::protocol::REPLY_HEADER).
    Page(web_sys::Response),
}

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
        let all = match SITES.with(|sites| sites.get().cloned()) {
            Some(known) => known,
            None => {
                let read = self.context.env.durable_object("SITES")?;
                SITES.with(|sites| sites.get_or_init(|| read).clone())
            }
        };
        let namespace = match self.jurisdiction {
            Some(jurisdiction) => within_jurisdiction(all, jurisdiction)?,
            None => all,
        };
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
            Ok(reply) if reply.is_undefined() => Ok(SiteReply::Done),
            Ok(reply) => match reply.as_string() {
                Some(text) => Response::parse(&text).map(SiteReply::Text).ok_or_else(unknown_reply),
                None => Ok(SiteReply::Page(reply.unchecked_into())),
            },
            Err(FetchError::Failed(error)) => {
                log::error("object-failed", self.name, &error);
                Err(Problem::if_storage_full(&error).unwrap_or_else(Problem::unavailable))
            }
            Err(FetchError::TimedOut) => Err(Problem::busy()),
        }
    }
}

impl SiteReply {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Done => DONE,
            Self::Text(response) => response.status(),
            Self::Page(_) => 200,
        }
    }

    /// Returns the text of the body.
    pub fn text(&self) -> &str {
        if let Self::Text(response) = self { response.body() } else { "" }
    }

    /// Reads the body as a reply in JSON.
    pub fn json<T: JsonObject>(&self) -> ApiResult<T> {
        json_object::from_json(self.text())
    }

    /// Returns the reply as the response to the caller.
    pub fn into_runtime(self) -> ApiResult<web_sys::Response> {
        match self {
            Self::Done => response::empty(DONE).into_runtime(),
            Self::Text(response) => response.into_runtime(),
            Self::Page(page) => Ok(page),
        }
    }
}

fn unknown_reply() -> Problem {
    Problem::internal("a reply of another form")
}
