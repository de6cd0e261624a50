//! Public settings of sites in the isolate's memory.
//!
//! An entry lives for a minute, so the site's object is called about once a minute, however many
//! pages are viewed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use api::OriginPattern;
use collector_core::SiteId;
use serde_json::{Map, Value};
use worker::Date;

use super::asset_store;
use super::context::RequestContext;
use super::sightings;
use super::site_client::SiteClient;
use crate::http::{ApiResult, Problem};
use crate::identity::IdentityRule;
use crate::protocol::{Command, SiteConfig};
use crate::timer::Timer;

/// Lifetime of an entry, in milliseconds.
const LIFETIME_MS: u64 = 60_000;
/// The most entries of an isolate; beyond it the cache is cleared.
const MAX_SITES: usize = 1_000;
/// Time that others wait for a pending call before they make their own, in milliseconds.
const PENDING_TIMEOUT_MS: u64 = 2_000;
/// Place in the loader script that takes the settings.
const SETTINGS_PLACEHOLDER: &str = "__SITE__";

/// Public settings of a site, and the loader script made from them.
pub struct CachedSite {
    pub script: String,
    pub etag: String,
    pub name: String,
    /// `light`, `dark`, or empty where the survey follows the visitor's system.
    pub color_scheme: String,
    /// Declared properties that a message carries.
    pub properties: Vec<String>,
    /// Origins that may frame the survey, as in `frame-ancestors` of a CSP.
    pub frame_ancestors: String,
    /// Image for the hosted page.
    pub logo_url: Option<String>,
    pub identity: IdentityRule,
    /// Settings that the loader script carries.
    pub loader: Map<String, Value>,
}

/// Source of cached settings, for the header `Cache-Status`.
#[derive(Clone, Copy)]
pub enum CacheStatus {
    Hit,
    Miss,
}

#[derive(Clone)]
enum CacheEntry {
    /// The object has been called at that time and has not replied yet.
    Pending {
        since_ms: u64,
    },
    Ready {
        site: Rc<CachedSite>,
        since_ms: u64,
    },
    /// The site was deleted at that time.
    Deleted {
        at: Rc<str>,
    },
    /// The next visitor's request calls the object.
    Expired,
}

thread_local! {
    static CACHE: RefCell<BTreeMap<SiteId, CacheEntry>> = const { RefCell::new(BTreeMap::new()) };
}

impl CacheStatus {
    /// Returns the parameter of RFC 9211.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "fwd=miss",
        }
    }
}

/// Returns the settings of a site from the cache or from its object.
pub async fn get(context: &RequestContext, site: &SiteId) -> ApiResult<(Rc<CachedSite>, CacheStatus)> {
    match lookup(site).await? {
        Some(cached) => Ok((cached, CacheStatus::Hit)),
        None => Ok((refresh(context, site).await?, CacheStatus::Miss)),
    }
}

/// Looks a site up. Waits for a pending call, so that a thousand visitors in the same instant are
/// one call.
async fn lookup(site: &SiteId) -> ApiResult<Option<Rc<CachedSite>>> {
    loop {
        let now_ms = Date::now().as_millis();
        match CACHE.with_borrow(|cache| cache.get(site).cloned()) {
            Some(CacheEntry::Ready { site, since_ms }) if is_younger(since_ms, LIFETIME_MS, now_ms) => {
                return Ok(Some(site));
            }
            Some(CacheEntry::Deleted { at }) => return Err(Problem::site_deleted(&at)),
            Some(CacheEntry::Pending { since_ms }) if is_younger(since_ms, PENDING_TIMEOUT_MS, now_ms) => {
                Timer::start(Duration::from_millis(5)).await
            }
            _ => return Ok(None),
        }
    }
}

/// Whether an entry has not reached that age. After a clock was set back, what comes from the
/// future has.
fn is_younger(since_ms: u64, age_ms: u64, now_ms: u64) -> bool {
    now_ms.checked_sub(since_ms).is_some_and(|age| age < age_ms)
}

/// Returns the rule by which users counted when the site was last read; the open one where it was
/// not.
pub fn identity(site: &SiteId) -> IdentityRule {
    CACHE.with_borrow(|cache| match cache.get(site) {
        Some(CacheEntry::Ready { site, .. }) => site.identity.clone(),
        _ => IdentityRule::OPEN,
    })
}

/// Lets the entry of a site expire.
pub fn expire(site: &SiteId) {
    insert(site, CacheEntry::Expired);
}

async fn refresh(context: &RequestContext, site: &SiteId) -> ApiResult<Rc<CachedSite>> {
    let now_ms = Date::now().as_millis();
    insert(site, CacheEntry::Pending { since_ms: now_ms });
    let loaded = load(context, site).await.map(Rc::new);
    let entry = match &loaded {
        Ok(site) => CacheEntry::Ready { site: site.clone(), since_ms: now_ms },
        Err(problem) => match problem.deleted_at() {
            Some(at) => CacheEntry::Deleted { at: at.into() },
            None => CacheEntry::Expired,
        },
    };
    insert(site, entry);
    loaded
}

fn insert(site: &SiteId, entry: CacheEntry) {
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= MAX_SITES && !cache.contains_key(site) {
            cache.clear();
        }
        cache.insert(site.clone(), entry);
    });
}

/// Reads the settings of a site from its object.
async fn load(context: &RequestContext, site: &SiteId) -> ApiResult<CachedSite> {
    let command = Command::ReadConfig(sightings::take(site));
    let reply = SiteClient::new(context, site).send(&command, None).await?;
    match reply.status() {
        200 => {}
        404 => return Err(Problem::no_site()),
        410 => {
            let problem: Value = serde_json::from_str(reply.text()).map_err(Problem::internal)?;
            let deleted_at = problem.get("deleted_at").and_then(Value::as_str).unwrap_or_default();
            return Err(Problem::site_deleted(deleted_at));
        }
        _ => return Err(Problem::busy()),
    }
    let config: SiteConfig = reply.json()?;
    // `<` would let a text end the script of a page that inlines the loader.
    let settings = Value::Object(config.loader.clone()).to_string().replace('<', "\\u003c");
    let template = asset_store::text(&context.env, "loader.js").await?;
    let script = template.replacen(SETTINGS_PLACEHOLDER, &settings, 1);
    let digest = collector_core::api_key::key_digest(&script);
    Ok(CachedSite {
        etag: format!("W/\"{}\"", digest.get(..16).unwrap_or(&digest)),
        script,
        name: config.name,
        color_scheme: config.color_scheme,
        properties: config.properties,
        frame_ancestors: frame_ancestors(&config.origins),
        logo_url: config.logo_url,
        identity: config.identity,
        loader: config.loader,
    })
}

/// Returns the sources of `frame-ancestors`. Origins that a policy cannot name are left out.
fn frame_ancestors(origins: &[String]) -> String {
    if origins.is_empty() {
        return "*".to_owned();
    }
    let sources = origins.iter().filter_map(|origin| OriginPattern::parse(origin).ok()?.to_csp_source());
    let sources: Vec<String> = sources.collect();
    if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") }
}
