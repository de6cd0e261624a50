//! Storage in the visitor's browser: dates in one key, nothing before a consent where the owner
//! requires one, or nothing at all. Where the browser stores nothing, the survey is still asked and
//! counts once.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};

use tests::fixture_clock_page::{STUB, dismiss, finds, no_errors, opened, shop, stored, tagged, why};

/// Creates a site with that storage mode, whose survey never shows by itself.
async fn site(collector: &Collector, storage: &str) -> Site {
    let survey = json!({ "storage": storage, "delay_seconds": 3600 });
    collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
}

/// Returns a page that reports the visitor's consent at each view, before the script has loaded.
fn page_with_consent(site: &Site, given: bool, attributes: &str) -> ServedPage {
    tagged(site, &format!("{STUB}<script>grapevine('consent', {given})</script>"), attributes, "")
}

/// Follows a link to another page of the same site.
async fn next_page(browser: &Browser) {
    browser.run("window.left = true; location.href = '/next?' + Math.random(); return null;").await;
    browser.until("!window.left && window.grapevine?.loaded").await;
}

async fn consent(browser: &Browser, given: bool) -> Value {
    browser.run(&format!("return grapevine('consent', {given});")).await
}

#[tokio::test]
async fn nothing_is_stored_before_consent_and_dates_only_after_it() {
    let collector = Collector::shared();
    let site = site(&collector, "consent").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = shop(&site, "").await;
    // Any number of page views stores nothing, nor does an answer in a survey that was opened by
    // hand.
    for _ in 0..3 {
        finds(&browser, &pages, 0, "consent").await;
    }
    opened(
        &browser,
        "survey.querySelector('[value=\"8\"]').click(); survey.querySelector('[value=leave]').click()",
    )
    .await;
    assert_eq!(stored(&browser).await, json!({}));
    site.score_when("one scored", |score| score["scored"] == 1).await;
    assert_eq!(stored(&browser).await, json!({}));

    // With consent, given again at each page view, the page views and dates are stored.
    finds(&browser, &pages, 0, "consent").await;
    assert_eq!(consent(&browser, true).await, "view");
    assert_eq!(stored(&browser).await, json!({ "grapevine": { "views": 1 } }));
    pages.put_anywhere(page_with_consent(&site, true, ""));
    finds(&browser, &pages, 0, "due").await;
    assert_eq!(stored(&browser).await, json!({ "grapevine": { "views": 2 } }));
    dismiss(&browser).await;
    finds(&browser, &pages, 29, "dismissed").await;
    finds(&browser, &pages, 30, "due").await;

    // Withdrawal deletes everything, and a visitor who agrees again starts anew.
    assert_eq!(consent(&browser, false).await, "consent");
    assert_eq!(stored(&browser).await, json!({}));
    assert_eq!(consent(&browser, true).await, "view");
    no_errors(&browser).await;
}

#[tokio::test]
async fn consent_can_be_given_and_withdrawn_at_any_time() {
    let collector = Collector::shared();
    let site = site(&collector, "consent").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // A later page withdraws the consent and calls nothing else.
    let pages = PageServer::with_page(page_with_consent(&site, true, "")).await;
    finds(&browser, &pages, 0, "view").await;
    assert_ne!(stored(&browser).await, json!({}));
    pages.put_anywhere(page_with_consent(&site, false, ""));
    finds(&browser, &pages, 0, "consent").await;
    assert_eq!(stored(&browser).await, json!({}));

    // Dates from before the consent count after it.
    let pages = shop(&site, "data-view=1").await;
    finds(&browser, &pages, 0, "consent").await;
    opened(&browser, "survey.querySelector('[value=leave]').click()").await;
    assert_eq!(stored(&browser).await, json!({}));
    assert_eq!(consent(&browser, true).await, "dismissed", "a moment ago");
    pages.put_anywhere(page_with_consent(&site, true, "data-view=1"));
    finds(&browser, &pages, 29, "dismissed").await;

    // A banner may repeat the consent; that is still one page view.
    let pages = PageServer::with_page(page_with_consent(&site, true, "")).await;
    finds(&browser, &pages, 0, "view").await;
    assert_eq!(consent(&browser, true).await, "view");
    no_errors(&browser).await;
}

#[tokio::test]
async fn storage_none_stores_nothing() {
    let collector = Collector::shared();
    let site = site(&collector, "none").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = shop(&site, "").await;
    let nothing = "return (async () => [localStorage.length, sessionStorage.length, document.cookie,
        (await indexedDB.databases()).length, (await caches.keys()).length])();";
    let none = json!([0, 0, "", 0, 0]);
    // Only on the page with which the visit begins may it come by itself.
    finds(&browser, &pages, 0, "due").await;
    for _ in 0..3 {
        next_page(&browser).await;
        assert_eq!(why(&browser).await, "visit");
        assert_eq!(consent(&browser, true).await, "visit", "there is none to give");
    }
    // While an answer is on its way, as well.
    let left = opened(
        &browser,
        "survey.querySelector('[value=\"8\"]').click();
        document.dispatchEvent(new Event('visibilitychange'));
        window.during = localStorage.length;
        survey.querySelector('[value=leave]').click()",
    )
    .await;
    assert_eq!(left, "answered", "it is known until the page is left");
    assert_eq!(browser.run("return window.during;").await, 0);
    assert_eq!(browser.run(nothing).await, none);
    site.score_when("one scored", |score| score["scored"] == 1).await;
    assert_eq!(browser.run(nothing).await, none);
    next_page(&browser).await;
    assert_eq!(why(&browser).await, "visit");
    assert_eq!(browser.run(nothing).await, none);
    no_errors(&browser).await;
}

#[tokio::test]
async fn without_usable_storage_the_survey_shows_and_counts_once() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": { "delay_seconds": 0 } })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let blocked = "<script>Object.defineProperty(window, 'localStorage', {
        get() { throw new DOMException('It is blocked.', 'SecurityError'); } });</script>";
    // The page has filled the storage to the last character.
    let full = "<script>for (let size = 1 << 22, at = 0; size >= 1; at++)
        try { localStorage['own' + at] = 'x'.repeat(size); } catch { size >>= 1; }
        try { localStorage.more = 1; errors.push('there is room'); } catch {}</script>";
    for (count, own) in [(1, blocked), (2, full)] {
        let pages = PageServer::with_page(tagged(&site, own, "data-view=1", "")).await;
        browser.goto(&pages.url("/")).await;
        browser.until_shown().await;
        browser.click("input[value='8'] + span").await;
        site.score_when("it is scored", |score| score["scored"] == count).await;
        browser.click("button.send").await;
        browser.until("survey.activeElement?.id == 'thanks'").await;
        browser.click("button[value=leave]").await;
        browser.until("!survey").await;
        assert_eq!(why(&browser).await, "answered");
        // A new page view in the same application does not show the survey again.
        let next = "history.pushState(null, '', '/next'); return grapevine('why');";
        assert_eq!(browser.run(next).await, "answered");
        assert_eq!(site.responses().await.len(), count);
        no_errors(&browser).await;
    }
}
