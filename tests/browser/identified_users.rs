//! Identified users: the recontact rules apply on all devices, and responses carry the user.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Site, Window, new_id};

use tests::fixture_clock_page::{STUB, no_errors, opened, tagged, until_why, why};

const USER: &str = "ann/öl+1@example.org?x&y";

/// Creates a site whose survey shows at once.
async fn site(collector: &Collector) -> Site {
    let survey = json!({ "delay_seconds": 0, "recontact": { "first_view": 1 } });
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"], "survey": survey })).await
}

/// Returns the paths requested from the collector, without those of the loader.
async fn collector_requests(browser: &Browser, collector: &Collector) -> Vec<String> {
    let mut paths = browser.requests(&collector.url()).await;
    paths.retain(|path| !path.starts_with("/e/"));
    paths
}

#[tokio::test]
async fn an_answer_on_another_device_blocks_the_user() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    site.store(json!({ "id": new_id(), "score": 9, "shown": true, "user": USER })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let due = format!("/v1/sites/{}/due?user=ann%2F%C3%B6l%2B1%40example.org%3Fx%26y&user_hash=", site.id);
    // Named by the tag, or by a call before or after it has loaded.
    let call = format!("grapevine('identify', {})", json!(USER));
    for (script_before, attribute, script) in [
        (String::new(), format!("data-user='{USER}'"), String::new()),
        (format!("{STUB}<script>{call}</script>"), String::new(), String::new()),
    ] {
        let pages = PageServer::with_page(tagged(&site, &script_before, &attribute, &script)).await;
        browser.goto(&pages.url("/")).await;
        browser.until("fetched.length && performance.getEntriesByType('resource').some((it) => it.name.includes('/due?'))").await;
        until_why(&browser, "user").await;
        assert_eq!(
            collector_requests(&browser, &collector).await,
            std::slice::from_ref(&due),
            "nothing of the survey is loaded"
        );
        assert_eq!(browser.run("return fetched.length;").await, 1);
        // The reason holds for this page view; any other visitor is due.
        assert_eq!(why(&browser).await, "user");
        no_errors(&browser).await;
    }
}

#[tokio::test]
async fn an_eligible_user_costs_one_due_request() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let script_before = format!(
        "{STUB}<script>grapevine('identify', {});
        grapevine('set', {{ plan: 'pro', seats: 3, trial: true, gone: 'x', country: 'pl' }});
        grapevine('set', {{ gone: null, country: 'de' }});</script>",
        json!(USER)
    );
    let pages = PageServer::with_page(tagged(&site, &script_before, "", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let paths = collector_requests(&browser, &collector).await;
    assert_eq!(paths.iter().filter(|path| path.contains("/due?")).count(), 1, "{paths:?}");
    assert_eq!(paths.len(), 4, "and three of the survey: {paths:?}");
    browser.click("input[value='8'] + span").await;
    site.score_when("one scored", |score| score["scored"] == 1).await;
    let responses = site.responses().await;
    assert_eq!(responses.len(), 1);
    assert_eq!(
        responses[0]["properties"],
        json!({ "plan": "pro", "seats": "3", "trial": "true", "country": "de" })
    );
    assert_eq!(site.due(USER).await, json!({ "due": false }), "the collector knows whose answer it is");
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_user_can_change_and_be_cleared() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    site.store(json!({ "id": new_id(), "score": 9, "shown": true, "user": "ann" })).await;
    let pages = PageServer::with_page(tagged(&site, "", "data-user=ann", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    until_why(&browser, "user").await;
    // Ann signs out and Ben signs in, on the same page.
    assert_eq!(browser.run("return grapevine('identify', 'ben');").await, "due");
    browser.until_shown().await;
    no_errors(&browser).await;

    // A cleared user causes no due request, and the response has no user.
    let pages = PageServer::with_page(tagged(&site, "", "data-user=cat data-delay=3600", "")).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run("return grapevine('identify', null);").await, "due");
    opened(&browser, "survey.querySelector('[value=\"7\"]').click()").await;
    site.score_when("a second score", |score| score["scored"] == 2).await;
    let responses = site.responses().await;
    let newest = responses.iter().find(|response| response["score"] == 7).expect("the new one");
    assert_eq!(newest["user"], Value::Null);
    assert_eq!(site.due("cat").await, json!({ "due": true }));
    assert!(!collector_requests(&browser, &collector).await.iter().any(|path| path.contains("/due")));
    no_errors(&browser).await;
}

#[tokio::test]
async fn invalid_user_data_does_not_cost_the_score() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    for (count, wrong) in [
        "grapevine('set', { ['x'.repeat(65)]: 'y' })",
        "grapevine('set', Object.fromEntries(Array.from({ length: 60 }, (_, at) => ['p' + at, at])))",
        "grapevine('set', { plan: 'x'.repeat(5000) })",
        "grapevine('set', { plan: { deep: ['er'] }, other: 'x'.repeat(201) })",
        "grapevine('identify', 'x'.repeat(201))",
        // More than a browser sends for a page that may be gone.
        "grapevine('set', { basket: 'x'.repeat(200000) })",
    ]
    .into_iter()
    .enumerate()
    {
        let pages = PageServer::with_page(tagged(&site, "", "data-delay=3600", "")).await;
        browser.goto(&pages.url("/")).await;
        browser.run(&format!("return {wrong};")).await;
        let script = "survey.querySelector('[value=\"8\"]').click();
            await new Promise((next) => requestAnimationFrame(next));
            survey.querySelector('#comment').value = 'Fine.'; survey.querySelector('.send').click();";
        opened(&browser, script).await;
        browser.until("survey.activeElement?.id == 'thanks'").await;
        let what = format!("{} scored, with {wrong}", count + 1);
        site.score_when(&what, |score| score["scored"] == count + 1 && score["commented"] == count + 1).await;
        browser.until("Object.keys(localStorage).length == 1").await;
        no_errors(&browser).await;
    }
}
