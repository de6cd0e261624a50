//! Pictures of each mode and step for a person to look at, in `target/grapevine/screenshots/` under
//! names that begin with `see-`. Run them with
//! `cargo test -p tests --test browser -- --ignored pictures::`. Chromium alone.

use serde_json::json;
use tests::{Browser, Collector, Engine, FaultyProxy, PageServer, Window};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{choose, settings, show, through};

/// The windows: a desktop, a large phone, a small phone.
const WINDOWS: [(u32, u32); 3] = [(1280, 800), (390, 844), (320, 568)];
const SCHEMES: [&str; 2] = ["light", "dark"];

async fn picture_in_all(browser: &Browser, name: &str, windows: &[(u32, u32)]) {
    for size in windows {
        for scheme in SCHEMES {
            let media = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
            view(browser, *size, &media).await;
            browser.picture(&format!("see-{name}-{}x{}-{scheme}", size.0, size.1)).await;
        }
    }
}

#[tokio::test]
#[ignore = "writes pictures for a person to look at"]
async fn each_step_of_the_card() {
    let collector = Collector::start();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (lang, html) in [("en", "lang=en"), ("ar", "lang=ar dir=rtl")] {
        let site = site_with(&collector, settings()["survey"].clone()).await;
        let proxy = FaultyProxy::start(&collector.url()).await;
        let pages = PageServer::with_page(shop(&site.at(proxy.url()), html, "")).await;
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        through(&browser, &proxy, async |step| {
            picture_in_all(&browser, &format!("card-{lang}-{step}"), &WINDOWS).await;
        })
        .await;
        view(&browser, (1280, 800), &[]).await;
    }
}

#[tokio::test]
#[ignore = "writes pictures for a person to look at"]
async fn each_mode() {
    let collector = Collector::start();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    let windows = [(1280, 800), (844, 390), (390, 844), (320, 568), (320, 256)];
    let plain = site_with(&collector, json!({})).await;
    let mut full = settings();
    full["survey"]["contact"] = json!({ "ask": true });
    let full = site_with(&collector, full["survey"].clone()).await;
    for (kind, site) in [("plain", &plain), ("full", &full)] {
        for (mode, tag) in [
            ("card", ""),
            ("bar", "data-mode=bar"),
            ("bar-top", "data-mode=bar data-corner=top-left"),
            ("inline", "data-mode=inline data-target='#here'"),
            ("tab", "data-mode=tab"),
            ("frame", "data-frame"),
        ] {
            pages.put("/", shop(site, "lang=en", tag));
            view(&browser, windows[0], &[]).await;
            browser.goto(&pages.url("/")).await;
            show(&browser, "{}").await;
            if mode == "frame" {
                browser.frame("iframe").await;
            }
            browser.until("survey?.querySelector('input')").await;
            if mode == "tab" {
                picture_in_all(&browser, "mode-tab", &windows[..1]).await;
                continue;
            }
            if mode == "frame" {
                browser.parent_frame().await;
            }
            picture_in_all(&browser, &format!("{mode}-{kind}-question"), &windows).await;
            if mode == "frame" {
                browser.frame("iframe").await;
            }
            choose(&browser, 9).await;
            if mode == "frame" {
                browser.parent_frame().await;
            }
            picture_in_all(&browser, &format!("{mode}-{kind}-scored"), &windows).await;
        }
    }
}

#[tokio::test]
#[ignore = "writes pictures for a person to look at"]
async fn five_accents() {
    let collector = Collector::start();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    for accent in ["#ffd400", "#000000", "#ffffff", "#5b3cc4", "#e5484d"] {
        let theme = json!({ "theme": { "accent": accent }, "privacy_url": "https://shop.example/privacy" });
        let site = site_with(&collector, theme).await;
        pages.put("/", shop(&site, "lang=en", ""));
        view(&browser, WINDOWS[0], &[]).await;
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        choose(&browser, 8).await;
        picture_in_all(&browser, &format!("accent-{}", &accent[1..]), &WINDOWS).await;
        view(&browser, WINDOWS[0], &[]).await;
        let url = format!("{}/s/{}?score=7", collector.url(), site.id);
        browser.goto(&url).await;
        browser.until_shown().await;
        picture_in_all(&browser, &format!("hosted-{}", &accent[1..]), &WINDOWS).await;
    }
}
