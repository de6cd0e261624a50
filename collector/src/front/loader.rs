//! `GET /e/SITE.js`: the loader with the site's survey inside, the hottest thing that is served.
//!
//! It is answered from the isolate's memory for a minute, so however many pages are viewed, the site's object is asked
//! about once a minute. Browsers keep it for five minutes and then ask whether it has changed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use nps::{SiteId, site_id};
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

struct Loader {
    script: String,
    etag: String,
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
    static TEMPLATE: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

pub async fn get(call: &Call, file: &str) -> Outcome<Response> {
    let site = call.site(file.strip_suffix(".js").ok_or_else(Problem::no_site)?)?;
    let (loader, from) = match remembered(&site).await {
        Some(loader) => (loader, "hit"),
        None => (ask(call, &site).await?, "fwd=miss"),
    };
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
    // `<` would let a text end the script of a page that holds the loader inline.
    let settings = settings.text().await?.replace('<', "\\u003c");
    let settings =
        settings.strip_prefix('{').ok_or_else(|| Problem::internal("settings that are no object"))?;
    let script = template(call).await?.replacen("__SITE__", &format!("{{\"site\":\"{site}\",{settings}"), 1);
    let hash = site_id::key_digest(&script);
    let etag = format!("W/\"{}\"", hash.get(..16).unwrap_or(&hash));
    Ok(Rc::new(Loader { script, etag }))
}

/// The loader without a site. It is a part of the deployment, so an isolate reads it once.
async fn template(call: &Call) -> Outcome<Rc<str>> {
    if let Some(template) = TEMPLATE.with_borrow(Clone::clone) {
        return Ok(template);
    }
    let body = assets::fetch(call, "loader.js")
        .await?
        .ok_or_else(|| Problem::internal("loader.js is not among the assets"))?;
    let template: Rc<str> = ResponseBuilder::new().body(body).text().await?.into();
    TEMPLATE.set(Some(template.clone()));
    Ok(template)
}
