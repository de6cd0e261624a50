//! An inline survey in an element that the page's framework draws anew: with it the survey goes.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine};

use tests::fixture_clock_page::until_why;
use tests::fixture_full_survey::{page, show};
use tests::visitor::{choose, one_row};

in_each_engine!(an_inline_survey_that_nobody_has_seen_comes_back);

const BODY: &str =
    "<main><div style='height: 3000px'>Tea.</div><div id=root><div id=here></div></div></main>";

async fn an_inline_survey_that_nobody_has_seen_comes_back(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let tag = "data-delay=0 data-mode=inline data-target='#here'";
    let pages = PageServer::with_page(page(&site, "lang=en", tag, BODY)).await;
    browser.goto(&pages.url("/")).await;
    // At once, later, and in another place.
    for redraw in [
        "root.innerHTML = '<div id=here></div>';",
        "root.innerHTML = ''; window.later = '<div id=here></div>';",
        "root.outerHTML = '<div id=root><div id=here></div></div>';",
        "root.querySelector('grapevine-survey').remove();",
    ] {
        browser.until("document.querySelector('#here > grapevine-survey')").await;
        browser.until_shown().await;
        browser.survey("survey.host.isOld = true;").await;
        browser.run(redraw).await;
        if redraw.contains("later") {
            until_why(&browser, "target").await;
            browser.run("root.innerHTML = later;").await;
        }
        browser.until("survey?.querySelector('input') && !survey.host.isOld").await;
    }
    // A new place for the same element is no end of it.
    browser.survey("survey.host.isOld = true; document.querySelector('main').prepend(root);").await;
    browser.run("scrollTo(0, 0);").await;
    browser.until("events.includes('shown')").await;
    assert_eq!(browser.survey("return survey.host.isOld;").await, true);
    choose(&browser, 9).await;
    one_row(&site, 9, None).await;
    assert_eq!(site.score("").await["shown"], 1);
    assert_eq!(browser.run("return [events, errors];").await, json!([["ready", "shown", "scored"], []]));
}

#[tokio::test]
async fn a_survey_that_was_seen_or_closed_does_not_come_back() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let tag = "data-delay=0 data-mode=inline data-target='#here'";
    let body = "<main><div id=root><div id=here></div></div></main>";
    let redraw = "root.innerHTML = '<div id=here></div>';";
    for end in ["", "leave", "score"] {
        // Another origin, which knows nothing of the visitor.
        let pages = PageServer::with_page(page(&site, "lang=en", tag, body)).await;
        browser.goto(&pages.url("/")).await;
        browser.until_shown().await;
        match end {
            "leave" => browser.click("[value=leave]").await,
            "score" => {
                choose(&browser, 4).await;
                browser.click("#comment").await;
                browser.press("Half a se".chars()).await;
                browser.run(redraw).await;
            }
            _ => {
                browser.until("events.includes('shown')").await;
                browser.run(redraw).await;
            }
        }
        browser.until("!survey").await;
        let why = match end {
            "leave" => "dismissed",
            "score" => "answered",
            _ => "ignored",
        };
        assert_eq!(browser.run("return grapevine('why');").await, why, "{end}");
        // As when the visitor comes back to the tab.
        browser.run("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));").await;
        // Longer than it takes to open.
        browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
        assert_eq!(browser.survey("return survey;").await, json!(null), "{end}");
        assert_eq!(browser.run("return grapevine('why');").await, why, "{end}");
        assert_eq!(browser.run("return errors;").await, json!([]), "{end}");
    }
    // What was written is not lost.
    let written = async || {
        let rows = site.responses().await;
        rows.iter().any(|row| row["score"] == 4 && row["comment"] == "Half a se").then_some(())
    };
    tests::until("the comment is stored", written).await;
}

#[tokio::test]
async fn a_survey_opened_by_command_comes_back_with_its_options() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for frame in ["", "data-frame"] {
        let pages =
            PageServer::with_page(page(&site, "lang=en", &format!("data-delay=3600 {frame}"), BODY)).await;
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        show(&browser, "{ target: '#here', lang: 'de' }").await;
        let node = "document.querySelector('#here > :is(grapevine-survey, iframe)')";
        browser.until(node).await;
        browser.run(&format!("{node}.isOld = true; root.innerHTML = '<div id=here></div>';")).await;
        browser.until(&format!("{node} && !{node}.isOld")).await;
        if frame.is_empty() {
            browser.until("survey?.host.lang == 'de'").await;
        }
        assert_eq!(browser.run("return grapevine('why');").await, "open");
        assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
        browser.run("return new Promise((next) => setTimeout(next, 800, null));").await;
        assert_eq!(browser.run(&format!("return {node};")).await, json!(null));
        assert_eq!(browser.run("return errors;").await, json!([]));
    }
}
