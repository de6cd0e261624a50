//! Visitors who see the page in their own way: larger, with more space, in their own colours,
//! without movement. Chromium alone, since only there a test can ask for all of these.

use serde_json::json;
use tests::{Browser, Collector, Engine, FaultyProxy, PageServer, Window};

use crate::axe::view;
use tests::fixture_full_survey::{BODY, choose, go, page, settings, show, through};

/// Script that returns the lost parts of the survey: text that is cut off, that leaves its
/// container or overlaps other text, and elements that scrolling in the card cannot bring into the
/// window.
const LOST: &str = include_str!("js/lost_content.js");

/// The text spacing of WCAG 1.4.12, as a visitor's own style sheet would set it.
const SPACED: &str = "
    window.spaced ??= new CSSStyleSheet();
    spaced.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
    survey.adoptedStyleSheets = [...survey.adoptedStyleSheets, spaced];
    return null;";
const UNSPACED: &str = "survey.adoptedStyleSheets = survey.adoptedStyleSheets.filter((sheet) => sheet != window.spaced); return null;";

const STILL: [(&str, &str); 1] = [("prefers-reduced-motion", "reduce")];

#[tokio::test]
async fn larger_text_and_spacing_lose_no_content() {
    let collector = Collector::shared();
    // German has the longest words.
    let site = collector.create_site(settings()).await;
    let proxy = FaultyProxy::start(&collector.url()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages =
        PageServer::with_page(page(&site.at(proxy.url()), "lang=de", "data-delay=3600 data-lang=de", BODY))
            .await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    let mut wrong = Vec::new();
    let look = async |state: &'static str| {
        // The last three: 200 % and 400 % of 1280 × 800 and × 1024, then text alone of twice its
        // size.
        for (name, size, spaced, font) in [
            ("a phone", (320, 640), false, 16),
            ("a desktop", (1280, 800), false, 16),
            ("a phone, spaced", (320, 640), true, 16),
            ("a desktop, spaced", (1280, 800), true, 16),
            ("200 %", (640, 400), false, 16),
            ("400 %", (320, 256), false, 16),
            ("text of 200 %", (1280, 800), false, 32),
        ] {
            view(&browser, size, &STILL).await;
            let sizes = json!({ "fontSizes": { "standard": font, "fixed": font } });
            browser.cdp("Page.setFontSizes", sizes).await;
            browser.survey(if spaced { SPACED } else { UNSPACED }).await;
            let em = browser.survey("return getComputedStyle(survey.host).fontSize;").await;
            assert_eq!(em, format!("{font}px"), "the visitor's own size of text");
            let lost = browser.survey(LOST).await;
            wrong.extend(lost.as_array().into_iter().flatten().map(|it| format!("{state}, {name}: {it}")));
        }
        view(&browser, (1280, 800), &STILL).await;
        browser.cdp("Page.setFontSizes", json!({ "fontSizes": { "standard": 16, "fixed": 13 } })).await;
    };
    through(&browser, &proxy, look).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn forced_colours_keep_borders_and_the_selection_visible() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", BODY)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    choose(&browser, 7).await;
    let forced = [("forced-colors", "active"), ("prefers-reduced-motion", "reduce")];
    // For each element: whether its border can be seen, and its two colours.
    let seen = include_str!("js/forced_colours.js");
    for (size, name) in [((1280, 800), "desktop"), ((320, 640), "phone")] {
        view(&browser, size, &forced).await;
        let now = browser.survey(seen).await;
        for part in ["section", "area", "button", "option"] {
            for at in now[part].as_array().expect("a list") {
                assert_eq!(at[0], true, "no border of {part} on a {name}: {now:#}");
            }
        }
        // One frame round the scale, or one round each number.
        assert!(now["scale"][0][0] == true || now["other"][0][0] == true, "{now:#}");
        assert_eq!([&now["chosen"][0][1], &now["chosen"][0][2]], [&now["system"][0], &now["system"][1]]);
        assert_eq!(now["other"].as_array().map(Vec::len), Some(10));
        for other in now["other"].as_array().expect("a list") {
            assert_ne!(other[1], now["chosen"][0][1], "the selected option must look different");
        }
        browser.picture(&format!("forced-{name}")).await;
    }
    // The selected option differs by more than its colour, and so does the focused one.
    go(&browser, "next", "step1").await;
    browser.click("#step1 .option").await;
    let widths = "return [...survey.querySelectorAll('#step1 .option')].map((at) => parseFloat(getComputedStyle(at).borderTopWidth));";
    let widths = browser.survey(widths).await;
    assert!(widths[0].as_f64() > widths[1].as_f64(), "{widths}");
    browser.press([tests::key::TAB]).await;
    let outline =
        "const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(survey.activeElement.closest('.option'));
        return [outlineStyle, outlineWidth, outlineColor];";
    let outline = browser.survey(outline).await;
    assert!(outline[0] != "none" && outline[1] == "3px", "{outline}");
    browser.picture("forced-phone-options").await;
}

#[tokio::test]
async fn reduced_motion_stops_all_movement() {
    let collector = Collector::shared();
    let site = collector.create_site(settings()).await;
    // Counts what moves in each frame while the survey is open.
    let body = format!(
        "{BODY}<script>window.moves = new Set(); let frames = 0;
         addEventListener('grapevine:shown', function count() {{
             const survey = document.querySelector('grapevine-survey')?.shadowRoot;
             for (const it of survey?.getAnimations() ?? []) moves.add(it.animationName ?? it.transitionProperty);
             for (const it of document.getAnimations()) moves.add(it.animationName ?? it.transitionProperty);
             window.frames_seen = ++frames;
             requestAnimationFrame(count);
         }});</script>"
    );
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", &body)).await;
    for (window, some) in [(Window::DESKTOP.still(), false), (Window::DESKTOP, true)] {
        let browser = Browser::open(Engine::Chromium, window).await;
        browser.goto(&pages.url("/")).await;
        browser.until_shown().await;
        browser.until("frames_seen > 5").await;
        choose(&browser, 9).await;
        choose(&browser, 10).await;
        go(&browser, "next", "step1").await;
        browser.click("#step1 .option").await;
        go(&browser, "back", "question").await;
        let moves = browser.run("return [...moves].sort();").await;
        let moved = moves.as_array().is_some_and(|moves| !moves.is_empty());
        assert_eq!(moved, some, "{moves}");
    }
}
