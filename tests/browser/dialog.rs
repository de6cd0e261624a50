//! States that exclude the rest of a page: a modal dialog, an element in full screen, `inert`. The
//! survey shows only while a click on it would reach it. Otherwise it waits or hides, without an
//! impression, and returns by itself.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window, in_each_engine, key};

use tests::fixture_clock_page::until_why;
use tests::fixture_full_survey::page;
use tests::visitor::one_row;

/// A dialog where the card would be, whose button notes that it was pressed.
const DIALOG: &str = "<style>
    dialog { inset: auto 0 0 auto; margin: 0; width: 26em; max-width: 100%; height: 24em; }
    dialog #pay { position: absolute; right: 30px; bottom: 40px; inline-size: 22em; block-size: 6em; }
    </style>
    <dialog id=dialog><h2>Confirm your order</h2><button id=pay>Pay now</button></dialog>
    <script>window.log = []; pay.onclick = () => log.push('paid');</script>";

/// Visibility of the card's element for a visitor: `gone`, `unseen`, or `seen`.
const CARD: &str = "const host = document.querySelector('grapevine-survey');
    return !host ? 'gone' : getComputedStyle(host).opacity == '0' ? 'unseen' : 'seen';";

/// Script that returns the events so far, without `ready`.
const EVENTS: &str = "return events.filter((name) => name != 'ready').join(' ');";

async fn open(engine: Engine, tag: &str, body: &str) -> (Collector, Site, Browser, PageServer) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let pages = PageServer::with_page(page(&site, "lang=en", tag, body).with_fast_clock()).await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    (collector, site, browser, pages)
}

/// Waits for five seconds of the page's fast clock, more than it takes to look for dialogs again,
/// and until the page is idle. A test then asserts that nothing has happened.
async fn five_seconds(browser: &Browser) {
    browser.run("return new Promise((next) => setTimeout(next, 5000, null));").await;
    browser
        .run("return new Promise((next) => (window.requestIdleCallback ?? setTimeout)(() => next(null)));")
        .await;
}

in_each_engine!(
    the_survey_waits_while_a_modal_dialog_is_open,
    an_open_survey_hides_for_a_modal_dialog_and_keeps_its_draft,
);

async fn the_survey_waits_while_a_modal_dialog_is_open(engine: Engine) {
    let body = format!("{DIALOG}<script>dialog.showModal();</script>");
    let (_collector, site, browser, _pages) = open(engine, "data-delay=0", &body).await;
    until_why(&browser, "dialog").await;
    five_seconds(&browser).await;
    assert_eq!(browser.run(CARD).await, "gone");
    browser.click_page("#pay").await;
    assert_eq!(browser.run("return log;").await, json!(["paid"]), "the page's own press is the page's");
    assert_eq!(browser.run(EVENTS).await, "");
    let dates = "return [JSON.parse(localStorage.grapevine).shown, Object.keys(localStorage).length];";
    assert_eq!(browser.run(dates).await, json!([null, 1]), "it was neither shown nor ignored");

    browser.run("dialog.close();").await;
    browser.until_shown().await;
    assert_eq!(browser.run("return grapevine('why');").await, "open");
    browser.click("input[value='9'] + span").await;
    one_row(&site, 9, None).await;
    assert_eq!(browser.run(EVENTS).await, "shown scored");
    let score = site.score("").await;
    assert_eq!((&score["shown"], &score["dismissed"]), (&json!(1), &json!(0)));
    assert_eq!(browser.run("return [log, errors];").await, json!([["paid"], []]));
}

async fn an_open_survey_hides_for_a_modal_dialog_and_keeps_its_draft(engine: Engine) {
    let (_collector, site, browser, _pages) = open(engine, "data-delay=0", DIALOG).await;
    browser.until_shown().await;
    browser.click("input[value='3'] + span").await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    browser.click("#comment").await;
    browser.press("Too".chars()).await;
    for _ in 0..2 {
        browser.run("dialog.showModal();").await;
        until_why(&browser, "dialog").await;
        assert_eq!(browser.run(CARD).await, "unseen");
        browser.click_page("#pay").await;
        browser.run("dialog.close();").await;
        until_why(&browser, "open").await;
        assert_eq!(browser.run(CARD).await, "seen");
    }
    // The dialog gives the focus back to where it was.
    browser.press(" slow".chars()).await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Too slow");
    browser.click("button.send").await;
    browser.until("survey.querySelector('#thanks').checkVisibility()").await;
    one_row(&site, 3, Some("Too slow")).await;
    assert_eq!(browser.run(EVENTS).await, "shown scored submitted");
    assert_eq!(browser.run("return [log, errors];").await, json!([["paid", "paid"], []]));
}

in_each_engine!(a_toast_over_the_card_does_not_hide_it);

/// A message in the top layer covers what is below it, and takes nothing else from the visitor.
async fn a_toast_over_the_card_does_not_hide_it(engine: Engine) {
    let toast = format!(
        "{DIALOG}<p id=toast popover=manual style='inset: auto 0 0 auto; margin: 0; width: 30em; height: 24em'>Saved.</p>"
    );
    let (_collector, _site, browser, _pages) = open(engine, "data-delay=0", &toast).await;
    browser.until_shown().await;
    browser.click("input[value='3'] + span").await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    browser.click("#comment").await;
    browser.press("Too".chars()).await;
    browser.run("toast.showPopover();").await;
    five_seconds(&browser).await;
    assert_eq!(browser.run(CARD).await, "seen");
    assert_eq!(browser.run("return grapevine('why');").await, "open");
    browser.press(" slow".chars()).await;
    assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Too slow");
    // Below a toast a modal dialog still hides it.
    browser.run("dialog.showModal(); toast.hidePopover(); toast.showPopover();").await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run(CARD).await, "unseen");
    browser.run("dialog.close();").await;
    until_why(&browser, "open").await;
    assert_eq!(browser.run(CARD).await, "seen");
    assert_eq!(browser.run("return errors;").await, json!([]));
}

/// Ways to exclude the rest of the page, and how each ends.
const WAYS: [(&str, &str, &str); 3] = [
    (
        "a dialog in a closed shadow root",
        "const host = document.body.appendChild(document.createElement('div'));
        window.inner = host.attachShadow({ mode: 'closed' });
        inner.innerHTML = '<dialog>Wait</dialog>';
        inner.firstChild.showModal();",
        "inner.firstChild.close();",
    ),
    (
        "a root that is inert",
        "document.documentElement.inert = true;",
        "document.documentElement.inert = false;",
    ),
    ("a dialog that is taken away while it is open", "dialog.showModal();", "dialog.remove();"),
];

#[tokio::test]
async fn every_kind_of_inert_page_hides_the_survey_until_it_ends() {
    let (_collector, _site, browser, pages) = open(Engine::Chromium, "data-delay=3600", DIALOG).await;
    for (name, begin, end) in WAYS {
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        browser.run(begin).await;
        assert_eq!(browser.run("return grapevine('show');").await, "dialog", "{name}");
        assert_eq!(browser.run(CARD).await, "gone", "{name}");
        browser.run(end).await;
        browser.until_shown().await;
        // And while it is open.
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        assert_eq!(browser.run("return grapevine('show');").await, "open", "{name}");
        browser.run(begin).await;
        until_why(&browser, "dialog").await;
        assert_eq!(browser.run(CARD).await, "unseen", "{name}");
        browser.run(end).await;
        until_why(&browser, "open").await;
        assert_eq!(browser.run(CARD).await, "seen", "{name}");
        assert_eq!(browser.run("return errors;").await, json!([]), "{name}");
    }
}

#[tokio::test]
async fn popovers_and_non_modal_dialogs_do_not_delay_the_survey() {
    let (_collector, _site, browser, pages) = open(Engine::Chromium, "data-delay=3600", DIALOG).await;
    for harmless in [
        "dialog.show();",
        "document.body.inert = true;",
        "dialog.showModal(); dialog.close();",
        "const menu = document.body.appendChild(document.createElement('p')); menu.popover = 'auto'; menu.showPopover();",
        "document.body.style.cssText = 'pointer-events: none; visibility: hidden';",
    ] {
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        browser.run(harmless).await;
        assert_eq!(browser.run("return grapevine('show');").await, "open", "{harmless}");
        five_seconds(&browser).await;
        assert_eq!(browser.run(CARD).await, "seen", "{harmless}");
    }
}

in_each_engine!(an_element_in_full_screen_hides_the_survey);

async fn an_element_in_full_screen_hides_the_survey(engine: Engine) {
    let film = "<div id=film><p>A film</p><button id=more>More</button></div><button id=full onclick='film.requestFullscreen()'>Full screen</button>";
    let (_collector, site, browser, _pages) = open(engine, "data-delay=3600", film).await;
    browser.until("window.grapevine?.loaded").await;
    browser.click_page("#full").await;
    browser.until("document.fullscreenElement").await;
    assert_eq!(browser.run("return grapevine('show');").await, "dialog");
    five_seconds(&browser).await;
    assert_eq!(browser.run(CARD).await, "gone");
    browser.run("return document.exitFullscreen();").await;
    browser.until_shown().await;
    browser.click("input[value='8'] + span").await;
    one_row(&site, 8, None).await;

    // Open, it steps aside for the film, out of reach of keys too.
    browser.click_page("#full").await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run(CARD).await, "unseen");
    for _ in 0..4 {
        browser.press([key::TAB]).await;
        assert_ne!(browser.run("return document.activeElement.localName;").await, "grapevine-survey");
    }
    browser.run("return document.exitFullscreen();").await;
    until_why(&browser, "open").await;
    assert_eq!(browser.run(CARD).await, "seen");
}

#[tokio::test]
async fn an_inline_survey_depends_on_its_own_container() {
    let body = format!(
        "{DIALOG}<div id=here></div><script>dialog.append(document.createElement('article'));</script>"
    );
    let tag = "data-delay=3600 data-mode=inline data-target=article";
    let (_collector, _site, browser, pages) = open(Engine::Chromium, tag, &body).await;
    // Within the dialog it is not excluded by it.
    browser.until("window.grapevine?.loaded").await;
    browser.run("dialog.showModal();").await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    browser.run("dialog.showModal();").await;
    assert_eq!(browser.run("return grapevine('show', { target: '#here' });").await, "dialog");
    browser.run("dialog.close();").await;
    browser.until("document.querySelector('#here > grapevine-survey')").await;
    assert_eq!(browser.run("return document.querySelector('#here').childElementCount;").await, 1);
}

#[tokio::test]
async fn a_waiting_survey_can_be_hidden() {
    let body = format!("{DIALOG}<script>dialog.showModal();</script>");
    let (_collector, _site, browser, _pages) = open(Engine::Chromium, "data-delay=0", &body).await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
    browser.run("dialog.close();").await;
    five_seconds(&browser).await;
    assert_eq!(browser.run(CARD).await, "gone");
    assert_eq!(
        browser.run("return document.documentElement.childElementCount;").await,
        2,
        "nothing of ours is left"
    );
    assert_eq!(browser.run(EVENTS).await, "");
}

#[tokio::test]
async fn a_framed_survey_waits_and_hides_for_a_modal_dialog() {
    let body = format!("{DIALOG}<script>dialog.showModal();</script>");
    let (_collector, site, browser, _pages) = open(Engine::Chromium, "data-delay=0 data-frame", &body).await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run("return document.querySelectorAll('iframe').length;").await, 0);
    assert_eq!(browser.run(EVENTS).await, "");
    browser.run("dialog.close();").await;
    browser.until("events.includes('shown')").await;
    let seen = "return getComputedStyle(document.querySelector('iframe')).opacity;";
    assert_eq!(browser.run(seen).await, "1");
    browser.run("dialog.showModal();").await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run(seen).await, "0");
    browser.click_page("#pay").await;
    browser.run("dialog.close();").await;
    until_why(&browser, "open").await;
    browser.frame("iframe").await;
    browser.click("input[value='9'] + span").await;
    one_row(&site, 9, None).await;
    browser.parent_frame().await;
    assert_eq!(browser.run("return [log, errors];").await, json!([["paid"], []]));
}

/// The page of the bug report, unchanged.
#[tokio::test]
async fn the_survey_never_forwards_a_click_to_a_covered_button() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A dialog</title><meta name=viewport content='width=device-width, initial-scale=1'>
        {DIALOG}<script>dialog.showModal();</script>
        <script async src='{}' data-delay=1 data-view=1 data-lang=en></script></html>",
        site.loader_url()
    );
    let pages = PageServer::with_page(ServedPage::html(html)).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    until_why(&browser, "dialog").await;
    assert_eq!(browser.run("return document.querySelector('grapevine-survey');").await, Value::Null);
    browser.run("dialog.close();").await;
    browser.until_shown().await;
    browser.click("input[value='9'] + span").await;
    assert_eq!(browser.run("return log;").await, json!([]));
    one_row(&site, 9, None).await;
}
