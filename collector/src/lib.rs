//! The collector: a Cloudflare Worker that stores every answer and serves the score.
//!
//! - [`front`] is the Worker. It reads a request, refuses what is wrong with it, and asks the site's object.
//! - [`site`] is the Durable Object behind it, one for each site. It is the only writer of that site's answers, so
//!   its counts are exact.
//! - Between them goes HTTP with JSON, and the object answers what the caller shall see ([`reply`]).
//!
//! A panic costs the one request in which it happens: the build unwinds, and the request is answered with a 500.

mod address;
mod assets;
mod front;
mod intl;
mod reply;
mod row;
mod site;

use worker::js_sys::Reflect;
use worker::{Context, Env, Request, Response, Result, event};

use reply::{Outcome, Problem};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    front::answer(request, env).await
}

/// A setting of the environment that is there and not empty.
fn setting(env: &Env, name: &str) -> Option<String> {
    // A variable that is not set is `null` under workerd, which `Env::var` does not survive.
    let value = Reflect::get(env.as_ref(), &name.into()).ok()?;
    value.as_string().filter(|value| !value.is_empty())
}

/// Random bytes from the runtime.
fn random<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}
