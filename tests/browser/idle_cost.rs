//! Cost of the tag for a page whose visitor is not asked: one request, and then nothing at all.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Window};

use tests::fixture_clock_page::{tagged, why};

/// Notes of everything that a script begins to wait for, with the script's address; of long tasks;
/// and of what is said.
const NOTES: &str = concat!("<script>", include_str!("js/idle_notes.js"), "</script>");

/// Waits for ten seconds of the page's fast clock. The test asserts that nothing happens in them.
const TEN_SECONDS: &str = "return new Promise((done) => {
        const begun = performance.now();
        const look = () => performance.now() - begun < 1e4 ? setTimeout(look, 500) : done(null);
        look();
    });";

/// Returns the callbacks for which scripts below our path wait, each kind once.
async fn ours(browser: &Browser) -> Value {
    let distinct = "return [...new Set(waits.filter((wait) => wait[2] == 'ours').map((wait) => JSON.stringify(wait)))].map((wait) => JSON.parse(wait));";
    browser.run(distinct).await
}

#[tokio::test]
async fn an_ineligible_visit_has_no_timers_listeners_or_requests() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(tagged(&site, NOTES, "", "<p>Tea.</p>").with_fast_clock()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(why(&browser).await, "view");
    browser.run(TEN_SECONDS).await;
    // What a visitor does there is nothing to us either.
    browser.press("Tea".chars()).await;
    browser.click_page("h1").await;
    browser
        .run("scrollTo(0, 99); return new Promise((next) => requestIdleCallback(next)).then(() => null);")
        .await;
    assert_eq!(ours(&browser).await, json!([]));
    assert_eq!(browser.requests(&collector.url()).await, [format!("/e/{}.js", site.id)]);
    assert_eq!(browser.run("return messages;").await, json!([]));
    // A processor that was taken away in the middle looks like a long task of ours, but not three
    // times.
    let mut long = browser.run("return long;").await;
    for _ in 0..2 {
        if long.to_string().contains("/e/") {
            browser.reload().await;
            long = browser
                .run("return new Promise((next) => requestIdleCallback(next)).then(() => long);")
                .await;
        }
    }
    assert!(!long.to_string().contains("/e/"), "{long}");

    // The notes would have shown it.
    let slow = "<script src=/e/slow.js></script>";
    let pages = PageServer::with_page(tagged(&site, &format!("{NOTES}{slow}"), "data-view=1", "")).await;
    let busy = "for (const begun = performance.now(); performance.now() - begun < 120; ); setInterval(() => {}, 7); console.info('Tea');";
    pages.put("/e/slow.js", ServedPage::new("text/javascript", busy));
    browser.goto(&pages.url("/")).await;
    // Who is due is asked after ten seconds, and that is the only thing waited for.
    assert_eq!(why(&browser).await, "due");
    assert_eq!(ours(&browser).await, json!([["setInterval", 7, "ours"], ["setTimeout", 10_000, "ours"]]));
    assert_eq!(browser.run("return messages;").await, json!([["info", "Tea"]]));
    browser.until("long.includes('/e/slow.js') && tasks > 0").await;
}
