//! The survey in an owner's colours, with enough contrast for any accent. Chromium only.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window};

use crate::axe::view;
use crate::layout::{shop, site_with};
use tests::fixture_full_survey::{choose, show};

/// Each pair of colours that must be told apart, with its contrast as WCAG 2.2 has it, of what the
/// browser has made of them.
const CONTRASTS: &str = include_str!("js/contrasts.js");

#[tokio::test]
async fn every_accent_has_enough_contrast() {
    let collector = Collector::shared();
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    // Twenty over the wheel, at three depths.
    let wheel = (0..20).map(|step| {
        let hue = f64::from(step) * 18.0;
        let (lightness, chroma) = [(0.5, 1.0), (0.3, 0.4), (0.8, 0.4)][step as usize % 3];
        let part = |shift: f64| {
            let k = (shift + hue / 30.0) % 12.0;
            let value = lightness - chroma / 2.0 * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
            (value * 255.0).round() as u8
        };
        format!("#{:02x}{:02x}{:02x}", part(0.0), part(8.0), part(4.0))
    });
    for accent in wheel.chain(["#ffd500".into(), "#000000".into(), "#ffffff".into()]) {
        let given = json!({ "theme": { "accent": accent }, "privacy_url": "https://shop.example/privacy" });
        let site = site_with(&collector, given).await;
        pages.put("/", shop(&site, "lang=en", ""));
        browser.goto(&pages.url("/")).await;
        show(&browser, "{}").await;
        browser.until_shown().await;
        choose(&browser, 8).await;
        for scheme in ["light", "dark"] {
            view(
                &browser,
                (1280, 800),
                &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")],
            )
            .await;
            let filled = "return [...survey.querySelectorAll('input:checked + span, .send')]
                .map((at) => getComputedStyle(at).backgroundColor);";
            let part = |at: usize| u8::from_str_radix(&accent[at..at + 2], 16).expect("hexadecimal digits");
            let fill = format!("rgb({}, {}, {})", part(1), part(3), part(5));
            assert_eq!(
                browser.survey(filled).await,
                json!([fill, fill]),
                "{accent} in {scheme} is untouched"
            );
            let contrasts = browser.survey(CONTRASTS).await;
            for (pair, contrast) in contrasts.as_object().expect("an object") {
                // What is not text needs less (WCAG 1.4.11).
                let least = if pair.starts_with("edge") { 3.0 } else { 4.5 };
                let enough = contrast.as_f64().is_some_and(|contrast| contrast >= least);
                assert!(enough, "{accent} in {scheme}: {pair} has {contrast}");
            }
            if accent == "#ffd500" {
                browser.picture(&format!("look-yellow-{scheme}")).await;
            }
        }
    }
}

#[tokio::test]
async fn the_theme_sets_radius_scheme_and_typeface() {
    let collector = Collector::shared();
    let theme = json!({ "theme": { "radius": 0, "scheme": "dark", "font": "inherit" } });
    let site = site_with(&collector, theme).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let pages = PageServer::with_page(shop(&site, "lang=en", "")).await;
    browser.goto(&pages.url("/")).await;
    browser.run("document.body.style.fontFamily = 'Georgia'; return null;").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    choose(&browser, 3).await;
    let seen = "const { borderRadius, backgroundColor, fontFamily } = getComputedStyle(survey.querySelector('section'));
        return [borderRadius, backgroundColor, fontFamily, matchMedia('(prefers-color-scheme: dark)').matches];";
    assert_eq!(browser.survey(seen).await, json!(["0px", "rgb(31, 31, 31)", "Georgia", false]));
    browser.picture("look-radius-0-dark-on-light").await;

    let theme = json!({ "theme": { "radius": 6, "scheme": "light" } });
    let site = site_with(&collector, theme).await;
    pages.put_anywhere(shop(&site, "lang=en", ""));
    browser.goto(&pages.url("/light")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    view(&browser, (1280, 800), &[("prefers-color-scheme", "dark")]).await;
    assert_eq!(
        browser.survey(seen).await.as_array().map(|all| all[..2].to_vec()),
        Some(vec!["6px".into(), "rgb(255, 255, 255)".into()])
    );
    browser.picture("look-radius-6-light-on-dark").await;
}
