//! Visitors of whom nothing can be stored. They are asked by itself only on the page with which
//! their visit begins, so nobody is asked on page after page.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine};

const BLOCKED: &str = r#"<script>Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });</script>"#;

fn page(site: &Site, own: &str, link: &str) -> ServedPage {
    ServedPage::html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title>{own}
        <script async src='{}' data-delay=1></script><a id=next href='{link}'>next page</a>",
        site.loader_url()
    ))
}

in_each_engine!(a_visitor_is_asked_once_and_not_on_the_next_page);

/// The pages of the field, with one before them of the same origin.
async fn a_visitor_is_asked_once_and_not_on_the_next_page(engine: Engine) {
    let collector = Collector::shared();
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for (storage, own) in [("none", ""), ("essential", BLOCKED)] {
        let survey = json!({ "storage": storage });
        let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
        let pages = PageServer::with_page(page(&site, own, "/b")).await;
        pages.put(
            "/start",
            ServedPage::html("<!doctype html><title>Start</title><a id=next href='/a'>on</a>"),
        );
        browser.goto(&pages.url("/start")).await;
        browser.click_page("#next").await;
        for path in ["/a", "/b"] {
            browser.until(&format!("location.pathname == '{path}' && window.grapevine?.loaded")).await;
            assert_eq!(browser.run("return grapevine('why');").await, "visit", "{storage} {path}");
            browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
            assert_eq!(browser.run("return !document.querySelector('grapevine-survey');").await, true);
            browser.click_page("#next").await;
        }
        // Nor after a reload, nor in an application.
        browser.reload().await;
        browser.until("window.grapevine?.loaded").await;
        assert_eq!(browser.run("history.pushState(null, '', '/c'); return grapevine('why');").await, "visit");
        // By hand it comes.
        assert_eq!(browser.run("return grapevine('show');").await, "open");
    }
}

#[tokio::test]
async fn a_visit_that_begins_here_may_be_asked_and_is_asked_once() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": { "storage": "none" } })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "", "/b")).await;
    let elsewhere = PageServer::with_page(ServedPage::html(format!(
        "<!doctype html><title>Elsewhere</title><a href='{}'>on</a>",
        pages.url("/a")
    )))
    .await;
    browser.goto(&elsewhere.url("/")).await;
    browser.click_page("a").await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("history.pushState(null, '', '/app'); return grapevine('why');").await, "due");
    browser.until_shown().await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    // In the same application, on the next page, and after a way back.
    assert_eq!(
        browser.run("history.pushState(null, '', '/more'); return grapevine('why');").await,
        "dismissed"
    );
    browser.click_page("#next").await;
    browser.until("location.pathname == '/b' && window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('why');").await, "visit");
    browser.reload().await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('why');").await, "visit");
}

/// Fills the storage of the origin to its last character.
const FILL: &str = "for (let size = 2 ** 23, at = 0; size >= 1; ) {
        try { localStorage['filler' + at] = 'x'.repeat(size); at += 1; } catch { size = Math.floor(size / 2); }
    }
    try { localStorage.one = 'more'; return 'room'; } catch { return 'full'; }";

in_each_engine!(a_visitor_whose_storage_is_full_is_asked_once_in_a_visit);

async fn a_visitor_whose_storage_is_full_is_asked_once_in_a_visit(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "", "/b")).await;
    let elsewhere = PageServer::with_page(ServedPage::html(format!(
        "<!doctype html><title>Elsewhere</title><a href='{}'>on</a>",
        pages.url("/a")
    )))
    .await;
    // As a visitor of long ago: the page views are stored, and nothing more can be.
    browser.goto(&pages.url("/b")).await;
    browser.until("window.grapevine?.loaded").await;
    browser.run("localStorage.clear(); localStorage.grapevine = '{\"views\":9}';").await;
    assert_eq!(browser.run(FILL).await, "full");
    browser.goto(&elsewhere.url("/")).await;
    browser.click_page("a").await;
    browser.until("location.pathname == '/a' && window.grapevine?.loaded").await;
    // WebKit does not say whether the visit begins here, as the visitor was on the site before.
    if engine != Engine::Webkit {
        browser.until_shown().await;
        browser.click("button[value=leave]").await;
        browser.until("!survey").await;
        assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
    }
    // Not again on page after page.
    browser.click_page("#next").await;
    browser.until("location.pathname == '/b' && window.grapevine?.loaded").await;
    tests::fixture_clock_page::until_why(&browser, "visit").await;
    assert_eq!(browser.run("return !document.querySelector('grapevine-survey');").await, true);
    // By hand it comes.
    assert_eq!(browser.run("return grapevine('show');").await, "open");
}

in_each_engine!(not_now_is_remembered_where_only_small_values_fit);

/// The storage has room for the dates, and none for what the outbox keeps.
async fn not_now_is_remembered_where_only_small_values_fit(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let properties = "<script>window.grapevine = function () { (grapevine.q ??= []).push(arguments); };
        grapevine('set', Object.fromEntries(Array.from({ length: 20 }, (_, at) => ['p' + at, 'x'.repeat(200)])));
        </script>";
    let pages = PageServer::with_page(page(&site, properties, "/b")).await;
    pages.put("/b", page(&site, properties, "/c"));
    pages.put("/start", ServedPage::html("<!doctype html><title>Start</title><a id=next href='/a'>on</a>"));
    browser.goto(&pages.url("/start")).await;
    browser.run("localStorage.grapevine = '{\"views\":9}'; localStorage.room = 'x'.repeat(2000);").await;
    assert_eq!(browser.run(FILL).await, "full");
    browser.run("delete localStorage.room;").await;
    browser.click_page("#next").await;
    browser.until_shown().await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
    // It goes out at once.
    tests::until("it is stored", async || {
        (site.responses_of("dismissed=true", 10).await.len() == 1).then_some(())
    })
    .await;
    browser.click_page("#next").await;
    browser.until("location.pathname == '/b' && window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
}
