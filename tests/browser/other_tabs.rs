//! A visitor has one impression: what the visitor does in one tab holds in the others.

use serde_json::json;
use tests::visitor::choose;
use tests::{Browser, Collector, Engine, PageServer, Site, Window, in_each_engine};

use tests::fixture_clock_page::{tagged, why};
use tests::fixture_full_survey::page;

/// Two tabs with the survey open in each, and their handles. The second is in front.
async fn two_tabs(engine: Engine) -> (Collector, Site, Browser, PageServer, [String; 2]) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", "<p>Tea.")).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/first")).await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    let first = browser.tab().await;
    let second = browser.new_tab().await;
    browser.goto(&pages.url("/second")).await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    (collector, site, browser, pages, [first, second])
}

/// WebKit's driver draws one tab only.
const ENGINES: [Engine; 2] = [Engine::Chromium, Engine::Firefox];

#[tokio::test]
async fn what_is_done_in_one_tab_holds_in_the_other() {
    for engine in ENGINES {
        a_response_in_one_tab_closes_the_survey_in_the_other(engine).await;
        a_dismissal_in_one_tab_leaves_a_score_in_the_other(engine).await;
    }
}

async fn a_response_in_one_tab_closes_the_survey_in_the_other(engine: Engine) {
    let (_collector, site, browser, _pages, [first, _]) = two_tabs(engine).await;
    choose(&browser, 9).await;
    site.score_when("one response", |score| score["scored"] == 1).await;
    browser.switch(&first).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return grapevine('why');").await, "answered");
    assert_eq!(browser.run("return events;").await, json!(["ready", "shown"]), "it was not dismissed");
    // It comes back where the page asks for it.
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn a_dismissal_in_one_tab_leaves_a_score_in_the_other(engine: Engine) {
    let (_collector, site, browser, _pages, [first, second]) = two_tabs(engine).await;
    browser.switch(&first).await;
    choose(&browser, 3).await;
    browser.click("#comment").await;
    browser.press("Too".chars()).await;
    // The other tab has closed its survey by then, so it is opened again.
    browser.switch(&second).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.click("button[value=leave]").await;
    browser.switch(&first).await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Too");
    assert_eq!(browser.run("return grapevine('why');").await, "open");
    browser.press(" slow".chars()).await;
    browser.click("button.send").await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    site.score_when("one response", |score| score["scored"] == 1).await;
}

#[tokio::test]
async fn forgetting_in_one_tab_closes_nothing_in_the_other() {
    let (_collector, _site, browser, _pages, [first, _]) = two_tabs(Engine::Chromium).await;
    browser.run("return grapevine('reset');").await;
    browser.switch(&first).await;
    browser.run("return new Promise((next) => setTimeout(next, 300, null));").await;
    assert_eq!(browser.run("return grapevine('why');").await, "open");
}

in_each_engine!(a_page_from_the_back_forward_cache_knows_what_happened_since);

async fn a_page_from_the_back_forward_cache_knows_what_happened_since(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", "<p>Tea.")).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/first")).await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.goto(&pages.url("/second")).await;
    browser.until("location.pathname == '/second' && window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.click("button[value=leave]").await;
    browser.back().await;
    // Whether it is the page from before or a new one.
    browser.until("location.pathname == '/first' && window.grapevine?.loaded && !survey").await;
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
}

#[tokio::test]
async fn a_survey_that_ends_by_itself_is_not_ignored() {
    let collector = Collector::shared();
    let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 1, "ignored_times": 1 },
        "pages": { "exclude": ["/checkout"] } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "", "<p>Tea.")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    for _ in 0..2 {
        browser.until_shown().await;
        browser.run("history.pushState(null, '', '/checkout');").await;
        browser.until("!survey").await;
        browser.run("history.pushState(null, '', '/');").await;
    }
    browser.until_shown().await;
    // Leaving the page is no word either.
    browser.reload().await;
    assert_eq!(browser.run("return grapevine('why');").await, "ignored");
}

#[tokio::test]
async fn two_tabs_that_are_due_in_the_same_moment_show_one_survey() {
    let collector = Collector::shared();
    let survey = json!({ "trigger": { "kind": "event", "name": "paid" }, "recontact": { "first_view": 1 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let listen =
        "<script>new BroadcastChannel('paid').onmessage = () => grapevine('event', 'paid');</script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "", listen)).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let url = pages.url("/");
    browser.goto(&url).await;
    let tabs = [browser.tab().await, browser.new_tab().await];
    for round in 0..8 {
        for tab in &tabs {
            browser.switch(tab).await;
            browser.goto(&url).await;
            browser.until("window.grapevine?.loaded").await;
            browser.run("return grapevine('reset');").await;
        }
        for tab in &tabs {
            browser.switch(tab).await;
            assert_eq!(browser.run("return grapevine('why');").await, "due", "round {round}");
        }
        browser.run("new BroadcastChannel('paid').postMessage(0); grapevine('event', 'paid');").await;
        let mut states = Vec::new();
        for tab in &tabs {
            browser.switch(tab).await;
            let decided = "return new Promise((done) => { const look = async () => {
                const state = await grapevine('why');
                state == 'due' ? setTimeout(look, 20) : done(state); }; look(); });";
            states.push(browser.run(decided).await);
        }
        states.sort_unstable_by_key(ToString::to_string);
        assert_eq!(states, ["ignored", "open"], "round {round}");
    }
}

#[tokio::test]
async fn a_page_that_another_tab_makes_due_shows_the_survey_when_it_is_seen_again() {
    for engine in ENGINES {
        let collector = Collector::shared();
        let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 2 } });
        let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
        let pages = PageServer::with_page(tagged(&site, "", "", "")).await;
        let browser = Browser::open(engine, Window::DESKTOP).await;
        browser.goto(&pages.url("/first")).await;
        browser.until("window.grapevine?.loaded").await;
        assert_eq!(why(&browser).await, "view");
        // A second page view, as another tab counts it that is closed before the survey comes.
        browser
            .run("localStorage.grapevine = JSON.stringify({ ...JSON.parse(localStorage.grapevine), views: 2 });")
            .await;
        assert_eq!(why(&browser).await, "due");
        browser.run("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));").await;
        browser.until_shown().await;
    }
}
