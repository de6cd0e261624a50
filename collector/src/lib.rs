//! The collector: a Cloudflare Worker that stores every answer and serves the score.
//!
//! - [`front`] is the Worker. It reads a request, refuses what is wrong with it, and asks the site's object.
//! - [`site`] is the Durable Object behind it, one for each site. It is the only writer of that site's answers, so
//!   its counts are exact.
//! - Between them goes HTTP with JSON, and the object answers what the caller shall see ([`reply`]).
//!
//! A panic costs the one request in which it happens: the build unwinds, and the request is answered with a 500.

mod front;
mod intl;
mod reply;
mod site;

use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    front::answer(request, env).await
}
