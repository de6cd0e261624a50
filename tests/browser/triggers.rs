//! Triggers that open the survey for an eligible visitor: each trigger, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, RecordedRequest, RecordingProxy, Site, Window, new_id};

use tests::fixture_clock_page::{STUB, no_errors, shop, tagged, why};

/// A site whose survey may show on the first page view.
async fn site(collector: &Collector, mut survey: Value) -> Site {
    survey["recontact"] = json!({ "first_view": 1 });
    collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
}

/// Whether anything of the survey was fetched, once the browser has told the page of all that has
/// happened.
async fn is_coming(browser: &Browser) -> bool {
    let fetched = "return new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))).then(() => coming());";
    browser.run(fetched).await == true
}

#[tokio::test]
async fn the_survey_opens_after_a_delay() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "delay_seconds": 1 })).await;
    let notes = "<script>for (const name of ['ready', 'shown'])
        document.addEventListener('grapevine:' + name, () => (window[name] = performance.now()));</script>";
    let pages = PageServer::with_page(tagged(&site, notes, "", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(why(&browser).await, "due");
    browser.until_shown().await;
    let waited = browser.run("return window.shown - window.ready;").await;
    assert!(waited.as_f64().is_some_and(|waited| waited >= 995.0), "{waited}");
    // The tag is stronger.
    let pages = shop(&site, "data-delay=3600").await;
    browser.goto(&pages.url("/")).await;
    assert!(!is_coming(&browser).await);
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_survey_opens_at_a_scroll_depth() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "trigger": { "kind": "scroll", "percent": 60 } })).await;
    let pages = PageServer::with_page(tagged(
        &site,
        "<style>body { margin: 0; height: 4000px; display: flow-root; }</style>",
        "",
        "",
    ))
    .await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    // The window's lower edge is at 800 pixels; 60 per cent are 2400.
    for (y, coming) in [(0, false), (1_590, false), (0, false), (1_600, true)] {
        browser.run(&format!("scrollTo(0, {y});")).await;
        assert_eq!(is_coming(&browser).await, coming, "at {y}");
    }
    browser.until_shown().await;
    // Once is enough.
    browser.click("button[value=leave]").await;
    browser.run("fetched = []; scrollTo(0, 0); scrollTo(0, 3000);").await;
    assert!(!is_coming(&browser).await);
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_survey_opens_when_the_pointer_leaves_at_the_top() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "trigger": { "kind": "exit" } })).await;
    let pages = PageServer::with_page(tagged(&site, "", "", "<p style='height: 3000px'>Tea.")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    let point = async |x: i32, y: i32| {
        browser.cdp("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y })).await
    };
    // Within the page, and out of it at each other side.
    for (x, y) in [
        (400, 300),
        (400, 2),
        (400, 300),
        (-5, 300),
        (400, 300),
        (1_290, 300),
        (400, 300),
        (400, 805),
        (400, 300),
    ] {
        point(x, y).await;
        assert!(!is_coming(&browser).await, "at {x}, {y}");
    }
    point(400, -5).await;
    browser.until_shown().await;
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_survey_opens_at_a_custom_event() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "trigger": { "kind": "event", "name": "order-paid" } })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run("return grapevine('event', 'order-seen');").await, "due");
    assert_eq!(browser.run("return grapevine('event');").await, "due");
    assert!(!is_coming(&browser).await);
    browser.run("return grapevine('event', 'order-paid');").await;
    browser.until_shown().await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    // An ineligible visitor never sees the survey, whatever happens.
    assert_eq!(browser.run("fetched = []; return grapevine('event', 'order-paid');").await, "dismissed");
    assert!(!is_coming(&browser).await);

    // It may happen before the script has loaded.
    let early = format!("{STUB}<script>grapevine('event', 'order-paid')</script>");
    let pages = PageServer::with_page(tagged(&site, &early, "", "")).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_manual_trigger_opens_only_by_command() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "trigger": { "kind": "manual" }, "delay_seconds": 0 })).await;
    let timers = "<script>window.timers = 0; const own = setTimeout; window.setTimeout = (...given) => { timers++; return own(...given); };</script>";
    let pages = PageServer::with_page(tagged(&site, timers, "", "<p style='height: 3000px'>Tea.")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(why(&browser).await, "due");
    // Neither by an event of any name, or of none, nor by what else could make it show.
    browser.run("for (const name of ['order-paid', '', null, undefined]) grapevine('event', name);").await;
    browser.run("grapevine('event'); scrollTo(0, 3000);").await;
    assert!(!is_coming(&browser).await);
    assert_eq!(browser.run("return window.timers;").await, 0);
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    no_errors(&browser).await;
}

#[tokio::test]
async fn a_repeated_trigger_opens_one_working_survey() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "trigger": { "kind": "event", "name": "paid" } })).await;
    for call in ["grapevine('show')", "grapevine('event', 'paid')"] {
        let recorder = RecordingProxy::start(&collector.url()).await;
        let notes =
            "<script>window.shown = 0; document.addEventListener('grapevine:shown', () => shown++);</script>";
        let pages = PageServer::with_page(tagged(&site.at(recorder.url()), notes, "", "")).await;
        let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
        browser.goto(&pages.url("/")).await;
        browser.run(&format!("return Promise.all([{call}, {call}]).then(() => {call});")).await;
        browser.until_shown().await;
        browser.click("input[value='8'] + span").await;
        browser.until("survey.querySelector('textarea').checkVisibility()").await;
        browser.click("button[value=leave]").await;
        browser.until("!survey").await;
        assert_eq!(browser.run("return shown;").await, 1, "{call}");
        let sent = recorder.take();
        let paths: BTreeSet<_> =
            sent.iter().map(RecordedRequest::path).filter(|path| path.starts_with("/a/")).collect();
        let times = sent.iter().filter(|sent| sent.path().starts_with("/a/")).count();
        assert_eq!((paths.len(), times), (3, 3), "each part is sent for once: {call}");
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn a_background_tab_waits_until_it_is_visible() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "delay_seconds": 0 })).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // Chromium without a screen draws every tab, but not a window that is put away.
    let window = browser.cdp("Browser.getWindowForTarget", json!({})).await["windowId"].clone();
    let put = async |state: &str| {
        let bounds = json!({ "windowId": window, "bounds": { "windowState": state } });
        browser.cdp("Browser.setWindowBounds", bounds).await
    };
    put("minimized").await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run("return document.visibilityState;").await, "hidden");
    assert_eq!(why(&browser).await, "background");
    // A timer of the page's own that was set after ours has run, so ours has.
    browser.run("return new Promise((next) => setTimeout(next, 50)).then(() => null);").await;
    assert_eq!(browser.run("return coming();").await, false);
    put("normal").await;
    browser.until_shown().await;
    no_errors(&browser).await;
}

#[tokio::test]
async fn malformed_stored_data_is_ignored() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "delay_seconds": 3600 })).await;
    let id = new_id();
    let left = format!(
        "<script>window.received = []; document.addEventListener('grapevine:error', () => received.push('error'));
        const left = {{ id: '{id}', shown: true, score: 7, elapsed_ms: 900 }};
        localStorage['grapevine-{}'] = JSON.stringify({{ [left.id]: JSON.stringify(left) }});</script>",
        site.id
    );
    let pages = PageServer::with_page(tagged(&site, &left, "", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    site.score_when("what was left is there", |score| score["scored"] == 1).await;
    browser.until("Object.keys(localStorage).length == 1").await;
    assert_eq!(browser.run("return received;").await, json!([]));
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.click("input[value='9'] + span").await;
    site.score_when("and the new answer", |score| score["scored"] == 2).await;
    no_errors(&browser).await;
}
