//! The hosted page behind an invitation: a person's input submits the score of the link, a
//! program's request does not.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Fault, FaultyProxy, Site, Window, in_each_engine, key};

use tests::visitor::{choose, not_stored, nothing_waits, one_row, send};

/// Creates a site and an invitation for one of its users.
async fn site_with_invitation() -> (Collector, Site, String) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let parameters = json!({ "user": "ann", "properties": { "plan": "pro" } });
    let made = site.owner_post("links", &json!({ "links": [parameters] })).await;
    let token = made.json()["links"][0]["token"].as_str().expect("a token").to_owned();
    (collector, site, token)
}

fn address(collector: &Collector, site: &Site, query: &str) -> String {
    format!("{}/s/{}{query}", collector.url(), site.id)
}

/// Script that returns the chosen score.
const CHOSEN: &str = "return survey.querySelector('input:checked')?.value;";

/// Leaves the page and waits until the collector has the impression, with everything submitted.
async fn leave(browser: &Browser, site: &Site, shown: u64) -> Value {
    browser.goto("about:blank").await;
    site.score_when("it was shown", |score| score["shown"] == shown).await
}

in_each_engine!(a_score_in_an_email_link_counts_after_the_first_real_input);

async fn a_score_in_an_email_link_counts_after_the_first_real_input(engine: Engine) {
    let (collector, site, token) = site_with_invitation().await;
    let browser = Browser::open(engine, Window::PHONE).await;
    let link = address(&collector, &site, &format!("?t={token}&c=email&score=9"));

    // A program that renders the page, and even dispatches events, submits nothing.
    browser.goto(&link).await;
    browser.until_shown().await;
    assert_eq!(browser.survey(CHOSEN).await, "9");
    browser
        .run(
            "const { shadowRoot } = document.querySelector('grapevine-survey');
            for (const target of [shadowRoot.host, shadowRoot.querySelector('#comment'), shadowRoot.querySelector('legend')])
                for (const name of ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'click', 'keydown'])
                    target.dispatchEvent(new Event(name, { bubbles: true, composed: true }));",
        )
        .await;
    assert_eq!(leave(&browser, &site, 1).await["scored"], 0);

    // The invited person submits the score with the first key in the card.
    browser.goto(&link).await;
    browser.until_shown().await;
    browser.press([key::TAB, key::TAB]).await;
    browser.picture("hosted-email").await;
    let row = one_row(&site, 9, None).await;
    assert_eq!(
        (&row["channel"], &row["properties"], &row["page"]),
        (&json!("email"), &json!({ "plan": "pro" }), &Value::Null)
    );

    // The person can change the score.
    browser.click("input[value='7'] + span").await;
    browser.click("#comment").await;
    browser.press("A little dear".chars()).await;
    browser.click("button.send").await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    one_row(&site, 7, Some("A little dear")).await;
    assert_eq!(site.owner_get("responses?user=ann").await["responses"].as_array().map(Vec::len), Some(1));
}

in_each_engine!(a_link_without_a_score_preselects_nothing);

async fn a_link_without_a_score_preselects_nothing(engine: Engine) {
    let (collector, site, _) = site_with_invitation().await;
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

/// Tests a prerendered page or a background tab.
#[tokio::test]
async fn a_prerendered_page_waits_until_it_is_visible() {
    let (collector, site, token) = site_with_invitation().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let behind = "let behind = true;
        Object.defineProperty(Document.prototype, 'hidden', { get: () => behind });
        window.comeForward = () => { behind = false; document.dispatchEvent(new Event('visibilitychange')); };";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": behind })).await;
    browser.goto(&address(&collector, &site, &format!("?t={token}&score=9"))).await;
    browser.until("window.grapevine?.loaded").await;
    // Far longer than it takes to show; that nothing comes in that time is what is tested.
    browser.run("return new Promise((next) => setTimeout(next, 1500, null));").await;
    assert_eq!(browser.run("return document.querySelector('#survey').childElementCount;").await, 0);
    assert_eq!(browser.run("return grapevine('why');").await, "background");
    browser.run("comeForward();").await;
    browser.until_shown().await;
    assert_eq!(browser.survey(CHOSEN).await, "9");
    browser.press([key::TAB, key::TAB]).await;
    one_row(&site, 9, None).await;
}

/// First actions of a visitor in a card with a preselected 6, each with the score that counts then,
/// or none if the visitor declines.
const FIRST: [(&str, Do, Option<u8>); 8] = [
    ("another score", Do::Press("input[value='9'] + span"), Some(9)),
    ("the score beside it", Do::Press("input[value='7'] + span"), Some(7)),
    ("Not now", Do::Press("button[value=leave]"), None),
    ("the same score", Do::Press("input[value='6'] + span"), Some(6)),
    ("the comment", Do::Press("#comment"), Some(6)),
    ("Send", Do::Press("button.send"), Some(6)),
    // Focus comes to the score that is chosen; from there an arrow chooses the next.
    ("an arrow", Do::Keys(&[key::TAB, key::RIGHT]), Some(7)),
    ("Escape", Do::Keys(&[key::TAB, key::ESCAPE]), None),
];

enum Do {
    Press(&'static str),
    Keys(&'static [char]),
}

in_each_engine!(the_first_input_decides_the_preselected_score);

async fn the_first_input_decides_the_preselected_score(engine: Engine) {
    let (collector, site, _) = site_with_invitation().await;
    let browser = Browser::open(engine, Window::PHONE).await;
    let (mut rows, mut declined) = (0, 0);
    for (name, first, counts) in FIRST {
        // A kiosk, since any other browser has one response a day.
        browser.goto(&address(&collector, &site, "?score=6&kiosk")).await;
        browser.until_shown().await;
        browser.until_still().await;
        assert_eq!(browser.survey(CHOSEN).await, "6", "{name}");
        // All that a press could make appear is there from the start, so nothing moves under the
        // finger.
        let size = "const { width, height } = survey.host.getBoundingClientRect();
            return [width, height, ...['#comment', 'button.send'].map((it) => survey.querySelector(it).checkVisibility()),
                survey.querySelector('button[value=leave]').textContent];";
        let before = browser.survey(size).await;
        assert_eq!(
            [&before[2], &before[3], &before[4]],
            [&json!(true), &json!(true), &json!("Not now")],
            "{name}"
        );
        match first {
            Do::Press(at) => browser.click(at).await,
            Do::Keys(keys) => browser.press(keys.iter().copied()).await,
        }
        if name == "the comment" {
            let after = browser.survey(size).await;
            assert_eq!([&after[0], &after[1]], [&before[0], &before[1]], "{name}: the card changed its size");
        }
        browser.goto("about:blank").await;
        rows += 1;
        declined += u64::from(counts.is_none());
        let all = format!("{name}: {rows} shown, {declined} of them declined");
        site.score_when(&all, |score| {
            score["shown"] == rows && score["dismissed"] == declined && score["scored"] == rows - declined
        })
        .await;
        let newest = &site.responses().await[0];
        assert_eq!(newest["score"], json!(counts), "{name}");
    }
}

#[tokio::test]
async fn pointer_movement_alone_submits_no_score() {
    let (collector, site, _) = site_with_invitation().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&address(&collector, &site, "?score=6")).await;
    browser.until_shown().await;
    let middle = "const box = survey.querySelector('#comment').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];";
    let middle = browser.survey(middle).await;
    for (kind, step) in [("mouseMoved", 0.0), ("mouseMoved", 9.0), ("mouseWheel", 9.0)] {
        let [x, y] = [0, 1].map(|at| middle[at].as_f64().expect("a number") + step);
        let event = json!({ "type": kind, "x": x, "y": y, "deltaX": 0, "deltaY": 20 });
        browser.cdp("Input.dispatchMouseEvent", event).await;
    }
    // A click beside the card submits nothing either.
    browser
        .cdp(
            "Input.dispatchMouseEvent",
            json!({ "type": "mousePressed", "x": 2, "y": 2, "button": "left", "clickCount": 1 }),
        )
        .await;
    browser
        .cdp(
            "Input.dispatchMouseEvent",
            json!({ "type": "mouseReleased", "x": 2, "y": 2, "button": "left", "clickCount": 1 }),
        )
        .await;
    assert_eq!(leave(&browser, &site, 1).await["scored"], 0);
}

/// A visitor may never come back to the page of the first site, but to another on the same origin.
#[tokio::test]
async fn a_response_that_waits_goes_out_with_the_hosted_page_of_another_site() {
    let collector = Collector::shared();
    let (first, second) = (collector.site().await, collector.site().await);
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    proxy.always(Fault::Respond(503, &[("retry-after", "600")], ""));
    browser.goto(&format!("{}/s/{}", proxy.url(), first.id)).await;
    browser.until_shown().await;
    choose(&browser, 4).await;
    send(&browser, "From the first").await;
    not_stored(&browser, "limited").await;
    proxy.always(Fault::None);
    browser.goto(&format!("{}/s/{}", proxy.url(), second.id)).await;
    one_row(&first, 4, Some("From the first")).await;
    browser.until_shown().await;
    choose(&browser, 9).await;
    one_row(&second, 9, None).await;
    nothing_waits(&browser).await;
}
