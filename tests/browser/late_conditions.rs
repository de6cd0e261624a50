//! Conditions that come true late. They are watched, not looked at once: wherever the page is told
//! that the survey is due, it comes.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine};

use tests::fixture_clock_page::{STUB, no_errors, tagged, until_why, why};

in_each_engine!(an_element_that_a_router_draws_late_gets_the_survey);

/// The page of the field.
async fn an_element_that_a_router_draws_late_gets_the_survey(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>An application that draws after it navigates</title>
        <script async src='{}' data-delay=1 data-view=1 data-mode=inline data-target='#feedback'></script>
        <main id=app><button id=go>To the account page</button></main>
        <script>document.getElementById('go').onclick = () => {{
            history.pushState(null, '', '/account');
            setTimeout(() => {{ document.getElementById('app').innerHTML = '<h1>Account</h1><div id=feedback></div>'; }}, 200);
        }};</script>",
        site.loader_url()
    );
    let pages = PageServer::with_page(ServedPage::html(html)).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    until_why(&browser, "target").await;
    browser.click_page("#go").await;
    browser.until("document.querySelector('#feedback > grapevine-survey')").await;
    assert_eq!(why(&browser).await, "open");
}

#[tokio::test]
async fn an_element_may_come_in_other_ways_and_go_again() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "kind": "event", "name": "paid" })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (begin, come) in [
        (
            "",
            "document.body.insertAdjacentHTML('beforeend', '<template id=t><div id=here></div></template>');
            setTimeout(() => document.body.append(t.content.cloneNode(true)), 50);",
        ),
        ("<div class=place></div>", "document.querySelector('.place').id = 'here';"),
        (
            "",
            "for (let count = 0; count < 500; count++) setTimeout(() => document.body.append('x'), count);
            setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<div id=here></div>'), 300);",
        ),
    ] {
        let pages =
            PageServer::with_page(tagged(&site, STUB, "data-mode=inline data-target='#here'", begin)).await;
        browser.goto(&pages.url("/")).await;
        until_why(&browser, "target").await;
        // What happened before the element was there has happened.
        assert_eq!(browser.run("return grapevine('event', 'paid');").await, "target");
        browser.run(come).await;
        browser.until_shown().await;
        no_errors(&browser).await;
    }
    // It was there, and is gone when its time has come.
    let pages = PageServer::with_page(tagged(
        &site,
        STUB,
        "data-mode=inline data-target='#here'",
        "<div id=here></div>",
    ))
    .await;
    browser.goto(&pages.url("/")).await;
    until_why(&browser, "due").await;
    browser.run("here.remove();").await;
    assert_eq!(browser.run("return grapevine('event', 'paid');").await, "target");
    browser.run("document.body.insertAdjacentHTML('beforeend', '<div id=here></div>');").await;
    browser.until_shown().await;
    no_errors(&browser).await;
}

/// A site whose survey may show on the first page view.
async fn site(collector: &Collector, trigger: Value) -> Site {
    let survey = json!({ "trigger": trigger, "recontact": { "first_view": 1 } });
    collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
}

/// Pages whose window scrolls in one of its elements, each with an expression for that element.
const INNER: [(&str, &str); 6] = [
    (
        "<style>html, body { height: 100%; margin: 0; overflow: hidden; }</style>
        <div id=app style='height: 90vh; overflow: auto'><div style='height: 4000px'>Tea.</div></div>",
        "app",
    ),
    // Made later.
    (
        "<style>html, body { height: 100%; margin: 0; }</style><div id=root></div>
        <script>setTimeout(() => root.innerHTML = `<div id=app style='height: 90vh; overflow-y: scroll'><div style='height: 4000px'>Tea.</div></div>`, 300)</script>",
        "app",
    ),
    // A list at the side and a row that scrolls sideways are not the page.
    (
        "<style>html, body { height: 100%; margin: 0; overflow: hidden; } main { display: flex; height: 90vh; }</style>
        <div id=list style='width: 300px; height: 100%; overflow: auto'><div style='height: 4000px'>Menu</div></div>
        <div id=app style='flex: 1; height: 100%; overflow: auto'><div id=row style='overflow: auto; height: 600px'><p style='width: 9000px'>Teas</div><div style='height: 4000px'>Tea.</div></div>
        <script>setTimeout(() => { list.scrollTop = 4000; row.scrollLeft = 400; }, 300)</script>",
        "app",
    ),
    // Moved by a script, which hides the browser's own bars.
    (
        "<style>html, body { height: 100%; margin: 0; overflow: hidden; }</style>
        <div id=app style='height: 90vh; overflow: hidden'><div style='height: 4000px'>Tea.</div></div>",
        "app",
    ),
    // In the shadow root of a component, within that of another one.
    (
        "<style>html, body { height: 100%; margin: 0; overflow: hidden; }</style><tea-app></tea-app><script>
        const root = document.querySelector('tea-app').attachShadow({ mode: 'open' });
        root.innerHTML = '<tea-content></tea-content>';
        window.inner = root.firstChild.attachShadow({ mode: 'open' });
        inner.innerHTML = `<div id=app style='height: 90vh; overflow-y: auto'><div style='height: 4000px'>Tea.</div></div>`;
        </script>",
        "inner.firstChild",
    ),
    // The document, once the content has come.
    (
        "<div id=app>Loading…</div>
        <script>setTimeout(() => app.innerHTML = `<div style='height: 6000px'>Tea.</div>`, 2500)</script>",
        "document.scrollingElement",
    ),
];

in_each_engine!(scrolling_within_an_element_counts_as_scrolling_the_page);

async fn scrolling_within_an_element_counts_as_scrolling_the_page(engine: Engine) {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "kind": "scroll", "percent": 60 })).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for (body, element) in INNER {
        let pages = PageServer::with_page(tagged(&site, "", "", body).with_fast_clock()).await;
        browser.goto(&pages.url("/")).await;
        until_why(&browser, "due").await;
        // Longer than it takes to find that a page fits the window.
        browser.run("return new Promise((next) => setTimeout(next, 9000, null));").await;
        assert_eq!(browser.run("return coming();").await, false, "{body}");
        browser.run(&format!("{element}.scrollTop = 4600;")).await;
        browser.until_shown().await;
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn a_page_that_fits_the_window_has_been_scrolled() {
    let collector = Collector::shared();
    let site = site(&collector, json!({ "kind": "scroll", "percent": 60 })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(tagged(&site, "", "", "<p>Tea.")).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    // It fits from some time on.
    let pages = PageServer::with_page(tagged(&site, "", "", "<p id=long style='height: 4000px'>Tea.")).await;
    browser.goto(&pages.url("/")).await;
    browser.run("return new Promise((next) => setTimeout(next, 1600, null));").await;
    assert_eq!(browser.run("return coming();").await, false);
    browser.run("long.remove();").await;
    browser.until_shown().await;
    no_errors(&browser).await;
    // It changes all the time, but never grows.
    let ticker = "<p id=news>Tea.</p><script>setInterval(() => {
        news.innerHTML = '<b>Tea</b>'.repeat(1 + (performance.now() / 900 | 0) % 3);
    }, 300)</script>";
    let pages = PageServer::with_page(tagged(&site, "", "", ticker).with_fast_clock()).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    no_errors(&browser).await;
}
