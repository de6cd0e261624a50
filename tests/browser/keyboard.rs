//! Without a mouse, on a small screen, in the dark.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, Page, Pages, Site, Window, in_each_engine, key};

in_each_engine!(
    the_keyboard_alone_can_answer,
    the_keyboard_alone_can_leave_and_is_not_a_score,
    it_fits_320_pixels_in_light_and_dark,
);

/// A page on an origin of its own, with a link before the survey and the tag.
pub async fn page(site: &Site, tag: &str) -> Pages {
    Pages::of(Page::html(format!(
        "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A page</title>
         <script>addEventListener('error', (e) => (window.errors ??= []).push(String(e.message)));
         addEventListener('unhandledrejection', (e) => (window.errors ??= []).push(String(e.reason)));</script>
         <script async src='{}' data-view=1 {tag}></script>
         <main><h1>A page</h1><p>Some text and <a id=link href='#'>a link</a></p></main>",
        site.loader_url(),
    )))
    .await
}

/// What has the focus: an element of the survey, or of the page.
async fn focus(browser: &Browser) -> Value {
    browser
        .survey("const at = survey?.activeElement ?? document.activeElement; return at.value ?? at.id ?? at.tagName;")
        .await
}

async fn the_keyboard_alone_can_answer(engine: Engine) {
    let collector = Collector::start();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;

    // The page's own link first, then the scale as one stop.
    browser.press([key::TAB]).await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "link");
    browser.press([key::TAB]).await;
    assert_eq!(focus(&browser).await, "0");
    assert_eq!(browser.survey("return survey.querySelector('input:checked');").await, Value::Null);
    // Left from 0 wraps to 10, then back to 8. WebKit's own radio buttons do not wrap.
    let to_8 = if engine == Engine::Webkit { vec![key::RIGHT; 8] } else { vec![key::LEFT; 3] };
    browser.press(to_8).await;
    assert_eq!(browser.survey("return survey.querySelector('input:checked').value;").await, "8");
    assert_eq!(focus(&browser).await, "8", "choosing moved the focus");
    browser.press([key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.tagName;").await, "TEXTAREA");
    browser.press("Fine, \"really\".\nBye".chars()).await;
    browser.press([key::TAB, key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.className;").await, "send");
    browser.press([key::ENTER]).await;
    browser.until("survey.activeElement?.id == 'thanks'").await;

    let responses = site.responses().await;
    assert_eq!(responses.len(), 1, "{responses:?}");
    assert_eq!(
        (&responses[0]["score"], &responses[0]["comment"]),
        (&json!(8), &json!("Fine, \"really\".\nBye"))
    );
    assert_eq!(responses[0]["page"], "/", "the path and nothing more");

    // Escape leaves, and focus goes back to where it came from.
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "link");
    assert_eq!(browser.run("return window.errors ?? [];").await, json!([]));
}

async fn the_keyboard_alone_can_leave_and_is_not_a_score(engine: Engine) {
    let collector = Collector::start();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::PHONE.dark()).await;
    let page = page(&site, "data-delay=0").await;
    browser.goto(&page.url("/")).await;
    browser.until_shown().await;
    // Outside the survey Escape is the page's.
    browser.press([key::ESCAPE]).await;
    browser.press([key::TAB, key::TAB, key::TAB]).await;
    assert_eq!(browser.survey("return survey.activeElement.value;").await, "leave");
    browser.press([key::ENTER]).await;
    browser.until("!survey").await;
    let score = site.score_when("one dismissed", |score| score["dismissed"] == 1).await;
    assert_eq!((&score["scored"], &score["shown"], &score["score"]), (&json!(0), &json!(1), &Value::Null));
    assert_eq!(browser.run("return grapevine('why');").await, "dismissed");
}

async fn it_fits_320_pixels_in_light_and_dark(engine: Engine) {
    let collector = Collector::start();
    let site = collector.site().await;
    for window in [Window::PHONE, Window::PHONE.dark()] {
        let name = |step| format!("phone-{}-{step}", if window.dark { "dark" } else { "light" });
        let browser = Browser::open(engine, window).await;
        let page = page(&site, "data-delay=0").await;
        browser.goto(&page.url("/")).await;
        browser.until_shown().await;
        browser.picture(&name("1-question")).await;
        assert_eq!(browser.axe().await, []);
        let sizes = "return [...survey.querySelectorAll('label.choice')].map((choice) => {
            const box = choice.getBoundingClientRect(); return [box.left, box.right, box.width, box.height]; });";
        let choices = browser.survey(sizes).await;
        let choices = choices.as_array().unwrap();
        assert_eq!(choices.len(), 11);
        for choice in choices {
            let [left, right, width, height] = [0, 1, 2, 3].map(|at| choice[at].as_f64().unwrap());
            assert!(left >= 0.0 && right <= 320.0, "beyond the edge: {choice}");
            assert!(width >= 24.0 && height >= 44.0, "too small to hit: {choice}");
        }
        assert_eq!(
            browser.run("return document.documentElement.scrollWidth <= innerWidth;").await,
            true,
            "it scrolls sideways"
        );
        browser.click("input[value='3'] + span").await;
        browser.until("survey.querySelector('textarea').checkVisibility()").await;
        browser.picture(&name("2-comment")).await;
        assert_eq!(browser.axe().await, []);
    }
}
