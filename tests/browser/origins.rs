//! Places where the survey may come: origins of the site, a collector behind a path of another
//! server, browsers that can show it, and pages with names of their own.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, RecordingProxy, Window, in_each_engine};

use tests::fixture_clock_page::{STUB, no_errors, shop, tagged, until_why, why};
use tests::visitor::one_row;

#[tokio::test]
async fn nobody_is_asked_on_a_page_of_another_origin() {
    let collector = Collector::shared();
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } });
    let pages = PageServer::start().await;
    for (origins, expected) in [
        (json!(["https://shop.example", "https://*.shop.example"]), "origin"),
        (json!(["https://127.0.0.1", "http://127.0.0.1"]), "origin"),
        (json!(["https://shop.example", pages.origin()]), "open"),
        (json!([]), "open"),
    ] {
        let settings = json!({ "name": "Tea shop", "origins": origins, "survey": survey });
        let site = collector.create_site(settings).await;
        pages.put_anywhere(tagged(&site, "", "", "<p>Tea."));
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        until_why(&browser, expected).await;
        assert_eq!(browser.run("return grapevine('show');").await, expected, "{origins}");
        assert_eq!(browser.run("return coming();").await, expected == "open", "{origins}");
        no_errors(&browser).await;
        browser.run("localStorage.clear();").await;
        // The collector's own page asks in any case.
        browser.goto(&format!("{}/s/{}", collector.url(), site.id)).await;
        browser.until_shown().await;
    }
}

in_each_engine!(a_collector_below_a_path_of_another_server_works);

async fn a_collector_below_a_path_of_another_server_works(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let proxy = RecordingProxy::start_below(&collector.url(), "/feedback").await;
    let behind = site.at(proxy.url());
    let browser = Browser::open(engine, Window::DESKTOP).await;
    // In the page, in a frame, and on a page of its own.
    let pages = shop(&behind, "data-delay=0 data-view=1").await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    browser.click("input[value='9'] + span").await;
    one_row(&site, 9, None).await;
    let framed = shop(&behind, "data-delay=0 data-view=1 data-frame").await;
    browser.goto(&framed.url("/")).await;
    browser.until("document.querySelector('iframe')").await;
    browser.frame("iframe").await;
    browser.until_shown().await;
    browser.click("input[value='8'] + span").await;
    site.score_when("two scores", |score| score["scored"] == 2).await;
    browser.goto(&format!("{}/s/{}", proxy.url(), site.id)).await;
    browser.until_shown().await;
    browser.click("input[value='7'] + span").await;
    site.score_when("three scores", |score| score["scored"] == 3).await;
    let elsewhere: Vec<String> = proxy
        .sent()
        .iter()
        .map(|sent| sent.path().to_owned())
        .filter(|path| !path.starts_with("/feedback/") && path != "/favicon.ico")
        .collect();
    assert_eq!(elsewhere, [] as [String; 0]);
}

#[tokio::test]
async fn an_older_browser_is_left_alone() {
    let collector = Collector::shared();
    let site = collector
        .create_site(
            json!({ "name": "Tea shop", "survey": { "delay_seconds": 0, "recontact": { "first_view": 1 } } }),
        )
        .await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (missing, loads) in [
        ("Object.defineProperty(document, 'adoptedStyleSheets', { value: undefined });", false),
        ("delete CSSStyleSheet.prototype.replaceSync;", true),
        ("delete window.WebAssembly;", true),
    ] {
        let pages =
            PageServer::with_page(tagged(&site, &format!("<script>{missing}</script>"), "", "")).await;
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        until_why(&browser, "browser").await;
        assert_eq!(browser.run("return grapevine('show');").await, "browser", "{missing}");
        assert_eq!(browser.run("return coming();").await, loads, "{missing}");
        assert_eq!(
            browser.run("return document.querySelector('grapevine-survey, iframe');").await,
            Value::Null
        );
        no_errors(&browser).await;
    }
    // What is missing in the oldest browsers that can show it keeps nothing from coming.
    let missing =
        "<script>delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover;</script>";
    let pages = PageServer::with_page(tagged(&site, missing, "", "")).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    browser.click("input[value='9'] + span").await;
    one_row(&site, 9, None).await;
    no_errors(&browser).await;
}

in_each_engine!(an_element_of_the_same_name_is_not_taken_for_the_function);

async fn an_element_of_the_same_name_is_not_taken_for_the_function(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for element in [
        "<section id=grapevine>Wine</section>",
        "<form id=grapevine><input name=q><input name=loaded></form>",
    ] {
        for call in ["", "grapevine('set', { plan: 'pro' });"] {
            let stub = if call.is_empty() { "" } else { STUB };
            let head = format!("{element}{stub}<script>{call}</script>");
            let pages = PageServer::with_page(tagged(&site, &head, "data-delay=3600 data-view=1", "")).await;
            browser.goto(&pages.url("/")).await;
            browser.until("window.grapevine?.loaded == 1").await;
            assert_eq!(why(&browser).await, "due", "{head}");
            assert_eq!(browser.run("return grapevine('show');").await, "open", "{head}");
            no_errors(&browser).await;
        }
    }
}
