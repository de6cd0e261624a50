//! Focus and keys: the survey takes neither from the page, and gives both back.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine, key};

use crate::keyboard::focus;
use tests::fixture_full_survey::{BODY, choose, page, settings, show};

in_each_engine!(
    opening_takes_no_focus_and_is_announced_once,
    focus_follows_the_steps_and_the_page_receives_no_key,
    going_back_moves_focus_to_the_question,
);

/// Presses Tab until a button has the focus.
async fn tab_to(browser: &Browser, button: &str) {
    for _ in 0..8 {
        browser.press([key::TAB]).await;
        if focus(browser).await == button {
            return;
        }
    }
    panic!("Tab does not come to {button}");
}

async fn opening_takes_no_focus_and_is_announced_once(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    // What a screen reader has to say: the text that is in the status region when it appears, then
    // each that comes.
    let body = "<main><h1>A page</h1><input id=search aria-label=Search></main><script>
        window.announced = [];
        addEventListener('grapevine:shown', () => {
            const status = document.querySelector('grapevine-survey').shadowRoot.querySelector('[role=status]');
            announced.push(status.textContent);
            new MutationObserver(() => announced.push(status.textContent))
                .observe(status, { childList: true, characterData: true, subtree: true });
        });</script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.click_page("#search").await;
    browser.press("gre".chars()).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    browser.press("en".chars()).await;
    browser.until("announced.length > 1").await;
    // Outside the survey Escape is the page's.
    browser.press(['!', key::ESCAPE]).await;
    let page = "return [document.activeElement.id, document.activeElement.value, survey.activeElement];";
    assert_eq!(browser.survey(page).await, json!(["search", "green!", null]));

    // Escape closes from inside only, and focus is where it was.
    browser.press([key::TAB, key::SPACE]).await;
    assert_eq!(focus(&browser).await, "0");
    let once = json!(["", "There is one short question for you at the end of this page."]);
    assert_eq!(browser.run("return announced;").await, once);
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "search");

    // The page itself closes it: focus moves only if it was inside.
    for (inside, back) in [(true, "search"), (false, "other")] {
        show(&browser, "{}").await;
        browser.until_shown().await;
        if inside {
            browser.press([key::TAB]).await;
            assert_eq!(focus(&browser).await, "0");
        } else {
            let other = "<input id=other aria-label=Other>";
            browser
                .run(&format!(
                    "search.insertAdjacentHTML('afterend', '{other}'); other.focus(); return null;"
                ))
                .await;
        }
        browser.run("return grapevine('hide');").await;
        assert_eq!(browser.run("return document.activeElement.id;").await, back);
    }
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn focus_follows_the_steps_and_the_page_receives_no_key(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = format!(
        "{BODY}<script>window.received = [];
         for (const name of ['keydown', 'keypress', 'keyup', 'input']) {{
             document.addEventListener(name, (e) => received.push(name + ' ' + e.key));
             addEventListener(name, (e) => received.push(name + ' ' + e.key));
         }}</script>"
    );
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", &body)).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    browser.press([key::TAB]).await;
    assert_ne!(browser.run("return received;").await, json!([]), "the page receives its own keys");
    // The scale first.
    browser.press([key::TAB]).await;
    assert_eq!(focus(&browser).await, "0");
    browser.run("received.length = 0; return null;").await;
    browser.press([key::SPACE]).await;
    browser.press([key::RIGHT; 10]).await;
    browser.press([key::TAB]).await;
    browser.press("gh? /js".chars()).await;
    for step in ["step1", "step2", "step3"] {
        tab_to(&browser, "next").await;
        browser.press([key::ENTER]).await;
        browser.until(&format!("survey.activeElement?.id == '{step}'")).await;
        // On from there: the first thing in the step.
        browser.press([key::TAB, key::SPACE]).await;
        let inside = format!("return survey.querySelector('#{step}').contains(survey.activeElement);");
        assert_eq!(browser.survey(&inside).await, true, "{step}");
    }
    tab_to(&browser, "back").await;
    browser.press([key::SPACE]).await;
    browser.until("survey.activeElement?.id == 'step2'").await;
    tab_to(&browser, "next").await;
    browser.press([key::SPACE]).await;
    browser.until("survey.activeElement?.id == 'step3'").await;
    tab_to(&browser, "next").await;
    browser.press([key::ENTER]).await;
    browser.until("survey.activeElement?.id == 'thanks'").await;
    let named = "const by = survey.querySelector('section').getAttribute('aria-labelledby');
        return survey.getElementById(by).textContent;";
    assert_eq!(browser.survey(named).await, "Thank you");
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "link");
    let received = browser.run("return received;").await;
    assert_eq!(received, json!([]), "the page's shortcuts would have answered");
    let comments: Vec<_> = site.responses().await.iter().map(|it| it["comment"].clone()).collect();
    assert_eq!(comments, [json!("gh? /js")]);
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn going_back_moves_focus_to_the_question(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 7).await;
    // By mouse and by keyboard: each time the button that has the focus goes away.
    for by_mouse in [true, false] {
        for (button, step) in [("next", "step1"), ("back", "question")] {
            if by_mouse {
                browser.click(&format!("button[value={button}]")).await;
            } else {
                tab_to(&browser, button).await;
                browser.press([key::ENTER]).await;
            }
            browser.until(&format!("survey.activeElement?.id == '{step}'")).await;
        }
    }
}

/// A key that ends the writing of a character is not for the survey. Such a key cannot be pressed
/// by a driver, so these are a page's own events: as Chromium and Firefox send them, and as WebKit
/// does, which ends the writing first.
#[tokio::test]
async fn escape_during_composition_does_not_close_the_survey() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 5).await;
    browser.click("#comment").await;
    for escape in ["isComposing: true", "keyCode: 229"] {
        let event = format!(
            "const on = {{ key: 'Escape', bubbles: true, composed: true, cancelable: true, {escape} }};
             survey.activeElement.dispatchEvent(new KeyboardEvent('keydown', on)); return null;"
        );
        browser.survey(&event).await;
        assert_eq!(browser.survey("return Boolean(survey);").await, true, "it closed for {escape}");
    }
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
}
