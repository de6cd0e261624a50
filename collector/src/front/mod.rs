//! The Worker in front of the objects: one file for each resource, and the routes in one table.

mod assets;
mod body;
mod import;
mod loader;
mod object;
mod responses;
mod score;
mod sites;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use nps::SiteId;
use nps::site_id::Secret;
use serde_json::json;
use worker::js_sys::Reflect;
use worker::{Env, Method, Request, Response, Result, Url};

use crate::reply::{self, Outcome, Problem};

/// One request on its way: what it asks and with what it is answered.
pub struct Call {
    pub request: Request,
    pub url: Url,
    pub env: Env,
}

/// Answers a request, whatever becomes of it.
pub async fn answer(request: Request, env: Env) -> Result<Response> {
    let head = request.method() == Method::Head;
    let outcome = AssertUnwindSafe(route(request, env)).catch_unwind().await;
    let response = match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.response()?,
        Err(_) => Problem::internal("a panic, reported above").response()?,
    };
    if !head {
        return Ok(response);
    }
    let (builder, _) = response.into_parts();
    Ok(builder.empty())
}

async fn route(request: Request, env: Env) -> Outcome<Response> {
    let url = request.url()?;
    let path = url.path().to_owned();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // The word itself: worker's `Method` takes every method that it does not know for GET.
    let word = request.inner().method();
    let method = match word.as_str() {
        "HEAD" => "GET",
        "OPTIONS" => return reply::preflight(),
        other => other,
    };
    let call = Call { request, url, env };
    match (segments.as_slice(), method) {
        (["healthz"], "GET") => health(&call),
        (["openapi.json"], "GET") => assets::openapi(&call).await,
        (["e", file], "GET") => loader::get(&call, file).await,
        (["a", name], "GET") => assets::get(&call, name).await,
        (["v1", "sites"], "POST") => sites::create(call).await,
        (["v1", "sites", site, "responses"], "POST") => responses::store(call, site).await,
        (["v1", "sites", site, "responses"], "GET") => responses::list(call, site).await,
        (["v1", "sites", site, "score"], "GET") => score::get(call, site).await,
        (["v1", "sites", site, "import"], "POST") => import::post(call, site).await,
        (["v1", "sites", site, "usage"], "GET") => sites::usage(call, site).await,
        #[cfg(feature = "faults")]
        (["faults", "panic"], _) => broken(),
        #[cfg(feature = "faults")]
        (["faults", fault @ ("panic" | "hang"), site], _) => {
            object::Ask::new(&call.site(site)?, *fault).send(&call.env).await
        }
        (["healthz" | "openapi.json"] | ["e", _] | ["a", _] | ["v1", "sites", _, "score" | "usage"], _) => {
            Err(Problem::method("GET"))
        }
        (["v1", "sites"] | ["v1", "sites", _, "import"], _) => Err(Problem::method("POST")),
        (["v1", "sites", _, "responses"], _) => Err(Problem::method("GET, POST")),
        _ => Err(Problem::not_found("page or endpoint")),
    }
}

impl Call {
    /// The site of that id, if this collector issued it.
    pub fn site(&self, id: &str) -> Outcome<SiteId> {
        SiteId::verify(id, &self.secret()?).ok_or_else(Problem::no_site)
    }

    /// The secret under which ids are issued.
    pub fn secret(&self) -> Outcome<Secret> {
        let text = self.setting("GRAPEVINE_SECRET").unwrap_or_default();
        Secret::new(text).ok_or_else(|| {
            Problem::unconfigured("GRAPEVINE_SECRET", &format!(" to at least {} characters", Secret::MIN))
        })
    }

    /// A setting of the environment that is there and not empty.
    pub fn setting(&self, name: &str) -> Option<String> {
        // A variable that is not set is `null` under workerd, which `Env::var` does not survive.
        let value = Reflect::get(self.env.as_ref(), &name.into()).ok()?;
        value.as_string().filter(|value| !value.is_empty())
    }

    /// The key that the caller shows.
    pub fn bearer(&self) -> Option<String> {
        let header = self.request.headers().get("authorization").ok().flatten()?;
        let (scheme, key) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned()).filter(|key| !key.is_empty())
    }

    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }
}

/// Whether the collector is up and set up.
fn health(call: &Call) -> Outcome<Response> {
    call.secret()?;
    if call.setting("GRAPEVINE_ADMIN_TOKEN").is_none() {
        return Err(Problem::unconfigured("GRAPEVINE_ADMIN_TOKEN", ""));
    }
    reply::json(200, &json!({ "status": "ok" }))
}

#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "the route is there to panic, and only in test builds")]
fn broken() -> Outcome<Response> {
    panic!("asked to panic")
}
