//! The hosted page as a kiosk, on a device that many people use: it starts anew for the next
//! person, whatever the one before has left and whether or not the collector can be reached.

use serde_json::json;
use tests::visitor::{choose, not_stored, nothing_waits, send, thanked};
use tests::{Browser, Collector, Engine, Site, Window, key};

/// Long timers of the page, which run when the test calls `pass` with a number of seconds.
const CLOCK: &str = "{
    const set = setTimeout, clear = clearTimeout, waiting = new Map();
    let now = 0, last = 1e9;
    window.setTimeout = (run, delayMs, ...rest) => {
        if (!(delayMs >= 15e3)) return set(run, delayMs, ...rest);
        waiting.set(++last, [now + delayMs, run]);
        return last;
    };
    window.clearTimeout = (id) => void (waiting.delete(id) || clear(id));
    window.pass = (seconds) => {
        now += seconds * 1e3;
        for (const [id, [at, run]] of [...waiting]) if (at <= now && waiting.delete(id)) run();
    };
}";

/// Opens a kiosk whose clock the test puts forward.
async fn kiosk() -> (Collector, Site, Browser) {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": CLOCK })).await;
    browser.goto(&format!("{}/s/{}?kiosk", collector.url(), site.id)).await;
    browser.until_shown().await;
    mark(&browser).await;
    (collector, site, browser)
}

/// Marks the page and its survey, so that the next ones can be told apart.
async fn mark(browser: &Browser) {
    browser.survey("window.isOld = survey.host.isOld = true;").await;
}

async fn pass(browser: &Browser, seconds: u32) {
    browser.run(&format!("pass({seconds});")).await;
}

/// Waits until the page was loaded anew, with nothing chosen.
async fn restarted(browser: &Browser) {
    browser
        .until("!window.isOld && survey?.querySelector('input') && !survey.querySelector(':checked')")
        .await;
}

#[tokio::test]
async fn a_survey_left_after_a_score_gives_way_to_the_next_person() {
    let (_collector, site, browser) = kiosk().await;
    for (rows, score, keys) in [(1, 9, false), (2, 2, true)] {
        if keys {
            browser.press([key::TAB, key::SPACE, key::RIGHT, key::RIGHT]).await;
            browser.until("survey.querySelector(':checked')?.value == 2").await;
        } else {
            choose(&browser, score).await;
        }
        site.score_when("the score is stored", |stored| stored["scored"] == rows).await;
        pass(&browser, 59).await;
        assert_eq!(browser.run("return window.isOld;").await, true);
        pass(&browser, 2).await;
        restarted(&browser).await;
        mark(&browser).await;
    }
    let scores: Vec<_> = site.responses().await.iter().map(|row| row["score"].clone()).collect();
    assert_eq!(scores, [json!(2), json!(9)]);
}

/// The visitor looks at the thanks, or at what comes after closing them.
#[tokio::test]
async fn nothing_puts_off_the_restart_after_the_thanks() {
    let (_collector, _site, browser) = kiosk().await;
    for closes in [false, true] {
        choose(&browser, 8).await;
        send(&browser, "Good").await;
        thanked(&browser).await;
        pass(&browser, 12).await;
        browser.click_page("h1").await;
        if closes {
            browser.click("[value=leave]").await;
            browser.until("!survey").await;
            browser.click_page("h1").await;
        }
        browser.press([key::TAB]).await;
        assert_eq!(browser.run("return window.isOld;").await, true);
        pass(&browser, 9).await;
        restarted(&browser).await;
        mark(&browser).await;
    }
}

#[tokio::test]
async fn a_closed_survey_restarts_soon_and_one_that_is_opened_again_does_not() {
    let (_collector, _site, browser) = kiosk().await;
    browser.click("[value=leave]").await;
    browser.until("document.querySelector('#closed button').checkVisibility()").await;
    pass(&browser, 15).await;
    browser.click_page("#closed button").await;
    browser.until_shown().await;
    mark(&browser).await;
    pass(&browser, 15).await;
    choose(&browser, 7).await;
    pass(&browser, 50).await;
    assert_eq!(browser.survey("return [isOld, survey.host.isOld];").await, json!([true, true]));
    browser.click("[value=leave]").await;
    browser.until("!survey").await;
    browser.click_page("h1").await;
    pass(&browser, 21).await;
    restarted(&browser).await;
}

#[tokio::test]
async fn without_a_connection_the_next_person_has_a_new_survey_on_the_same_page() {
    let (_collector, site, browser) = kiosk().await;
    browser.offline(true).await;
    for (score, sends) in [(9, true), (3, false), (6, true)] {
        choose(&browser, score).await;
        if sends {
            send(&browser, "Offline").await;
            not_stored(&browser, "offline").await;
        }
        pass(&browser, 61).await;
        browser.until("survey?.querySelector('input') && !survey.host.isOld").await;
        assert_eq!(
            browser.survey("return [isOld, !!survey.querySelector(':checked')];").await,
            json!([true, false])
        );
        assert_eq!(browser.run("return document.querySelector('#closed').checkVisibility();").await, false);
        mark(&browser).await;
    }
    // The page is tried again, and the survey that nobody has touched stays meanwhile.
    pass(&browser, 61).await;
    browser.run("return new Promise((next) => setTimeout(next, 500, null));").await;
    assert_eq!(browser.survey("return [isOld, survey.host.isOld];").await, json!([true, true]));
    browser.offline(false).await;
    pass(&browser, 61).await;
    restarted(&browser).await;
    site.score_when("all are stored", |stored| stored["scored"] == 3).await;
    nothing_waits(&browser).await;
    let mut scores: Vec<_> = site.responses().await.iter().filter_map(|row| row["score"].as_u64()).collect();
    scores.sort_unstable();
    assert_eq!(scores, [3, 6, 9]);
}
