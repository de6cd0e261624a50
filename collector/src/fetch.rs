//! Requests of ours: to objects, to services and to the network.
//!
//! They go through the runtime's `fetch` directly. The request type of the `worker` crate is one
//! object more for each call, and reads all of it again.

use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit};
use worker::js_sys::Promise;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Delay, Error, wasm_bindgen};

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

/// Sends a request to a fetcher, or to the network where there is none. A request to the network is
/// aborted after the timeout; the others end with the request that they serve.
pub async fn fetch(
    fetcher: Option<&Fetcher>,
    url: &str,
    init: &RequestInit,
    timeout: Duration,
) -> Result<web_sys::Response, FetchError> {
    let mut abort = None;
    let response = match fetcher {
        Some(fetcher) => fetcher.fetch(url, init),
        None => {
            let controller = AbortController::new().map_err(failed)?;
            init.set_signal(Some(&controller.signal()));
            abort = Some(controller);
            fetch_from_network(url, init)
        }
    };
    let response = JsFuture::from(response.map_err(failed)?);
    match select(response, Delay::from(timeout)).await {
        Either::Left((response, _)) => Ok(response.map_err(failed)?.unchecked_into()),
        Either::Right(_) => {
            if let Some(controller) = abort {
                controller.abort();
            }
            Err(FetchError::TimedOut)
        }
    }
}

fn failed(error: JsValue) -> FetchError {
    FetchError::Failed(error.into())
}
