//! Cost of the tag for a page, and the page's commands to the loader.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Window, in_each_engine};

use crate::keyboard::page;

in_each_engine!(
    an_eligible_visit_makes_four_requests_and_any_other_one,
    three_ignored_impressions_block_and_reset_forgets_them,
    show_works_before_and_after_the_loader_has_loaded,
    a_score_chosen_just_before_leaving_is_stored,
    an_unreachable_collector_throws_no_error,
);

async fn an_eligible_visit_makes_four_requests_and_any_other_one(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    let requests = browser.requests(&collector.url()).await;
    assert_eq!(requests.len(), 4, "{requests:?}");
    assert_eq!(requests[0], format!("/e/{}.js", site.id));

    browser.click("button[value=leave]").await;
    browser.until("!survey && localStorage.length == 1").await;
    browser.reload().await;
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
    // The delay is zero, so a survey that was due would be on its way by the next frames.
    browser
        .run("return new Promise((next) => (window.requestIdleCallback ?? setTimeout)(() => requestAnimationFrame(next)));")
        .await;
    let requests = browser.requests(&collector.url()).await;
    assert_eq!(requests.len(), 1, "{requests:?}");
    let kept = browser.run("return Object.keys(localStorage);").await;
    assert_eq!(kept, json!(["grapevine"]));
}

async fn three_ignored_impressions_block_and_reset_forgets_them(engine: Engine) {
    let collector = Collector::shared();
    let survey = json!({ "recontact": { "ignored_days": 0 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    for _ in 0..2 {
        browser.until_shown().await;
        browser.reload().await;
    }
    browser.until_shown().await;
    browser.reload().await;
    assert_eq!(browser.run("return grapevine('why');").await, "ignored");
    // The owner sees each impression, though the visitor submitted nothing.
    let score = site.score_when("three shown", |score| score["shown"] == 3).await;
    assert_eq!(score["scored"], 0);
    // Forgotten, and due again.
    assert_eq!(browser.run("return grapevine('reset');").await, "due");
}

async fn show_works_before_and_after_the_loader_has_loaded(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    // Before: through the stub. By itself the survey would wait for an hour.
    let stub = "<script>window.grapevine=window.grapevine||function(){(grapevine.q=grapevine.q||[]).push(arguments)};
        grapevine('show'); grapevine('sing');</script>";
    let tagged = format!(
        "<!doctype html><html lang=en><title>A page</title>
         <script>addEventListener('unhandledrejection', (e) => (window.errors ??= []).push(String(e.reason)));</script>
         {stub}<script async src='{}' data-delay=3600 data-view=1></script>",
        site.loader_url()
    );
    let pages = PageServer::with_page(ServedPage::html(tagged)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;

    // After: once more is no second card, hidden is gone, and shown again is there again, due or
    // not.
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    assert_eq!(browser.run("return document.querySelectorAll('grapevine-survey').length;").await, 1);
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
    let wrong = browser.run("return grapevine('sing').catch((error) => error.message);").await;
    assert!(wrong.as_str().is_some_and(|text| text.contains("Grapevine ignores sing")), "{wrong}");
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]), "the page saw an error of ours");
}

async fn a_score_chosen_just_before_leaving_is_stored(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    // In one turn of the page's own loop, so that nothing but the end of the page can have sent it.
    browser
        .survey(
            "survey.querySelector(\"input[value='2']\").click(); location.href = 'about:blank'; return null;",
        )
        .await;
    let score = site.score_when("one scored", |score| score["scored"] == 1).await;
    assert_eq!(score["counts"], json!({ "promoters": 0, "passives": 0, "detractors": 1 }));
}

async fn an_unreachable_collector_throws_no_error(engine: Engine) {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=3600").await;
    browser.goto(&page.url("/")).await;
    let state = browser.run("return grapevine('why');").await;
    collector.kill();
    let failed =
        "return new Promise((done) => { document.addEventListener('grapevine:error', () => done('reported'));
        grapevine('show'); });";
    assert_eq!(browser.run(failed).await, "reported");
    assert_eq!(browser.run("return grapevine('why');").await, state, "it still comes on its trigger");
    assert_eq!(browser.run("return document.querySelector('grapevine-survey');").await, Value::Null);
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]), "the page saw an error of ours");
}

#[tokio::test]
async fn a_survey_that_cannot_load_is_not_due_until_the_next_page_view() {
    let mut collector = Collector::start();
    let survey = json!({ "trigger": { "kind": "event", "name": "paid" }, "recontact": { "first_view": 1 } });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let page = page(&site, "").await;
    browser.goto(&page.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    assert_eq!(browser.run("return grapevine('why');").await, "due");
    collector.kill();
    let failed = "return new Promise((done) => { document.addEventListener('grapevine:error', () => done(0));
                  grapevine('event', 'paid'); });";
    browser.run(failed).await;
    assert_eq!(browser.run("return grapevine('why');").await, "browser");
    let next = "history.pushState(null, '', '/next'); return grapevine('why');";
    assert_eq!(browser.run(next).await, "due");
}
