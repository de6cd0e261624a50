//! States in which something is missing: no connection, a limit, a key that may not see everything.

use serde_json::json;
use tests::{Engine, Window};

use super::Owner;

/// Has the next requests fail as this response says, and makes the page load again.
const FAIL: &str = "window.realFetch ??= window.fetch;
    window.fetch = async () => new Response(JSON.stringify(window.problem), window.failing);
    window.dispatchEvent(new Event('online'));";
const RECOVER: &str = "window.fetch = window.realFetch;";

async fn with_numbers() -> Owner {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    owner.open("").await;
    owner.until_text("· 80 responses").await;
    owner
}

#[tokio::test]
async fn what_is_still_loading_keeps_its_place() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    let hold_back = "const real = window.fetch;
        const come = new Promise((next) => { window.release = next; });
        window.fetch = async (url, options) => {
            if (String(url).startsWith('v1/')) await come;
            return real(url, options);
        };";
    owner.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": hold_back })).await;
    owner.open("").await;
    owner.browser.until("document.querySelectorAll('main .skeleton').length == 3").await;
    owner.until_text("Loading").await;
    assert_eq!(owner.value("document.querySelector('.number')").await, json!(null));
    owner.assert_accessible().await;
    owner.browser.run("window.release();").await;
    owner.until_text("· 80 responses").await;
    owner.browser.until("!document.querySelector('.skeleton')").await;
}

#[tokio::test]
async fn without_a_connection_the_last_numbers_stay_with_their_time() {
    let owner = with_numbers().await;
    owner.browser.offline(true).await;
    owner.browser.run("window.dispatchEvent(new Event('offline'));").await;
    owner.until_text("No connection").await;
    owner.until_text("You see what was loaded at").await;
    assert_eq!(owner.value("document.querySelector('.number').textContent.trim()").await, "50");
    owner.browser.until("document.querySelector('.outdated .number')").await;
    owner.assert_accessible().await;
    // The page notices by itself that the connection is back.
    owner.browser.offline(false).await;
    owner.browser.until("!document.querySelector('.outdated .number')").await;
}

#[tokio::test]
async fn a_limit_is_named_and_waited_for() {
    let owner = with_numbers().await;
    let limited = "window.problem = { title: 'Too many', detail: 'Wait.' };
        window.failing = { status: 429, headers: { 'retry-after': '1' } };";
    owner.browser.run(limited).await;
    owner.browser.run(FAIL).await;
    owner.until_text("Too many requests").await;
    owner.until_text("Trying again in 1 s.").await;
    owner.assert_accessible().await;
    owner.browser.run(RECOVER).await;
    owner.browser.until("!document.body.innerText.includes('Too many requests')").await;
    owner.until_text("· 80 responses").await;
}

#[tokio::test]
async fn other_failures_say_what_the_collector_says() {
    let owner = with_numbers().await;
    let busy = "window.problem = { title: 'Busy', detail: 'The property plan is being counted.' };
        window.failing = { status: 503 };";
    owner.browser.run(busy).await;
    owner.browser.run(FAIL).await;
    owner.until_text("The property plan is being counted.").await;
    owner.browser.run(RECOVER).await;
    owner.press_button("Try again").await;
    let retry =
        "[...document.querySelectorAll('button')].find((it) => it.textContent == 'Try again')?.click()";
    let is_gone = "!document.body.textContent.includes('is being counted')";
    owner.browser.until(&format!("{is_gone} || {retry}")).await;
}

#[tokio::test]
async fn what_is_wrong_with_the_whole_page_is_explained_once() {
    let owner = with_numbers().await;
    owner.until_text("Parcel 0 came late").await;
    let count = async |text: &str| {
        owner.value(&format!("document.body.innerText.split({}).length - 1", json!(text))).await
    };
    for (failing, title, explanation) in [
        ("{ status: 401 }", "This key no longer works", "Sign in with another key."),
        ("{ status: 429, headers: { 'retry-after': '60' } }", "Too many requests", "Trying again in 60 s."),
    ] {
        owner.browser.run(&format!("window.problem = {{ title: 'x' }}; window.failing = {failing};")).await;
        owner.browser.run(FAIL).await;
        let each = format!("document.body.innerText.split({}).length - 1 >= 3", json!(title));
        owner.browser.until(&each).await;
        assert_eq!(count(explanation).await, 1, "{title}");
        owner.assert_accessible().await;
        owner.browser.run(RECOVER).await;
        owner.browser.reload().await;
        owner.until_text("Parcel 0 came late").await;
    }
    // One press loads all that has failed.
    owner
        .browser
        .run(
            "window.realFetch = window.fetch;
        window.fetch = async () => { throw new TypeError('Failed to fetch'); };
        window.dispatchEvent(new Event('online'));",
        )
        .await;
    owner.browser.until("document.body.innerText.split('No connection').length - 1 >= 3").await;
    assert_eq!(count("Try again").await, 1);
    owner.browser.run(RECOVER).await;
    owner.browser.click_page("main > .notice .button").await;
    owner.browser.until("!document.body.innerText.includes('No connection')").await;
}

/// Stores responses with a comment each.
async fn store(owner: &Owner, count: u64) {
    for nth in 0..count {
        let comment = format!("Parcel {nth} came late");
        let message = json!({
            "id": tests::new_id(), "score": nth * 3 % 11, "shown": true,
            "comment": comment, "properties": { "plan": "pro" },
        });
        owner.site.store(message).await;
    }
}

const COMMENTS_FIRST: &str = "(() => {
    const [voices, score] = ['voices-title', 'score-title'].map((id) => document.getElementById(id));
    return voices.compareDocumentPosition(score) === Node.DOCUMENT_POSITION_FOLLOWING
        && (voices.getBoundingClientRect().top < score.getBoundingClientRect().top
            || voices.getBoundingClientRect().right < score.getBoundingClientRect().left);
})()";

#[tokio::test]
async fn with_few_responses_the_comments_come_before_a_small_number() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    store(&owner, 3).await;
    owner.open("").await;
    owner.until_text("3 responses so far").await;
    owner.until_text("Parcel 2 came late").await;
    owner.browser.until(COMMENTS_FIRST).await;
    store(&owner, 11).await;
    owner.browser.run("window.dispatchEvent(new Event('online'));").await;
    owner.until_text("14 responses so far. The real score is somewhere between").await;
    assert_eq!(owner.value(COMMENTS_FIRST).await, true);
    let size = "parseFloat(getComputedStyle(document.querySelector('.number')).fontSize)";
    assert!(owner.value(size).await.as_f64().unwrap() <= 40.0);
    super::pictures::check(&owner, "few").await;
    // What the owner has opened stays open while responses come.
    owner.browser.run("document.querySelector('.score details').open = true;").await;
    store(&owner, 1).await;
    owner.browser.run("window.dispatchEvent(new Event('online'));").await;
    owner.until_text("15 responses so far").await;
    assert_eq!(owner.value("document.querySelector('.score details').open").await, true);
    store(&owner, 15).await;
    owner.browser.run("window.dispatchEvent(new Event('online'));").await;
    owner.until_text("· 30 responses").await;
    owner.browser.until(&format!("!{COMMENTS_FIRST}")).await;
    owner.until_text("Parcel 14 came late").await;
}

#[tokio::test]
async fn few_scores_without_a_comment_keep_their_place() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    for score in [9, 10, 3, 8, 7, 6] {
        owner.site.store(json!({ "id": tests::new_id(), "score": score, "shown": true })).await;
    }
    owner.open("").await;
    owner.until_text("6 responses so far").await;
    owner.until_text("No comments among the newest responses").await;
    assert_eq!(owner.value(COMMENTS_FIRST).await, false);
}

#[tokio::test]
async fn a_read_key_shows_the_numbers_and_says_what_it_may_not() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    owner.import(20, 4, |_, nth| 10 - nth).await;
    owner.open_with(&owner.site.read.clone(), "").await;
    owner.until_text("· 80 responses").await;
    owner.until_text("Comments need an owner key").await;
    assert_eq!(owner.value("document.body.innerText.includes('Note what you changed')").await, false);
    let requests = owner.browser.requests(&owner.collector.url()).await;
    assert!(!requests.iter().any(|path| path.contains("/responses")), "{requests:?}");
    owner.assert_accessible().await;
}

#[tokio::test]
async fn the_operator_creates_opens_and_deletes_a_site() {
    let owner = Owner::start_alone(Engine::Chromium, Window::DESKTOP).await;
    owner.browser.goto(&owner.address("")).await;
    owner.browser.until("document.querySelector('#key')").await;
    owner.fill("#key", owner.collector.admin_token()).await;
    owner.press_button("Sign in").await;
    owner.until_text("Kettle Row").await;
    owner.fill("#new-site", "Second shop").await;
    owner.press_button("Create").await;
    owner.until_text("they cannot be shown again").await;
    owner.until_text("grapevine_read_").await;
    owner.press_button("Open the site").await;
    owner.until_text("Net Promoter Score").await;
    owner
        .browser
        .until("document.querySelector('select[aria-label=Site]').selectedOptions[0].text == 'Second shop'")
        .await;
    owner.press_button("All sites").await;
    owner.browser.until("document.querySelector('button[aria-label=\"Delete Second shop\"]')").await;
    owner.browser.click_page("button[aria-label='Delete Second shop']").await;
    owner.browser.until("document.querySelector('[id^=confirm-]')").await;
    assert_eq!(owner.value("document.querySelector('.danger').disabled").await, true);
    owner.fill("[id^=confirm-]", "Second shop").await;
    owner.press_button("Delete for good").await;
    owner.browser.until("!document.querySelector('button[aria-label=\"Delete Second shop\"]')").await;
    owner.until_text("Kettle Row").await;
}
