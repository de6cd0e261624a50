//! An inline survey is shown once half of it, or of the window where it is taller, has been in view
//! for a second.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine};

use tests::fixture_full_survey::page;

in_each_engine!(an_inline_survey_further_down_is_shown_once_the_visitor_gets_there);

async fn an_inline_survey_further_down_is_shown_once_the_visitor_gets_there(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let body = "<main><div style='height: 3000px'>Tea.</div><div id=here></div><div style='height: 3000px'></div></main>";
    let pages = PageServer::with_page(page(
        &site,
        "lang=en",
        "data-delay=0 data-mode=inline data-target='#here'",
        body,
    ))
    .await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let events = "return events;";
    let pause = "return new Promise((next) => setTimeout(next, 1500, null));";
    browser.run(pause).await;
    assert_eq!(browser.run(events).await, json!(["ready"]), "it is far below");
    // A glimpse of it, and a moment of all of it, are not enough.
    browser.run("scrollTo(0, here.offsetTop - innerHeight + 40);").await;
    browser.run(pause).await;
    assert_eq!(browser.run(events).await, json!(["ready"]), "its edge");
    browser.run("here.scrollIntoView(); return new Promise((next) => setTimeout(next, 300, null));").await;
    browser.run("scrollTo(0, 0);").await;
    browser.run(pause).await;
    assert_eq!(browser.run(events).await, json!(["ready"]), "a moment");
    assert_eq!(site.score("").await["shown"], 0);
    browser.run("here.scrollIntoView();").await;
    browser.until("events.includes('shown')").await;
    assert_eq!(browser.run("return [events, errors];").await, json!([["ready", "shown"], []]));
}

#[tokio::test]
async fn a_survey_taller_than_the_window_is_shown_by_half_a_window() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let body = "<style>#here > * { min-height: 4000px; }</style><main><div id=here></div></main>";
    let pages = PageServer::with_page(page(
        &site,
        "lang=en",
        "data-delay=0 data-mode=inline data-target='#here'",
        body,
    ))
    .await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until("events.includes('shown')").await;
}

#[tokio::test]
async fn who_is_faster_than_a_second_has_seen_it() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(page(
        &site,
        "lang=en",
        "data-delay=0 data-mode=inline data-target='#here'",
        "<div id=here></div>",
    ))
    .await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    browser.survey("survey.querySelector(\"input[value='9']\").click(); return null;").await;
    assert_eq!(browser.run("return events;").await, json!(["ready", "shown", "scored"]));
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run("return events;").await, json!(["ready", "shown", "scored"]), "once");
}

in_each_engine!(an_inline_survey_in_a_hidden_element_is_shown_once_that_is_seen);

/// As closed menus, panels of tabs, slides and pop-ups are hidden.
async fn an_inline_survey_in_a_hidden_element_is_shown_once_that_is_seen(engine: Engine) {
    let collector = Collector::shared();
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let tag = "data-delay=0 data-mode=inline data-target='#here'";
    for style in
        ["visibility:hidden", "opacity:0", "transform:scale(0)", "transform:scaleY(0)", "display:none"]
    {
        let site = collector.site().await;
        let body = format!("<main id=panel style='{style}'><div id=here></div></main>");
        // Another origin, which knows nothing of the visitor.
        let pages = PageServer::with_page(page(&site, "lang=en", tag, &body)).await;
        browser.goto(&pages.url("/")).await;
        browser.until("survey?.querySelector('input')").await;
        browser.run("return new Promise((next) => setTimeout(next, 2500, null));").await;
        assert_eq!(browser.run("return events;").await, json!(["ready"]), "{style}");
        if style.starts_with("visibility") {
            let visibility = "return getComputedStyle(survey.querySelector('input')).visibility;";
            assert_eq!(browser.survey(visibility).await, "hidden");
        }
        browser.run("panel.style = '';").await;
        browser.until("events.includes('shown')").await;
        assert_eq!(browser.run("return [events, errors];").await, json!([["ready", "shown"], []]), "{style}");
    }
}
