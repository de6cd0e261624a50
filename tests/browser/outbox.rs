//! Outbox in the browser: in one tab or two, with or without storage, with any clock.

use serde_json::{Value, json};
use tests::client::until;
use tests::{Browser, Collector, Engine, Fault, FaultyProxy, PageServer, ServedPage, Site, Window};

use crate::keyboard::page;
use tests::visitor::{choose, not_stored, nothing_waits, one_row, send, thanked};

/// Busy for as long as a test takes.
const BUSY_FOR_LONG: Fault = Fault::Respond(503, &[("retry-after", "600")], "");

/// Waits until a site has that number of rows and returns them, oldest first.
async fn rows(site: &Site, how_many: usize) -> Vec<Value> {
    let mut rows = until("the answers are there", async || {
        Some(site.responses().await).filter(|rows| rows.len() >= how_many)
    })
    .await;
    assert_eq!(rows.len(), how_many, "{rows:#?}");
    rows.reverse();
    rows
}

/// Returns the centre of an element of the survey, once nothing moves.
async fn centre_of(browser: &Browser, selector: &str) -> Value {
    browser.until_still().await;
    let script = format!(
        "const box = survey.querySelector({}).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];",
        json!(selector)
    );
    browser.survey(&script).await
}

/// Clicks at a position; `times` is the click count of the event.
async fn press(browser: &Browser, at: &Value, times: u32) {
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": times });
        browser.cdp("Input.dispatchMouseEvent", event).await;
    }
}

#[tokio::test]
async fn a_double_click_stores_one_response() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let page = page(&site.at(proxy.url()), "data-delay=0").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    browser
        .run(
            "window.events = []; for (const name of ['scored', 'submitted', 'dismissed', 'error'])
                document.addEventListener('grapevine:' + name, () => events.push(name));",
        )
        .await;
    let choice = centre_of(&browser, "input[value='9'] + span").await;
    press(&browser, &choice, 1).await;
    press(&browser, &choice, 2).await;
    one_row(&site, 9, None).await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    browser.click("#comment").await;
    browser.press("Twice".chars()).await;
    let button = centre_of(&browser, "button.send").await;
    press(&browser, &button, 1).await;
    thanked(&browser).await;
    browser.until_still().await;
    // The second half of a double click must not press the button that replaces "Send".
    press(&browser, &button, 2).await;
    assert_ne!(browser.survey("return survey;").await, Value::Null, "it closed the thanks");
    one_row(&site, 9, Some("Twice")).await;
    nothing_waits(&browser).await;
    assert_eq!(proxy.messages().len(), 2, "one for the score, one for the rest");
    assert_eq!(browser.run("return window.events;").await, json!(["scored", "submitted"]));
}

#[tokio::test]
async fn two_tabs_answering_at_once_store_two_responses() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    // Long enough for all of it to be on its way at once.
    proxy.always(Fault::Delay(std::time::Duration::from_millis(300)));
    let page = page(&site.at(proxy.url()), "data-delay=3600").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // As often as it takes for the two to meet within the same milliseconds.
    let mut tabs = vec![browser.tab().await, browser.new_tab().await];
    for round in 1..=4 {
        for tab in &tabs {
            browser.switch(tab).await;
            browser.goto(&page.url("/")).await;
            assert_eq!(browser.run("return grapevine('show');").await, "open");
        }
        let moment = browser.run("return Date.now() + 1000;").await;
        for (tab, score) in tabs.iter().zip([9, 2]) {
            browser.switch(tab).await;
            let scored = format!(
                "setTimeout(() => survey.querySelector('input[value=\"{score}\"]').click(), {moment} - Date.now());"
            );
            browser.survey(&scored).await;
        }
        site.score_when("both are there", |score| score["scored"] == round * 2).await;
        let answers = rows(&site, round * 2).await;
        let of = |score: u8| answers.iter().filter(|row| row["score"] == score).count();
        assert_eq!((of(9), of(2)), (round, round), "{answers:#?}");
        nothing_waits(&browser).await;
        tabs.reverse();
    }
}

#[tokio::test]
async fn another_tab_sends_the_outbox_of_the_first() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let page = page(&site, "data-delay=3600").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&page.url("/")).await;
    browser.run("return grapevine('show');").await;
    let first = browser.tab().await;
    browser.offline(true).await;
    choose(&browser, 4).await;
    send(&browser, "From the first").await;
    not_stored(&browser, "offline").await;
    let second = browser.new_tab().await;
    browser.goto(&page.url("/")).await;
    one_row(&site, 4, Some("From the first")).await;
    nothing_waits(&browser).await;
    // The first finds nothing more to do, and nothing wrong.
    browser.switch(&first).await;
    browser.offline(false).await;
    thanked(&browser).await;
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]));
    browser.switch(&second).await;
    one_row(&site, 4, Some("From the first")).await;
}

#[tokio::test]
async fn a_clock_set_back_between_score_and_comment_loses_neither() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let page = page(&site, "data-delay=0").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 2).await;
    let before = one_row(&site, 2, None).await;
    browser.run("const right = Date.now; Date.now = () => right() - 864e5;").await;
    choose(&browser, 3).await;
    send(&browser, "Yesterday").await;
    thanked(&browser).await;
    let after = one_row(&site, 3, Some("Yesterday")).await;
    assert_eq!((&after["id"], &after["at"]), (&before["id"], &before["at"]));
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return grapevine('why');").await, "answered");
}

#[tokio::test]
async fn without_storage_the_outbox_is_kept_in_memory() {
    let collector = Collector::shared();
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (name, before) in [
        (
            "blocked",
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('Not here', 'SecurityError'); } });",
        ),
        (
            "full",
            "for (let size = 1 << 24; size >= 1; size >>= 1) try { for (;;) localStorage['x' + Math.random()] = 'x'.repeat(size); } catch {}",
        ),
    ] {
        let site = collector.site().await;
        let pages = PageServer::with_page(ServedPage::html(format!(
            "<!doctype html><html lang=en><title>A page</title>
             <script>addEventListener('error', (e) => (window.errors ??= []).push(String(e.message)));
             addEventListener('unhandledrejection', (e) => (window.errors ??= []).push(String(e.reason))); {before}</script>
             <script async src='{}' data-view=1 data-delay=0></script>",
            site.at(proxy.url()).loader_url()
        )))
        .await;
        browser.goto(&pages.url("/")).await;
        browser.until_shown().await;
        let known = proxy.messages().len();
        proxy.script([Fault::BUSY, Fault::DropRequest, Fault::BUSY]);
        choose(&browser, 0).await;
        proxy.sent(known + 1).await;
        send(&browser, name).await;
        not_stored(&browser, "keep_open").await;
        thanked(&browser).await;
        one_row(&site, 0, Some(name)).await;
        // Asked again on this page it is not, though no date could be kept.
        browser.click("button[value=leave]").await;
        browser.until("!survey").await;
        assert_eq!(browser.run("return grapevine('why');").await, "answered", "{name}");
        assert_eq!(browser.run("return window.errors ?? [];").await, json!([]), "{name}");
        one_row(&site, 0, Some(name)).await;
    }
}

#[tokio::test]
async fn the_outbox_keeps_30_impressions_and_drops_those_without_a_score_first() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    proxy.always(BUSY_FOR_LONG);
    let page = page(&site.at(proxy.url()), "data-delay=3600").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&page.url("/")).await;
    let showings = format!(
        "return (async () => {{
            for (let nth = 0; nth < 40; nth++) {{
                await grapevine('show');
                if (nth % 4 == 0) document.querySelector('grapevine-survey').shadowRoot.querySelector(`input[value='${{nth / 4}}']`).click();
                await grapevine('hide');
            }}
            return Object.values(JSON.parse(localStorage['grapevine-{}'])).map((text) => JSON.parse(text));
        }})();",
        site.id
    );
    let kept = browser.run(&showings).await;
    let kept = kept.as_array().unwrap();
    assert_eq!(kept.len(), 30);
    let scores: Vec<u64> = kept.iter().filter_map(|message| message["score"].as_u64()).collect();
    assert_eq!(scores, (0..10).collect::<Vec<u64>>(), "the oldest among them");

    proxy.always(Fault::None);
    browser.reload().await;
    let score = site.score_when("all of them are there", |score| score["shown"] == 30).await;
    assert_eq!(score["scored"], 10);
    let mut answers = rows(&site, 30).await;
    answers.retain(|row| row["score"].is_u64());
    let scores: Vec<u64> = answers.iter().filter_map(|row| row["score"].as_u64()).collect();
    assert_eq!(scores, (0..10).collect::<Vec<u64>>());
    nothing_waits(&browser).await;
}
