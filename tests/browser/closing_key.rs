//! The key that closes the survey: all of it belongs to the card, also the part that comes when
//! focus is in the page again.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine, key};

use tests::fixture_full_survey::{page, show};

in_each_engine!(
    the_end_of_the_key_that_closes_the_survey_stays_with_it,
    escape_leaves_the_popover_of_the_page_open,
);

/// A drawer that closes at Escape, and a field that searches at Enter, both when the key goes up.
const BODY: &str = "<div id=drawer>Open</div><input id=search aria-label=Search><script>
    window.log = [];
    for (const name of ['keydown', 'keypress', 'keyup'])
        for (const phase of [false, true])
            document.addEventListener(name, (event) => log.push(name + ' ' + event.key), phase);
    </script>";

async fn open(browser: &Browser, pages: &PageServer) {
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(browser, "{}").await;
    browser.until_shown().await;
}

async fn the_end_of_the_key_that_closes_the_survey_stays_with_it(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    for (name, focused, closing) in [
        ("Escape", "#score5", key::ESCAPE),
        ("Enter on the cross", ".leave", key::ENTER),
        ("Space on the cross", ".leave", key::SPACE),
    ] {
        open(&browser, &pages).await;
        browser.click_page("#search").await;
        browser.survey(&format!("survey.querySelector('{focused}').focus(); log.length = 0;")).await;
        browser.press([closing]).await;
        browser.until("!survey").await;
        assert_eq!(
            browser.run("return [log, document.activeElement.id];").await,
            json!([[], "search"]),
            "{name}"
        );
        // The next key is the page's, all of it.
        browser.press([key::ESCAPE]).await;
        let log = browser.run("return [...new Set(log)].filter((it) => !it.startsWith('keypress'));").await;
        assert_eq!(log, json!(["keydown Escape", "keyup Escape"]), "{name}");
        assert_eq!(browser.run("return errors;").await, json!([]), "{name}");
    }
}

/// Presses or releases Escape, wherever the focus is by then.
async fn escape(browser: &Browser, kind: &str, repeats: bool) {
    let event = json!({ "type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27, "autoRepeat": repeats });
    browser.cdp("Input.dispatchKeyEvent", event).await;
}

#[tokio::test]
async fn a_key_that_is_held_stays_with_the_survey_until_it_goes_up() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    for (name, tag) in [("a card", ""), ("a frame", "data-frame")] {
        pages.put("/", page(&site, "lang=en", &format!("data-delay=3600 {tag}"), BODY));
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        show(&browser, "{}").await;
        let framed = !tag.is_empty();
        if framed {
            browser.until("events.includes('shown')").await;
            browser.frame("iframe").await;
        }
        browser.until_shown().await;
        browser.survey("survey.querySelector('#score5').focus();").await;
        if framed {
            browser.parent_frame().await;
        }
        browser.run("log.length = 0;").await;
        escape(&browser, "rawKeyDown", false).await;
        browser.until("!survey && !document.querySelector('iframe')").await;
        escape(&browser, "rawKeyDown", true).await;
        escape(&browser, "keyUp", false).await;
        assert_eq!(browser.run("return log;").await, json!([]), "{name}");
        escape(&browser, "rawKeyDown", false).await;
        escape(&browser, "keyUp", false).await;
        let log = browser.run("return [...new Set(log)];").await;
        assert_eq!(log, json!(["keydown Escape", "keyup Escape"]), "{name}");
        assert_eq!(browser.run("return errors;").await, json!([]), "{name}");
    }
}

async fn escape_leaves_the_popover_of_the_page_open(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = "<p id=menu popover>Menu</p><script>
        window.requests = 0;
        if (window.CloseWatcher) new CloseWatcher().onclose = () => requests++;
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    open(&browser, &pages).await;
    let seen = "return [menu.matches(':popover-open'), requests];";
    browser.survey("menu.showPopover(); survey.querySelector('#score5').focus();").await;
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run(seen).await, json!([true, 0]));
    // In the page it closes what the page has opened last, as ever.
    browser.press([key::ESCAPE]).await;
    assert_eq!(browser.run("return menu.matches(':popover-open');").await, Value::Bool(false));
}
