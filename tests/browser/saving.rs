//! Words of a visitor who never presses Send: they are saved as the visitor writes, and sent in
//! pauses and however the card goes away. Contact and consents are only given by Send.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, FaultyProxy, PageServer, Window, in_each_engine, key};

use tests::fixture_full_survey::{BODY, go, page, settings, show};
use tests::visitor::{choose, english, one_row, one_row_of, send, thanked};

in_each_engine!(words_are_sent_however_the_card_goes_away, words_are_sent_from_a_frame_that_goes_away);

/// Ways in which the card goes away.
const WAYS: [&str; 8] = ["button", "escape", "hide", "route", "navigation", "reload", "removed", "closed"];

/// Takes the card away.
async fn leave(browser: &Browser, way: &str) {
    match way {
        "button" => browser.click("[value=leave]").await,
        "escape" => browser.press([key::ESCAPE]).await,
        "hide" => drop(browser.run("return grapevine('hide');").await),
        "route" => drop(browser.run("history.pushState({}, '', '/excluded');").await),
        "navigation" => drop(browser.run("location.href = '/elsewhere';").await),
        "reload" => browser.reload().await,
        "removed" => drop(
            browser.run("document.documentElement.replaceChildren(document.createElement('body'));").await,
        ),
        _ => {
            let other = browser.new_tab().await;
            let tabs = browser.tabs().await;
            let first = tabs.iter().find(|tab| **tab != other).expect("the first tab");
            browser.switch(first).await;
            browser.close_tab().await;
            browser.switch(&other).await;
        }
    }
}

async fn words_are_sent_however_the_card_goes_away(engine: Engine) {
    let collector = Collector::shared();
    let mut survey = settings();
    survey["survey"]["pages"] = json!({ "exclude": ["/excluded"] });
    let site = collector.create_site(survey).await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    pages.put("/elsewhere", tests::ServedPage::html("<!doctype html><title>Elsewhere</title>"));
    for way in WAYS {
        let path = format!("/{way}");
        pages.put(&path, page(&site, "lang=en", "data-delay=3600", BODY));
        browser.goto(&pages.url(&path)).await;
        browser.until("window.grapevine?.loaded").await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        choose(&browser, 3).await;
        // A contact that is not sent is not given.
        go(&browser, "next", "step1").await;
        go(&browser, "next", "step3").await;
        browser.click("[name=contact]").await;
        browser.press("ann@shop.example".chars()).await;
        go(&browser, "back", "step1").await;
        go(&browser, "back", "question").await;
        browser.click("#comment").await;
        browser.press("Too dear".chars()).await;
        leave(&browser, way).await;
        let row = one_row_of(&site, &path, 3, Some("Too dear")).await;
        assert_eq!(row["contact"], Value::Null, "{way}");
    }
}

async fn words_are_sent_from_a_frame_that_goes_away(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    for way in ["button", "hide"] {
        let path = format!("/{way}");
        pages.put(&path, page(&site, "lang=en", "data-delay=3600 data-frame", BODY));
        browser.goto(&pages.url(&path)).await;
        browser.until("window.grapevine?.loaded").await;
        show(&browser, "{}").await;
        browser.frame("iframe").await;
        browser.until_shown().await;
        choose(&browser, 3).await;
        browser.click("#comment").await;
        browser.press("Too dear".chars()).await;
        if way == "button" {
            // The driver of Firefox fails where a press takes away its frame.
            browser.survey("setTimeout(() => survey.querySelector('[value=leave]').click());").await;
            browser.parent_frame().await;
        } else {
            browser.parent_frame().await;
            leave(&browser, way).await;
        }
        browser.until("!document.querySelector('iframe')").await;
        one_row_of(&site, &path, 3, Some("Too dear")).await;
    }
}

/// Written text is in the browser at once, and at the collector after a pause. Each pause costs
/// one message, and the pauses grow.
#[tokio::test]
async fn words_are_saved_as_the_visitor_writes() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(page(&site.at(proxy.url()), "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    one_row(&site, 3, None).await;
    assert_eq!(proxy.messages().len(), 1);
    browser.click("#comment").await;
    browser.press("Too d".chars()).await;
    let stored =
        "return Object.entries(localStorage).find(([key]) => key.startsWith('grapevine-'))?.[1] ?? '';";
    let stored = browser.run(stored).await;
    assert!(stored.as_str().unwrap().contains("Too d"), "{stored}");
    assert_eq!(proxy.messages().len(), 1, "a key is no message");
    one_row(&site, 3, Some("Too d")).await;
    assert_eq!(proxy.messages().len(), 2);
    let hint = browser.survey("return survey.querySelector('#comment').placeholder;").await;
    assert_eq!(hint, english("saves"));
    // Nothing new, nothing sent.
    browser.click("[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(proxy.messages().len(), 2);
}

/// A visitor who thinks for three seconds after each of twenty words.
#[tokio::test]
async fn many_pauses_are_few_messages() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let page = page(&site.at(proxy.url()), "lang=en", "data-delay=0", BODY).with_fast_clock();
    let pages = PageServer::with_page(page).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    proxy.sent(1).await;
    browser.click("#comment").await;
    let usage = async || site.usage().await["rows_written"].as_u64().unwrap();
    let before = usage().await;
    for _ in 0..20 {
        browser.press("tea ".chars()).await;
        browser.run("return new Promise((next) => setTimeout(next, 3000, null));").await;
    }
    browser.press("tea".chars()).await;
    browser.click("button.send").await;
    thanked(&browser).await;
    one_row(&site, 3, Some(&("tea ".repeat(20) + "tea"))).await;
    let sent = proxy.messages().len();
    println!("{} messages and {} rows written for twenty pauses", sent - 1, usage().await - before);
    assert!(sent <= 4, "{sent} messages");
}

/// Browsers from before `AbortSignal.timeout` and popovers.
#[tokio::test]
async fn a_browser_without_newer_functions_stores_the_response() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let older = format!(
        "<script>delete AbortSignal.timeout; delete HTMLElement.prototype.showPopover;</script>{BODY}"
    );
    // The tag is in front of the body, but asynchronous; the survey waits for the page's call.
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", &older)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    choose(&browser, 8).await;
    send(&browser, "Old and good").await;
    thanked(&browser).await;
    one_row(&site, 8, Some("Old and good")).await;
    assert_eq!(browser.run("return errors;").await, json!([]));
}
