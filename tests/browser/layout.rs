//! Appearance of the survey in each mode and in several languages. Its screenshots are stored in
//! `target/grapevine/screenshots/` for a person to look at; the tests check what a program can
//! check. Chromium alone.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};

use crate::axe::view;
use tests::fixture_full_survey::{choose, page, settings, show};

/// A shop's page with enough on it that one sees how the survey stands before it.
pub fn shop(site: &Site, html: &str, tag: &str) -> ServedPage {
    let text = "<p>Our gardens lie at two thousand metres, where the leaves grow slowly and taste of more. We buy from eleven families, whom
        we have known for years, and pay them a third above the price of the exchange. <a href='#'>Read how they work</a></p>";
    let style = "<style>:root { color-scheme: light dark } body { margin: 0; font: 17px/1.6 Georgia, serif } main { max-width: 46em; margin: 2em auto;
        padding: 0 1em } header { padding: 1em; background: #2f5d3a; color: #fff }</style>";
    let body = format!(
        "{style}<header>Tea shop</header><main><h1>Green tea</h1>{text}<div id=here></div><p id=below>Below.</p>{}</main>",
        text.repeat(4)
    );
    page(site, html, &format!("data-delay=3600 {tag}"), &body)
}

/// A site with those settings. Its pages know nothing of each other.
pub async fn site_with(collector: &Collector, survey: Value) -> Site {
    let mut given = json!({ "name": "Tea shop", "survey": { "storage": "none" } });
    given["survey"]
        .as_object_mut()
        .expect("an object")
        .extend(survey.as_object().cloned().unwrap_or_default());
    collector.create_site(given).await
}

/// The card's box in the window, and the window's size.
async fn card(browser: &Browser) -> [f64; 6] {
    browser.until_still().await;
    let script =
        "const { left, top, right, bottom } = survey.querySelector('section').getBoundingClientRect();
        return [left, top, right, bottom, document.documentElement.clientWidth, innerHeight];";
    let all = browser.survey(script).await;
    std::array::from_fn(|at| all[at].as_f64().expect("a number"))
}

#[tokio::test]
async fn each_mode_has_its_position() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    let open = async |path: &str, html: &str, tag: &str| {
        pages.put(path, shop(&site, html, tag));
        browser.goto(&pages.url(path)).await;
        show(&browser, "{}").await;
        browser.until("survey?.querySelector('input')").await;
    };

    for (corner, html, at_top, at_left) in [
        ("bottom-right", "lang=en", false, false),
        ("bottom-left", "lang=en", false, true),
        ("top-right", "lang=en", true, false),
        ("top-left", "lang=en", true, true),
        // Mirrored, as the rest of such a page is.
        ("bottom-right", "lang=ar dir=rtl", false, true),
        ("top-left", "lang=ar dir=rtl", true, false),
    ] {
        open("/card", html, &format!("data-corner={corner}")).await;
        let [left, top, right, bottom, width, height] = card(&browser).await;
        let name = format!("{corner} {html}: {:?}", [left, top, right, bottom]);
        assert!((right - left - 400.0).abs() < 1.0, "{name}");
        assert_eq!(if at_top { top } else { height - bottom }, 20.0, "{name}");
        assert_eq!(if at_left { left } else { width - right }, 20.0, "{name}");
        browser.picture(&format!("look-card-{corner}-{}", &html[5..7])).await;
    }
    for (corner, at_top) in [("bottom-right", false), ("top-left", true)] {
        open("/bar", "lang=en", &format!("data-mode=bar data-corner={corner}")).await;
        let [left, top, right, bottom, width, height] = card(&browser).await;
        assert_eq!((left, right), (0.0, width));
        assert_eq!(if at_top { top } else { height - bottom }, 0.0, "{corner}");
        browser.picture(&format!("look-bar-{}", if at_top { "top" } else { "bottom" })).await;
    }

    // Inline: in its element and in the flow, so that what comes after it is below.
    open("/inline", "lang=en", "data-mode=inline data-target='#here'").await;
    let inline = "const host = survey.host, box = host.getBoundingClientRect(), below = document.querySelector('#below');
        return [host.parentElement.id, getComputedStyle(host).position, box.height > 100,
            below.getBoundingClientRect().top >= box.bottom];";
    assert_eq!(browser.survey(inline).await, json!(["here", "static", true, true]));
    browser.picture("look-inline").await;
    view(&browser, (320, 640), &[]).await;
    browser.run("document.querySelector('#here').scrollIntoView(); return null;").await;
    browser.picture("look-inline-320").await;
    view(&browser, (1280, 800), &[]).await;

    // A button first, at the side; it opens the card, which then stands in its corner. It is in the
    // survey's language.
    for (html, name) in [("lang=en", "en"), ("lang=ar dir=rtl", "ar")] {
        open("/tab", html, "data-mode=tab").await;
        let tab = "const tab = survey.querySelector('.tab'), box = tab.getBoundingClientRect();
            return [survey.querySelector('section').checkVisibility(), box.left < 60, innerWidth - box.right < 60, events.includes('shown'),
                Math.abs((box.top + box.bottom) / 2 - innerHeight / 2) < 2];";
        browser.until_still().await;
        let rtl = name == "ar";
        assert_eq!(browser.survey(tab).await, json!([false, rtl, !rtl, false, true]), "{name}");
        browser.picture(&format!("look-tab-{name}-closed")).await;
        browser.click(".tab").await;
        browser.until("survey.activeElement?.id == 'question'").await;
        let [left, _, right, bottom, width, height] = card(&browser).await;
        assert_eq!((height - bottom, if rtl { left } else { width - right }), (20.0, 20.0), "{name}");
        assert_eq!(browser.survey("return survey.querySelector('.tab').checkVisibility();").await, false);
        browser.picture(&format!("look-tab-{name}-open")).await;
    }
    assert_eq!(browser.run("return errors;").await, json!([]));
}

/// Text must name its language, so that a screen reader uses the right voice (WCAG 3.1.2).
#[tokio::test]
async fn the_side_button_has_a_lang_attribute() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "data-mode=tab data-lang=ja")).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until("survey?.querySelector('.tab')").await;
    let lang = "const tab = survey.querySelector('.tab');
        return (tab.closest('[lang]') ?? survey.host.closest('[lang]')).lang;";
    assert_eq!(browser.survey(lang).await, "ja");
}

#[tokio::test]
async fn the_scale_reads_from_0_to_10_in_every_language_and_window() {
    let collector = Collector::shared();
    let given = settings()["survey"].clone();
    let site = site_with(&collector, given).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let places = include_str!("js/choice_places.js");
    for lang in ["en", "ar", "ja", "de"] {
        let rtl = lang == "ar";
        let html = format!("lang={lang} dir={}", if rtl { "rtl" } else { "ltr" });
        pages.put("/", shop(&site, &html, ""));
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        for scored in [false, true] {
            if scored {
                choose(&browser, 9).await;
            }
            for (size, scheme) in [
                ((320, 640), "light"),
                ((320, 640), "dark"),
                ((360, 740), "light"),
                ((360, 740), "dark"),
                ((1280, 800), "light"),
                ((1280, 800), "dark"),
            ] {
                view(
                    &browser,
                    size,
                    &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")],
                )
                .await;
                let seen = browser.survey(places).await;
                let name = format!("{lang}, {}, {scheme}: {seen:#}", size.0);
                let side_of =
                    |index: usize, side: &str| seen["choices"][index][side].as_f64().expect("a number");
                // Forwards is to the right, or to the left.
                let forwards = |from: f64, to: f64| if rtl { to < from } else { to > from };
                let (start, end) = if rtl { ("right", "left") } else { ("left", "right") };
                for index in 1..11 {
                    let new_row = side_of(index, "top") > side_of(index - 1, "bottom") - 1.0;
                    assert!(new_row || forwards(side_of(index - 1, start), side_of(index, start)), "{name}");
                    assert_eq!(
                        new_row,
                        index == 6 && size.0 < 360,
                        "six above five on a small phone: {name}"
                    );
                }
                // What 0 means is at its end, and what 10 means at the other; on a small phone
                // above and below.
                let (low, high) = (&seen["low"], &seen["high"]);
                let side = |it: &Value, side: &str| it[side].as_f64().expect("a number");
                if size.0 < 360 {
                    assert!(side(low, "bottom") <= side_of(0, "top") + 1.0, "{name}");
                    assert!(side(high, "top") >= side_of(10, "bottom") - 1.0, "{name}");
                    assert!((side(low, start) - side_of(0, start)).abs() < 12.0, "{name}");
                } else {
                    assert!((side(low, start) - side_of(0, start)).abs() < 12.0, "{name}");
                    assert!((side(high, end) - side_of(10, end)).abs() < 12.0, "{name}");
                    assert!(forwards(side(low, end), side(high, start)), "{name}");
                }
                // No number is better than another.
                let looks = seen["looks"].as_array().expect("a list");
                assert!(looks.iter().all(|look| *look == looks[0]), "{name}");
                let state = if scored { "scored" } else { "question" };
                browser.picture(&format!("look-{lang}-{}-{scheme}-{state}", size.0)).await;
            }
        }
        // What is chosen has one colour too.
        let mut colours = Vec::new();
        for score in [0, 5, 10] {
            choose(&browser, score).await;
            browser.until_still().await;
            let colour =
                "return getComputedStyle(survey.querySelector('input:checked + span')).backgroundColor;";
            colours.push(browser.survey(colour).await);
        }
        assert!(colours.iter().all(|colour| *colour == colours[0]), "{colours:?}");
    }
    assert_eq!(browser.run("return errors;").await, json!([]));
}
