//! Choosing a score never puts another choice under the pointer: the scale stays where it is, or
//! ignores presses while it settles. Chromium alone: the places come from one style sheet.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{settings, show};

/// Distance that the scale can move, in CSS pixels.
const MAX_SHIFT: f64 = 8.0;

const STILL: [(&str, &str); 1] = [("prefers-reduced-motion", "reduce")];

/// Script that returns the places of the choices in the window of the page, from 0 to 10.
const PLACES: &str = "
    return [...survey.querySelectorAll('.choice')].map((at) => {
        const { left, top, width, height } = at.getBoundingClientRect(); return [left, top, width, height]; });";

async fn places(browser: &Browser, framed: bool) -> Vec<[f64; 4]> {
    browser.until_still().await;
    let offset = if framed {
        browser.parent_frame().await;
        // The page resizes the frame after a message.
        let resized = "return new Promise((next) => setTimeout(() => {
            const { left, top } = document.querySelector('iframe').getBoundingClientRect(); next([left, top]); }, 100));";
        let offset = browser.run(resized).await;
        browser.frame("iframe").await;
        offset
    } else {
        json!([0, 0])
    };
    let number = |value: &Value| value.as_f64().expect("a number");
    let all = browser.survey(PLACES).await;
    let place = |it: &Value| {
        [
            number(&it[0]) + number(&offset[0]),
            number(&it[1]) + number(&offset[1]),
            number(&it[2]),
            number(&it[3]),
        ]
    };
    all.as_array().expect("a list").iter().map(place).collect()
}

#[tokio::test]
async fn the_scale_stays_where_it_is_when_a_score_is_chosen() {
    let collector = Collector::shared();
    let mut full = settings();
    full["survey"]["storage"] = "none".into();
    let sites =
        [("plain", site_with(&collector, json!({})).await), ("full", collector.create_site(full).await)];
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (kind, site) in &sites {
        for (name, tag) in [
            ("card below", ""),
            ("card above", "data-corner=top-left"),
            ("bar below", "data-mode=bar"),
            ("bar above", "data-mode=bar data-corner=top-right"),
            ("tab", "data-mode=tab"),
            ("inline", "data-mode=inline data-target='#here'"),
            ("frame", "data-frame"),
        ] {
            for size in [(1280, 800), (390, 844), (320, 568)] {
                let framed = name == "frame";
                view(&browser, size, &STILL).await;
                pages.put("/", shop(site, "lang=en", tag));
                browser.goto(&pages.url("/")).await;
                show(&browser, "{}").await;
                if framed {
                    browser.frame("iframe").await;
                }
                browser.until("survey?.querySelector('input')").await;
                if name == "tab" {
                    browser.click(".tab").await;
                    browser.until("survey.activeElement?.id == 'question'").await;
                }
                let before = places(&browser, framed).await;
                // The prompts of the three categories differ in length.
                for score in [9, 3, 8] {
                    let choose =
                        format!("survey.querySelector(\"input[value='{score}']\").click(); return null;");
                    browser.survey(&choose).await;
                    browser.until("survey.querySelector('#comment').checkVisibility()").await;
                    let after = places(&browser, framed).await;
                    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
                        let shift = (before[0] - after[0]).abs().max((before[1] - after[1]).abs());
                        assert!(
                            shift <= MAX_SHIFT,
                            "{kind} {name}, {size:?}: {index} moves by {shift} at the score {score}"
                        );
                        assert!(after[2] >= 24.0 && after[3] >= 44.0, "{name}, {size:?}: {after:?}");
                    }
                }
                if framed {
                    browser.parent_frame().await;
                }
            }
        }
    }
}

/// In a window that is too low the scale moves, and a second press of the same finger would hit
/// another number.
#[tokio::test]
async fn presses_are_ignored_while_the_scale_settles() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    view(&browser, (640, 400), &STILL).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    let before = places(&browser, false).await;
    // Presses at once, later, and by a key, which no pointer is over.
    let script = "
        const of = (score) => survey.querySelector(`input[value='${score}']`);
        const press = (score) => of(score).nextElementSibling.dispatchEvent(
            new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, detail: 1 }));
        const chosen = () => survey.querySelector('input:checked').value;
        const wait = (ms) => new Promise((next) => setTimeout(next, ms));
        const seen = [];
        press(3);
        await wait(100);
        press(8);
        seen.push(chosen());
        of(4).click();
        seen.push(chosen());
        await wait(450);
        press(8);
        seen.push(chosen());
        return seen;";
    let seen = browser.survey(&format!("return (async () => {{ {script} }})();")).await;
    let after = places(&browser, false).await;
    assert!((before[0][1] - after[0][1]).abs() > MAX_SHIFT, "the window is not low: {before:?} {after:?}");
    assert_eq!(seen, json!(["3", "4", "8"]));
}

/// Without a move, a visitor can correct a slip at once.
#[tokio::test]
async fn no_press_is_ignored_where_the_scale_stays() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    let script = "
        const press = (score) => survey.querySelector(`input[value='${score}'] + span`).dispatchEvent(
            new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, detail: 1 }));
        press(3);
        return new Promise((next) => setTimeout(() => {
            press(8);
            next(survey.querySelector('input:checked').value);
        }, 50));";
    assert_eq!(browser.survey(script).await, "8");
}
