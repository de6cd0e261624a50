//! Invalid attributes of the tag and invalid calls of the page. They change nothing, cost nothing
//! and never throw into the page.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window};

use tests::fixture_clock_page::{STUB, no_errors, tagged, why};

/// Keeps the console's warnings in `warnings`.
const WARNINGS: &str =
    "<script>window.warnings = []; console.warn = (...given) => warnings.push(given.join(' '));</script>";

async fn open(survey: Value) -> (Collector, tests::Site, Browser) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    (collector, site, browser)
}

#[tokio::test]
async fn attributes_of_other_tools_are_ignored() {
    let (_collector, site, browser) =
        open(json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } })).await;
    let foreign = "data-name=grapevine-survey data-service=analytics data-category=statistics data-variant=other
        data-when='0,0,0,0' data-site=0 data-storage=none data-look='*{display:none}' data-survey=x data-pages='^$'
        data-sample=0 data-signals=x data-event=x data-scroll=1 data-exit=1 data-score=10 data-properties=x data-text=x";
    let pages = PageServer::with_page(tagged(&site, WARNINGS, foreign, "")).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let question = browser.survey("return survey.querySelector('legend').textContent;").await;
    let question = question.as_str().unwrap_or_default().replace(['\u{2068}', '\u{2069}'], "");
    assert!(question.contains("recommend Tea shop to"), "{question}");
    browser.click("input[value='9'] + span").await;
    site.score_when("one scored", |score| score["scored"] == 1).await;
    assert_eq!(site.responses().await[0]["variant"], "standard");
    assert_eq!(browser.run("return warnings;").await, json!([]));
    no_errors(&browser).await;
}

#[tokio::test]
async fn responses_of_a_page_that_is_tried_out_are_in_no_figure() {
    let (_collector, site, browser) =
        open(json!({ "delay_seconds": 3_600, "recontact": { "first_view": 1 } })).await;
    let pages = PageServer::start().await;
    for (nth, attribute) in ["data-test", "data-test=true data-frame"].into_iter().enumerate() {
        pages.put("/", tagged(&site, "", attribute, ""));
        browser.goto(&pages.url("/")).await;
        browser.run("grapevine('show');").await;
        if nth == 1 {
            browser.until("parseFloat(document.querySelector('iframe')?.style.blockSize) > 100").await;
            browser.frame("iframe").await;
        }
        browser.until_shown().await;
        browser.click("input[value='9'] + span").await;
        tests::until("the response is marked", async || {
            let marked = site.responses_of("marked=test", 50).await;
            let scored = marked.iter().filter(|response| response["score"] == 9).count();
            (scored == nth + 1).then_some(())
        })
        .await;
    }
    let report = site.score("").await;
    assert_eq!((&report["scored"], &report["shown"]), (&json!(0), &json!(0)));
}

/// Values that cannot be read, by attribute.
const WRONG: [(&str, &str); 17] = [
    ("delay", "soon"),
    ("delay", "-1"),
    ("delay", ""),
    ("delay", "1e3"),
    ("delay", "NaN"),
    // As a number of milliseconds it would be more than a timer takes, which then rings at once.
    ("delay", "99999999"),
    ("view", "first"),
    ("view", "1.5"),
    ("mode", "popup"),
    ("mode", ""),
    ("corner", "middle"),
    ("corner", "bottom"),
    ("lang", "English"),
    ("lang", "{{ lang }}"),
    ("frame", "false"),
    ("test", "no"),
    ("target", ""),
];

#[tokio::test]
async fn an_invalid_value_keeps_the_owners_setting_and_warns_once() {
    let survey = json!({ "delay_seconds": 3600, "mode": "bar", "corner": "top-left", "recontact": { "first_view": 1 } });
    let (_collector, site, browser) = open(survey).await;
    for (name, value) in WRONG {
        let pages =
            PageServer::with_page(tagged(&site, WARNINGS, &format!("data-{name}='{value}'"), "")).await;
        browser.goto(&pages.url("/")).await;
        let what = format!("data-{name}={value:?}");
        assert_eq!(why(&browser).await, "due", "{what}");
        assert_eq!(browser.run("return grapevine('show');").await, "open", "{what}");
        let warned = browser.run("return warnings;").await;
        assert_eq!(warned, json!([format!("Grapevine ignores data-{name}=\"{value}\"")]));
        let seen = browser
            .survey("const { mode, corner } = survey.host.dataset; return [mode, corner, survey.host.lang];")
            .await;
        assert_eq!(seen, json!(["bar", "top-left", "en"]), "{what}");
        no_errors(&browser).await;
    }
}

/// Selectors that are none.
const NO_SELECTORS: [&str; 6] = ["#2024-x", "[", "a >", ":no-such(", "#a..b", "!"];

#[tokio::test]
async fn an_invalid_selector_does_not_break_the_router() {
    let (_collector, site, browser) =
        open(json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } })).await;
    for selector in NO_SELECTORS {
        let tag = format!("data-mode=inline data-target='{selector}'");
        let pages = PageServer::with_page(tagged(&site, STUB, &tag, "")).await;
        browser.goto(&pages.url("/")).await;
        browser.until("grapevine.loaded").await;
        let routed = "history.pushState(1, '', '/a'); history.replaceState(2, '', '/b'); history.back();
            return new Promise((next) => addEventListener('popstate', () => next([location.pathname, history.state]), { once: true }));";
        assert_eq!(browser.run(routed).await, json!(["/", null]), "{selector}");
        assert_eq!(why(&browser).await, "target", "{selector}");
        let by_hand = format!("return grapevine('show', {{ target: {} }});", json!(selector));
        assert_eq!(browser.run(&by_hand).await, "target", "{selector}");
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn broken_browser_functions_throw_no_error_into_the_page() {
    let (_collector, site, browser) =
        open(json!({ "delay_seconds": 3600, "recontact": { "first_view": 1 } })).await;
    for (name, script) in [
        ("query", "Document.prototype.querySelector = () => { throw Error('none'); };"),
        ("event", "window.CustomEvent = undefined;"),
        (
            "storage",
            "Storage.prototype.setItem = Storage.prototype.getItem = () => { throw Error('none'); }; JSON.parse = () => { throw Error('none'); };",
        ),
        ("frozen", "Object.freeze(history);"),
        (
            "returns",
            "const own = history.pushState; history.pushState = function (...given) { own.apply(this, given); return 'mine'; };",
        ),
    ] {
        let tag = "data-mode=inline data-target=main";
        let pages = PageServer::with_page(tagged(
            &site,
            "",
            tag,
            &format!("<script>window.breaks = () => {{ {script} }};</script>"),
        ))
        .await;
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        let state = browser.run("breaks(); const given = history.pushState({ at: 1 }, '', '/a'); dispatchEvent(new Event('scroll')); return [location.pathname, history.state.at];").await;
        assert_eq!(state, json!(["/a", 1]), "{name}");
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn placeholder_users_are_treated_as_guests() {
    let (_collector, site, browser) =
        open(json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } })).await;
    // Somebody was so called and answered: that is no reason to leave the guests alone.
    for user in ["", " ", "0", "undefined", "[object Object]", "Guest"] {
        let pages = PageServer::with_page(tagged(&site, WARNINGS, &format!("data-user='{user}'"), "")).await;
        browser.goto(&pages.url("/")).await;
        browser.until_shown().await;
        browser.click("input[value='9'] + span").await;
        browser.until("!Object.keys(localStorage).some((key) => key.startsWith('grapevine-'))").await;
        let warnings = browser.run("return warnings.length;").await;
        assert_eq!(warnings, u8::from(!user.trim().is_empty()), "{user:?}");
    }
    let responses = site.responses().await;
    assert_eq!(responses.len(), 6);
    assert!(responses.iter().all(|response| response["user"] == Value::Null), "{responses:#?}");
}
