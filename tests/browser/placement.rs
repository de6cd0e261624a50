//! Place of the survey and its parts in the window: at the edges, in low windows, on pages with
//! habits of their own. Chromium alone, except where an engine scrolls by its own rules.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Window, in_each_engine, key};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{choose, page, settings, show};

const STILL: [(&str, &str); 1] = [("prefers-reduced-motion", "reduce")];

/// Script that returns whether the middle of each of the elements can be pressed, by its value.
const PRESSABLE: &str = "
    const all = {};
    for (const at of survey.querySelectorAll('button, #comment')) {
        if (!at.checkVisibility()) continue;
        const { left, right, top, bottom } = at.getBoundingClientRect();
        all[at.value || at.id] = top >= 0 && bottom <= innerHeight
            && survey.elementFromPoint((left + right) / 2, (top + bottom) / 2) == at;
    }
    return all;";

#[tokio::test]
async fn a_wide_bar_is_one_row_and_its_comment_opens_towards_the_page() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (corner, above) in [("bottom-right", true), ("top-left", false)] {
        pages.put("/", shop(&site, "lang=en", &format!("data-mode=bar data-corner={corner}")));
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        let bar = "const top = (selector) => survey.querySelector(selector).getBoundingClientRect();
            const middle = (selector) => (top(selector).top + top(selector).bottom) / 2;
            return { height: top('section').height, apart: Math.abs(middle('legend') - middle('.scale')),
                below: top('#comment').top - top('.scale').top };";
        let seen = browser.survey(bar).await;
        let height = seen["height"].as_f64().expect("a number");
        assert!((72.0..=88.0).contains(&height), "{seen}");
        assert!(seen["apart"].as_f64().is_some_and(|apart| apart < 2.0), "not one row: {seen}");
        choose(&browser, 9).await;
        let seen = browser.survey(bar).await;
        assert_eq!(seen["below"].as_f64().is_some_and(|below| below < 0.0), above, "{corner}: {seen}");
    }
}

#[tokio::test]
async fn the_tab_stands_at_the_edge_of_the_window() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({ "texts": { "en": { "tab": "Tell us" } } })).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (corner, html, left) in [
        ("bottom-right", "lang=en", false),
        ("bottom-left", "lang=en", true),
        ("bottom-right", "lang=ar dir=rtl", true),
        ("bottom-left", "lang=ar dir=rtl", false),
    ] {
        pages.put("/", shop(&site, html, &format!("data-mode=tab data-corner={corner}")));
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until("survey?.querySelector('.tab').checkVisibility()").await;
        let tab = "const { left, right, height } = survey.querySelector('.tab').getBoundingClientRect();
            return [left, document.documentElement.clientWidth - right, height < 200, survey.querySelector('.tab').textContent];";
        let seen = browser.survey(tab).await;
        assert_eq!(seen[if left { 0 } else { 1 }], json!(0), "{corner} {html}: {seen}");
        assert_eq!(seen[2], true, "it is as high as its text: {seen}");
        if html == "lang=en" {
            assert_eq!(seen[3], "Tell us");
        }
    }
}

#[tokio::test]
async fn a_way_to_close_and_the_buttons_are_in_view_in_a_low_window() {
    let collector = Collector::shared();
    let mut full = settings();
    full["survey"]["storage"] = "none".into();
    let site = collector.create_site(full).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for lang in ["en", "de"] {
        for mode in ["card", "bar"] {
            for corner in ["bottom-right", "top-right"] {
                let tag = format!("data-mode={mode} data-corner={corner} data-lang={lang}");
                pages.put("/", shop(&site, "lang=en", &tag));
                // 400 % of 1280 × 1024, then a telephone on its side.
                for size in [(320, 256), (844, 390)] {
                    view(&browser, size, &STILL).await;
                    browser.goto(&pages.url("/")).await;
                    show(&browser, "{}").await;
                    browser.until_shown().await;
                    let name = format!("{lang} {mode} {corner} {size:?}");
                    assert_eq!(browser.survey(PRESSABLE).await, json!({ "leave": true }), "{name}");
                    if size.0 == 844 {
                        choose(&browser, 9).await;
                        let all = json!({ "comment": true, "leave": true, "next": true });
                        assert_eq!(browser.survey(PRESSABLE).await, all, "{name}, a score is chosen");
                    }
                }
            }
        }
    }
}

/// A focus ring is 3 pixels at a distance of 2; what scrolls or clips must leave that room.
#[tokio::test]
async fn no_focus_ring_is_clipped() {
    let collector = Collector::shared();
    let mut full = settings();
    full["survey"]["storage"] = "none".into();
    full["survey"]["contact"] = json!({ "ask": true });
    let site = collector.create_site(full).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let rings = "
        const section = survey.querySelector('section'), wrong = [];
        const card = section.getBoundingClientRect();
        for (const at of survey.querySelectorAll('section :is(a, button, input, textarea)')) {
            const box = at.closest('.option') ?? (at.matches('.choice input') ? at.nextElementSibling : at);
            if (!box.checkVisibility()) continue;
            at.focus();
            const ringed = [at, box, at.nextElementSibling].find((it) => it && getComputedStyle(it).outlineStyle == 'solid');
            if (!ringed) { wrong.push('no ring: ' + at.outerHTML.slice(0, 80)); continue; }
            const { outlineWidth, outlineOffset } = getComputedStyle(ringed);
            const reach = parseFloat(outlineWidth) + parseFloat(outlineOffset), now = ringed.getBoundingClientRect();
            if (now.left - reach < card.left || now.right + reach > card.right || now.right + reach > innerWidth || now.left - reach < 0)
                wrong.push(`${reach}: ` + at.outerHTML.slice(0, 80));
        }
        return wrong;";
    for (mode, size) in
        [("card", (1280, 800)), ("card", (320, 568)), ("bar", (1280, 800)), ("inline", (390, 844))]
    {
        view(&browser, size, &STILL).await;
        pages.put("/", shop(&site, "lang=en", &format!("data-mode={mode} data-target='#here'")));
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        // The keyboard is in use, so focus is visible.
        browser.press([key::TAB]).await;
        browser.survey("survey.querySelector('input').focus(); return null;").await;
        browser.press([key::LEFT]).await;
        for _ in 0..4 {
            assert_eq!(browser.survey(rings).await, json!([]), "{mode}, {size:?}");
            browser.survey("survey.querySelector('.send').click(); return null;").await;
            browser.run("return new Promise((next) => setTimeout(() => next(null), 50));").await;
        }
    }
}

/// A page without a doctype: lines and boxes are measured by other rules there.
#[tokio::test]
async fn quirks_mode_leaves_no_gap() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let served = |doctype: &str, tag: &str| {
        ServedPage::html(format!(
            "{doctype}<html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Old</title>
             <body style='line-height: 40px; font-size: 30px'><table><tr><td id=here></td></tr></table><p>Text</p>
             <script async src='{}' data-view=1 data-delay=3600 {tag}></script></body></html>",
            site.loader_url()
        ))
    };
    let place = "
        const node = document.querySelector('grapevine-survey, iframe'), { left, top, right, bottom } = node.getBoundingClientRect();
        const root = node.shadowRoot, section = root?.querySelector('section').getBoundingClientRect();
        return [document.compatMode, left, top, right, bottom, section?.height ?? null, section ? section.bottom - bottom : 0,
            node.parentElement.getBoundingClientRect().bottom - bottom];";
    for (tag, framed) in [
        ("", false),
        ("data-mode=bar", false),
        ("data-mode=bar data-corner=top-left", false),
        ("data-mode=inline data-target='#here'", false),
        ("data-frame", true),
        ("data-frame data-mode=inline data-target='#here'", true),
    ] {
        for size in [(1280, 800), (390, 844)] {
            let mut seen = Vec::new();
            for doctype in ["<!doctype html>", ""] {
                view(&browser, size, &STILL).await;
                pages.put("/", served(doctype, tag));
                browser.goto(&pages.url("/")).await;
                show(&browser, "{}").await;
                if framed {
                    browser
                        .until("parseFloat(document.querySelector('iframe')?.style.blockSize) > 100")
                        .await;
                    // The height follows the content by messages.
                    browser.run("return new Promise((next) => setTimeout(() => next(null), 500));").await;
                } else {
                    browser.until_shown().await;
                }
                let seen_place = browser.run(place).await;
                seen.push(seen_place.as_array().cloned().expect("a list"));
            }
            assert_eq!((&seen[0][0], &seen[1][0]), (&json!("CSS1Compat"), &json!("BackCompat")));
            let (bar, inline) = (tag.contains("bar"), tag.contains("inline"));
            for it in &seen {
                let number = |index: usize| it[index].as_f64().expect("a number");
                assert_eq!(number(6), 0.0, "{tag} {size:?}: {it:?}");
                let (width, height) = (f64::from(size.0), f64::from(size.1));
                if bar || (size.0 == 390 && !inline) {
                    assert_eq!((number(1), number(3)), (0.0, width), "{tag} {size:?}: {it:?}");
                    let gap = if tag.contains("top") { number(2) } else { height - number(4) };
                    assert_eq!(gap, 0.0, "{tag} {size:?}: {it:?}");
                }
                if inline {
                    assert!(number(7).abs() <= 2.0, "a gap below it: {tag} {size:?}: {it:?}");
                }
            }
            if !inline {
                assert_eq!(seen[0][1..6], seen[1][1..6], "{tag} {size:?}");
            }
        }
    }
}

in_each_engine!(a_page_that_snaps_keeps_what_has_focus_in_sight);

/// A page of screens of which one is always in place.
async fn a_page_that_snaps_keeps_what_has_focus_in_sight(engine: Engine) {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let browser = Browser::open(engine, Window::PHONE.still()).await;
    let screens: String = (0..5)
        .map(|index| {
            format!("<section style='height: 100vh; scroll-snap-align: start; box-sizing: border-box; padding: 1em'><p>Screen {index}</p>
                 <div id=here{index}></div><p style='margin-top: 55vh'><input id=field{index} aria-label='Field {index}'></p></section>")
        })
        .collect();
    let body = format!(
        "<style>html {{ scroll-snap-type: y mandatory }} body {{ margin: 0 }}</style><main>{screens}</main>"
    );
    let pages = PageServer::start().await;
    pages.put("/card", page(&site, "lang=en", "data-delay=3600", &body));
    pages.put(
        "/inline",
        page(&site, "lang=en", "data-delay=3600 data-mode=inline data-target='#here1'", &body),
    );
    let in_sight = "
        return new Promise((next) => setTimeout(() => {
            const at = survey?.activeElement ?? document.activeElement;
            const { left, right, top, bottom } = at.getBoundingClientRect();
            const x = (left + right) / 2, y = (top + bottom) / 2, root = at.getRootNode();
            next([at.id, at.contains(root.elementFromPoint(x, y)) || root.elementFromPoint(x, y) == at, top, bottom]);
        }, 600));";

    // The page's fields, behind a sheet.
    browser.goto(&pages.url("/card")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    for index in 0..5 {
        browser.run(&format!("document.querySelector('#field{index}').focus(); return null;")).await;
        let seen = browser.survey(in_sight).await;
        assert_eq!((&seen[0], &seen[1]), (&json!(format!("field{index}")), &Value::Bool(true)), "{seen}");
    }
    // Our own.
    for path in ["/card", "/inline"] {
        browser.goto(&pages.url(path)).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        browser.survey("survey.querySelector(\"input[value='9']\").focus(); return null;").await;
        let seen = browser.survey(in_sight).await;
        assert_eq!(seen[0], "score9", "{path}: {seen}");
        browser.survey("survey.querySelector(\"input[value='9']\").click(); return null;").await;
        browser.until("survey.querySelector('#comment').checkVisibility()").await;
        browser.survey("survey.querySelector('#comment').focus(); return null;").await;
        let seen = browser.survey(in_sight).await;
        assert_eq!((&seen[0], &seen[1]), (&json!("comment"), &Value::Bool(true)), "{path}: {seen}");
        browser.press("Tea".chars()).await;
        let seen = browser.survey(in_sight).await;
        assert_eq!(seen[1], true, "{path}, after a word: {seen}");
    }
}
