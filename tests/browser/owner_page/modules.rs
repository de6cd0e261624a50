//! Parts of the page that are loaded when their view is opened.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Engine, Window, in_each_engine};

use super::Owner;

const ENTER: char = '\u{e007}';

/// Returns the WebAssembly that the page has loaded since it was opened.
async fn modules(owner: &Owner) -> BTreeSet<String> {
    let requests = owner.browser.requests(&owner.collector.url()).await;
    let modules = requests.iter().filter(|path| path.contains(".wasm"));
    modules.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()).collect()
}

async fn with_comments(engine: Engine) -> Owner {
    let owner = Owner::start(engine, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    owner
}

async fn each_module_is_loaded_once_when_one_of_its_views_is_opened(engine: Engine) {
    let owner = with_comments(engine).await;
    owner.open("").await;
    owner.until_text("· 80 responses").await;
    let first = modules(&owner).await;
    assert_eq!(first.len(), 1, "the overview needs one module: {first:?}");

    // By keyboard, since a pointer loads the module before it is pressed.
    let tab = |label| format!("[...document.querySelectorAll('nav a')].find((it) => it.text == '{label}')");
    owner.browser.run(&format!("{}.focus();", tab("Comments"))).await;
    owner.browser.press([ENTER]).await;
    owner.until_text("Parcel 3 came late").await;
    assert_eq!(owner.value("document.activeElement.text").await, "Comments", "focus stays on the tab");
    assert_eq!(owner.value("document.querySelectorAll('header').length").await, 1);
    assert_eq!(modules(&owner).await.len(), 2);

    owner.browser.run(&format!("{}.focus();", tab("Install"))).await;
    owner.browser.press([ENTER]).await;
    owner.until_text("Google Tag Manager").await;
    owner.browser.run(&format!("{}.focus();", tab("Settings"))).await;
    owner.browser.press([ENTER]).await;
    owner.until_text("Time zone").await;
    assert_eq!(modules(&owner).await.len(), 3, "both views are in one module");

    for text in ["Google Tag Manager", "Parcel 3 came late", "· 80 responses"] {
        owner.browser.back().await;
        owner.until_text(text).await;
    }
    assert_eq!(owner.value("document.querySelectorAll('header').length").await, 1);
    assert_eq!(owner.value("document.title").await, "Kettle Row · Overview · Grapevine");
    let loaded = "performance.getEntriesByType('resource').filter((it) => it.name.includes('.wasm')).length";
    assert_eq!(owner.value(loaded).await, 3, "none is loaded twice");
}
in_each_engine!(each_module_is_loaded_once_when_one_of_its_views_is_opened);

#[tokio::test]
async fn a_link_to_a_view_loads_its_module_only() {
    let owner = with_comments(Engine::Chromium).await;
    owner.open("&view=comments").await;
    owner.until_text("Parcel 3 came late").await;
    assert_eq!(modules(&owner).await.len(), 1);
    for unknown in ["constructor", "survey", ""] {
        owner.open(&format!("&view={unknown}")).await;
        owner.until_text("· 80 responses").await;
    }
}

#[tokio::test]
async fn a_view_that_cannot_be_loaded_says_so_and_is_tried_again() {
    let owner = with_comments(Engine::Chromium).await;
    owner.open("").await;
    owner.until_text("· 80 responses").await;
    owner.browser.offline(true).await;
    owner.browser.click_page("nav a[href*='view=comments']").await;
    owner.until_text("This view could not be loaded.").await;
    owner.assert_accessible().await;
    owner.press_button("Try again").await;
    owner.until_text("This view could not be loaded.").await;
    // The other views are still there.
    owner.browser.back().await;
    owner.until_text("The collector cannot be reached.").await;
    owner.browser.click_page("nav a[href*='view=comments']").await;
    owner.until_text("This view could not be loaded.").await;
    // The page notices by itself that the connection is back.
    owner.browser.offline(false).await;
    owner.until_text("Parcel 3 came late").await;
}

#[tokio::test]
async fn the_keys_go_along_where_the_browser_stores_nothing() {
    let owner = with_comments(Engine::Chromium).await;
    let blocked = "for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { get() { throw new DOMException('', 'SecurityError'); } });";
    owner.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": blocked })).await;
    owner.open("").await;
    owner.until_text("· 80 responses").await;
    owner.browser.click_page("nav a[href*='view=comments']").await;
    owner.until_text("Parcel 3 came late").await;
}
