//! Light or dark: by the owner's setting, else as the page is, else as the system is set. Chromium
//! alone.

use serde_json::json;
use tests::{Browser, Collector, Engine, PageServer, Window};

use crate::axe::view;
use crate::layout::site_with;
use tests::fixture_full_survey::{BODY, page, show};

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(31, 31, 31)";
const CARD: &str = "return getComputedStyle(survey.querySelector('section')).backgroundColor;";

#[tokio::test]
async fn the_survey_is_as_light_or_dark_as_the_page() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    // The system is light; then it is dark.
    for (html, head, expected) in [
        ("", "", [LIGHT, DARK]),
        ("style='color-scheme: dark'", "", [DARK, DARK]),
        ("style='color-scheme: only light'", "", [LIGHT, LIGHT]),
        ("style='color-scheme: light dark'", "", [LIGHT, DARK]),
        ("", "<meta name=color-scheme content=dark>", [DARK, DARK]),
        ("", "<meta name=color-scheme content='dark light'>", [LIGHT, DARK]),
        // What is declared is stronger than the background.
        ("style='color-scheme: dark; background: white'", "", [DARK, DARK]),
        ("style='background: #101418'", "", [DARK, DARK]),
        ("", "<style>body { background: #fafafa }</style>", [LIGHT, LIGHT]),
        ("style='background: white'", "<style>body { background: #222 }</style>", [DARK, DARK]),
        ("", "<style>body { background: oklch(0.2 0.05 250) }</style>", [DARK, DARK]),
        ("", "<style>body { background: color(srgb 1 1 .9) }</style>", [LIGHT, LIGHT]),
        // A tint that is hardly there says nothing.
        ("", "<style>body { background: rgb(0 0 0 / .1) }</style>", [LIGHT, DARK]),
        ("style='color-scheme: light dark; background: #111'", "", [DARK, DARK]),
    ] {
        pages.put("/", page(&site, html, "data-delay=3600", &format!("{head}{BODY}")));
        browser.goto(&pages.url("/")).await;
        for (scheme, expected) in ["light", "dark"].into_iter().zip(expected) {
            view(&browser, (1280, 800), &[("prefers-color-scheme", scheme)]).await;
            show(&browser, "{}").await;
            browser.until_shown().await;
            assert_eq!(browser.survey(CARD).await, expected, "{html} {head}, {scheme}");
            browser.run("return grapevine('hide');").await;
        }
        assert_eq!(browser.run("return errors;").await, json!([]));
    }
}

#[tokio::test]
async fn an_open_survey_follows_the_system() {
    let collector = Collector::shared();
    let site = site_with(&collector, json!({})).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    for (scheme, expected) in [("dark", DARK), ("light", LIGHT)] {
        view(&browser, (1280, 800), &[("prefers-color-scheme", scheme)]).await;
        assert_eq!(browser.survey(CARD).await, expected);
    }
}

#[tokio::test]
async fn the_owners_setting_is_stronger_and_a_frame_is_told() {
    let collector = Collector::shared();
    let pages = PageServer::start().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    for (scheme, html, expected) in [
        ("light", "style='color-scheme: dark'", LIGHT),
        ("dark", "style='background: white'", DARK),
        ("auto", "style='color-scheme: dark'", DARK),
        ("auto", "style='background: #111'", DARK),
        ("auto", "style='background: #eee'", LIGHT),
    ] {
        let site = site_with(&collector, json!({ "theme": { "scheme": scheme } })).await;
        for frame in ["", "data-frame"] {
            pages.put("/", page(&site, html, &format!("data-delay=3600 {frame}"), BODY));
            browser.goto(&pages.url("/")).await;
            show(&browser, "{}").await;
            if !frame.is_empty() {
                browser.frame("iframe").await;
            }
            browser.until_shown().await;
            assert_eq!(browser.survey(CARD).await, expected, "{scheme} {html} {frame}");
            if !frame.is_empty() {
                browser.parent_frame().await;
            }
        }
    }
}
