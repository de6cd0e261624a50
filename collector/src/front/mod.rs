//! The Worker in front of the objects: one file for each resource, and the routes in one table.

mod assets;
mod body;
mod export;
mod import;
mod loader;
mod object;
mod owner;
mod pages;
mod pieces;
mod responses;
mod sites;
mod user;

use std::panic::AssertUnwindSafe;

use collector_core::Secret;
use collector_core::rate_limit::address_key;
use collector_core::{SiteId, Zone};
use futures_util::FutureExt;
use serde_json::json;
use worker::{Env, Method, Request, Response, Result};

use crate::address::Address;
use crate::reply::{self, Outcome, Problem};
use crate::{intl, setting};

/// One request on its way: what it asks and with what it is answered.
pub struct Call {
    pub request: Request,
    pub address: Address,
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
    let address = Address::of(&request.inner().url());
    let path = address.path().to_owned();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // The word itself: worker's `Method` takes every method that it does not know for GET.
    let word = request.inner().method();
    let method = match word.as_str() {
        "HEAD" => "GET",
        "OPTIONS" => return reply::preflight(),
        other => other,
    };
    let mut call = Call { request, address, env };
    match (segments.as_slice(), method) {
        (["healthz"], "GET") => health(&call),
        (["openapi.json"], "GET") => assets::openapi(&call).await,
        (["docs"], "GET") => assets::docs(&call).await,
        (["e", "grapevine.d.ts"], "GET") => assets::types(&call).await,
        (["e", file], "GET") => loader::get(&call, file).await,
        (["a", name], "GET") => assets::get(&call, name).await,
        (["s", site], "GET") => pages::show(&call, site, false).await,
        (["s", site, "qr.svg"], "GET") => pages::qr(&call, site),
        (["f", site], "GET") => pages::show(&call, site, true).await,
        (["v1", "sites"], "POST") => sites::create(&mut call).await,
        (["v1", "sites", site, "responses"], "POST") => responses::store(&mut call, site).await,
        (["v1", "sites", site, "import"], "POST") => import::post(&mut call, site).await,
        (["v1", "sites", site, "export"], "GET") => export::get(call, site).await,
        (["v1", "sites", site, "users", user], "GET") => user::get(call, site, user).await,
        #[cfg(feature = "faults")]
        (["faults", "panic"], _) => broken(),
        #[cfg(feature = "faults")]
        (["faults", fault @ ("panic" | "hang"), site], _) => {
            object::Ask::new(&call.site(site)?, format!("_{fault}")).send(&call.env).await
        }
        #[cfg(feature = "faults")]
        (["faults", "clock", site, ahead], _) => {
            object::Ask::new(&call.site(site)?, format!("_clock?{ahead}")).send(&call.env).await
        }
        (
            ["healthz" | "openapi.json" | "docs"]
            | ["e" | "a" | "s" | "f", _]
            | ["s", _, "qr.svg"]
            | ["v1", "sites", _, "export"],
            _,
        ) => Err(Problem::method("GET")),
        (["v1", "sites"] | ["v1", "sites", _, "import"], _) => Err(Problem::method("POST")),
        (["v1", "sites", site, rest @ ..], _) => {
            owner::allowed(rest, method)?;
            owner::forward(&mut call, site, rest).await
        }
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

    /// The origin at which the caller reached us, for links to ourselves. The host is that of the request, whatever other headers
    /// say. A proxy that ends TLS in front of plain workerd may say so with `X-Forwarded-Proto: https`; anything else in that
    /// header is passed over. Whoever forges either gets an answer that leads to where they said, and nobody else sees it.
    pub fn origin(&self) -> Outcome<String> {
        let url = self.request.inner().url();
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let proxied = self.header("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
        let origin = intl::origin(&format!("{}://{host}", if proxied { "https" } else { scheme }));
        origin.ok_or_else(|| Problem::bad_request("The header Host names no host."))
    }

    /// The address of the page that asks by itself.
    pub fn page(&self, site: &SiteId) -> Outcome<String> {
        Ok(format!("{}/s/{site}", self.origin()?))
    }

    /// The origin of the page that asks, unless that is a page of ours. A browser says the same in `Sec-Fetch-Site`, which no page
    /// can set, also where it hides the origin because of a policy on referrers.
    pub fn foreign_origin(&self) -> Option<String> {
        let origin = self.header("origin")?;
        let own = self.header("sec-fetch-site").is_some_and(|site| site == "same-origin")
            || self.origin().is_ok_and(|own| own.eq_ignore_ascii_case(&origin));
        (!own).then_some(origin)
    }

    /// A setting of the environment that is there and not empty.
    pub fn setting(&self, name: &str) -> Option<String> {
        setting(&self.env, name)
    }

    /// A digest of who asks, which changes with the day. The address itself is neither kept nor logged.
    pub fn visitor(&self, site: &SiteId) -> Outcome<Option<String>> {
        // Only Cloudflare sets this; where nobody does, visitors of a site share one bucket.
        let Some(address) = self.header("cf-connecting-ip") else { return Ok(None) };
        let day = Zone::utc().day_of(i64::try_from(worker::Date::now().as_millis()).unwrap_or(0));
        let key = address_key(&self.secret()?, day, site, &address);
        Ok(Some(key.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Refuses what the platform's own limiter refuses, where there is one (Cloudflare's rate-limit binding): it does not get as
    /// far as the site's object, whose count is the one that holds.
    pub async fn limited(&self, visitor: Option<&str>) -> Outcome<()> {
        let (Some(visitor), Ok(limiter)) = (visitor, self.env.rate_limiter("VISITORS")) else {
            return Ok(());
        };
        match limiter.limit(visitor.to_owned()).await {
            Ok(outcome) if !outcome.success => {
                Err(Problem::too_many(60, "\"edge\";q=300;w=60".into(), "\"edge\";r=0;t=60".into()))
            }
            // A limiter that is broken must not cost an answer.
            _ => Ok(()),
        }
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
