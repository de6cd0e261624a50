//! Pages with a Content Security Policy. The survey needs what the README says and nothing more,
//! and looks the same. Where the policy forbids WebAssembly, it shows in a frame.

use serde_json::{Value, json};
use tests::{PageServer, ServedPage, key};

use tests::fixture_host_page::{Host, assert_same_styles, command, computed_styles, each, page};
use tests::visitor::one_row_of;

/// A policy in which `HOST` stands for the collector.
fn with_policy(host: &Host, page: ServedPage, policy: &str) -> ServedPage {
    let loader = host.site.loader_url();
    let collector = loader.split("/e/").next().unwrap_or_default();
    page.with("content-security-policy", &policy.replace("HOST", collector))
}

/// Under which the survey is part of the page.
const OPEN: [(&str, (&str, &str)); 3] = [
    ("hosts", ("async", "default-src 'none'; script-src HOST 'wasm-unsafe-eval'; connect-src HOST")),
    (
        "nonce",
        (
            "async nonce=abc",
            "default-src 'none'; script-src 'nonce-abc' 'wasm-unsafe-eval'; connect-src HOST",
        ),
    ),
    (
        "dynamic",
        (
            "async nonce=abc",
            "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src HOST; base-uri 'none'; form-action 'none'",
        ),
    ),
];

#[tokio::test]
async fn a_strict_policy_that_allows_webassembly_changes_nothing() {
    let host = Host::start().await;
    let _plain = host.visit("/plain", page("", &host.tag("async"))).await;
    let right = computed_styles(&host.browser).await;
    each(&host, OPEN, |host, name, (attributes, policy)| {
        let right = right.clone();
        async move {
            let path = format!("/{name}");
            let _pages = host.visit(&path, with_policy(&host, page("", &host.tag(attributes)), policy)).await;
            assert_same_styles(name, &right, &computed_styles(&host.browser).await);
            host.answer(&path, 4).await;
            assert_eq!(host.events().await, "shown scored submitted ", "{name}");
            host.silence(name).await;
        }
    })
    .await;
}

/// Under which it can only be in a frame. With `data-frame` nothing else is tried, so that nothing
/// is reported.
const FRAMED: [(&str, (&str, &str)); 4] = [
    ("framed", ("async", "default-src 'none'; script-src HOST; frame-src HOST")),
    ("framed-connected", ("async", "default-src 'none'; script-src HOST; frame-src HOST; connect-src HOST")),
    ("framed-at-once", ("async data-frame", "default-src 'none'; script-src HOST; frame-src HOST")),
    (
        "framed-nonce",
        ("async nonce=abc data-frame", "default-src 'none'; script-src 'nonce-abc'; frame-src HOST"),
    ),
];

/// Goes to a page whose survey is in a frame, and waits until it is there.
async fn visit_framed(host: &Host, name: &str, attributes: &str, policy: &str) -> PageServer {
    let page = with_policy(host, page("", &host.tag(attributes)), policy);
    let pages = host.visit(&format!("/{name}"), page).await;
    host.browser.until("window.events == 'shown '").await;
    assert_eq!(host.browser.run("return document.querySelectorAll('grapevine-survey').length;").await, 0);
    pages
}

/// Asserts that the frame is as high as what is in it, and that nothing in it scrolls.
async fn assert_frame_fits(host: &Host, when: &str) {
    host.browser.parent_frame().await;
    host.browser.frame("iframe").await;
    let settled =
        "Math.abs(innerHeight - document.querySelector('main').getBoundingClientRect().height) <= 1";
    host.browser.until(settled).await;
    let scrolls = "return document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth;";
    assert_eq!(host.browser.run(scrolls).await, false, "{when}: it scrolls");
    host.browser.parent_frame().await;
    let inside = "const box = document.querySelector('iframe').getBoundingClientRect();
        return box.height > 100 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;";
    assert_eq!(host.browser.run(inside).await, true, "{when}: it is not in the window");
    host.browser.frame("iframe").await;
}

#[tokio::test]
async fn a_policy_without_webassembly_shows_the_survey_in_a_frame() {
    let host = Host::start().await;
    each(&host, FRAMED, |host, name, (attributes, policy)| async move {
        let _pages = visit_framed(&host, name, attributes, policy).await;
        let browser = &host.browser;
        assert_eq!(command(browser, "why").await, "open");
        let title = browser.run("return document.querySelector('iframe').title;").await;
        assert_eq!(title, "Tea shop", "a frame has a name for who cannot see it");
        browser.frame("iframe").await;
        browser.until_shown().await;
        browser.until_still().await;
        assert_frame_fits(&host, "the question").await;
        browser.click("input[value='3'] + span").await;
        browser.until("survey.querySelector('#comment').checkVisibility()").await;
        browser.until_still().await;
        assert_frame_fits(&host, "the comment").await;
        browser.click("#comment").await;
        browser.press("In a frame".chars()).await;
        browser.click("button.send").await;
        browser.until("survey.querySelector('#thanks').checkVisibility()").await;
        browser.until_still().await;
        assert_frame_fits(&host, "the thanks").await;
        let row = one_row_of(&host.site, &format!("/{name}"), 3, Some("In a frame")).await;
        assert_eq!(row["channel"], "web");

        // Closed inside, gone outside, and not asked again.
        browser.click("button[value=leave]").await;
        browser.parent_frame().await;
        browser.until("!document.querySelector('iframe')").await;
        assert_eq!(host.events().await, "shown scored submitted ", "{name}");
        assert_eq!(command(browser, "why").await, "answered");
        if attributes.contains("data-frame") {
            host.silence(name).await;
        } else {
            // What was tried is in the console, and that is forgotten here.
            browser.console().await;
        }
    })
    .await;
    let score = host.site.score("").await;
    assert_eq!((&score["scored"], &score["shown"]), (&json!(4), &json!(4)));
}

#[tokio::test]
async fn commands_reach_a_framed_survey() {
    let host = Host::start().await;
    let (attributes, policy) = FRAMED[2].1;
    let _pages = visit_framed(&host, "commanded", attributes, policy).await;
    let browser = &host.browser;
    assert_eq!(command(browser, "hide").await, "hidden");
    assert_eq!(browser.run("return document.querySelector('iframe');").await, Value::Null);
    browser.run("window.events = ''; return grapevine('show');").await;
    browser.until("window.events == 'shown '").await;
    assert_eq!(command(browser, "show").await, "open");
    assert_eq!(browser.run("return document.querySelectorAll('iframe').length;").await, 1);
    // "Not now" is no score, in a frame as anywhere.
    browser.frame("iframe").await;
    browser.until_shown().await;
    browser.click("button[value=leave]").await;
    browser.parent_frame().await;
    browser.until("!document.querySelector('iframe')").await;
    assert_eq!(host.events().await, "shown dismissed ");
    assert_eq!(command(browser, "why").await, "hidden");
    let score = host.site.score_when("one dismissed", |score| score["dismissed"] == 1).await;
    assert_eq!(score["scored"], 0);
    browser.reload().await;
    assert_eq!(command(browser, "why").await, "dismissed");
    host.silence("commanded").await;
}

#[tokio::test]
async fn a_framed_survey_can_be_reached_by_keyboard() {
    let host = Host::start().await;
    let (attributes, policy) = FRAMED[2].1;
    let _pages = visit_framed(&host, "keys", attributes, policy).await;
    let browser = &host.browser;
    browser.frame("iframe").await;
    browser.until_shown().await;
    assert_eq!(browser.run("return document.hasFocus();").await, false, "it took the focus");
    browser.parent_frame().await;
    // The page's own link and button come first.
    browser.press([key::TAB, key::TAB]).await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "own");
    browser.press([key::TAB]).await;
    assert_eq!(browser.run("return document.activeElement.tagName;").await, "IFRAME");
    browser.frame("iframe").await;
    assert_eq!(browser.survey("return survey.activeElement.value;").await, "0");
    browser.press([key::RIGHT, key::RIGHT]).await;
    assert_eq!(browser.survey("return survey.querySelector('input:checked').value;").await, "2");
    browser.press([key::TAB]).await;
    browser.press("By keys".chars()).await;
    browser.press([key::TAB, key::TAB, key::ENTER]).await;
    browser.until("survey.activeElement?.id == 'thanks'").await;
    one_row_of(&host.site, "/keys", 2, Some("By keys")).await;
    browser.press([key::ESCAPE]).await;
    browser.parent_frame().await;
    browser.until("!document.querySelector('iframe')").await;
    host.silence("keys").await;
}

/// Style properties that are visible to a visitor and do not depend on the width of the window.
const SEEN: [&str; 10] = [
    "color",
    "background-color",
    "font-family",
    "font-size",
    "font-weight",
    "line-height",
    "letter-spacing",
    "text-align",
    "border-top-color",
    "border-top-left-radius",
];

#[tokio::test]
async fn a_framed_survey_looks_like_an_embedded_one() {
    let host = Host::start().await;
    let _plain = host.visit("/plain", page("", &host.tag("async"))).await;
    let mut right = computed_styles(&host.browser).await;
    let (attributes, policy) = FRAMED[2].1;
    let _pages = visit_framed(&host, "look", attributes, policy).await;
    host.browser.frame("iframe").await;
    let seen = computed_styles(&host.browser).await;
    right.retain(|name, _| {
        SEEN.iter().any(|property| name.ends_with(&format!(" {property}"))) && !name.starts_with(".choice")
    });
    assert!(right.len() > 60, "{}", right.len());
    assert_same_styles("framed", &right, &seen);
    // Its ground is the page's.
    let ground =
        "return [document.documentElement, document.body].map((it) => getComputedStyle(it).backgroundColor);";
    assert_eq!(host.browser.run(ground).await, json!(["rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)"]));
    // As on any wide window.
    let rows = "return new Set([...survey.querySelectorAll('.choice')].map((it) => it.getBoundingClientRect().top)).size;";
    assert_eq!(host.browser.survey(rows).await, 1, "the scale is broken into rows as on a phone");
}

#[tokio::test]
async fn a_browser_without_constructable_stylesheets_uses_a_frame() {
    let host = Host::start().await;
    let _pages =
        host.visit("/old", page("<script>delete window.CSSStyleSheet;</script>", &host.tag("async"))).await;
    host.browser.until("window.events == 'shown '").await;
    host.browser.frame("iframe").await;
    host.answer("/old", 9).await;
    host.browser.parent_frame().await;
    assert_eq!(host.events().await, "shown scored submitted ");
    host.silence("old").await;
}

#[tokio::test]
async fn a_policy_that_forbids_frames_shows_nothing() {
    let host = Host::start().await;
    let policy = "default-src 'none'; script-src HOST";
    let page = with_policy(&host, page("", &host.tag("async data-frame")), policy);
    let _pages = host.visit("/nothing", page).await;
    let browser = &host.browser;
    browser.until("window.events == 'error '").await;
    assert_eq!(browser.run("return document.querySelector('grapevine-survey, iframe');").await, Value::Null);
    assert!(command(browser, "why").await != "open");
    // The page receives the violations of its own policy and nothing else.
    let noise = browser.run("return window.noise;").await;
    let noise: Vec<&str> =
        noise.as_str().unwrap_or_default().split("; ").filter(|it| !it.is_empty()).collect();
    assert!(noise.iter().all(|it| it.starts_with("violation frame-src ")), "{noise:?}");
}

/// An address for the frame that anybody could write.
fn forged_frame_url(host: &Host) -> String {
    let options = json!({
        "survey": { "question": "What is your password?", "texts": { "en": { "intro": "Sign in again." } } },
        "look": ":host { --card: red !important }", "name": "Your bank", "id": "not-an-id", "lang": 7, "page": { "a": 1 },
        "channel": "import", "mode": "bar", "target": "body", "score": 10, "user": { "a": 1 }, "properties": { "plan": { "a": 1 }, "size": 3 },
    });
    let frame = host.site.loader_url().replace("/e/", "/f/");
    let escaped: String = options.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{}#{escaped}", frame.trim_end_matches(".js"))
}

#[tokio::test]
async fn a_forged_frame_url_shows_the_sites_own_question() {
    let host = Host::start().await;
    let html = format!(
        "<!doctype html><title>A page</title><iframe style='width:600px;height:600px' src='{}'></iframe>",
        forged_frame_url(&host)
    );
    let _pages = host.visit("/forged", ServedPage::html(html)).await;
    let browser = &host.browser;
    browser.frame("iframe").await;
    browser.until_shown().await;
    let text = browser.survey("return survey.querySelector('section').innerText;").await;
    let text = text.as_str().unwrap_or_default();
    assert!(text.contains("recommend") && !text.contains("password") && !text.contains("Sign in"), "{text}");
    let card = "return getComputedStyle(survey.querySelector('section')).backgroundColor;";
    assert_ne!(browser.survey(card).await, "rgb(255, 0, 0)");
    assert_eq!(browser.survey("return survey.querySelector('input:checked');").await, Value::Null);
    browser.click("input[value='4'] + span").await;
    host.site.score_when("one scored", |score| score["scored"] == 1).await;
    let row = &host.site.responses().await[0];
    assert_eq!(
        (&row["channel"], &row["user"], &row["properties"], &row["page"]),
        (&json!("web"), &Value::Null, &json!({ "size": "3" }), &json!(format!("/f/{}", host.site.id)))
    );
}

#[tokio::test]
async fn a_frame_page_opened_directly_shows_nothing() {
    let host = Host::start().await;
    let browser = &host.browser;
    browser.goto(&forged_frame_url(&host)).await;
    browser.until("window.grapevine?.loaded").await;
    // Far longer than it takes to show; that nothing comes in that time is what is tested.
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run("return document.querySelector('main').childElementCount;").await, 0);
    assert_eq!(browser.run("return document.body.innerText.trim();").await, "");
}
