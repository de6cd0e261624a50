//! The whole survey by mouse, and the stored responses.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine, key, new_id, until};

use tests::fixture_full_survey::{BODY, choose, go, page, settings, show};

in_each_engine!(
    a_promoter_goes_back_and_changes_the_answers,
    a_detractor_gives_a_contact_and_opens_a_case,
    each_step_is_stored_when_the_visitor_leaves_it,
    comments_arrive_verbatim,
);

/// The label of the step that is seen, or of the button that goes on.
const SEEN: &str = "return [...survey.querySelectorAll('.step')].filter((step) => step.checkVisibility())
    .map((step) => step.querySelector('legend, h2').textContent);";
const SEND: &str = "return survey.querySelector('button.send').textContent;";

async fn a_promoter_goes_back_and_changes_the_answers(engine: Engine) {
    let collector = Collector::start();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/tea?basket=4711#top")).await;
    browser.until_shown().await;
    let begun = Instant::now();
    let above = browser.survey("return survey.querySelector('.intro').innerText.trim().split(/\\n+/);").await;
    let lines = [
        "Thank you for shopping with us.",
        "We read every answer and change one thing each month.",
        "How your answer is used",
    ];
    assert_eq!(above, json!(lines));
    let privacy = "const it = survey.querySelector('.intro a'); return [it.href, it.target, it.rel, it.checkVisibility()];";
    let seen = json!(["https://shop.example/privacy", "_blank", "noopener", true]);
    assert_eq!(browser.survey(privacy).await, seen);

    // A double click is one choice. A passive first; the score counts before anything is sent.
    browser.click("input[value='7'] + span").await;
    browser.click("input[value='7'] + span").await;
    browser.click("textarea").await;
    browser.press("Lovely".chars()).await;
    assert_eq!(browser.survey(SEND).await, "Next");
    go(&browser, "next", "step1").await;
    assert_eq!(browser.survey(SEEN).await, json!(["What should we work on?"]));
    let hint = "const step = survey.querySelector('#step1'), hint = survey.getElementById(step.getAttribute('aria-describedby'));
        return [hint.textContent.startsWith('Choose any'), hint.checkVisibility(), survey.querySelector('.progress').textContent];";
    assert_eq!(browser.survey(hint).await, json!([true, true, "2 / 2"]));
    browser.click("#step1 .option:nth-of-type(2)").await;
    browser.click("#step1 .option:nth-of-type(4)").await;
    // For a passive this is the last step.
    assert_eq!(browser.survey(SEND).await, "Send");
    let stored = until("the comment", async || {
        site.responses().await.into_iter().find(|response| response["comment"] == "Lovely")
    })
    .await;
    assert_eq!((&stored["score"], &stored["answers"]), (&json!(7), &json!({})), "{stored}");

    // Back: all is as it was. Now a promoter, who is asked more.
    go(&browser, "back", "question").await;
    let kept =
        "return [survey.querySelector('#comment').value, survey.querySelector('input:checked').value];";
    assert_eq!(browser.survey(kept).await, json!(["Lovely", "7"]));
    choose(&browser, 10).await;
    go(&browser, "next", "step1").await;
    let chosen = "return [...survey.querySelectorAll('#step1 input:checked')].map((input) => input.value);";
    assert_eq!(browser.survey(chosen).await, json!(["price", "speed"]));
    assert_eq!(browser.survey(SEND).await, "Next");
    go(&browser, "next", "step2").await;
    assert_eq!(browser.survey(SEEN).await, json!(["What did you like best?"]));
    browser.click("#step2 textarea").await;
    browser.press("The smell".chars()).await;
    go(&browser, "next", "step3").await;
    go(&browser, "back", "step2").await;
    assert_eq!(browser.survey("return survey.querySelector('#step2 textarea').value;").await, "The smell");
    go(&browser, "next", "step3").await;
    let heading = "const at = survey.querySelector('#step3 .heading');
        return [at.checkVisibility(), at.textContent != '', survey.querySelector('.progress').textContent];";
    assert_eq!(browser.survey(heading).await, json!([true, true, "4 / 4"]));
    browser.click("#step3 .option:has([value=quote])").await;
    browser.click("#step3 .option:has([value=reference])").await;
    assert_eq!(browser.survey(SEND).await, "Send");
    // A double click sends once.
    browser
        .survey("const send = survey.querySelector('button.send'); send.click(); send.click(); return null;")
        .await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    assert!(begun.elapsed() < Duration::from_secs(30), "that took too long: {:?}", begun.elapsed());

    let thanks =
        browser.survey("return survey.querySelector('.thanks').innerText.trim().split(/\\n+/);").await;
    assert_eq!(thanks, json!(["Thank you", "Would you tell others?", "Write a review"]));
    let link = "const it = survey.querySelector('.thanks a'); return [it.href, it.target, it.rel];";
    assert_eq!(browser.survey(link).await, json!(["https://reviews.example/tea", "_blank", "noopener"]));

    let responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    let expected = json!({
        "score": 10, "category": "promoter", "comment": "Lovely", "lang": "en", "page": "/tea", "channel": "web",
        "answers": { "missing": ["price", "speed"], "best": "The smell" }, "consents": ["quote", "reference"],
        "contact": null, "state": null, "user": null, "shown": true, "dismissed": false, "properties": {},
    });
    assert_members(&responses[0], &expected);
    let score = site.score("").await;
    assert_members(
        &score,
        &json!({ "scored": 1, "shown": 1, "score": 100.0, "response_rate": 1.0, "comment_rate": 1.0 }),
    );
    let median = score["median_seconds"].as_f64().expect("the owner sees how long it took");
    assert!(median > 0.0 && median < 30.0, "{median}");
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn a_detractor_gives_a_contact_and_opens_a_case(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(engine, Window::PHONE).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    // Who was a promoter for a moment has written in a step that is not for detractors.
    choose(&browser, 9).await;
    go(&browser, "next", "step1").await;
    browser.click("#step1 .option:nth-of-type(3)").await;
    go(&browser, "next", "step2").await;
    browser.click("#step2 textarea").await;
    browser.press("Oh, wait".chars()).await;
    go(&browser, "back", "step1").await;
    go(&browser, "back", "question").await;
    choose(&browser, 2).await;
    browser.click("#comment").await;
    browser.press("It came late.".chars()).await;
    go(&browser, "next", "step1").await;
    go(&browser, "next", "step3").await;
    assert_eq!(browser.survey(SEEN).await, json!(["Finally"]), "the step between is for promoters");
    // One line, with the keyboard for an email address, though a telephone number is as welcome.
    let field = "const { tagName, type, inputMode, autocomplete } = survey.querySelector('[name=contact]');
        return [tagName, type, inputMode, autocomplete, survey.querySelector('#step3 .heading').checkVisibility()];";
    assert_eq!(browser.survey(field).await, json!(["INPUT", "text", "email", "email", false]));
    browser.click("[name=contact]").await;
    browser.press(" ann@shop.example ".chars()).await;
    go(&browser, "next", "thanks").await;
    let thanks =
        browser.survey("return survey.querySelector('.thanks').innerText.trim().split(/\\n+/);").await;
    assert_eq!(
        thanks,
        json!(["Thank you", "We are sorry, and will look into it."]),
        "the link is for promoters"
    );

    let responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    let expected = json!({
        "score": 2, "category": "detractor", "comment": "It came late.", "answers": { "missing": ["range"] },
        "consents": [], "contact": "ann@shop.example", "state": "open",
    });
    assert_members(&responses[0], &expected);
    assert!(responses[0]["due_at"].is_string(), "{}", responses[0]);
    assert_eq!(site.owner_get("cases").await["open"], 1);
    let score = site.score("").await;
    assert_eq!(score["counts"], json!({ "promoters": 0, "passives": 0, "detractors": 1 }));
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn each_step_is_stored_when_the_visitor_leaves_it(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    let response = async |comment: &str| {
        until(comment, async || {
            site.responses().await.into_iter().find(|response| response["comment"] == comment)
        })
        .await
    };
    browser.goto(&pages.url("/")).await;

    // The page is left after a contact was typed, but not sent. What else was written counts.
    show(&browser, "{}").await;
    choose(&browser, 4).await;
    browser.click("#comment").await;
    browser.press("Second".chars()).await;
    go(&browser, "next", "step1").await;
    browser.click("#step1 .option:nth-of-type(2)").await;
    go(&browser, "next", "step3").await;
    browser.click("[name=contact]").await;
    browser.press("ann@shop.example".chars()).await;
    go(&browser, "back", "step1").await;
    go(&browser, "back", "question").await;
    browser.click("#comment").await;
    browser.press([key::END]).await;
    browser.press(" thought".chars()).await;
    browser.run("location.href = 'about:blank'; return null;").await;
    let left = response("Second thought").await;
    assert_members(
        &left,
        &json!({ "score": 4, "contact": null, "state": null, "answers": { "missing": ["price"] } }),
    );

    // The visitor closes the tab after the comment. The page has its own origin, so that its outbox
    // is empty.
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    choose(&browser, 3).await;
    browser.click("#comment").await;
    browser.press("Too dear".chars()).await;
    go(&browser, "next", "step1").await;
    let visit = browser.tab().await;
    let other = browser.new_tab().await;
    browser.switch(&visit).await;
    browser.close_tab().await;
    browser.switch(&other).await;
    assert_members(&response("Too dear").await, &json!({ "score": 3, "contact": null }));
    assert_eq!(site.responses().await.len(), 2);
}

async fn comments_arrive_verbatim(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 8).await;
    browser.click("#comment").await;
    let hint = "return survey.querySelector('#left').textContent;";
    // As if pasted: in place of what is there.
    let paste = async |text: &str| {
        let script = format!(
            "survey.activeElement.select(); document.execCommand('insertText', false, {}); return null;",
            json!(text)
        );
        browser.survey(&script).await;
    };
    paste(&"a".repeat(4_650)).await;
    assert_eq!(browser.survey(hint).await, "");
    paste(&"a".repeat(4_750)).await;
    assert_eq!(browser.survey(hint).await, "Characters left: 250");
    // What is too long is cut by the browser, not refused by the collector.
    paste(&"a".repeat(5_100)).await;
    assert_eq!(browser.survey(hint).await, "Characters left: 0");

    let start = "Tea & <b>cake</b> — 'très' \"bien\" 👍🏽 👨‍👩‍👧 \\n {name}\n\n شكرًا جزيلًا للفريق، الشاي 10/10\nשלום לכולם\n茶がおいしい\n";
    let comment: String = start.chars().chain("ß é … ".chars().cycle()).take(1_999).chain(['.']).collect();
    paste(&comment).await;
    assert_eq!(browser.survey(hint).await, "");
    go(&browser, "next", "thanks").await;
    let responses = site.responses().await;
    assert_eq!(responses.len(), 1);
    assert_eq!(responses[0]["comment"], comment);
    assert_eq!(browser.run("return errors;").await, json!([]));
}

/// Messages that waited since an earlier page are sent before the survey opens, which opens all the
/// same.
#[tokio::test]
async fn an_outbox_of_an_earlier_page_is_sent_and_the_survey_still_opens() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    browser.goto(&pages.url("/")).await;
    let id = new_id();
    let waiting = json!({ &id: json!({ "id": id, "score": 9, "properties": {} }).to_string() }).to_string();
    let outbox = format!("localStorage['grapevine-{}'] = {}; return null;", site.id, json!(waiting));
    browser.run(&outbox).await;
    browser.reload().await;
    site.score_when("one scored", |score| score["scored"] == 1).await;
    browser.until(&format!("!localStorage['grapevine-{}']", site.id)).await;
    assert_eq!(browser.run("return events;").await, json!(["ready"]), "nothing has gone wrong");
    show(&browser, "{}").await;
    browser.until_shown().await;
}

/// Asserts that each member of `expected` is so.
#[track_caller]
fn assert_members(value: &Value, expected: &Value) {
    for (name, expected) in expected.as_object().expect("an object") {
        assert_eq!(&value[name], expected, "{name} in {value:#}");
    }
}
