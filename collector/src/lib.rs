//! The collector: a Cloudflare Worker that stores responses and serves the score.
//!
//! - [`worker`](mod@crate::worker) is the Worker. It parses a request, refuses an invalid one, and
//!   calls the site's object.
//! - [`site`] is the Durable Object behind it, one for each site. It is the only writer of that
//!   site's responses, so its counts are exact.
//! - [`registry`] is the object that lists the sites.
//! - [`route`] lists every endpoint, and [`protocol`] what the two send each other.
//! - [`http`] has problems, responses and the parts of a request.
//!
//! A panic fails one request only: the build unwinds, and the request is answered with a 500. A
//! destructor must not panic, though.

mod cursor;
mod environment;
mod fetch;
mod http;
mod identity;
mod json_object;
mod panic;
mod protocol;
mod public_url;
mod registry;
mod route;
mod site;
mod time_zone;
mod worker;

use ::worker::{Context, Env, Response, Result, event};

/// Entry point. It takes the runtime's request as it is, since the request type of the `worker`
/// crate reads more of it than is needed, for example `cf`.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _context: Context) -> Result<Response> {
    panic::boxed(crate::worker::handle(request, env)).await
}
