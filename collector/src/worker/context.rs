//! Context of a request.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use collector_core::rate_limit::address_key;
use collector_core::{SiteId, Zone};
use worker::{Env, RateLimiter};

use super::client_address::{self, ProxySettings};
use crate::environment;
use crate::http::request_url::RequestUrl;
use crate::http::{ApiResult, Problem, origin};
use crate::protocol::{KeyDigest, VisitorKey};
use crate::public_url::PublicUrl;
use crate::timer::Deadline;

const NO_HOST: &str =
    "The header `Host` names no host. Send a name or an address, with a port if there is one.";

thread_local! {
    /// The site id that was verified last.
    static VERIFIED: RefCell<Option<SiteId>> = const { RefCell::new(None) };
    /// The platform's rate limiter, if there is one.
    static LIMITER: OnceCell<Option<Rc<RateLimiter>>> = const { OnceCell::new() };
}

/// Context of an incoming HTTP request: the request, its URL and the Worker's environment.
pub struct RequestContext {
    pub request: web_sys::Request,
    pub url: RequestUrl,
    pub env: Env,
    /// Deadline of whatever the request waits for.
    pub deadline: Deadline,
    headers: web_sys::Headers,
    public_url: Option<Rc<PublicUrl>>,
    proxies: Option<Rc<ProxySettings>>,
}

impl RequestContext {
    /// Collects the parts of a request that handlers use.
    ///
    /// # Errors
    /// 503 where a variable of the public URL or of the proxies is set to something else, and 400
    /// where the host is none.
    pub fn new(request: web_sys::Request, env: Env) -> ApiResult<Self> {
        let mut url = RequestUrl::parse(&request.url());
        let headers = request.headers();
        // The runtime puts the host in front of the path, so a host with a slash would be another
        // path.
        let host = headers.get("host").ok().flatten();
        if host.is_some_and(|host| host.contains(['/', '\\', '?', '#', '@'])) {
            return Err(Problem::bad_request(NO_HOST));
        }
        let public_url = PublicUrl::configured(&env)?;
        let proxies = ProxySettings::configured(&env)?;
        if let Some(public_url) = &public_url {
            url.set_path(public_url.strip_path(url.path()).to_owned());
        }
        Ok(Self { headers, request, url, env, deadline: Deadline::default(), public_url, proxies })
    }

    /// Returns a header of the request.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }

    /// Verifies that this collector issued the site id.
    pub fn site(&self, id: &str) -> ApiResult<SiteId> {
        if let Some(known) = VERIFIED.with_borrow(|known| known.clone().filter(|known| known.as_str() == id))
        {
            return Ok(known);
        }
        let site = SiteId::verify(id, &environment::secret(&self.env)?).ok_or_else(Problem::no_site)?;
        VERIFIED.set(Some(site.clone()));
        Ok(site)
    }

    /// Returns the digest of the key in `Authorization: Bearer KEY`.
    pub fn key(&self) -> Option<KeyDigest> {
        self.bearer().map(|key| collector_core::api_key::key_digest(&key))
    }

    /// Returns the key in `Authorization: Bearer KEY`.
    pub fn bearer(&self) -> Option<String> {
        let header = self.header("authorization")?;
        let (scheme, key) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned()).filter(|key| !key.is_empty())
    }

    /// Returns the digest of a key in the header or, for keys of the share role, in the query:
    /// those are made for links.
    pub fn key_or_linked_key(&self) -> Option<KeyDigest> {
        self.key().or_else(|| {
            let linked = self.url.pairs().into_iter().find(|(name, _)| name == "key").map(|(_, key)| key);
            let linked = linked.filter(|key| key.starts_with("grapevine_share_"));
            linked.map(|key| collector_core::api_key::key_digest(&key))
        })
    }

    /// Returns the base of URLs that leave the collector, without a slash at its end: the public
    /// URL, or else the origin at which the caller reached us.
    pub fn base_url(&self) -> ApiResult<String> {
        match &self.public_url {
            Some(public_url) => Ok(public_url.as_base()),
            None => self.request_origin(),
        }
    }

    /// Returns the origin at which the caller reached us.
    ///
    /// The host is that of the request, whatever other headers say. A proxy that terminates TLS in
    /// front of plain workerd may say so with `X-Forwarded-Proto: https`; any other value is
    /// ignored. A caller that forges either header gets a response with links to the forged origin,
    /// and nobody else sees it.
    fn request_origin(&self) -> ApiResult<String> {
        let url = self.request.url();
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_proxied = self.header("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
        let origin = origin::parse(&format!("{}://{host}", if is_proxied { "https" } else { scheme }));
        origin.ok_or_else(|| Problem::bad_request(NO_HOST))
    }

    /// Returns the URL of the hosted survey.
    pub fn hosted_url(&self, site: &SiteId) -> ApiResult<String> {
        Ok(format!("{}/s/{site}", self.base_url()?))
    }

    /// Returns the origin of the calling page, unless that is a page of ours.
    ///
    /// A browser says the same in `Sec-Fetch-Site`, which no page can set, also where a referrer
    /// policy hides the origin.
    pub fn foreign_origin(&self) -> Option<String> {
        self.header("origin").filter(|origin| !self.is_same_origin(origin))
    }

    /// Whether a request with that origin is from a page of ours.
    pub fn is_same_origin(&self, origin: &str) -> bool {
        self.header("sec-fetch-site").is_some_and(|site| site == "same-origin")
            || self.public_url.as_ref().is_some_and(|url| url.origin().eq_ignore_ascii_case(origin))
            || self.request_origin().is_ok_and(|ours| ours.eq_ignore_ascii_case(origin))
    }

    /// Returns a digest of the caller's IP address, which changes daily. The address itself is
    /// neither stored nor logged.
    pub fn visitor(&self, site: &SiteId) -> ApiResult<Option<VisitorKey>> {
        let Some(address) = client_address::find(&self.request, self.proxies.as_deref()) else {
            return Ok(None);
        };
        let day = Zone::utc().day_of(worker::js_sys::Date::now() as i64);
        Ok(Some(VisitorKey(address_key(&environment::secret(&self.env)?, day, site, address))))
    }

    /// Refuses what the platform's own rate limiter refuses, where there is one (Cloudflare's
    /// rate-limit binding). Such a request does not reach the site's object, whose limit is the one
    /// that counts.
    pub async fn check_edge_limit(&self, visitor: Option<VisitorKey>) -> ApiResult<()> {
        let read = || self.env.rate_limiter("VISITORS").ok().map(Rc::new);
        let limiter = LIMITER.with(|limiter| limiter.get_or_init(read).clone());
        let (Some(visitor), Some(limiter)) = (visitor, limiter) else { return Ok(()) };
        match limiter.limit(visitor.to_string()).await {
            Ok(outcome) if !outcome.success => {
                Err(Problem::too_many(60, "\"edge\";q=2000;w=60".into(), "\"edge\";r=0;t=60".into()))
            }
            // A limiter that fails must not cost a response.
            _ => Ok(()),
        }
    }
}
