//! Browsers that do not know the newest functions and selectors of CSS: they drop the declaration
//! or the rule, and what is left must do. The names are rewritten in the sheet, as in
//! `c15-older-browser.html` of the field cases. Chromium alone.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window, key};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{choose, go, settings, show};

/// Features that Safari 16.4, Chrome 103 or Firefox 115 may lack.
const NEW: [&str; 6] = ["light-dark(", "color-mix(", ":has(", "text-wrap", "auto-phrase", "dvh"];

/// Contrasts of the texts, and whether the card, the choice and the focus can be seen.
const SEEN: &str = include_str!("js/older_browser.js");

async fn look(browser: &Browser, name: &str) {
    let seen = browser.survey(SEEN).await;
    for (text, contrast) in seen["contrasts"].as_object().expect("an object") {
        let least = if text.starts_with("edge") { 3.0 } else { 4.5 };
        assert!(contrast.as_f64().is_some_and(|contrast| contrast >= least), "{name}: {text} has {contrast}");
    }
    assert_eq!(seen["opaque"], true, "{name}: the page shows through: {seen:#}");
    assert_eq!(seen["chosen"], true, "{name}: what is chosen looks like the others: {seen:#}");
}

async fn focus(browser: &Browser) -> Value {
    let script = "const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(survey.activeElement.matches('.choice input')
            ? survey.activeElement.nextElementSibling : survey.activeElement);
        return [outlineStyle, outlineWidth, outlineColor];";
    browser.survey(script).await
}

#[tokio::test]
async fn an_older_browser_shows_an_opaque_card_with_focus_and_choice() {
    let collector = Collector::shared();
    let accents =
        [json!({}), json!({ "theme": { "accent": "#ffd400" } }), json!({ "theme": { "scheme": "dark" } })];
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    let mut cases: Vec<Vec<&str>> = NEW.iter().map(|name| vec![*name]).collect();
    cases.push(NEW.to_vec());
    for theme in accents {
        let mut given = settings()["survey"].clone();
        given.as_object_mut().expect("an object").extend(theme.as_object().cloned().unwrap_or_default());
        let site = site_with(&collector, given).await;
        pages.put("/", shop(&site, "lang=en", ""));
        for case in &cases {
            browser.goto(&pages.url("/")).await;
            let rewrite = format!(
                "const set = CSSStyleSheet.prototype.replaceSync;
                CSSStyleSheet.prototype.replaceSync = function (text) {{
                    for (const name of {}) text = text.replaceAll(name, name.replace(/[a-z]/, 'not-known-$&'));
                    return set.call(this, text);
                }};
                return null;",
                json!(case)
            );
            browser.run(&rewrite).await;
            show(&browser, "{}").await;
            browser.until_shown().await;
            choose(&browser, 8).await;
            for scheme in ["light", "dark"] {
                let media = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
                view(&browser, (1280, 800), &media).await;
                let name = format!("{theme}, without {case:?}, {scheme}");
                look(&browser, &name).await;
                if case.len() > 1 && theme == json!({}) {
                    browser.picture(&format!("older-{scheme}")).await;
                }
            }
            // By the keyboard, each stop has an outline: the scale, the comment, the buttons.
            browser.survey("survey.querySelector('input:checked').focus(); return null;").await;
            browser.press([key::RIGHT]).await;
            for _ in 0..4 {
                let outline = focus(&browser).await;
                assert!(outline[0] == "solid" && outline[1] == "3px", "{theme}, without {case:?}: {outline}");
                browser.press([key::TAB]).await;
            }
            // And so has an option, or its box.
            go(&browser, "next", "step1").await;
            browser.press([key::TAB]).await;
            let option = "const at = survey.activeElement, box = at.closest('.option');
                return [at, box].map((it) => getComputedStyle(it)).map(({ outlineStyle, outlineWidth }) => outlineStyle + outlineWidth);";
            let outlines = browser.survey(option).await;
            assert!(outlines[0] == "solid3px" || outlines[1] == "solid3px", "without {case:?}: {outlines}");
        }
    }
}

/// The sheet names none of the functions at all that these browsers read as an error in a custom
/// property, which is only found out where it is used.
#[test]
fn no_colour_needs_a_new_function() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../widget/src/styles");
    let files: Vec<_> = std::fs::read_dir(folder).expect("the style sheets").collect();
    assert!(files.len() > 1, "the style sheets are in {folder}");
    for file in files {
        let path = file.expect("a file").path();
        let sheet = std::fs::read_to_string(&path).expect("a style sheet");
        for function in ["light-dark(", "color-mix(", "oklch(", "@layer", "@container", "&"] {
            assert!(!sheet.contains(function), "{function} in {}", path.display());
        }
    }
}
