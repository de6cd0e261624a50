//! Accessibility checks by axe, and checks of sizes and distances. They cover every state, both
//! directions, light and dark, from a small phone to a desktop. A state is entered once and checked
//! in each window.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, FaultyProxy, PageServer, Site, Window};

use tests::fixture_full_survey::{BODY, page, settings, show, through};

/// Script that returns the targets that are too small for a finger or smaller than the visible
/// control. It also returns whether the page or the card scrolls sideways.
const TARGETS: &str = include_str!("js/small_targets.js");

/// Gives Chromium's tab another size and another scheme, without loading anything anew.
pub async fn view(browser: &Browser, (width, height): (u32, u32), media: &[(&str, &str)]) {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
    browser.cdp("Emulation.setDeviceMetricsOverride", size).await;
    let features: Vec<_> =
        media.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    // The page has seen it once it is drawn anew.
    browser.run("return new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(null))));").await;
}

/// Collects the problems of one state in the current window.
async fn check(browser: &Browser, name: &str, wrong: &mut Vec<String>) {
    wrong.extend(browser.axe().await.iter().map(|violation| format!("{name}: {violation}")));
    let small = browser.survey(TARGETS).await;
    wrong.extend(small.as_array().into_iter().flatten().map(|it| format!("{name}: {it}")));
}

/// Collects the problems of one state in every window and colour scheme of Chromium.
async fn check_in_every_window(browser: &Browser, state: &str, lang: &str, wrong: &mut Vec<String>) {
    for size in [(320, 640), (360, 740), (1280, 800)] {
        for scheme in ["light", "dark"] {
            // Nothing moves, so a colour is what it will be.
            view(browser, size, &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")])
                .await;
            check(browser, &format!("{state}, {}, {scheme}", size.0), wrong).await;
            if (size.0 == 1280) == (scheme == "dark") {
                browser.picture(&format!("state-{lang}-{state}-{}", size.0)).await;
            }
        }
    }
}

/// Nothing is kept from page to page.
fn settings_without_storage() -> Value {
    let mut given = settings();
    given["survey"]["storage"] = "none".into();
    given
}

/// The pages: the card, and each other mode.
async fn pages(site: &Site, html: &str) -> PageServer {
    let pages = PageServer::start().await;
    let body = format!("{BODY}<div id=here></div>");
    for (path, tag) in [
        ("/", ""),
        ("/bar", "data-mode=bar"),
        ("/tab", "data-mode=tab"),
        ("/inline", "data-mode=inline data-target='main'"),
    ] {
        pages.put(path, page(site, html, &format!("data-delay=3600 {tag}"), &body));
    }
    pages
}

async fn all_states(html: &str) {
    let lang = &html[5..7];
    let collector = Collector::shared();
    let site = collector.create_site(settings_without_storage()).await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = pages(&site.at(proxy.url()), html).await;
    let mut wrong = Vec::new();

    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    through(&browser, &proxy, async |state| check_in_every_window(&browser, state, lang, &mut wrong).await)
        .await;
    for mode in ["bar", "inline", "tab"] {
        browser.goto(&pages.url(&format!("/{mode}"))).await;
        show(&browser, "{}").await;
        check_in_every_window(&browser, mode, lang, &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(browser.run("return errors;").await, json!([]));
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_left_to_right() {
    all_states("lang=en").await;
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_right_to_left() {
    all_states("lang=ar dir=rtl").await;
}

/// Tests a single language and window in the other engines.
async fn one_window(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(settings_without_storage()).await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(engine, Window::PHONE.still()).await;
    let pages = pages(&site.at(proxy.url()), "lang=en").await;
    let mut wrong = Vec::new();
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    through(&browser, &proxy, async |state| check(&browser, state, &mut wrong).await).await;
    for mode in ["bar", "inline", "tab"] {
        browser.goto(&pages.url(&format!("/{mode}"))).await;
        show(&browser, "{}").await;
        check(&browser, mode, &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_in_firefox() {
    one_window(Engine::Firefox).await;
}

#[tokio::test]
async fn axe_finds_nothing_in_any_state_in_webkit() {
    one_window(Engine::Webkit).await;
}
