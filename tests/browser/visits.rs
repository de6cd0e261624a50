//! Visits of the browser pool: the next visit in the same browser finds no state of the one before.

use serde_json::json;
use tests::{Browser, Engine, PageServer, ServedPage, Window, in_each_engine, key};

in_each_engine!(a_visit_leaves_no_state_for_the_next_one);

/// Page with a button that opens another window.
const PAGE: &str = "<!doctype html><html lang=en><meta name=viewport content='width=device-width'>
    <title>A page</title><p>Some text</p><button id=popup onclick=\"open('/popup')\">Open</button>";

async fn a_visit_leaves_no_state_for_the_next_one(engine: Engine) {
    let pages = PageServer::with_page(ServedPage::html(PAGE)).await;
    let cached = ServedPage::new("text/plain", "Tea").with("cache-control", "max-age=3600");
    pages.put("/cached", cached);
    pages.put("/worker.js", ServedPage::new("text/javascript", include_str!("visits/worker.js")));
    let state = include_str!("visits/state.js");

    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let fresh = browser.run(state).await;
    let untouched = json!({
        "cookies": "", "localStorage": 0, "sessionStorage": 0, "databases": [], "caches": [], "workers": 0,
        "marked": false, "history": fresh["history"], "script": false, "width": 1280, "zoomed": false, "permission": "prompt",
        "online": true, "focus": true,
    });
    assert_eq!(fresh, untouched);

    leave_stored_data(&browser, &pages).await;
    let found = browser.run(state).await;
    let differs = |name: &str| found[name] != untouched[name];
    let stores =
        ["cookies", "localStorage", "sessionStorage", "databases", "caches", "workers", "marked", "history"];
    assert!(stores.into_iter().all(differs), "the visit has left something in each store: {found}");
    assert!(engine != Engine::Chromium || differs("script") && differs("permission"), "{found}");
    leave_open_tabs(&browser, &pages).await;

    let browser = browser.next_visit(Window::DESKTOP).await;
    let asked = pages.calls().len();
    assert_eq!(browser.tabs().await.len(), 1);
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run(state).await, untouched);
    assert_eq!(browser.run("return fetch('/cached').then((answer) => answer.text());").await, "Tea");
    let calls = pages.calls();
    let paths: Vec<&str> = calls[asked..].iter().map(|call| &*call.path).collect();
    assert_eq!(paths, ["/", "/cached"], "the cache is empty, and no tab of the last visit asks anything");
    assert!(!calls[asked].headers.contains_key("cookie"));
    if engine == Engine::Chromium {
        assert_eq!(browser.console().await, [] as [String; 0]);
    }
}

/// Leaves something in every store that a browser has for a page.
async fn leave_stored_data(browser: &Browser, pages: &PageServer) {
    if browser.engine() == Engine::Chromium {
        let script = json!({ "source": "window.addedScript = true;" });
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", script).await;
        let target = browser.cdp("Target.getTargetInfo", json!({})).await;
        let grant = json!({
            "permission": { "name": "geolocation" }, "setting": "granted", "origin": pages.origin(),
            "browserContextId": target["targetInfo"]["browserContextId"],
        });
        browser.cdp("Browser.setPermission", grant).await;
    }
    browser.run(include_str!("visits/dirty.js")).await;
    browser.run("console.error('An error of the first visit');").await;
    browser.goto(&pages.url("/again")).await;
}

/// Ends as a failed test might: other tabs, a zoomed page, no network, a question that waits.
async fn leave_open_tabs(browser: &Browser, pages: &PageServer) {
    browser.click_page("#popup").await;
    let first = browser.tab().await;
    browser.new_tab().await;
    browser.goto(&pages.url("/tab")).await;
    browser.run("setInterval(() => fetch('/from-the-first-visit').catch(() => {}), 20);").await;
    browser.switch(&first).await;
    browser.run("onbeforeunload = (event) => event.preventDefault();").await;
    browser.chord([key::CONTROL, '+']).await;
    if browser.engine() == Engine::Chromium {
        browser.offline(true).await;
    }
    browser.run("setTimeout(() => alert('Are you still there?'));").await;
}

#[tokio::test]
async fn one_browser_serves_windows_of_different_kinds() {
    let pages = PageServer::with_page(ServedPage::html(PAGE)).await;
    let look = "return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches,
        matchMedia('(prefers-reduced-motion: reduce)').matches, navigator.language];";
    for engine in [Engine::Chromium, Engine::Firefox] {
        let mut browser = Browser::open(engine, Window::DESKTOP).await;
        for (window, seen) in [
            (Window::PHONE.dark().still(), json!([320, true, true, "en"])),
            (Window::DESKTOP, json!([1280, false, false, "en"])),
            (Window::PHONE, json!([320, false, false, "en"])),
        ] {
            browser = browser.next_visit(window).await;
            browser.goto(&pages.url("/")).await;
            assert_eq!(browser.run(look).await, seen, "{engine}");
        }
        if engine == Engine::Firefox {
            browser = browser.next_visit(Window::DESKTOP.language("pt-BR")).await;
            browser.goto(&pages.url("/")).await;
            assert_eq!(browser.run(look).await, json!([1280, false, false, "pt-BR"]));
        }
    }
}
