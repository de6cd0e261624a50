//! Host pages that do much themselves: applications that change all of the page, listeners for
//! everything, and what happens when the survey's own code breaks.

use serde_json::{Value, json};
use tests::key;

use tests::fixture_host_page::{Host, command, each, page};
use tests::visitor::one_row_of;

#[tokio::test]
async fn an_application_can_replace_the_whole_page() {
    let host = Host::start().await;
    let _pages = host.visit("/first", page("", &host.tag("async"))).await;
    let browser = &host.browser;
    browser.until_shown().await;
    // A new body, as those libraries do that load the next page into this one: the visitor goes on.
    browser
        .run(
            "const body = document.createElement('body'); body.innerHTML = '<main><h1>Another</h1></main>';
            document.body.replaceWith(body); history.pushState({}, '', '/second');",
        )
        .await;
    assert_eq!(command(browser, "why").await, "open");
    host.answer("/first", 9).await;
    // The application replaces everything, and the survey disappears without harm. It can be opened
    // again.
    browser
        .run(
            "const head = document.createElement('head'), body = document.createElement('body'); body.innerHTML = '<main><h1>A third</h1></main>';
            document.documentElement.replaceChildren(head, body); history.pushState({}, '', '/third');",
        )
        .await;
    assert_eq!(command(browser, "why").await, "answered");
    assert_eq!(command(browser, "show").await, "open");
    host.answer("/third", 2).await;
    // And in the middle of it: what was chosen counts.
    browser.run("history.replaceState({}, '', '/fourth'); return grapevine('hide');").await;
    assert_eq!(command(browser, "show").await, "open");
    browser.click("input[value='1'] + span").await;
    browser.run("document.documentElement.replaceChildren(document.createElement('body'));").await;
    one_row_of(&host.site, "/fourth", 1, None).await;
    assert_eq!(command(browser, "show").await, "open");
    host.silence("an application").await;
}

#[tokio::test]
async fn keyboard_shortcuts_of_the_page_ignore_keys_in_the_survey() {
    let host = Host::start().await;
    let shortcuts = "<script>window.pressed = [];
        for (const target of [window, document, document.documentElement]) for (const name of ['keydown', 'keypress', 'keyup'])
            target.addEventListener(name, (event) => { pressed.push(event.key); event.preventDefault(); });</script>";
    let _pages = host.visit("/shortcuts", page(shortcuts, &host.tag("async data-delay=3600"))).await;
    let browser = &host.browser;
    browser.press("s".chars()).await;
    assert_eq!(
        browser.run("const all = new Set(pressed); pressed.length = 0; return [...all];").await,
        json!(["s"])
    );
    assert_eq!(command(browser, "show").await, "open");
    browser.click("input[value='9'] + span").await;
    browser.press([key::LEFT, key::LEFT]).await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    browser.click("#comment").await;
    browser.press("At /shortcuts".chars()).await;
    browser.press([key::TAB, key::TAB, key::ENTER]).await;
    one_row_of(&host.site, "/shortcuts", 7, Some("At /shortcuts")).await;
    browser.until("survey.activeElement?.id == 'thanks'").await;
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    // The keys of the last press go up after it is gone, and are the page's again.
    let pressed = browser.run("return pressed.filter((key) => key != 'Escape');").await;
    assert_eq!(pressed, json!([]), "the page took keys that were not for it");
    host.silence("shortcuts").await;
}

/// Changes that a page makes to its browser after the survey has opened, so that the survey's code
/// fails, each with the events that follow.
const BREAKS: [(&str, (&str, &str)); 3] = [
    ("listener", ("Event.prototype.stopPropagation = () => { throw Error('stopped'); };", "shown error ")),
    (
        "target",
        (
            "Object.defineProperty(Event.prototype, 'target', { get() { throw Error('no target'); } });",
            "shown error ",
        ),
    ),
    // Not in a listener, but when the collector has answered.
    (
        "later",
        (
            "Object.defineProperty(Document.prototype, 'activeElement', { get() { throw Error('no focus'); } });",
            "shown scored submitted error ",
        ),
    ),
];

#[tokio::test]
async fn a_trap_in_the_survey_does_not_break_the_page() {
    let host = Host::start().await;
    each(&host, BREAKS, |host, name, (breaks, events)| async move {
        let browser = &host.browser;
        let _pages = host.visit(&format!("/{name}"), page("", &host.tag("async"))).await;
        browser.until_shown().await;
        // Nothing of the opening is still to come.
        browser.until("survey.querySelector('[role=status]').textContent").await;
        browser.run(breaks).await;
        browser
            .survey(
                "survey.querySelector(\"input[value='9']\").click(); survey.querySelector('button.send').click();",
            )
            .await;
        browser.until("!survey").await;
        assert_eq!(host.events().await, events, "{name}");
        host.silence(name).await;
        // It will not come again, and that is no news for the page.
        let state = command(browser, "show").await;
        assert!(state != "open", "{name}: {state}");
        let left = browser.run("return document.querySelector('grapevine-survey, iframe');").await;
        assert_eq!(left, Value::Null);
        assert_eq!(command(browser, "hide").await, "hidden", "{name}");
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn a_referrer_of_the_same_origin_counts_as_a_page_view() {
    let host = Host::start().await;
    let pages = host.visit("/without", page("", "")).await;
    pages.put("/with", page("", &host.tag("async data-delay=3600")));
    host.browser.run("location.href = '/with'; return null;").await;
    host.browser.until("location.pathname == '/with' && window.grapevine?.loaded").await;
    assert_eq!(command(&host.browser, "why").await, "due");
}
