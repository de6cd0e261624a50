//! Pages that nobody has seen yet: in another tab, or prepared for a later navigation. Views and
//! seconds count from when the page is seen.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Window};

use tests::fixture_full_survey::page;

/// Puts a page into the background, from where it comes forward by `comeForward()`.
const BEHIND: &str = "<script>window.behind = true;
    Object.defineProperty(Document.prototype, 'hidden', { configurable: true, get: () => behind });
    window.turn = (to) => { behind = to; document.dispatchEvent(new Event('visibilitychange')); };</script>";

#[tokio::test]
async fn a_tab_that_nobody_looks_at_is_no_view_and_its_seconds_do_not_count() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": {} })).await;
    let pages = PageServer::with_page(tagged(&site.loader_url(), "data-delay=1")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/a")).await;
    browser.until("window.grapevine?.loaded").await;
    let views = "return JSON.parse(localStorage.grapevine ?? '{}').views ?? 0;";
    assert_eq!(browser.run("return grapevine('why');").await, "background");
    // An application that goes on behind makes no views either.
    browser.run("for (const path of ['/b', '/c']) history.pushState(null, '', path);").await;
    assert_eq!(browser.run(views).await, 0);
    assert_eq!(browser.run("turn(false); return grapevine('why');").await, "view");
    assert_eq!(browser.run(views).await, 1);
    // The second view begins behind.
    browser.run("turn(true); history.pushState(null, '', '/d');").await;
    assert_eq!(browser.run("return grapevine('why');").await, "background");
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    browser.run("turn(false); window.seen = performance.now(); addEventListener('grapevine:shown', () => (window.waited = performance.now() - seen));").await;
    assert_eq!(browser.run("return grapevine('why');").await, "due");
    browser.until_shown().await;
    let waited = browser.run("return window.waited;").await;
    assert!(waited.as_f64().is_some_and(|waited| waited >= 995.0), "{waited}");
}

fn tagged(loader: &str, tag: &str) -> ServedPage {
    ServedPage::html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title>{BEHIND}<script async src='{loader}' {tag}></script>"
    ))
}

#[tokio::test]
async fn a_page_that_is_left_while_the_survey_loads_shows_it_on_return() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BEHIND)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    // Seen, and gone again before the first of the survey's parts has come.
    browser.run("turn(false); setTimeout(() => turn(true));").await;
    tests::fixture_clock_page::until_why(&browser, "background").await;
    browser.run("return new Promise((next) => setTimeout(next, 1200, null));").await;
    assert_eq!(browser.run("return document.querySelector('grapevine-survey');").await, Value::Null);
    assert_eq!(browser.run("return events;").await, json!(["ready"]));
    browser.run("turn(false);").await;
    browser.until_shown().await;
    assert_eq!(browser.run("return [events, errors];").await, json!([["ready", "shown"], []]));
}

/// The pages of the field.
#[tokio::test]
async fn a_page_that_is_prepared_counts_once_it_is_seen() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": {} })).await;
    let html = |title: &str, own: &str| {
        let loader = site.loader_url();
        ServedPage::html(format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>
            <script>addEventListener('grapevine:shown', () => (window.shown = performance.now()));</script>
            {own}<script async src='{loader}' data-delay=3></script>"
        ))
    };
    let prepare = r#"<script type="speculationrules">{ "prerender": [{ "source": "list", "urls": ["/b"], "eagerness": "immediate" }] }</script>"#;
    let pages = PageServer::start().await;
    pages.put("/a", html("A", &format!("{prepare}<a href='/b'>to B</a>")));
    pages.put("/b", html("B", "<p>B</p>"));
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/a")).await;
    browser.until("window.grapevine?.loaded").await;
    tests::until("B is prepared", async || pages.calls().iter().any(|call| call.path == "/b").then_some(()))
        .await;
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run("return JSON.parse(localStorage.grapevine).views;").await, 1);
    browser.click_page("a").await;
    browser.until("document.title == 'B' && window.grapevine?.loaded").await;
    let activated =
        browser.run("return performance.getEntriesByType('navigation')[0].activationStart;").await;
    assert!(activated.as_f64().is_some_and(|at| at > 1000.0), "B was prerendered: {activated}");
    assert_eq!(
        browser.run("return [JSON.parse(localStorage.grapevine).views, document.prerendering];").await,
        json!([2, false])
    );
    browser.until_shown().await;
    let waited = browser
        .run("return window.shown - performance.getEntriesByType('navigation')[0].activationStart;")
        .await;
    assert!(waited.as_f64().is_some_and(|waited| waited >= 2_990.0), "{waited}");
}
