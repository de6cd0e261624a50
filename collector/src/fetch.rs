//! Requests of ours: to objects, to services and to the network.
//!
//! They go through the runtime's `fetch` directly. The request type of the `worker` crate is one
//! object more for each call, and reads all of it again.

use std::time::Duration;

use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit};
use worker::js_sys::Promise;
use worker::{Error, wasm_bindgen};

use crate::timer::Deadline;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Anything with a `fetch` of its own: the stub of an object, a service.
    pub type Fetcher;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Fetcher, url: &str, init: &RequestInit) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_name = fetch)]
    fn fetch_from_network(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
}

/// Failure of a request.
pub enum FetchError {
    Failed(Error),
    TimedOut,
}

/// Response of another party. Dropping it ends the call: a body that is not read is cancelled, and
/// the connection is closed.
pub struct ExternalResponse {
    pub response: web_sys::Response,
    _call: AbortOnDrop,
}

/// Guard of a call. It aborts the call on drop, whatever became of it: a response, the timeout, or
/// a caller that has gone.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request to a part of the collector: an object or the assets. It ends with the request
/// that it serves, so it needs no signal, which would cost an object more for each message.
pub async fn fetch(
    fetcher: &Fetcher,
    url: &str,
    init: &RequestInit,
    timeout: Duration,
) -> Result<web_sys::Response, FetchError> {
    Ok(within(&Deadline::default(), fetcher.fetch(url, init), timeout).await?.unchecked_into())
}

/// Sends a request to another party, through a service or to the public network. The call is
/// aborted after the timeout.
pub async fn fetch_external(
    service: Option<&Fetcher>,
    url: &str,
    init: &RequestInit,
    timeout: Duration,
) -> Result<ExternalResponse, FetchError> {
    let call = AbortOnDrop(AbortController::new().map_err(failed)?);
    init.set_signal(Some(&call.0.signal()));
    let response = match service {
        Some(service) => service.fetch(url, init),
        None => fetch_from_network(url, init),
    };
    Ok(ExternalResponse {
        response: within(&Deadline::default(), response, timeout).await?.unchecked_into(),
        _call: call,
    })
}

/// Waits for the result of a call.
pub async fn within(
    deadline: &Deadline,
    call: Result<Promise, JsValue>,
    timeout: Duration,
) -> Result<JsValue, FetchError> {
    match deadline.wait(call.map_err(failed)?, timeout).await {
        Some(result) => result.map_err(failed),
        None => Err(FetchError::TimedOut),
    }
}

fn failed(error: JsValue) -> FetchError {
    FetchError::Failed(error.into())
}
