//! Install: the recipes work, and the check follows the first visitor.

use serde_json::{Value, json};
use tests::page_server::{PageServer, ServedPage};
use tests::{Engine, Window};

use super::Owner;
use super::pictures::check;

const STEPS: &str = "[...document.querySelectorAll('.check-steps li')].map((it) => it.textContent)";

/// Returns the code of a tab, which is selected by its label.
async fn code_of(owner: &Owner, tab: &str) -> String {
    owner.press_button(tab).await;
    let shown = "[...document.querySelectorAll('[role=tabpanel]')].find((it) => !it.hidden)";
    let code = owner.value(&format!("{shown}.querySelector('.code code').textContent")).await;
    code.as_str().unwrap_or_default().to_owned()
}

/// Serves a shop with this code in its head.
async fn shop_with(code: &str) -> PageServer {
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title>{code}<main><h1>Tea</h1></main>"
    );
    PageServer::with_page(ServedPage::html(html)).await
}

#[tokio::test]
async fn the_check_follows_the_first_visitor_from_the_tag_to_the_response() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=install").await;
    owner.until_text("Waiting for the first request of the tag").await;
    owner.until_text("Waiting for the first response").await;
    let tag = code_of(&owner, "HTML").await;
    assert_eq!(tag, format!("<script async src=\"{}\"></script>", owner.site.loader_url()));
    check(&owner, "install-waiting").await;

    let pages = shop_with(&tag.replace("async", "async data-delay=0 data-view=1 data-test")).await;
    let tab = owner.browser.tab().await;
    owner.browser.new_tab().await;
    owner.browser.goto(&pages.url("/cups")).await;
    owner.browser.until_shown().await;
    let shop = owner.browser.tab().await;
    owner.browser.switch(&tab).await;
    let host = pages.origin().replace("http://", "");
    owner.until_text(&format!("Loaded on {host} ")).await;
    owner.browser.until(&format!("{STEPS}[0].match(/ (just now|\\d+ seconds? ago)$/)")).await;
    owner.until_text("Shown ").await;

    owner.browser.switch(&shop).await;
    owner.browser.click("input[value='9'] + span").await;
    owner.browser.switch(&tab).await;
    owner.until_text("Newest response: 9, ").await;
    owner.until_text("marked as a test").await;
    owner.until_text("The installation is complete").await;
    assert_eq!(owner.value("document.querySelectorAll('.check-steps .done').length").await, 3);
    owner.browser.run("for (const it of document.querySelectorAll('details')) it.open = true;").await;
    check(&owner, "install").await;
}

#[tokio::test]
async fn a_tag_on_an_origin_that_the_site_does_not_accept_is_warned_of() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    owner.site.patch_settings(json!({ "origins": ["https://shop.example"] })).await;
    let pages = shop_with(&format!("<script async src='{}'></script>", owner.site.loader_url())).await;
    owner.browser.goto(&pages.url("/")).await;
    owner.browser.until("typeof grapevine == 'function'").await;
    owner.open("&view=install").await;
    owner.until_text(&format!("Nobody is asked on {}", pages.origin())).await;
    owner.assert_accessible().await;
    owner.press_button("Change the allowed origins").await;
    owner.browser.until("new URLSearchParams(location.search).get('view') == 'settings'").await;
}

#[tokio::test]
async fn recipes_that_are_html_bring_the_survey_and_tabs_follow_the_keyboard() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=install").await;
    owner.until_text("Add the tag").await;
    let mut recipes = vec![];
    for tab in ["HTML", "Google Tag Manager", "Shopify"] {
        recipes.push(code_of(&owner, tab).await);
    }
    let consent = "[...document.querySelectorAll('.code code')]
        .find((it) => it.textContent.includes('onConsent')).textContent";
    recipes.push(owner.value(consent).await.as_str().unwrap().to_owned());

    owner.browser.click_page("#recipe-tab-0").await;
    let selected = "document.activeElement.textContent";
    for (key, label) in [
        ('\u{E014}', "Google Tag Manager"),
        ('\u{E014}', "WordPress"),
        ('\u{E012}', "Google Tag Manager"),
        ('\u{E010}', "Next.js"),
        ('\u{E014}', "HTML"),
        ('\u{E012}', "Next.js"),
        ('\u{E011}', "HTML"),
    ] {
        owner.browser.press([key]).await;
        assert_eq!(owner.value(selected).await, label);
        let panel = "document.getElementById(document.activeElement.getAttribute('aria-controls')).hidden";
        assert_eq!(owner.value(panel).await, false, "{label}");
        assert_eq!(owner.value("document.querySelectorAll('[role=tabpanel]:not([hidden])').length").await, 1);
    }

    for code in recipes {
        let pages = shop_with(&code).await;
        owner.browser.goto(&pages.url("/")).await;
        owner.browser.until("typeof grapevine == 'function' && !grapevine.q").await;
        assert_eq!(owner.browser.run("return grapevine('show');").await, "open", "{code}");
        owner.browser.until_shown().await;
    }
}

#[tokio::test]
async fn every_reason_stands_on_the_page_with_its_sentence() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=install").await;
    owner.until_text("Why don't I see it?").await;
    let shown = owner
        .value(
            "[...document.querySelectorAll('.words > div')]
                .map((it) => [it.querySelector('dt').textContent, it.querySelector('dd').textContent])",
        )
        .await;
    let reasons: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("../../../widget/js/why.json")).unwrap();
    let shown = shown.as_array().unwrap();
    assert_eq!(shown.len(), reasons.len());
    for pair in shown {
        let sentence = reasons[pair[0].as_str().unwrap()].as_str().unwrap().replace('`', "");
        assert_eq!(pair[1], sentence);
    }
}

#[tokio::test]
async fn the_check_rests_while_the_tab_is_hidden() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open("&view=install").await;
    owner.until_text("Waiting for the first request of the tag").await;
    let requests =
        "performance.getEntriesByType('resource').filter((it) => it.name.includes('/usage')).length";
    owner.browser.until(&format!("{requests} >= 2")).await;
    let show = async |state: &str| {
        let script = format!(
            "Object.defineProperty(document, 'visibilityState', {{ configurable: true, value: '{state}' }});"
        );
        owner.browser.run(&script).await;
    };
    show("hidden").await;
    // A request may be under way. A timer as long as two intervals of the check runs after them.
    owner.browser.run(&format!("window.before = {requests};")).await;
    owner.browser.run("return new Promise((next) => setTimeout(() => next(null), 10_500));").await;
    assert_eq!(owner.value(&format!("{requests} - window.before <= 1")).await, true);
    show("visible").await;
    owner.browser.until(&format!("{requests} >= window.before + 2")).await;
}

#[tokio::test]
async fn a_read_key_sees_the_tag_without_the_check() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.open_with(&owner.site.read, "&view=install").await;
    owner.until_text("The check needs an owner key").await;
    owner.assert_accessible().await;
    let requests = owner.browser.requests(&owner.collector.url()).await;
    assert!(!requests.iter().any(|path| path.contains("/usage")), "{requests:?}");
}
