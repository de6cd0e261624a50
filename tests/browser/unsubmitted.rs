//! Text that a visitor has not submitted: it belongs to a step for other visitors, or the visitor
//! has not sent it. One engine is enough, since this does not depend on the browser.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Fault, FaultyProxy, PageServer, Window, until};

use tests::fixture_full_survey::{BODY, choose, go, page, settings};
use tests::visitor::not_stored;

/// Fields that are not for a visitor are neither visible nor sent, also where a step is for others
/// too.
#[tokio::test]
async fn fields_outside_the_audience_are_neither_shown_nor_sent() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    let offered = "return [...survey.querySelectorAll('#step3 :is(input, textarea)')].filter((it) => it.checkVisibility())
        .map((it) => it.value || it.name);";
    choose(&browser, 9).await;
    go(&browser, "next", "step1").await;
    go(&browser, "next", "step2").await;
    go(&browser, "next", "step3").await;
    let for_promoters = browser.survey(offered).await;
    browser.click("#step3 .option:has([value=publish])").await;
    for step in ["step2", "step1", "question"] {
        go(&browser, "back", step).await;
    }
    choose(&browser, 1).await;
    go(&browser, "next", "step1").await;
    go(&browser, "next", "step3").await;
    let for_detractors = browser.survey(offered).await;
    go(&browser, "next", "thanks").await;
    assert_eq!(site.responses().await[0]["consents"], json!([]), "a detractor has agreed to nothing");
    assert_eq!(for_promoters, json!(["quote", "publish", "reference"]));
    assert_eq!(for_detractors, json!(["contact"]));
}

/// A contact is given by Send, not by going back and forth.
#[tokio::test]
async fn next_does_not_send_a_contact() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 0).await;
    go(&browser, "next", "step1").await;
    go(&browser, "next", "step3").await;
    browser.click("[name=contact]").await;
    browser.press("ann@shop.example".chars()).await;
    go(&browser, "back", "step1").await;
    browser.click("#step1 .option:nth-of-type(2)").await;
    go(&browser, "next", "step3").await;
    let response = until("the option", async || {
        site.responses().await.into_iter().find(|response| response["answers"]["missing"] == json!(["price"]))
    })
    .await;
    assert_eq!(response["contact"], Value::Null, "it was not sent yet");
}

/// A response that is stored while the visitor writes is a draft: the form at the end counts.
#[tokio::test]
async fn words_and_options_that_the_visitor_takes_back_are_not_kept() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 9).await;
    browser.click("#comment").await;
    browser.press("My phone is 555".chars()).await;
    go(&browser, "next", "step1").await;
    browser.click("#step1 .option").await;
    go(&browser, "next", "step2").await;
    browser.click("#step2 textarea").await;
    browser.press("A name".chars()).await;
    go(&browser, "next", "step3").await;
    let draft = until("the draft", async || {
        site.responses().await.into_iter().find(|response| response["answers"]["best"] == json!("A name"))
    })
    .await;
    assert_eq!(
        (&draft["comment"], &draft["answers"]["missing"]),
        (&json!("My phone is 555"), &json!(["price"]))
    );
    go(&browser, "back", "step2").await;
    let empty = "const field = survey.querySelector(FIELD); field.value = ''; \
                 field.dispatchEvent(new Event('input', { bubbles: true })); return field.value;";
    browser.survey(&empty.replace("FIELD", "'#step2 textarea'")).await;
    go(&browser, "back", "step1").await;
    browser.click("#step1 .option").await;
    go(&browser, "back", "question").await;
    browser.survey(&empty.replace("FIELD", "'#comment'")).await;
    for step in ["step1", "step2", "step3", "thanks"] {
        go(&browser, "next", step).await;
    }
    until("what is left", async || {
        let response = site.responses().await.remove(0);
        let is_empty = response["comment"].is_null() && response["answers"] == json!({});
        (is_empty && response["score"] == 9).then_some(())
    })
    .await;
}

/// The response to Send is lost, though it is stored. The visitor thinks again meanwhile.
#[tokio::test]
async fn consents_that_the_visitor_takes_back_after_send_are_not_kept() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let pages = PageServer::with_page(page(&site.at(proxy.url()), "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 10).await;
    for step in ["step1", "step2", "step3"] {
        go(&browser, "next", step).await;
    }
    browser.click("#step3 .option:has([value=quote])").await;
    browser.click("#step3 .option:has([value=reference])").await;
    proxy.always(Fault::DropResponse);
    browser.click("button.send").await;
    until("the consents", async || {
        (site.responses().await[0]["consents"] == json!(["quote", "reference"])).then_some(())
    })
    .await;
    not_stored(&browser, "offline").await;
    browser.click("#step3 .option:has([value=quote])").await;
    browser.click("#step3 .option:has([value=reference])").await;
    proxy.always(Fault::None);
    go(&browser, "next", "thanks").await;
    assert_eq!(site.responses().await[0]["consents"], json!([]));
}
