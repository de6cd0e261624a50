//! The survey in each of its languages, and which of them a visitor gets. Chromium alone: words are
//! no matter of the engine.

use api::language::LANGUAGES;
use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window};

use tests::fixture_full_survey::{BODY, go, page, settings, show};

/// Everything in the survey that a visitor may read or hear, but for the owner's own words: what is
/// hidden for now too.
const SURVEY_TEXTS: &str = include_str!("js/survey_texts.js");

/// A number as readers of the language expect it (CLDR's default numbering system).
fn in_digits_of(lang: &str, number: u32) -> String {
    let zero = if lang == "fa" { '۰' } else { '0' };
    let native = |digit: char| char::from_u32(zero as u32 + digit.to_digit(10)?);
    number.to_string().chars().filter_map(native).collect()
}

async fn page_of(survey: Value) -> (Collector, PageServer) {
    let collector = Collector::shared();
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
        // The digits are those of the language; the values are the same in all of them.
        let digits: Vec<String> = (0..=10).map(|score| in_digits_of(lang, score)).collect();
        assert_eq!(seen["digits"], json!(digits), "{lang}");
        assert_eq!(
            seen["values"],
            json!((0..=10).map(|score| score.to_string()).collect::<Vec<_>>()),
            "{lang}"
        );
        for (score, end) in [(0, "low"), (10, "high")] {
            let name = format!("{}, {}", digits[score], seen["texts"][end].as_str().expect("text"));
            assert_eq!(seen["names"][score], name, "{lang}");
        }
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

#[tokio::test]
async fn an_owner_words_buttons_ends_and_the_tab() {
    let texts = json!({ "low": "Not easy", "high": "Very easy", "send": "Off it goes", "not_now": "Later",
        "close": "Done", "tab": "Tell us" });
    let (_collector, pages) =
        page_of(json!({ "name": "Tea shop", "survey": { "texts": { "en": texts } } })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    let button = |value: &str| format!("survey.querySelector('button[value={value}]').textContent");
    let seen = format!(
        "return [survey.querySelector('.low').textContent, survey.querySelector('.high').textContent,
            survey.querySelector('#score0').ariaLabel, survey.querySelector('#score10').ariaLabel, {}, {}, {}];",
        button("next"),
        button("leave"),
        button("open")
    );
    show(&browser, "{}").await;
    let words =
        json!(["Not easy", "Very easy", "0, Not easy", "10, Very easy", "Off it goes", "Later", "Tell us"]);
    assert_eq!(browser.survey(&seen).await, words);
    browser.click("input[value='8'] + span").await;
    browser.until("survey.querySelector('button[value=leave]').textContent == 'Done'").await;
    // Another language keeps what comes with the survey.
    browser.run("return grapevine('hide');").await;
    show(&browser, "{ lang: 'de' }").await;
    let low = browser.survey("return survey.querySelector('.low').textContent;").await;
    assert!(low != "Not easy" && low != "", "{low}");
}

/// The close button is a cross, and its name is a word.
#[tokio::test]
async fn the_cross_in_the_corner_is_named() {
    let (_collector, pages) = page_of(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{}").await;
    let corner = "const at = [...survey.querySelectorAll('button')].find((at) => /^(Not now|Close)$/.test(at.textContent));
        const box = at.getBoundingClientRect(), card = survey.querySelector('section').getBoundingClientRect();
        return [at.textContent, box.width >= 44 && box.height >= 44, card.right - box.right < 16, box.top - card.top < 16];";
    assert_eq!(browser.survey(corner).await, json!(["Not now", true, true, true]));
    browser.click("input[value='8'] + span").await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    assert_eq!(browser.survey(corner).await, json!(["Close", true, true, true]));
}

#[tokio::test]
async fn lines_break_as_readers_of_the_language_expect() {
    let (_collector, pages) = page_of(json!({ "name": "Tea shop" })).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    let looks = "const { wordBreak, textWrap, lineHeight, fontSize } = getComputedStyle(survey.querySelector('legend'));
        return [wordBreak, textWrap, parseFloat(lineHeight) / parseFloat(fontSize)];";
    for (lang, word_break, height) in
        [("en", "normal", 1.35), ("ja", "auto-phrase", 1.35), ("ko", "keep-all", 1.35), ("ur", "normal", 2.0)]
    {
        show(&browser, &json!({ "lang": lang }).to_string()).await;
        let seen = browser.survey(looks).await;
        assert_eq!((&seen[0], &seen[1]), (&json!(word_break), &json!("balance")), "{lang}");
        assert!(seen[2].as_f64().is_some_and(|seen| (seen - height).abs() < 0.02), "{lang}: {seen}");
        browser.run("return grapevine('hide');").await;
    }
}

/// Persian digits are on the scale, in its names, in the progress and in the number of characters
/// left.
#[tokio::test]
async fn every_number_has_the_digits_of_the_language() {
    let (_collector, pages) = page_of(settings()).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    browser.goto(&pages.url("/")).await;
    show(&browser, "{ lang: 'fa' }").await;
    browser.click("input[value='10'] + span").await;
    browser.until("survey.querySelector('#comment').checkVisibility()").await;
    let fill = "const at = survey.querySelector('#comment'); at.value = 'x'.repeat(4988);
        at.dispatchEvent(new InputEvent('input', { bubbles: true })); return null;";
    browser.survey(fill).await;
    browser.until("survey.querySelector('#left').textContent").await;
    let seen = "return [survey.querySelector('#score10 + span').textContent, survey.querySelector('.progress').textContent,
        survey.querySelector('#left').textContent, survey.querySelector('input:checked').value];";
    let seen = browser.survey(seen).await;
    assert_eq!((&seen[0], &seen[1], &seen[3]), (&json!("۱۰"), &json!("۱ / ۴"), &json!("10")));
    assert!(seen[2].as_str().is_some_and(|text| text.contains("۱۲")), "{seen}");
}
