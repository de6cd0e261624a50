//! The hosted page around the survey: without JavaScript or WebAssembly, after closing, at a reload
//! and as a kiosk.

use serde_json::{Value, json};
use tests::visitor::{choose, one_row, send, thanked};
use tests::{Browser, Collector, Engine, Site, Window, in_each_engine};

async fn hosted_site() -> (Collector, Site) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop" })).await;
    (collector, site)
}

fn address(collector: &Collector, site: &Site, query: &str) -> String {
    format!("{}/s/{}{query}", collector.url(), site.id)
}

/// Presses an element in its middle. The other helpers wait in scripts, which are off here.
async fn press_middle(browser: &Browser, selector: &str) {
    let script = format!(
        "const element = document.querySelector({selector:?});
        element.scrollIntoView({{ block: 'center' }});
        const box = element.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];"
    );
    let middle = browser.run(&script).await;
    for kind in ["mousePressed", "mouseReleased"] {
        let event =
            json!({ "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1 });
        browser.cdp("Input.dispatchMouseEvent", event).await;
    }
}

#[tokio::test]
async fn the_form_stores_a_response_without_javascript() {
    let (collector, site) = hosted_site().await;
    for window in [Window::PHONE, Window::DESKTOP] {
        let browser = Browser::open(Engine::Chromium, window).await;
        browser.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
        browser.goto(&address(&collector, &site, "")).await;
        press_middle(&browser, "input[value='8']").await;
        press_middle(&browser, "textarea").await;
        browser.press("No script".chars()).await;
        press_middle(&browser, "form button").await;
        browser.until("document.querySelector('dl')").await;
        press_middle(&browser, "form button").await;
        browser.until("!document.querySelector('form')").await;
        browser.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
        if window == Window::PHONE {
            one_row(&site, 8, Some("No script")).await;
        }
    }
    assert_eq!(site.score("").await["scored"], 2);
}

#[tokio::test]
async fn the_form_comes_where_webassembly_or_a_script_is_missing() {
    let (collector, site) = hosted_site().await;
    let missing = [
        "delete window.WebAssembly;",
        "WebAssembly.Module = function () { throw new WebAssembly.CompileError('forbidden'); };",
        "CSSStyleSheet.prototype.replaceSync = undefined;",
    ];
    for script in missing {
        let browser = Browser::open(Engine::Chromium, Window::PHONE).await;
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
        browser.goto(&address(&collector, &site, "?score=7")).await;
        browser.until("document.querySelector('#survey form')").await;
        assert_eq!(
            browser.run("return document.querySelector('input:checked').value;").await,
            "7",
            "{script}"
        );
        let wrong = browser.axe().await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        browser.picture("hosted-form").await;
        browser.click_page("form button").await;
        browser.until("document.querySelector('dl')").await;
        let wrong = browser.axe().await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        browser.picture("hosted-confirm").await;
        browser.click_page("form button").await;
        browser.until("!document.querySelector('form')").await;
        browser.picture("hosted-thanks").await;
    }
    assert_eq!(site.score("").await["scored"], missing.len());
}

in_each_engine!(after_closing_the_page_offers_to_answer_after_all);

async fn after_closing_the_page_offers_to_answer_after_all(engine: Engine) {
    let (collector, site) = hosted_site().await;
    let browser = Browser::open(engine, Window::PHONE).await;
    browser.goto(&address(&collector, &site, "")).await;
    browser.until_shown().await;
    assert_eq!(browser.run("return document.querySelector('#closed').checkVisibility();").await, false);
    browser.click("button[value=leave]").await;
    browser.until("document.querySelector('#closed button').checkVisibility()").await;
    browser.picture("hosted-closed").await;
    let wrong = browser.axe().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    browser.click_page("#closed button").await;
    browser.until_shown().await;
    assert_eq!(browser.run("return document.querySelector('#closed').checkVisibility();").await, false);
    choose(&browser, 9).await;
    send(&browser, "After all").await;
    thanked(&browser).await;
    let row = one_row(&site, 9, Some("After all")).await;
    assert_eq!(row["dismissed"], false);
    browser.click("button[value=leave]").await;
    browser.until("document.querySelector('#closed').checkVisibility()").await;
    let offers = "return document.querySelector('#closed button').checkVisibility();";
    assert_eq!(browser.run(offers).await, false, "a response that was sent is not asked for again");
}

in_each_engine!(a_preset_score_is_explained_until_it_counts);

async fn a_preset_score_is_explained_until_it_counts(engine: Engine) {
    let (collector, site) = hosted_site().await;
    let browser = Browser::open(engine, Window::PHONE).await;
    browser.goto(&address(&collector, &site, "?score=7")).await;
    browser.until_shown().await;
    let note = "const note = document.querySelector('#preset'); return note.checkVisibility() ? note.textContent : null;";
    assert_eq!(browser.run(note).await, "You chose 7. Send it, or pick another number.");
    browser.picture("hosted-preset").await;
    choose(&browser, 4).await;
    assert_eq!(browser.run(note).await, Value::Null);
}

in_each_engine!(a_reload_on_the_same_day_changes_the_response_and_makes_no_second_one);

async fn a_reload_on_the_same_day_changes_the_response_and_makes_no_second_one(engine: Engine) {
    let (collector, site) = hosted_site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    for (score, comment) in [(9, "First"), (3, "Second"), (6, "Third")] {
        browser.goto(&address(&collector, &site, "")).await;
        browser.until_shown().await;
        choose(&browser, score).await;
        send(&browser, comment).await;
        thanked(&browser).await;
        one_row(&site, score, Some(comment)).await;
    }
    assert_eq!((site.score("").await["scored"].clone(), site.responses().await.len()), (json!(1), 1));
}

#[tokio::test]
async fn a_kiosk_has_a_new_response_for_each_load_and_starts_anew_after_the_thanks() {
    let (collector, site) = hosted_site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // Twenty seconds pass in two hundred milliseconds.
    let clock = "const set = setTimeout; window.setTimeout = (run, delay, ...rest) => set(run, delay >= 2e4 ? delay / 100 : delay, ...rest);";
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": clock })).await;
    browser.goto(&address(&collector, &site, "?kiosk")).await;
    for (responses, score) in [(1, 9), (2, 3)] {
        browser.until_shown().await;
        browser.run("window.isOld = true;").await;
        choose(&browser, score).await;
        send(&browser, "Kiosk").await;
        site.score_when("the response is stored", |stored| stored["scored"] == responses).await;
        browser.until("!window.isOld && document.querySelector('grapevine-survey')").await;
    }
}
