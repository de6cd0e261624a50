//! The survey in each of its languages, and which of them a visitor gets. Chromium alone: words are
//! no matter of the engine.

use api::language::LANGUAGES;
use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window};

use tests::fixture_full_survey::{BODY, go, page, settings, show};

/// Everything in the survey that a visitor may read or hear, but for the owner's own words: what is
/// hidden for now too.
const SURVEY_TEXTS: &str = include_str!("js/survey_texts.js");

async fn page_of(survey: Value) -> (Collector, PageServer) {
    let collector = Collector::start();
    let site = collector.create_site(survey).await;
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", BODY)).await;
    (collector, pages)
}

#[tokio::test]
async fn each_of_44_languages_is_complete() {
    let mut given = settings();
    given["survey"]["texts"] = json!({});
    let (_collector, pages) = page_of(given).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    let mut english = Value::Null;
    for lang in LANGUAGES {
        show(&browser, &json!({ "lang": lang }).to_string()).await;
        // A detractor, whose prompt is another than the one that is there before.
        browser.survey("survey.querySelector('[value=\"3\"]').click(); return null;").await;
        browser.until("survey.querySelector('.comment').checkVisibility()").await;
        let seen = browser.survey(SURVEY_TEXTS).await;
        let dir = if ["ar", "he", "fa", "ur"].contains(&lang) { "rtl" } else { "ltr" };
        let as_it_is = [&seen["lang"], &seen["dir"], &seen["host"], &seen["side"]];
        assert_eq!(as_it_is, [lang, dir, dir, dir], "{lang}");
        let question = seen["texts"]["question"].as_str().expect("text");
        assert!(question.contains("\u{2068}Tea shop\u{2069}"), "{lang}: {question}");
        let all = seen["all"].as_str().expect("text").to_owned() + &seen["names"].to_string();
        assert!(!all.contains(['{', '}']), "{lang}: {all}");
        assert_eq!(
            seen["names"][0],
            format!("0, {}", seen["texts"]["low"].as_str().expect("text")),
            "{lang}"
        );
        assert_eq!(
            seen["names"][10],
            format!("10, {}", seen["texts"]["high"].as_str().expect("text")),
            "{lang}"
        );
        let texts = seen["texts"].as_object().expect("an object");
        for (name, text) in texts {
            let text = text.as_str().expect("text");
            assert!(!text.trim().is_empty(), "{lang} has no {name}");
            // Other languages have taken these words from English, or English from them.
            let shared = ["Feedback", "Optional"].contains(&text);
            assert!(lang == "en" || shared || english[name] != text, "{lang}: {name} is English: {text}");
        }
        if lang == "en" {
            english = seen["texts"].clone();
        }
        assert_eq!(browser.run("return grapevine('hide');").await, "hidden");
    }
    // The end of the last one, so that what is hidden above is seen once.
    show(&browser, "{ lang: 'ja' }").await;
    browser.click("input[value='8'] + span").await;
    go(&browser, "next", "step1").await;
    go(&browser, "next", "thanks").await;
    assert_eq!(browser.run("return errors;").await, json!([]));
}

#[tokio::test]
async fn the_language_of_the_page_precedes_that_of_the_visitor() {
    let (_collector, pages) = page_of(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still().language("fr")).await;
    browser.goto(&pages.url("/")).await;
    let opened = async |html: &str, options: &str| {
        browser.run(&format!("document.documentElement.lang = '{html}'; return null;")).await;
        show(&browser, options).await;
        let lang = browser.survey("return survey.querySelector('section').lang;").await;
        browser.run("return grapevine('hide');").await;
        lang
    };
    for (html, lang) in [
        // All other tags are in api/tests/cases/language.json.
        ("pt-AO", "pt-PT"),
        ("zh-TW", "zh-Hant"),
        ("DE", "de"),
        // What is none of ours, or nothing: the visitor's.
        ("xx", "fr"),
        ("", "fr"),
        ("not a tag", "fr"),
    ] {
        assert_eq!(opened(html, "{}").await, lang, "<html lang=\"{html}\">");
    }
    // What the page asks for is stronger than what it is in.
    assert_eq!(opened("de", "{ lang: 'pl-PL' }").await, "pl");
    // A visitor of none of ours reads English.
    let agent = browser.run("return navigator.userAgent;").await;
    browser
        .cdp("Emulation.setUserAgentOverride", json!({ "userAgent": agent, "acceptLanguage": "sw,xh" }))
        .await;
    browser.reload().await;
    assert_eq!(browser.run("return navigator.languages;").await, json!(["sw", "xh"]));
    assert_eq!(opened("xx", "{}").await, "en");
    assert_eq!(browser.run("return errors;").await, json!([]));
}
