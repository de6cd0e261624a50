//! The collector: a Cloudflare Worker that stores responses and serves the score.
//!
//! - [`worker`](mod@crate::worker) is the Worker. It parses a request, refuses an invalid one, and
//!   calls the site's object.
//! - [`site`] is the Durable Object behind it, one for each site. It is the only writer of that
//!   site's responses, so its counts are exact.
//! - [`registry`] is the object that lists the sites.
//! - [`route`] lists every endpoint, and [`protocol`] what the two send each other.
//! - [`log`] and [`metrics`] are for the operator.
//! - [`http`] has problems, responses and the parts of a request.
//!
//! A panic fails one request only: the build unwinds, and the request is answered with a 500. A
//! destructor must not panic, though.

mod cursor;
mod environment;
mod executor;
mod fetch;
mod http;
mod identity;
mod json_object;
mod log;
mod metrics;
mod numbered;
mod panic;
mod promise;
mod protocol;
mod public_url;
mod registry;
mod route;
mod site;
mod time_zone;
mod timer;
mod worker;

use std::panic::AssertUnwindSafe;

use ::worker::{Env, wasm_bindgen};
use wasm_bindgen::prelude::*;

/// The Worker, as `js/entry.js` exports it to the runtime.
///
/// It is written here instead of by `#[event(fetch)]`, whose class makes a proxy with twelve
/// functions for each request.
#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen)]
#[derive(Default)]
pub struct Front;

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen)]
impl Front {
    /// Creates the handler of all requests.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        log::log_panics();
        Self
    }

    /// Handles a request. Returns the response, or a promise of it.
    ///
    /// It takes the runtime's request as it is, since the request type of the `worker` crate reads
    /// more of it than is needed, for example `cf`.
    #[wasm_bindgen(js_name = fetch)]
    pub fn fetch(&self, request: web_sys::Request, env: Env) -> Result<JsValue, JsValue> {
        let (request, env) = (AssertUnwindSafe(request), AssertUnwindSafe(env));
        promise::start(async move { Ok(crate::worker::handle(request.0, env.0).await?.into()) })
    }
}
