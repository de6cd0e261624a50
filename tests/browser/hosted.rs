//! The page at an address of its own, as whoever follows a link meets it: a person votes, a program does not.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Site, Window, in_each_engine, key};

use crate::lost::one_row;

/// A site, and the token of a link for one of its users.
async fn invited() -> (Collector, Site, String) {
    let collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let wish = json!({ "user": "ann", "properties": { "plan": "pro" } });
    let made = site.make("links", &json!({ "links": [wish] })).await;
    let token = made.json()["links"][0]["token"].as_str().expect("a token").to_owned();
    (collector, site, token)
}

fn address(collector: &Collector, site: &Site, query: &str) -> String {
    format!("{}/s/{}{query}", collector.url(), site.id)
}

/// What is chosen.
const CHOSEN: &str = "return survey.querySelector('input:checked')?.value;";

/// Leaves the page, and waits until the collector knows that the survey was shown: all that was said is there by then.
async fn leave(browser: &Browser, site: &Site, shown: u64) -> Value {
    browser.goto("about:blank").await;
    site.score_when("it was shown", |score| score["shown"] == shown).await
}

in_each_engine!(a_score_in_a_mail_counts_once_somebody_is_there);

async fn a_score_in_a_mail_counts_once_somebody_is_there(engine: Engine) {
    let (collector, site, token) = invited().await;
    let browser = Browser::open(engine, Window::PHONE).await;
    let link = address(&collector, &site, &format!("?t={token}&c=mail&score=9"));

    // A program that renders the page, and even makes events, does not vote.
    browser.goto(&link).await;
    browser.until_shown().await;
    assert_eq!(browser.survey(CHOSEN).await, "9");
    browser
        .run(
            "for (const name of ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'keydown'])
                document.querySelector('grapevine-survey').dispatchEvent(new Event(name, { bubbles: true, composed: true }));",
        )
        .await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').checkVisibility();").await, false);
    assert_eq!(leave(&browser, &site, 1).await["scored"], 0);

    // The person whose link it is does, by the first key.
    browser.goto(&link).await;
    browser.until_shown().await;
    browser.press([key::TAB]).await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    browser.picture("hosted-mail").await;
    let row = one_row(&site, 9, None).await;
    assert_eq!(
        (&row["channel"], &row["properties"], &row["page"]),
        (&json!("mail"), &json!({ "plan": "pro" }), &Value::Null)
    );

    // And may think again.
    browser.click("input[value='7'] + span").await;
    browser.click("#comment").await;
    browser.press("A little dear".chars()).await;
    browser.click("button.send").await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    one_row(&site, 7, Some("A little dear")).await;
    assert_eq!(site.read("responses?user=ann").await["responses"].as_array().map(Vec::len), Some(1));
}

in_each_engine!(a_link_without_a_score_only_asks);

async fn a_link_without_a_score_only_asks(engine: Engine) {
    let (collector, site, _) = invited().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&address(&collector, &site, "?lang=ar")).await;
    browser.until_shown().await;
    assert_eq!(browser.survey(CHOSEN).await, Value::Null);
    assert_eq!(browser.run("return document.dir;").await, "rtl");
    browser.picture("hosted-ar").await;
    let wrong = browser.axe().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    browser.press([key::TAB]).await;
    browser.press(" ".chars()).await;
    // Past the comment and "Close".
    browser.press([key::TAB, key::TAB, key::TAB, key::ENTER]).await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    let row = one_row(&site, 0, None).await;
    assert_eq!((&row["channel"], &row["lang"]), (&json!("link"), &json!("ar")));
    let wrong = browser.axe().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// As in a browser that loads beforehand what a visitor may want next, or in a tab behind.
#[tokio::test]
async fn a_page_that_nobody_sees_yet_waits() {
    let (collector, site, token) = invited().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let behind = "let behind = true;
        Object.defineProperty(Document.prototype, 'hidden', { get: () => behind });
        window.comeForward = () => { behind = false; document.dispatchEvent(new Event('visibilitychange')); };";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": behind })).await;
    browser.goto(&address(&collector, &site, &format!("?t={token}&score=9"))).await;
    browser.until("window.grapevine?.loaded").await;
    // Far longer than it takes to show; that nothing comes in that time is what is tested.
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run("return document.querySelector('main').childElementCount;").await, 0);
    assert_eq!(browser.run("return grapevine('why');").await, "view");
    browser.run("comeForward();").await;
    browser.until_shown().await;
    assert_eq!(browser.survey(CHOSEN).await, "9");
    browser.press([key::TAB]).await;
    one_row(&site, 9, None).await;
}
