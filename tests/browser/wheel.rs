//! The wheel over the card, on pages that scroll by a script of their own as smooth scrolling
//! libraries do.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine};

use crate::axe::view;
use tests::fixture_full_survey::{choose, page, show};

in_each_engine!(the_wheel_is_the_cards_while_the_card_scrolls_that_way);

/// A page that takes every turn of the wheel for itself.
const BODY: &str = "<div style='height: 5000px'>Tea.</div><script>
    window.turns = 0;
    addEventListener('wheel', (event) => {
        turns++;
        event.preventDefault();
        scrollBy(0, event.deltaY);
    }, { passive: false });
    </script>";

#[tokio::test]
async fn a_page_that_scrolls_by_script_leaves_the_wheel_to_the_card() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    view(&browser, (640, 240), &[]).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    browser.survey("survey.querySelector('section').scrollTop = 0; scrollTo(0, 0); turns = 0;").await;
    let turn = async |delta: i32| {
        let event = json!({ "type": "mouseWheel", "x": 330, "y": 60, "deltaX": 0, "deltaY": delta });
        browser.cdp("Input.dispatchMouseEvent", event).await;
    };
    let end =
        "const card = survey.querySelector('section'); const hidden = card.scrollHeight - card.clientHeight;";
    turn(400).await;
    browser.until("(() => { const card = survey.querySelector('section'); return card.scrollTop > 8 && card.scrollTop + card.clientHeight + 1 >= card.scrollHeight; })()").await;
    assert_eq!(
        browser.survey(&format!("{end} return [hidden > 8, turns, scrollY];")).await,
        json!([true, 0, 0])
    );
    // At its end the wheel is the page's again.
    turn(100).await;
    browser.until("turns == 1 && scrollY == 100").await;
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn the_wheel_is_the_cards_while_the_card_scrolls_that_way(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let window = Window { width: 640, height: 240, ..Window::DESKTOP.still() };
    let browser = Browser::open(engine, window).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    for (place, options, expected) in [
        (0, "deltaY: 50", 0),
        (0, "deltaY: -50", 1),
        (0, "deltaX: 50", 1),
        // Zooms.
        (0, "deltaY: 50, ctrlKey: true", 1),
        (9_999, "deltaY: 50", 1),
        (9_999, "deltaY: -50", 0),
    ] {
        let script = format!(
            "window.turns = 0; survey.querySelector('section').scrollTop = {place};
            const on = {{ bubbles: true, composed: true, cancelable: true, {options} }};
            survey.querySelector('legend').dispatchEvent(new WheelEvent('wheel', on));
            return window.turns;"
        );
        assert_eq!(browser.survey(&script).await, expected, "{options} at {place}");
    }
}
