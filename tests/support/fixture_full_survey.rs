//! A survey with every setting, and the path through it.

use crate::{Browser, Fault, FaultyProxy, ServedPage, Site};
use serde_json::{Value, json};

/// Returns settings with a choice question for everybody and a text question for promoters.
/// Detractors can leave a contact, promoters give consents.
pub fn settings() -> Value {
    let option = |key: &str, en: &str, ar: &str| json!({ "key": key, "label": { "en": en, "ar": ar } });
    json!({ "name": "Tea shop", "survey": {
        "privacy_url": "https://shop.example/privacy",
        "texts": {
            "en": {
                "intro": "Thank you for shopping with us.",
                "purpose": "We read every answer and change one thing each month.",
                "promoter_thanks": "Would you tell others?",
                "detractor_thanks": "We are sorry, and will look into it.",
            },
            "ar": {
                "intro": "شكرًا لتسوقك معنا.",
                "purpose": "نقرأ كل إجابة ونغيّر شيئًا واحدًا كل شهر.",
                "promoter_thanks": "هل تخبر الآخرين عنا؟",
                "detractor_thanks": "نأسف لذلك وسننظر في الأمر.",
            },
        },
        "follow_ups": [
            {
                "key": "missing", "kind": "choice", "multiple": true,
                "question": { "en": "What should we work on?", "ar": "ما الذي ينبغي أن نعمل عليه؟" },
                "options": [
                    option("price", "Lower prices", "أسعار أقل"),
                    option("range", "More kinds of tea", "أنواع أكثر من الشاي"),
                    option("speed", "Faster delivery, also to the islands and in the week before a holiday",
                           "توصيل أسرع، أيضًا إلى الجزر وفي الأسبوع الذي يسبق العطلة"),
                ],
            },
            {
                "key": "best", "kind": "text", "for": ["promoter"],
                "question": { "en": "What did you like best?", "ar": "ما أكثر ما أعجبك؟" },
            },
        ],
        "consents": { "quote": true, "reference": true },
        "contact": { "ask": true, "for": ["detractor"] },
        "thanks": { "promoter": { "link": {
            "url": "https://reviews.example/tea",
            "label": { "en": "Write a review", "ar": "اكتب مراجعة" },
        } } },
    } })
}

/// Returns a page with the tag; `html` are the attributes of its root element. It records errors in
/// `window.errors` and event names in `window.events`.
pub fn page(site: &Site, html: &str, tag: &str, body: &str) -> ServedPage {
    ServedPage::html(format!(
        "<!doctype html><html {html}><meta name=viewport content='width=device-width'><title>A page</title>
         <script>window.errors = [];
         addEventListener('error', (e) => errors.push(String(e.message)));
         addEventListener('unhandledrejection', (e) => errors.push(String(e.reason)));
         window.events = [];
         for (const name of ['ready', 'shown', 'scored', 'submitted', 'dismissed', 'error'])
             addEventListener('grapevine:' + name, (e) => events.push(name));</script>
         <script async src='{}' data-view=1 {tag}></script>{body}",
        site.loader_url()
    ))
}

/// A short shop page with a link.
pub const BODY: &str = "<main><h1>A page</h1><p>Some text and <a id=link href='#'>a link</a></p></main>";

/// Opens the survey by command.
pub async fn show(browser: &Browser, options: &str) {
    let state = browser.run(&format!("return grapevine('show', {options});")).await;
    assert_eq!(state, "open", "events: {}", browser.run("return events;").await);
}

/// Chooses a score with the mouse.
pub async fn choose(browser: &Browser, score: u8) {
    browser.click(&format!("input[value='{score}'] + span")).await;
    browser.until(&format!("survey.querySelector('input:checked')?.value == {score}")).await;
}

/// Clicks a button and waits until the step with that id is visible.
pub async fn go(browser: &Browser, button: &str, seen: &str) {
    browser.click(&format!("button[value={button}]")).await;
    browser.until(&format!("survey.querySelector('#{seen}').checkVisibility()")).await;
}

/// Goes through the survey of [`settings`] as a promoter whose first submission is refused. Calls
/// `look` in each state.
pub async fn through(browser: &Browser, proxy: &FaultyProxy, mut look: impl AsyncFnMut(&'static str)) {
    look("question").await;
    choose(browser, 10).await;
    look("scored").await;
    go(browser, "next", "step1").await;
    browser.click("#step1 .option").await;
    look("options").await;
    go(browser, "next", "step2").await;
    look("words").await;
    go(browser, "next", "step3").await;
    browser.click("#step3 .option").await;
    look("last").await;
    proxy.always(Fault::REFUSED);
    browser.click("button[value=next]").await;
    browser.until("survey.querySelector('[role=alert]').textContent").await;
    look("failed").await;
    proxy.always(Fault::None);
    go(browser, "next", "thanks").await;
    look("thanks").await;
}
