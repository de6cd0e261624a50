//! `GET /e/SITE.js`: the loader with the site's survey inside, the hottest thing that is served.
//!
//! It is answered from the isolate's memory for a minute, so however many pages are viewed, the site's object is asked
//! about once a minute. Browsers keep it for five minutes and then ask whether it has changed.
//!
//! What the memory knows of a site serves the pages of ours too ([`super::pages`]).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use collector_core::SiteId;
use serde_json::Value;
use worker::{Date, Delay, Response, ResponseBuilder};

use super::object::Ask;
use super::{Call, assets};
use crate::reply::{self, Outcome, Problem};

/// How long the isolate remembers a loader, in milliseconds.
const FRESH_MS: u64 = 60_000;
/// How many sites an isolate remembers; beyond, it begins anew.
const SITES: usize = 1_000;
/// How long others wait for the one who asks the object, before they ask themselves.
const PATIENCE_MS: u64 = 2_000;

/// What everybody may know of a site.
pub struct Loader {
    script: String,
    etag: String,
    /// The name that visitors know.
    pub name: String,
    /// Whether its survey is light or dark, or as the visitor's system is set.
    pub scheme: String,
    /// The properties that it declares.
    pub declared: Vec<String>,
    /// The pages that may show its frame: origins with spaces between, or `*`.
    pub ancestors: String,
}

#[derive(Clone)]
enum Entry {
    /// Somebody asks the object since that time.
    Asked(u64),
    /// What was answered, and until when it holds.
    Known(Rc<Loader>, u64),
}

thread_local! {
    static MEMORY: RefCell<BTreeMap<SiteId, Entry>> = const { RefCell::new(BTreeMap::new()) };
}

pub async fn get(call: &Call, file: &str) -> Outcome<Response> {
    let site = call.site(file.strip_suffix(".js").ok_or_else(Problem::no_site)?)?;
    let (loader, from) = of(call, &site).await?;
    let headers = reply::open_headers("text/javascript; charset=utf-8")?;
    headers.set("cache-control", "public, max-age=300")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("etag", &loader.etag)?;
    // RFC 9211: tells whoever runs it whether the object was asked.
    headers.set("cache-status", &format!("grapevine; {from}"))?;
    if assets::matches(call, &loader.etag) {
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty());
    }
    if assets::accepts_brotli(call) {
        headers.set("content-encoding", "br")?;
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(loader.script.clone().into_bytes()))
}

/// What is known of a site, and whether it was remembered.
pub async fn of(call: &Call, site: &SiteId) -> Outcome<(Rc<Loader>, &'static str)> {
    match remembered(site).await {
        Some(loader) => Ok((loader, "hit")),
        None => Ok((ask(call, site).await?, "fwd=miss")),
    }
}

/// What the isolate remembers. Where somebody is just asking the object, waits for that answer: a thousand visitors
/// who come in the same instant are one question.
async fn remembered(site: &SiteId) -> Option<Rc<Loader>> {
    loop {
        let now = Date::now().as_millis();
        match MEMORY.with_borrow(|memory| memory.get(site).cloned()) {
            Some(Entry::Known(loader, until)) if now < until => return Some(loader),
            Some(Entry::Asked(since)) if now < since + PATIENCE_MS => {
                Delay::from(Duration::from_millis(5)).await
            }
            _ => return None,
        }
    }
}

async fn ask(call: &Call, site: &SiteId) -> Outcome<Rc<Loader>> {
    let now = Date::now().as_millis();
    remember(site, Some(Entry::Asked(now)));
    let made = make(call, site).await;
    remember(site, made.as_ref().ok().map(|loader| Entry::Known(loader.clone(), now + FRESH_MS)));
    made
}

fn remember(site: &SiteId, entry: Option<Entry>) {
    MEMORY.with_borrow_mut(|memory| match entry {
        Some(entry) => {
            if memory.len() >= SITES && !memory.contains_key(site) {
                memory.clear();
            }
            memory.insert(site.clone(), entry);
        }
        None => {
            memory.remove(site);
        }
    });
}

async fn make(call: &Call, site: &SiteId) -> Outcome<Rc<Loader>> {
    let mut settings = Ask::new(site, "_loader").send(&call.env).await?;
    match settings.status_code() {
        200 => {}
        404 => return Err(Problem::no_site()),
        _ => return Err(Problem::busy()),
    }
    let ancestors = settings.headers().get("x-origins")?.unwrap_or_else(|| "*".into());
    let settings = settings.text().await?;
    let shown: Value = serde_json::from_str(&settings).map_err(Problem::internal)?;
    let text = |pointer: &str| shown.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let declared = shown.get("properties").and_then(Value::as_array).into_iter().flatten();
    let declared = declared.filter_map(Value::as_str).map(str::to_owned).collect();
    let (name, look) = (text("/name"), text("/look"));
    let scheme = ["light", "dark"].into_iter().find(|it| look.contains(&format!("color-scheme:{it}")));
    let scheme = scheme.unwrap_or_default().to_owned();
    // `<` would let a text end the script of a page that holds the loader inline.
    let settings = settings.replace('<', "\\u003c");
    let settings =
        settings.strip_prefix('{').ok_or_else(|| Problem::internal("settings that are no object"))?;
    let script = crate::assets::text(&call.env, "loader.js").await?.replacen(
        "__SITE__",
        &format!("{{\"site\":\"{site}\",{settings}"),
        1,
    );
    let hash = collector_core::api_key::key_digest(&script);
    let etag = format!("W/\"{}\"", hash.get(..16).unwrap_or(&hash));
    Ok(Rc::new(Loader { script, etag, name, scheme, declared, ancestors }))
}
