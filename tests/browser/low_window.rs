//! The survey in low windows, such as a telephone's on its side, and the wide bar in every
//! language. Chromium alone, except where an engine lays out by its own rules.

use api::language::LANGUAGES;
use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine, key};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{choose, settings, show};

const STILL: [(&str, &str); 1] = [("prefers-reduced-motion", "reduce")];

/// Script that returns whether the cross and the button that sends can be pressed at their edges,
/// and whether the cross is in the corner.
const BUTTONS: &str = "
    const pressable = (at, ...ys) => {
        const { left, right, top, bottom } = at.getBoundingClientRect();
        return [top + 3, bottom - 3].every((y) => y < innerHeight && survey.elementFromPoint((left + right) / 2, y) == at);
    };
    const card = survey.querySelector('section').getBoundingClientRect();
    const cross = survey.querySelector('.leave'), box = cross.getBoundingClientRect();
    return [pressable(survey.querySelector('.send')), pressable(cross),
        box.top - card.top < 32 && Math.min(card.right - box.right, box.left - card.left) < 32];";

#[tokio::test]
async fn a_low_window_shows_the_buttons_of_every_step() {
    let collector = Collector::shared();
    let mut full = settings();
    full["survey"]["storage"] = "none".into();
    let plain = json!({ "privacy_url": "https://shop.example/privacy" });
    let sites = [("plain", site_with(&collector, plain).await), ("full", collector.create_site(full).await)];
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (kind, site) in &sites {
        for lang in ["en", "id", "ur"] {
            for (width, height) in [(780, 280), (640, 304), (740, 300), (667, 331), (390, 420), (360, 320)] {
                let name = format!("{kind} {lang} {width}x{height}");
                view(&browser, (width, height), &STILL).await;
                pages.put("/", shop(site, "lang=en", ""));
                browser.goto(&pages.url("/")).await;
                show(&browser, &json!({ "lang": lang }).to_string()).await;
                browser.until_shown().await;
                browser.survey("survey.querySelector('#score3').focus({ preventScroll: true });").await;
                browser.press([key::SPACE]).await;
                browser.until("survey.querySelector('#comment').checkVisibility()").await;
                browser.picture(&format!("low-{kind}-{lang}-{width}x{height}")).await;
                browser.survey("survey.querySelector('section').scrollTop = 0;").await;
                assert_eq!(browser.survey(BUTTONS).await, json!([true, true, true]), "{name}");
                // The field that gets the focus comes out from below them (WCAG 2.4.11).
                browser.press([key::TAB]).await;
                assert_eq!(browser.survey("return survey.activeElement.id;").await, "comment", "{name}");
                let seen =
                    "const at = survey.activeElement, { left, top, bottom } = at.getBoundingClientRect();
                    const line = Math.min(bottom, top + 30) - 4;
                    return survey.elementFromPoint(left + 20, line) == at;";
                assert_eq!(browser.survey(seen).await, true, "{name}: the field is covered");
                if *kind == "full" && lang == "en" {
                    for step in ["step1", "step3"] {
                        browser.survey("survey.querySelector('.send').click();").await;
                        browser.until(&format!("survey.querySelector('#{step}').checkVisibility()")).await;
                        browser.survey("survey.querySelector('section').scrollTop = 0;").await;
                        assert_eq!(browser.survey(BUTTONS).await, json!([true, true, true]), "{name} {step}");
                        browser.picture(&format!("low-{step}-{width}x{height}")).await;
                    }
                }
            }
        }
    }
    assert_eq!(browser.run("return errors;").await, json!([]));
}

in_each_engine!(the_button_that_sends_is_at_the_lower_edge_of_a_card_that_scrolls);

/// Engines differ in the box that a sticky element sticks to.
async fn the_button_that_sends_is_at_the_lower_edge_of_a_card_that_scrolls(engine: Engine) {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let window = Window { width: 780, height: 280, ..Window::DESKTOP.still() };
    let browser = Browser::open(engine, window).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "")).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{ lang: 'ur' }").await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    browser.survey("survey.querySelector('section').scrollTop = 0;").await;
    let scrolls =
        "const card = survey.querySelector('section'); return card.scrollHeight > card.clientHeight + 8;";
    assert_eq!(browser.survey(scrolls).await, true, "it fits");
    assert_eq!(browser.survey(BUTTONS).await, json!([true, true, true]));
    let gap = "const [card, send] = ['section', '.send'].map((at) => survey.querySelector(at).getBoundingClientRect());
        return card.bottom - send.bottom;";
    let gap = browser.survey(gap).await.as_f64().expect("a number");
    assert!((0.0..=18.0).contains(&gap), "{gap}");
    browser.survey("survey.querySelector('section').scrollTop = 1e4;").await;
    assert_eq!(browser.survey(BUTTONS).await.get(0), Some(&json!(true)));
}

#[tokio::test]
async fn the_wide_bar_breaks_no_word_in_any_language() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "data-mode=bar")).await;
    let broken = "
        const broken = [];
        for (const part of survey.querySelectorAll('legend, .low, .high')) {
            const text = part.firstChild, range = document.createRange();
            for (const { index, 0: word } of part.textContent.matchAll(/[^\\s\\/()–-]+/g)) {
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                const rows = new Set([...range.getClientRects()].map((row) => Math.round(row.top)));
                if (rows.size > 1) broken.push(word);
            }
        }
        const scale = survey.querySelector('.scale').getBoundingClientRect();
        const narrow = [...survey.querySelectorAll('.choice')].some((it) => it.getBoundingClientRect().width < 24);
        const card = survey.querySelector('section');
        return [broken, card.scrollWidth > card.clientWidth, narrow, Math.round(card.getBoundingClientRect().height)];";
    let mut wrong = Vec::new();
    for width in [1280, 1024] {
        view(&browser, (width, 800), &STILL).await;
        browser.goto(&pages.url("/")).await;
        browser.until("window.grapevine?.loaded").await;
        for lang in LANGUAGES.into_iter().filter(|lang| !["ja", "th", "zh-Hans", "zh-Hant"].contains(lang)) {
            show(&browser, &json!({ "lang": lang }).to_string()).await;
            browser.until_shown().await;
            let seen = browser.survey(broken).await;
            let height = seen[3].as_u64().expect("a number");
            // Nastaliq is high.
            let highest = if lang == "ur" { 135 } else { 120 };
            if seen[0] != json!([]) || seen[1] != false || seen[2] != false || height > highest {
                wrong.push(format!("{lang} {width}: {seen}"));
            }
            browser.picture(&format!("bar-{lang}-{width}")).await;
            assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
